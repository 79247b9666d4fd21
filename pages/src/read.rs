//! Stage read: a page in Markdown becomes a [`Page`] of blocks, each with its line.
//!
//! Markdown is read by `pulldown-cmark`; the tables of the pages are HTML and are read by the tokenizer of `html5ever`.

mod html;
mod markdown;
mod page;

pub use page::{Block, Caption, Cell, Content, Link, Page, Row, Table, Text};

use std::path::Path;
use std::sync::Arc;

use clientsmith_generator::diagnostics::Diagnostics;

/// Reads a page. `path` is shown in findings as it is.
#[must_use]
pub fn read(path: &Path, text: &str, diagnostics: &mut Diagnostics) -> Page {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = diagnostics.add_text(path, Arc::from(text));
    let blocks = markdown::blocks(text);
    let title = blocks
        .iter()
        .find_map(|block| match &block.content {
            Content::Heading { text, .. } => Some(text.clone()),
            _ => None,
        })
        .unwrap_or_default();
    Page { file, title, blocks }
}
