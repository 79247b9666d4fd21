//! Values with a format: the text that came is kept, and converted on demand.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

macro_rules! text_format {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text, as it is on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl From<$name> for crate::ParameterValue {
            fn from(value: $name) -> Self {
                Self::Single(value.0)
            }
        }
    )+};
}

text_format! {
    /// A point in time (RFC 3339), as the server wrote it. It is not checked: a bad date never costs the whole answer.
    DateTime;
    /// A day (RFC 3339 full-date), as the server wrote it. It is not checked.
    Date;
    /// A UUID (RFC 9562), as the server wrote it. It is not checked.
    Uuid;
}

/// A number of any size and precision: the digits that came are kept.
///
/// Two of them are equal when they are written alike: `1.0` and `1.00` are two.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The digits, as they are on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// The integer, when the number is written as one of 64 bits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

/// The text is not a JSON number (RFC 8259 §6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number")]
pub struct NotANumber(String);

impl std::str::FromStr for Decimal {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let starts_like_a_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if starts_like_a_number && serde_json::from_str::<&RawValue>(text).is_ok_and(|raw| raw.get() == text)
        {
            return Ok(Self(text.into()));
        }
        Err(NotANumber(text.to_owned()))
    }
}

macro_rules! decimal_from_integer {
    ($($integer:ty),+) => {$(
        impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self(value.to_string().into())
            }
        }
    )+};
}

decimal_from_integer!(i32, i64, u32, u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        raw.get().parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl From<Decimal> for crate::ParameterValue {
    fn from(value: Decimal) -> Self {
        Self::Single(value.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_its_digits() {
        for digits in ["0.10", "1e400", "-0", "123456789012345678901234567890.5"] {
            let read: Decimal = serde_json::from_str(digits).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), digits);
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["\"1\"", "true", "", "1 ", "0x10", "1.", "[1]"] {
            assert_eq!(text.parse::<Decimal>(), Err(NotANumber(text.to_owned())));
        }
    }
}
