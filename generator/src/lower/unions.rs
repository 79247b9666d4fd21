//! `oneOf` and `anyOf`: unions, and what is none although it is written as one.
//!
//! 1. Members that are `null` make the whole nullable.
//! 2. Members that only limit values (`required`, a length, a pattern) make no union: the rest of the schema counts.
//! 3. One member left is the type, as are scalars that differ in their limits alone; texts and enums of texts together are
//!    one enum, which is open anyway.
//! 4. What stands around the members (`properties` beside `oneOf`, other members of an `allOf`) goes into each of them.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::allof::Merged;
use super::discriminators::ancestors;
use super::enums::MOST_VALUES;
use super::schemas::{Parts, Use};
use crate::ir::{EnumValue, Member, TextFormat, Type, TypeId, TypeKind, Union};
use crate::model::{AdditionalProperties, Discriminator, Schema, SchemaId, SchemaRef, SchemaType};
use crate::source::{Node, Value};

/// A member of a union whose type is not lowered yet.
pub(super) enum Candidate {
    /// A schema.
    Schema(SchemaRef),
    /// A type without a schema of its own.
    Plain(Type),
    /// A member together with what stands around the union.
    Merged(SchemaRef, Merged),
    /// The base of a family itself, with its own properties alone.
    Base(SchemaRef, Merged),
}

impl Candidate {
    fn reference(&self) -> Option<&SchemaRef> {
        match self {
            Self::Schema(reference) | Self::Merged(reference, _) | Self::Base(reference, _) => {
                Some(reference)
            }
            Self::Plain(_) => None,
        }
    }
}

impl<'a> Lowering<'a> {
    /// The type of a schema with `oneOf` or `anyOf`, and whether it may be `null`. `None` when its members say nothing
    /// about what it is.
    pub(super) fn union(&mut self, schema: &'a Schema, id: SchemaId, at: &Use) -> Option<(Type, bool)> {
        let around = !schema.properties.is_empty();
        let around = around.then(|| self.merge(schema, id));
        self.union_around(schema, schema, around, id, at)
    }

    /// The type of the members of one schema, each with what stands around them.
    pub(super) fn union_around(
        &mut self,
        schema: &'a Schema,
        union: &'a Schema,
        around: Option<Merged>,
        id: SchemaId,
        at: &Use,
    ) -> Option<(Type, bool)> {
        let listed = union.one_of.iter().chain(&union.any_of).cloned();
        let (nulls, members): (Vec<_>, Vec<_>) = listed.partition(|member| self.is_null(member));
        let null = !nulls.is_empty() || members.iter().any(|member| self.may_be_null(member));
        if !members.iter().any(|member| self.says_what_it_is(member)) {
            return (!nulls.is_empty() && schema.types.is_empty() && around.is_none()).then(|| {
                let ty = members.first().map_or(Type::Any, |member| self.value(member, at).0);
                (ty, true)
            });
        }
        let inherit = |this: &Self, member: &SchemaRef| ancestors(this.document, member.id).contains(&id);
        let mut candidates = Vec::with_capacity(members.len());
        for member in &members {
            candidates.push(match &around {
                Some(around) if !inherit(self, member) && self.lacks(member, around) => {
                    let inner = self.schema(member);
                    let is_union =
                        inner.is_none_or(|inner| !inner.one_of.is_empty() || !inner.any_of.is_empty());
                    if is_union || !self.may_be_object(member) {
                        self.not_generated(
                            member.place,
                            "what stands around `oneOf` or `anyOf` is not generated as fields of this member",
                            "it is kept with the undeclared properties",
                        );
                        Candidate::Schema(member.clone())
                    } else {
                        let mut merged = around.clone();
                        if let Some(inner) = inner {
                            self.merge_into(&mut merged, inner, member.id);
                        }
                        Candidate::Merged(member.clone(), merged)
                    }
                }
                None if !self.says_what_it_is(member) && !schema.types.is_empty() => {
                    Candidate::Plain(self.plain(schema))
                }
                _ => Candidate::Schema(member.clone()),
            });
        }
        if let [only] = candidates.as_slice() {
            return Some(match only {
                Candidate::Schema(only) => {
                    let (ty, only_null) = self.value(only, at);
                    (ty, null || only_null)
                }
                Candidate::Plain(ty) => (ty.clone(), null),
                Candidate::Merged(_, merged) | Candidate::Base(_, merged) => {
                    (self.record(schema, merged.clone(), at), null)
                }
            });
        }
        if let Some(ty) = self.open_enum(schema, &members, at).or_else(|| self.alike(&members)) {
            return Some((ty, null));
        }
        let discriminator = union.discriminator.as_ref().or(schema.discriminator.as_ref());
        Some((self.tagged(schema, candidates, discriminator, at), null))
    }

    /// The union of the children of a base, and of the base itself. `None` when the schema is no base with children.
    pub(super) fn family(&mut self, schema: &'a Schema, reference: &SchemaRef, at: &Use) -> Option<Type> {
        let children = self.families.children(reference.id)?.to_vec();
        let discriminator = schema.discriminator.as_ref()?;
        let own = Candidate::Base(reference.clone(), self.merge(schema, reference.id));
        let members = std::iter::once(own).chain(children.into_iter().map(Candidate::Schema)).collect();
        Some(self.tagged(schema, members, Some(discriminator), at))
    }

    fn tagged(
        &mut self,
        schema: &'a Schema,
        members: Vec<Candidate>,
        discriminator: Option<&Discriminator>,
        at: &Use,
    ) -> Type {
        let discriminator = discriminator.cloned();
        self.pending(schema, at, Parts::Union { members, discriminator })
    }

    /// Lowers the members of a union.
    pub(super) fn members(
        &mut self,
        owner: TypeId,
        candidates: Vec<Candidate>,
        discriminator: Option<&Discriminator>,
        at: &Use,
    ) -> TypeKind {
        let mut members: Vec<Member> = Vec::with_capacity(candidates.len());
        let mut positions: BTreeMap<Type, usize> = BTreeMap::new();
        for (index, candidate) in candidates.into_iter().enumerate() {
            let reference = candidate.reference().cloned();
            let schema = reference.as_ref().and_then(|reference| self.schema(reference));
            let named = schema.and_then(|schema| schema.origin.name.clone());
            let title = schema.and_then(|schema| schema.title.clone()).filter(|title| is_short(title));
            let own = schema.and_then(|schema| self.characteristic(schema));
            let role = named.clone().or(title).or_else(|| own.clone());
            let role = role.unwrap_or_else(|| format!("variant {}", index + 1));
            let at_member = at.part(owner, &role);
            let is_base = matches!(candidate, Candidate::Base(..));
            let ty = match (candidate, schema) {
                (Candidate::Plain(ty), _) => ty,
                (Candidate::Schema(reference), _) => self.ty(&reference, &at_member),
                (Candidate::Base(_, merged), Some(schema)) => {
                    self.record(schema, merged, &at.part(owner, "base"))
                }
                (Candidate::Merged(_, merged), Some(schema)) => self.record(schema, merged, &at_member),
                (Candidate::Base(..) | Candidate::Merged(..), None) => continue,
            };
            let tags = match (discriminator, &reference) {
                (Some(discriminator), Some(reference)) => self.tags(discriminator, reference.id),
                _ => Vec::new(),
            };
            if let Some(known) = positions.get(&ty).and_then(|at| members.get_mut(*at)) {
                known.tags.extend(tags);
                continue;
            }
            let is_named = matches!(ty, Type::Named(_));
            let described = reference.as_ref().filter(|reference| !reference.by_reference).and(schema);
            positions.insert(ty.clone(), members.len());
            members.push(Member {
                ty,
                kinds: Vec::new(),
                boxed: false,
                is_nested: false,
                tags,
                shapes: Vec::new(),
                name: if is_base {
                    Some("base".to_owned())
                } else {
                    let title = schema.and_then(|schema| schema.title.clone());
                    named.or(title).or_else(|| own.filter(|_| is_named))
                },
                description: described.and_then(|schema| schema.description.clone()),
            });
        }
        // A text stands for one member: the first that claims it.
        let mut taken = BTreeSet::new();
        for member in &mut members {
            member.tags.retain(|tag| taken.insert(tag.clone()));
        }
        let discriminator = discriminator.map(|discriminator| discriminator.property.clone());
        TypeKind::Union(Union { members, discriminator })
    }

    /// What a member without a name is called, which is a matter of the member alone, so that no other one that is added renames
    /// it: the only text of a property, else the first property that it requires or has, else the kind of its values.
    fn characteristic(&self, schema: &Schema) -> Option<String> {
        let constant = schema.properties.iter().find_map(|property| {
            match self.schema(&property.schema)?.values.as_deref() {
                Some([only]) => only.as_str().filter(|text| is_short(text)).map(str::to_owned),
                _ => None,
            }
        });
        let is_required = |name: &str| schema.required.iter().any(|required| required.value == name);
        let property = || {
            let required = schema.properties.iter().find(|property| is_required(&property.name));
            let property = required.or(schema.properties.first())?;
            Some(format!("with {}", property.name))
        };
        let choice = schema.values.as_ref().map(|_| "choice".to_owned());
        constant.or(choice).or_else(property).or_else(|| match schema.types.as_slice() {
            [SchemaType::Array] => Some("list".to_owned()),
            [SchemaType::Object] => Some("object".to_owned()),
            [SchemaType::String] => Some("text".to_owned()),
            [SchemaType::Integer | SchemaType::Number] => Some("number".to_owned()),
            _ => None,
        })
    }

    /// The enum of all texts that are named, where all members are texts and at least one names some.
    fn open_enum(&mut self, schema: &'a Schema, members: &[SchemaRef], at: &Use) -> Option<Type> {
        let mut enums = Vec::new();
        for member in members {
            let inner = self.schema(member)?;
            let is_text = inner.types.contains(&SchemaType::String)
                || (inner.types.is_empty() && inner.values.is_some());
            let is_plain = inner.all_of.is_empty() && inner.one_of.is_empty() && inner.any_of.is_empty();
            let formatted = inner.format.is_some() && inner.values.is_none();
            if !is_text || !is_plain || formatted || inner.secret {
                return None;
            }
            match &inner.values {
                Some(values) if values.iter().any(|value| value.as_str().is_some()) => enums.push(member),
                Some(_) => return None,
                None => {}
            }
        }
        match enums.as_slice() {
            [] => None,
            [only] => Some(self.value(only, at).0),
            _ => {
                let mut texts: Vec<EnumValue<String>> = Vec::new();
                let mut seen = BTreeSet::new();
                for member in enums {
                    let more = self.named_texts(self.schema(member)?)?;
                    texts.extend(more.into_iter().filter(|value| seen.insert(value.value.clone())));
                }
                if texts.len() > MOST_VALUES {
                    self.too_many_values(schema, texts.len());
                    return Some(Type::Text(TextFormat::Plain));
                }
                Some(Type::Named(self.define(schema, at, TypeKind::TextEnum(texts))))
            }
        }
    }

    /// The scalar that all members are.
    fn alike(&mut self, members: &[SchemaRef]) -> Option<Type> {
        let mut common = None;
        for member in members {
            let schema = self.schema(member)?;
            let is_plain = schema.all_of.is_empty() && schema.one_of.is_empty() && schema.any_of.is_empty();
            let [ty] = schema.types.as_slice() else { return None };
            let is_scalar = !matches!(ty, SchemaType::Array | SchemaType::Object | SchemaType::Null);
            if !is_scalar || !is_plain || schema.values.is_some() {
                return None;
            }
            let ty = self.scalar(*ty, schema);
            if *common.get_or_insert_with(|| ty.clone()) != ty {
                return None;
            }
        }
        common
    }

    fn is_null(&self, reference: &SchemaRef) -> bool {
        self.schema(reference).is_some_and(|member| {
            let is_null = |values: &Vec<_>| values.iter().all(|node: &Node| node.value == Value::Null);
            member.types == [SchemaType::Null] || member.values.as_ref().is_some_and(is_null)
        })
    }

    fn may_be_null(&self, reference: &SchemaRef) -> bool {
        self.schema(reference).is_some_and(|member| {
            let names_null = |values: &Vec<_>| values.iter().any(|node: &Node| node.value == Value::Null);
            member.nullable || member.values.as_ref().is_some_and(names_null)
        })
    }

    /// Whether a schema says what its values are, and not only what they are limited to.
    pub(super) fn says_what_it_is(&self, reference: &SchemaRef) -> bool {
        self.schema(reference).is_some_and(|schema| {
            !schema.types.is_empty()
                || schema.values.is_some()
                || schema.items.is_some()
                || !schema.properties.is_empty()
                || schema.additional_properties != AdditionalProperties::Unstated
                || !(schema.all_of.is_empty() && schema.one_of.is_empty() && schema.any_of.is_empty())
        })
    }

    fn may_be_object(&self, reference: &SchemaRef) -> bool {
        self.schema(reference).is_some_and(|schema| {
            schema.values.is_none()
                && schema.items.is_none()
                && schema.types.iter().all(|ty| matches!(ty, SchemaType::Object | SchemaType::Null))
        })
    }

    /// Whether a member lacks a property of what stands around it.
    fn lacks(&self, member: &SchemaRef, around: &Merged) -> bool {
        let Some(schema) = self.schema(member) else { return false };
        let declares = |name: &str| schema.properties.iter().any(|property| property.name == name);
        around.properties.iter().any(|property| !declares(&property.name))
    }
}

/// Whether a title can be part of a name.
fn is_short(title: &str) -> bool {
    const MOST_WORDS: usize = 4;
    let words = title.split_whitespace().count();
    words > 0 && words <= MOST_WORDS && title.is_ascii()
}
