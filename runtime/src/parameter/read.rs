//! Values of any type become values of parameters, by way of their JSON.
//!
//! That way no code is needed per type. `null` is RFC 6570's undefined value (§2.3): an item or property that is `null` is
//! left out, and a parameter that is `null` is not set.
//!
//! What the specification leaves open, for no style can write it, is a list or an object inside of another one. It is
//! written as its JSON text, with two exceptions: `deepObject` takes all of it, and in an exploded object whose properties
//! become parameters of their own, a list is written as an exploded parameter would be.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::ParameterValue;
use crate::json::{DEEPEST, is_too_deep};
use crate::operation::{Location, Parameter, Style};

/// What may stand inside of a list or an object without becoming a JSON text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Scalars,
    Lists,
    Everything,
}

impl ParameterValue {
    /// The value of a JSON text for that parameter; `None` for `null`.
    pub(crate) fn from_json(json: &str, parameter: &Parameter) -> Result<Option<Self>, serde_json::Error> {
        if is_too_deep(json) {
            return Err(serde_json::Error::custom(format_args!("nested more than {DEEPEST} levels deep")));
        }
        match parameter.style {
            Style::Json => {
                let in_ascii = parameter.location == Location::Header;
                Ok(Some(Self::Single(on_one_line(json, in_ascii).into_owned())))
            }
            Style::DeepObject => read(json, Inside::Everything, Inside::Everything),
            Style::Form | Style::Matrix | Style::SpaceDelimited | Style::PipeDelimited
                if parameter.explode =>
            {
                read(json, Inside::Scalars, Inside::Lists)
            }
            _ => read(json, Inside::Scalars, Inside::Scalars),
        }
    }
}

/// Reads a value, with what may stand inside of it when it is a list, and when it is an object.
fn read(json: &str, in_list: Inside, in_object: Inside) -> Result<Option<ParameterValue>, serde_json::Error> {
    Ok(Some(match json.trim_start().bytes().next() {
        Some(b'n') => return Ok(None),
        Some(b'"') => ParameterValue::Single(serde_json::from_str(json)?),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json)?;
            let items = items.into_iter().filter_map(|item| read_inside(item.get(), in_list).transpose());
            ParameterValue::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'{') => {
            let Properties(properties) = serde_json::from_str(json)?;
            let properties = properties.into_iter().filter_map(|(name, value)| {
                let value = read_inside(value.get(), in_object).transpose()?;
                Some(value.map(|value| (name, value)))
            });
            ParameterValue::Object(properties.collect::<Result<_, _>>()?)
        }
        _ => ParameterValue::Single(json.trim().to_owned()),
    }))
}

fn read_inside(json: &str, inside: Inside) -> Result<Option<ParameterValue>, serde_json::Error> {
    match (json.bytes().next(), inside) {
        (Some(b'['), Inside::Lists) => read(json, Inside::Scalars, Inside::Scalars),
        (Some(b'[' | b'{'), Inside::Scalars | Inside::Lists) => {
            Ok(Some(ParameterValue::Single(on_one_line(json, false).into_owned())))
        }
        _ => read(json, inside, inside),
    }
}

/// A JSON text without white space around its tokens, which may hold line breaks, and in ASCII where that is needed.
fn on_one_line(json: &str, in_ascii: bool) -> Cow<'_, str> {
    if !json.bytes().any(|byte| byte.is_ascii_whitespace() || (in_ascii && !byte.is_ascii())) {
        return Cow::Borrowed(json);
    }
    let mut line = String::with_capacity(json.len());
    let (mut is_in_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        match character {
            '"' if !is_escaped => is_in_string = !is_in_string,
            ' ' | '\t' | '\r' | '\n' if !is_in_string => continue,
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
        if in_ascii && !character.is_ascii() {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                line.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            line.push(character);
        }
    }
    Cow::Owned(line)
}

/// The properties of an object in the order of the text, which a map would lose.
struct Properties<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Properties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties<'de>, A::Error> {
        let mut properties = Vec::new();
        while let Some(property) = map.next_entry()? {
            properties.push(property);
        }
        Ok(Properties(properties))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(text: &str) -> ParameterValue {
        ParameterValue::from(text)
    }

    fn read(parameter: &Parameter, json: &str) -> Option<ParameterValue> {
        ParameterValue::from_json(json, parameter).unwrap()
    }

    #[test]
    fn scalars_keep_their_text_and_null_is_undefined() {
        let query = Parameter::query("q");
        for (json, text) in [(r#""a\u00e9\"""#, "aé\""), ("1.50", "1.50"), ("true", "true"), (r#""""#, "")] {
            assert_eq!(read(&query, json), Some(single(text)), "{json}");
        }
        assert_eq!(read(&query, "null"), None);
        assert_eq!(read(&query, r#"[1,null,"b"]"#), Some(vec![single("1"), single("b")].into()));
        let object =
            ParameterValue::Object(vec![("z".to_owned(), single("1")), ("a".to_owned(), single("2"))]);
        assert_eq!(read(&query, r#"{"z":1,"n":null,"a":2}"#), Some(object));
    }

    #[test]
    fn what_no_style_can_write_is_its_json_text() {
        let list: ParameterValue = vec![single(r#"{"a":"b c"}"#), single("[1]")].into();
        for parameter in [Parameter::query("q"), Parameter::header("q"), Parameter::query("q").joined()] {
            assert_eq!(read(&parameter, r#"[{"a" : "b c"}, [1]]"#), Some(list.clone()));
        }
        let with = |value| Some(ParameterValue::Object(vec![("a".to_owned(), value)]));
        let json = r#"{"a":[1,[2]]}"#;
        assert_eq!(read(&Parameter::query("q"), json), with(vec![single("1"), single("[2]")].into()));
        assert_eq!(read(&Parameter::query("q").joined(), json), with(single("[1,[2]]")));
        let nested = vec![single("1"), vec![single("2")].into()];
        assert_eq!(read(&Parameter::query("q").deep_object(), json), with(nested.into()));
    }

    #[test]
    fn a_json_text_is_one_line_and_ascii_in_a_header() {
        let json = "{\n \"a\": \"\\\\\\\" b é😀\"\n}";
        let read = |parameter: Parameter| read(&parameter.json(), json);
        assert_eq!(read(Parameter::query("q")), Some(single(r#"{"a":"\\\" b é😀"}"#)));
        assert_eq!(read(Parameter::header("q")), Some(single(r#"{"a":"\\\" b \u00e9\ud83d\ude00"}"#)));
        let null = ParameterValue::from_json("null", &Parameter::query("q").json());
        assert_eq!(null.unwrap(), Some(single("null")));
    }

    #[test]
    fn too_deep_nesting_is_refused() {
        let json = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let error = ParameterValue::from_json(&json, &Parameter::query("q")).unwrap_err();
        assert!(error.to_string().starts_with("nested more than 127 levels deep"), "{error}");
    }
}
