//! What comes of a call: the type of its value, the type of its failure, and the functions that read them.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use super::descriptor::media_types;
use super::syntax::{Here, docs, ident, raw_docs, struct_link};
use crate::ir::{BodyKind, Operation, Outcome, TextFormat, Type, TypeKind};
use crate::name::OperationNames;

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
    pub(super) fn success(&self, operation: &Operation, names: &OperationNames) -> Reading {
        let mut kinds: Vec<Option<&BodyKind>> = Vec::new();
        for outcome in &operation.success {
            let readings = outcome.readings();
            let bodies = readings.iter().map(|(kind, _)| Some(*kind));
            for kind in bodies.chain(readings.is_empty().then_some(None)) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        match kinds.as_slice() {
            [] => Reading { ty: quote!(()), function: quote!(Answer::empty), items: Vec::new() },
            [only] => {
                let (ty, function) = self.body(*only);
                Reading { ty, function, items: Vec::new() }
            }
            _ => self.success_by_status(operation, names),
        }
    }

    /// The type of a body, and the function that reads it.
    fn body(&self, kind: Option<&BodyKind>) -> (TokenStream, TokenStream) {
        let stream = |name: &str, ty: &Type| {
            let (name, ty) = (ident(name), self.ty(ty, Here::Crate));
            quote!(clientsmith_runtime::#name<#ty>)
        };
        match kind {
            None => (quote!(()), quote!(Answer::empty)),
            Some(BodyKind::Json(ty)) => (self.ty(ty, Here::Crate), quote!(Answer::json)),
            Some(BodyKind::Text) => (quote!(String), quote!(Answer::text)),
            Some(BodyKind::Bytes) => {
                (quote!(clientsmith_runtime::Download), quote!(clientsmith_runtime::Incoming::download))
            }
            Some(BodyKind::Events(Some(ty))) => {
                (stream("Events", ty), quote!(clientsmith_runtime::Incoming::events))
            }
            Some(BodyKind::Events(None)) => (
                stream("Events", &Type::Text(TextFormat::Plain)),
                quote!(clientsmith_runtime::Incoming::text_events),
            ),
            Some(BodyKind::Lines(ty)) => (stream("Lines", ty), quote!(clientsmith_runtime::Incoming::lines)),
            Some(BodyKind::Sequence(ty)) => {
                (stream("Lines", ty), quote!(clientsmith_runtime::Incoming::sequence))
            }
        }
    }

    /// An enum that the status chooses, and the media type where a status has several.
    fn success_by_status(&self, operation: &Operation, names: &OperationNames) -> Reading {
        let builder = &names.builder;
        let name = format_ident!("{builder}Outcome");
        let mut variants = Vec::new();
        let mut arms = Vec::new();
        let mut writes = Vec::new();
        for (outcome, variant_names) in operation.success.iter().zip(&names.successes) {
            let (readings, pattern) = (outcome.readings(), pattern(outcome));
            if readings.is_empty() {
                let (variant, about) =
                    (ident(variant_names.first().map_or("", String::as_str)), docs(&describe(outcome, None)));
                variants.push(quote!(#about #variant));
                arms.push(quote!(#pattern => Ok(#name::#variant)));
                writes.push(quote!(Self::#variant => serializer.serialize_unit()));
            }
            let mut choices = Vec::new();
            for ((kind, indexes), variant) in readings.iter().zip(variant_names) {
                let variant = ident(variant);
                let media_type = indexes.first().and_then(|index| outcome.bodies.get(*index));
                let media_type =
                    media_type.filter(|_| readings.len() > 1).map(|body| body.media_type.as_str());
                let about = docs(&describe(outcome, media_type));
                let (ty, function) = self.body(Some(kind));
                let ty = if let BodyKind::Json(ty) = kind { self.boxed(ty) } else { ty };
                variants.push(quote!(#about #variant(#ty)));
                writes.push(quote!(Self::#variant(value) => value.serialize(serializer)));
                let indexes = indexes.iter().copied().map(Literal::usize_unsuffixed);
                choices.push((quote!(#(#indexes)|*), quote!(#function(answer).map(#name::#variant))));
            }
            match choices.as_slice() {
                [] => {}
                [(_, read)] => arms.push(quote!(#pattern => #read)),
                several => {
                    let media_types = media_types(outcome);
                    let several = several.iter().map(|(indexes, read)| quote!(Some(#indexes) => #read));
                    arms.push(quote! {
                        #pattern => match answer.media_type(#media_types) {
                            #(#several,)*
                            _ => answer.unexpected_media_type(),
                        }
                    });
                }
            }
        }
        let has_catch_all = operation.success.iter().any(|outcome| outcome.is_default);
        let rest = (!has_catch_all).then(|| quote!(_ => answer.unexpected(),));
        let about = raw_docs(&format!(
            "What {} answers with: the status and the media type choose.",
            struct_link(builder)
        ));
        let has_stream = operation.has_stream();
        // A stream is read once: it can be neither copied, compared nor written.
        let derived = if has_stream { quote!(Debug) } else { quote!(Clone, Debug, PartialEq) };
        let answer = if has_stream { quote!(&mut clientsmith_runtime::Incoming) } else { quote!(&Answer) };
        let mut items = vec![quote! {
            #about
            #[derive(#derived)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
            }
        }];
        if !has_stream {
            items.push(quote! {
                impl clientsmith_runtime::serde::Serialize for #name {
                    fn serialize<S: clientsmith_runtime::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        match self {
                            #(#writes,)*
                        }
                    }
                }
            });
        }
        items.push(quote! {
            fn outcome(answer: #answer) -> Result<#name, DecodeError> {
                match answer.status().as_u16() {
                    #(#arms,)*
                    #rest
                }
            }
        });
        Reading { ty: quote!(#name), function: quote!(outcome), items }
    }

    /// How the body of a documented failure is read.
    pub(super) fn failure(&self, operation: &Operation, names: &OperationNames) -> Reading {
        let types = operation.failure_types();
        match types.as_slice() {
            [] => self.failure_of(&Type::Any),
            [only] => self.failure_of(only),
            _ => self.failure_by_status(operation, names),
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

    /// An enum of the failures with JSON; the body of any other is there as it came.
    fn failure_by_status(&self, operation: &Operation, names: &OperationNames) -> Reading {
        let builder = &names.builder;
        let name = format_ident!("{builder}Failure");
        let mut variants = Vec::new();
        let mut arms = Vec::new();
        let mut has_catch_all = false;
        for (outcome, variant_names) in operation.failure.iter().zip(&names.failures) {
            let (readings, pattern) = (outcome.readings(), pattern(outcome));
            let mut choices = Vec::new();
            for ((kind, indexes), variant) in readings.iter().zip(variant_names) {
                let BodyKind::Json(ty) = kind else { continue };
                let (variant, ty) = (ident(variant), self.boxed(ty));
                let media_type = indexes.first().and_then(|index| outcome.bodies.get(*index));
                let media_type =
                    media_type.filter(|_| readings.len() > 1).map(|body| body.media_type.as_str());
                let about = docs(&describe(outcome, media_type));
                variants.push(quote!(#about #variant(#ty)));
                let indexes = indexes.iter().copied().map(Literal::usize_unsuffixed);
                choices.push((quote!(#(#indexes)|*), quote!(answer.json().ok().map(#name::#variant))));
            }
            has_catch_all |= outcome.is_default && !choices.is_empty();
            match choices.as_slice() {
                [] => {}
                [(_, read)] => arms.push(quote!(#pattern => #read)),
                several => {
                    let media_types = media_types(outcome);
                    let several = several.iter().map(|(indexes, read)| quote!(Some(#indexes) => #read));
                    arms.push(quote! {
                        #pattern => match answer.media_type(#media_types) {
                            #(#several,)*
                            _ => None,
                        }
                    });
                }
            }
        }
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
    pub(super) fn boxed(&self, ty: &Type) -> TokenStream {
        let is_record = self.is_record(ty);
        let ty = self.ty(ty, Here::Crate);
        if is_record { quote!(Box<#ty>) } else { ty }
    }

    pub(super) fn is_record(&self, ty: &Type) -> bool {
        matches!(ty, Type::Named(id) if self.api.ty(*id).is_some_and(|definition| {
            matches!(definition.kind, TypeKind::Record(_))
        }))
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

fn pattern(outcome: &Outcome) -> TokenStream {
    let (first, last) = outcome.statuses;
    let (from, to) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
    match (outcome.is_default, first == last) {
        (true, _) => quote!(_),
        (false, true) => quote!(#from),
        (false, false) => quote!(#from..=#to),
    }
}

fn describe(outcome: &Outcome, media_type: Option<&str>) -> String {
    let (first, last) = outcome.statuses;
    let statuses = match (outcome.is_default, first == last) {
        (true, _) => "Any other status".to_owned(),
        (false, true) => format!("Status {first}"),
        (false, false) => format!("Statuses {first} to {last}"),
    };
    let statuses = match media_type {
        Some(media_type) => format!("{statuses}, as `{}`", media_type.replace('`', "'")),
        None => statuses,
    };
    match outcome.description.trim() {
        "" => format!("{statuses}."),
        text => format!("{statuses}: {}", super::words::sentence(text)),
    }
}
