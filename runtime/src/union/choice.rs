//! Which member of a union a value is, by what shows without reading it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Kinds;

/// What a member of a union looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    kinds: Kinds,
    is_nested: bool,
    shapes: &'static [&'static [Property]],
}

/// What a property of an object looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    name: &'static str,
    kinds: Kinds,
    is_required: bool,
    values: &'static [&'static str],
}

/// The property whose text chooses the member of an object (OpenAPI 3.0.4 §4.7.25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The name of the property.
    pub property: &'static str,
    /// The texts, each with the index of the member that it stands for.
    pub tags: &'static [(&'static str, usize)],
}

impl Member {
    /// A member that can be of these kinds.
    #[must_use]
    pub const fn new(kinds: Kinds) -> Self {
        Self { kinds, is_nested: false, shapes: &[] }
    }

    /// Says that the member is or contains a union.
    #[must_use]
    pub const fn nested(self) -> Self {
        Self { is_nested: true, ..self }
    }

    /// Says which objects the member can be.
    #[must_use]
    pub const fn shaped(self, shapes: &'static [&'static [Property]]) -> Self {
        Self { shapes, ..self }
    }
}

impl Property {
    /// A property that is always there.
    #[must_use]
    pub const fn required(name: &'static str, kinds: Kinds) -> Self {
        Self { name, kinds, is_required: true, values: &[] }
    }

    /// A property that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kinds: Kinds) -> Self {
        Self { name, kinds, is_required: false, values: &[] }
    }

    /// Says which texts the description names for it.
    #[must_use]
    pub const fn named(self, values: &'static [&'static str]) -> Self {
        Self { values, ..self }
    }
}

type Object<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// How well a member fits; the greatest is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// How many properties have a text that the description names, less those that have another.
    named: isize,
    /// How many properties of the object are declared.
    declared: usize,
}

/// The members to try, in that order.
pub(super) fn order(members: &[Member], discriminator: Option<&Discriminator>, json: &str) -> Vec<usize> {
    let kind = Kinds::of(json);
    let is_object = kind == Kinds::OBJECT;
    let is_looked_at =
        is_object && (discriminator.is_some() || members.iter().any(|member| !member.shapes.is_empty()));
    let object: Object<'_> =
        if is_looked_at { serde_json::from_str(json).unwrap_or_default() } else { Object::new() };
    if let Some(discriminator) = discriminator.filter(|_| is_object)
        && let Some(tag) = object.get(discriminator.property)
    {
        let tag: String = serde_json::from_str(tag.get()).unwrap_or_default();
        let chosen = discriminator.tags.iter().find(|(known, _)| *known == tag);
        return chosen.map(|(_, index)| *index).into_iter().collect();
    }
    let candidates = members.iter().enumerate().filter(|(_, member)| member.kinds.meets(kind));
    let mut ranked: Vec<(Fit, u32, usize, bool)> = candidates
        .filter_map(|(index, member)| {
            let fit = fit(member, &object)?;
            Some((fit, member.kinds.count(), index, member.is_nested))
        })
        .collect();
    ranked.sort_by_key(|(fit, kinds, index, _)| (std::cmp::Reverse(*fit), *kinds, *index));
    let mut is_first_nested = true;
    ranked.retain(|(.., is_nested)| !is_nested || std::mem::take(&mut is_first_nested));
    ranked.into_iter().map(|(_, _, index, _)| index).collect()
}

/// An object with a tag in front. `None` when the JSON text is no object, or has the property already.
pub(super) fn with_tag(json: &str, property: &str, tag: &str) -> Option<String> {
    let rest = json.trim_start().strip_prefix('{')?;
    let object: Object<'_> = serde_json::from_str(json).ok()?;
    if object.contains_key(property) {
        return None;
    }
    let (property, tag) = (serde_json::to_string(property).ok()?, serde_json::to_string(tag).ok()?);
    let separator = if object.is_empty() { "" } else { "," };
    Some(format!("{{{property}:{tag}{separator}{rest}"))
}

/// How well an object fits the best of a member's shapes; `None` when it can be none of them.
fn fit(member: &Member, object: &Object<'_>) -> Option<Fit> {
    const UNKNOWN: Fit = Fit { named: 0, declared: 0 };
    if member.shapes.is_empty() {
        return Some(UNKNOWN);
    }
    member.shapes.iter().filter_map(|shape| fit_of_shape(shape, object)).max()
}

fn fit_of_shape(shape: &[Property], object: &Object<'_>) -> Option<Fit> {
    let mut fit = Fit { named: 0, declared: 0 };
    for property in shape {
        let Some(value) = object.get(property.name) else {
            if property.is_required {
                return None;
            }
            continue;
        };
        let value = value.get();
        if !property.kinds.meets(Kinds::of(value)) {
            return None;
        }
        fit.declared += 1;
        let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let Some(text) = text.filter(|_| !property.values.is_empty()) else { continue };
        match (property.values.contains(&text), property.values) {
            (true, _) => fit.named += 1,
            (false, [_]) => return None,
            (false, _) => fit.named -= 1,
        }
    }
    Some(fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAT: &[Property] = &[
        Property::required("type", Kinds::STRING).named(&["cat"]),
        Property::optional("lives", Kinds::INTEGER),
    ];
    const DOG: &[Property] = &[
        Property::required("type", Kinds::STRING).named(&["dog"]),
        Property::optional("tricks", Kinds::ARRAY),
    ];
    const ANIMAL: &[Property] = &[Property::required("type", Kinds::STRING)];
    const NAMED: &[Property] = &[Property::optional("name", Kinds::STRING)];
    const PRICED: &[Property] = &[
        Property::optional("name", Kinds::STRING),
        Property::optional("price", Kinds::NUMBER.or(Kinds::NULL)),
    ];

    const fn object(shapes: &'static [&'static [Property]]) -> Member {
        Member::new(Kinds::OBJECT).shaped(shapes)
    }

    #[test]
    fn a_text_that_only_one_member_has_chooses_it() {
        let members = [object(&[ANIMAL]), object(&[CAT]), object(&[DOG])];
        assert_eq!(order(&members, None, r#"{"type":"dog"}"#), [2, 0]);
        assert_eq!(order(&members, None, r#"{"type":"cat","lives":9}"#), [1, 0]);
        assert_eq!(order(&members, None, r#"{"type":"bird"}"#), [0]);
        assert_eq!(order(&members, None, "{}"), [0_usize; 0]);
    }

    #[test]
    fn the_member_that_declares_most_comes_first() {
        let members = [object(&[NAMED]), object(&[PRICED])];
        assert_eq!(order(&members, None, r#"{"name":"a"}"#), [0, 1]);
        assert_eq!(order(&members, None, r#"{"name":"a","price":null}"#), [1, 0]);
        assert_eq!(order(&members, None, r#"{"name":"a","price":"high"}"#), [0]);
    }

    #[test]
    fn the_shapes_of_a_union_inside_count_as_one_member() {
        let members = [object(&[NAMED]), object(&[CAT, DOG])];
        assert_eq!(order(&members, None, r#"{"type":"dog","name":"a"}"#), [1, 0]);
    }

    #[test]
    fn the_discriminator_decides_alone() {
        const TYPE: Discriminator = Discriminator { property: "type", tags: &[("CAT", 0), ("DOG", 1)] };
        let members = [Member::new(Kinds::OBJECT), Member::new(Kinds::OBJECT), Member::new(Kinds::STRING)];
        assert_eq!(order(&members, Some(&TYPE), r#"{"lives":1,"type":"D\u004fG"}"#), [1]);
        assert_eq!(order(&members, Some(&TYPE), r#"{"type":"BIRD"}"#), [0_usize; 0]);
        assert_eq!(order(&members, Some(&TYPE), r#"{"type":1}"#), [0_usize; 0]);
        assert_eq!(order(&members, Some(&TYPE), "{}"), [0, 1]);
        assert_eq!(order(&members, Some(&TYPE), r#""DOG""#), [2]);
    }

    #[test]
    fn the_fewest_kinds_come_first_and_one_union_at_most_is_tried() {
        let members = [Member::new(Kinds::ANY), Member::new(Kinds::NUMBER), Member::new(Kinds::INTEGER)];
        assert_eq!(order(&members, None, "1"), [2, 1, 0]);
        assert_eq!(order(&members, None, "1.0"), [2, 1, 0]);
        assert_eq!(order(&members, None, "1.5"), [1, 0]);
        let lists = Member::new(Kinds::ARRAY);
        assert_eq!(order(&[lists.nested(), lists, lists.nested()], None, "[]"), [0, 1]);
    }
}
