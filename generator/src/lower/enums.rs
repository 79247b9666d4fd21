//! Enums: of texts, of integers; others are what their values are.

use std::collections::BTreeSet;

use super::Lowering;
use super::schemas::{Parts, Use};
use super::unions::Candidate;
use crate::ir::{EnumValue, TextFormat, Type, TypeKind};
use crate::model::{Schema, SchemaType};
use crate::source::{Node, Value};

/// The most values of an enum that is generated as one: the compiler takes minutes for more, and nobody picks from them.
pub(super) const MOST_VALUES: usize = 10_000;

impl<'a> Lowering<'a> {
    /// The type of a schema that lists its values, and whether `null` is one of them. `None` when it lists none, or the
    /// `type` says all that is generated.
    ///
    /// A stated `type` decides how scalar values are meant: the values of `type: string` are texts also where they are
    /// written as numbers, which YAML makes of `- 1`.
    pub(super) fn enumeration(&mut self, schema: &'a Schema, at: &Use) -> Option<(Type, bool)> {
        let listed = schema.values.as_ref()?;
        let null = listed.iter().any(|node| node.value == Value::Null);
        let is = |wanted| schema.types.contains(&wanted);
        let is_stated = schema.types.iter().any(|stated| *stated != SchemaType::Null);
        let mut seen = BTreeSet::new();
        // Without a type, the text `1` and the number are two values.
        let key = |node: &Node| Some((node.scalar_text()?, !is_stated && node.as_str().is_some()));
        let values: Vec<(usize, &Node)> = listed
            .iter()
            .enumerate()
            .filter(|(_, node)| node.value != Value::Null)
            .filter(|(_, node)| key(node).is_none_or(|key| seen.insert(key)))
            .collect();
        if values.is_empty() {
            return null.then(|| (self.plain(schema), true));
        }
        if values.len() > MOST_VALUES {
            self.too_many_values(schema, values.len());
            return (!is_stated).then(|| (self.kinds_of_values(schema, &values, at), null));
        }
        let all = |test: fn(&Node) -> bool| values.iter().all(|(_, node)| test(node));
        if is(SchemaType::String) || (!is_stated && all(|node| node.as_str().is_some())) {
            if let Some(texts) = self.values(schema, &values, Node::scalar_text) {
                return Some((Type::Named(self.define(schema, at, TypeKind::TextEnum(texts))), null));
            }
        } else if is(SchemaType::Integer) || is(SchemaType::Number) || !is_stated {
            let integer = |node: &Node| node.scalar_text().and_then(|text| text.parse::<i64>().ok());
            let is_number = |node: &Node| matches!(node.value, Value::Number(_));
            let may_be = is(SchemaType::Integer) || values.iter().all(|(_, node)| is_number(node));
            if let Some(integers) = may_be.then(|| self.values(schema, &values, integer)).flatten() {
                return Some((Type::Named(self.define(schema, at, TypeKind::IntegerEnum(integers))), null));
            }
        }
        if is_stated {
            let is_said_by_type = is(SchemaType::Boolean) || all(|node| node.scalar_text().is_none());
            if !is_said_by_type {
                self.not_generated(
                    schema.place,
                    "an enum of values that are neither all texts nor all integers is not generated as an enum",
                    "the value is taken as its `type` says",
                );
            }
            return None;
        }
        Some((self.kinds_of_values(schema, &values, at), null))
    }

    /// Reports an enum of more values than are generated.
    pub(super) fn too_many_values(&mut self, schema: &Schema, count: usize) {
        self.not_generated(
            schema.place,
            format!("an enum of {count} values is not generated as an enum: {MOST_VALUES} are the most"),
            "the value is taken as its `type` says",
        );
    }

    /// The texts that a schema names.
    pub(super) fn named_texts(&self, schema: &Schema) -> Option<Vec<EnumValue<String>>> {
        let listed = schema.values.as_deref().unwrap_or_default().iter().enumerate();
        let values: Vec<_> = listed.filter(|(_, node)| node.value != Value::Null).collect();
        self.values(schema, &values, Node::scalar_text)
    }

    fn values<T>(
        &self,
        schema: &Schema,
        values: &[(usize, &Node)],
        read: impl Fn(&Node) -> Option<T>,
    ) -> Option<Vec<EnumValue<T>>> {
        let word = |index: usize, list: &[String]| list.get(index).filter(|text| !text.is_empty()).cloned();
        let read = |(index, node): &(usize, &Node)| {
            Some(EnumValue {
                value: read(node)?,
                name: word(*index, &schema.value_names),
                description: word(*index, &schema.value_descriptions),
            })
        };
        values.iter().map(read).collect()
    }

    /// What values without a stated type are: one type, or a union of the types that occur.
    fn kinds_of_values(&mut self, schema: &'a Schema, values: &[(usize, &Node)], at: &Use) -> Type {
        let mut types: Vec<Type> = Vec::new();
        for (_, node) in values {
            let ty = match &node.value {
                Value::Bool(_) => Type::Boolean,
                Value::Number(text) if text.parse::<i64>().is_ok() => Type::Integer64,
                Value::Number(_) => Type::Number,
                Value::String(_) => Type::Text(TextFormat::Plain),
                Value::Array(_) => Type::Array(Box::new(Type::Any)),
                Value::Object(_) => Type::Map(Box::new(Type::Any)),
                Value::Null => continue,
            };
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        if types.contains(&Type::Number) {
            types.retain(|ty| *ty != Type::Integer64);
        }
        match types.as_slice() {
            [only] => only.clone(),
            _ => {
                let members = types.into_iter().map(Candidate::Plain).collect();
                self.pending(schema, at, Parts::Union { members, discriminator: None })
            }
        }
    }
}
