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
    /// A number that is sent as text, as the server wrote it. It is not checked until it is read.
    DecimalText;
    /// Bytes in base64 (RFC 4648 §4), as the server wrote it. It is not checked until it is decoded.
    Base64;
}

/// The text is not base64 (RFC 4648 §4 or §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not base64")]
pub struct NotBase64;

impl Base64 {
    /// Encodes bytes, with padding.
    #[must_use]
    pub fn encode(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(base64_length(bytes));
        write_base64(bytes, &mut text);
        Self(text)
    }

    /// The bytes. White space is passed over, padding may be missing, and the URL-safe alphabet (§5) is read too.
    ///
    /// # Errors
    ///
    /// When the text is not base64.
    pub fn decode(&self) -> Result<Vec<u8>, NotBase64> {
        let digits = self.0.bytes().filter(|byte| !byte.is_ascii_whitespace());
        let mut bytes = Vec::with_capacity(self.0.len() / 4 * 3);
        let (mut bits, mut count, mut is_over) = (0_u32, 0_u8, false);
        for digit in digits {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                b'=' => {
                    is_over = true;
                    continue;
                }
                _ => return Err(NotBase64),
            };
            if is_over {
                return Err(NotBase64);
            }
            bits = bits << 6 | u32::from(value);
            count += 6;
            if count >= 8 {
                count -= 8;
                bytes.push(((bits >> count) & 0xff) as u8);
            }
        }
        // A single digit that is left over holds no byte.
        if count == 6 { Err(NotBase64) } else { Ok(bytes) }
    }
}

/// How many characters bytes take in base64, with padding.
pub(crate) fn base64_length(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(3) * 4
}

/// Writes bytes in base64, with padding (RFC 4648 §4), to a text of the caller's, who may have to wipe it.
pub(crate) fn write_base64(bytes: &[u8], text: &mut String) {
    const ALPHABET: [char; 64] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T',
        'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n',
        'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '0', '1', '2', '3', '4', '5', '6', '7',
        '8', '9', '+', '/',
    ];
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap_or_default();
            let is_padding = digit > chunk.len();
            text.push(if is_padding { '=' } else { ALPHABET.get(index).copied().unwrap_or('=') });
        }
    }
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

impl DecimalText {
    /// The number.
    ///
    /// # Errors
    ///
    /// When the text is not a number as JSON writes it.
    pub fn decimal(&self) -> Result<Decimal, NotANumber> {
        self.0.parse()
    }
}

impl From<Decimal> for DecimalText {
    fn from(number: Decimal) -> Self {
        Self(number.0.into())
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
    fn a_number_in_a_text_keeps_what_came() {
        let read: DecimalText = serde_json::from_str("\"0.10\"").unwrap();
        assert_eq!(read.decimal().map(|number| number.to_f64()), Ok(0.1));
        assert_eq!(DecimalText::from("ten").decimal(), Err(NotANumber("ten".to_owned())));
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"0.10\"");
    }

    #[test]
    fn base64_is_decoded_in_all_spellings() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(Base64::encode(bytes.as_bytes()).as_str(), text);
            assert_eq!(Base64::from(text).decode().unwrap(), bytes.as_bytes());
        }
        assert_eq!(Base64::from("-_8").decode(), Ok(vec![0xfb, 0xff]));
        assert_eq!(Base64::from("Zm9v\nYmFy").decode(), Ok(b"foobar".to_vec()));
        for text in ["Z", "Zg=v", "Z!"] {
            assert_eq!(Base64::from(text).decode(), Err(NotBase64), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["\"1\"", "true", "", "1 ", "0x10", "1.", "[1]"] {
            assert_eq!(text.parse::<Decimal>(), Err(NotANumber(text.to_owned())));
        }
    }
}
