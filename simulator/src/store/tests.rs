use serde_json::{Value, json};

use super::*;
use crate::{call::text_of, failure::Failure, query::QueryParameters};

const LISTING: Listing = Listing {
    filters: &[
        Filter::Is("kind"),
        Filter::IsNot { parameter: "not_kind", field: "kind" },
        Filter::IsNumber { parameter: "size", highest: 9 },
        Filter::IsOr { parameter: "place", default: "here" },
        Filter::Contains { parameter: "search", fields: &["name", "kind"] },
    ],
    sort: Sort { parameter: "sort_by", fields: &["name", "size", "kind"], is_descending: false },
    paging: Paging { page: "page", first: 1, size: "limit", default_size: 3, largest_size: 4 },
};

fn object(value: Value) -> Object {
    value.as_object().cloned().unwrap_or_default()
}

fn list(query: &str) -> Result<(usize, String), Failure> {
    let objects = [
        json!({"name": "b", "kind": "Tree", "size": 10, "place": "here"}),
        json!({"name": "a", "kind": "tree", "size": 9, "place": "here"}),
        json!({"name": "d", "kind": "shrub", "place": "here"}),
        json!({"name": "c", "kind": "shrub", "size": 9, "place": "here", "flag": true}),
        json!({"name": "e", "kind": "moss", "size": 1, "place": "there"}),
    ];
    let page = LISTING.page_of(objects.map(object).into_iter(), &QueryParameters::parse(Some(query))?)?;
    Ok((page.total, page.objects.iter().map(|object| text_of(object, "name")).collect()))
}

#[test]
fn lists_are_filtered_sorted_and_cut_into_pages() {
    for (query, total, names) in [
        ("", 4, "abc"),
        ("page=2", 4, "d"),
        ("page=3", 4, ""),
        ("limit=4&order=desc", 4, "dcba"),
        ("kind=tree", 2, "ab"),
        ("not_kind=TREE", 2, "cd"),
        ("size=9", 2, "ac"),
        ("place=there", 1, "e"),
        ("place=nowhere", 0, ""),
        ("search=SHR", 2, "cd"),
        ("search=", 4, "abc"),
        // What has no size is before what has one; equal ones are in the order of their creation.
        ("sort_by=size&limit=4", 4, "dacb"),
        ("sort_by=size&order=desc&limit=4", 4, "bacd"),
    ] {
        assert_eq!(list(query).unwrap(), (total, names.to_owned()), "{query}");
    }
    for query in [
        "page=0",
        "limit=5",
        "limit=0",
        "size=10",
        "sort_by=place",
        "order=up",
        "kind=a&kind=b",
        &format!("search={}", "x".repeat(65)),
    ] {
        assert!(list(query).is_err(), "{query}");
    }
}

#[test]
fn a_course_passes_its_stages_and_ends_when_due() {
    let course = Course::new(1_000, &["first", "second"], "last").until(Some(50), "over");
    assert_eq!((course.first(), course.since()), ("first", 1_000));
    for (now, status) in [
        (0, ("first", 1_000)),
        (1_099, ("first", 1_000)),
        (1_100, ("second", 1_100)),
        (1_200, ("last", 1_200)),
        (1_249, ("last", 1_200)),
        (1_250, ("over", 1_250)),
    ] {
        assert_eq!(course.at(now, 100), status, "{now}");
    }
    assert_eq!(course.due_time(100), Some(1_250));
    assert_eq!(Course::new(0, &["first"], "last").at(0, 0), ("last", 0));
    assert_eq!(Course::settled(7, "still").at(i64::MAX, i64::MAX), ("still", 7));
}

#[test]
fn a_collection_keeps_changes_and_forgets() {
    let mut collection = Collection::default();
    let item = |id: &str| {
        let fields = object(json!({"name": id, "kind": "tree"}));
        Item::new(id.to_owned(), fields, Course::new(0, &["growing"], "grown"))
    };
    collection.insert(item("a"));
    collection.insert(item("b"));
    let same = object(json!({"name": "a", "kind": "tree"}));
    assert!(collection.is_taken(&["name", "kind"], &same, "") && !collection.is_taken(&["name"], &same, "a"));

    collection.find_mut("b").unwrap().polls_left = Some(1);
    collection.pass_time(10, 10);
    // What is on its way out changes no more by itself.
    let statuses = collection.iter().map(|item| (item.status, item.changed_at)).collect::<Vec<_>>();
    assert_eq!(statuses, [("grown", 10), ("growing", 0)]);
    assert!(collection.poll("a").is_some() && collection.poll("a").is_some());
    assert!(collection.poll("b").is_some() && collection.poll("b").is_none());
    assert_eq!(collection.len(), 1);
    assert!(collection.remove("b").is_none() && collection.remove("a").is_some());
}
