//! The option with the body of a request, and its help: the properties that a body of JSON has.

use proc_macro2::TokenStream;
use quote::quote;

use super::Command;
use super::argument::{BODY, headline};
use crate::ir::{ContentKind, Field, RequestBody, Type, TypeKind};

/// How many values of an enum are listed. More are no help on one line.
const MOST_VALUES: usize = 10;

impl Command<'_> {
    /// The argument that takes the body.
    pub(super) fn body_argument(&self, body: &RequestBody) -> TokenStream {
        let description = body.description.as_deref().map_or("The body of the request".to_owned(), headline);
        let is_required = body.required;
        let argument = quote!(command::body(#BODY, #description, #is_required));
        if let Some(form) = form(body) {
            return quote!(#argument.value_name(#form));
        }
        match self.properties(body) {
            Some(properties) => {
                let help = format!("{description}\n\nIts properties:\n{properties}");
                quote!(#argument.long_help(#help))
            }
            None => argument,
        }
    }

    /// A line for each property of a body that is an object, those that it has to have first.
    fn properties(&self, body: &RequestBody) -> Option<String> {
        let ty = body.contents.iter().find_map(|content| match &content.kind {
            ContentKind::Json(Type::Named(id)) | ContentKind::Form(Type::Named(id), _) => Some(*id),
            _ => None,
        })?;
        let TypeKind::Record(record) = &self.context.api.ty(ty)?.kind else { return None };
        let (required, optional) = record.fields.iter().partition::<Vec<_>, _>(|field| field.required);
        let lines = required.into_iter().chain(optional).map(|field| self.property(field));
        Some(lines.collect::<Vec<_>>().join("\n")).filter(|lines| !lines.is_empty())
    }

    fn property(&self, field: &Field) -> String {
        let required = if field.required { ", required" } else { "" };
        let mut line = format!("  {} ({}{required})", field.name, self.kind(&field.ty));
        let description = field.docs.description.as_deref().or(field.docs.summary.as_deref());
        if let Some(about) = description.map(headline).filter(|about| !about.is_empty()) {
            line.push_str(&format!(": {about}"));
        }
        line
    }

    /// What a value is in JSON, in a few words.
    fn kind(&self, ty: &Type) -> String {
        let values = |values: &mut dyn ExactSizeIterator<Item = String>, otherwise: &str| {
            if values.len() > MOST_VALUES {
                return otherwise.to_owned();
            }
            values.collect::<Vec<_>>().join(" | ")
        };
        match ty {
            Type::Boolean => "true | false".to_owned(),
            Type::Integer32 | Type::Integer64 | Type::Unsigned64 => "integer".to_owned(),
            Type::Number | Type::Decimal => "number".to_owned(),
            Type::Text(_) => "text".to_owned(),
            Type::Any => "any JSON".to_owned(),
            Type::Array(_) => "list".to_owned(),
            Type::Map(_) => "object".to_owned(),
            Type::Nullable(inner) => self.kind(inner),
            Type::Named(id) => match self.context.api.ty(*id).map(|ty| &ty.kind) {
                Some(TypeKind::Record(_)) => "object".to_owned(),
                Some(TypeKind::TextEnum(members)) => {
                    values(&mut members.iter().map(|member| member.value.clone()), "text")
                }
                Some(TypeKind::IntegerEnum(members)) => {
                    values(&mut members.iter().map(|member| member.value.to_string()), "integer")
                }
                Some(TypeKind::Union(_) | TypeKind::Any) | None => "any JSON".to_owned(),
            },
        }
    }
}

/// What stands for a body that is not JSON.
fn form(body: &RequestBody) -> Option<&'static str> {
    body.contents.iter().find_map(|content| match content.kind {
        ContentKind::Json(_) | ContentKind::Form(..) => Some(None),
        ContentKind::Text => Some(Some("TEXT|@FILE|-")),
        ContentKind::Bytes => Some(Some("@FILE|-")),
        ContentKind::Multipart(_) | ContentKind::AnyMultipart => None,
    })?
}
