//! Which uses of schemas are any JSON value although the description says something of them, and of which of these it says
//! the name alone.
//!
//! An object without declared properties is no such use: it is a map from text to any value, which is what `type: object`
//! says of it. Neither is an array whose items may be anything.

use super::Lowering;
use crate::ir::{Type, Untyped, UntypedReason};
use crate::model::{Schema, SchemaRef, SchemaType};
use crate::source::{Node, Value};

impl Lowering<'_> {
    /// Counts a use of a schema that says what its values are, each once, and notes those that are any value all the same.
    pub(super) fn count_use(&mut self, reference: &SchemaRef, schema: &Schema, ty: &Type, too_deep: bool) {
        let Some(what) = said(reference, schema).filter(|_| self.is_heard) else { return };
        let reason = if too_deep { UntypedReason::TooDeep } else { reason(schema) };
        let found = match ty {
            Type::Any => Described::Untyped(Untyped { place: reference.place, what, reason }),
            ty if self.api.is_named_any(ty) => Described::NamedOnly,
            _ => Described::Typed,
        };
        // One schema may be used in two forms at one place: it is untyped when one of them is.
        let known = self.described.entry(reference.place).or_insert(Described::Typed);
        if found > *known {
            *known = found;
        }
    }

    /// Hands over what was counted.
    pub(super) fn untyped(&mut self) {
        let described = std::mem::take(&mut self.described);
        self.api.described = described.len();
        for found in described.into_values() {
            match found {
                Described::Typed => {}
                Described::NamedOnly => self.api.named_only += 1,
                Described::Untyped(untyped) => self.api.untyped.push(untyped),
            }
        }
    }
}

/// What became of a schema that says what its values are, the least telling last.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Described {
    /// A type.
    Typed,
    /// A type with a name that is any JSON value.
    NamedOnly,
    /// Free JSON.
    Untyped(Untyped),
}

/// What says something of the values of a schema; `None` when nothing does.
fn said(reference: &SchemaRef, schema: &Schema) -> Option<&'static str> {
    let said = [
        (reference.by_reference, "a `$ref`"),
        (!schema.all_of.is_empty(), "a schema with `allOf`"),
        (!schema.one_of.is_empty(), "a schema with `oneOf`"),
        (!schema.any_of.is_empty(), "a schema with `anyOf`"),
        (schema.values.is_some(), "a schema with `enum`"),
        (!schema.types.is_empty(), "a schema with `type`"),
        (!schema.properties.is_empty(), "a schema with `properties`"),
        (schema.items.is_some(), "a schema with `items`"),
    ];
    said.into_iter().find(|(says, _)| *says).map(|(_, what)| what)
}

/// Why a schema is any JSON value.
pub(super) fn reason(schema: &Schema) -> UntypedReason {
    let is_null = |node: &Node| node.value == Value::Null;
    let has_members = !(schema.all_of.is_empty() && schema.one_of.is_empty() && schema.any_of.is_empty());
    let names_only_null = schema.values.as_ref().is_some_and(|values| values.iter().all(is_null));
    if names_only_null || schema.types == [SchemaType::Null] {
        UntypedReason::OnlyNull
    } else if has_members {
        UntypedReason::NothingSaidByMembers
    } else if schema.items.is_some() || !schema.types.is_empty() {
        UntypedReason::ItsOwnPart
    } else if schema.not.is_some() {
        UntypedReason::OnlyNot
    } else {
        UntypedReason::NothingSaid
    }
}
