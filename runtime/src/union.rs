//! Unions: what shows of a JSON value chooses the member, and what fits none is kept.
//!
//! 1. With a discriminator, its text in an object chooses the member. A text that stands for none, and a value that does
//!    not fit the member that its text stands for, are kept as they came.
//! 2. Else the members are ranked that can be of the kind that the value is, and can have the properties that an object
//!    has: all required ones, each of a kind that it can be, and the only text of those that have only one. The one with
//!    the most matching texts comes first, then the one that declares most of the properties, then the one whose kinds are
//!    fewest, then the one that the description lists first.
//! 3. The first in that order that reads the value is taken. Of the members that contain unions themselves, only the
//!    first is tried: the time it takes to read a value grows with its size, however unions are nested.
//!
//! The value is buffered as text and read again from there, so that only one deserializer is ever compiled. Formats
//! other than JSON are not supported.

mod choice;

use serde::de::Deserializer;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

pub use self::choice::{Discriminator, Member, Property};
use crate::json::{Json, read_raw};
use crate::record::{Integers, ReadIntegers};

/// A set of kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// `null`.
    pub const NULL: Self = Self(1);
    /// `true` and `false`.
    pub const BOOLEAN: Self = Self(2);
    /// Numbers that are written as integers.
    pub const INTEGER: Self = Self(4);
    /// All numbers.
    pub const NUMBER: Self = Self(4 | 8);
    /// Strings.
    pub const STRING: Self = Self(16);
    /// Arrays.
    pub const ARRAY: Self = Self(32);
    /// Objects.
    pub const OBJECT: Self = Self(64);
    /// All of them.
    pub const ANY: Self = Self(127);

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// How many kinds there are in the set.
    const fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(crate) fn of(json: &str) -> Self {
        match json.bytes().next() {
            Some(b'n') => Self::NULL,
            Some(b't' | b'f') => Self::BOOLEAN,
            Some(b'"') => Self::STRING,
            Some(b'[') => Self::ARRAY,
            Some(b'{') => Self::OBJECT,
            _ => Self::of_number(json),
        }
    }
}

impl Kinds {
    /// A number without a fraction, and one with a fraction of zero, can be an integer.
    fn of_number(json: &str) -> Self {
        match json.split_once(['.', 'e', 'E']) {
            None => Self::INTEGER,
            Some((_, rest)) if rest.bytes().all(|digit| digit == b'0') && json.contains('.') => Self::NUMBER,
            Some(_) => Self(8),
        }
    }
}

/// A union of a description. Generated code implements it.
pub trait Union: Sized {
    /// What the members look like.
    const MEMBERS: &'static [Member];

    /// The property whose text chooses the member of an object.
    const DISCRIMINATOR: Option<Discriminator> = None;

    /// Reads the member with that index.
    ///
    /// # Errors
    ///
    /// When the value does not have the member's shape.
    fn member(index: usize, json: &str) -> Result<Self, serde_json::Error>;

    /// Keeps a value that fits no member.
    fn unrecognized(json: Json) -> Self;
}

/// Reads a union, as the [module](self) says.
///
/// # Errors
///
/// When the input is not JSON, or is nested more than 127 levels deep.
pub fn deserialize<'de, U: Union, D: Deserializer<'de>>(deserializer: D) -> Result<U, D::Error> {
    let raw = read_raw(deserializer)?;
    for index in choice::order(U::MEMBERS, U::DISCRIMINATOR.as_ref(), raw.get()) {
        if let Ok(value) = U::member(index, raw.get()) {
            return Ok(value);
        }
    }
    Ok(U::unrecognized(Json::from(raw)))
}

/// Writes a member together with its tag, where the member does not declare the property that chooses among the members:
/// nobody could tell it from the others without (OpenAPI 3.0.4 §4.7.25). A tag that is among the undeclared properties
/// stays.
///
/// # Errors
///
/// When the member cannot be written as JSON.
pub fn serialize_tagged<T: Serialize, S: Serializer>(
    value: &T,
    property: &'static str,
    tag: &'static str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let json = serde_json::to_string(value).map_err(S::Error::custom)?;
    let with_tag = choice::with_tag(&json, property, tag).unwrap_or(json);
    RawValue::from_string(with_tag).map_err(S::Error::custom)?.serialize(serializer)
}

/// Reads a member that holds integers.
///
/// # Errors
///
/// When the value does not have the member's shape.
pub fn integers<T: ReadIntegers>(json: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str::<Integers<T>>(json).map(|read| read.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum TextOrCount {
        Text(String),
        Count(i64),
        Unrecognized(Json),
    }

    impl Union for TextOrCount {
        const MEMBERS: &'static [Member] = &[Member::new(Kinds::STRING), Member::new(Kinds::INTEGER)];

        fn member(index: usize, json: &str) -> Result<Self, serde_json::Error> {
            match index {
                0 => serde_json::from_str(json).map(Self::Text),
                _ => integers(json).map(Self::Count),
            }
        }

        fn unrecognized(json: Json) -> Self {
            Self::Unrecognized(json)
        }
    }

    fn read(json: &str) -> TextOrCount {
        deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn the_kind_of_the_value_chooses() {
        assert_eq!(read(r#""8""#), TextOrCount::Text("8".to_owned()));
        assert_eq!(read("8"), TextOrCount::Count(8));
        assert_eq!(read("8.0"), TextOrCount::Count(8));
    }

    /// A union that contains itself, which is read by a new deserializer at each level.
    #[derive(Debug)]
    enum Tree {
        Branch(Vec<Tree>),
        Leaf(Json),
    }

    impl Union for Tree {
        const MEMBERS: &'static [Member] = &[Member::new(Kinds::ARRAY).nested()];

        fn member(_: usize, json: &str) -> Result<Self, serde_json::Error> {
            serde_json::from_str(json).map(Self::Branch)
        }

        fn unrecognized(json: Json) -> Self {
            Self::Leaf(json)
        }
    }

    impl<'de> serde::Deserialize<'de> for Tree {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserialize(deserializer)
        }
    }

    #[test]
    fn nesting_is_limited_across_the_deserializers_of_nested_unions() {
        let nested = |depth: usize| {
            serde_json::from_str::<Tree>(&format!("{}0{}", "[".repeat(depth), "]".repeat(depth)))
        };
        let mut tree = nested(127).unwrap();
        let mut depth = 0;
        let leaf = loop {
            match tree {
                Tree::Branch(mut branches) => tree = branches.remove(0),
                Tree::Leaf(leaf) => break leaf,
            }
            depth += 1;
        };
        assert_eq!((depth, leaf.text()), (127, "0"));
        let error = nested(100_000).unwrap_err();
        assert!(error.to_string().starts_with("nested more than 127 levels deep"), "{error}");
    }

    #[test]
    fn a_tag_that_nobody_declares_is_written() {
        let tagged = |json: &str| {
            let value = Json::from(RawValue::from_string(json.to_owned()).unwrap());
            let mut written = Vec::new();
            serialize_tagged(&value, "ty\"pe", "cat", &mut serde_json::Serializer::new(&mut written))
                .unwrap();
            String::from_utf8(written).unwrap()
        };
        assert_eq!(tagged("{}"), r#"{"ty\"pe":"cat"}"#);
        assert_eq!(tagged(r#" { "lives": 9 }"#), r#"{"ty\"pe":"cat", "lives": 9 }"#);
        assert_eq!(tagged(r#"{"ty\u0022pe":"lion"}"#), r#"{"ty\u0022pe":"lion"}"#);
        assert_eq!(tagged("[1]"), "[1]");
    }

    #[test]
    fn what_fits_no_member_is_kept() {
        for json in ["[1]", "8.5", "null", "123456789012345678901234567890"] {
            let TextOrCount::Unrecognized(kept) = read(json) else { panic!("{json} was taken for a member") };
            assert_eq!(kept.text(), json);
        }
    }
}
