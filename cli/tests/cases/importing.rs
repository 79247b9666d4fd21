//! Pages become drafts, and what they leave open is told with its line.

use super::folder::Folder;

/// A page that leaves something open.
const PAGE: &str = "\
# 查询订单

## URI

GET /v1/{project\\_id}/orders/{order\\_id}

<table><tr><th>参数</th><th>是否必选</th><th>参数类型</th><th>描述</th></tr>
<tr><td>order_id</td><td>是</td><td>String</td><td>订单</td></tr>
<tr><td>limit</td><td>否</td><td>Integer</td><td>取值范围[1,50]</td></tr>
</table>

## 响应消息

**表 1**  响应参数

<table><tr><th>参数</th><th>参数类型</th><th>描述</th></tr>
<tr><td>items</td><td>Array of objects</td><td>内容</td></tr>
</table>

**表 2**  items字段数据结构说明

<table><tr><th>参数</th><th>参数类型</th><th>描述</th></tr>
<tr><td>count</td><td>Integer</td><td>数量</td></tr>
</table>

## 响应示例

```
{\"items\": [{\"count\": \"1\"}]}
```
";

const OVERVIEW: &str = "# 概述\n\n您可以查询订单。\n";

#[test]
fn a_page_becomes_a_draft_on_the_standard_output() {
    let folder = Folder::with(&[("order.md", PAGE)]);
    let run = folder.run(&["import", "order.md"]);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    insta::assert_snapshot!("draft", run.output);
    insta::assert_snapshot!("draft_findings", run.errors);
}

#[test]
fn a_draft_is_a_description_that_can_be_checked() {
    for format in ["yaml", "json"] {
        let folder = Folder::with(&[("order.md", PAGE)]);
        let out = format!("draft.{format}");
        let run =
            folder.run(&["import", "order.md", "--out", &out, "--format", format, "--descriptions", "keep"]);
        assert_eq!(
            (run.code, run.output.as_str()),
            (Some(0), &*format!("wrote {out}: 1 endpoint\n")),
            "{}",
            run.errors
        );
        let run = folder.run(&["check", &out]);
        assert_eq!(run.code, Some(0), "{}", run.errors);
        assert!(run.output.contains("1 operation"), "{}", run.output);
    }
}

#[test]
fn a_folder_is_imported_page_by_page() {
    let folder =
        Folder::with(&[("pages/order.md", PAGE), ("pages/overview.md", OVERVIEW), ("pages/a.txt", "")]);
    let run = folder.run(&["import", "pages", "--out", "drafts"]);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    insta::assert_snapshot!("folder", run.output);
    let again = folder.run(&["import", "pages", "--out", "drafts"]);
    assert_eq!((again.code, again.output), (Some(0), run.output));
}

#[test]
fn an_edited_draft_stays() {
    let folder = Folder::with(&[("order.md", PAGE), ("draft.yaml", "openapi: 3.0.3\n")]);
    let before = folder.listing();
    let run = folder.run(&["import", "order.md", "--out", "draft.yaml"]);
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""));
    assert_eq!(folder.listing(), before);
    assert!(
        run.errors.contains("error[CS0501]: draft.yaml is there and is not this draft"),
        "{}",
        run.errors
    );
}

#[test]
fn what_is_no_page_of_an_endpoint_is_refused() {
    let folder = Folder::with(&[("overview.md", OVERVIEW)]);
    let run = folder.run(&["import", "overview.md"]);
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""));
    insta::assert_snapshot!("no_endpoint", run.errors);
    let run = folder.run(&["import", "nothing.md"]);
    assert_eq!(run.code, Some(1));
    assert!(run.errors.contains("error[CS0101]: cannot read nothing.md"), "{}", run.errors);
}
