//! Reading and writing objects: one visitor for all generated structs, so that each of them adds little code.

mod integers;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap};

pub use self::integers::{Integers, ReadIntegers, integers};
use crate::json::{Json, Other};
use crate::optional::Optional;

/// An object type of a description. Generated code implements it; `Deserialize` then is one line.
pub trait Record: Sized {
    /// The struct with what has been read so far.
    type Partial: Default;
    /// The name of the type, for messages.
    const NAME: &'static str;
    /// The names of the declared properties on the wire; a property is known by its index here.
    const FIELDS: &'static [&'static str];
    /// The indexes of the properties in the order of their names; empty when they are few.
    const SORTED: &'static [u16] = &[];

    /// Reads the value of the property with that index.
    ///
    /// # Errors
    ///
    /// When the value does not have the declared shape.
    fn set<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        index: usize,
        map: &mut A,
    ) -> Result<(), A::Error>;

    /// Where undeclared properties go; `None` when the description forbids them, so that they are passed over.
    fn other(partial: &mut Self::Partial) -> Option<&mut Other>;

    /// Makes the value of what was read.
    ///
    /// # Errors
    ///
    /// The name of a required property that was not there.
    fn finish(partial: Self::Partial) -> Result<Self, &'static str>;
}

/// Reads an object.
///
/// # Errors
///
/// When the value is not an object, a property has another shape than declared, or a required one is missing.
pub fn deserialize<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    deserializer.deserialize_map(RecordVisitor::<R>(PhantomData))
}

struct RecordVisitor<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for RecordVisitor<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", R::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<R, A::Error> {
        let mut partial = R::Partial::default();
        let mut next = 0;
        while let Some(key) = map.next_key_seed(KeySeed { fields: R::FIELDS, sorted: R::SORTED, next })? {
            match key {
                Key::Declared(index) => {
                    R::set(&mut partial, index, &mut map)?;
                    next = index + 1;
                }
                Key::Undeclared(name) => match R::other(&mut partial) {
                    Some(other) => {
                        other.insert(name, map.next_value::<Json>()?);
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        R::finish(partial).map_err(A::Error::missing_field)
    }
}

/// A key of an object that is read.
enum Key {
    Declared(usize),
    Undeclared(String),
}

/// Finds the index of a key. Servers mostly write properties in one order, so the one after the last hit is tried first.
/// Otherwise many properties are searched in the order of their names, and few one by one.
#[derive(Clone, Copy)]
struct KeySeed {
    fields: &'static [&'static str],
    sorted: &'static [u16],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl KeySeed {
    fn find(self, name: &str) -> Option<usize> {
        if self.sorted.is_empty() {
            return self.fields.iter().position(|field| *field == name);
        }
        let name_at = |index: &u16| self.fields.get(usize::from(*index)).copied().unwrap_or_default();
        let found = self.sorted.binary_search_by(|index| name_at(index).cmp(name)).ok()?;
        self.sorted.get(found).map(|index| usize::from(*index))
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        if self.fields.get(self.next).is_some_and(|field| *field == name) {
            return Ok(Key::Declared(self.next));
        }
        Ok(match self.find(name) {
            Some(index) => Key::Declared(index),
            None => Key::Undeclared(name.to_owned()),
        })
    }
}

/// A property that may be left out.
pub trait Omit {
    /// Whether it is.
    fn is_omitted(&self) -> bool;
}

impl<T> Omit for Option<T> {
    fn is_omitted(&self) -> bool {
        self.is_none()
    }
}

impl<T> Omit for Optional<T> {
    fn is_omitted(&self) -> bool {
        self.is_absent()
    }
}

/// Writes a property, unless it is left out.
///
/// # Errors
///
/// Those of the serializer.
pub fn entry<M: SerializeMap, T: Serialize + Omit>(
    map: &mut M,
    name: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if value.is_omitted() {
        return Ok(());
    }
    map.serialize_entry(name, value)
}

/// Writes the undeclared properties.
///
/// # Errors
///
/// Those of the serializer.
pub fn other<M: SerializeMap>(map: &mut M, other: &Other) -> Result<(), M::Error> {
    other.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Point {
        x: i64,
        label: Option<String>,
        note: Optional<String>,
        other: Other,
    }

    #[derive(Default)]
    struct PointPartial {
        x: Option<i64>,
        label: Option<String>,
        note: Optional<String>,
        other: Other,
    }

    impl Record for Point {
        type Partial = PointPartial;
        const NAME: &'static str = "Point";
        const FIELDS: &'static [&'static str] = &["x", "label", "note"];

        fn set<'de, A: MapAccess<'de>>(
            partial: &mut PointPartial,
            index: usize,
            map: &mut A,
        ) -> Result<(), A::Error> {
            match index {
                0 => partial.x = Some(map.next_value()?),
                1 => partial.label = map.next_value()?,
                _ => partial.note = map.next_value()?,
            }
            Ok(())
        }

        fn other(partial: &mut PointPartial) -> Option<&mut Other> {
            Some(&mut partial.other)
        }

        fn finish(partial: PointPartial) -> Result<Self, &'static str> {
            Ok(Self {
                x: partial.x.ok_or("x")?,
                label: partial.label,
                note: partial.note,
                other: partial.other,
            })
        }
    }

    impl<'de> Deserialize<'de> for Point {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserialize(deserializer)
        }
    }

    impl Serialize for Point {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("x", &self.x)?;
            entry(&mut map, "label", &self.label)?;
            entry(&mut map, "note", &self.note)?;
            other(&mut map, &self.other)?;
            map.end()
        }
    }

    #[test]
    fn many_names_are_searched_in_their_order() {
        const FIELDS: &[&str] = &["d", "a", "c", "b"];
        const SORTED: &[u16] = &[1, 3, 2, 0];
        for sorted in [SORTED, &[]] {
            let seed = KeySeed { fields: FIELDS, sorted, next: 0 };
            let found = ["a", "b", "c", "d", "", "e"].map(|name| seed.find(name));
            assert_eq!(found, [Some(1), Some(3), Some(2), Some(0), None, None]);
        }
    }

    fn round_trip(text: &str) -> String {
        serde_json::to_string(&serde_json::from_str::<Point>(text).unwrap()).unwrap()
    }

    #[test]
    fn undeclared_properties_come_back_to_the_digit() {
        let text = r#"{"x":1,"big":123456789012345678901234567890,"small":0.10}"#;
        assert_eq!(round_trip(text), text);
    }

    #[test]
    fn absent_and_null_are_two_things() {
        assert_eq!(round_trip(r#"{"x":1,"note":null}"#), r#"{"x":1,"note":null}"#);
        assert_eq!(round_trip(r#"{"x":1}"#), r#"{"x":1}"#);
    }

    #[test]
    fn any_order_is_read() {
        assert_eq!(round_trip(r#"{"note":"n","label":"l","x":1}"#), r#"{"x":1,"label":"l","note":"n"}"#);
    }

    #[test]
    fn a_missing_property_is_named() {
        let error = serde_json::from_str::<Point>("{}").unwrap_err();
        assert_eq!(error.to_string(), "missing field `x` at line 1 column 2");
    }

    #[test]
    fn another_shape_is_refused() {
        let error = serde_json::from_str::<Point>("[1]").unwrap_err();
        assert!(
            error.to_string().starts_with("invalid type: sequence, expected an object (Point)"),
            "{error}"
        );
    }
}
