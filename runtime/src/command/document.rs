//! JSON as it is shown: in the order it came in, with numbers and strings as they were written.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// The names of numbers, by the property that holds them: what a table shows beside a number that stands for something.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels(pub &'static [(&'static str, &'static [NamedInteger])]);

/// A number, its name and what it means.
pub type NamedInteger = (i64, &'static str, &'static str);

impl Labels {
    /// The name of the value of a property, where it has one.
    fn find(self, property: &str, value: &str) -> Option<&'static str> {
        let number: i64 = value.parse().ok()?;
        let (_, names) = self.0.iter().find(|(name, _)| *name == property)?;
        names.iter().find(|(value, ..)| *value == number).map(|(_, name, _)| *name)
    }
}

/// A JSON value.
#[derive(Debug)]
pub(super) enum Document {
    /// A number, a string, `true`, `false` or `null`, as it was written.
    Scalar(Box<RawValue>),
    Array(Vec<Document>),
    Object(Vec<(String, Document)>),
}

impl Document {
    /// What a value is as JSON.
    pub(super) fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&serde_json::to_string(value)?)
    }

    /// The value as JSON, indented by two blanks.
    pub(super) fn to_pretty(&self) -> String {
        let mut text = String::new();
        self.write_pretty(0, &mut text);
        text
    }

    fn write_pretty(&self, depth: usize, text: &mut String) {
        let mut lines = |open: char, close: char, items: &mut dyn Iterator<Item = (Option<&str>, &Self)>| {
            text.push(open);
            let mut is_empty = true;
            for (key, value) in items {
                text.push_str(if is_empty { "\n" } else { ",\n" });
                is_empty = false;
                text.push_str(&"  ".repeat(depth + 1));
                if let Some(key) = key {
                    text.push_str(&serde_json::Value::from(key).to_string());
                    text.push_str(": ");
                }
                value.write_pretty(depth + 1, text);
            }
            if !is_empty {
                text.push('\n');
                text.push_str(&"  ".repeat(depth));
            }
            text.push(close);
        };
        match self {
            Self::Scalar(raw) => text.push_str(raw.get()),
            Self::Array(items) => lines('[', ']', &mut items.iter().map(|item| (None, item))),
            Self::Object(entries) => {
                lines('{', '}', &mut entries.iter().map(|(key, value)| (Some(key.as_str()), value)));
            }
        }
    }

    /// The value of a scalar property for a table: on one line, without quotes and without what acts on a terminal.
    pub(super) fn cell(&self, property: &str, labels: Labels) -> Option<String> {
        let Self::Scalar(raw) = self else { return None };
        let text = match serde_json::from_str::<String>(raw.get()) {
            Ok(text) => on_one_line(&text),
            Err(_) => raw.get().to_owned(),
        };
        Some(match labels.find(property, raw.get()) {
            Some(name) => format!("{name} ({text})"),
            None => text,
        })
    }
}

/// A text for a terminal: control characters and marks that change the direction of writing become blanks.
pub(super) fn on_one_line(text: &str) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if acts(c) { ' ' } else { c }).collect()
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match raw.get().chars().next() {
            Some('{') => serde_json::from_str(raw.get()).map(|Entries(entries)| Self::Object(entries)),
            Some('[') => serde_json::from_str(raw.get()).map(Self::Array),
            _ => Ok(Self::Scalar(raw)),
        }
        .map_err(D::Error::custom)
    }
}

/// The entries of an object in their order.
struct Entries(Vec<(String, Document)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_numbers_stay_as_they_came() {
        let text = r#"{"z":1.50,"a":[],"big":9007199254740993123456789,"nested":{"k":["é\n",null]},"e":{}}"#;
        let document: Document = serde_json::from_str(text).unwrap();
        let pretty = document.to_pretty();
        assert_eq!(
            pretty,
            "{\n  \"z\": 1.50,\n  \"a\": [],\n  \"big\": 9007199254740993123456789,\n  \"nested\": {\n    \"k\": [\n      \
             \"é\\n\",\n      null\n    ]\n  },\n  \"e\": {}\n}"
        );
        let compact: String = pretty.split(['\n', ' ']).collect();
        assert_eq!(compact, text);
    }

    #[test]
    fn a_cell_does_not_act_on_the_terminal() {
        let document: Document = serde_json::from_str("\"a\\u001b[31m\\nb\\u202ec\"").unwrap();
        assert_eq!(document.cell("x", Labels::default()).unwrap(), "a [31m b c");
    }

    #[test]
    fn a_number_with_a_name_is_shown_with_it() {
        let labels = Labels(&[("status", &[(11, "failed", "")])]);
        let number: Document = serde_json::from_str("11").unwrap();
        assert_eq!(number.cell("status", labels).unwrap(), "failed (11)");
        assert_eq!(number.cell("count", labels).unwrap(), "11");
        let unnamed: Document = serde_json::from_str("99").unwrap();
        assert_eq!(unnamed.cell("status", labels).unwrap(), "99");
    }
}
