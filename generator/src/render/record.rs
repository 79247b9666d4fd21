//! Objects with declared properties: a struct, how it is read, and how it is written.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use super::syntax::{Here, docs, holds_integer, ident, raw_docs, setter_expectation, struct_link};
use super::words::describe;
use crate::ir::{Field, JsonKind, Record, Type, TypeDefinition, TypeId};

/// How a field is held, read and written: what the description says of its presence.
enum Presence {
    /// Always there: a `T`.
    Required,
    /// Always there, and may be `null`: an `Option<T>`.
    RequiredNullable,
    /// May be left out: an `Option<T>`. A `null` is read as left out.
    Optional,
    /// May be left out, and any value including `null` may be there: an `Option<Json>`.
    OptionalAny,
    /// May be left out, may be `null`: an `Optional<T>`.
    OptionalNullable,
}

/// A field, ready to be rendered.
struct Rendered<'a> {
    field: &'a Field,
    name: proc_macro2::Ident,
    ty: TokenStream,
    presence: Presence,
}

impl Context<'_> {
    /// The items of a record.
    pub(super) fn record(
        &self,
        id: TypeId,
        definition: &TypeDefinition,
        record: &Record,
        here: Here,
    ) -> Vec<TokenStream> {
        let Some(names) = self.names.ty(id) else { return Vec::new() };
        let name = ident(&names.name);
        let fields: Vec<Rendered<'_>> = record
            .fields
            .iter()
            .zip(&names.members)
            .map(|(field, member)| Rendered {
                field,
                name: ident(member),
                ty: self.field_type(field, here),
                presence: self.presence(field),
            })
            .collect();
        let other = record.is_open.then(|| self.other_type(record, here));
        let partial_is_self = fields.iter().all(|field| !field.presence.is_required());
        let mut items = vec![self.structure(&name, definition, other.as_ref(), &fields, partial_is_self)];
        items.extend(self.constructor(&name, definition, &fields, here));
        let partial_name = if partial_is_self { format_ident!("Self") } else { ident(&names.partial) };
        if !partial_is_self {
            items.push(partial(&name, &partial_name, other.as_ref(), &fields));
        }
        items.push(reading(&name, &partial_name, record, &fields));
        items.push(quote! {
            impl<'de> Deserialize<'de> for #name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    record::deserialize(deserializer)
                }
            }
        });
        items.push(writing(&name, record, &fields));
        items
    }

    fn presence(&self, field: &Field) -> Presence {
        match (field.required, field.nullable) {
            (true, false) => Presence::Required,
            (true, true) => Presence::RequiredNullable,
            (false, _) if self.holds_null(&field.ty) => Presence::OptionalAny,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        }
    }

    /// Whether a field may be left out and may be `null`, and the two are told apart.
    pub(super) fn is_optional_nullable(&self, field: &Field) -> bool {
        matches!(self.presence(field), Presence::OptionalNullable)
    }

    fn holds_null(&self, ty: &Type) -> bool {
        match ty {
            Type::Any => true,
            Type::Named(id) => self.api.ty(*id).is_some_and(|definition| match &definition.kind {
                crate::ir::TypeKind::Union(union) => {
                    union.members.iter().any(|member| member.kinds.contains(&JsonKind::Null))
                }
                crate::ir::TypeKind::Any => true,
                _ => false,
            }),
            _ => false,
        }
    }

    /// The type of a field's value, presence aside.
    fn field_type(&self, field: &Field, here: Here) -> TokenStream {
        let ty = self.ty(&field.ty, here);
        if field.boxed { quote!(Box<#ty>) } else { ty }
    }

    fn structure(
        &self,
        name: &proc_macro2::Ident,
        definition: &TypeDefinition,
        other: Option<&TokenStream>,
        fields: &[Rendered<'_>],
        has_default: bool,
    ) -> TokenStream {
        let about = docs(&describe(&definition.docs, "An object", None, None));
        let default = has_default.then(|| quote!(, Default));
        let declared = fields.iter().map(|rendered| {
            let Rendered { field, name, .. } = rendered;
            let fallback = format!("The property `{}`", field.name.replace('`', "'"));
            let about = docs(&describe(
                &field.docs,
                &fallback,
                Some((&field.limits, &field.ty)),
                field.default.as_deref(),
            ));
            let ty = rendered.held_type();
            quote!(#about pub #name: #ty)
        });
        let other = other.map(|other| {
            quote! {
                #[doc = " Properties that the description does not declare."]
                pub other: #other,
            }
        });
        quote! {
            #about
            #[derive(Clone, Debug #default, PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#declared,)*
                #other
            }
        }
    }

    /// `new` and a setter per optional property, for types that requests contain.
    fn constructor(
        &self,
        name: &proc_macro2::Ident,
        definition: &TypeDefinition,
        fields: &[Rendered<'_>],
        here: Here,
    ) -> Option<TokenStream> {
        if !definition.in_request {
            return None;
        }
        let value = |rendered: &Rendered<'_>| {
            let (argument, value) = self.argument(&rendered.field.ty, &rendered.name, here);
            let value = if rendered.field.boxed { quote!(Box::new(#value)) } else { value };
            match rendered.presence {
                Presence::RequiredNullable => {
                    let ty = &rendered.ty;
                    let name = &rendered.name;
                    (quote!(Option<#ty>), quote!(#name))
                }
                Presence::OptionalNullable => {
                    let ty = &rendered.ty;
                    let name = &rendered.name;
                    (quote!(impl Into<Optional<#ty>>), quote!(#name.into()))
                }
                Presence::Optional | Presence::OptionalAny => (argument, quote!(Some(#value))),
                Presence::Required => (argument, value),
            }
        };
        let required: Vec<_> = fields.iter().filter(|field| field.presence.is_required()).collect();
        let arguments = required.iter().map(|rendered| {
            let (argument, _) = value(rendered);
            let name = &rendered.name;
            quote!(#name: #argument)
        });
        let assigned = fields.iter().map(|rendered| {
            let name = &rendered.name;
            match rendered.presence {
                Presence::Required | Presence::RequiredNullable => {
                    let (_, value) = value(rendered);
                    if *name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
                }
                Presence::Optional | Presence::OptionalAny => quote!(#name: None),
                Presence::OptionalNullable => quote!(#name: Optional::Absent),
            }
        });
        let other = open_record(definition).map(|record| {
            let ty = if record.other.is_some() { quote!(TypedOther) } else { quote!(Other) };
            quote!(other: #ty::default(),)
        });
        let many = (required.len() > 7).then(|| {
            quote!(#[expect(clippy::too_many_arguments, reason = "the description requires all of these properties")])
        });
        let setters = fields.iter().filter(|field| !field.presence.is_required()).map(|rendered| {
            let field = &rendered.name;
            let (argument, value) = value(rendered);
            let about = docs(&format!("Sets `{}`.", rendered.field.name.replace('`', "'")));
            let expectation = setter_expectation(&field.to_string());
            quote! {
                #about
                #[must_use]
                #expectation
                pub fn #field(mut self, #field: #argument) -> Self {
                    self.#field = #value;
                    self
                }
            }
        });
        Some(quote! {
            impl #name {
                #[doc = " A value with all required properties."]
                #[must_use]
                #many
                pub fn new(#(#arguments),*) -> Self {
                    Self { #(#assigned,)* #other }
                }
                #(#setters)*
            }
        })
    }

    /// The type of the undeclared properties.
    fn other_type(&self, record: &Record, here: Here) -> TokenStream {
        match &record.other {
            Some(values) => {
                let values = self.ty(values, here);
                quote!(TypedOther<#values>)
            }
            None => quote!(Other),
        }
    }
}

fn open_record(definition: &TypeDefinition) -> Option<&Record> {
    match &definition.kind {
        crate::ir::TypeKind::Record(record) => Some(record).filter(|record| record.is_open),
        _ => None,
    }
}

impl Presence {
    fn is_required(&self) -> bool {
        matches!(self, Self::Required | Self::RequiredNullable)
    }
}

impl Rendered<'_> {
    /// The type that the struct holds.
    fn held_type(&self) -> TokenStream {
        let ty = &self.ty;
        match self.presence {
            Presence::Required => quote!(#ty),
            Presence::RequiredNullable | Presence::Optional | Presence::OptionalAny => quote!(Option<#ty>),
            Presence::OptionalNullable => quote!(Optional<#ty>),
        }
    }

    /// The type that the partial value holds.
    fn partial_type(&self) -> TokenStream {
        let held = self.held_type();
        if self.presence.is_required() { quote!(Option<#held>) } else { held }
    }
}

/// The order of the names of many properties, to search in; few are compared one by one.
fn sorted(fields: &[Rendered<'_>]) -> Option<TokenStream> {
    const FEW: usize = 16;
    if fields.len() <= FEW {
        return None;
    }
    let mut order: Vec<(&str, usize)> =
        fields.iter().enumerate().map(|(index, rendered)| (rendered.field.name.as_str(), index)).collect();
    order.sort_unstable();
    let order = order.iter().map(|(_, index)| Literal::usize_unsuffixed(*index));
    Some(quote! { const SORTED: &'static [u16] = &[#(#order),*]; })
}

/// The struct with what has been read so far.
fn partial(
    name: &proc_macro2::Ident,
    partial: &proc_macro2::Ident,
    other: Option<&TokenStream>,
    fields: &[Rendered<'_>],
) -> TokenStream {
    let about = raw_docs(&format!("What has been read of a {}.", struct_link(&name.to_string())));
    let declared = fields.iter().map(|rendered| {
        let (name, ty) = (&rendered.name, rendered.partial_type());
        quote!(#name: #ty)
    });
    let other = other.map(|other| quote!(other: #other,));
    quote! {
        #[doc(hidden)]
        #about
        #[derive(Debug, Default)]
        pub struct #partial {
            #(#declared,)*
            #other
        }
    }
}

fn reading(
    name: &proc_macro2::Ident,
    partial: &proc_macro2::Ident,
    record: &Record,
    fields: &[Rendered<'_>],
) -> TokenStream {
    let text = name.to_string();
    let sorted = sorted(fields);
    let wire_names = fields.iter().map(|rendered| &rendered.field.name);
    let arms: Vec<TokenStream> = fields
        .iter()
        .map(|rendered| {
            let name = &rendered.name;
            let value = if holds_integer(&rendered.field.ty) {
                quote!(record::integers(map)?)
            } else {
                quote!(map.next_value()?)
            };
            match rendered.presence {
                Presence::Required | Presence::RequiredNullable | Presence::OptionalAny => {
                    quote!(partial.#name = Some(#value))
                }
                Presence::Optional | Presence::OptionalNullable => quote!(partial.#name = #value),
            }
        })
        .collect();
    let set = match arms.as_slice() {
        [] => quote! {
            fn set<'de, A: MapAccess<'de>>(_: &mut Self::Partial, _: usize, _: &mut A) -> Result<(), A::Error> {
                Ok(())
            }
        },
        [only] => quote! {
            fn set<'de, A: MapAccess<'de>>(partial: &mut Self::Partial, _: usize, map: &mut A) -> Result<(), A::Error> {
                #only;
                Ok(())
            }
        },
        [rest @ .., last] => {
            let rest = rest.iter().enumerate().map(|(index, arm)| {
                let index = proc_macro2::Literal::usize_unsuffixed(index);
                quote!(#index => #arm)
            });
            quote! {
                fn set<'de, A: MapAccess<'de>>(partial: &mut Self::Partial, index: usize, map: &mut A) -> Result<(), A::Error> {
                    match index {
                        #(#rest,)*
                        _ => #last,
                    }
                    Ok(())
                }
            }
        }
    };
    let undeclared = match record.other {
        Some(_) => quote!(partial.other.untyped_mut()),
        None => quote!(&mut partial.other),
    };
    let other = if record.is_open {
        quote! {
            fn other(partial: &mut Self::Partial) -> Option<&mut Other> {
                Some(#undeclared)
            }
        }
    } else {
        quote! {
            fn other(_: &mut Self::Partial) -> Option<&mut Other> {
                None
            }
        }
    };
    let finish = if partial == "Self" {
        quote!(Ok(partial))
    } else {
        let taken = fields.iter().map(|rendered| {
            let (name, wire_name) = (&rendered.name, &rendered.field.name);
            if rendered.presence.is_required() {
                quote!(#name: partial.#name.ok_or(#wire_name)?)
            } else {
                quote!(#name: partial.#name)
            }
        });
        let other = record.is_open.then(|| quote!(other: partial.other,));
        quote!(Ok(Self { #(#taken,)* #other }))
    };
    quote! {
        impl Record for #name {
            type Partial = #partial;
            const NAME: &'static str = #text;
            const FIELDS: &'static [&'static str] = &[#(#wire_names),*];
            #sorted
            #set
            #other
            fn finish(partial: Self::Partial) -> Result<Self, &'static str> {
                #finish
            }
        }
    }
}

fn writing(name: &proc_macro2::Ident, record: &Record, fields: &[Rendered<'_>]) -> TokenStream {
    let entries = fields.iter().map(|rendered| {
        let (name, wire_name) = (&rendered.name, &rendered.field.name);
        if rendered.presence.is_required() {
            quote!(map.serialize_entry(#wire_name, &self.#name)?;)
        } else {
            quote!(record::entry(&mut map, #wire_name, &self.#name)?;)
        }
    });
    let undeclared = match record.other {
        Some(_) => quote!(self.other.untyped()),
        None => quote!(&self.other),
    };
    let other = record.is_open.then(|| quote!(record::other(&mut map, #undeclared)?;));
    let binding = if fields.is_empty() && !record.is_open { quote!(map) } else { quote!(mut map) };
    quote! {
        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let #binding = serializer.serialize_map(None)?;
                #(#entries)*
                #other
                map.end()
            }
        }
    }
}
