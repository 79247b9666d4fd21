//! A description is compared with its pages: exit statuses, exceptions, the lock, and JSON.

use serde_json::Value;

use super::folder::Folder;

pub(super) const PAGE: &str = "\
# 查询订单

## URI

GET /v1/orders

## 请求参数

**表 1**  Query参数

<table><tr><th>参数</th><th>是否必选</th><th>参数类型</th><th>描述</th></tr>
<tr><td>limit</td><td>否</td><td>Integer</td><td>取值范围[1,50]</td></tr>
<tr><td>marker</td><td>否</td><td>String</td><td>开始</td></tr>
</table>
";

const SPEC: &str = "\
openapi: 3.0.3
info: {title: Orders, version: '1'}
paths:
  /v1/orders:
    get:
      operationId: listOrders
      x-clientsmith-page: order.md
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
      responses:
        '200': {description: The orders.}
";

const OVERVIEW: &str = "# 概述\n\n您可以查询订单。\n";

fn right() -> String {
    SPEC.replace(
        "maximum: 100}}",
        "maximum: 50}}\n        - {name: marker, in: query, schema: {type: string}}",
    )
}

fn folder(spec: &str) -> Folder {
    Folder::with(&[("openapi.yaml", spec), ("pages/order.md", PAGE), ("pages/overview.md", OVERVIEW)])
}

#[test]
fn what_fits_is_counted() {
    let run = folder(&right()).run(&["verify", "openapi.yaml", "pages"]);
    assert_eq!(
        (run.code, run.output.as_str(), run.errors.as_str()),
        (Some(0), "1 operation on 1 page: 3 fields compared, 0 findings, 0 excused\n", "")
    );
}

#[test]
fn what_does_not_fit_is_shown_and_fails() {
    let run = folder(SPEC).run(&["verify", "openapi.yaml", "pages"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!("verify_findings", run.errors);
    assert_eq!(run.output, "1 operation on 1 page: 2 fields compared, 2 findings, 0 excused\n");
}

#[test]
fn tools_read_json() {
    let run = folder(SPEC).run(&["verify", "openapi.yaml", "pages", "--format", "json"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(1), ""));
    let value: Value = serde_json::from_str(&run.output).unwrap();
    let kinds: Vec<&str> = value["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["missing", "other-range"]);
    assert_eq!(value["findings"][1]["spec"]["file"], "openapi.yaml");
    assert_eq!(value["findings"][1]["spec"]["line"], 9);
    assert_eq!(value["findings"][1]["line"], 12);
    assert_eq!(value["summary"]["findings"], 2);
}

#[test]
fn exceptions_are_written_and_need_a_reason() {
    let folder = folder(SPEC);
    let run = folder.run(&["verify", "openapi.yaml", "pages", "--write-exceptions"]);
    assert_eq!(run.code, Some(1));
    assert!(run.errors.contains("added 2 exceptions without a reason to verify.yaml"), "{}", run.errors);
    let stubs = folder.read("verify.yaml");
    insta::assert_snapshot!("verify_stubs", stubs);

    let run = folder.run(&["verify", "openapi.yaml", "pages", "--write-exceptions"]);
    assert_eq!(run.code, Some(1));
    assert!(run.errors.contains("error[CS0719]: no-reason"), "{}", run.errors);
    assert!(run.errors.contains("no exceptions to add"), "{}", run.errors);
    assert_eq!(folder.read("verify.yaml"), stubs);

    // Also in a folder, a file for each group of operations.
    folder.write("verify/orders.yaml", &stubs.replace("reason: ''", "reason: It is so."));
    std::fs::remove_file(folder.path().join("verify.yaml")).unwrap();
    let run = folder.run(&["verify", "openapi.yaml", "pages"]);
    assert_eq!(
        (run.code, run.output.as_str()),
        (Some(0), "1 operation on 1 page: 2 fields compared, 0 findings, 2 excused\n"),
        "{}",
        run.errors
    );
}

#[test]
fn a_lock_stands_for_the_pages() {
    let folder = folder(&right());
    let run = folder.run(&["verify", "openapi.yaml", "pages", "--write-lock", "lock/pages.json"]);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    assert_eq!(run.errors, "wrote lock/pages.json: 1 page\n");
    let run = folder.run(&["verify", "openapi.yaml", "--lock", "lock/pages.json"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""), "{}", run.output);

    folder.write("openapi.yaml", SPEC);
    let run = folder.run(&["verify", "openapi.yaml", "--lock", "lock/pages.json"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.output, "1 operation on 1 page: 2 fields compared, 2 findings, 0 excused\n");

    folder.write("openapi.yaml", &right());
    folder.write("pages/order.md", &PAGE.replace("[1,50]", "[1,60]"));
    let run = folder.run(&["verify", "openapi.yaml", "pages", "--lock", "lock/pages.json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.errors.contains("other-range") && run.errors.contains("stale-lock"), "{}", run.errors);
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = folder(SPEC);
    for (arguments, code, message) in [
        (&["verify", "openapi.yaml"][..], 2, "<PAGES>"),
        (&["verify", "openapi.yaml", "nowhere"], 1, "cannot read nowhere"),
        (&["verify", "nothing.yaml", "pages"], 1, "nothing.yaml"),
        (&["verify", "openapi.yaml", "--lock", "openapi.yaml"], 1, "this is no lock of pages"),
        (&["verify", "openapi.yaml", "pages", "--exceptions", "none.yaml"], 1, "cannot read none.yaml"),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {}", run.errors);
        assert!(run.errors.contains(message), "{arguments:?}: {}", run.errors);
    }
}

#[test]
fn pages_may_be_chosen() {
    let other = PAGE.replace("/v1/orders", "/v1/others");
    let folder =
        Folder::with(&[("openapi.yaml", &right()), ("pages/order.md", PAGE), ("pages/other.md", &other)]);
    let run = folder.run(&["verify", "openapi.yaml", "pages"]);
    assert!(run.code == Some(1) && run.errors.contains("error[CS0714]: no-operation"), "{}", run.errors);
    let run = folder.run(&["verify", "openapi.yaml", "pages", "--page", "ord*.md"]);
    assert_eq!(run.code, Some(0), "{}", run.errors);
}

#[test]
fn a_page_that_is_not_there_is_an_error() {
    let run = folder(&right()).run(&["verify", "openapi.yaml", "pages", "--page", "oder.md"]);
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""));
    assert!(run.errors.contains("no page is called `oder.md`"), "{}", run.errors);
}
