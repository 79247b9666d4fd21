//! Links: a trait with what can be asked when an operation has answered.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Context;
use super::operation::{Rendering, Required};
use super::syntax::{Here, docs, ident, raw_docs, struct_link};

impl Context<'_> {
    /// The trait with a method per link, on the answers of this operation.
    pub(super) fn links(&self, rendering: &Rendering<'_>) -> Vec<TokenStream> {
        let operation = rendering.operation;
        if !rendering.has_links() {
            return Vec::new();
        }
        let name = format_ident!("{}Links", rendering.names.builder);
        let value = &rendering.success.ty;
        let mut declared = Vec::new();
        let mut implemented = Vec::new();
        for (link, link_name) in operation.links.iter().zip(&rendering.names.links) {
            let Some(target) = self.rendering(link.operation) else { continue };
            let group =
                ident(self.names.group(target.operation.group).map_or("", |names| names.module.as_str()));
            let builder = &target.builder;
            let path = quote!(crate::#group);
            let is_missing = |required: &&Required<'_>| match required.parameter {
                Some(index) => !link.arguments.iter().any(|(filled, _)| *filled == index),
                None => link.body.is_none(),
            };
            let missing: Vec<_> = target.required.iter().filter(is_missing).collect();
            let arguments = missing.iter().map(|required| {
                let (name, ty) = (&required.name, self.required_type(&target, required, Here::Crate));
                quote!(#name: #ty)
            });
            let sets: Vec<_> = missing
                .iter()
                .map(|required| {
                    let name = &required.name;
                    match required.parameter {
                        Some(index) => {
                            let set = self.set(target.operation, index, &quote!(#name), true);
                            quote!(call.#set;)
                        }
                        None => {
                            let call = quote!(call);
                            self.set_body(target.operation, target.names, &call, &quote!(#name), false)
                        }
                    }
                })
                .collect();
            let binding = if sets.is_empty() { quote!(call) } else { quote!(mut call) };
            let (method, descriptor) = (ident(link_name), super::descriptor::link_name(link_name));
            let about = docs(link.description.as_deref().unwrap_or("What can be asked next."));
            let signature = quote!(fn #method(&self, #(#arguments),*) -> #path::#builder);
            declared.push(quote!(#about #signature;));
            implemented.push(quote! {
                #signature {
                    let #binding = self.follow(&#descriptor);
                    #(#sets)*
                    #path::#builder::from_call(call)
                }
            });
        }
        if let Some((ty, wait)) = self.wait_of_answer(rendering) {
            let about = docs(
                "Waits for the end of what the call has started; once more, where an earlier wait was given up.",
            );
            let signature = quote!(fn wait(&self) -> #ty);
            declared.push(quote!(#about #signature;));
            implemented.push(quote!(#signature { #wait }));
        }
        let about = raw_docs(&format!(
            "What can be asked when {} has answered. Calls that are made from other answers fail.",
            struct_link(&rendering.names.builder)
        ));
        vec![
            quote! {
                #about
                pub trait #name: sealed::Sealed {
                    #(#declared)*
                }
            },
            quote! {
                impl #name for Response<#value> {
                    #(#implemented)*
                }
            },
            // Nobody else can implement the trait, so that links can be added.
            quote! {
                mod sealed {
                    pub trait Sealed {}
                    impl<T> Sealed for clientsmith_runtime::Response<T> {}
                }
            },
        ]
    }
}
