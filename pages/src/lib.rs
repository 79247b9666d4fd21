//! Turns API pages of a vendor's documentation into OpenAPI drafts.
//!
//! | stage | module | from | to |
//! | --- | --- | --- | --- |
//! | read | [`read`](mod@read) | Markdown with HTML tables | [`read::Page`] |
//! | extract | [`extract`](mod@extract) | `Page` | [`facts::Endpoint`]s |
//! | draft | [`draft`](mod@draft) | `Endpoint`s | an OpenAPI 3.0 document |
//!
//! What the pages leave open or contradict goes into the
//! [`Diagnostics`](clientsmith_generator::diagnostics::Diagnostics) of the generator, with the page's line.

pub mod columns;
pub mod draft;
pub mod endpoint;
mod examples;
pub mod extract;
pub mod facts;
mod fields;
pub mod limits;
pub mod read;
mod tables;
pub mod types;
pub mod uri;
