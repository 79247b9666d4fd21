//! Discriminators: which texts stand for which member, and the families of a base whose children are `allOf` it
//! (OpenAPI 3.0.4 §4.7.25).

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use crate::model::{Discriminator, Document, Schema, SchemaId, SchemaRef};

/// The bases: schemas with a discriminator that name no members, and the schemas that are made of them by `allOf`.
#[derive(Debug, Default)]
pub(super) struct Families {
    children: BTreeMap<SchemaId, Vec<SchemaRef>>,
}

impl Families {
    /// Finds all bases that have children among the components, and their children at any depth, in the order of the
    /// description.
    pub(super) fn of(document: &Document) -> Self {
        let schemas = &document.schemas;
        let is_base = |schema: &Schema| {
            schema.discriminator.is_some() && schema.one_of.is_empty() && schema.any_of.is_empty()
        };
        let bases = schemas.iter().filter(|(_, schema)| is_base(schema)).map(|(id, _)| id);
        let bases: BTreeSet<SchemaId> = bases.collect();
        let mut families = Self::default();
        if bases.is_empty() {
            return families;
        }
        let mut known = BTreeSet::new();
        for component in &document.components.schemas {
            if !known.insert(component.value.id) {
                continue;
            }
            for ancestor in ancestors(document, component.value.id) {
                if bases.contains(&ancestor) {
                    let child = SchemaRef { by_reference: true, ..component.value.clone() };
                    families.children.entry(ancestor).or_default().push(child);
                }
            }
        }
        families
    }

    /// The children of a base; `None` when it is none, or has none.
    pub(super) fn children(&self, id: SchemaId) -> Option<&[SchemaRef]> {
        self.children.get(&id).map(Vec::as_slice)
    }

    /// The ids of the children of a base.
    pub(super) fn members(&self, id: SchemaId) -> impl Iterator<Item = SchemaId> {
        self.children.get(&id).into_iter().flatten().map(|child| child.id)
    }
}

/// All schemas that a schema is `allOf`, at any depth, without itself.
pub(super) fn ancestors(document: &Document, id: SchemaId) -> BTreeSet<SchemaId> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![id];
    while let Some(next) = waiting.pop() {
        for parent in document.schemas.get(next).iter().flat_map(|schema| &schema.all_of) {
            if parent.id != id && found.insert(parent.id) {
                waiting.push(parent.id);
            }
        }
    }
    found
}

impl Lowering<'_> {
    /// The texts that stand for a member: those that `mapping` gives it, else those that its own declaration of the
    /// property names, and the name of its schema.
    pub(super) fn tags(&self, discriminator: &Discriminator, member: SchemaId) -> Vec<String> {
        let mapped = discriminator.mapping.iter().filter(|entry| entry.value.id == member);
        let mapped: Vec<String> = mapped.map(|entry| entry.name.clone()).collect();
        let Some(schema) = self.document.schemas.get(member).filter(|_| mapped.is_empty()) else {
            return mapped;
        };
        let mut tags: Vec<String> = schema.discriminator_value.iter().cloned().collect();
        let declared = schema.properties.iter().find(|property| property.name == discriminator.property);
        let declared = declared.and_then(|property| self.schema(&property.schema));
        let values = declared.and_then(|property| property.values.as_deref()).unwrap_or_default();
        let values: Vec<String> =
            values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
        // Several values say what may stand there in all members.
        if values.len() == 1 {
            tags.extend(values);
        }
        tags.extend(schema.origin.name.clone());
        tags.dedup();
        tags
    }
}
