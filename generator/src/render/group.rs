//! A group: the handle with a method per operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::syntax::{Here, docs, ident, inner_docs};
use super::words::{see, sentence};
use super::{Context, FileContent, RenderedFile};
use crate::ir::GroupId;

impl Context<'_> {
    /// `src/<group>/mod.rs`.
    pub(super) fn group_file(&self, id: GroupId) -> Option<RenderedFile> {
        let (group, names) = (self.api.group(id)?, self.names.group(id)?);
        let handle = ident(&names.handle);
        let about = match &group.description {
            Some(description) => sentence(description),
            None => format!("The operations of the group `{}`.", group.name.replace('`', "'")),
        };
        let about = match &group.external {
            Some(external) => format!("{about}\n\n{}", see(external)),
            None => about,
        };
        let mut modules = Vec::new();
        let mut exports = Vec::new();
        let mut methods = Vec::new();
        for rendering in group.operations.iter().filter_map(|id| self.rendering(*id)) {
            let (module, builder) = (ident(&rendering.names.method), &rendering.builder);
            let expectation = inception_expectation(&rendering.names.method, &names.module);
            modules.push(quote!(#expectation pub(crate) mod #module;));
            let mut exported = vec![quote!(#builder)];
            exported.extend(rendering.arguments_name().map(|name| quote!(#name)));
            exported.extend(operation_exports(&rendering).into_iter().map(|name| quote!(#name)));
            exports.push(quote!(pub use #module::{#(#exported),*};));
            let arguments = self.arguments(&rendering, Here::Crate);
            let passed: Vec<TokenStream> = match rendering.arguments_name() {
                Some(_) => vec![quote!(arguments)],
                None => rendering
                    .required
                    .iter()
                    .map(|required| &required.name)
                    .map(|name| quote!(#name))
                    .collect(),
            };
            let about = docs(&rendering.summary());
            let deprecated = super::deprecated(rendering.operation.docs.deprecated);
            methods.push(quote! {
                #about
                #deprecated
                pub fn #module(&self, #(#arguments),*) -> #builder {
                    #builder::new(&self.core, #(#passed),*)
                }
            });
        }
        let types = (!self.types_in(Some(id)).is_empty()).then(|| {
            quote!(
                pub(crate) mod types;
            )
        });
        let callbacks = self.callback_modules(id);
        let pieces = vec![
            inner_docs(&about),
            quote!(#(#modules)* #types #(pub mod #callbacks;)*),
            quote!(
                use clientsmith_runtime::Core;
            ),
            quote!(#(#exports)*),
            {
                let about = docs(&about);
                quote! {
                    #about
                    #[derive(Clone, Debug)]
                    pub struct #handle {
                        core: Core,
                    }
                }
            },
            quote! {
                impl #handle {
                    pub(crate) fn new(core: Core) -> Self {
                        Self { core }
                    }
                    #(#methods)*
                }
            },
        ];
        Some(RenderedFile {
            path: format!("src/{}/mod.rs", names.module),
            content: FileContent::Rust(pieces),
        })
    }
}

/// What the module of an operation defines besides the builder and its arguments.
fn operation_exports(rendering: &super::operation::Rendering<'_>) -> Vec<proc_macro2::Ident> {
    let builder = &rendering.names.builder;
    let mut exports = Context::body_exports(rendering.operation, rendering.names);
    if rendering.has_links() {
        exports.push(format_ident!("{builder}Links"));
    }
    if rendering.has_own_outcome() {
        exports.push(format_ident!("{builder}Outcome"));
    }
    if rendering.has_own_failure() {
        exports.push(format_ident!("{builder}Failure"));
    }
    exports
}

/// The lint expectation for the module of an operation that is called like its group.
fn inception_expectation(module: &str, group: &str) -> Option<TokenStream> {
    (module == group).then(|| {
        quote! { #[expect(clippy::module_inception, reason = "the description calls the operation like its group")] }
    })
}
