//! Unions: an enum with a variant per member, and one for what fits none.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::syntax::{Here, docs, ident};
use super::words::describe;
use crate::ir::{JsonKind, Member, TypeDefinition, TypeId};

impl Context<'_> {
    /// The items of a union.
    pub(super) fn union(
        &self,
        id: TypeId,
        definition: &TypeDefinition,
        members: &[Member],
        here: Here,
    ) -> Vec<TokenStream> {
        let Some(names) = self.names.ty(id) else { return Vec::new() };
        let name = ident(&names.name);
        let variants: Vec<_> = names.members.iter().map(|member| ident(member)).collect();
        let types: Vec<_> = members
            .iter()
            .map(|member| {
                let ty = self.ty(&member.ty, here);
                if member.boxed { quote!(Box<#ty>) } else { ty }
            })
            .collect();
        let declared = variants.iter().zip(members).zip(&types).map(|((variant, member), ty)| {
            let about =
                docs(member.description.as_deref().unwrap_or("One of the forms that the value may have."));
            quote!(#about #variant(#ty))
        });
        let about = docs(&describe(&definition.docs, "One of several types", None, None));
        let kinds = members.iter().map(|member| kinds(&member.kinds));
        let arms: Vec<_> =
            variants.iter().map(|variant| quote!(serde_json::from_str(json).map(Self::#variant))).collect();
        let member = match arms.as_slice() {
            [] => quote!(
                fn member(_: usize, json: &str) -> Result<Self, serde_json::Error> {
                    serde_json::from_str(json).map(Self::Unrecognized)
                }
            ),
            [only] => quote!(fn member(_: usize, json: &str) -> Result<Self, serde_json::Error> { #only }),
            [rest @ .., last] => {
                let indexes = (0..rest.len()).map(Literal::usize_unsuffixed);
                quote! {
                    fn member(index: usize, json: &str) -> Result<Self, serde_json::Error> {
                        match index {
                            #(#indexes => #rest,)*
                            _ => #last,
                        }
                    }
                }
            }
        };
        vec![
            quote! {
                #about
                #[derive(Clone, Debug, PartialEq)]
                #[non_exhaustive]
                pub enum #name {
                    #(#declared,)*
                    #[doc = " A value that has none of the described forms, as it came."]
                    Unrecognized(Json),
                }
            },
            quote! {
                impl Union for #name {
                    const MEMBERS: &'static [Kinds] = &[#(#kinds),*];
                    #member
                    fn unrecognized(json: Json) -> Self {
                        Self::Unrecognized(json)
                    }
                }
            },
            quote! {
                impl<'de> Deserialize<'de> for #name {
                    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        union::deserialize(deserializer)
                    }
                }
            },
            quote! {
                impl Serialize for #name {
                    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        match self {
                            #(Self::#variants(value) => value.serialize(serializer),)*
                            Self::Unrecognized(value) => value.serialize(serializer),
                        }
                    }
                }
            },
        ]
    }
}

fn kinds(kinds: &[JsonKind]) -> TokenStream {
    let constants = kinds.iter().map(|kind| match kind {
        JsonKind::Null => quote!(Kinds::NULL),
        JsonKind::Boolean => quote!(Kinds::BOOLEAN),
        JsonKind::Integer => quote!(Kinds::INTEGER),
        JsonKind::Number => quote!(Kinds::NUMBER),
        JsonKind::String => quote!(Kinds::STRING),
        JsonKind::Array => quote!(Kinds::ARRAY),
        JsonKind::Object => quote!(Kinds::OBJECT),
    });
    constants.reduce(|all, one| quote!(#all.or(#one))).unwrap_or_else(|| quote!(Kinds::ANY))
}
