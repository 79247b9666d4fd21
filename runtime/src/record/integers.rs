//! Integers, also where they are written with a fraction of zero: `3.0` is an integer (JSON Schema 2020-12 §4.2.3), and
//! some servers write it.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

use crate::optional::Optional;

/// A type that holds integers, and how it is made of what [`Integers`] reads.
pub trait ReadIntegers: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// When the value has another shape, or is no integer that the type holds.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A value that is read with [`ReadIntegers`].
#[derive(Clone, Copy, Debug)]
pub struct Integers<T>(pub T);

impl<'de, T: ReadIntegers> Deserialize<'de> for Integers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Reads the value of a property that holds integers.
///
/// # Errors
///
/// When the value has another shape, or is no integer that the type holds.
pub fn integers<'de, T: ReadIntegers, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value::<Integers<T>>().map(|read| read.0)
}

struct IntegerVisitor<T>(PhantomData<T>);

impl<T: TryFrom<i64> + TryFrom<u64>> Visitor<'_> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer ({})", std::any::type_name::<T>())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    /// Doubles hold all integers that are below 2^53; above, more than one may be meant.
    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() < EXACT {
            return self.visit_i64(value as i64);
        }
        Err(E::invalid_type(Unexpected::Float(value), &self))
    }
}

macro_rules! read_integer {
    ($($integer:ident: $method:ident),+) => {$(
        impl ReadIntegers for $integer {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.$method(IntegerVisitor(PhantomData))
            }
        }
    )+};
}

read_integer!(i32: deserialize_i32, i64: deserialize_i64, u64: deserialize_u64);

impl<T: ReadIntegers> ReadIntegers for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Integers<T>>::deserialize(deserializer)?.map(|read| read.0))
    }
}

impl<T: ReadIntegers> ReadIntegers for Optional<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::read(deserializer)? {
            Some(value) => Self::Value(value),
            None => Self::Null,
        })
    }
}

impl<T: ReadIntegers> ReadIntegers for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Integers<T>>::deserialize(deserializer)?.into_iter().map(|read| read.0).collect())
    }
}

impl<T: ReadIntegers> ReadIntegers for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<String, Integers<T>>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|(key, read)| (key, read.0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: ReadIntegers>(json: &str) -> Result<T, serde_json::Error> {
        serde_json::from_str::<Integers<T>>(json).map(|read| read.0)
    }

    #[test]
    fn an_integer_is_one_however_it_is_written() {
        assert_eq!(read::<i32>("3.0").unwrap(), 3);
        assert_eq!(read::<i64>("-1e3").unwrap(), -1000);
        assert_eq!(read::<u64>("18446744073709551615").unwrap(), u64::MAX);
        assert_eq!(read::<Option<i64>>("null").unwrap(), None);
        assert_eq!(read::<Vec<Option<i32>>>("[1, 2.0, null]").unwrap(), [Some(1), Some(2), None]);
        assert_eq!(read::<Optional<i64>>("null").unwrap(), Optional::Null);
        let map: BTreeMap<String, i64> = read(r#"{"a": 1.0}"#).unwrap();
        assert_eq!(map.get("a"), Some(&1));
    }

    #[test]
    fn what_is_no_integer_of_the_type_is_refused() {
        assert!(read::<i32>("2147483648").is_err());
        assert!(read::<i64>("0.5").is_err());
        assert!(read::<i64>("9007199254740993.0").is_err());
        assert!(read::<u64>("-1").is_err());
        assert!(read::<i64>("\"1\"").is_err());
    }
}
