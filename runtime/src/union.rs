//! Unions: the kind of the JSON value chooses the member, and what fits none is kept.
//!
//! The value is buffered as text and read again from there, so that only one deserializer is ever compiled. Formats
//! other than JSON are not supported.

use serde::de::Deserializer;

use crate::json::{Json, read_raw};

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

    const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn of(json: &str) -> Self {
        match json.bytes().next() {
            Some(b'n') => Self::NULL,
            Some(b't' | b'f') => Self::BOOLEAN,
            Some(b'"') => Self::STRING,
            Some(b'[') => Self::ARRAY,
            Some(b'{') => Self::OBJECT,
            _ if json.contains(['.', 'e', 'E']) => Self(8),
            _ => Self::INTEGER,
        }
    }
}

/// A union of a description. Generated code implements it.
pub trait Union: Sized {
    /// For each member the kinds of values that it can be.
    const MEMBERS: &'static [Kinds];

    /// Reads the member with that index.
    ///
    /// # Errors
    ///
    /// When the value does not have the member's shape.
    fn member(index: usize, json: &str) -> Result<Self, serde_json::Error>;

    /// Keeps a value that fits no member.
    fn unrecognized(json: Json) -> Self;
}

/// Reads a union: the first member whose kind and shape fit.
///
/// # Errors
///
/// When the input is not JSON, or is nested more than 127 levels deep.
pub fn deserialize<'de, U: Union, D: Deserializer<'de>>(deserializer: D) -> Result<U, D::Error> {
    let raw = read_raw(deserializer)?;
    let kind = Kinds::of(raw.get());
    let fitting = U::MEMBERS.iter().enumerate().filter(|(_, kinds)| kinds.meets(kind));
    for (index, _) in fitting {
        if let Ok(value) = U::member(index, raw.get()) {
            return Ok(value);
        }
    }
    Ok(U::unrecognized(Json::from(raw)))
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
        const MEMBERS: &'static [Kinds] = &[Kinds::STRING, Kinds::INTEGER];

        fn member(index: usize, json: &str) -> Result<Self, serde_json::Error> {
            match index {
                0 => serde_json::from_str(json).map(Self::Text),
                _ => serde_json::from_str(json).map(Self::Count),
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
    }

    /// A union that contains itself, which is read by a new deserializer at each level.
    #[derive(Debug)]
    enum Tree {
        Branch(Vec<Tree>),
        Leaf(Json),
    }

    impl Union for Tree {
        const MEMBERS: &'static [Kinds] = &[Kinds::ARRAY];

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
    fn what_fits_no_member_is_kept() {
        for json in ["[1]", "8.5", "null", "123456789012345678901234567890"] {
            let TextOrCount::Unrecognized(kept) = read(json) else { panic!("{json} was taken for a member") };
            assert_eq!(kept.text(), json);
        }
    }
}
