//! What a YAML scalar means: the core schema of YAML 1.2.2 (§10.3).

use super::Value;

/// The prefix of the tags that YAML itself defines; `!!` stands for it.
const CORE: &str = "tag:yaml.org,2002:";

/// The value of a plain scalar without a tag.
///
/// A number keeps its text; octal and hexadecimal ones are rewritten in decimal. Those beyond 128 bits stay text: they
/// are addresses and digests whose quotes were forgotten. So do infinity and NaN, which JSON does not have.
pub(super) fn resolve_plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if is_decimal(text) {
        return Value::Number(text.to_owned());
    }
    match with_radix(text) {
        Some(number) => Value::Number(number),
        None => Value::String(text.to_owned()),
    }
}

/// The value of a scalar with the tag `tag` (its handle resolved).
///
/// # Errors
///
/// What was expected, when the text is not of the tag's type.
pub(super) fn resolve_tagged(tag: &str, text: &str) -> Result<Value, &'static str> {
    let resolved = resolve_plain(text);
    match tag.strip_prefix(CORE) {
        Some("null") => matches!(resolved, Value::Null).then_some(resolved).ok_or("null"),
        Some("bool") => matches!(resolved, Value::Bool(_)).then_some(resolved).ok_or("`true` or `false`"),
        Some("int") => matches!(&resolved, Value::Number(number) if !number.contains(['.', 'e', 'E']))
            .then_some(resolved)
            .ok_or("an integer"),
        Some("float") if is_infinite_or_nan(text) => Ok(resolved),
        Some("float") => matches!(resolved, Value::Number(_)).then_some(resolved).ok_or("a number"),
        Some("seq") => Err("a sequence"),
        Some("map") => Err("a mapping"),
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match without_sign(text).split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(without_sign(exponent))),
        None => (without_sign(text), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))
}

fn without_sign(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

/// `0o` and octal digits, or `0x` and hexadecimal ones, in decimal.
fn with_radix(text: &str) -> Option<String> {
    let (digits, radix) = match text.strip_prefix("0o") {
        Some(digits) => (digits, 8),
        None => (text.strip_prefix("0x")?, 16),
    };
    if digits.starts_with('+') {
        return None;
    }
    u128::from_str_radix(digits, radix).ok().map(|number| number.to_string())
}

fn is_infinite_or_nan(text: &str) -> bool {
    matches!(without_sign(text), ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

#[cfg(test)]
mod tests {
    use super::{resolve_plain, resolve_tagged};
    use crate::source::Value;

    fn number(text: &str) -> Value {
        Value::Number(text.to_owned())
    }

    fn string(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve_plain(text), Value::Null, "{text}");
        }
        for text in
            ["0", "-1", "+12", "010", "3.0", ".5", "5.", "1e3", "-1.5E-10", "18446744073709551616000000"]
        {
            assert_eq!(resolve_plain(text), number(text), "{text}");
        }
        for text in [
            "yes",
            "No",
            "on",
            "off",
            "y",
            "nULL",
            "tRUE",
            "-",
            "+",
            ".",
            "-.",
            "e3",
            "1e",
            "1e+",
            "1.2.3",
            "1_000",
            "0b1",
            "0o8",
            "0xg",
            "0x",
            "0x+1",
            "-0x1",
            "12:30:45",
            "2020-01-01",
            ".inf",
            "-.INF",
            ".nan",
            "--1",
            "1-",
            "0x742d35Cc6634C0532925a3b844Bc454e4438f44e",
            "١",
        ] {
            assert_eq!(resolve_plain(text), string(text), "{text}");
        }
        assert_eq!(resolve_plain("True"), Value::Bool(true));
        assert_eq!(resolve_plain("FALSE"), Value::Bool(false));
        assert_eq!(resolve_plain("0o17"), number("15"));
        assert_eq!(resolve_plain("0xFf"), number("255"));
    }

    #[test]
    fn core_tags_are_honoured_and_checked() {
        let tagged = |name: &str, text| resolve_tagged(&format!("tag:yaml.org,2002:{name}"), text);
        assert_eq!(tagged("str", "3"), Ok(string("3")));
        assert_eq!(tagged("int", "3"), Ok(number("3")));
        assert_eq!(tagged("int", "3.5"), Err("an integer"));
        assert_eq!(tagged("float", "3"), Ok(number("3")));
        assert_eq!(tagged("float", ".inf"), Ok(string(".inf")));
        assert_eq!(tagged("float", "x"), Err("a number"));
        assert_eq!(tagged("bool", "true"), Ok(Value::Bool(true)));
        assert_eq!(tagged("bool", "yes"), Err("`true` or `false`"));
        assert_eq!(tagged("null", ""), Ok(Value::Null));
        assert_eq!(tagged("map", "x"), Err("a mapping"));
        assert_eq!(tagged("timestamp", "2020-01-01"), Ok(string("2020-01-01")));
        assert_eq!(resolve_tagged("!local", "3"), Ok(string("3")));
    }
}
