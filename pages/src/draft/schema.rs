//! Shapes as schemas.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, IntegerFormat, IntegerType, NumberFormat,
    NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringFormat, StringType, Type,
    VariantOrUnknownOrEmpty as Format,
};
use serde_json::Value;

use super::Drafter;
use crate::facts::{Field, Shape, Width};
use crate::limits::Limits;

impl Drafter {
    pub(super) fn schema(&self, shape: &Shape, limits: &Limits) -> Schema {
        let schema_data = SchemaData {
            default: limits.default.as_deref().and_then(|text| value(text, shape)),
            deprecated: limits.deprecated,
            ..SchemaData::default()
        };
        Schema { schema_data, schema_kind: self.kind(shape, limits) }
    }

    fn kind(&self, shape: &Shape, limits: &Limits) -> SchemaKind {
        let kind = match shape {
            Shape::Any => return SchemaKind::Any(AnySchema::default()),
            Shape::String => Type::String(StringType {
                enumeration: limits.values.iter().cloned().map(Some).collect(),
                min_length: limits.min_length,
                max_length: limits.max_length,
                ..StringType::default()
            }),
            Shape::File => Type::String(StringType {
                format: Format::Item(StringFormat::Binary),
                ..StringType::default()
            }),
            Shape::Integer(width) => Type::Integer(IntegerType {
                format: match width {
                    Some(Width::Bits32) => Format::Item(IntegerFormat::Int32),
                    Some(Width::Bits64) => Format::Item(IntegerFormat::Int64),
                    None => Format::Empty,
                },
                minimum: limits.minimum,
                maximum: limits.maximum,
                enumeration: limits.values.iter().filter_map(|text| text.parse().ok()).map(Some).collect(),
                ..IntegerType::default()
            }),
            Shape::Number(width) => Type::Number(NumberType {
                format: match width {
                    Some(Width::Bits32) => Format::Item(NumberFormat::Float),
                    Some(Width::Bits64) => Format::Item(NumberFormat::Double),
                    None => Format::Empty,
                },
                minimum: limits.minimum.map(as_float),
                maximum: limits.maximum.map(as_float),
                exclusive_minimum: limits.exclusive_minimum,
                exclusive_maximum: limits.exclusive_maximum,
                enumeration: limits.values.iter().filter_map(|text| text.parse().ok()).map(Some).collect(),
                ..NumberType::default()
            }),
            Shape::Boolean => Type::Boolean(BooleanType::default()),
            Shape::Array(items) => Type::Array(ArrayType {
                items: Some(ReferenceOr::Item(Box::new(self.schema(items, &Limits::default())))),
                min_items: None,
                max_items: None,
                unique_items: false,
            }),
            Shape::Map(values, fields) => {
                let values = self.schema(values, &Limits::default());
                let mut object = self.object(fields);
                object.additional_properties =
                    Some(AdditionalProperties::Schema(Box::new(ReferenceOr::Item(values))));
                Type::Object(object)
            }
            Shape::Object(fields) => Type::Object(self.object(fields)),
        };
        SchemaKind::Type(kind)
    }

    fn object(&self, fields: &[Field]) -> ObjectType {
        let properties: IndexMap<String, ReferenceOr<Box<Schema>>> = fields
            .iter()
            .map(|field| {
                let mut schema = self.schema(&field.shape, &field.limits);
                schema.schema_data.description = self.words(&field.description);
                (field.name.clone(), ReferenceOr::Item(Box::new(schema)))
            })
            .collect();
        let required = fields.iter().filter(|field| field.required == Some(true));
        ObjectType {
            properties,
            required: required.map(|field| field.name.clone()).collect(),
            ..ObjectType::default()
        }
    }
}

/// A default as a value of its type; `None` when it is none.
fn value(text: &str, shape: &Shape) -> Option<Value> {
    match shape {
        Shape::String => Some(Value::from(text)),
        Shape::Integer(_) => text.parse::<i64>().ok().map(Value::from),
        Shape::Number(_) => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        Shape::Boolean => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    }
}

/// Limits on pages are small.
#[expect(clippy::cast_precision_loss, reason = "a limit that large means that there is none")]
fn as_float(limit: i64) -> f64 {
    limit as f64
}
