//! Any JSON value under a name that the description gives it: a newtype, whose code is the runtime's.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::syntax::{docs, ident};
use super::words::describe;
use crate::ir::{TypeDefinition, TypeId};

impl Context<'_> {
    /// The items of a type of which only the name is known.
    pub(super) fn any(&self, id: TypeId, definition: &TypeDefinition) -> Vec<TokenStream> {
        let Some(names) = self.names.ty(id) else { return Vec::new() };
        let name = ident(&names.name);
        let about = docs(&describe(&definition.docs, "Any JSON value", None, None));
        vec![
            quote! {
                #about
                #[derive(Clone, Debug, PartialEq)]
                pub struct #name(clientsmith_runtime::Json);
            },
            quote!(clientsmith_runtime::any_json!(#name);),
        ]
    }
}
