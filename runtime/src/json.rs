//! Values whose shape the description leaves open: kept as they came, text and all.

mod depth;
mod equal;
mod named;
mod typed;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

pub(crate) use self::depth::{DEEPEST, is_too_deep};
pub(crate) use self::equal::is_equal;
pub use self::typed::TypedOther;

/// Any JSON value. It keeps the text that came, so that reading and writing it back changes no number.
///
/// Two of them are equal when they hold equal values, whatever their white space, the order of their keys and the way
/// their numbers are written; numbers are compared to the last digit. Nesting of more than 127 levels is refused.
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The JSON text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The value as `serde_json` has it: integers that do not fit 64 bits, and fractions, are rounded to a double.
    ///
    /// It is `null` when `serde_json` cannot hold the value, as with a number that is out of a double's range;
    /// [`parse`](Json::parse) tells.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::from_str(self.text()).unwrap_or_default()
    }

    /// The value as a type of the caller's.
    ///
    /// # Errors
    ///
    /// When the value does not have the shape of `T`.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.text())
    }

    /// A value of the caller's as JSON.
    ///
    /// # Errors
    ///
    /// When the value cannot be written as JSON.
    pub fn from_serialize(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self)
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        // A `Value` always has a JSON text: its keys are strings and its numbers finite.
        Self(RawValue::from_string(value.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl From<Box<RawValue>> for Json {
    fn from(raw: Box<RawValue>) -> Self {
        Self(raw)
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        is_equal(self.text(), other.text())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_raw(deserializer).map(Self)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reads a value as text, unless it is nested too deeply to be read from there.
pub(crate) fn read_raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    if is_too_deep(raw.get()) {
        return Err(serde::de::Error::custom(format_args!("nested more than {DEEPEST} levels deep")));
    }
    Ok(raw)
}

/// The properties of an object that its description does not declare. Costs one pointer while there are none.
#[derive(Clone, Default, PartialEq)]
#[expect(clippy::box_collection, reason = "one pointer in a struct where a map takes three words")]
pub struct Other(Option<Box<BTreeMap<String, Json>>>);

impl Other {
    /// The value of an undeclared property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.as_ref()?.get(name)
    }

    /// Sets an undeclared property, and hands back what it was before.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) -> Option<Json> {
        self.0.get_or_insert_default().insert(name.into(), value.into())
    }

    /// Takes an undeclared property away.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        self.0.as_mut()?.remove(name)
    }

    /// The properties, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().flat_map(|map| map.iter()).map(|(name, value)| (name.as_str(), value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |map| map.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
