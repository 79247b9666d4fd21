//! JSON Pointers (RFC 6901): finding a value in a body without reading all of it, and saying where an error stands.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The JSON text of the value at `pointer`; `None` when there is none, and when the body is not JSON throughout.
///
/// Each step reads over what is left of the text once, and keeps nothing of what it passes over.
pub(crate) fn find<'body>(body: &'body [u8], pointer: &str) -> Option<&'body str> {
    let body = str::from_utf8(body).ok()?;
    if pointer.is_empty() {
        return serde_json::from_str::<&RawValue>(body).ok().map(RawValue::get);
    }
    pointer.starts_with('/').then_some(())?;
    tokens(pointer).try_fold(body, |current, token| step(current, &token))
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

/// The JSON text of a member of an object or an item of an array.
fn step<'body>(json: &'body str, token: &str) -> Option<&'body str> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let found = match json.trim_ascii_start().bytes().next()? {
        b'{' => reader.deserialize_map(Member(token)),
        b'[' => reader.deserialize_seq(Item(index(token)?)),
        _ => return None,
    };
    let found = found.ok()?;
    reader.end().ok()?;
    found.map(RawValue::get)
}

/// Finds the member of an object that has this name. The last of equal names counts.
struct Member<'a>(&'a str);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(is_it) = map.next_key_seed(Name(self.0))? {
            if is_it {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Whether a key is this name.
struct Name<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

/// Finds the item of an array that has this index.
struct Item(usize);

impl<'de> Visitor<'de> for Item {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        for _ in 0..self.0 {
            if items.next_element::<IgnoredAny>()?.is_none() {
                return Ok(None);
            }
        }
        let found = items.next_element()?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }
}

/// An index of an array (RFC 6901 §4): digits, without a zero in front.
fn index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    token.parse().ok().filter(|_| is_plain)
}

/// The JSON Pointer of the value in which an error stands that `serde_json` places at that line and column.
///
/// The column counts the bytes of the line up to the error. Those bytes end in one of these ways:
///
/// - within or after a scalar, or after the colon before a value: that value is the place;
/// - with the bracket that closes a value, which is then what lacks something;
/// - with the comma after an item, when the item itself was read but not accepted. After a comma there may also be the
///   opening bracket of the next item, not yet read; then that item is the place.
pub(crate) fn at(body: &[u8], line: usize, column: usize) -> String {
    let start: usize =
        body.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = start.saturating_add(column).min(body.len());
    let (mut read, rest) = body.split_at_checked(end).unwrap_or((body, &[]));
    if !matches!(rest.first(), Some(b'{' | b'[')) {
        read = read.trim_ascii_end();
        read = read.strip_suffix(b",").unwrap_or(read);
    }
    Walk { body: read, at: 0 }.pointer()
}

/// Follows the brackets of a JSON text up to a position.
struct Walk<'a> {
    body: &'a [u8],
    at: usize,
}

/// An array or object that is open at the position, and what of it is being read.
enum Open {
    Array(usize),
    Object(Option<String>),
}

impl Walk<'_> {
    fn pointer(mut self) -> String {
        let mut open: Vec<Open> = Vec::new();
        let mut expects_key = false;
        while let Some(byte) = self.next() {
            match byte {
                b'{' => {
                    open.push(Open::Object(None));
                    expects_key = true;
                }
                b'[' => {
                    open.push(Open::Array(0));
                    expects_key = false;
                }
                b'}' | b']' => {
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
                        *key = Some(text);
                    }
                }
                _ => {}
            }
        }
        open.iter().fold(String::new(), |pointer, step| match step {
            Open::Array(index) => format!("{pointer}/{index}"),
            Open::Object(None) => pointer,
            Open::Object(Some(key)) => {
                format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
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
    use std::collections::BTreeMap;

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
    fn pointers_are_read_as_rfc_6901_has_them() {
        let body = br#"{"": {"": 1}, "0": [5], "~1": 2, "a": [[3]], "a": [[4]]}"#;
        assert_eq!(find(body, "//"), Some("1"));
        assert_eq!(find(body, "/0/0"), Some("5"));
        assert_eq!(find(body, "/~01"), Some("2"));
        assert_eq!(find(body, "/a/0/0"), Some("4"), "the last of equal keys counts");
        for none in ["/0/00", "/0/+0", "/0/-", "/0/1", "0/0", "/0/0/0", "/a/"] {
            assert_eq!(find(body, none), None, "{none}");
        }
        assert_eq!(find(b" [1] ", ""), Some("[1]"));
        assert_eq!(find(b" [ 1 ,2] ", "/0"), Some("1"));
        assert_eq!(find(br#"{"a": 1} {"#, "/a"), None, "more than one value");
        assert_eq!(find(br#"{"a": [1, }"#, "/b"), None);
    }

    #[test]
    fn a_body_that_is_cut_off_or_no_text_has_nothing_in_it() {
        assert_eq!(find(br#"{"a": 1, "b": "#, "/a"), None);
        assert_eq!(find(b"{\"a\": \"\xff\"}", "/a"), None);
    }

    #[test]
    fn deep_nesting_is_looked_through_without_nested_calls() {
        let body = format!(r#"{{"a": {}{}, "b": 1}}"#, "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(find(body.as_bytes(), "/b"), Some("1"));
        assert_eq!(find_text(body.as_bytes(), "/a/0/0"), None);
    }

    type Numbers = BTreeMap<String, Vec<BTreeMap<String, i64>>>;

    fn place<'de, T: serde::Deserialize<'de>>(body: &'de str) -> String {
        let error = serde_json::from_str::<T>(body).err().unwrap();
        at(body.as_bytes(), error.line(), error.column())
    }

    #[test]
    fn an_error_is_placed() {
        assert_eq!(place::<Numbers>("{\"jobs\": [\n {\"id\": 1},\n {\"id\": \"x\"}]}"), "/jobs/1/id");
        assert_eq!(place::<Numbers>(r#"{"jobs":[{"id":1},{"id":"x"}]}"#), "/jobs/1/id");
        assert_eq!(place::<Numbers>(r#"{"jobs":[{"id":1},{"id":"x","a":2},{}]}"#), "/jobs/1/id");
        assert_eq!(place::<Numbers>(r#"{"jobs":[{"id":1},{"id":{}}]}"#), "/jobs/1/id");
        assert_eq!(place::<Numbers>(r#"{"jobs":[{"id":1},[]]}"#), "/jobs/1");
        assert_eq!(place::<Numbers>(r#"{"jobs":[{"id":1},7]}"#), "/jobs/1");
        assert_eq!(place::<Numbers>(r#"{"jobs":[{"id":1}, null, {}]}"#), "/jobs/1");
        assert_eq!(place::<Numbers>(r#"{"a":[],"jobs":true}"#), "/jobs");
        assert_eq!(place::<Numbers>(r#"{"a/b~\"\u00e9": [ ] , "":1}"#), "/");
        assert_eq!(place::<Numbers>(r#"{"a/b~\"\u00e9": [{"": 1.5 }]}"#), "/a~1b~0\"é/0/");
        assert_eq!(place::<Numbers>("[1]"), "");
    }

    #[test]
    fn an_error_of_a_type_that_reads_text_is_placed() {
        use crate::Decimal;
        assert_eq!(place::<BTreeMap<String, Vec<Decimal>>>(r#"{"n": [1, "x", 3]}"#), "/n/1");
        assert_eq!(place::<BTreeMap<String, Vec<Decimal>>>(r#"{"n":[1,"x",3]}"#), "/n/1");
        assert_eq!(place::<BTreeMap<String, Decimal>>(r#"{"n": 1, "m": "x", "o": 2}"#), "/m");
    }

    #[test]
    fn a_missing_property_is_placed_at_its_object() {
        assert_eq!(at(br#"[{"a": 1}, {}]"#, 1, 13), "/1");
        assert_eq!(at(br#"[{"a": 1}, {"a": 2}]"#, 1, 19), "/1");
        assert_eq!(at(br#"{"o": {"a": 1}, "p": 2}"#, 1, 14), "/o");
    }
}
