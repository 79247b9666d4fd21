//! Operations with their parameters, bodies, responses and links.

use super::{around, clean, findings, names, operation, schema_of, with_operation};
use crate::model::{
    LinkTarget, LinkValue, Method, ParameterLocation, ParameterShape, ParameterStyle, StatusKey,
};
use crate::source::Value;

#[test]
fn path_items_are_merged_into_operations() {
    let text = around(
        "
paths:
  x-note: 1
  /a/{id}:
    summary: Of the path.
    description: Also of the path.
    servers: [{url: https://path.example.com}]
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: X-A, in: header, schema: {type: string}}
      - {name: q, in: query, schema: {type: string}}
    get:
      parameters:
        - {name: x-a, in: header, required: true, schema: {type: integer}}
        - {name: id, in: query, schema: {type: string}}
      responses: {}
    trace:
      summary: Of the operation.
      servers: [{url: https://operation.example.com}]
      responses: {}
  /empty:
",
    );
    let document = clean(&[("openapi.yaml", &text)]);
    let [get, trace] = document.operations.as_slice() else { panic!("two operations") };
    assert_eq!((get.method, trace.method), (Method::Get, Method::Trace));
    assert_eq!(get.path.value, "/a/{id}");
    assert_eq!(get.summary.as_deref(), Some("Of the path."));
    assert_eq!(trace.summary.as_deref(), Some("Of the operation."));
    assert_eq!(trace.description.as_deref(), Some("Also of the path."));
    assert_eq!(get.servers[0].url.value, "https://path.example.com");
    assert_eq!(trace.servers[0].url.value, "https://operation.example.com");
    assert_eq!(names(&get.parameters), ["id", "x-a", "q", "id"]);
    assert!(get.parameters[1].required);
    assert_eq!(names(&trace.parameters), ["id", "X-A", "q"]);
    assert!(!trace.parameters[1].required);
}

#[test]
fn defaults_of_style_and_explode() {
    let operation = operation(&with_operation(
        "responses: {}, parameters: [
          {name: a, in: query, schema: {}}, {name: b, in: cookie, schema: {}}, {name: c, in: header, schema: {}},
          {name: d, in: path, required: true, schema: {}}, {name: e, in: query, style: deepObject, schema: {}},
          {name: f, in: query, explode: false, schema: {}}, {name: g, in: path, required: true, style: label, schema: {}}]",
    ));
    let written: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| match &parameter.shape {
            ParameterShape::Schema { style, explode, schema, .. } => (*style, *explode, schema.is_some()),
            ParameterShape::Content(_) => panic!("a schema"),
        })
        .collect();
    assert_eq!(
        written,
        [
            (ParameterStyle::Form, true, true),
            (ParameterStyle::Form, true, true),
            (ParameterStyle::Simple, false, true),
            (ParameterStyle::Simple, false, true),
            (ParameterStyle::DeepObject, false, true),
            (ParameterStyle::Form, false, true),
            (ParameterStyle::Label, false, true),
        ]
    );
}

#[test]
fn wrong_parameters() {
    let text = with_operation(
        "responses: {}, parameters: [
      {in: query, schema: {}},
      {name: b, schema: {}},
      {name: c, in: body, schema: {}},
      {name: d, in: header, style: form, schema: {}},
      {name: e, in: query, schema: {}, required: 'true'},
      {name: f, in: query, schema: {}, required: 1},
      {name: g, in: path, schema: {}},
      {name: h, in: query},
      {name: i, in: query, content: {a/b: {}, c/d: {}}},
      {name: j, in: query, schema: {}, content: {a/b: {}}},
      {name: e, in: query, schema: {}},
      7]",
    );
    assert_eq!(
        findings(&text),
        [
            "CS0203 6:7 `name` is missing from a parameter",
            "CS0203 7:7 `in` is missing from a parameter",
            "CS0208 8:21 `body` is no location of a parameter (since OpenAPI 3.0 a body is described by `requestBody`)",
            "CS0208 9:36 the style `form` cannot be used here (here it can be `simple`)",
            "CS0210 10:50 `required` is a string, and a boolean is expected (it is taken for true)",
            "CS0202 11:50 `required` must be a boolean, and this is a number",
            "CS0210 12:7 a path parameter must have `required: true` (it is taken for required)",
            "CS0209 13:7 `schema` is missing from a parameter (its value is taken for text)",
            "CS0208 14:7 `content` of a parameter or header must have one media type and no `schema` beside it (keep one of them)",
            "CS0208 15:7 `content` of a parameter or header must have one media type and no `schema` beside it (keep one of them)",
            "CS0304 16:7 the parameter `e` is declared twice (remove one of them; name and `in` together identify a parameter)",
            "CS0202 17:7 a parameter must be an object, and this is a number",
        ]
    );
}

#[test]
fn bodies_and_examples() {
    let operation = operation(&with_operation(
        "requestBody: {required: true, content: {
           multipart/form-data: {schema: {type: object}, encoding: {file: {contentType: image/png, explode: false,
             headers: {X: {schema: {type: string}}}}}},
           application/json: {example: null, examples: {one: {summary: One., value: [1]}, two: {externalValue: a.json}}},
           text/plain: }},
         responses: {}",
    ));
    let body = operation.request_body.unwrap();
    assert!(body.required);
    let keys: Vec<_> = body.content.iter().map(|media| media.name.as_str()).collect();
    assert_eq!(keys, ["multipart/form-data", "application/json", "text/plain"]);
    let encoding = &body.content[0].value.encoding[0];
    assert_eq!(encoding.value.content_type.as_deref(), Some("image/png"));
    assert_eq!(encoding.value.explode, Some(false));
    let examples = &body.content[1].value.examples;
    assert_eq!((examples[0].name.as_str(), &examples[0].value.as_ref().unwrap().value), ("", &Value::Null));
    assert_eq!((examples[1].name.as_str(), examples[1].summary.as_deref()), ("one", Some("One.")));
    assert!(examples[2].value.is_none());
}

#[test]
fn examples_of_another_shape_are_no_errors() {
    let text = with_operation(
        "responses: {'200': {description: a, content: {a/b: {examples: [1]}, c/d: {examples: {x: 1, y: {name: Ann}}}}}}",
    );
    let taken = "an example is an object with the key `value`, and this has no key of one (it is taken for the value itself)";
    assert_eq!(
        findings(&text),
        [
            "CS0210 5:73 `examples` must be an object, and this is an array (the examples are left out)"
                .to_owned(),
            format!("CS0210 5:99 {taken}"),
            format!("CS0210 5:105 {taken}"),
        ]
    );
}

#[test]
fn responses_by_status() {
    let operation = operation(&with_operation(
        "responses: {200: {description: a}, '404': {description: b}, 5XX: {description: c}, default: {description: d}, x-a: 1}",
    ));
    let keys: Vec<_> = operation.responses.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, [StatusKey::Code(200), StatusKey::Code(404), StatusKey::Range(5), StatusKey::Default]);

    let help = "a status from 100 to 599, a range such as `2XX`, or `default` is expected";
    assert_eq!(
        findings(&with_operation(
            "responses: {20: {}, '+20': {}, 600: {}, 6XX: {}, 2X: {}, 4xx: {description: a}}"
        )),
        [
            format!("CS0208 5:23 `20` is no status ({help})"),
            format!("CS0208 5:31 `+20` is no status ({help})"),
            format!("CS0208 5:42 `600` is no status ({help})"),
            format!("CS0208 5:51 `6XX` is no status ({help})"),
            format!("CS0208 5:60 `2X` is no status ({help})"),
            "CS0210 5:68 `4xx` is not written in capitals (it is taken for `4XX`)".to_owned(),
        ]
    );
    assert_eq!(
        findings(&with_operation("operationId: a")),
        ["CS0209 5:10 `responses` is missing from an operation (no answer of the operation is known then)"]
    );
}

#[test]
fn links_and_callbacks() {
    let text = around(
        r##"
paths:
  /a/{id}: {$ref: 'item.yaml'}
  /b:
    get:
      callbacks: {done: {}, failed: {}}
      responses:
        '200':
          description: It worked.
          headers: {X-Next: {schema: {type: string}, required: true, example: abc}}
          links:
            first:
              operationId: a
              parameters: {path.id: $response.body#/id, size: 3}
              requestBody: $request.body
            second: {operationRef: '#/paths/~1a~1%7Bid%7D/get', x-clientsmith-rust-name: next}
            third: {operationRef: 'https://example.com/openapi.yaml#/paths/~1a/get'}
"##,
    );
    let document = clean(&[("openapi.yaml", &text), ("item.yaml", "get: {operationId: a, responses: {}}\n")]);
    let operation = &document.operations[1];
    assert_eq!(
        operation.callbacks.iter().map(|callback| callback.name.as_str()).collect::<Vec<_>>(),
        ["done", "failed"]
    );
    let response = &operation.responses[0].1;
    assert!(response.headers[0].value.required);
    assert_eq!(response.headers[0].value.examples[0].value.as_ref().unwrap().as_str(), Some("abc"));
    assert!(matches!(
        &response.headers[0].value.shape,
        ParameterShape::Schema { schema: Some(schema), style: ParameterStyle::Simple, explode: false, .. }
            if schema_of(&document, schema).types.len() == 1
    ));
    let [first, second, third] = response.links.as_slice() else { panic!("three links") };
    assert!(matches!(&first.value.target, LinkTarget::OperationId(id) if id.value == "a"));
    assert_eq!(first.value.parameters[0].value, LinkValue::Expression("$response.body#/id".to_owned()));
    assert!(
        matches!(&first.value.parameters[1].value, LinkValue::Constant(node) if node.kind() == "a number")
    );
    assert!(matches!(first.value.request_body.as_ref().unwrap().value, LinkValue::Expression(_)));
    let LinkTarget::OperationRef { resolved, .. } = &second.value.target else { panic!("a reference") };
    assert_eq!(resolved.as_ref().unwrap(), &("/a/{id}".to_owned(), Method::Get));
    assert_eq!(second.value.rust_name.as_ref().unwrap().value, "next");
    assert!(matches!(&third.value.target, LinkTarget::OperationRef { resolved: None, .. }));
}

#[test]
fn wrong_links() {
    let text = with_operation(
        "responses: {'200': {description: a, links: {
      a: {},
      b: {operationId: x, operationRef: '#/paths/~1a/get'},
      c: {operationRef: '#/paths/~1b/get'},
      d: {operationId: x, server: {url: a}}}}}",
    );
    assert_eq!(
        findings(&text),
        [
            "CS0209 6:10 `operationId` is missing from a link (the link is left out)",
            "CS0208 7:10 a link has `operationId` or `operationRef`, and this has both (remove one of them)",
            "CS0301 9:27 `server` on a link is not generated (everything else is generated, as if it were not there)",
        ]
    );
}

#[test]
fn a_link_that_is_waited_on_has_to_lead_somewhere() {
    let text = with_operation(
        "responses: {'200': {description: a, links: {
      a: {x-clientsmith-wait: {done: [{status: [404]}]}},
      b: {operationRef: '#/paths/~1b/get', x-clientsmith-wait: {done: [{status: [404]}]}}}}}",
    );
    assert_eq!(
        findings(&text),
        [
            "CS0203 6:10 `operationId` is missing from a link",
            "CS0206 7:25 there is nothing at `#/paths/~1b/get`: `/b` is not there (did you mean `/a`?)",
        ]
    );
}

#[test]
fn security_of_an_operation() {
    let none = operation(&with_operation("responses: {}"));
    assert!(none.security.is_none());
    let open = operation(&with_operation("responses: {}, security: []"));
    assert_eq!(open.security.unwrap().len(), 0);
}

#[test]
fn a_part_that_is_referred_to_often_is_reported_once() {
    let text = around(
        "paths:
  /a:
    get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {}}
    put: {parameters: [{$ref: '#/components/parameters/P'}], responses: {}}
components:
  parameters:
    P: {name: p, in: query, schema: {}, nonsense: 1}
",
    );
    let (document, diagnostics) = super::parse_files(&[("openapi.yaml", &text)]);
    assert_eq!(diagnostics.iter().count(), 1);
    let operations = document.unwrap().operations;
    assert!(operations.iter().all(|operation| operation.parameters[0].location == ParameterLocation::Query));
}
