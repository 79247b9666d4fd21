//! Schemas become types.
//!
//! A schema is classified by a chain of attempts, most specific first: enum, `allOf`, union, object, array, scalar. A type
//! with a name gets its id at once and its parts later, from a queue, so that neither recursive schemas nor long chains
//! of references are a matter of stack depth.

use std::collections::BTreeSet;

use super::allof::Merged;
use super::direction::Direction;
use super::operations::external;
use super::unions::Candidate;
use super::untyped::reason;
use super::{Lowering, limits};
use crate::diagnostics::Code;
use crate::ir::{
    Docs, Field, Record, Type, TypeDefinition, TypeId, TypeKind, TypeName, Union, UntypedReason,
};
use crate::model::{AdditionalProperties, Discriminator, Schema, SchemaId, SchemaRef, SchemaType};
use crate::source::Node;

/// How deeply types may be written inside each other; the compiler gives up on deeper ones.
const MAX_DEPTH: usize = 40;

/// How many schemas may be lowered inside of each other, those that are only other names included. Each takes its part of
/// the stack.
const MAX_NESTED: usize = 60;

/// A type with a name whose parts are not lowered yet.
pub(super) struct Pending {
    pub(super) id: TypeId,
    /// Where it is used.
    pub(super) at: Use,
    pub(super) parts: Parts,
    /// Whether it is made on behalf of what is selected.
    is_heard: bool,
}

/// What the parts of a type are made of.
pub(super) enum Parts {
    Record { merged: Merged },
    Union { members: Vec<Candidate>, discriminator: Option<Discriminator> },
}

/// Where a schema is used, which gives it a name when it has none of its own.
#[derive(Clone)]
pub(super) struct Use {
    pub(super) name: TypeName,
    pub(super) depth: usize,
    /// Which way its values go.
    pub(super) direction: Direction,
}

impl Use {
    /// A use in what comes back from an operation.
    pub(super) fn of_operation(operation: &str, role: &str) -> Self {
        Self {
            name: TypeName::OfOperation { operation: operation.to_owned(), role: role.to_owned() },
            depth: 0,
            direction: Direction::Answer,
        }
    }

    /// The same use in what is sent.
    pub(super) fn in_request(self) -> Self {
        Self { direction: Direction::Request, ..self }
    }

    /// A use inside the type that is used here.
    pub(super) fn part(&self, owner: TypeId, role: &str) -> Self {
        self.inside(TypeName::Part { owner, role: role.to_owned() })
    }

    /// The use of the items of an array, or of the values of a map.
    pub(super) fn item(&self) -> Self {
        self.inside(match &self.name {
            TypeName::Part { owner, role } => TypeName::Part { owner: *owner, role: format!("{role} item") },
            TypeName::OfOperation { operation, role } => {
                TypeName::OfOperation { operation: operation.clone(), role: format!("{role} item") }
            }
            TypeName::Component(name) => TypeName::Component(format!("{name} item")),
            TypeName::RequestForm(name) => TypeName::RequestForm(format!("{name} item")),
        })
    }

    fn inside(&self, name: TypeName) -> Self {
        Self { name, depth: self.depth + 1, direction: self.direction }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers all schemas that the description names, used or not: people name types that travel as text.
    pub(super) fn components(&mut self) {
        for component in &self.document.components.schemas {
            let name = TypeName::Component(component.name.clone());
            let before = self.speak_for(self.selected.has_schema(component.value.id));
            self.value(&component.value, &Use { name, depth: 0, direction: Direction::Answer });
            self.speak_for(before);
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
        let Some(schema) = self.schema(reference) else { return (Type::Any, false) };
        let lowered = self.form(schema, reference, at);
        self.count_use(reference, schema, &lowered.0, at.depth > MAX_DEPTH);
        lowered
    }

    /// The type of a value that is written as text, without `null`: of any JSON value, a name would only stand in the way.
    pub(super) fn text_value(&mut self, reference: &SchemaRef, at: &Use) -> Type {
        let (ty, _) = self.value(reference, at);
        self.without_name(reference, ty)
    }

    /// A type, or any JSON value where the type says no more but has a name.
    pub(super) fn without_name(&mut self, reference: &SchemaRef, ty: Type) -> Type {
        match self.schema(reference) {
            Some(schema) if self.api.is_named_any(&ty) => {
                self.count_use(reference, schema, &Type::Any, false);
                Type::Any
            }
            _ => ty,
        }
    }

    /// The type of the form of a schema that its use needs.
    fn form(&mut self, schema: &'a Schema, reference: &SchemaRef, at: &Use) -> (Type, bool) {
        let has_two_forms = self.two_formed.contains(&reference.id);
        let form = (reference.id, if has_two_forms { at.direction } else { Direction::Answer });
        if let Some(known) = self.types.get(&form) {
            return known.clone();
        }
        if at.depth > MAX_DEPTH || self.nested >= MAX_NESTED {
            let depth = if at.depth > MAX_DEPTH { MAX_DEPTH } else { MAX_NESTED };
            self.too_deep(schema, depth);
            return (Type::Any, false);
        }
        // An alias of itself and an array of itself have no type of finite size: the inner use is any value.
        self.types.insert(form, (Type::Any, false));
        let own_name = schema.origin.name.clone().or_else(|| {
            // What is part of another schema is reached through it too: its name says where it stands.
            reference.by_reference.then(|| words_of_pointer(&schema.origin.pointer))
        });
        let name = match own_name {
            Some(name) if form.1 == Direction::Request => TypeName::RequestForm(name),
            Some(name) => TypeName::Component(name),
            None => at.name.clone(),
        };
        let before = self.speak_for(self.selected.has_schema(reference.id));
        self.nested += 1;
        let lowered = self.classify(schema, reference, &Use { name, ..at.clone() });
        self.nested -= 1;
        self.speak_for(before);
        self.types.insert(form, lowered.clone());
        lowered
    }

    pub(super) fn too_deep(&mut self, schema: &Schema, depth: usize) {
        self.diagnostics
            .report(
                Code::Depth,
                schema.place,
                format!("schemas are nested more than {depth} levels deep here"),
            )
            .help("name the inner schemas in `components/schemas` and refer to them from objects");
    }

    fn classify(&mut self, schema: &'a Schema, reference: &SchemaRef, at: &Use) -> (Type, bool) {
        let null = schema.nullable || schema.types.contains(&SchemaType::Null);
        if let Some(not) = &schema.not {
            self.not_generated(not.place, "`not` is not checked", "the value is taken whatever it is");
        }
        if let Some((ty, inner_null)) = self.enumeration(schema, at) {
            return (ty, inner_null || null);
        }
        if let Some(family) = self.family(schema, reference, at) {
            return (family, null);
        }
        if !schema.all_of.is_empty()
            && let Some((ty, inner_null)) = self.all_of(schema, reference.id, at)
        {
            return (ty, inner_null || null);
        }
        if (!schema.one_of.is_empty() || !schema.any_of.is_empty())
            && let Some((ty, inner_null)) = self.union(schema, reference.id, at)
        {
            return (ty, inner_null || null);
        }
        let structural: Vec<SchemaType> =
            schema.types.iter().copied().filter(|ty| *ty != SchemaType::Null).collect();
        let ty = match structural.as_slice() {
            [] if is_object(schema) => self.object(schema, reference.id, at),
            [] if schema.items.is_some() => self.array(schema, at),
            [] => self.named_only(schema, at),
            [only] => self.of_type(*only, schema, reference.id, at),
            several => self.several_types(several, schema, reference, at),
        };
        (ty, null)
    }

    /// The type of a schema that says nothing of what its values are: all that is known of them is a name, where it has one.
    fn named_only(&mut self, schema: &Schema, at: &Use) -> Type {
        let has_name = schema.origin.name.is_some() && !schema.secret;
        if has_name && reason(schema) == UntypedReason::NothingSaid {
            Type::Named(self.define(schema, at, TypeKind::Any))
        } else {
            self.plain(schema)
        }
    }

    fn of_type(&mut self, ty: SchemaType, schema: &'a Schema, id: SchemaId, at: &Use) -> Type {
        match ty {
            SchemaType::Object => self.object(schema, id, at),
            SchemaType::Array => self.array(schema, at),
            _ => self.scalar(ty, schema),
        }
    }

    /// A union of the types that a schema lists.
    fn several_types(
        &mut self,
        types: &[SchemaType],
        schema: &'a Schema,
        reference: &SchemaRef,
        at: &Use,
    ) -> Type {
        let mut members = Vec::with_capacity(types.len());
        for ty in types {
            members.push(if *ty == SchemaType::Object && !schema.properties.is_empty() {
                Candidate::Merged(reference.clone(), self.merge(schema, reference.id))
            } else {
                Candidate::Plain(self.of_type(*ty, schema, reference.id, at))
            });
        }
        self.pending(schema, at, Parts::Union { members, discriminator: None })
    }

    fn object(&mut self, schema: &'a Schema, id: SchemaId, at: &Use) -> Type {
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
        let merged = self.merge(schema, id);
        self.record(schema, merged, at)
    }

    pub(super) fn record(&mut self, schema: &'a Schema, merged: Merged, at: &Use) -> Type {
        self.pending(schema, at, Parts::Record { merged })
    }

    fn array(&mut self, schema: &'a Schema, at: &Use) -> Type {
        let item = match &schema.items {
            Some(items) => self.ty(items, &at.item()),
            None => Type::Any,
        };
        Type::Array(Box::new(item))
    }

    /// Defines a type whose parts are lowered later.
    pub(super) fn pending(&mut self, schema: &Schema, at: &Use, parts: Parts) -> Type {
        let id = self.define(schema, at, TypeKind::Union(Union::default()));
        self.queue.push(Pending { id, at: at.clone(), parts, is_heard: self.is_heard });
        Type::Named(id)
    }

    /// Adds a type with a name.
    pub(super) fn define(&mut self, schema: &Schema, at: &Use, kind: TypeKind) -> TypeId {
        let id = TypeId(self.api.types.len());
        // A type that is made of a schema with a name, beside the type of that name, cannot have the same one.
        let is_beside = schema.origin.name.is_some() && matches!(at.name, TypeName::Part { .. });
        let rust_name = schema.rust_name.as_ref().filter(|_| !is_beside);
        self.api.types.push(TypeDefinition {
            name: at.name.clone(),
            place: schema.place,
            docs: docs(schema),
            rust_name: rust_name.map(|name| name.value.clone()),
            groups: BTreeSet::new(),
            in_request: false,
            in_parameter: false,
            is_selected: true,
            kind,
        });
        id
    }

    /// Lowers the parts of all types that wait for it, and of those that come up meanwhile.
    pub(super) fn work_off(&mut self) {
        while !self.queue.is_empty() {
            for Pending { id, at, parts, is_heard } in std::mem::take(&mut self.queue) {
                let before = self.speak_for(is_heard);
                let kind = match parts {
                    Parts::Record { merged } => self.fields(id, &merged, &at),
                    Parts::Union { members, discriminator } => {
                        self.members(id, members, discriminator.as_ref(), &at)
                    }
                };
                if let Some(definition) = self.api.types.get_mut(id.0) {
                    definition.kind = kind;
                }
                self.speak_for(before);
            }
        }
    }

    fn fields(&mut self, owner: TypeId, merged: &Merged, at: &Use) -> TypeKind {
        let mut fields = Vec::with_capacity(merged.properties.len());
        let mut is_open = merged.is_open();
        for property in &merged.properties {
            let Some(schema) = self.schema(&property.schema) else { continue };
            if !at.direction.takes(schema) {
                // A server that sends it all the same is not misunderstood.
                is_open = true;
                continue;
            }
            let (ty, nullable) = self.value(&property.schema, &at.part(owner, &property.name));
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
                default: schema.default.as_ref().map(Node::to_json),
                rust_name: if says_itself {
                    schema.rust_name.as_ref().map(|name| name.value.clone())
                } else {
                    None
                },
            });
        }
        let other = match &merged.other {
            Some(values) => Some(self.ty(values, &at.part(owner, "other"))).filter(|ty| *ty != Type::Any),
            None => None,
        };
        TypeKind::Record(Record { fields, is_open, other })
    }
}

fn is_object(schema: &Schema) -> bool {
    !schema.properties.is_empty() || schema.additional_properties != AdditionalProperties::Unstated
}

/// The words of a JSON Pointer that say where something stands, without those that every pointer has.
fn words_of_pointer(pointer: &str) -> String {
    const STRUCTURE: [&str; 10] = [
        "",
        "components",
        "content",
        "definitions",
        "paths",
        "properties",
        "responses",
        "schema",
        "schemas",
        "application/json",
    ];
    let words = pointer.split('/').map(|token| match token {
        "items" | "additionalProperties" => "item".to_owned(),
        "requestBody" => "request".to_owned(),
        "allOf" | "oneOf" | "anyOf" => "variant".to_owned(),
        _ => token.replace("~1", "/").replace("~0", "~"),
    });
    words.filter(|word| !STRUCTURE.contains(&word.as_str())).collect::<Vec<_>>().join(" ")
}

/// What a schema says about itself.
pub(super) fn docs(schema: &Schema) -> Docs {
    Docs {
        summary: schema.title.clone(),
        description: schema.description.clone(),
        external: external(schema.external_docs.as_ref()),
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
