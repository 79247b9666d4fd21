//! Examples as tests: a value is read as its type and written again, and nothing may be lost.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json::is_equal;

/// Reads a JSON text as a `T` and writes it again.
///
/// # Errors
///
/// What differs, when the text cannot be read or what is written is not equal to it; numbers are compared
/// by value, to the last digit.
pub fn round_trip<T: DeserializeOwned + Serialize>(json: &str) -> Result<(), String> {
    let value: T = serde_json::from_str(json).map_err(|error| format!("cannot be read: {error}"))?;
    let written = serde_json::to_string(&value).map_err(|error| format!("cannot be written: {error}"))?;
    compare(json, &written)
}

fn compare(json: &str, written: &str) -> Result<(), String> {
    if is_equal(json.trim(), written) {
        return Ok(());
    }
    Err(format!("read {json} and wrote {written}"))
}

#[cfg(test)]
mod tests {
    use super::round_trip;

    #[test]
    fn numbers_are_compared_by_value() {
        assert_eq!(round_trip::<f64>("1"), Ok(()));
        assert_eq!(round_trip::<f64>(" 1e2\n"), Ok(()));
    }

    #[test]
    fn a_loss_is_an_error() {
        assert!(round_trip::<Option<bool>>("1").is_err());
        assert!(round_trip::<f32>("0.123456789").is_err());
        assert!(round_trip::<f64>("9007199254740993").is_err());
    }
}
