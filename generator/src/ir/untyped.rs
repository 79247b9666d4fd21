//! What is rendered as free JSON although the description says something of it.

use crate::source::Place;

/// A use of a schema that says something of what its values are, and that is any JSON value all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Untyped {
    /// Where the schema is used: the `$ref`, or the schema itself.
    pub place: Place,
    /// What says something: `a $ref`, `a schema with oneOf`.
    pub what: &'static str,
    /// Why nothing follows from it.
    pub reason: UntypedReason,
}

/// Why a schema is any JSON value although it says something of what its values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UntypedReason {
    /// What it refers to says nothing.
    NothingSaid,
    /// No member of its `allOf`, `oneOf` or `anyOf` says what it is.
    NothingSaidByMembers,
    /// It only says what its values are not.
    OnlyNot,
    /// Its only value is `null`.
    OnlyNull,
    /// It is another name of itself, or an array of itself, which has no end.
    ItsOwnPart,
    /// It stands deeper than types may be nested.
    TooDeep,
}

impl UntypedReason {
    /// The reason in words.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NothingSaid => "the schema that it refers to says nothing of what its values are",
            Self::NothingSaidByMembers => "no member of the composition says what its values are",
            Self::OnlyNot => "it only says by `not` what its values are not",
            Self::OnlyNull => "its only value is `null`",
            Self::ItsOwnPart => "it consists of itself without end",
            Self::TooDeep => "it is nested too deeply",
        }
    }
}
