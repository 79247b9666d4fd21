//! Small pieces of Rust syntax: identifiers, docs, types.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::Context;
use super::docs::doc_lines;
use crate::ir::{GroupId, TextFormat, Type, TypeId};

/// An identifier; keywords are written raw.
pub(super) fn ident(name: &str) -> Ident {
    if let Ok(ident) = syn::parse_str::<Ident>(name) {
        return ident;
    }
    let is_identifier = syn::parse_str::<Ident>(&format!("r{name}")).is_ok();
    if is_identifier {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new("_unnamed", Span::call_site())
    }
}

/// Outer docs from CommonMark.
pub(super) fn docs(markdown: &str) -> TokenStream {
    doc_lines(markdown).iter().map(|line| attribute(line, false)).collect()
}

/// Inner docs from CommonMark, for the top of a module.
pub(super) fn inner_docs(markdown: &str) -> TokenStream {
    doc_lines(markdown).iter().map(|line| attribute(line, true)).collect()
}

/// Outer docs that are written as they are, with links to items; nothing from a description may be among them.
pub(super) fn raw_docs(lines: &str) -> TokenStream {
    lines.lines().map(|line| attribute(line, false)).collect()
}

/// A line of inner docs that is written as it is; nothing from a description may be in it but as a literal of Rust.
pub(super) fn raw_inner_doc(line: &str) -> TokenStream {
    attribute(line, true)
}

fn attribute(line: &str, is_inner: bool) -> TokenStream {
    let text = if line.is_empty() { String::new() } else { format!(" {line}") };
    if is_inner { quote!(#![doc = #text]) } else { quote!(#[doc = #text]) }
}

/// The attribute that keeps rustfmt away from an item, whose layout is prettyplease's.
pub(super) fn skip_formatting() -> TokenStream {
    // Written literally, it would make rustfmt drop the tokens from this file.
    let tool = ident("rustfmt");
    quote! { #[#tool::skip] }
}

/// A link to a struct from docs. The derive macros of the prelude have names that a struct can have too.
pub(super) fn struct_link(name: &str) -> String {
    const DERIVED: [&str; 9] =
        ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    if DERIVED.contains(&name) { format!("[`struct@{name}`]") } else { format!("[`{name}`]") }
}

/// The declaration of a module in a file of its own, which rustfmt does not look into.
pub(super) fn module(name: &str, is_public: bool) -> TokenStream {
    let (name, skip) = (ident(name), skip_formatting());
    let visibility = is_public.then(|| quote!(pub));
    quote! { #skip #visibility mod #name; }
}

/// The lint expectation for a setter of that name, where clippy would take it for a method of an operator.
pub(super) fn setter_expectation(name: &str) -> Option<TokenStream> {
    const OPERATORS: [&str; 10] =
        ["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
    OPERATORS.contains(&name).then(|| {
        quote! { #[expect(clippy::should_implement_trait, reason = "the name is the description's")] }
    })
}

/// Whether values of a type hold integers directly, which are read also where they are written with a fraction of zero.
pub(super) fn holds_integer(ty: &Type) -> bool {
    match ty {
        Type::Integer32 | Type::Integer64 | Type::Unsigned64 => true,
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => holds_integer(inner),
        _ => false,
    }
}

/// From where a type is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    /// The module with the types of a group, or with the shared ones.
    Types(Option<GroupId>),
    /// Any other module of the crate.
    Crate,
    /// A test or example of the crate.
    Outside,
}

impl Context<'_> {
    /// The module that a type lives in: its group's, when only one uses it.
    pub(super) fn home(&self, id: TypeId) -> Option<GroupId> {
        let definition = self.api.ty(id)?;
        match definition.groups.len() {
            1 => definition.groups.first().copied(),
            _ => None,
        }
    }

    /// The type of a value.
    pub(super) fn ty(&self, ty: &Type, here: Here) -> TokenStream {
        match ty {
            Type::Boolean => quote!(bool),
            Type::Integer32 => quote!(i32),
            Type::Integer64 => quote!(i64),
            Type::Unsigned64 => quote!(u64),
            Type::Number => quote!(f64),
            Type::Text(TextFormat::Plain) => quote!(String),
            Type::Decimal => quote!(clientsmith_runtime::Decimal),
            Type::Text(TextFormat::Secret) => quote!(clientsmith_runtime::auth::Secret),
            Type::Text(TextFormat::DateTime) => quote!(clientsmith_runtime::DateTime),
            Type::Text(TextFormat::Date) => quote!(clientsmith_runtime::Date),
            Type::Text(TextFormat::Uuid) => quote!(clientsmith_runtime::Uuid),
            Type::Text(TextFormat::Decimal) => quote!(clientsmith_runtime::DecimalText),
            Type::Text(TextFormat::Base64) => quote!(clientsmith_runtime::Base64),
            Type::Any => quote!(clientsmith_runtime::Json),
            Type::Named(id) => self.named(*id, here),
            Type::Array(item) => {
                let item = self.ty(item, here);
                quote!(Vec<#item>)
            }
            Type::Map(values) => {
                let values = self.ty(values, here);
                quote!(std::collections::BTreeMap<String, #values>)
            }
            Type::Nullable(inner) => {
                let inner = self.ty(inner, here);
                quote!(Option<#inner>)
            }
        }
    }

    fn named(&self, id: TypeId, here: Here) -> TokenStream {
        let name = ident(self.names.ty(id).map_or("", |names| names.name.as_str()));
        match here {
            Here::Types(module) if module == self.home(id) => quote!(#name),
            Here::Types(_) | Here::Crate => quote!(crate::#name),
            Here::Outside => {
                let library = ident(&self.options.library());
                quote!(#library::#name)
            }
        }
    }

    /// What a setter or constructor takes for a value, and how the value is made of the argument.
    pub(super) fn argument(&self, ty: &Type, name: &Ident, here: Here) -> (TokenStream, TokenStream) {
        let held = self.ty(ty, here);
        if self.is_converted(ty) {
            (quote!(impl Into<#held>), quote!(#name.into()))
        } else {
            (held, quote!(#name))
        }
    }

    /// Whether a setter or constructor takes all that becomes a value of the type.
    pub(super) fn is_converted(&self, ty: &Type) -> bool {
        matches!(ty, Type::Text(_)) || self.api.is_named_any(ty)
    }
}
