//! Schemas become types.
//!
//! A schema is classified by a chain of attempts, most specific first: enum, `allOf`, union, object, array, scalar. A type
//! with a name gets its id at once and its parts later, from a queue, so that neither recursive schemas nor long chains
//! of references are a matter of stack depth.

use std::collections::BTreeSet;

use super::allof::Merged;
use super::{Lowering, limits};
use crate::diagnostics::Code;
use crate::ir::{
    Docs, EnumValue, Field, JsonKind, Member, Record, Type, TypeDefinition, TypeId, TypeKind, TypeName,
};
use crate::model::{AdditionalProperties, Schema, SchemaRef, SchemaType};
use crate::source::{Node, Value};

/// How deeply types may be written inside each other; the compiler gives up on deeper ones.
const MAX_DEPTH: usize = 40;

/// A type with a name whose parts are not lowered yet.
pub(super) struct Pending {
    id: TypeId,
    depth: usize,
    parts: Parts,
}

enum Parts {
    Record { merged: Merged },
    Union { members: Vec<SchemaRef> },
}

/// Where a schema is used, which gives it a name when it has none of its own.
#[derive(Clone)]
pub(super) struct Use {
    pub(super) name: TypeName,
    pub(super) depth: usize,
}

impl Use {
    pub(super) fn of_operation(operation: &str, role: &str) -> Self {
        Self {
            name: TypeName::OfOperation { operation: operation.to_owned(), role: role.to_owned() },
            depth: 0,
        }
    }

    fn part(owner: TypeId, role: &str, depth: usize) -> Self {
        Self { name: TypeName::Part { owner, role: role.to_owned() }, depth: depth + 1 }
    }

    fn item(&self) -> Self {
        match &self.name {
            TypeName::Part { owner, role } => Self::part(*owner, &format!("{role} item"), self.depth),
            TypeName::OfOperation { operation, role } => Self {
                name: TypeName::OfOperation { operation: operation.clone(), role: format!("{role} item") },
                depth: self.depth + 1,
            },
            TypeName::Component(name) => {
                Self { name: TypeName::Component(format!("{name} item")), depth: self.depth + 1 }
            }
        }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers all schemas that the description names, used or not: people name types that travel as text.
    pub(super) fn components(&mut self) {
        for component in &self.document.components.schemas {
            let name = TypeName::Component(component.name.clone());
            self.value(&component.value, &Use { name, depth: 0 });
        }
        self.work_off();
    }

    /// The type of a schema, `null` included.
    pub(super) fn ty(&mut self, reference: &SchemaRef, at: &Use) -> Type {
        match self.value(reference, at) {
            (ty, true) => Type::Nullable(Box::new(ty)),
            (ty, false) => ty,
        }
    }

    /// The type of a schema without `null`, and whether it may be `null`.
    pub(super) fn value(&mut self, reference: &SchemaRef, at: &Use) -> (Type, bool) {
        if let Some(known) = self.types.get(&reference.id) {
            return known.clone();
        }
        let Some(schema) = self.schema(reference) else { return (Type::Any, false) };
        if at.depth > MAX_DEPTH {
            self.diagnostics
                .report(
                    Code::Depth,
                    schema.place,
                    format!("schemas are nested more than {MAX_DEPTH} levels deep here"),
                )
                .help("name the inner schemas in `components/schemas` and refer to them");
            return (Type::Any, false);
        }
        // An alias of itself and an array of itself have no type of finite size: the inner use is any value.
        self.types.insert(reference.id, (Type::Any, false));
        let named = schema.origin.name.clone().map_or(at.name.clone(), TypeName::Component);
        let lowered = self.classify(schema, &Use { name: named, depth: at.depth });
        self.types.insert(reference.id, lowered.clone());
        lowered
    }

    fn classify(&mut self, schema: &'a Schema, at: &Use) -> (Type, bool) {
        let null = schema.nullable || schema.types.contains(&SchemaType::Null);
        if let Some(lowered) = self.enumeration(schema, at) {
            return (lowered.0, lowered.1 || null);
        }
        if !schema.all_of.is_empty() {
            let (ty, inner_null) = self.all_of(schema, at);
            return (ty, inner_null || null);
        }
        if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
            let (ty, inner_null) = self.union(schema, at);
            return (ty, inner_null || null);
        }
        if let Some(not) = &schema.not {
            self.not_generated(not.place, "`not` is not checked", "the value is taken whatever it is");
        }
        let is = |wanted| schema.types.contains(&wanted);
        let structural: Vec<_> = schema.types.iter().filter(|ty| **ty != SchemaType::Null).collect();
        if structural.len() > 1 {
            self.not_generated(
                schema.place,
                "a schema with several types is generated as any JSON value",
                "use `oneOf`",
            );
            return (Type::Any, null);
        }
        let is_object = is(SchemaType::Object)
            || (structural.is_empty()
                && (!schema.properties.is_empty()
                    || schema.additional_properties != AdditionalProperties::Unstated));
        let ty = if is_object {
            self.object(schema, at)
        } else if is(SchemaType::Array) || (structural.is_empty() && schema.items.is_some()) {
            self.array(schema, at)
        } else {
            self.scalar(schema)
        };
        (ty, null)
    }

    /// An enum of texts or of integers. Other enums are what their type says, with a report.
    fn enumeration(&mut self, schema: &'a Schema, at: &Use) -> Option<(Type, bool)> {
        let values = schema.values.as_ref()?;
        let null = values.iter().any(|node| node.value == Value::Null);
        let described =
            |index: usize, list: &[String]| list.get(index).filter(|text| !text.is_empty()).cloned();
        let mut seen = BTreeSet::new();
        let named: Vec<(usize, &Node)> = values
            .iter()
            .enumerate()
            .filter(|(_, node)| node.value != Value::Null)
            .filter(|(_, node)| node.scalar_text().is_none_or(|text| seen.insert(text)))
            .collect();
        let texts = named.iter().map(|(index, node)| {
            node.as_str().map(|text| EnumValue {
                value: text.to_owned(),
                name: described(*index, &schema.value_names),
                description: described(*index, &schema.value_descriptions),
            })
        });
        let integers = named.iter().map(|(index, node)| {
            let Value::Number(text) = &node.value else { return None };
            text.parse().ok().map(|value| EnumValue {
                value,
                name: described(*index, &schema.value_names),
                description: described(*index, &schema.value_descriptions),
            })
        });
        let kind = match (texts.collect::<Option<Vec<_>>>(), integers.collect::<Option<Vec<_>>>()) {
            (Some(texts), _) if !texts.is_empty() => TypeKind::TextEnum(texts),
            (_, Some(integers)) if !integers.is_empty() => TypeKind::IntegerEnum(integers),
            _ => {
                if !named.iter().all(|(_, node)| node.as_bool().is_some()) {
                    self.not_generated(
                        schema.place,
                        "an enum of values that are neither all texts nor all integers is not generated as an enum",
                        "the value is taken as its `type` says",
                    );
                }
                return None;
            }
        };
        Some((Type::Named(self.define(schema, at, kind)), null))
    }

    /// `allOf`: another name for its one member, or the object that all members make together.
    fn all_of(&mut self, schema: &'a Schema, at: &Use) -> (Type, bool) {
        let says_something_itself = !schema.properties.is_empty() || !schema.required.is_empty();
        if let ([only], false) = (schema.all_of.as_slice(), says_something_itself) {
            return self.value(only, at);
        }
        let merged = self.merge(schema);
        match merged.alias {
            Some(ref alias) if merged.properties.is_empty() => self.value(alias, at),
            _ => (self.record(schema, merged, at), false),
        }
    }

    fn object(&mut self, schema: &'a Schema, at: &Use) -> Type {
        if schema.properties.is_empty() {
            match &schema.additional_properties {
                AdditionalProperties::Typed(values) => {
                    return Type::Map(Box::new(self.ty(values, &at.item())));
                }
                AdditionalProperties::Unstated | AdditionalProperties::Allowed => {
                    return Type::Map(Box::new(Type::Any));
                }
                AdditionalProperties::Forbidden => {}
            }
        }
        let merged = self.merge(schema);
        self.record(schema, merged, at)
    }

    fn record(&mut self, schema: &'a Schema, merged: Merged, at: &Use) -> Type {
        let id =
            self.define(schema, at, TypeKind::Record(Record { fields: Vec::new(), is_open: merged.is_open }));
        self.queue.push(Pending { id, depth: at.depth, parts: Parts::Record { merged } });
        Type::Named(id)
    }

    fn array(&mut self, schema: &'a Schema, at: &Use) -> Type {
        let item = match &schema.items {
            Some(items) => self.ty(items, &at.item()),
            None => Type::Any,
        };
        Type::Array(Box::new(item))
    }

    fn scalar(&mut self, schema: &Schema) -> Type {
        let format = schema.format.as_ref().map_or("", |format| format.value.as_str());
        match schema.types.iter().find(|ty| **ty != SchemaType::Null) {
            Some(SchemaType::Boolean) => Type::Boolean,
            Some(SchemaType::Integer) if format == "int32" && fits_32_bits(schema) => Type::Integer32,
            Some(SchemaType::Integer) => Type::Integer64,
            Some(SchemaType::Number) if format == "decimal" => Type::Decimal,
            Some(SchemaType::Number) => Type::Number,
            Some(SchemaType::String) if schema.secret => Type::Secret,
            Some(SchemaType::String) => match format {
                "date-time" => Type::DateTime,
                "date" => Type::Date,
                "uuid" => Type::Uuid,
                _ => Type::Text,
            },
            _ => Type::Any,
        }
    }

    /// `oneOf` and `anyOf`: a union, or the only member that is not `null`.
    fn union(&mut self, schema: &'a Schema, at: &Use) -> (Type, bool) {
        let listed = schema.one_of.iter().chain(&schema.any_of);
        let is_null = |reference: &SchemaRef| {
            self.schema(reference).is_some_and(|member| {
                member.types == [SchemaType::Null]
                    || member
                        .values
                        .as_ref()
                        .is_some_and(|values| values.iter().all(|node| node.value == Value::Null))
            })
        };
        let (nulls, members): (Vec<_>, Vec<_>) = listed.cloned().partition(is_null);
        if !schema.properties.is_empty() {
            self.not_generated(
                schema.place,
                "properties beside `oneOf` or `anyOf` are not generated as fields",
                "they are kept with the undeclared properties of each member",
            );
        }
        if let Some(discriminator) = &schema.discriminator {
            self.not_generated(
                discriminator.place,
                "the discriminator is not used to choose the member",
                "the first member that the value fits is chosen",
            );
        }
        if let [only] = members.as_slice() {
            let (ty, null) = self.value(only, at);
            return (ty, null || !nulls.is_empty());
        }
        let id = self.define(schema, at, TypeKind::Union(Vec::new()));
        self.queue.push(Pending { id, depth: at.depth, parts: Parts::Union { members } });
        (Type::Named(id), !nulls.is_empty())
    }

    fn define(&mut self, schema: &Schema, at: &Use, kind: TypeKind) -> TypeId {
        let id = TypeId(self.api.types.len());
        self.api.types.push(TypeDefinition {
            name: at.name.clone(),
            place: schema.place,
            docs: docs(schema),
            rust_name: schema.rust_name.as_ref().map(|name| name.value.clone()),
            groups: BTreeSet::new(),
            in_request: false,
            in_parameter: false,
            kind,
        });
        id
    }

    /// Lowers the parts of all types that wait for it, and of those that come up meanwhile.
    pub(super) fn work_off(&mut self) {
        while !self.queue.is_empty() {
            for pending in std::mem::take(&mut self.queue) {
                let kind = match pending.parts {
                    Parts::Record { merged } => self.fields(pending.id, &merged, pending.depth),
                    Parts::Union { members } => self.members(pending.id, &members, pending.depth),
                };
                if let Some(definition) = self.api.types.get_mut(pending.id.0) {
                    definition.kind = kind;
                }
            }
        }
    }

    fn fields(&mut self, owner: TypeId, merged: &Merged, depth: usize) -> TypeKind {
        let mut fields = Vec::with_capacity(merged.properties.len());
        for property in &merged.properties {
            let (ty, nullable) = self.value(&property.schema, &Use::part(owner, &property.name, depth));
            let Some(schema) = self.schema(&property.schema) else { continue };
            if schema.read_only || schema.write_only {
                self.not_generated(
                    property.place,
                    format!("`{}` is in the request and in the response type", property.name),
                    "`readOnly` and `writeOnly` do not shape types yet",
                );
            }
            // The text at a reference is about the type that it names, which has docs of its own.
            let says_itself = !property.schema.by_reference;
            fields.push(Field {
                name: property.name.clone(),
                place: property.place,
                ty,
                required: merged.required.contains(&property.name),
                nullable,
                boxed: false,
                docs: if says_itself { docs(schema) } else { reference_docs(schema) },
                limits: limits(&schema.bounds),
                default: schema.default.as_ref().map(|node| node.to_json().to_string()),
                rust_name: if says_itself {
                    schema.rust_name.as_ref().map(|name| name.value.clone())
                } else {
                    None
                },
            });
        }
        TypeKind::Record(Record { fields, is_open: merged.is_open })
    }

    fn members(&mut self, owner: TypeId, listed: &[SchemaRef], depth: usize) -> TypeKind {
        let mut members: Vec<Member> = Vec::with_capacity(listed.len());
        for (index, reference) in listed.iter().enumerate() {
            let ty = self.ty(reference, &Use::part(owner, &format!("variant {}", index + 1), depth));
            if members.iter().any(|member| member.ty == ty) {
                continue;
            }
            let schema = self.schema(reference);
            let described = if reference.by_reference { None } else { schema };
            members.push(Member {
                ty,
                kinds: Vec::new(),
                boxed: false,
                name: schema.and_then(|schema| schema.origin.name.clone().or_else(|| schema.title.clone())),
                description: described.and_then(|schema| schema.description.clone()),
            });
        }
        TypeKind::Union(members)
    }

    /// The kinds of JSON values that a type can be.
    pub(super) fn kinds(&self, ty: &Type, depth: usize) -> BTreeSet<JsonKind> {
        use JsonKind::{Array, Boolean, Integer, Null, Number, Object, String};
        let kinds: &[JsonKind] = match ty {
            Type::Boolean => &[Boolean],
            Type::Integer32 | Type::Integer64 => &[Integer],
            Type::Number | Type::Decimal => &[Number],
            Type::Text | Type::Secret | Type::DateTime | Type::Date | Type::Uuid => &[String],
            Type::Array(_) => &[Array],
            Type::Map(_) => &[Object],
            Type::Any => &[Null, Boolean, Number, String, Array, Object],
            Type::Nullable(inner) => {
                let mut kinds = self.kinds(inner, depth);
                kinds.insert(Null);
                return kinds;
            }
            Type::Named(id) => match self.api.ty(*id).map(|definition| &definition.kind) {
                Some(TypeKind::Record(_)) => &[Object],
                Some(TypeKind::TextEnum(_)) => &[String],
                Some(TypeKind::IntegerEnum(_)) => &[Integer],
                Some(TypeKind::Union(members)) if depth < MAX_DEPTH => {
                    return members.iter().flat_map(|member| self.kinds(&member.ty, depth + 1)).collect();
                }
                Some(TypeKind::Union(_)) | None => &[],
            },
        };
        kinds.iter().copied().collect()
    }
}

fn fits_32_bits(schema: &Schema) -> bool {
    let fits = |bound: &Option<String>| bound.as_ref().is_none_or(|text| text.parse::<i32>().is_ok());
    fits(&schema.bounds.minimum) && fits(&schema.bounds.maximum)
}

/// What a schema says about itself.
pub(super) fn docs(schema: &Schema) -> Docs {
    Docs {
        summary: schema.title.clone(),
        description: schema.description.clone(),
        external: schema.external_docs.as_ref().map(|docs| (docs.url.clone(), docs.description.clone())),
        deprecated: schema.deprecated,
    }
}

/// What a field says whose schema is defined elsewhere: the first paragraph of it.
fn reference_docs(schema: &Schema) -> Docs {
    let first = |text: &String| text.split("\n\n").next().map(str::to_owned);
    Docs {
        summary: schema.title.clone(),
        description: schema.description.as_ref().and_then(first),
        external: None,
        deprecated: schema.deprecated,
    }
}
