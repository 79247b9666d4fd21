//! What comes of a call: the type of its value, the type of its failure, and the functions that read them.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use super::syntax::{Here, docs, ident, raw_docs, struct_link};
use crate::ir::{Body, Operation, Outcome, Type, TypeKind};

/// A type that is read from an answer, and the expression for the function that reads it.
pub(super) struct Reading {
    /// The type, as other modules of the crate speak of it.
    pub(super) ty: TokenStream,
    /// The function.
    pub(super) function: TokenStream,
    /// The items that define both, where they are the operation's own.
    pub(super) items: Vec<TokenStream>,
}

impl Context<'_> {
    /// How the value of a success is read.
    pub(super) fn success(&self, operation: &Operation, builder: &str) -> Reading {
        let mut bodies: Vec<&Body> = Vec::new();
        for outcome in &operation.success {
            if !bodies.iter().any(|known| is_same(known, &outcome.body)) {
                bodies.push(&outcome.body);
            }
        }
        match bodies.as_slice() {
            [] => Reading { ty: quote!(()), function: quote!(Answer::empty), items: Vec::new() },
            [only] => {
                let (ty, function) = self.body(only);
                Reading { ty, function, items: Vec::new() }
            }
            _ => self.success_by_status(operation, builder),
        }
    }

    fn body(&self, body: &Body) -> (TokenStream, TokenStream) {
        match body {
            Body::Empty => (quote!(()), quote!(Answer::empty)),
            Body::Json(_, ty) => (self.ty(ty, Here::Crate), quote!(Answer::json)),
            Body::Text(_) => (quote!(String), quote!(Answer::text)),
            Body::Bytes(_) => (quote!(clientsmith_runtime::Bytes), quote!(Answer::bytes)),
        }
    }

    /// An enum that the status chooses.
    fn success_by_status(&self, operation: &Operation, builder: &str) -> Reading {
        let name = format_ident!("{builder}Outcome");
        let variants = operation.success.iter().map(|outcome| {
            let (variant, about) = (variant(outcome), docs(&describe(outcome)));
            match &outcome.body {
                Body::Empty => quote!(#about #variant),
                Body::Json(_, ty) => {
                    let ty = self.boxed(ty);
                    quote!(#about #variant(#ty))
                }
                body => {
                    let (ty, _) = self.body(body);
                    quote!(#about #variant(#ty))
                }
            }
        });
        let arms = operation.success.iter().map(|outcome| {
            let (pattern, variant) = (pattern(outcome), variant(outcome));
            match &outcome.body {
                Body::Empty => quote!(#pattern => Ok(#name::#variant)),
                body => {
                    let (_, function) = self.body(body);
                    quote!(#pattern => #function(answer).map(#name::#variant))
                }
            }
        });
        let has_catch_all = operation.success.iter().any(|outcome| outcome.is_default);
        let rest = (!has_catch_all).then(|| quote!(_ => answer.unexpected(),));
        let writes = operation.success.iter().map(|outcome| {
            let variant = variant(outcome);
            match &outcome.body {
                Body::Empty => quote!(Self::#variant => serializer.serialize_unit()),
                Body::Bytes(_) => quote!(Self::#variant(value) => serializer.serialize_bytes(value)),
                Body::Json(..) | Body::Text(_) => {
                    quote!(Self::#variant(value) => value.serialize(serializer))
                }
            }
        });
        let about = raw_docs(&format!("What {} answers with: the status chooses.", struct_link(builder)));
        let items = vec![
            quote! {
                #about
                #[derive(Clone, Debug, PartialEq)]
                #[non_exhaustive]
                pub enum #name {
                    #(#variants,)*
                }
            },
            quote! {
                impl clientsmith_runtime::serde::Serialize for #name {
                    fn serialize<S: clientsmith_runtime::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        match self {
                            #(#writes,)*
                        }
                    }
                }
            },
            quote! {
                fn outcome(answer: &Answer) -> Result<#name, DecodeError> {
                    match answer.status().as_u16() {
                        #(#arms,)*
                        #rest
                    }
                }
            },
        ];
        Reading { ty: quote!(#name), function: quote!(outcome), items }
    }

    /// How the body of a documented failure is read.
    pub(super) fn failure(&self, operation: &Operation, builder: &str) -> Reading {
        let types = operation.failure_types();
        match types.as_slice() {
            [] => self.failure_of(&Type::Any),
            [only] => self.failure_of(only),
            _ => self.failure_by_status(operation, builder),
        }
    }

    fn failure_of(&self, ty: &Type) -> Reading {
        let ty = self.ty(ty, Here::Crate);
        let items = vec![quote! {
            fn failure(answer: &Answer) -> Option<#ty> {
                answer.json().ok()
            }
        }];
        Reading { ty, function: quote!(failure), items }
    }

    fn failure_by_status(&self, operation: &Operation, builder: &str) -> Reading {
        let name = format_ident!("{builder}Failure");
        let with_body: Vec<_> = operation
            .failure
            .iter()
            .filter_map(|outcome| match &outcome.body {
                Body::Json(_, ty) => Some((outcome, self.boxed(ty))),
                Body::Empty | Body::Text(_) | Body::Bytes(_) => None,
            })
            .collect();
        let variants = with_body.iter().map(|(outcome, ty)| {
            let (variant, about) = (variant(outcome), docs(&describe(outcome)));
            quote!(#about #variant(#ty))
        });
        let arms = with_body.iter().map(|(outcome, _)| {
            let (pattern, variant) = (pattern(outcome), variant(outcome));
            quote!(#pattern => answer.json().ok().map(#name::#variant))
        });
        let has_catch_all = with_body.iter().any(|(outcome, _)| outcome.is_default);
        let rest = (!has_catch_all).then(|| quote!(_ => None,));
        let about = raw_docs(&format!("How {} fails: the status chooses.", struct_link(builder)));
        let items = vec![
            quote! {
                #about
                #[derive(Clone, Debug, PartialEq)]
                #[non_exhaustive]
                pub enum #name {
                    #(#variants,)*
                }
            },
            quote! {
                fn failure(answer: &Answer) -> Option<#name> {
                    match answer.status().as_u16() {
                        #(#arms,)*
                        #rest
                    }
                }
            },
        ];
        Reading { ty: quote!(#name), function: quote!(failure), items }
    }

    /// A type as a variant holds it: records are boxed, so that the enum stays small whatever properties come.
    fn boxed(&self, ty: &Type) -> TokenStream {
        let is_record = matches!(ty, Type::Named(id) if self.api.ty(*id).is_some_and(|definition| {
            matches!(definition.kind, TypeKind::Record(_))
        }));
        let ty = self.ty(ty, Here::Crate);
        if is_record { quote!(Box<#ty>) } else { ty }
    }

    /// The error type of an operation: without its parameter where that is the crate's usual one.
    pub(super) fn error_type(&self, operation: &Operation, failure: &TokenStream) -> TokenStream {
        let is_usual = match operation.failure_types().as_slice() {
            [] => self.api.common_failure.is_none(),
            [only] => self.api.common_failure.as_ref() == Some(*only),
            _ => false,
        };
        if is_usual { quote!(crate::Error) } else { quote!(crate::Error<#failure>) }
    }
}

/// Whether two bodies are read alike.
fn is_same(left: &Body, right: &Body) -> bool {
    match (left, right) {
        (Body::Json(_, left), Body::Json(_, right)) => left == right,
        (left, right) => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

fn variant(outcome: &Outcome) -> proc_macro2::Ident {
    let (first, last) = outcome.statuses;
    match (outcome.is_default, first == last) {
        (true, _) => ident("Default"),
        (false, true) => format_ident!("Status{first}"),
        (false, false) => format_ident!("Status{}xx", first / 100),
    }
}

fn pattern(outcome: &Outcome) -> TokenStream {
    let (first, last) = outcome.statuses;
    let (from, to) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
    match (outcome.is_default, first == last) {
        (true, _) => quote!(_),
        (false, true) => quote!(#from),
        (false, false) => quote!(#from..=#to),
    }
}

fn describe(outcome: &Outcome) -> String {
    let (first, last) = outcome.statuses;
    let statuses = match (outcome.is_default, first == last) {
        (true, _) => "Any other status".to_owned(),
        (false, true) => format!("Status {first}"),
        (false, false) => format!("Statuses {first} to {last}"),
    };
    match outcome.description.trim() {
        "" => format!("{statuses}."),
        text => format!("{statuses}: {}", super::words::sentence(text)),
    }
}
