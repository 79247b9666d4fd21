//! Descriptions against pages: each kind of finding, exceptions that hold and that wake, and the lock in the pages' stead.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_pages::verify::exceptions::{Exceptions, stubs};
use clientsmith_pages::verify::finding::Kind;
use clientsmith_pages::verify::pages::Pages;
use clientsmith_pages::verify::specification::Specification;
use clientsmith_pages::verify::{Verification, verify};

const SPEC: &str = include_str!("verify/openapi.yaml");

const PAGES: &[(&str, &str)] = &[
    ("Create.md", include_str!("verify/Create.md")),
    ("List.md", include_str!("verify/List.md")),
    ("Other.md", include_str!("verify/Other.md")),
    ("Overview.md", include_str!("verify/Overview.md")),
];

/// A page and a description that fit, and an exception to begin with.
const SMALL_PAGE: &str = "# 查询\n\n## URI\n\nGET /a\n\n## 请求参数\n\n**表 1**  Query参数\n\n<table>\
<tr><th>参数</th><th>是否必选</th><th>参数类型</th><th>描述</th></tr>\
<tr><td>size</td><td>否</td><td>String</td><td>大小</td></tr></table>\n";

const SMALL_SPEC: &str = "\
openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /a:
    get:
      operationId: listA
      x-clientsmith-page: A.md
      parameters:
        - {name: size, in: query, schema: {type: integer}}
      responses:
        '200': {description: All of them.}
";

fn pages(texts: &[(&str, &str)], diagnostics: &mut Diagnostics) -> Pages {
    let mut pages = Pages::default();
    for (name, text) in texts {
        pages.add(name, Path::new(name), text, diagnostics);
    }
    pages
}

fn run(spec: &str, texts: &[(&str, &str)], exceptions: &str, only: &[&str]) -> (Verification, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let specification = Specification::from_text("openapi.yaml", spec, &mut diagnostics).unwrap();
    let pages = pages(texts, &mut diagnostics);
    let mut reviewed = Exceptions::default();
    reviewed.add(Path::new("verify.yaml"), exceptions, &mut diagnostics);
    let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
    (verify(&specification, &pages, &reviewed, &only), diagnostics)
}

fn kinds(verification: &Verification) -> Vec<&str> {
    verification.findings.iter().map(|finding| finding.kind.as_str()).collect()
}

/// The one finding of the small description, excused.
fn excuse(reason: &str) -> String {
    let (verification, _) = run(SMALL_SPEC, &[("A.md", SMALL_PAGE)], "", &[]);
    assert_eq!(kinds(&verification), ["other-type"]);
    stubs(&verification.findings, true).replace("reason: ''", &format!("reason: '{reason}'"))
}

#[test]
fn every_difference_is_found_at_its_place() {
    let (verification, mut diagnostics) = run(SPEC, PAGES, "", &[]);
    verification.report(&mut diagnostics);
    let text = format!("{}\n{}\n", diagnostics.render(false), verification.summary());
    insta::assert_snapshot!("findings", text);
    let found: BTreeSet<Kind> = verification.findings.iter().map(|finding| finding.kind).collect();
    let others = [Kind::OtherPath, Kind::TwoOperations, Kind::PageContradiction];
    for kind in Kind::ALL.iter().filter(|kind| kind.is_excusable() && !others.contains(kind)) {
        assert!(found.contains(kind), "{}", kind.as_str());
    }
}

#[test]
fn a_page_that_is_told_otherwise_fits() {
    // Through `$ref`, `allOf`, members of unions and maps, and with answers that no page lists.
    let (verification, _) = run(SPEC, PAGES, "", &["List.md"]);
    let of_list: Vec<_> = verification
        .findings
        .iter()
        .filter(|finding| finding.operation.as_deref() == Some("listOrders"))
        .collect();
    assert!(of_list.is_empty(), "{of_list:?}");
}

#[test]
fn one_operation_on_a_page_with_one_endpoint_is_about_it() {
    let spec = SMALL_SPEC.replace("/a:", "/b:").replace("type: integer", "type: string");
    let (verification, _) = run(&spec, &[("A.md", SMALL_PAGE)], "", &[]);
    assert_eq!(kinds(&verification), ["other-path"]);
    let twice = spec.replace("/b:", "/a:")
        + "  /a/:\n    get:\n      operationId: again\n      x-clientsmith-page: A.md\n      parameters:\n        \
           - {name: size, in: query, schema: {type: string}}\n      responses:\n        '200': {description: Yes.}\n";
    let (verification, _) = run(&twice, &[("A.md", SMALL_PAGE)], "", &[]);
    assert_eq!(kinds(&verification), ["two-operations"]);
}

#[test]
fn an_exception_holds_with_a_reason_and_until_a_side_changes() {
    let exceptions = excuse("It takes numbers.");
    let page = [("A.md", SMALL_PAGE)];
    let (verification, _) = run(SMALL_SPEC, &page, &exceptions, &[]);
    assert_eq!((verification.findings.len(), verification.excused.len()), (0, 1));
    assert_eq!(verification.excused[0].reason, "It takes numbers.");

    // Other lines and other words are no change.
    let moved = format!("\n\n{}", SMALL_PAGE.replace("大小", "尺寸"));
    let (verification, _) = run(&format!("# moved\n{SMALL_SPEC}"), &[("A.md", &moved)], &exceptions, &[]);
    assert_eq!(verification.findings, []);

    let (verification, mut diagnostics) =
        run(SMALL_SPEC, &[("A.md", &SMALL_PAGE.replace("String", "Boolean"))], &exceptions, &[]);
    assert_eq!(kinds(&verification), ["stale-exception"]);
    verification.report(&mut diagnostics);
    insta::assert_snapshot!("stale_exception", diagnostics.render(false));
    let spec = SMALL_SPEC.replace("type: integer", "type: number");
    assert_eq!(kinds(&run(&spec, &page, &exceptions, &[]).0), ["stale-exception"]);

    let spec = SMALL_SPEC.replace("type: integer", "type: string");
    let (verification, mut diagnostics) = run(&spec, &page, &exceptions, &[]);
    assert_eq!(kinds(&verification), ["idle-exception"]);
    verification.report(&mut diagnostics);
    insta::assert_snapshot!("idle_exception", diagnostics.render(false));

    let (verification, mut diagnostics) = run(SMALL_SPEC, &page, &excuse(" "), &[]);
    assert_eq!(kinds(&verification), ["no-reason"]);
    verification.report(&mut diagnostics);
    insta::assert_snapshot!("no_reason", diagnostics.render(false));
}

#[test]
fn one_schema_may_tell_what_is_sent_and_what_comes_back() {
    let page = "# 改\n\n## URI\n\nPUT /a\n\n## 请求参数\n\n**表 1**  请求Body参数\n\n<table>\
                <tr><th>参数</th><th>参数类型</th></tr><tr><td>key</td><td>String</td></tr></table>\n\n\
                ## 响应参数\n\n**表 2**  响应Body参数\n\n<table>\
                <tr><th>参数</th><th>参数类型</th></tr><tr><td>id</td><td>String</td></tr></table>\n";
    let spec = "\
openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /a:
    put:
      x-clientsmith-page: A.md
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses:
        '200':
          description: It is done.
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
components:
  schemas:
    A:
      type: object
      properties:
        id: {type: string, readOnly: true}
        key: {type: string, writeOnly: true}
";
    assert_eq!(run(spec, &[("A.md", page)], "", &[]).0.findings, []);
    let both = spec.replace(", readOnly: true", "").replace(", writeOnly: true", "");
    assert_eq!(kinds(&run(&both, &[("A.md", page)], "", &[]).0), ["extra", "extra"]);
}

#[test]
fn one_reason_may_hold_for_many() {
    let (verification, _) = run(SPEC, PAGES, "", &["Create.md"]);
    let text =
        "exceptions:\n  - {operation: createOrder, kind: missing, at: '*', reason: Why not, hash: x}\n";
    let missing = verification.findings.iter().filter(|finding| finding.kind == Kind::Missing).count();
    assert!(missing > 1);
    let (again, _) = run(SPEC, PAGES, text, &["Create.md"]);
    let stale = again.findings.iter().find(|finding| finding.kind == Kind::StaleException).unwrap();
    let hash = stale.help.split('`').nth(1).unwrap().strip_prefix("hash: ").unwrap();
    let (excused, _) = run(SPEC, PAGES, &text.replace("hash: x", &format!("hash: '{hash}'")), &["Create.md"]);
    assert_eq!(excused.excused.len(), missing);
    assert_eq!(excused.findings.len() + missing, verification.findings.len());
    // A look at one page sees what holds for all.
    let all = "exceptions:\n  - {page: '*', kind: page-uri-name, at: '*', reason: Why not, hash: x}\n";
    let (again, _) = run(SPEC, PAGES, all, &[]);
    let stale = again.findings.iter().find(|finding| finding.kind == Kind::StaleException).unwrap();
    let hash = stale.help.split('`').nth(1).unwrap().strip_prefix("hash: ").unwrap();
    let all = all.replace("hash: x", &format!("hash: '{hash}'"));
    assert_eq!(run(SPEC, PAGES, &all, &["Create.md"]).0.excused.len(), 2);
    // One of a page that is not looked at is not idle.
    assert!(!kinds(&run(SPEC, PAGES, text, &["List.md"]).0).contains(&"idle-exception"));
}

#[test]
fn what_is_wrong_with_a_file_of_exceptions_is_told() {
    let text = "\
exceptions:
  - {page: A.md, kind: other-typ, at: query size, reason: a, hash: b}
  - {page: A.md, operation: listA, kind: missing, reason: a, hash: b}
  - {page: A.md, kind: missing, because: a, hash: [b]}
  - nothing
";
    let (_, diagnostics) = run(SMALL_SPEC, &[("A.md", SMALL_PAGE)], text, &[]);
    insta::assert_snapshot!("wrong_exceptions", diagnostics.render(false));
    let (_, diagnostics) = run(SMALL_SPEC, &[("A.md", SMALL_PAGE)], "# none yet\n", &[]);
    assert!(diagnostics.is_empty());
}

#[test]
fn a_lock_is_compared_as_its_pages_are() {
    let mut diagnostics = Diagnostics::new();
    let specification = Specification::from_text("openapi.yaml", SPEC, &mut diagnostics).unwrap();
    let pages = pages(PAGES, &mut diagnostics);
    let lock = pages.to_lock().unwrap();
    insta::assert_snapshot!("lock", lock);
    assert!(lock.is_ascii(), "a word of a page");
    let locked = Pages::from_lock(&lock).unwrap();
    assert_eq!(locked.to_lock().unwrap(), lock);
    assert_eq!(pages.differences(&locked), []);
    let none = Exceptions::default();
    let from_pages = verify(&specification, &pages, &none, &[]);
    let from_lock = verify(&specification, &locked, &none, &[]);
    let facts = |verification: &Verification| {
        let mut facts: Vec<_> = verification
            .findings
            .iter()
            .map(|found| {
                (
                    found.page.clone(),
                    found.kind,
                    found.at.clone(),
                    found.page_says.clone(),
                    found.spec_says.clone(),
                )
            })
            .collect();
        facts.sort();
        facts
    };
    assert_eq!(facts(&from_pages), facts(&from_lock));
    // An exception of the one excuses the other.
    let excused = stubs(&from_pages.findings, true).replace("reason: ''", "reason: Yes");
    let mut exceptions = Exceptions::default();
    exceptions.add(Path::new("verify.yaml"), &excused, &mut diagnostics);
    assert_eq!(verify(&specification, &locked, &exceptions, &[]).findings, []);
}

#[test]
fn a_lock_that_is_old_is_told() {
    let mut diagnostics = Diagnostics::new();
    let old = pages(&[("A.md", SMALL_PAGE), ("B.md", SMALL_PAGE)], &mut diagnostics);
    let changed = SMALL_PAGE.replace("String", "Boolean");
    let new = pages(&[("A.md", &changed), ("C.md", SMALL_PAGE)], &mut diagnostics);
    let messages: Vec<String> =
        new.differences(&old).iter().map(clientsmith_pages::verify::finding::Finding::message).collect();
    assert_eq!(
        messages,
        [
            "stale-lock: the lock does not say what the page `A.md` says",
            "stale-lock: the lock has a page `B.md`, which is not there",
            "stale-lock: the lock lacks the page `C.md`",
        ]
    );
    for (text, message) in [
        ("{}", "this is no lock of pages: missing field `version` at line 1 column 2"),
        (
            r#"{"version": 7, "pages": 1}"#,
            "this is a lock of version 7, and version 1 is wanted: write it anew with --write-lock",
        ),
        (
            r#"{"version": 1, "pages": {"a": {"digest": "", "endpoints": [], "findings": [{"kind": "odd", "at": "", "fact": ""}]}}}"#,
            "`odd` is no kind of finding",
        ),
    ] {
        assert_eq!(Pages::from_lock(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn tools_read_findings_as_json() {
    let exceptions = excuse("It takes numbers.");
    let spec = SMALL_SPEC.replace("get:", "get:\n      deprecated: true");
    let (verification, diagnostics) = run(&spec, &[("A.md", SMALL_PAGE)], &exceptions, &[]);
    insta::assert_snapshot!("json", format!("{:#}", verification.to_json(&diagnostics)));
}
