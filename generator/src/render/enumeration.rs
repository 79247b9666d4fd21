//! Enums: the values that the description names, and an opaque variant for all others.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::syntax::{docs, ident};
use super::words::describe;
use crate::ir::{EnumValue, TypeDefinition, TypeId};

impl Context<'_> {
    /// The items of an enum of texts.
    pub(super) fn text_enum(
        &self,
        id: TypeId,
        definition: &TypeDefinition,
        values: &[EnumValue<String>],
    ) -> Vec<TokenStream> {
        let Some(names) = self.names.ty(id) else { return Vec::new() };
        let name = ident(&names.name);
        let variants: Vec<_> = names.members.iter().map(|member| ident(member)).collect();
        let wire: Vec<_> = values.iter().map(|value| value.value.as_str()).collect();
        let declared = variants.iter().zip(values).map(|(variant, value)| {
            let about = docs(
                value.description.as_deref().unwrap_or(&format!("`{}`.", value.value.replace('`', "'"))),
            );
            quote!(#about #variant)
        });
        let about = docs(&describe(&definition.docs, "One of several texts", None, None));
        let mut items = vec![
            quote! {
                #about
                #[derive(Clone, Debug, PartialEq, Eq, Hash)]
                #[non_exhaustive]
                pub enum #name {
                    #(#declared,)*
                    #[doc = " A value that the description does not name."]
                    Unrecognized(UnrecognizedText),
                }
            },
            quote! {
                impl #name {
                    #[doc = " The values that the description names."]
                    pub const VALUES: &'static [&'static str] = &[#(#wire),*];

                    #[doc = " The value as it is on the wire."]
                    #[must_use]
                    pub fn as_str(&self) -> &str {
                        match self {
                            #(Self::#variants => #wire,)*
                            Self::Unrecognized(text) => text.as_str(),
                        }
                    }
                }
            },
            quote! {
                impl From<&str> for #name {
                    fn from(text: &str) -> Self {
                        match text {
                            #(#wire => Self::#variants,)*
                            _ => Self::Unrecognized(UnrecognizedText::new(text)),
                        }
                    }
                }
            },
            quote! {
                impl std::fmt::Display for #name {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.pad(self.as_str())
                    }
                }
            },
            quote! {
                impl<'de> Deserialize<'de> for #name {
                    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        enumeration::deserialize_text(deserializer)
                    }
                }
            },
            quote! {
                impl Serialize for #name {
                    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        serializer.serialize_str(self.as_str())
                    }
                }
            },
        ];
        if definition.in_parameter {
            items.push(quote! {
                impl From<#name> for clientsmith_runtime::ParameterValue {
                    fn from(value: #name) -> Self {
                        Self::from(value.as_str())
                    }
                }
            });
        }
        items
    }

    /// The items of an enum of integers.
    pub(super) fn integer_enum(
        &self,
        id: TypeId,
        definition: &TypeDefinition,
        values: &[EnumValue<i64>],
    ) -> Vec<TokenStream> {
        let Some(names) = self.names.ty(id) else { return Vec::new() };
        let name = ident(&names.name);
        let variants: Vec<_> = names.members.iter().map(|member| ident(member)).collect();
        let wire: Vec<_> = values.iter().map(|value| Literal::i64_unsuffixed(value.value)).collect();
        let labels: Vec<_> = values
            .iter()
            .zip(&names.members)
            .map(|(value, member)| value.name.as_deref().unwrap_or(member.as_str()))
            .collect();
        let declared = variants.iter().zip(values).map(|(variant, value)| {
            let about = match &value.description {
                Some(description) => format!("`{}`: {description}", value.value),
                None => format!("`{}`.", value.value),
            };
            let about = docs(&about);
            quote!(#about #variant)
        });
        let about = docs(&describe(&definition.docs, "One of several integers", None, None));
        let mut items = vec![
            quote! {
                #about
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                #[non_exhaustive]
                pub enum #name {
                    #(#declared,)*
                    #[doc = " A value that the description does not name."]
                    Unrecognized(UnrecognizedInteger),
                }
            },
            quote! {
                impl #name {
                    #[doc = " The values that the description names."]
                    pub const VALUES: &'static [i64] = &[#(#wire),*];

                    #[doc = " The value as it is on the wire."]
                    #[must_use]
                    pub const fn value(self) -> i64 {
                        match self {
                            #(Self::#variants => #wire,)*
                            Self::Unrecognized(value) => value.value(),
                        }
                    }

                    #[doc = " The name that the description gives the value."]
                    #[must_use]
                    pub const fn name(self) -> Option<&'static str> {
                        match self {
                            #(Self::#variants => Some(#labels),)*
                            Self::Unrecognized(_) => None,
                        }
                    }
                }
            },
            quote! {
                impl From<i64> for #name {
                    fn from(value: i64) -> Self {
                        match value {
                            #(#wire => Self::#variants,)*
                            _ => Self::Unrecognized(UnrecognizedInteger::new(value)),
                        }
                    }
                }
            },
            quote! {
                impl std::fmt::Display for #name {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        match self.name() {
                            Some(name) => f.pad(name),
                            None => f.pad(&self.value().to_string()),
                        }
                    }
                }
            },
            quote! {
                impl<'de> Deserialize<'de> for #name {
                    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        enumeration::deserialize_integer(deserializer)
                    }
                }
            },
            quote! {
                impl Serialize for #name {
                    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        serializer.serialize_i64(self.value())
                    }
                }
            },
        ];
        if definition.in_parameter {
            items.push(quote! {
                impl From<#name> for clientsmith_runtime::ParameterValue {
                    fn from(value: #name) -> Self {
                        Self::from(value.value())
                    }
                }
            });
        }
        items
    }
}
