//! Forms: `application/x-www-form-urlencoded` bodies (WHATWG URL §5, OpenAPI 3.0.4 §4.7.15).

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// Everything but what the application/x-www-form-urlencoded percent-encode set leaves alone; a space becomes `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// As [`ENCODED`], and the reserved characters of RFC 3986 §2.2 are left alone too, save those that part a form.
const ENCODED_BUT_RESERVED: &AsciiSet = &ENCODED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b';');

/// How a property of a form is written, where that is not as usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The property.
    pub name: &'static str,
    /// The style.
    pub style: FormStyle,
    /// Whether reserved characters are left as they are (OpenAPI 3.0.4 §4.7.15, `allowReserved`).
    pub allow_reserved: bool,
}

/// The styles of properties of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormStyle {
    /// `a=1&a=2`; objects as JSON. The usual one.
    Repeated,
    /// `form` with `explode`: `a=1&a=2`, and the properties of objects as pairs of their own.
    Exploded,
    /// `form` without `explode`: `a=1,2`, and `a=x,1,y,2` for objects.
    Commas,
    /// `spaceDelimited`: `a=1+2`.
    Spaces,
    /// `pipeDelimited`: `a=1%7C2`.
    Pipes,
    /// `deepObject`: `a[x]=1&a[y]=2`, arrays with the index as the key.
    Deep,
    /// A media type of JSON: everything as one value.
    Json,
}

/// A value as a form; what is `null` is left out.
pub(crate) fn encode(value: &impl Serialize, fields: &[FormField]) -> Result<String, String> {
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let Ok(Members(members)) = serde_json::from_str(&json) else {
        return Err("a form is written from an object".to_owned());
    };
    let mut form = Form { text: String::new(), encoded: ENCODED };
    for (name, value) in &members {
        let field = fields.iter().find(|field| field.name == name);
        let style = field.map_or(FormStyle::Repeated, |field| field.style);
        let keeps_reserved = field.is_some_and(|field| field.allow_reserved);
        form.encoded = if keeps_reserved { ENCODED_BUT_RESERVED } else { ENCODED };
        form.property(name, value.get(), style);
    }
    Ok(form.text)
}

struct Form {
    text: String,
    /// What is encoded in values.
    encoded: &'static AsciiSet,
}

impl Form {
    fn property(&mut self, name: &str, json: &str, style: FormStyle) {
        match (kind(json), style) {
            (Kind::Null, _) => {}
            (Kind::Scalar(text), style) if style != FormStyle::Json => self.pair(name, &[&text], ""),
            (_, FormStyle::Json) | (Kind::Object(_), FormStyle::Repeated) => self.pair(name, &[json], ""),
            (_, FormStyle::Deep) => self.deep(name, json),
            (Kind::Array(items), FormStyle::Repeated | FormStyle::Exploded) => {
                items.iter().for_each(|item| self.pair(name, &[&flat(item)], ""));
            }
            (Kind::Object(members), FormStyle::Exploded) => {
                members.iter().for_each(|(name, value)| self.pair(name, &[&flat(value.get())], ""));
            }
            (Kind::Array(items), style) => {
                let items: Vec<String> = items.iter().map(|item| flat(item)).collect();
                self.joined(name, &items, style);
            }
            (Kind::Object(members), style) => {
                let items: Vec<String> =
                    members.iter().flat_map(|(name, value)| [name.clone(), flat(value.get())]).collect();
                self.joined(name, &items, style);
            }
            (Kind::Scalar(_), _) => {}
        }
    }

    fn joined(&mut self, name: &str, items: &[String], style: FormStyle) {
        let separator = match style {
            FormStyle::Spaces => "+",
            FormStyle::Pipes => "%7C",
            _ => ",",
        };
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        if !items.is_empty() {
            self.pair(name, &items, separator);
        }
    }

    fn deep(&mut self, name: &str, json: &str) {
        match kind(json) {
            Kind::Null => {}
            Kind::Scalar(text) => self.pair(name, &[&text], ""),
            Kind::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| self.deep(&format!("{name}[{index}]"), item));
            }
            Kind::Object(members) => {
                members.iter().for_each(|(key, value)| self.deep(&format!("{name}[{key}]"), value.get()));
            }
        }
    }

    fn pair(&mut self, name: &str, items: &[&str], separator: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.write(name, ENCODED);
        self.text.push('=');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push_str(separator);
            }
            self.write(item, self.encoded);
        }
    }

    fn write(&mut self, text: &str, encoded: &'static AsciiSet) {
        for piece in utf8_percent_encode(text, encoded) {
            self.text.push_str(&piece.replace(' ', "+"));
        }
    }
}

/// What a JSON text is.
enum Kind {
    Null,
    /// Its text, without quotes.
    Scalar(String),
    Array(Vec<String>),
    Object(Vec<(String, Box<RawValue>)>),
}

fn kind(json: &str) -> Kind {
    let scalar = || Kind::Scalar(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()));
    match json.bytes().next() {
        Some(b'n') | None => Kind::Null,
        Some(b'[') => match serde_json::from_str::<Vec<Box<RawValue>>>(json) {
            Ok(items) => Kind::Array(items.iter().map(|item| item.get().to_owned()).collect()),
            Err(_) => scalar(),
        },
        Some(b'{') => match serde_json::from_str(json) {
            Ok(Members(members)) => Kind::Object(members),
            Err(_) => scalar(),
        },
        Some(_) => scalar(),
    }
}

/// A value where only text can stand: JSON where it is no scalar.
fn flat(json: &str) -> String {
    match kind(json) {
        Kind::Null => String::new(),
        Kind::Scalar(text) => text,
        Kind::Array(_) | Kind::Object(_) => json.to_owned(),
    }
}

/// The members of an object, in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn with(style: FormStyle, value: &Value) -> String {
        encode(&json!({ "a": value }), &[FormField { name: "a", style, allow_reserved: false }]).unwrap()
    }

    #[test]
    fn each_style_writes_arrays_and_objects_its_own_way() {
        let (array, object) = (json!(["1", "b c", "d,e"]), json!({"x": 1, "y": "é"}));
        let object_as_json = "a=%7B%22x%22%3A1%2C%22y%22%3A%22%C3%A9%22%7D";
        for (style, of_array, of_object) in [
            (FormStyle::Repeated, "a=1&a=b+c&a=d%2Ce", object_as_json),
            (FormStyle::Exploded, "a=1&a=b+c&a=d%2Ce", "x=1&y=%C3%A9"),
            (FormStyle::Commas, "a=1,b+c,d%2Ce", "a=x,1,y,%C3%A9"),
            (FormStyle::Spaces, "a=1+b+c+d%2Ce", "a=x+1+y+%C3%A9"),
            (FormStyle::Pipes, "a=1%7Cb+c%7Cd%2Ce", "a=x%7C1%7Cy%7C%C3%A9"),
            (FormStyle::Deep, "a%5B0%5D=1&a%5B1%5D=b+c&a%5B2%5D=d%2Ce", "a%5Bx%5D=1&a%5By%5D=%C3%A9"),
            (FormStyle::Json, "a=%5B%221%22%2C%22b+c%22%2C%22d%2Ce%22%5D", object_as_json),
        ] {
            assert_eq!(with(style, &array), of_array, "{style:?}");
            assert_eq!(with(style, &object), of_object, "{style:?}");
        }
        assert_eq!(with(FormStyle::Json, &json!("b")), "a=%22b%22");
    }

    #[test]
    fn a_deep_object_is_written_to_its_leaves() {
        let nested = json!({"b": {"c": [{"d": 1}]}, "n": null});
        assert_eq!(with(FormStyle::Deep, &nested), "a%5Bb%5D%5Bc%5D%5B0%5D%5Bd%5D=1");
    }

    #[test]
    fn scalars_are_written_without_quotes_and_null_is_left_out() {
        let value = json!({"t": "a&b=c+d*~", "n": 1.5, "b": true, "x": null, "e": "", "list": []});
        assert_eq!(encode(&value, &[]).unwrap(), "b=true&e=&n=1.5&t=a%26b%3Dc%2Bd*%7E");
        assert!(encode(&[1], &[]).is_err());
    }

    #[test]
    fn reserved_characters_can_be_left_alone_but_not_what_parts_the_form() {
        let field = FormField { name: "u", style: FormStyle::Repeated, allow_reserved: true };
        let form = encode(&json!({"u": "https://a.b/?c=d&e+f"}), &[field]).unwrap();
        assert_eq!(form, "u=https://a.b/?c%3Dd%26e%2Bf");
    }
}
