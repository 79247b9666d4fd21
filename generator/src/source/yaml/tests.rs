//! YAML as it is read.

use serde_json::json;

use super::read;
use crate::diagnostics::Code;
use crate::source::{FileId, Limits, Node, ReadResult, Reading};

fn reading(text: &str) -> ReadResult<Reading> {
    read(FileId(0), text, &Limits::default(), &mut 1000)
}

fn root(text: &str) -> Node {
    let reading = reading(text).unwrap();
    assert_eq!(reading.findings, [], "{text}");
    reading.root
}

fn value(node: &Node) -> serde_json::Value {
    serde_json::from_str(&node.to_json()).unwrap()
}

#[test]
fn values_are_those_of_the_core_schema() {
    let text =
        "a: 1\nb: 'yes'\nc: yes\nd: ~\ne:\nf: !!str 7\ng: |\n  x\n  y\nh: [0x10, .inf, 1.10, \"\\u00e9\"]\n";
    let expected = json!({
        "a": 1, "b": "yes", "c": "yes", "d": null, "e": null, "f": "7", "g": "x\ny\n", "h": [16, ".inf", 1.1, "é"],
    });
    assert_eq!(value(&root(text)), expected);
    assert_eq!(
        root(text).as_object().unwrap().get("h").unwrap().as_array().unwrap()[2].scalar_text().unwrap(),
        "1.10"
    );
}

#[test]
fn nothing_is_null() {
    for text in ["", "\n", "# a\n", "---\n", "---\n...\n"] {
        assert_eq!(value(&root(text)), json!(null), "{text:?}");
    }
}

#[test]
fn keys_are_text() {
    let text = "200: a\ntrue: b\n'x': c\n~: d\n&k key: e\nanchor: *k\n*k : f\n";
    let result = reading(text).unwrap();
    let object = result.root.as_object().unwrap();
    let keys: Vec<_> = object.entries().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["200", "true", "x", "~", "key", "anchor"]);
    // The alias repeats a key.
    assert_eq!(result.findings.len(), 1);
    for text in ["? [a]\n: b\n", "{[a]: b}", "{{a: b}: c}", "a: &a [1]\n*a : b\n"] {
        assert_eq!(reading(text).err().unwrap().code, Code::Syntax, "{text}");
    }
}

#[test]
fn merge_keys_yield_to_what_is_said_and_to_what_was_merged_earlier() {
    let text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n  d: 3\nw: {<<: *x, '<<': 1}\nv: {<<: text}\n";
    let root = root(text);
    let object = |key: &str| root.as_object().unwrap().get(key).unwrap();
    assert_eq!(value(object("z")), json!({"c": 3, "a": 1, "b": 1, "d": 3}));
    assert_eq!(value(object("w")), json!({"a": 1, "b": 1, "<<": 1}));
    assert_eq!(value(object("v")), json!({"<<": "text"}));
}

#[test]
fn places_are_those_of_what_is_written() {
    let root = root("a:\n  b: ä x # c\n\n  d:\n    - 1\r\n    - 'e'\n");
    let place = |node: &Node| {
        let place = node.place;
        (place.start.line, place.start.column, place.end.line, place.end.column)
    };
    let a = root.as_object().unwrap().get("a").unwrap();
    let object = a.as_object().unwrap();
    assert_eq!(place(object.get("b").unwrap()), (2, 6, 2, 9));
    assert_eq!(place(object.get("d").unwrap()), (5, 5, 6, 10));
    assert_eq!(place(a), (2, 3, 6, 10));
    assert_eq!(object.entry("d").unwrap().key_place.start.column, 3);
}

#[test]
fn what_is_missing_is_placed_at_its_key() {
    let root = root("a:\n\n\n# far away\nb: 1\n");
    let entry = root.as_object().unwrap().entry("a").unwrap();
    assert_eq!(entry.value.place, entry.key_place);
}

#[test]
fn one_document_is_enough() {
    assert_eq!(value(&root("---\na: 1\n...\n")), json!({"a": 1}));
    assert_eq!(value(&root("a: 1\n---\n")), json!({"a": 1}));
    let finding = reading("a: 1\n---\nb: 2\n").err().unwrap();
    assert_eq!(finding.place.unwrap().start.line, 2);
}

#[test]
fn control_characters_are_refused() {
    let finding = reading("a: 1\r\nb: x\0y\n").err().unwrap();
    let start = finding.place.unwrap().start;
    assert_eq!((start.line, start.column), (2, 5));
}

#[test]
fn aliases_repeat_within_their_budget() {
    let text = "a: &a [1, 2, 3]\nb: [*a, *a]\n";
    assert_eq!(value(&root(text))["b"], json!([[1, 2, 3], [1, 2, 3]]));
    // The array has four nodes, and there are its copy that waits and two repetitions.
    let read_with = |mut budget: usize| read(FileId(0), text, &Limits::default(), &mut budget);
    assert!(read_with(12).is_ok());
    assert_eq!(read_with(11).err().unwrap().code, Code::Limit);
}

#[test]
fn tags_must_fit() {
    for text in ["!!int x", "!!map [a]", "!!seq {a: b}", "!!str {a: b}", "a: !!bool 1"] {
        assert_eq!(reading(text).err().unwrap().code, Code::Syntax, "{text}");
    }
    assert_eq!(value(&root("!!map {a: !!seq [!x b]}")), json!({"a": ["b"]}));
}
