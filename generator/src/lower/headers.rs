//! Headers of answers.

use super::Lowering;
use super::schemas::Use;
use crate::ir::{Header, TextFormat, Type, TypeKind};
use crate::model::{Named, ParameterShape, Response};

impl Lowering<'_> {
    /// The headers of a response, by their index in the API. One that is named `Content-Type` is ignored (OpenAPI 3.0.4
    /// §4.7.17.1).
    pub(super) fn answer_headers(&mut self, response: &Response, operation: &str) -> Vec<usize> {
        let described = response.headers.iter();
        described
            .filter(|header| !header.name.eq_ignore_ascii_case("content-type"))
            .map(|header| self.answer_header(header, operation))
            .collect()
    }

    fn answer_header(&mut self, header: &Named<crate::model::Header>, operation: &str) -> usize {
        let at = Use::of_operation(operation, &format!("{} header", header.name));
        let schema = match &header.value.shape {
            ParameterShape::Schema { schema, .. } => schema.as_ref(),
            ParameterShape::Content(media) => {
                self.not_generated(
                    media.place,
                    format!("the header `{}` is given by `content`", header.name),
                    "it is read as text",
                );
                None
            }
        };
        let ty = schema.map_or(Type::Text(TextFormat::Plain), |schema| self.text_value(schema, &at));
        let ty = if self.is_header_value(&ty, true) {
            ty
        } else {
            if ty != Type::Any {
                self.not_generated(
                    header.place,
                    format!("the header `{}` is neither a scalar nor a list of scalars", header.name),
                    "it is read as text",
                );
            }
            Type::Text(TextFormat::Plain)
        };
        let is_it = |known: &Header| known.name.eq_ignore_ascii_case(&header.name) && known.ty == ty;
        if let Some(known) = self.api.headers.iter().position(is_it) {
            return known;
        }
        let described = schema.and_then(|schema| self.schema(schema)?.description.clone());
        self.api.headers.push(Header {
            name: header.name.clone(),
            ty,
            description: header.value.description.clone().or(described),
            deprecated: header.value.deprecated,
        });
        self.api.headers.len() - 1
    }

    fn is_header_value(&self, ty: &Type, may_be_list: bool) -> bool {
        match ty {
            Type::Array(item) => may_be_list && self.is_header_value(item, false),
            Type::Named(id) => self.api.ty(*id).is_some_and(|definition| {
                matches!(definition.kind, TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_))
            }),
            Type::Any | Type::Map(_) | Type::Nullable(_) => false,
            _ => true,
        }
    }
}
