//! Forms and bodies of several parts: how each property is written (OpenAPI 3.0.4 §4.7.15).

use super::Lowering;
use super::bodies::essence;
use super::schemas::{Use, docs};
use crate::ir::{ContentKind, FormEncoding, FormStyle, Part, PartKind};
use crate::model::{Encoding, MediaType, Named, ParameterStyle, Property, Schema, SchemaType};

impl Lowering<'_> {
    /// How the properties of a form are written for which that is not as usual.
    pub(super) fn form_encodings(&mut self, media: &MediaType) -> Vec<FormEncoding> {
        let mut encodings = Vec::new();
        for encoding in &media.encoding {
            let (style, allow_reserved) = (form_style(&encoding.value), encoding.value.allow_reserved);
            if style != FormStyle::Repeated || allow_reserved {
                encodings.push(FormEncoding { name: encoding.name.clone(), style, allow_reserved });
            }
        }
        encodings
    }

    /// The parts of a body with several; of a schema without properties nothing is known about them.
    pub(super) fn parts(&mut self, media: &Named<MediaType>, operation: &str) -> ContentKind {
        let Some(reference) = &media.value.schema else { return ContentKind::AnyMultipart };
        let Some(schema) = self.schema(reference) else { return ContentKind::AnyMultipart };
        if schema.properties.is_empty() && schema.all_of.is_empty() {
            return ContentKind::AnyMultipart;
        }
        let merged = self.merge(schema, reference.id);
        if merged.properties.is_empty() {
            return ContentKind::AnyMultipart;
        }
        let mut parts = Vec::with_capacity(merged.properties.len());
        for property in &merged.properties {
            let encoding = media.value.encoding.iter().find(|encoding| encoding.name == property.name);
            if let Some(header) = encoding.and_then(|encoding| encoding.value.headers.first()) {
                self.not_generated(
                    header.place,
                    "headers of a part are not generated",
                    "the part is sent without them",
                );
            }
            let encoding = encoding.map(|encoding| &encoding.value);
            let required = merged.required.contains(&property.name);
            parts.extend(self.part(property, encoding, required, operation));
        }
        ContentKind::Multipart(parts)
    }

    fn part(
        &mut self,
        property: &Property,
        encoding: Option<&Encoding>,
        required: bool,
        operation: &str,
    ) -> Option<Part> {
        let schema = self.schema(&property.schema)?;
        // Several media types are a choice; the first is what is sent.
        let media_type = encoding.and_then(|encoding| encoding.content_type.as_deref());
        let media_type =
            media_type.and_then(|types| types.split(',').next()).map(|first| first.trim().to_owned());
        let is_json = media_type.as_deref().is_some_and(|media_type| essence(media_type).ends_with("json"));
        let items =
            if schema.types == [SchemaType::Array] && !is_json { schema.items.as_ref() } else { None };
        let value = items.unwrap_or(&property.schema);
        let described = self.schema(value)?;
        let is_scalar_text = described.types == [SchemaType::String];
        // Text with a media type that is no text is a file that the description forgot to call binary.
        let is_file = is_binary(described)
            || (is_scalar_text
                && media_type
                    .as_deref()
                    .is_some_and(|media_type| !is_json && !essence(media_type).starts_with("text/")));
        let kind = if is_file {
            PartKind::File
        } else {
            let (ty, _) = self.value(
                value,
                &Use::of_operation(operation, &format!("request {}", property.name)).in_request(),
            );
            PartKind::Value(ty)
        };
        let says_itself = !property.schema.by_reference;
        Some(Part {
            name: property.name.clone(),
            kind,
            is_list: items.is_some(),
            required,
            media_type: media_type.filter(|media_type| !media_type.contains('*')),
            docs: docs(schema),
            rust_name: schema.rust_name.as_ref().filter(|_| says_itself).map(|name| name.value.clone()),
        })
    }
}

/// Whether a schema is of bytes as they are: `format: binary`.
pub(super) fn is_binary(schema: &Schema) -> bool {
    schema.format.as_ref().is_some_and(|format| format.value == "binary")
        && (schema.types.is_empty() || schema.types.contains(&SchemaType::String))
}

fn form_style(encoding: &Encoding) -> FormStyle {
    let is_json =
        encoding.content_type.as_deref().is_some_and(|media_type| essence(media_type).ends_with("json"));
    // A style makes the media type count for nothing.
    match (encoding.style, encoding.explode) {
        (None, None) if encoding.allow_reserved => FormStyle::Exploded,
        (None, None) if is_json => FormStyle::Json,
        (None, None) => FormStyle::Repeated,
        (None | Some(ParameterStyle::Form), explode) if explode.unwrap_or(true) => FormStyle::Exploded,
        (None | Some(ParameterStyle::Form), _) => FormStyle::Commas,
        (Some(ParameterStyle::DeepObject), _) => FormStyle::Deep,
        (Some(_), Some(true)) => FormStyle::Exploded,
        (Some(ParameterStyle::SpaceDelimited), _) => FormStyle::Spaces,
        (Some(ParameterStyle::PipeDelimited), _) => FormStyle::Pipes,
        (Some(_), _) => FormStyle::Exploded,
    }
}
