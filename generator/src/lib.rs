//! Turns an OpenAPI description into a Rust client crate.
//!
//! | stage | module | from | to |
//! | --- | --- | --- | --- |
//! | read | [`source`] | files | [`source::Tree`] |
//! | parse | [`model`] | `Tree` | [`model::Document`] |
//! | lower | [`lower`] | `Document` | [`ir::Api`] |
//! | name | [`name`] | `Api` | [`name::Names`] |
//! | render | [`render`] | `Api`, `Names` | [`render::RenderedFile`]s |
//! | write | [`write`](mod@write) | `RenderedFile`s | files |
//!
//! Every stage reports into one [`diagnostics::Diagnostics`]; after one that found errors no other runs.
//!
//! ```no_run
//! use clientsmith_generator::Generator;
//!
//! let generation = Generator::new("openapi.yaml").name("petstore").generate("petstore");
//! eprint!("{}", generation.diagnostics.render(false));
//! ```

mod build_script;
pub mod diagnostics;
mod generator;
pub mod ir;
pub mod lower;
pub mod model;
pub mod name;
pub mod render;
pub mod source;
pub mod write;

use std::path::Path;

use diagnostics::Diagnostics;
use ir::Api;
use name::Names;
use source::{Limits, Tree};

pub use generator::{Generation, Generator, Outcome};

/// A description that went through all stages up to names.
#[derive(Debug)]
pub struct Understood {
    /// The files.
    pub tree: Tree,
    /// What the client can do.
    pub api: Api,
    /// What its parts are called.
    pub names: Names,
}

/// Runs the stages from read to name. `None` when there are errors.
#[must_use]
pub fn understand(spec: &Path, diagnostics: &mut Diagnostics) -> Option<Understood> {
    let tree = source::load(spec, Limits::default(), diagnostics)?;
    let document = stop_at_errors(model::parse(&tree, diagnostics), diagnostics)?;
    let api = stop_at_errors(Some(lower::lower(&document, diagnostics)), diagnostics)?;
    let names = stop_at_errors(Some(name::name(&api, diagnostics)), diagnostics)?;
    Some(Understood { tree, api, names })
}

fn stop_at_errors<T>(result: Option<T>, diagnostics: &Diagnostics) -> Option<T> {
    result.filter(|_| !diagnostics.has_errors())
}
