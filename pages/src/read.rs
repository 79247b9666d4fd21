//! Stage read: a page in Markdown or reStructuredText becomes a [`Page`] of blocks, each with its line.
//!
//! Markdown is read by `pulldown-cmark`; the tables of the pages are HTML and are read by the tokenizer of `html5ever`.
//! reStructuredText, which no maintained library reads with its tables, is read here, as far as API pages use it.

mod above;
mod html;
mod markdown;
mod page;
mod rst;

pub(crate) use above::caption;
pub use page::{Block, Caption, Cell, Content, Link, Page, Row, Table, Text};

use std::path::Path;
use std::sync::Arc;

use clientsmith_generator::diagnostics::Diagnostics;

/// The extensions of the files that are pages.
pub const EXTENSIONS: &[&str] = &["md", "rst"];

/// Reads a page, as reStructuredText when its extension is `rst` and else as Markdown. `path` is shown in findings as it is.
#[must_use]
pub fn read(path: &Path, text: &str, diagnostics: &mut Diagnostics) -> Page {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = diagnostics.add_text(path, Arc::from(text));
    let is_rst = path.extension().is_some_and(|extension| extension == "rst");
    let blocks = if is_rst { rst::blocks(text) } else { markdown::blocks(text) };
    let title = blocks
        .iter()
        .find_map(|block| match &block.content {
            Content::Heading { text, .. } => Some(text.clone()),
            _ => None,
        })
        .unwrap_or_default();
    Page { file, title, blocks }
}
