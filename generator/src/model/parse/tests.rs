//! What the parser makes of small descriptions.

mod document;
mod extensions;
mod operation;
mod robustness;
mod schema;

use crate::diagnostics::Diagnostics;
use crate::model::{Document, Operation, Parameter, Schema, SchemaRef, parse};
use crate::source::{Limits, load_texts};

/// Parses a description of several files, the root first.
fn parse_files(files: &[(&str, &str)]) -> (Option<Document>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let root = files.first().expect("a root file").0;
    let tree = load_texts(root, files.iter().copied(), Limits::default(), &mut diagnostics).expect("a tree");
    let document = parse(&tree, &mut diagnostics);
    (document, diagnostics)
}

/// Each finding in a line: code, severity, position, message, help.
fn lines(diagnostics: &Diagnostics) -> Vec<String> {
    let line = |finding: crate::diagnostics::Diagnostic| {
        let place = finding.place.expect("a place").start;
        let help = finding.help.map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{} {}:{} {}{help}", finding.code.as_str(), place.line, place.column, finding.message)
    };
    diagnostics.sorted().into_iter().map(line).collect()
}

/// A description that must have no findings.
fn clean(files: &[(&str, &str)]) -> Document {
    let (document, diagnostics) = parse_files(files);
    assert_eq!(lines(&diagnostics), Vec::<String>::new());
    document.expect("a document")
}

/// The findings about a description.
fn findings(text: &str) -> Vec<String> {
    lines(&parse_files(&[("openapi.yaml", text)]).1)
}

/// A description around `rest`, which starts at line 3.
fn around(rest: &str) -> String {
    format!("openapi: 3.0.4\ninfo: {{title: Test, version: '1'}}\n{rest}")
}

/// A description with one operation, whose keys are `operation` in the flow style of YAML; on line 5.
fn with_operation(operation: &str) -> String {
    around(&format!("paths:\n  /a:\n    get: {{{operation}}}\n"))
}

/// A description with one schema, whose keys are `schema` in the flow style of YAML; on line 6.
fn with_schema(schema: &str) -> String {
    around(&format!("paths: {{}}\ncomponents:\n  schemas:\n    A: {{{schema}}}\n"))
}

fn operation(text: &str) -> Operation {
    let document = clean(&[("openapi.yaml", text)]);
    document.operations.into_iter().next().expect("an operation")
}

fn schema_of<'document>(document: &'document Document, reference: &SchemaRef) -> &'document Schema {
    document.schemas.get(reference.id).expect("every id names a schema")
}

fn component<'document>(document: &'document Document, name: &str) -> &'document Schema {
    let found = document.components.schemas.iter().find(|schema| schema.name == name);
    schema_of(document, &found.expect("a component").value)
}

fn names(parameters: &[Parameter]) -> Vec<&str> {
    parameters.iter().map(|parameter| parameter.name.value.as_str()).collect()
}
