//! Turns an OpenAPI description into a Rust client crate.
//!
//! | stage | module | from | to |
//! | --- | --- | --- | --- |
//! | read | [`source`] | files | [`source::Tree`] |
//! | parse | [`model`] | `Tree` | [`model::Document`] |
//! | lower | [`lower`] | `Document` | [`ir::Api`] |
//! | name | [`name`] | `Api` | [`name::Names`] |
//! | prune | [`prune`](mod@prune) | `Api`, `Names` of all | those of what is selected |
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
pub mod prune;
pub mod render;
pub mod source;
pub mod write;

use std::path::Path;

use diagnostics::Diagnostics;
use ir::{Api, Untyped};
use name::Names;
use source::{Limits, Tree};

pub use generator::{Generation, Generator, Outcome};
pub use lower::Selection;

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

impl Understood {
    /// The uses of schemas that are rendered as free JSON although they say what their values are, each with its
    /// `file:line:column`.
    #[must_use]
    pub fn untyped(&self) -> Vec<(String, Untyped)> {
        let location = |untyped: &Untyped| {
            let path = self.tree.file(untyped.place.file).map(|file| file.path.display().to_string());
            let start = untyped.place.start;
            format!("{}:{}:{}", path.unwrap_or_default(), start.line, start.column)
        };
        self.api.untyped.iter().map(|untyped| (location(untyped), untyped.clone())).collect()
    }
}

/// Runs the stages from read to name. `None` when there are errors.
#[must_use]
pub fn understand(spec: &Path, diagnostics: &mut Diagnostics) -> Option<Understood> {
    understand_selected(spec, &Selection::default(), diagnostics)
}

/// Runs the stages from read to prune. `None` when there are errors; those of parts that are left out are none, unless
/// they cannot be read.
#[must_use]
pub fn understand_selected(
    spec: &Path,
    selection: &Selection,
    diagnostics: &mut Diagnostics,
) -> Option<Understood> {
    let tree = source::load(spec, Limits::default(), diagnostics)?;
    let document = stop_at_errors(model::parse(&tree, diagnostics), diagnostics)?;
    let lowered = lower::lower_selected(&document, selection, diagnostics);
    let mut api = stop_at_errors(Some(lowered), diagnostics)?;
    let mut names = stop_at_errors(Some(name::name(&api, diagnostics)), diagnostics)?;
    prune::prune(&mut api, &mut names);
    Some(Understood { tree, api, names })
}

fn stop_at_errors<T>(result: Option<T>, diagnostics: &Diagnostics) -> Option<T> {
    result.filter(|_| !diagnostics.has_errors())
}
