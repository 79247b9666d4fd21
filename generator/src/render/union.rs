//! Unions: an enum with a variant per member, and one for what fits none.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::syntax::{Here, docs, holds_integer, ident};
use super::words::describe;
use crate::ir::{JsonKind, Member, PropertyShape, Type, TypeDefinition, TypeId, TypeKind, Union};

impl Context<'_> {
    /// The items of a union.
    pub(super) fn union(
        &self,
        id: TypeId,
        definition: &TypeDefinition,
        union: &Union,
        here: Here,
    ) -> Vec<TokenStream> {
        let Some(names) = self.names.ty(id) else { return Vec::new() };
        let members = union.members.as_slice();
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
        let looks = members.iter().map(look);
        let discriminator = discriminator(union);
        let arms: Vec<_> = variants
            .iter()
            .zip(members)
            .map(|(variant, member)| {
                if holds_integer(&member.ty) {
                    quote!(union::integers(json).map(Self::#variant))
                } else {
                    quote!(serde_json::from_str(json).map(Self::#variant))
                }
            })
            .collect();
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
        let written = members.iter().map(|member| match self.undeclared_tag(union, member) {
            Some((property, tag)) => quote!(union::serialize_tagged(value, #property, #tag, serializer)),
            None => quote!(value.serialize(serializer)),
        });
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
                    const MEMBERS: &'static [union::Member] = &[#(#looks),*];
                    #discriminator
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
                            #(Self::#variants(value) => #written,)*
                            Self::Unrecognized(value) => value.serialize(serializer),
                        }
                    }
                }
            },
        ]
    }
}

impl Context<'_> {
    /// The property that chooses the member, and its text for this one, where the member does not declare it. A member that
    /// forbids undeclared properties cannot have it.
    fn undeclared_tag<'u>(&self, union: &'u Union, member: &'u Member) -> Option<(&'u str, &'u str)> {
        let (property, tag) = (union.discriminator.as_deref()?, member.tags.first()?);
        let Type::Named(id) = &member.ty else { return None };
        let TypeKind::Record(record) = &self.api.ty(*id)?.kind else { return None };
        let declares = record.fields.iter().any(|field| field.name == property);
        (!declares && record.is_open).then_some((property, tag))
    }
}

/// What a member looks like.
fn look(member: &Member) -> TokenStream {
    let kinds = kinds(&member.kinds);
    let nested = member.is_nested.then(|| quote!(.nested()));
    let shapes = (!member.shapes.is_empty()).then(|| {
        let shapes = member.shapes.iter().map(|shape| {
            let properties = shape.iter().map(property);
            quote!(&[#(#properties),*])
        });
        quote!(.shaped(&[#(#shapes),*]))
    });
    quote!(union::Member::new(#kinds)#nested #shapes)
}

fn property(property: &PropertyShape) -> TokenStream {
    let (name, kinds) = (&property.name, kinds(&property.kinds));
    let presence = if property.required { quote!(required) } else { quote!(optional) };
    let values = &property.values;
    let named = (!values.is_empty()).then(|| quote!(.named(&[#(#values),*])));
    quote!(union::Property::#presence(#name, #kinds)#named)
}

/// The property that chooses the member, and the texts that stand for each.
fn discriminator(union: &Union) -> Option<TokenStream> {
    let property = union.discriminator.as_ref()?;
    let tags = union.members.iter().enumerate().flat_map(|(index, member)| {
        let index = Literal::usize_unsuffixed(index);
        member.tags.iter().map(move |tag| quote!((#tag, #index)))
    });
    Some(quote! {
        const DISCRIMINATOR: Option<union::Discriminator> =
            Some(union::Discriminator { property: #property, tags: &[#(#tags),*] });
    })
}

fn kinds(kinds: &[JsonKind]) -> TokenStream {
    let all = [
        JsonKind::Null,
        JsonKind::Boolean,
        JsonKind::Number,
        JsonKind::String,
        JsonKind::Array,
        JsonKind::Object,
    ];
    if all.iter().all(|kind| kinds.contains(kind)) {
        return quote!(Kinds::ANY);
    }
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
