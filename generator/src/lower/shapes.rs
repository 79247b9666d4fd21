//! What shows of a value before it is read: the kinds of JSON that a type can be, and the properties of objects. Unions
//! choose their member by it.

use std::collections::BTreeSet;

use super::Lowering;
use crate::ir::{JsonKind, PropertyShape, Type, TypeId, TypeKind};

/// How deeply unions are looked into.
const MAX_DEPTH: usize = 40;

/// The most values of an enum that are compared with.
const MAX_VALUES: usize = 16;

impl Lowering<'_> {
    /// Fills in what the members of a union look like.
    pub(super) fn fill_shapes(&mut self, id: TypeId) {
        let Some(TypeKind::Union(union)) = self.api.ty(id).map(|definition| &definition.kind) else {
            return;
        };
        let looks: Vec<_> = union
            .members
            .iter()
            .map(|member| {
                let kinds: Vec<JsonKind> = self.kinds(&member.ty, 0).into_iter().collect();
                (kinds, self.holds_union(&member.ty), self.shapes(&member.ty, 0))
            })
            .collect();
        let objects = looks.iter().filter(|(kinds, ..)| kinds.contains(&JsonKind::Object)).count();
        let is_by_shape = union.discriminator.is_none() && objects > 1;
        if let Some(TypeKind::Union(union)) =
            self.api.types.get_mut(id.0).map(|definition| &mut definition.kind)
        {
            for (member, (kinds, is_nested, shapes)) in union.members.iter_mut().zip(looks) {
                member.kinds = kinds;
                member.is_nested = is_nested;
                member.shapes = if is_by_shape { shapes } else { Vec::new() };
            }
        }
    }

    /// The objects that a value of a type may be.
    fn shapes(&self, ty: &Type, depth: usize) -> Vec<Vec<PropertyShape>> {
        let Type::Named(id) = ty else { return Vec::new() };
        match self.api.ty(*id).map(|definition| &definition.kind) {
            Some(TypeKind::Record(record)) => {
                let shape = record.fields.iter().map(|field| {
                    let mut kinds = self.kinds(&field.ty, 0);
                    if field.nullable || !field.required {
                        // A null where nothing is required is read as nothing.
                        kinds.insert(JsonKind::Null);
                    }
                    PropertyShape {
                        name: field.name.clone(),
                        kinds: kinds.into_iter().collect(),
                        required: field.required,
                        values: self.named_values(&field.ty),
                    }
                });
                vec![shape.collect()]
            }
            Some(TypeKind::Union(union)) if depth < 4 => {
                union.members.iter().flat_map(|member| self.shapes(&member.ty, depth + 1)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The texts that an enum names, unless they are many.
    fn named_values(&self, ty: &Type) -> Vec<String> {
        let Type::Named(id) = ty else { return Vec::new() };
        match self.api.ty(*id).map(|definition| &definition.kind) {
            Some(TypeKind::TextEnum(values)) if values.len() <= MAX_VALUES => {
                values.iter().map(|value| value.value.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a value of a type can hold a union at any depth.
    fn holds_union(&self, ty: &Type) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&Type> = vec![ty];
        while let Some(ty) = waiting.pop() {
            match ty {
                Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => waiting.push(inner),
                Type::Named(id) if seen.insert(*id) => match self.api.ty(*id).map(|ty| &ty.kind) {
                    Some(TypeKind::Union(_)) => return true,
                    Some(TypeKind::Record(record)) => {
                        waiting.extend(record.fields.iter().map(|field| &field.ty));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        false
    }

    /// The kinds of JSON values that a type can be.
    pub(super) fn kinds(&self, ty: &Type, depth: usize) -> BTreeSet<JsonKind> {
        use JsonKind::{Array, Boolean, Integer, Null, Number, Object, String};
        const EVERY: [JsonKind; 6] = [Null, Boolean, Number, String, Array, Object];
        let kinds: &[JsonKind] = match ty {
            Type::Boolean => &[Boolean],
            Type::Integer32 | Type::Integer64 | Type::Unsigned64 => &[Integer],
            Type::Number | Type::Decimal => &[Number],
            Type::Text(_) => &[String],
            Type::Array(_) => &[Array],
            Type::Map(_) => &[Object],
            Type::Any => &EVERY,
            Type::Nullable(inner) => {
                let mut kinds = self.kinds(inner, depth);
                kinds.insert(Null);
                return kinds;
            }
            Type::Named(id) => match self.api.ty(*id).map(|definition| &definition.kind) {
                Some(TypeKind::Record(_)) => &[Object],
                Some(TypeKind::TextEnum(_)) => &[String],
                Some(TypeKind::IntegerEnum(_)) => &[Integer],
                Some(TypeKind::Union(union)) if depth < MAX_DEPTH => {
                    let members = union.members.iter();
                    return members.flat_map(|member| self.kinds(&member.ty, depth + 1)).collect();
                }
                Some(TypeKind::Any) => &EVERY,
                Some(TypeKind::Union(_)) | None => &[],
            },
        };
        kinds.iter().copied().collect()
    }
}
