//! `readOnly` and `writeOnly`: which schemas have two forms, one for answers and one for requests.
//!
//! A property that is only read is not sent, and one that is only written does not come back (OpenAPI 3.0.4 §4.7.24).
//! A schema has two forms only where such a property is in it or in what it is made of; any other schema is one type.

use std::collections::BTreeSet;

use super::discriminators::Families;
use crate::model::{AdditionalProperties, Schema, SchemaId, SchemaStore};

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// It comes back from the server.
    Answer,
    /// It is sent.
    Request,
}

impl Direction {
    /// Whether a property of that schema goes this way. One that says it is only read and only written says nothing.
    pub(super) fn takes(self, property: &Schema) -> bool {
        match self {
            Self::Answer => property.read_only || !property.write_only,
            Self::Request => property.write_only || !property.read_only,
        }
    }
}

/// The schemas whose two forms differ: those with such a property, and all that are made of them.
pub(super) fn two_formed(store: &SchemaStore, families: &Families) -> BTreeSet<SchemaId> {
    let mut users: Vec<Vec<SchemaId>> = vec![Vec::new(); store.iter().count()];
    let mut waiting = Vec::new();
    for (id, schema) in store.iter() {
        let is_one_way = |part: SchemaId| {
            store.get(part).is_some_and(|property| property.read_only != property.write_only)
        };
        if schema.properties.iter().any(|property| is_one_way(property.schema.id)) {
            waiting.push(id);
        }
        for part in parts(schema).chain(families.members(id)) {
            if let Some(users) = usize::try_from(part.0).ok().and_then(|index| users.get_mut(index)) {
                users.push(id);
            }
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id)
            && let Some(users) = usize::try_from(id.0).ok().and_then(|index| users.get(index))
        {
            waiting.extend(users);
        }
    }
    found
}

/// All schemas that a schema is made of.
pub(super) fn parts(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let values = match &schema.additional_properties {
        AdditionalProperties::Typed(values) => Some(values),
        AdditionalProperties::Unstated | AdditionalProperties::Allowed | AdditionalProperties::Forbidden => {
            None
        }
    };
    let lists = [&schema.all_of, &schema.one_of, &schema.any_of].into_iter().flatten();
    let properties = schema.properties.iter().map(|property| &property.schema);
    properties.chain(lists).chain(&schema.items).chain(values).map(|reference| reference.id)
}
