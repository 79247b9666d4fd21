//! Turns API pages of a vendor's documentation into OpenAPI drafts, and compares descriptions with them.
//!
//! | stage | module | from | to |
//! | --- | --- | --- | --- |
//! | read | [`read`](mod@read) | Markdown with HTML tables, or reStructuredText | [`read::Page`] |
//! | extract | [`extract`](mod@extract) | `Page` | [`facts::Endpoint`]s |
//! | draft | [`draft`](mod@draft) | `Endpoint`s | an OpenAPI 3.0 document |
//! | verify | [`verify`](mod@verify) | `Endpoint`s and a description | [`verify::Verification`] |
//!
//! What the pages leave open or contradict goes into the
//! [`Diagnostics`] of the generator, with the page's line.

pub mod columns;
pub mod draft;
pub mod drift;
pub mod endpoint;
mod examples;
pub mod extract;
pub mod facts;
mod fields;
pub mod limits;
mod merge;
mod part;
pub mod read;
pub mod sections;
mod tables;
pub mod types;
pub mod uri;
pub mod verify;
mod words;

use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use openapiv3::OpenAPI;

pub use draft::{Descriptions, Format, WriteError};

/// What came of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// How many endpoints the page describes.
    pub endpoints: usize,
    /// The draft of them.
    pub document: OpenAPI,
}

/// Runs all stages over the text of a page. `None` when it describes no endpoint, which is not reported. `name` is what the
/// operations call their page, `path` what findings show.
#[must_use]
pub fn import(
    name: &str,
    path: &Path,
    text: &str,
    descriptions: Descriptions,
    diagnostics: &mut Diagnostics,
) -> Option<Imported> {
    let page = read::read(path, text, diagnostics);
    let endpoints = extract::extract(&page, diagnostics);
    let document = draft::draft(&page, name, &endpoints, descriptions, diagnostics);
    (!endpoints.is_empty()).then_some(Imported { endpoints: endpoints.len(), document })
}
