//! The language of `x-clientsmith-*`.

use std::time::Duration;

use super::{around, clean, findings, operation, with_operation};
use crate::model::{ClientParameter, PaginationKind, keywords};

#[test]
fn all_of_the_language() {
    let document = clean(&[(
        "openapi.yaml",
        &around(
            r"
x-clientsmith-error: {code: [/error_code, /code], message: [/a~1b], request-id: [/id], request-id-header: X-Request-Id}
x-clientsmith-error-when: [{pointer: /is_success, in: [false, null]}, {any: /list, pointer: /ok, in: [0]}]
x-clientsmith-retry: {statuses: [429, 503], codes: [A.1, 2], idempotent: true, idempotency-key: Idempotency-Key}
paths:
  /a:
    get:
      x-clientsmith-page: List.md
      x-clientsmith-rust-name: list_all
      x-clientsmith-pagination:
        {kind: page, parameters: {page: p, size: s}, items: /items, total: /total, first: 0}
      x-clientsmith-error-when: [{pointer: /x, in: [1]}]
      parameters:
        - {name: a, in: query, schema: {}, x-clientsmith-client-parameter: true, x-clientsmith-secret: true}
        - {name: b, in: query, schema: {}, x-clientsmith-client-parameter: shared}
        - {name: c, in: query, schema: {}, x-clientsmith-client-parameter: false}
      responses:
        '200':
          description: It worked.
          links:
            gone:
              operationId: a
              x-clientsmith-wait:
                done: [{status: [404]}, {status: [400], code: [A.2775]}]
                failed: [{any: /list, pointer: /status, in: [6]}]
                interval: 500ms
            other: {operationId: a, x-clientsmith-wait: {done: [{code: [x]}], deadline: 1h}}
",
        ),
    )]);
    let error = document.error.unwrap();
    let texts = |located: &[crate::model::Located<String>]| -> Vec<String> {
        located.iter().map(|text| text.value.clone()).collect()
    };
    assert_eq!(texts(&error.code), ["/error_code", "/code"]);
    assert_eq!(error.request_id_header.as_deref(), Some("X-Request-Id"));
    assert_eq!(document.error_when.len(), 2);
    assert_eq!(document.error_when[0].values.len(), 2);
    assert_eq!(document.error_when[1].any.as_ref().unwrap().value, "/list");
    let retry = document.retry.unwrap();
    assert_eq!(retry.statuses, Some(vec![429, 503]));
    assert_eq!(retry.codes, Some(vec!["A.1".to_owned(), "2".to_owned()]));
    assert_eq!((retry.idempotent, retry.idempotency_key.as_deref()), (Some(true), Some("Idempotency-Key")));

    let operation = &document.operations[0];
    assert_eq!(operation.page.as_ref().unwrap().value, "List.md");
    assert_eq!(operation.rust_name.as_ref().unwrap().value, "list_all");
    assert_eq!(operation.error_when.as_ref().unwrap().len(), 1);
    let pagination = operation.pagination.as_ref().unwrap();
    assert_eq!((pagination.kind, pagination.first), (PaginationKind::Page, Some(0)));
    let roles: Vec<_> =
        pagination.parameters.iter().map(|(role, name)| (role.value.as_str(), name.value.as_str())).collect();
    assert_eq!(roles, [("page", "p"), ("size", "s")]);
    assert_eq!(pagination.items.value, "/items");

    let client =
        |at: usize| operation.parameters[at].client_parameter.as_ref().map(|name| name.value.clone());
    assert_eq!(client(0), Some(ClientParameter::OwnName));
    assert!(operation.parameters[0].secret);
    assert_eq!(client(1), Some(ClientParameter::Shared("shared".to_owned())));
    assert_eq!(client(2), None);

    let links = &operation.responses[0].1.links;
    let wait = links[0].value.wait.as_ref().unwrap();
    assert_eq!(wait.done[1].codes, ["A.2775"]);
    assert_eq!((wait.done[0].status.as_slice(), wait.failed[0].values.len()), ([404].as_slice(), 1));
    assert_eq!((wait.interval, wait.deadline), (Duration::from_millis(500), Duration::from_secs(30 * 60)));
    let other = links[1].value.wait.as_ref().unwrap();
    assert_eq!((other.interval, other.deadline), (Duration::from_secs(2), Duration::from_secs(60 * 60)));
    assert_eq!((wait.max_interval, other.max_interval), (Duration::from_secs(5), Duration::from_secs(20)));
}

#[test]
fn every_kind_of_paging() {
    for pagination in [
        "kind: page, parameters: {page: p}, items: /a",
        "kind: offset, parameters: {offset: o, limit: l}, items: /a, first: 1",
        "kind: cursor, parameters: {cursor: c, limit: l}, items: '', next: /n",
        "kind: token, parameters: {cursor: c}, items: /a, next: /n, total: /t",
        "kind: token, parameters: {cursor: c}, items: /a, next-header: X-Next, more: /m",
        "kind: link, items: ''",
        "kind: link, parameters: {limit: l}, items: '', next: /n",
    ] {
        let text = with_operation(&format!("responses: {{}}, x-clientsmith-pagination: {{{pagination}}}"));
        assert!(operation(&text).pagination.is_some(), "{pagination}");
    }
}

#[test]
fn unknown_and_misplaced_keys() {
    let text = with_operation(
        "responses: {},
      x-clientsmith-pagnation: {},
      x-clientsmith-colour: red,
      x-clientsmith-secret: true,
      x-clientsmith-page: ,
      x-clientsmith-retry: {status: [1], x-note: 2},
      tags: [a]",
    );
    let on_operation = "those on an operation are `x-clientsmith-pagination`, `x-clientsmith-error`, \
                        `x-clientsmith-error-when`, `x-clientsmith-retry`, `x-clientsmith-page`, `x-clientsmith-rust-name`";
    assert_eq!(
        findings(&text),
        [
            format!(
                "CS0205 6:7 there is no key `x-clientsmith-pagnation` (did you mean `x-clientsmith-pagination`? ({on_operation}))"
            ),
            format!("CS0205 7:7 there is no key `x-clientsmith-colour` ({on_operation})"),
            "CS0205 8:7 `x-clientsmith-secret` does not stand on an operation (it stands on a parameter, a schema)"
                .to_owned(),
            "CS0202 9:7 `x-clientsmith-page` has no value (give it one, or remove it)".to_owned(),
            "CS0205 10:29 `status` is no key of a retry rule (did you mean `statuses`?)".to_owned(),
            "CS0205 10:42 `x-note` is no key of a retry rule (the keys are `statuses`, `codes`, `idempotent`, `idempotency-key`)"
                .to_owned(),
        ]
    );
}

#[test]
fn wrong_settings() {
    let pagination = |setting: &str| {
        findings(&with_operation(&format!("responses: {{}}, x-clientsmith-pagination: {{{setting}}}")))
            .join("\n")
    };
    assert_eq!(
        pagination("kind: pages, items: items"),
        "CS0208 5:59 `pages` is no kind of paging (did you mean `page`?)\n\
         CS0208 5:73 `items` is not a JSON Pointer (it begins with `/`, as in `/error/code`; `~0` is `~` and `~1` is `/`)"
    );
    assert_eq!(
        pagination("kind: page, parameters: {size: s, cursor: c}, next: /n"),
        "CS0203 5:52 `items` is missing from a pagination setting\n\
         CS0203 5:77 `page` is missing from the parameters of a pagination setting\n\
         CS0208 5:87 this kind of paging has no parameter `cursor` (it has `page` and `size`)\n\
         CS0208 5:105 `next` has no meaning for paging of the kind `page` (remove it, or choose another kind)"
    );
    assert_eq!(
        pagination("kind: token, items: /a"),
        "CS0203 5:52 `next` is missing from a pagination setting\n\
         CS0203 5:52 `parameters` is missing from a pagination setting"
    );
    assert_eq!(
        pagination("kind: cursor, parameters: {cursor: c}, items: /a, next: /n, next-header: N"),
        "CS0208 5:126 `next` and `next-header` are two places for the same thing (remove one of them)"
    );
    assert_eq!(
        pagination("kind: offset, parameters: {offset: o}, items: /a, next-header: N M"),
        "CS0208 5:116 `N M` is not the name of a header (write a name such as `X-Request-Id`)\n\
         CS0208 5:116 `next-header` has no meaning for paging of the kind `offset` (remove it, or choose another kind)"
    );

    let wait = |setting: &str| {
        let links = format!("{{a: {{operationId: a, x-clientsmith-wait: {{{setting}}}}}}}");
        findings(&with_operation(&format!("responses: {{'200': {{description: a, links: {links}}}}}")))
            .join("\n")
    };
    assert_eq!(
        wait("interval: 2, deadline: 0s"),
        "CS0203 5:95 `done` is missing from a wait rule\n\
         CS0208 5:106 `2` is no duration (a whole number and a unit is expected: `500ms`, `2s`, `30m`, `1h`)\n\
         CS0208 5:119 `0s` is no duration (a whole number and a unit is expected: `500ms`, `2s`, `30m`, `1h`)"
    );
    assert_eq!(
        wait("done: [{}, {any: /a}, {status: [20, x]}, {in: [[]], pointer: /a}], failed: []"),
        "CS0208 5:103 a condition without a key always holds (say when it holds)\n\
         CS0203 5:107 `in` is missing from a condition\n\
         CS0203 5:107 `pointer` is missing from a condition\n\
         CS0208 5:128 `20` is no status (a status from 100 to 599 is expected)\n\
         CS0208 5:132 `x` is no status (a status from 100 to 599 is expected)\n\
         CS0202 5:143 a value of `in` must be a scalar, and this is an array\n\
         CS0208 5:171 `failed` is empty (write an item, or remove the key)"
    );

    let other = |setting: &str| findings(&with_operation(&format!("responses: {{}}, {setting}"))).join("\n");
    assert_eq!(
        other("x-clientsmith-error-when: [{status: [1]}]"),
        "CS0203 5:53 `in` is missing from a condition on the body\n\
         CS0203 5:53 `pointer` is missing from a condition on the body\n\
         CS0205 5:54 `status` is no key of a condition on the body (the keys are `any`, `pointer`, `in`)"
    );
    assert_eq!(
        other("x-clientsmith-error: {request-id-header: 'X Y'}"),
        "CS0208 5:67 `X Y` is not the name of a header (write a name such as `X-Request-Id`)"
    );
    assert_eq!(
        other("x-clientsmith-retry: {}"),
        "CS0208 5:47 `x-clientsmith-retry` is empty (say something there, or remove the key)"
    );
    assert_eq!(
        other("parameters: [{name: a, in: query, schema: {}, x-clientsmith-client-parameter: 1-2}]"),
        "CS0208 5:104 `1-2` is not the name of a value of the client (write `true`, or a name of letters, digits and `_`, with no digit first)"
    );
}

/// The JSON Schemas of the language, which its users read, and the table of keywords say the same.
#[test]
fn the_published_schemas_agree_with_the_table() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/extensions");
    if !folder.exists() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let file_names =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut published: Vec<_> =
        file_names.filter_map(|name| name.strip_suffix(".schema.json").map(str::to_owned)).collect();
    published.sort();
    let mut known: Vec<_> = keywords::EXTENDED.iter().flat_map(|kind| kind.extensions()).copied().collect();
    known.sort_unstable();
    known.dedup();
    assert_eq!(published, known);

    let objects = [
        ("pagination", "", &keywords::PAGINATION),
        ("pagination", "/properties/parameters", &keywords::PAGINATION_ROLES),
        ("wait", "", &keywords::WAIT),
        ("wait", "/$defs/condition", &keywords::CONDITION),
        ("error-when", "/items", &keywords::BODY_CONDITION),
        ("error", "", &keywords::ERROR),
        ("retry", "", &keywords::RETRY),
    ];
    for (name, pointer, kind) in objects {
        let text = std::fs::read_to_string(folder.join(format!("{name}.schema.json"))).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
        let properties =
            schema.pointer(&format!("{pointer}/properties")).and_then(serde_json::Value::as_object);
        let mut published: Vec<_> = properties.unwrap().keys().map(String::as_str).collect();
        published.sort_unstable();
        let mut known: Vec<_> = kind.keywords(keywords::Version::V3_0).collect();
        known.sort_unstable();
        assert_eq!(published, known, "{name}{pointer}");
    }
}
