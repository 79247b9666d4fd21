//! How a type is decoded and encoded.

use clientsmith_runtime::serde::{Serialize, de::DeserializeOwned};
use clientsmith_runtime::serde_json;

/// A type, and what can be done with bytes of it.
pub struct Decoding {
    /// Its name.
    pub name: &'static str,
    /// Decodes, encodes, decodes what came of it, and encodes that.
    pub round_trip: fn(&[u8]) -> Outcome,
    /// The description's examples of it, as JSON.
    pub examples: &'static [&'static str],
}

/// What came of bytes.
pub enum Outcome {
    /// They are no value of the type.
    Refused,
    /// They are one, which is written and read without a change.
    Stable,
    /// They are one, which cannot be written, or read again, or changes: what happened.
    Unstable(String),
}

/// Decodes, encodes, decodes and encodes.
pub fn round_trip<T: DeserializeOwned + Serialize + std::fmt::Debug>(bytes: &[u8]) -> Outcome {
    let value: T = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        // Users see the message.
        Err(error) => {
            let _ = error.to_string();
            return Outcome::Refused;
        }
    };
    let _ = format!("{value:?}");
    let first = match serde_json::to_string(&value) {
        Ok(first) => first,
        Err(error) => return Outcome::Unstable(format!("it cannot be written: {error}")),
    };
    let again: T = match serde_json::from_str(&first) {
        Ok(again) => again,
        Err(error) => return Outcome::Unstable(format!("{first} cannot be read again: {error}")),
    };
    match serde_json::to_string(&again) {
        Ok(second) if second == first => Outcome::Stable,
        Ok(second) => Outcome::Unstable(format!("{first} becomes {second}")),
        Err(error) => Outcome::Unstable(format!("{first} cannot be written again: {error}")),
    }
}
