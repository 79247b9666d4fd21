//! The words in which English pages give limits.

use super::values::of_items;
use super::{Limits, fits, unquoted};
use crate::facts::Shape;
use crate::read::Cell;

/// Whether a description is in English: the Chinese pages also have English words.
pub(super) fn is_english(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.chars().any(|c| ('\u{2e80}'..='\u{9fff}').contains(&c))
}

pub(super) fn limits(description: &Cell, shape: &Shape) -> Limits {
    let text = description.text.to_lowercase();
    let mut limits = Limits { deprecated: is_deprecated(&text), ..Limits::default() };
    match shape {
        Shape::Integer(_) | Shape::Number(_) => {
            let range = between(&text, &["range", "value ranges from", "ranges from", "from"]);
            limits.minimum =
                number_after(&text, &["minimum value", "minimum", "min:"]).or(range.map(|(low, _)| low));
            limits.maximum =
                number_after(&text, &["maximum value", "maximum:", "max:"]).or(range.map(|(_, high)| high));
        }
        Shape::String => {
            let range = between(&text, &["length", "contains", "contain", "consists of", "consist of"])
                .filter(|_| text.contains("length") || text.contains("character"))
                .or_else(|| before_characters(&text));
            let size = |number: i64| usize::try_from(number).ok();
            let most = number_after(
                &text,
                &["maximum length", "up to", "a maximum of", "cannot exceed", "at most", "no more than"],
            )
            .filter(|_| text.contains("length") || text.contains("character"));
            limits.min_length =
                number_after(&text, &["minimum length"]).or(range.map(|(low, _)| low)).and_then(size);
            limits.max_length = most.or(range.map(|(_, high)| high)).and_then(size);
        }
        _ => {}
    }
    if matches!(shape, Shape::String | Shape::Integer(_) | Shape::Number(_)) {
        limits.values = values(description, shape);
    }
    if matches!(shape, Shape::String | Shape::Integer(_) | Shape::Number(_) | Shape::Boolean) {
        limits.default = default_value(&description.text, shape);
    }
    limits
}

fn is_deprecated(text: &str) -> bool {
    [
        "(deprecated)",
        "is deprecated",
        "been deprecated",
        "deprecated.",
        "is discarded",
        "been discarded",
        "is obsolete",
    ]
    .iter()
    .any(|words| text.contains(words))
        && !text.contains("not deprecated")
}

/// What stands behind the first of `words`, without what leads over to a value.
fn behind<'text>(text: &'text str, words: &[&str]) -> Option<&'text str> {
    let rest = words.iter().find_map(|word| text.split_once(word)).map(|(_, rest)| rest)?;
    let mut rest = rest;
    loop {
        let before = rest;
        rest = rest.trim_start_matches(|c: char| c == ':' || c == '[' || c == '(' || c.is_whitespace());
        for word in
            ["value ", "is ", "of ", "ranges from ", "ranges ", "from ", "between ", "only ", "range "]
        {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
        if rest == before {
            return Some(rest);
        }
    }
}

/// A number, perhaps with commas between thousands, and what stands behind it.
fn number(text: &str, has_thousands: bool) -> Option<(i64, &str)> {
    let text = text.trim_start_matches(['"', '*', ' ']);
    let is_part = |at: usize, c: char| {
        c.is_ascii_digit() || (at == 0 && c == '-') || (has_thousands && is_thousands(text, at))
    };
    let end = text.char_indices().find(|(at, c)| !is_part(*at, *c)).map_or(text.len(), |(at, _)| at);
    let (digits, rest) = text.split_at_checked(end)?;
    // `1.5` is no whole number.
    if rest.starts_with('.') && rest.get(1..2).is_some_and(|next| next.chars().all(|c| c.is_ascii_digit())) {
        return None;
    }
    Some((digits.replace(',', "").parse().ok()?, rest))
}

fn is_thousands(text: &str, at: usize) -> bool {
    text.get(at..at + 1) == Some(",")
        && text.get(at + 1..at + 4).is_some_and(|next| next.chars().all(|c| c.is_ascii_digit()))
        && !text.get(at + 4..at + 5).is_some_and(|next| next.chars().all(|c| c.is_ascii_digit()))
}

fn number_after(text: &str, words: &[&str]) -> Option<i64> {
    words.iter().find_map(|word| number(behind(text, &[word])?, true)).map(|(number, _)| number)
}

/// `1 to 100`, `[1, 100]`, `1-64`.
fn between(text: &str, words: &[&str]) -> Option<(i64, i64)> {
    words.iter().find_map(|word| {
        let mut rest = text;
        // A word also stands where it announces nothing.
        while let Some((_, later)) = rest.split_once(word) {
            let found = behind(rest, &[word]).and_then(pair);
            if found.is_some() {
                return found;
            }
            rest = later;
        }
        None
    })
}

/// `1 to 64 characters`, `1-64 characters`.
fn before_characters(text: &str) -> Option<(i64, i64)> {
    let (before, _) = text.split_once(" character")?;
    let words: Vec<&str> = before.split_whitespace().rev().take(3).collect();
    let range = words.iter().rev().copied().collect::<Vec<_>>().join(" ");
    pair(&range).or_else(|| pair(words.first()?))
}

/// Two numbers that a text begins with. `[1,100]` are two, although they look like one with thousands.
fn pair(text: &str) -> Option<(i64, i64)> {
    [true, false].into_iter().find_map(|has_thousands| {
        let (low, rest) = number(text, has_thousands)?;
        let rest = rest.trim_start_matches(['"', '*', ' ']);
        let rest = ["to ", "and ", "-", "–", "~", ","].iter().find_map(|mark| rest.strip_prefix(mark))?;
        let (high, _) = number(rest, has_thousands)?;
        (low <= high).then_some((low, high))
    })
}

/// The values of a list that is announced as all there are.
fn values(description: &Cell, shape: &Shape) -> Vec<String> {
    let text = description.text.to_lowercase();
    let announced = [
        "options:",
        "enumeration values",
        "possible values",
        "options are",
        "value options",
        "can be:",
        "can be any of",
        "value can be",
        "valid values",
        "available values",
        "values are as follows",
        "values are:",
    ];
    if description.items.is_empty() || !announced.iter().any(|words| text.contains(words)) {
        return Vec::new();
    }
    let values = of_items(&description.items, |item| {
        let end = item.find([':', '(', ',', '.', ';', ' ']).unwrap_or(item.len());
        unquoted(item.get(..end).unwrap_or_default())
    });
    if values.iter().all(|value| fits(value, shape)) { values } else { Vec::new() }
}

fn default_value(text: &str, shape: &Shape) -> Option<String> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let rest = behind(
        &lower,
        &["default value", "default:", "defaults to", "default is", "by default, the value is"],
    )?;
    let rest = text.get(text.len() - rest.len()..)?;
    let end = rest.find(|c: char| c.is_whitespace() || ",;(".contains(c)).unwrap_or(rest.len());
    let (word, behind) = rest.split_at_checked(end)?;
    // `The default value is the id of the project` begins a sentence on the value.
    let is_sentence = matches!(shape, Shape::String) && !word.ends_with('.') && behind.starts_with(' ');
    let value = unquoted(word.trim_end_matches('.'));
    let has_none = ["", "empty", "null", "none", "blank"].contains(&value.to_lowercase().as_str());
    (!has_none && !is_sentence && value.is_ascii() && fits(value, shape)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::limits;
    use crate::facts::Shape;
    use crate::read::Cell;

    fn read(text: &str, items: &[&str], shape: &Shape) -> String {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        let limits = limits(&Cell { text: text.to_owned(), items, ..Cell::default() }, shape);
        let ends = |low: Option<String>, high: Option<String>| {
            format!("{}..{}", low.unwrap_or_default(), high.unwrap_or_default())
        };
        format!(
            "{} {} {:?} {:?} {}",
            ends(limits.minimum.map(|n| n.to_string()), limits.maximum.map(|n| n.to_string())),
            ends(limits.min_length.map(|n| n.to_string()), limits.max_length.map(|n| n.to_string())),
            limits.values,
            limits.default,
            limits.deprecated
        )
    }

    #[test]
    fn numbers() {
        let integer = Shape::Integer(None);
        let of = |text| read(text, &[], &integer);
        assert_eq!(
            of("Records per page. Default value: 1000 The value range ranges from 1 to 1,000."),
            "1..1000 .. [] Some(\"1000\") false"
        );
        assert_eq!(
            of("Value range: [1, 65,535]. The default value is 0."),
            "1..65535 .. [] Some(\"0\") false"
        );
        assert_eq!(of("Value range: [1,100]."), "1..100 .. [] None false");
        assert_eq!(of("Minimum: 1\nMaximum: 64\nDefault: 8"), "1..64 .. [] Some(\"8\") false");
        assert_eq!(of("Timestamp when it was created, from the start to the end."), ".. .. [] None false");
    }

    #[test]
    fn texts() {
        let of = |text| read(text, &[], &Shape::String);
        assert_eq!(
            of("Name. It contains 1 to 64 characters. Only letters are allowed."),
            ".. 1..64 [] None false"
        );
        assert_eq!(of("The name, 1-64 characters."), ".. 1..64 [] None false");
        assert_eq!(of("The value can contain a maximum of 255 characters."), ".. ..255 [] None false");
        assert_eq!(of("Minimum length: 2\nMaximum length: 36"), ".. 2..36 [] None false");
        assert_eq!(of("The zone. The default value is the zone of the disk."), ".. .. [] None false");
        assert_eq!(of("The default value is empty."), ".. .. [] None false");
        assert_eq!(of("Default: **ssh**, or none"), ".. .. [] Some(\"ssh\") false");
        assert_eq!(of("It lasts for 3 to 4 days. This field has been deprecated."), ".. .. [] None true");
        let listed = read(
            "Order. Options:\nasc: up\ndesc: down\nDefault value: desc.",
            &["asc: up", "desc: down"],
            &Shape::String,
        );
        assert_eq!(listed, ".. .. [\"asc\", \"desc\"] Some(\"desc\") false");
    }
}
