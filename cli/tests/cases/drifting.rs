//! Two sets of pages: what changed in meaning, as text and as JSON, and the exit statuses.

use serde_json::Value;

use super::folder::Folder;

const OLD: &str = "\
# 查询订单

## URI

GET /v1/orders

## 请求参数

**表 1**  Query参数

<table><tr><th>参数</th><th>是否必选</th><th>参数类型</th><th>描述</th></tr>
<tr><td>limit</td><td>否</td><td>Integer</td><td>取值范围[1,50]</td></tr>
</table>
";

/// The same endpoint on an English page in reStructuredText, with another range.
const NEW: &str = "\
Listing Orders
==============

URI
---

GET /v1/orders

Request Parameters
------------------

.. list-table:: **Table 1** Query parameters
   :header-rows: 1

   * - Parameter
     - Mandatory
     - Type
     - Description
   * - limit
     - No
     - Integer
     - How many. Value range: 1 to 100
";

fn folder() -> Folder {
    let reworded = OLD.replace("取值范围", "一页的数目，取值范围");
    Folder::with(&[("old/list.md", OLD), ("reworded/list.md", &reworded), ("new/api/list.rst", NEW)])
}

#[test]
fn other_words_are_no_change() {
    let run = folder().run(&["drift", "old", "reworded", "--exit-code"]);
    assert_eq!(
        (run.code, run.output.as_str(), run.errors.as_str()),
        (Some(0), "1 page before, 1 now: 0 changes, 1 reworded only\n", "")
    );
}

#[test]
fn changes_are_told_by_endpoint_whatever_the_pages_are_called() {
    let run = folder().run(&["drift", "old", "new"]);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!("drift", run.output);
    assert_eq!(folder().run(&["drift", "old", "new", "--exit-code"]).code, Some(1));
}

#[test]
fn tools_get_json() {
    let run = folder().run(&["drift", "old", "new", "--format", "json"]);
    let drift: Value = serde_json::from_str(&run.output).unwrap();
    let changes = drift.get("changes").unwrap().as_array().unwrap();
    let range = changes.iter().find(|change| change.get("aspect").unwrap() == "range").unwrap();
    assert_eq!(range.get("at").unwrap(), "query limit");
    assert_eq!((range.get("old").unwrap(), range.get("new").unwrap()), (&"1..50".into(), &"1..100".into()));
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let run = folder().run(&["drift", "old", "nowhere"]);
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""));
    assert!(run.errors.contains("cannot read nowhere"), "{}", run.errors);
}

#[test]
fn a_folder_of_folders_is_imported_as_one() {
    let folder = folder();
    let run = folder.run(&["import", "new", "--out", "drafts"]);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    assert!(folder.read("drafts/api/list.yaml").contains("maximum: 100"));
}
