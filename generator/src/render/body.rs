//! The body of a request: what the caller hands over, and how it goes into the call.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use super::syntax::{Here, docs, ident, raw_docs, setter_expectation};
use super::words::describe;
use crate::ir::{
    Content, ContentKind, FormEncoding, FormStyle, Operation, Part, PartKind, RequestBody, Type,
};
use crate::name::OperationNames;

impl Context<'_> {
    /// The type that a body is held as.
    pub(super) fn body_type(&self, operation: &Operation, names: &OperationNames, here: Here) -> TokenStream {
        match operation.body.as_ref().map(|body| body.contents.as_slice()) {
            None | Some([]) => quote!(()),
            Some([only]) => self.content_type(only, operation, names, here),
            Some(_) => self.of_operation(operation, &format_ident!("{}Body", names.builder), here),
        }
    }

    /// What a setter or constructor takes for a body.
    pub(super) fn body_argument(&self, operation: &Operation, names: &OperationNames) -> TokenStream {
        let ty = self.body_type(operation, names, Here::Crate);
        let is_converted = match operation.body.as_ref().map(|body| body.contents.as_slice()) {
            Some([Content { kind: ContentKind::Json(ty), .. }]) => self.is_converted(ty),
            Some([only]) => matches!(only.kind, ContentKind::Text | ContentKind::Bytes),
            _ => true,
        };
        if is_converted { quote!(impl Into<#ty>) } else { ty }
    }

    /// The statements that put a body into a call. `value` is what [`body_argument`](Self::body_argument) takes, or else what
    /// [`body_type`](Self::body_type) holds.
    pub(super) fn set_body(
        &self,
        operation: &Operation,
        names: &OperationNames,
        call: &TokenStream,
        value: &TokenStream,
        is_argument: bool,
    ) -> TokenStream {
        let Some(body) = &operation.body else { return TokenStream::new() };
        let argument = self.body_argument(operation, names);
        let ty = self.body_type(operation, names, Here::Crate);
        let is_converted = is_argument && argument.to_string() != ty.to_string();
        match body.contents.as_slice() {
            [only] => {
                let value = match (&only.kind, is_converted) {
                    // These take what can be converted.
                    (ContentKind::Text | ContentKind::Bytes, _) | (_, false) => value.clone(),
                    (_, true) => quote!(Into::<#ty>::into(#value)),
                };
                set_content(only, call, &value)
            }
            _ if is_converted => quote!(Into::<#ty>::into(#value).set(&mut #call);),
            _ => quote!(#value.set(&mut #call);),
        }
    }

    /// Whether values of the type of the body can be compared.
    pub(super) fn body_is_comparable(body: &RequestBody) -> bool {
        body.contents.iter().all(|content| {
            matches!(content.kind, ContentKind::Json(_) | ContentKind::Form(..) | ContentKind::Text)
        })
    }

    /// The types that belong to the body of an operation.
    pub(super) fn body_items(&self, operation: &Operation, names: &OperationNames) -> Vec<TokenStream> {
        let Some(body) = &operation.body else { return Vec::new() };
        let mut items = Vec::new();
        if body.contents.len() > 1 {
            items.extend(self.body_choice(operation, body, names));
        }
        let parts = body.contents.iter().find_map(|content| match &content.kind {
            ContentKind::Multipart(parts) => Some(parts),
            _ => None,
        });
        if let Some(parts) = parts {
            items.extend(self.parts(parts, names));
        }
        items
    }

    /// The names of the types that [`body_items`](Self::body_items) has.
    pub(super) fn body_exports(operation: &Operation, names: &OperationNames) -> Vec<Ident> {
        let Some(body) = &operation.body else { return Vec::new() };
        let mut exports = Vec::new();
        if body.contents.len() > 1 {
            exports.push(format_ident!("{}Body", names.builder));
        }
        if body.contents.iter().any(|content| matches!(content.kind, ContentKind::Multipart(_))) {
            exports.push(format_ident!("{}Form", names.builder));
        }
        exports
    }

    fn content_type(
        &self,
        content: &Content,
        operation: &Operation,
        names: &OperationNames,
        here: Here,
    ) -> TokenStream {
        match &content.kind {
            ContentKind::Json(ty) | ContentKind::Form(ty, _) => self.ty(ty, here),
            ContentKind::Multipart(_) => {
                self.of_operation(operation, &format_ident!("{}Form", names.builder), here)
            }
            ContentKind::AnyMultipart => quote!(clientsmith_runtime::Multipart),
            ContentKind::Text => quote!(String),
            ContentKind::Bytes => quote!(clientsmith_runtime::RequestBody),
        }
    }

    /// A type that stands in the module of an operation.
    fn of_operation(&self, operation: &Operation, name: &Ident, here: Here) -> TokenStream {
        let group = ident(self.names.group(operation.group).map_or("", |names| names.module.as_str()));
        match here {
            Here::Outside => {
                let library = ident(&self.options.library());
                quote!(#library::#group::#name)
            }
            Here::Types(_) | Here::Crate => quote!(crate::#group::#name),
        }
    }

    /// The enum that says which media type is sent.
    fn body_choice(
        &self,
        operation: &Operation,
        body: &RequestBody,
        names: &OperationNames,
    ) -> Vec<TokenStream> {
        let name = format_ident!("{}Body", names.builder);
        let contents: Vec<_> = body
            .contents
            .iter()
            .zip(&names.contents)
            .map(|(content, variant)| {
                let ty = match &content.kind {
                    ContentKind::Json(ty) | ContentKind::Form(ty, _) => self.boxed(ty),
                    ContentKind::Multipart(_) => {
                        let parts = self.content_type(content, operation, names, Here::Crate);
                        quote!(Box<#parts>)
                    }
                    _ => self.content_type(content, operation, names, Here::Crate),
                };
                (content, ident(variant), ty)
            })
            .collect();
        let about = raw_docs(&format!("What [`{}`] sends: one of several media types.", names.builder));
        let comparable = Self::body_is_comparable(body).then(|| quote!(, PartialEq));
        let variants = contents.iter().map(|(content, variant, ty)| {
            let about = docs(&format!("As `{}`.", content.media_type.replace('`', "'")));
            quote!(#about #variant(#ty))
        });
        let arms = contents.iter().map(|(content, variant, _)| {
            let media_type = sendable(content);
            let set = set_content(content, &quote!(call), &quote!(body));
            quote! {
                Self::#variant(body) => {
                    call.content_type(#media_type);
                    #set
                }
            }
        });
        let mut items = vec![
            quote! {
                #about
                #[derive(Clone, Debug #comparable)]
                #[non_exhaustive]
                pub enum #name {
                    #(#variants,)*
                }
            },
            quote! {
                impl #name {
                    fn set(self, call: &mut Call) {
                        match self {
                            #(#arms)*
                        }
                    }
                }
            },
        ];
        let mut converted: Vec<String> = Vec::new();
        for (content, variant, held) in &contents {
            let is_own_type = match &content.kind {
                ContentKind::Json(ty) | ContentKind::Form(ty, _) => matches!(ty, Type::Named(_)),
                ContentKind::Multipart(_) => true,
                _ => false,
            };
            let ty = self.content_type(content, operation, names, Here::Crate);
            if !is_own_type || converted.contains(&ty.to_string()) {
                continue;
            }
            converted.push(ty.to_string());
            let value =
                if ty.to_string() == held.to_string() { quote!(body) } else { quote!(Box::new(body)) };
            items.push(quote! {
                impl From<#ty> for #name {
                    fn from(body: #ty) -> Self {
                        Self::#variant(#value)
                    }
                }
            });
        }
        items
    }

    /// The struct with the parts of a body.
    fn parts(&self, parts: &[Part], names: &OperationNames) -> Vec<TokenStream> {
        let name = format_ident!("{}Form", names.builder);
        let rendered: Vec<_> = parts
            .iter()
            .zip(&names.parts)
            .map(|(part, name)| {
                let single = match &part.kind {
                    PartKind::Value(ty) => self.ty(ty, Here::Crate),
                    PartKind::File => quote!(clientsmith_runtime::File),
                };
                (part, ident(name), single)
            })
            .collect();
        let about = raw_docs(&format!("The parts of the body of [`{}`].", names.builder));
        let has_default = parts.iter().all(|part| !part.required);
        let default = has_default.then(|| quote!(, Default));
        let fields = rendered.iter().map(|(part, name, single)| {
            let about = docs(&describe(
                &part.docs,
                &format!("The part `{}`", part.name.replace('`', "'")),
                None,
                None,
            ));
            let ty = match (part.is_list, part.required) {
                (true, _) => quote!(Vec<#single>),
                (false, true) => quote!(#single),
                (false, false) => quote!(Option<#single>),
            };
            quote!(#about pub #name: #ty)
        });
        let argument = |part: &Part, name: &Ident, single: &TokenStream| match (&part.kind, part.is_list) {
            (_, true) => (quote!(Vec<#single>), quote!(#name)),
            (PartKind::Value(ty), false) => self.argument(ty, name, Here::Crate),
            (PartKind::File, false) => (quote!(impl Into<clientsmith_runtime::File>), quote!(#name.into())),
        };
        let required = rendered.iter().filter(|(part, ..)| part.required);
        let arguments = required.clone().map(|(part, name, single)| {
            let (argument, _) = argument(part, name, single);
            quote!(#name: #argument)
        });
        let many = (required.count() > 7).then(|| {
            quote!(#[expect(clippy::too_many_arguments, reason = "the description requires all of these parts")])
        });
        let assigned = rendered.iter().map(|(part, name, single)| match (part.required, part.is_list) {
            (true, _) => {
                let (_, value) = argument(part, name, single);
                if *name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
            }
            (false, true) => quote!(#name: Vec::new()),
            (false, false) => quote!(#name: None),
        });
        let setters = rendered.iter().filter(|(part, ..)| !part.required).map(|(part, name, single)| {
            let (argument, value) = argument(part, name, single);
            let value = if part.is_list { value } else { quote!(Some(#value)) };
            let about = docs(&format!("Sets `{}`.", part.name.replace('`', "'")));
            let expectation = setter_expectation(&name.to_string());
            quote! {
                #about
                #[must_use]
                #expectation
                pub fn #name(mut self, #name: #argument) -> Self {
                    self.#name = #value;
                    self
                }
            }
        });
        let added = rendered.iter().map(|(part, name, _)| {
            let wire = &part.name;
            let media_type = match &part.media_type {
                Some(media_type) => quote!(Some(#media_type)),
                None => quote!(None),
            };
            let add = match &part.kind {
                PartKind::Value(_) => quote!(parts.value(#wire, #media_type, &value);),
                PartKind::File => quote!(parts.file(#wire, #media_type, value);),
            };
            match (part.is_list, part.required) {
                (true, _) => quote!(for value in self.#name { #add }),
                (false, true) => match &part.kind {
                    PartKind::Value(_) => quote!(parts.value(#wire, #media_type, &self.#name);),
                    PartKind::File => quote!(parts.file(#wire, #media_type, self.#name);),
                },
                (false, false) => quote!(if let Some(value) = self.#name { #add }),
            }
        });
        vec![
            quote! {
                #about
                #[derive(Clone, Debug #default)]
                #[non_exhaustive]
                pub struct #name {
                    #(#fields,)*
                }
            },
            quote! {
                impl #name {
                    #[doc = " A body with all required parts."]
                    #[must_use]
                    #many
                    pub fn new(#(#arguments),*) -> Self {
                        Self { #(#assigned,)* }
                    }
                    #(#setters)*
                    fn into_parts(self) -> clientsmith_runtime::Multipart {
                        let mut parts = clientsmith_runtime::Multipart::new();
                        #(#added)*
                        parts
                    }
                }
            },
        ]
    }
}

/// The statement that puts one content into a call.
fn set_content(content: &Content, call: &TokenStream, value: &TokenStream) -> TokenStream {
    match &content.kind {
        ContentKind::Json(_) => quote!(#call.json(&#value);),
        ContentKind::Form(_, encodings) => {
            let fields = encodings.iter().map(form_field);
            quote!(#call.form(&#value, &[#(#fields),*]);)
        }
        ContentKind::Multipart(_) => {
            let media_type = without_boundary(&content.media_type);
            quote!(#call.multipart(#media_type, #value.into_parts());)
        }
        ContentKind::AnyMultipart => {
            let media_type = without_boundary(&content.media_type);
            quote!(#call.multipart(#media_type, #value);)
        }
        ContentKind::Text => quote!(#call.text(#value);),
        ContentKind::Bytes => quote!(#call.body(#value);),
    }
}

fn form_field(encoding: &FormEncoding) -> TokenStream {
    let (name, allow_reserved) = (&encoding.name, encoding.allow_reserved);
    let style = ident(match encoding.style {
        FormStyle::Repeated => "Repeated",
        FormStyle::Exploded => "Exploded",
        FormStyle::Commas => "Commas",
        FormStyle::Spaces => "Spaces",
        FormStyle::Pipes => "Pipes",
        FormStyle::Deep => "Deep",
        FormStyle::Json => "Json",
    });
    quote! {
        clientsmith_runtime::FormField {
            name: #name,
            style: clientsmith_runtime::FormStyle::#style,
            allow_reserved: #allow_reserved,
        }
    }
}

/// The media type that is sent for a content: a range is none that can be sent.
pub(super) fn sendable(content: &Content) -> &str {
    let media_type = content.media_type.as_str();
    match (&content.kind, media_type.contains('*')) {
        (_, false) => media_type,
        (ContentKind::Json(_), true) => "application/json",
        (ContentKind::Text, true) => "text/plain",
        (ContentKind::Multipart(_) | ContentKind::AnyMultipart, true) => "multipart/form-data",
        (_, true) => "application/octet-stream",
    }
}

/// The boundary is made anew for each body.
fn without_boundary(media_type: &str) -> &str {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if media_type.contains('*') { "multipart/form-data" } else { media_type }
}
