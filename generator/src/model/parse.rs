//! Stage parse, from the tree to a [`Document`]: what all parts of it share.
//!
//! A part of the description is read by one function, which takes its node as a [`Part`], checks its keys against the
//! table of keywords and reports all that is wrong with it. What cannot be used is dropped, as little as possible, so that
//! everything else is read and all findings come at once.
//!
//! References are followed where the kind of object is known. Schemas refer to each other in circles, so they are only
//! noted where they are used and read one after the other at the end.

mod content;
mod document;
mod extensions;
mod keys;
mod link;
mod operation;
mod parameter;
mod reader;
mod resolve;
mod response;
mod schema;
mod security;
#[cfg(test)]
mod tests;

use super::keywords::Version;
use super::{Document, Header, Parameter, RequestBody, Response};
use crate::diagnostics::{Code, Diagnostics};
use crate::source::{Object, Tree};
use reader::Part;
use resolve::{Ends, Shared};
use schema::Schemas;

/// Parses a description.
///
/// `None` when it is of no supported version or no object at all. Otherwise the document holds what could be used, and
/// [`Diagnostics::has_errors`] tells whether something had to be left out.
pub fn parse(tree: &Tree, diagnostics: &mut Diagnostics) -> Option<Document> {
    let root = Part::root(tree)?;
    let Some(object) = root.node.as_object() else {
        let message = format!("an OpenAPI description is an object, and this is {}", root.node.kind());
        diagnostics.report(Code::Version, root.node.place, message);
        return None;
    };
    let version = version(object, &root, diagnostics)?;
    let mut parser = Parser {
        tree,
        diagnostics,
        version,
        schemas: Schemas::default(),
        ends: Ends::new(),
        parameters: Shared::new(),
        headers: Shared::new(),
        request_bodies: Shared::new(),
        responses: Shared::new(),
        is_in_callback: false,
    };
    parser.document(&root)
}

/// What reads the parts of one description.
struct Parser<'tree, 'report> {
    tree: &'tree Tree,
    diagnostics: &'report mut Diagnostics,
    version: Version,
    schemas: Schemas<'tree>,
    ends: Ends<'tree>,
    parameters: Shared<Parameter>,
    headers: Shared<Header>,
    request_bodies: Shared<RequestBody>,
    responses: Shared<Response>,
    /// Whether what is read is a request of a callback.
    is_in_callback: bool,
}

/// The version that the document declares, when it is supported.
fn version(object: &Object, root: &Part<'_>, diagnostics: &mut Diagnostics) -> Option<Version> {
    let supported: Vec<_> = Version::SUPPORTED.iter().map(|version| version.as_str()).collect();
    let help = format!("OpenAPI {} is supported", supported.join(" and "));
    if let Some(node) = object.get("openapi") {
        let text = node.scalar_text().unwrap_or_default();
        let version = Version::of(&text).filter(|version| Version::SUPPORTED.contains(version));
        if version.is_none() {
            let message = match node.scalar_text() {
                Some(_) => format!("OpenAPI `{text}` is not supported"),
                None => format!("`openapi` must be a version such as `3.0.4`, and this is {}", node.kind()),
            };
            diagnostics.report(Code::Version, node.place, message).help(help);
        }
        return version;
    }
    match object.get("swagger") {
        Some(node) => {
            let text = node.scalar_text().unwrap_or_default();
            diagnostics
                .report(Code::Version, node.place, format!("Swagger `{text}` is not supported"))
                .help(help);
        }
        None => {
            diagnostics
                .report(
                    Code::Version,
                    root.node.place,
                    "this is no OpenAPI description: it has no key `openapi`",
                )
                .help(help);
        }
    }
    None
}
