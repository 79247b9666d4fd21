//! Progenitor: its client of a description, and the methods that this client has.

use std::any::Any;
use std::panic;
use std::thread;

use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use quote::ToTokens as _;
use serde_json::Value;

/// Its schemas become types by recursion.
const STACK: usize = 64 << 20;

/// A client of progenitor.
pub(super) struct Peer {
    /// The source of its library.
    pub(super) source: String,
    /// Its methods, one per operation in the order of the description.
    pub(super) methods: Vec<Method>,
}

/// A method that makes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Method {
    /// Its name, as it is written in Rust.
    pub(super) name: String,
    /// The types of its arguments: those of the path in its order, of the query and the headers by name, the body.
    pub(super) arguments: Vec<Argument>,
}

/// The type of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    /// The type of the value, as it is owned.
    pub(super) ty: String,
    /// Whether it is an `Option`.
    pub(super) is_optional: bool,
    /// Whether a reference to it is passed.
    pub(super) is_reference: bool,
}

/// Generates the client of a document, or says why progenitor does not.
pub(super) fn generate(document: &Value) -> Result<Peer, String> {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(document.clone()).map_err(|error| format!("openapiv3: {error}"))?;
    // What it does not support it often says by a panic.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let ended = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || tokens(&document))
        .map_err(|error| error.to_string())?
        .join();
    panic::set_hook(hook);
    let source = ended.unwrap_or_else(|panic| Err(first_line(&said(&*panic))))?;
    let file: syn::File = syn::parse_str(&source).map_err(|error| error.to_string())?;
    Ok(Peer { source: prettyplease::unparse(&file), methods: methods(&file) })
}

fn tokens(document: &openapiv3::OpenAPI) -> Result<String, String> {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    let tokens = Generator::new(&settings).generate_tokens(document);
    tokens.map(|tokens: TokenStream| tokens.to_string()).map_err(|error| first_line(&error.to_string()))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panicked").to_owned()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(120).collect()
}

/// The asynchronous methods of `Client`.
fn methods(file: &syn::File) -> Vec<Method> {
    let blocks = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    let functions = blocks.flat_map(|block| &block.items).filter_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.asyncness.is_some() => Some(&function.sig),
        _ => None,
    });
    functions
        .map(|signature| Method {
            name: signature.ident.to_string(),
            arguments: signature.inputs.iter().filter_map(argument).collect(),
        })
        .collect()
}

fn argument(input: &syn::FnArg) -> Option<Argument> {
    let syn::FnArg::Typed(input) = input else { return None };
    let inner = option_of(&input.ty);
    let ty = inner.unwrap_or(&input.ty);
    let (owned, is_reference) = match ty {
        syn::Type::Reference(reference) => match &*reference.elem {
            syn::Type::Slice(slice) => (format!("Vec<{}>", slice.elem.to_token_stream()), true),
            syn::Type::Path(path) if path.path.is_ident("str") => ("String".to_owned(), true),
            other => (other.to_token_stream().to_string(), true),
        },
        // The parameter for what can be the body of a request.
        syn::Type::Path(path) if path.path.is_ident("B") => ("String".to_owned(), false),
        other => (other.to_token_stream().to_string(), false),
    };
    Some(Argument { ty: owned, is_optional: inner.is_some(), is_reference })
}

fn option_of(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_arguments_are_is_read_from_the_signature() {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a/{id}": {"put": {
                "operationId": "put a",
                "parameters": [
                    {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "z", "in": "query", "schema": {"type": "integer"}},
                    {"name": "b", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
                ],
                "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
                "responses": {"204": {"description": ""}}
            }}}
        });
        let peer = generate(&document).unwrap();
        let [method] = peer.methods.as_slice() else { panic!("{:?}", peer.methods) };
        assert_eq!(method.name, "put_a");
        let argument =
            |ty: &str, is_optional, is_reference| Argument { ty: ty.to_owned(), is_optional, is_reference };
        assert_eq!(
            method.arguments,
            [
                argument("String", false, true),
                argument(":: std :: vec :: Vec < :: std :: string :: String >", true, true),
                argument("i64", true, false),
                argument("String", false, false),
            ]
        );
    }

    #[test]
    fn what_it_does_not_support_is_said() {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"put": {
                "operationId": "a",
                "requestBody": {"content": {"application/json": {"schema": {}}, "text/plain": {"schema": {}}}},
                "responses": {"204": {"description": ""}}
            }}}
        });
        assert_eq!(
            generate(&document).err().unwrap(),
            "not yet implemented: more media types than expected for a: 2"
        );
    }
}
