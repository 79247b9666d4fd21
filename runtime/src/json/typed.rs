//! Undeclared properties of which the description says what they are.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Json, Other};

/// The properties of an object that its description does not declare, all of which it says are a `T`.
///
/// They are kept as they came, and read on demand: one that is no `T` costs nothing else of the answer, and is written
/// back. Costs one pointer while there are none.
pub struct TypedOther<T> {
    properties: Other,
    values: PhantomData<fn() -> T>,
}

impl<T> TypedOther<T> {
    /// The properties as JSON.
    #[must_use]
    pub fn untyped(&self) -> &Other {
        &self.properties
    }

    /// The properties as JSON, to be changed.
    pub fn untyped_mut(&mut self) -> &mut Other {
        &mut self.properties
    }

    /// Takes a property away.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        self.properties.remove(name)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.properties.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }
}

impl<T: DeserializeOwned> TypedOther<T> {
    /// The value of a property: `None` when it is not there, an error when it is no `T`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Result<T, serde_json::Error>> {
        self.properties.get(name).map(Json::parse)
    }

    /// The properties, sorted by name; an error stands for a value that is no `T`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Result<T, serde_json::Error>)> {
        self.properties.iter().map(|(name, value)| (name, value.parse()))
    }
}

impl<T: Serialize> TypedOther<T> {
    /// Sets a property.
    ///
    /// # Errors
    ///
    /// When the value cannot be written as JSON.
    pub fn insert(&mut self, name: impl Into<String>, value: &T) -> Result<(), serde_json::Error> {
        self.properties.insert(name, Json::from_serialize(value)?);
        Ok(())
    }
}

impl<T> Clone for TypedOther<T> {
    fn clone(&self) -> Self {
        Self { properties: self.properties.clone(), values: PhantomData }
    }
}

impl<T> Default for TypedOther<T> {
    fn default() -> Self {
        Self { properties: Other::default(), values: PhantomData }
    }
}

impl<T> PartialEq for TypedOther<T> {
    fn eq(&self, other: &Self) -> bool {
        self.properties == other.properties
    }
}

impl<T> fmt::Debug for TypedOther<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.properties.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::TypedOther;
    use crate::json::Json;

    #[test]
    fn values_are_read_and_what_does_not_fit_is_kept() {
        let mut other = TypedOther::<i64>::default();
        assert!(other.is_empty());
        other.insert("a", &1).unwrap();
        other.untyped_mut().insert("b", Json::from(serde_json::json!("two")));
        assert_eq!(other.get("a").unwrap().unwrap(), 1);
        assert!(other.get("b").unwrap().is_err());
        assert!(other.get("c").is_none());
        let read: Vec<_> = other.iter().map(|(name, value)| (name, value.ok())).collect();
        assert_eq!(read, [("a", Some(1)), ("b", None)]);
        assert_eq!(other.remove("b").unwrap().text(), r#""two""#);
        assert_eq!((other.len(), other.untyped().len()), (1, 1));
    }
}
