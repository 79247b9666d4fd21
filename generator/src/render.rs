//! Stage render: the IR and its names become token streams, a file each.
//!
//! Only this stage knows Rust syntax. It never looks at the document.
//!
//! | file of the client | module |
//! | --- | --- |
//! | `Cargo.toml`, `README.md`, `src/lib.rs` | `package` |
//! | `src/api.rs`: the API as static data | `descriptor` |
//! | `src/client.rs`, `src/auth.rs` | `client`, `auth` |
//! | `src/<group>/mod.rs` | `group` |
//! | `src/<group>/<operation>.rs` | `operation`, `body`, `outcome`, `links`, `paging`, `descriptor` |
//! | `src/<group>/<operation>_callbacks.rs` | `callbacks` |
//! | `src/response_headers.rs` | `headers` |
//! | `src/<group>/types.rs`, `src/shared.rs` | `types`: `record`, `enumeration`, `union` |
//! | `tests/examples/`, `examples/first_call.rs` | `examples` |

mod any;
mod auth;
mod body;
mod callbacks;
mod client;
pub mod command;
mod credentials;
mod descriptor;
pub mod docs;
mod enumeration;
mod examples;
mod group;
mod headers;
mod links;
mod operation;
mod outcome;
mod package;
mod paging;
mod readme;
mod record;
mod syntax;
mod types;
mod union;
mod words;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

pub use self::types::only_types;
use crate::ir::{Api, OperationId};
use crate::name::Names;

/// A file of the output, not yet formatted.
#[derive(Clone, Debug)]
pub struct RenderedFile {
    /// The path below the output folder, with `/` between its parts.
    pub path: String,
    /// What it holds.
    pub content: FileContent,
}

/// What a file of the output holds.
#[derive(Clone, Debug)]
pub enum FileContent {
    /// Rust: pieces of whole items that are formatted one by one and stand with an empty line between. Inner attributes
    /// (the docs of the module) are a piece of their own, the first.
    Rust(Vec<TokenStream>),
    /// Anything else, as it is.
    Text(String),
}

/// What the description does not say about the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageOptions {
    /// The name of the package.
    pub name: String,
    /// Where its runtime comes from.
    pub runtime: RuntimeDependency,
    /// Whether it stands below a workspace that it is no member of, and so has to be a workspace of its own.
    pub is_own_workspace: bool,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
}

/// Where the runtime of a generated package comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeDependency {
    /// A folder, relative to the package, or absolute; `/` between its parts.
    Path(String),
    /// Exactly this published version.
    Version(String),
}

impl PackageOptions {
    /// The name of the library, as `use` has it.
    #[must_use]
    pub fn library(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// Renders a client crate.
#[must_use]
pub fn render(api: &Api, names: &Names, options: &PackageOptions) -> Vec<RenderedFile> {
    let context = Context::new(api, names, options);
    let mut files = vec![
        context.cargo_toml(),
        context.readme(),
        context.lib_file(),
        context.api_file(),
        context.client_file(),
    ];
    files.extend(context.auth_file());
    files.extend(context.headers_file());
    files.extend(context.types_file(None));
    for group in api.group_ids() {
        files.extend(context.group_file(group));
        files.extend(context.types_file(Some(group)));
        let operations = api.group(group).map(|group| group.operations.as_slice()).unwrap_or_default();
        files.extend(operations.iter().filter_map(|id| context.operation_file(*id)));
        files.extend(operations.iter().filter_map(|id| context.callbacks_file(*id)));
    }
    files.extend(context.example_tests());
    files.extend(context.example_program());
    files
}

/// What all parts of the stage read.
struct Context<'a> {
    api: &'a Api,
    names: &'a Names,
    options: &'a PackageOptions,
    /// The operations that links lead to.
    link_targets: BTreeSet<OperationId>,
}

impl<'a> Context<'a> {
    fn new(api: &'a Api, names: &'a Names, options: &'a PackageOptions) -> Self {
        let links = api.operations.iter().flat_map(|operation| &operation.links);
        Self { api, names, options, link_targets: links.map(|link| link.operation).collect() }
    }
}

/// The attribute of a method that should not be used any more. Types say it in their docs: the attribute would warn at
/// every use inside the generated crate itself.
fn deprecated(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated.then(|| quote!(#[deprecated]))
}
