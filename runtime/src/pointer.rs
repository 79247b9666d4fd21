//! JSON Pointers (RFC 6901): finding a value in a body without reading all of it, and saying where an error stands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::value::RawValue;

/// The JSON text of the value at `pointer`.
pub(crate) fn find<'body>(body: &'body [u8], pointer: &str) -> Option<&'body str> {
    let mut current: &'body RawValue = serde_json::from_slice(body).ok()?;
    for token in tokens(pointer) {
        current = step(current, &token)?;
    }
    Some(current.get())
}

/// The JSON texts of the items of the array at `pointer`.
pub(crate) fn items<'body>(body: &'body [u8], pointer: &str) -> Vec<&'body str> {
    let array = find(body, pointer).and_then(|json| serde_json::from_str::<Vec<&RawValue>>(json).ok());
    array.unwrap_or_default().into_iter().map(RawValue::get).collect()
}

/// The scalar at `pointer` as text: a string without its quotes, a number or boolean as it is written.
pub(crate) fn find_text(body: &[u8], pointer: &str) -> Option<String> {
    let json = find(body, pointer)?;
    match json.bytes().next()? {
        b'"' => serde_json::from_str(json).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(json.to_owned()),
    }
}

fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|token| {
        if token.contains('~') {
            Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(token)
        }
    })
}

fn step<'body>(value: &'body RawValue, token: &str) -> Option<&'body RawValue> {
    match value.get().bytes().next()? {
        b'{' => {
            let members: BTreeMap<Cow<'body, str>, &'body RawValue> =
                serde_json::from_str(value.get()).ok()?;
            members.get(token).copied()
        }
        b'[' => {
            let items: Vec<&'body RawValue> = serde_json::from_str(value.get()).ok()?;
            items.get(token.parse::<usize>().ok()?).copied()
        }
        _ => None,
    }
}

/// The JSON Pointer of the value in which an error stands that was found at that line and column (from 1, in bytes).
pub(crate) fn at(body: &[u8], line: usize, column: usize) -> String {
    let start: usize =
        body.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = start.saturating_add(column).min(body.len());
    Walk { body: body.get(..end).unwrap_or(body), at: 0 }.pointer()
}

/// Follows the brackets of a JSON text up to a position.
struct Walk<'a> {
    body: &'a [u8],
    at: usize,
}

/// An array or object that is open at the position.
enum Open {
    Array(usize),
    Object(String),
}

impl Walk<'_> {
    fn pointer(mut self) -> String {
        let mut open: Vec<Open> = Vec::new();
        let mut expects_key = false;
        while let Some(byte) = self.next() {
            match byte {
                b'{' => {
                    open.push(Open::Object(String::new()));
                    expects_key = true;
                }
                b'[' => {
                    open.push(Open::Array(0));
                    expects_key = false;
                }
                b'}' | b']' if self.at < self.body.len() => {
                    open.pop();
                    expects_key = false;
                }
                b',' => match open.last_mut() {
                    Some(Open::Array(index)) => *index += 1,
                    _ => expects_key = true,
                },
                b':' => expects_key = false,
                b'"' => {
                    let text = self.string();
                    if let (true, Some(Open::Object(key))) = (expects_key, open.last_mut()) {
                        *key = text;
                    }
                }
                _ => {}
            }
        }
        open.iter().fold(String::new(), |pointer, step| match step {
            Open::Array(index) => format!("{pointer}/{index}"),
            Open::Object(key) if key.is_empty() => pointer,
            Open::Object(key) => format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
        })
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.body.get(self.at).copied();
        self.at += 1;
        byte
    }

    /// Reads to the end of a string whose opening quote has been read.
    fn string(&mut self) -> String {
        let start = self.at;
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        let inner = self.body.get(start..self.at.saturating_sub(1)).unwrap_or_default();
        let quoted = [b"\"", inner, b"\""].concat();
        String::deserialize(&mut serde_json::Deserializer::from_slice(&quoted))
            .unwrap_or_else(|_| String::from_utf8_lossy(inner).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_pointer() {
        let body = br#"{"a/b": [10, {"c~": "x\u00e9"}], "n": null}"#;
        assert_eq!(find(body, "/a~1b/0"), Some("10"));
        assert_eq!(find_text(body, "/a~1b/1/c~0"), Some("xé".to_owned()));
        assert_eq!(find(body, "/n"), Some("null"));
        assert_eq!(find_text(body, "/n"), None);
        assert_eq!(find(body, "/a~1b/2"), None);
        assert_eq!(items(body, "/a~1b"), ["10", r#"{"c~": "x\u00e9"}"#]);
        assert_eq!(find(b"<html>", "/a"), None);
    }

    #[test]
    fn an_error_is_placed() {
        let body = b"{\"jobs\": [\n {\"id\": 1},\n {\"id\": \"x\"}]}";
        let error = serde_json::from_slice::<BTreeMap<String, Vec<BTreeMap<String, i64>>>>(body).unwrap_err();
        assert_eq!(at(body, error.line(), error.column()), "/jobs/1/id");
    }

    #[test]
    fn a_missing_property_is_placed_at_its_object() {
        assert_eq!(at(br#"[{"a": 1}, {}]"#, 1, 13), "/1");
    }
}
