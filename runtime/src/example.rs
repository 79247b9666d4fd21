//! Examples as tests: a value is read as its type and written again, and nothing may be lost.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a JSON text as a `T` and writes it again.
///
/// # Errors
///
/// What differs, when the text cannot be read or what is written is not equal to it; numbers are compared by value.
pub fn round_trip<T: DeserializeOwned + Serialize>(json: &str) -> Result<(), String> {
    let value: T = serde_json::from_str(json).map_err(|error| format!("cannot be read: {error}"))?;
    let written = serde_json::to_string(&value).map_err(|error| format!("cannot be written: {error}"))?;
    compare(json, &written)
}

fn compare(json: &str, written: &str) -> Result<(), String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    if is_same(&parse(json)?, &parse(written)?) { Ok(()) } else { Err(format!("read {json} and wrote {written}")) }
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| is_same(left, right)))
        }
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::round_trip;

    #[test]
    fn numbers_are_compared_by_value() {
        assert_eq!(round_trip::<f64>("1"), Ok(()));
    }

    #[test]
    fn a_loss_is_an_error() {
        assert!(round_trip::<Option<bool>>("1").is_err());
        assert!(round_trip::<f32>("0.123456789").is_err());
    }
}
