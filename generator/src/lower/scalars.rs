//! Scalars: the type that `type`, `format` and bounds say.

use super::{Lowering, Once};
use crate::diagnostics::Code;
use crate::ir::{TextFormat, Type};
use crate::model::{Schema, SchemaType};

/// Formats of texts that are texts for us too (OpenAPI format registry, JSON Schema 2020-12 §7.3).
const TEXT_FORMATS: [&str; 25] = [
    "binary",
    "char",
    "commonmark",
    "duration",
    "email",
    "hostname",
    "html",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "media-range",
    "password",
    "regex",
    "relative-json-pointer",
    "sf-string",
    "string",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "url",
];

/// Formats of numbers that say no more than their type and bounds.
const NUMBER_FORMATS: [&str; 10] =
    ["double", "float", "int16", "int32", "int64", "int8", "uint16", "uint32", "uint64", "uint8"];

impl Lowering<'_> {
    /// The type of a schema that is taken for a scalar, whatever else it says.
    pub(super) fn plain(&mut self, schema: &Schema) -> Type {
        match schema.types.iter().find(|ty| **ty != SchemaType::Null) {
            Some(ty) => self.scalar(*ty, schema),
            None => Type::Any,
        }
    }

    /// The type of a scalar.
    pub(super) fn scalar(&mut self, ty: SchemaType, schema: &Schema) -> Type {
        let format = schema.format.as_ref().map_or("", |format| format.value.as_str());
        let (found, known): (Type, &[&str]) = match ty {
            SchemaType::Boolean => (Type::Boolean, &[]),
            SchemaType::Integer => (integer(format, schema), &NUMBER_FORMATS),
            SchemaType::Number if matches!(format, "decimal" | "decimal128") => return Type::Decimal,
            SchemaType::Number => (Type::Number, &NUMBER_FORMATS),
            SchemaType::String if schema.secret => return Type::Text(TextFormat::Secret),
            SchemaType::String => match format {
                "date-time" => return Type::Text(TextFormat::DateTime),
                "date" => return Type::Text(TextFormat::Date),
                "uuid" => return Type::Text(TextFormat::Uuid),
                "decimal" | "decimal128" => return Type::Text(TextFormat::Decimal),
                "byte" | "base64" => return Type::Text(TextFormat::Base64),
                _ => (Type::Text(TextFormat::Plain), &TEXT_FORMATS),
            },
            SchemaType::Array => return Type::Array(Box::new(Type::Any)),
            SchemaType::Object => return Type::Map(Box::new(Type::Any)),
            SchemaType::Null => return Type::Any,
        };
        if !format.is_empty() && !known.contains(&format) {
            self.unknown_format(ty, schema);
        }
        found
    }

    /// Reports a format that is not known, at its first use.
    fn unknown_format(&mut self, ty: SchemaType, schema: &Schema) {
        let Some(format) = &schema.format else { return };
        if self.is_news(Once::UnknownFormat(ty, format.value.clone())) {
            self.diagnostics
                .report(
                    Code::UnknownFormat,
                    format.place,
                    format!("the format `{}` is not known", format.value),
                )
                .help("the value is what its `type` says");
        }
    }
}

/// The integer that holds all values that the schema allows: 32 bits where the format says so, else 64, without a sign
/// where the values go beyond, else of any size.
fn integer(format: &str, schema: &Schema) -> Type {
    let (minimum, maximum) = (&schema.bounds.minimum, &schema.bounds.maximum);
    let fits = |test: fn(&str) -> bool| [minimum, maximum].into_iter().flatten().all(|text| test(text));
    if matches!(format, "int8" | "int16" | "int32" | "uint8" | "uint16")
        && fits(|text| text.parse::<i32>().is_ok())
    {
        return Type::Integer32;
    }
    let is_whole = |text: &str| text.parse::<i128>().is_ok();
    let is_unsigned = minimum.as_ref().is_none_or(|text| !text.starts_with('-'));
    let fits_64 = fits(|text| text.parse::<i64>().is_ok());
    match format {
        "uint64" if is_unsigned => Type::Unsigned64,
        _ if fits_64 => Type::Integer64,
        _ if is_unsigned && fits(|text| text.parse::<u64>().is_ok()) => Type::Unsigned64,
        _ if fits(|text| text.parse::<i128>().is_ok()) => Type::Decimal,
        // Bounds that are written with a fraction or an exponent say nothing of the width, unless they are huge.
        _ => {
            let bounds = [minimum, maximum].into_iter().flatten().filter(|text| !is_whole(text));
            let is_huge =
                bounds.filter_map(|text| text.parse::<f64>().ok()).any(|bound| bound.abs() >= 9.3e18);
            if is_huge { Type::Decimal } else { Type::Integer64 }
        }
    }
}
