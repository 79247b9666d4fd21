//! Two sets of pages: what changed in meaning, as text and as JSON, and the exit statuses.

use serde_json::Value;

use super::folder::Folder;
use super::verifying::PAGE as OLD;

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
   * - marker
     - No
     - String
     - Where to begin.
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
    assert_eq!(
        (range.get("old").unwrap(), range.get("new").unwrap()),
        (&"1 to 50".into(), &"1 to 100".into())
    );
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

#[test]
fn pages_of_one_name_in_two_folders_are_two() {
    let other = OLD.replace("/v1/orders", "/v1/invoices");
    let changed = other.replace("[1,50]", "[1,60]");
    let folder = Folder::with(&[
        ("old/orders/list.md", OLD),
        ("old/invoices/list.md", &other),
        ("new/orders/list.md", OLD),
        ("new/invoices/list.md", &changed),
    ]);
    let run = folder.run(&["drift", "old", "new"]);
    assert!(
        run.output.contains("GET /v1/invoices (invoices/list.md)\n  ~ query limit range: 1 to 50 -> 1 to 60"),
        "{}",
        run.output
    );
    assert!(run.output.ends_with("2 pages before, 2 now: 1 change, 0 reworded only\n"), "{}", run.output);
    folder.run(&["import", "new", "--out", "drafts"]);
    assert!(folder.read("drafts/orders/list.yaml").contains("x-clientsmith-page: orders/list.md"));
}
