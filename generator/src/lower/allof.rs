//! `allOf`: the properties of all members, as one object.

use std::collections::BTreeSet;

use super::Lowering;
use crate::diagnostics::Code;
use crate::model::{AdditionalProperties, Property, Schema, SchemaId, SchemaRef, SchemaType};

/// What the members of an `allOf` say together, its own properties included.
#[derive(Default)]
pub(super) struct Merged {
    /// The properties, in the order in which they were first declared.
    pub(super) properties: Vec<Property>,
    /// The names of those that are always there.
    pub(super) required: BTreeSet<String>,
    /// Whether undeclared properties are kept.
    pub(super) is_open: bool,
    /// A member that is no object, and so what the whole is when there are no properties.
    pub(super) alias: Option<SchemaRef>,
}

impl<'a> Lowering<'a> {
    /// Collects the properties of a schema and of all it is made of. A member that is a union stays out, with a report.
    pub(super) fn merge(&mut self, schema: &'a Schema) -> Merged {
        let mut merged = Merged { is_open: true, ..Merged::default() };
        let mut seen = BTreeSet::new();
        let mut closed = Vec::new();
        self.collect(schema, &mut merged, &mut seen, &mut closed);
        // One closed member among open ones would forbid what the others declare: it is meant for itself alone.
        merged.is_open = closed.is_empty() || closed.contains(&false);
        merged
    }

    fn collect(
        &mut self,
        schema: &'a Schema,
        merged: &mut Merged,
        seen: &mut BTreeSet<SchemaId>,
        closed: &mut Vec<bool>,
    ) {
        for member in &schema.all_of {
            if !seen.insert(member.id) {
                continue;
            }
            let Some(inner) = self.schema(member) else { continue };
            if !inner.one_of.is_empty() || !inner.any_of.is_empty() {
                self.not_generated(
                    member.place,
                    "a `oneOf` or `anyOf` inside `allOf` is not generated as fields",
                    "its properties are kept with the undeclared ones",
                );
            } else if is_object(inner) || !inner.all_of.is_empty() {
                self.collect(inner, merged, seen, closed);
            } else if merged.alias.is_none() && says_what_it_is(inner) {
                merged.alias = Some(member.clone());
            }
        }
        let is_bare_combination = !schema.all_of.is_empty() && schema.properties.is_empty();
        if !is_bare_combination || schema.additional_properties == AdditionalProperties::Forbidden {
            closed.push(schema.additional_properties == AdditionalProperties::Forbidden);
        }
        if let (AdditionalProperties::Typed(values), false) =
            (&schema.additional_properties, schema.properties.is_empty())
        {
            self.not_generated(
                values.place,
                "the type of additional properties is not generated beside declared ones",
                "they are kept as any JSON value",
            );
        }
        for property in &schema.properties {
            match merged.properties.iter_mut().find(|known| known.name == property.name) {
                None => merged.properties.push(property.clone()),
                Some(known) if known.schema.id == property.schema.id => {}
                Some(known) => {
                    self.diagnostics
                        .report(
                            Code::Contradiction,
                            property.place,
                            format!("`{}` is declared twice by what `allOf` puts together", property.name),
                        )
                        .related(known.place, "the first declaration")
                        .help("the later declaration is generated");
                    *known = property.clone();
                }
            }
        }
        merged.required.extend(schema.required.iter().map(|name| name.value.clone()));
    }
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
