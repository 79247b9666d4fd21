//! Resume tokens: a place in a list as a text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Base64;

/// A place in a list, to go on from there later, in another process as well: a text of letters, digits, `-`, `_` and `=`.
///
/// It holds the operation and the position as the API counts it: a number of a page, or what the server gave to go on with (of a URL,
/// the path and the query). It does not hold the other parameters of the call, which have to be set again; treat it as you treat the
/// list itself. How long it is good for is up to the server.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResumeToken(String);

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The position of a page; `None` is where the list begins, where that has no position of its own.
    pub(super) position: Option<String>,
    /// How many items of that page have been taken.
    pub(super) taken: usize,
    /// How many items stand on the pages before, as far as that is known.
    pub(super) seen: Option<i64>,
    /// How many items a page has, where the position depends on it.
    pub(super) size: Option<i64>,
}

impl ResumeToken {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn new(kind: &str, operation: &str, place: &Place) -> Self {
        let Place { position, taken, seen, size } = place;
        let fields = serde_json::json!([kind, operation, position, taken, seen, size]).to_string();
        let text = Base64::encode(fields.as_bytes()).to_string();
        // RFC 4648 §5: nothing in it has a meaning in a URL or a shell.
        Self(text.replace('+', "-").replace('/', "_"))
    }

    /// What it says, or why it cannot be used for that list.
    pub(super) fn read(&self, kind: &str, operation: &str) -> Result<Place, String> {
        let broken = || "the resume token is none, or not all of it".to_owned();
        let bytes = Base64::from(self.0.as_str()).decode().map_err(|_| broken())?;
        let fields: (String, String, Option<String>, usize, Option<i64>, Option<i64>) =
            serde_json::from_slice(&bytes).map_err(|_| broken())?;
        let (of_kind, of_operation, position, taken, seen, size) = fields;
        if of_operation != operation {
            return Err(format!("the resume token is one of `{of_operation}`"));
        }
        if of_kind != kind {
            return Err(format!(
                "the resume token is one of paging by {of_kind}, and the list is paged by {kind}"
            ));
        }
        Ok(Place { position, taken, seen, size })
    }
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Does not show what the server gave.
impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeToken(..)")
    }
}

/// A text that is no token makes the list fail that is to be resumed from it.
impl From<String> for ResumeToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ResumeToken {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<&ResumeToken> for ResumeToken {
    fn from(token: &ResumeToken) -> Self {
        token.clone()
    }
}

impl From<ResumeToken> for String {
    fn from(token: ResumeToken) -> Self {
        token.0
    }
}

impl Serialize for ResumeToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ResumeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
