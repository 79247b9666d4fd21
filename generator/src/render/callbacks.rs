//! `src/<group>/<operation>_callbacks.rs`: what the service sends because of a call, and what it is answered with, as types.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::syntax::{Here, docs, ident, inner_docs};
use super::words::{describe, sentence};
use super::{Context, FileContent, RenderedFile};
use crate::ir::{Callback, CallbackAnswer, CallbackBody, CallbackParameter, GroupId, Location, OperationId};
use crate::name::CallbackNames;

impl Context<'_> {
    /// The modules with the callbacks of the operations of a group.
    pub(super) fn callback_modules(&self, group: GroupId) -> Vec<Ident> {
        let operations = self.api.group(group).into_iter().flat_map(|group| &group.operations);
        let modules = operations.filter_map(|id| self.names.operation(*id)?.callbacks_module.as_deref());
        modules.map(ident).collect()
    }

    /// The module with the callbacks of an operation; `None` where it has none.
    pub(super) fn callbacks_file(&self, id: OperationId) -> Option<RenderedFile> {
        let (operation, names) = (self.api.operation(id)?, self.names.operation(id)?);
        let module = names.callbacks_module.as_ref()?;
        let about = format!(
            "What the service sends after a call of `{}`: types to read it with in a server of yours, and to write the answers.",
            operation.id.replace('`', "'")
        );
        let callbacks = operation.callbacks.iter().zip(&names.callbacks);
        let mut pieces = vec![inner_docs(&about)];
        pieces.extend(callbacks.map(|(callback, names)| self.callback(callback, names)));
        let group = &self.names.group(operation.group)?.module;
        let path = format!("src/{group}/{module}.rs");
        Some(RenderedFile { path, content: FileContent::Rust(pieces) })
    }

    fn callback(&self, callback: &Callback, names: &CallbackNames) -> TokenStream {
        let module = ident(&names.module);
        let fallback = format!("The callback `{}`", callback.name.replace('`', "'"));
        let about = docs(&describe(&callback.docs, &fallback, None, None));
        let (method, url) = (callback.method, &callback.url);
        let parameters = callback.parameters.iter().zip(&names.parameters);
        let parameters = parameters.map(|(parameter, name)| self.callback_parameter(parameter, name));
        let described = callback.body_description.as_deref();
        let bodies = callback.bodies.iter().zip(&names.bodies).map(|(body, name)| {
            let about = described.map(sentence).unwrap_or_else(|| "The body of the request.".to_owned());
            self.callback_body(body, name, &about)
        });
        let answers = callback.answers.iter().zip(&names.answers).flat_map(|(answer, names)| {
            let about =
                format!("The body of an answer with {}. {}", statuses(answer), sentence(&answer.description));
            answer.bodies.iter().zip(names).map(move |(body, name)| self.callback_body(body, name, &about))
        });
        let without_body = callback.answers.iter().filter(|answer| answer.bodies.is_empty());
        let without_body: String = without_body
            .map(|answer| {
                format!("\n- With {} and no body: {}", statuses(answer), one_line(&answer.description))
            })
            .collect();
        let answered = if without_body.is_empty() {
            TokenStream::new()
        } else {
            let about = docs(&format!("It may be answered:\n{without_body}"));
            quote!(#[doc = ""] #about)
        };
        quote! {
            #about
            #answered
            pub mod #module {
                /// The method of the request.
                pub const METHOD: &str = #method;
                /// The URL of the request: runtime expressions stand for what the call that asked for it said.
                pub const URL: &str = #url;
                #(#parameters)*
                #(#bodies)*
                #(#answers)*
            }
        }
    }

    fn callback_parameter(&self, parameter: &CallbackParameter, name: &str) -> TokenStream {
        let place = match parameter.location {
            Location::Path => "parameter of the path",
            Location::Query => "parameter of the query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let fact = format!(
            "The {place} `{}`, which {}.",
            parameter.name.replace('`', "'"),
            if parameter.required { "is always there" } else { "may be missing" }
        );
        let about = match &parameter.docs.description {
            Some(_) => format!("{fact}\n\n{}", describe(&parameter.docs, "", None, None)),
            None if parameter.docs.deprecated => format!("{fact}\n\nDeprecated."),
            None => fact,
        };
        let (about, name, ty) = (docs(&about), ident(name), self.ty(&parameter.ty, Here::Crate));
        quote!(#about pub type #name = #ty;)
    }

    fn callback_body(&self, body: &CallbackBody, name: &str, about: &str) -> TokenStream {
        let about = docs(&format!("{about}\n\nIts media type is `{}`.", body.media_type.replace('`', "'")));
        let name = ident(name);
        let ty = match &body.ty {
            Some(ty) => self.ty(ty, Here::Crate),
            None => quote!(clientsmith_runtime::Bytes),
        };
        quote!(#about pub type #name = #ty;)
    }
}

fn statuses(answer: &CallbackAnswer) -> String {
    match answer.statuses {
        None => "any other status".to_owned(),
        Some((first, last)) if first == last => format!("status {first}"),
        Some((first, last)) => format!("a status from {first} to {last}"),
    }
}

fn one_line(text: &str) -> String {
    sentence(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
