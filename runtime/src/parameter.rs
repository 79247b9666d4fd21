//! Values of parameters, and how they are written into a request (RFC 6570, OpenAPI 3.0.4 §4.8.12).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The value of a parameter, ready to be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// A single value.
    Single(String),
    /// A list of values.
    List(Vec<String>),
}

impl ParameterValue {
    /// The value as one text, the items of a list with commas between.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Single(text) => text.clone(),
            Self::List(items) => items.join(","),
        }
    }

    /// The value as one segment of a path, percent-encoded.
    pub(crate) fn to_path_segment(&self) -> String {
        match self {
            Self::Single(text) => encode(text),
            Self::List(items) => items.iter().map(|item| encode(item)).collect::<Vec<_>>().join(","),
        }
    }

    /// Adds the value to a query string, percent-encoded.
    pub(crate) fn write_query(&self, name: &str, explode: bool, query: &mut String) {
        let mut write = |value: &str| {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(&encode(name));
            query.push('=');
            query.push_str(value);
        };
        match self {
            Self::Single(text) => write(&encode(text)),
            Self::List(items) if explode => items.iter().for_each(|item| write(&encode(item))),
            Self::List(items) if items.is_empty() => {}
            Self::List(items) => write(&items.iter().map(|item| encode(item)).collect::<Vec<_>>().join(",")),
        }
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

impl From<String> for ParameterValue {
    fn from(text: String) -> Self {
        Self::Single(text)
    }
}

impl From<&str> for ParameterValue {
    fn from(text: &str) -> Self {
        Self::Single(text.to_owned())
    }
}

macro_rules! from_display {
    ($($name:ty),+) => {$(
        impl From<$name> for ParameterValue {
            fn from(value: $name) -> Self {
                Self::Single(value.to_string())
            }
        }
    )+};
}

from_display!(bool, i32, i64, u32, u64, f32, f64);

impl<T: Into<ParameterValue>> From<Vec<T>> for ParameterValue {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(|item| item.into().to_text()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::ParameterValue;

    #[test]
    fn path_segments_encode_everything_but_unreserved_characters() {
        assert_eq!(ParameterValue::from("a/b c~é").to_path_segment(), "a%2Fb%20c~%C3%A9");
        assert_eq!(ParameterValue::from(vec!["a,b", "c"]).to_path_segment(), "a%2Cb,c");
    }

    #[test]
    fn exploded_lists_repeat_the_name() {
        let mut query = String::new();
        ParameterValue::from(vec![1_i64, 2]).write_query("ids", true, &mut query);
        ParameterValue::from("x&y").write_query("q", true, &mut query);
        ParameterValue::from(vec!["a", "b"]).write_query("l", false, &mut query);
        assert_eq!(query, "?ids=1&ids=2&q=x%26y&l=a,b");
    }

    #[test]
    fn an_empty_list_is_left_out() {
        let mut query = String::new();
        ParameterValue::from(Vec::<i64>::new()).write_query("ids", true, &mut query);
        ParameterValue::from(Vec::<i64>::new()).write_query("ids", false, &mut query);
        ParameterValue::from("").write_query("q", true, &mut query);
        assert_eq!(query, "?q=");
    }
}
