use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{Place, Position, Tree};

#[test]
fn codes_are_distinct_and_described() {
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), Code::ALL.len());
    assert!(Code::ALL.iter().all(|code| code.title().ends_with('.') && !code.title().starts_with(' ')));
}

#[test]
fn findings_keep_their_order_until_they_are_sorted() {
    let mut diagnostics = Diagnostics::new();
    assert!(diagnostics.is_empty() && diagnostics.summary().is_none());
    let place =
        Tree::from_text("a.json", "1", &mut diagnostics).map(|tree| tree.files().next().unwrap().root.place);
    diagnostics.report(Code::Renamed, place, "b").help("help");
    assert!(!diagnostics.has_errors());
    diagnostics.report(Code::Syntax, place, "a");
    diagnostics.extend([Diagnostic::new(Code::Limit, None, "c"), Diagnostic::new(Code::Syntax, place, "a")]);
    diagnostics.report(Code::Depth, place, "d");

    let messages: Vec<&str> = diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["b", "a", "c", "a", "d"]);
    let sorted: Vec<String> = diagnostics.sorted().into_iter().map(|finding| finding.message).collect();
    assert_eq!(sorted, ["c", "a", "d", "b"]);
    assert_eq!(diagnostics.summary().as_deref(), Some("3 errors, 1 note"));
    assert!(diagnostics.has_errors() && Severity::Error > Severity::Warning);
}

#[test]
fn findings_may_be_about_a_text_that_is_no_tree() {
    let mut diagnostics = Diagnostics::new();
    let file = diagnostics.add_text(Path::new("page.md"), Arc::from("# Title\n"));
    let tree = Tree::from_text("a.yaml", "a: 1", &mut diagnostics).unwrap();
    assert_ne!(file, tree.root());
    let start = Position { line: 1, column: 3 };
    let place = Place { file, start, end: start };
    diagnostics.report(Code::NoEndpoint, place, "nothing");
    assert!(diagnostics.render(false).contains("page.md:1:3"));
}

#[test]
fn two_trees_may_report_to_one_place() {
    let mut diagnostics = Diagnostics::new();
    let first = Tree::from_text("first.yaml", "a: 1", &mut diagnostics).unwrap();
    let second = Tree::from_text("second.yaml", "b: 2", &mut diagnostics).unwrap();
    assert_ne!(first.root(), second.root());
    let place = second.file(second.root()).unwrap().root.place;
    diagnostics.report(Code::WrongKind, place, "found it");
    let rendered = diagnostics.render(false);
    assert!(rendered.contains("second.yaml:1:1") && rendered.contains("b: 2"), "{rendered}");
}
