//! Open enums: a value that the description does not name is kept, behind a variant that nobody can name either.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// A text that the description does not name. It is opaque, so that a release that names it breaks no `match`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnrecognizedText(Box<str>);

/// A number that the description does not name. It is opaque, so that a release that names it breaks no `match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnrecognizedInteger(i64);

impl UnrecognizedText {
    /// For generated code: the text is not one that the description names.
    #[doc(hidden)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl UnrecognizedInteger {
    /// For generated code: the number is not one that the description names.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> i64 {
        self.0
    }
}

/// Reads a string enum.
///
/// # Errors
///
/// When the value is not a string.
pub fn deserialize_text<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

/// Reads an integer enum.
///
/// # Errors
///
/// When the value is not an integer of 64 bits.
pub fn deserialize_integer<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: From<i64>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_i64(IntegerVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from(text))
    }
}

struct IntegerVisitor<T>(PhantomData<T>);

impl<T: From<i64>> Visitor<'_> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer of 64 bits")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        Ok(T::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        i64::try_from(value).map(T::from).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    /// An integer may be written with a fraction of zero (JSON Schema 2020-12 §4.2.3). Doubles hold all of those that
    /// are below 2^53; above, more than one integer may be meant.
    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() < EXACT {
            return Ok(T::from(value as i64));
        }
        Err(E::invalid_value(Unexpected::Float(value), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(json: &str) -> Result<i64, serde_json::Error> {
        deserialize_integer(&mut serde_json::Deserializer::from_str(json))
    }

    #[test]
    fn an_integer_is_one_however_it_is_written() {
        for (json, value) in
            [("-3", -3), ("3.0", 3), ("-0.0", 0), ("1e3", 1000), ("9223372036854775807", i64::MAX)]
        {
            assert_eq!(integer(json).unwrap(), value, "{json}");
        }
    }

    #[test]
    fn what_is_none_or_not_sure_to_be_the_one_is_refused() {
        for json in ["0.5", "9007199254740993.0", "9223372036854775808", "1e400", "\"3\"", "null", "true"] {
            assert!(integer(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_text_is_read_with_its_escapes() {
        #[derive(Debug, PartialEq)]
        struct Text(String);
        impl From<&str> for Text {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
        let read = |json: &str| -> Result<Text, serde_json::Error> {
            deserialize_text(&mut serde_json::Deserializer::from_str(json))
        };
        assert_eq!(read(r#""a\u00e9""#).unwrap(), Text("aé".to_owned()));
        assert!(read("1").is_err());
    }
}
