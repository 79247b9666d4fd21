//! Whether two JSON texts hold the same value, to the last digit.
//!
//! White space, the order of keys, escapes in strings and the way a number is written make no difference. No number is
//! converted, so that two that differ past the precision of a double are two.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::is_too_deep;

/// Whether two JSON texts are the same value. What is nested too deeply is the same only when the texts are.
pub(crate) fn is_equal(left: &str, right: &str) -> bool {
    left == right || (!is_too_deep(left) && !is_too_deep(right) && is_same(left, right))
}

fn is_same(left: &str, right: &str) -> bool {
    let is_pair_same =
        |(left, right): (&&RawValue, &&RawValue)| is_same(left.get().trim(), right.get().trim());
    match (left.bytes().next(), right.bytes().next()) {
        _ if left == right => true,
        (Some(b'{'), Some(b'{')) => match (members(left), members(right)) {
            (Some(left), Some(right)) => {
                left.keys().eq(right.keys()) && left.values().zip(right.values()).all(is_pair_same)
            }
            _ => false,
        },
        (Some(b'['), Some(b'[')) => match (array(left), array(right)) {
            (Some(left), Some(right)) => {
                left.len() == right.len() && left.iter().zip(&right).all(is_pair_same)
            }
            _ => false,
        },
        (Some(b'"'), Some(b'"')) => match (string(left), string(right)) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        },
        _ => match (Number::read(left), Number::read(right)) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        },
    }
}

fn members(json: &str) -> Option<BTreeMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(json).ok()
}

fn array(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}

fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// A number as its significant digits and a power of ten: the same for all ways of writing it.
#[derive(PartialEq)]
struct Number {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Number {
    /// The number, unless the text is none, or its exponent does not fit.
    fn read(json: &str) -> Option<Self> {
        let (is_negative, unsigned) = match json.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, json),
        };
        if !unsigned.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let significant = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - significant.len()).ok()?;
        let digits = significant.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits, exponent: 0 });
        }
        let fraction = i64::try_from(fraction.len()).ok()?;
        let exponent = exponent.checked_sub(fraction)?.checked_add(zeros)?;
        Some(Self { is_negative, digits, exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::is_equal;

    #[test]
    fn the_way_of_writing_makes_no_difference() {
        for (left, right) in [
            (r#"{"a": 1, "b": [true, null]}"#, r#"{"b":[true,null],"a":1.0}"#),
            (r#""\u00e9\/""#, r#""é/""#),
            ("100", "1E+2"),
            ("0.0010", "1e-3"),
            ("-0", "0.00"),
            ("120.50", "1205e-1"),
        ] {
            assert!(is_equal(left, right), "{left} {right}");
        }
    }

    #[test]
    fn other_values_are_other_values() {
        for (left, right) in [
            ("1", "-1"),
            ("1e400", "1e500"),
            ("123456789012345678901", "123456789012345678902"),
            ("0.1", "0.10000000000000000001"),
            ("1", "\"1\""),
            ("true", "false"),
            ("null", "0"),
            ("[1, 2]", "[2, 1]"),
            ("[1]", "[1, 1]"),
            (r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#),
            (r#"{"a": 1}"#, r#"{"b": 1}"#),
            ("1e99999999999999999999", "1e99999999999999999998"),
        ] {
            assert!(!is_equal(left, right), "{left} {right}");
        }
    }

    #[test]
    fn deep_nesting_is_compared_as_text() {
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(is_equal(&deep("1"), &deep("1")));
        assert!(!is_equal(&deep("1"), &deep("1.0")));
    }
}
