//! Ranges, lengths, values, defaults and deprecation, out of what a page says of a field.

mod default;
mod english;
mod numbers;
mod values;

use serde::{Deserialize, Serialize};

use crate::facts::Shape;
use crate::read::Cell;

/// What the values of a field may be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// Whether the least number does not count itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exclusive_minimum: bool,
    /// Whether the greatest number does not count itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exclusive_maximum: bool,
    /// The least number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// The greatest number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// All values, where the page lists them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The value that is meant when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether the page calls the field outdated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
}

impl Limits {
    /// Whether there are none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The least and the greatest number in words: `1 to 100`, `0 excluded to 1`.
    pub(crate) fn range(&self) -> String {
        let end = |end: Option<i64>, is_excluded: bool| {
            end.map(|end| if is_excluded { format!("{end} excluded") } else { end.to_string() })
        };
        between(end(self.minimum, self.exclusive_minimum), end(self.maximum, self.exclusive_maximum))
    }

    /// The least and the greatest number of characters in words. Any text has none at least.
    pub(crate) fn length(&self) -> String {
        let least = self.min_length.filter(|least| *least > 0);
        between(least.map(|least| least.to_string()), self.max_length.map(|most| most.to_string()))
    }
}

/// The two ends of a range in words; `any` without ends.
pub(crate) fn between(least: Option<String>, most: Option<String>) -> String {
    match (least, most) {
        (None, None) => "any".to_owned(),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (Some(least), Some(most)) => format!("{least} to {most}"),
    }
}

/// Reads the limits of a field of this shape, which `may_be_left_out` of what is sent.
#[must_use]
pub fn limits(description: &Cell, shape: &Shape, may_be_left_out: bool) -> Limits {
    let text = description.text.as_str();
    if english::is_english(text) {
        return english::limits(description, shape);
    }
    let mut limits = Limits { deprecated: is_deprecated(text), ..Limits::default() };
    let is_number = matches!(shape, Shape::Integer(_) | Shape::Number(_));
    if is_number {
        numbers::range(text, shape, &mut limits);
    }
    if matches!(shape, Shape::String) {
        numbers::length(text, &mut limits);
    }
    if is_number || matches!(shape, Shape::String) {
        limits.values = values::values(description, shape);
    }
    if is_number || matches!(shape, Shape::String | Shape::Boolean) {
        limits.default = default::default(description, shape, may_be_left_out);
    }
    limits
}

fn is_deprecated(text: &str) -> bool {
    ["已废弃", "已经废弃", "该字段废弃", "该参数废弃", "（废弃）", "已过时"]
        .iter()
        .any(|word| text.contains(word))
        || text.trim_start_matches(['【', '[', '(', '（']).starts_with("废弃")
}

fn fits(value: &str, shape: &Shape) -> bool {
    match shape {
        Shape::Integer(_) => value.parse::<i64>().is_ok(),
        Shape::Number(_) => value.parse::<f64>().is_ok_and(f64::is_finite),
        Shape::Boolean => matches!(value, "true" | "false"),
        _ => true,
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['“', '”', '"', '\'', '‘', '’', '*'])
}

#[cfg(test)]
mod tests {
    use super::limits;
    use crate::facts::Shape;
    use crate::read::Cell;

    #[test]
    fn limits_are_those_of_the_shape() {
        let read = |text: &str, shape: &Shape| {
            limits(&Cell { text: text.to_owned(), ..Cell::default() }, shape, true)
        };
        let found = read("最大条目数，取值范围[1,100]，默认为10。", &Shape::Integer(None));
        assert_eq!(
            (found.minimum, found.maximum, found.default.as_deref()),
            (Some(1), Some(100), Some("10"))
        );
        let found = read("最小长度：3\n最大长度：9", &Shape::String);
        assert_eq!((found.min_length, found.max_length), (Some(3), Some(9)));
        assert!(read("该字段已废弃，请使用x。", &Shape::String).deprecated);
    }
}
