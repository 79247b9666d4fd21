//! `src/response_headers.rs`: an accessor for each header that answers have.

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::{Here, docs, ident, inner_docs};
use super::words::sentence;
use super::{Context, FileContent, RenderedFile};
use crate::ir::{Header, Type, TypeKind};

impl Context<'_> {
    /// The file with the accessors; `None` when no header is described.
    pub(super) fn headers_file(&self) -> Option<RenderedFile> {
        if self.api.headers.is_empty() {
            return None;
        }
        let accessors = self.api.headers.iter().zip(&self.names.headers).map(|(header, name)| {
            let (wire, name) = (header.name.to_ascii_lowercase(), ident(name));
            let (ty, shape) = (self.ty(&header.ty, Here::Crate), ident(self.header_shape(&header.ty)));
            let about = docs(&describe(header));
            let deprecated = super::deprecated(header.deprecated);
            let feature = self.header_feature(&header.ty);
            quote! {
                #about
                #feature
                #deprecated
                fn #name(&self) -> Result<Option<#ty>, HeaderError> {
                    headers::read(self.header_map(), #wire, HeaderShape::#shape)
                }
            }
        });
        let about = docs(
            "The headers that the description names, on answers and on errors. `None` where the server did not send one; an error \
             where it has another shape than described.",
        );
        let pieces = vec![
            inner_docs("The headers of answers."),
            quote!(
                use clientsmith_runtime::headers::{self, HasHeaders, HeaderError, HeaderShape};
            ),
            quote! {
                #about
                pub trait ResponseHeaders: HasHeaders {
                    #(#accessors)*
                }
            },
            quote!(
                impl<T: HasHeaders> ResponseHeaders for T {}
            ),
        ];
        Some(RenderedFile { path: "src/response_headers.rs".to_owned(), content: FileContent::Rust(pieces) })
    }

    /// The condition for the type of a header that lives in a group.
    fn header_feature(&self, ty: &Type) -> Option<TokenStream> {
        match ty {
            Type::Named(id) => self.feature(&self.names.group(self.home(*id)?)?.kebab),
            Type::Array(item) => self.header_feature(item),
            _ => None,
        }
    }

    fn header_shape(&self, ty: &Type) -> &'static str {
        match ty {
            Type::Boolean | Type::Integer32 | Type::Integer64 | Type::Number | Type::Decimal => "Json",
            Type::Named(id) => match self.api.ty(*id).map(|definition| &definition.kind) {
                Some(TypeKind::IntegerEnum(_)) => "Json",
                _ => "Text",
            },
            Type::Array(item) if self.header_shape(item) == "Json" => "Numbers",
            Type::Array(_) => "Texts",
            _ => "Text",
        }
    }
}

fn describe(header: &Header) -> String {
    match header.description.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => format!("`{}`: {}", header.name.replace('`', "'"), sentence(text)),
        None => format!("The header `{}`.", header.name.replace('`', "'")),
    }
}
