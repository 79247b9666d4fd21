//! `allOf`: the properties of all members, as one object.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::schemas::Use;
use crate::diagnostics::Code;
use crate::ir::Type;
use crate::model::{AdditionalProperties, Property, Schema, SchemaId, SchemaRef, SchemaType};
use crate::source::Place;

/// How many schemas may be `allOf` each other, one after the other.
const MAX_DEPTH: usize = 200;

/// What the members of an `allOf` say together, its own properties included.
#[derive(Clone, Default)]
pub(super) struct Merged {
    /// The properties, in the order in which they were first declared.
    pub(super) properties: Vec<Property>,
    /// Where each of them stands there, by its name.
    positions: BTreeMap<String, usize>,
    /// The names of those that are always there.
    pub(super) required: BTreeSet<String>,
    /// What the members say of undeclared properties: whether each of them forbids these.
    closed: Vec<bool>,
    /// What undeclared properties are, where a member says it.
    pub(super) other: Option<SchemaRef>,
    /// A member that is no object, and so what the whole is when there are no properties.
    pub(super) alias: Option<SchemaRef>,
    /// Members that are unions; their own properties are among the properties.
    pub(super) unions: Vec<SchemaRef>,
    /// The schemas that were merged.
    seen: BTreeSet<SchemaId>,
    /// How many schemas are being merged, each for the one before.
    depth: usize,
}

impl Merged {
    /// Whether undeclared properties are kept. One closed member among open ones would forbid what the others declare: it
    /// is meant for itself alone.
    pub(super) fn is_open(&self) -> bool {
        self.closed.is_empty() || self.closed.contains(&false)
    }

    /// Whether it says nothing of an object.
    fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.required.is_empty() && self.other.is_none()
    }
}

impl<'a> Lowering<'a> {
    /// `allOf`: another name for its one member, a union with what stands around it, or the object that all members make
    /// together. `None` when its members say nothing about what it is.
    pub(super) fn all_of(&mut self, schema: &'a Schema, id: SchemaId, at: &Use) -> Option<(Type, bool)> {
        let says_something_itself = !schema.properties.is_empty() || !schema.required.is_empty();
        let telling: Vec<&SchemaRef> =
            schema.all_of.iter().filter(|member| self.says_what_it_is(member)).collect();
        if telling.is_empty()
            && !says_something_itself
            && schema.one_of.is_empty()
            && schema.any_of.is_empty()
        {
            return None;
        }
        let limits_presence = schema.all_of.iter().filter_map(|member| self.schema(member)).any(|member| {
            member.properties.is_empty() && !member.required.is_empty() && member.all_of.is_empty()
        });
        let is_another_name = !says_something_itself
            && !limits_presence
            && schema.one_of.is_empty()
            && schema.any_of.is_empty();
        if let ([only], true) = (telling.as_slice(), is_another_name)
            && self.families.children(only.id).is_none()
        {
            return Some(self.value(only, at));
        }
        let merged = self.merge(schema, id);
        let own_union = (!schema.one_of.is_empty() || !schema.any_of.is_empty()).then_some(schema);
        let union = own_union.or_else(|| merged.unions.first().and_then(|union| self.schema(union)));
        if let Some(union) = union {
            let skipped = if own_union.is_some() { 0 } else { 1 };
            for other in merged.unions.iter().skip(skipped) {
                self.not_generated(
                    other.place,
                    "a second `oneOf` or `anyOf` inside `allOf` is not generated as fields",
                    "its properties are kept with the undeclared ones",
                );
            }
            let around = (!merged.is_empty()).then(|| merged.clone());
            if let Some(lowered) = self.union_around(schema, union, around, id, at) {
                return Some(lowered);
            }
        }
        if let Some(alias) = &merged.alias {
            if merged.properties.is_empty() {
                return Some(self.value(alias, at));
            }
            self.diagnostics
                .report(Code::Contradiction, alias.place, "`allOf` puts an object and another type together")
                .help("the object is generated");
        }
        match &merged.other {
            Some(values) if merged.properties.is_empty() => {
                Some((Type::Map(Box::new(self.ty(values, &at.item()))), false))
            }
            _ => Some((self.record(schema, merged, at), false)),
        }
    }

    /// Collects the properties of a schema and of all it is made of.
    pub(super) fn merge(&mut self, schema: &'a Schema, id: SchemaId) -> Merged {
        let mut merged = Merged::default();
        self.merge_into(&mut merged, schema, id);
        merged
    }

    /// Adds the properties of a schema and of all it is made of.
    pub(super) fn merge_into(&mut self, merged: &mut Merged, schema: &'a Schema, id: SchemaId) {
        merged.seen.insert(id);
        for member in &schema.all_of {
            if !merged.seen.insert(member.id) {
                continue;
            }
            let Some(inner) = self.schema(member) else { continue };
            // A parent lists its children, and they are `allOf` it: to a child, the others are no alternative.
            let lists_child =
                inner.one_of.iter().chain(&inner.any_of).any(|part| merged.seen.contains(&part.id));
            let is_union = inner.one_of.iter().chain(&inner.any_of).any(|part| self.says_what_it_is(part));
            if is_union && !lists_child {
                merged.unions.push(member.clone());
            }
            if is_object(inner) || !inner.all_of.is_empty() || is_union {
                if merged.depth >= MAX_DEPTH {
                    self.too_deep(inner, MAX_DEPTH);
                    continue;
                }
                merged.depth += 1;
                self.merge_into(merged, inner, member.id);
                merged.depth -= 1;
            } else if says_what_it_is(inner) && (merged.alias.is_none() || inner.values.is_some()) {
                merged.alias = Some(member.clone());
            }
        }
        self.add_own(merged, schema);
    }

    /// Adds what the schema says itself.
    fn add_own(&mut self, merged: &mut Merged, schema: &'a Schema) {
        let is_combination =
            !(schema.all_of.is_empty() && schema.one_of.is_empty() && schema.any_of.is_empty());
        let is_bare_combination = is_combination && schema.properties.is_empty();
        if !is_bare_combination || schema.additional_properties == AdditionalProperties::Forbidden {
            merged.closed.push(schema.additional_properties == AdditionalProperties::Forbidden);
        }
        if let AdditionalProperties::Typed(values) = &schema.additional_properties {
            if let Some(known) = merged.other.as_ref().filter(|known| known.id != values.id) {
                let place = known.place;
                self.contradiction(values.place, place, "the type of undeclared properties is stated twice");
            }
            merged.other = Some(values.clone());
        }
        for property in &schema.properties {
            let known = merged.positions.get(&property.name);
            let Some(known) = known.and_then(|index| merged.properties.get_mut(*index)) else {
                merged.positions.insert(property.name.clone(), merged.properties.len());
                merged.properties.push(property.clone());
                continue;
            };
            match (self.schema(&known.schema), self.schema(&property.schema)) {
                (Some(first), Some(second)) => match agreement(first, second) {
                    Agreement::First => {}
                    Agreement::Second => *known = property.clone(),
                    Agreement::None => {
                        let place = known.place;
                        *known = property.clone();
                        self.contradiction(
                            property.place,
                            place,
                            format!("`{}` is declared twice by what `allOf` puts together", property.name),
                        );
                    }
                },
                _ => *known = property.clone(),
            }
        }
        merged.required.extend(schema.required.iter().map(|name| name.value.clone()));
    }

    fn contradiction(&mut self, place: Place, first: Place, message: impl Into<String>) {
        self.diagnostics
            .report(Code::Contradiction, place, message)
            .related(first, "the first declaration")
            .help("the later declaration is generated");
    }
}

/// Which of two declarations of one property says all that both say.
enum Agreement {
    First,
    Second,
    None,
}

fn agreement(first: &Schema, second: &Schema) -> Agreement {
    if first.origin == second.origin || !has_structure(second) {
        return Agreement::First;
    }
    if !has_structure(first) {
        return Agreement::Second;
    }
    let is_plain = |schema: &Schema| {
        schema.properties.is_empty()
            && schema.items.is_none()
            && schema.all_of.is_empty()
            && schema.one_of.is_empty()
            && schema.any_of.is_empty()
            && schema.additional_properties == AdditionalProperties::Unstated
    };
    let same_type = first.types.is_empty() || second.types.is_empty() || first.types == second.types;
    if !same_type || !is_plain(first) || !is_plain(second) {
        return Agreement::None;
    }
    // Both hold, so the one that names values says more than the one that does not.
    match (&first.values, &second.values) {
        (Some(_), None) => Agreement::First,
        _ => Agreement::Second,
    }
}

fn has_structure(schema: &Schema) -> bool {
    says_what_it_is(schema)
        || is_object(schema)
        || !(schema.all_of.is_empty() && schema.one_of.is_empty() && schema.any_of.is_empty())
}

fn is_object(schema: &Schema) -> bool {
    schema.types.contains(&SchemaType::Object)
        || !schema.properties.is_empty()
        || schema.additional_properties != AdditionalProperties::Unstated
        || (schema.types.is_empty() && !schema.required.is_empty())
}

fn says_what_it_is(schema: &Schema) -> bool {
    !schema.types.is_empty() || schema.values.is_some() || schema.items.is_some()
}
