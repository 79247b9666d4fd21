//! How values of parameters are written into a request: RFC 6570, as OpenAPI 3.0.4 uses it (§4.7.12.3 and Appendix C).
//!
//! A value becomes parts, each with or without a name, and the location puts them together. Where the specification says
//! that a style cannot write a value (`n/a` in §4.7.12.4), it is written as `form` would, exploded where the parameter is;
//! only `deepObject` writes lists as `name[]=a&name[]=b`, as what reads its objects does.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ParameterValue;
use crate::operation::{Location, Parameter, Style};

/// Everything but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What has to be encoded even where reserved characters are allowed: what RFC 3986 §3.4 does not have in a query (`#`,
/// `[`, `]` among the reserved ones), and what would make another parameter (`&`) or another character (`+`, which most
/// servers read as a space) of it.
const NOT_IN_QUERY: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What cannot stand in the name of a cookie (RFC 6265 §4.1.1, RFC 9110 §5.6.2).
const NOT_IN_COOKIE_NAME: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'*')
    .remove(b'+')
    .remove(b'^')
    .remove(b'`')
    .remove(b'|');

/// Room that is enough for most paths with their queries.
pub(crate) const USUAL_LENGTH: usize = 160;

/// A part of what is written, encoded.
struct Part {
    name: Option<String>,
    value: String,
}

impl ParameterValue {
    /// Adds the value to a path, as one segment of it, or as a part of one.
    pub(crate) fn write_path_segment(&self, parameter: &Parameter, segment: &mut String) {
        if let (Self::Single(text), Style::Simple) = (self, parameter.style) {
            // Nearly all parameters are such, and are written without anything in between.
            return Encoding(parameter).write_value(text, segment);
        }
        for (index, part) in self.parts(parameter).iter().enumerate() {
            segment.push_str(match parameter.style {
                Style::Label => ".",
                Style::Matrix => ";",
                _ if index > 0 => ",",
                _ => "",
            });
            part.write(parameter.style == Style::Matrix, segment);
        }
    }

    /// Adds the value to a query, or to a path that may have one.
    pub(crate) fn write_query(&self, parameter: &Parameter, query: &mut String) {
        if let Self::Single(text) = self {
            query.push(separator(query));
            write_encoded(parameter.name, query);
            query.push('=');
            return Encoding(parameter).write_value(text, query);
        }
        for part in self.parts(parameter) {
            query.push(separator(query));
            part.write(false, query);
        }
    }

    /// The value as that of a header, which is not percent-encoded.
    pub(crate) fn to_header(&self, parameter: &Parameter) -> Cow<'_, str> {
        if let Self::Single(text) = self {
            return Cow::Borrowed(text);
        }
        let mut header = String::new();
        for (index, part) in self.parts(parameter).iter().enumerate() {
            if index > 0 {
                header.push(',');
            }
            part.write(false, &mut header);
        }
        Cow::Owned(header)
    }

    /// Adds the value to the cookies of a request (RFC 6265 §4.2.1). What `form` would write as several parameters is as
    /// many cookies: the specification's `&` between them would be a part of the first.
    pub(crate) fn write_cookies(&self, parameter: &Parameter, cookies: &mut String) {
        for part in self.parts(parameter) {
            if !cookies.is_empty() {
                cookies.push_str("; ");
            }
            part.write(false, cookies);
        }
    }

    /// What the value consists of, in the parameter's style.
    fn parts(&self, parameter: &Parameter) -> Vec<Part> {
        let encoding = Encoding(parameter);
        let name = encoding.own_name();
        let one = |value: String| vec![Part { name: name.clone(), value }];
        let is_empty = match self {
            Self::Single(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Object(properties) => properties.is_empty(),
        };
        if is_empty {
            // RFC 6570 §2.3: without members, it is undefined.
            return if parameter.allow_empty { one(String::new()) } else { Vec::new() };
        }
        if parameter.style == Style::DeepObject {
            let mut parts = Vec::new();
            self.deep(&encoding, encoding.name(parameter.name), &mut parts);
            return parts;
        }
        match self {
            Self::Single(text) => one(encoding.value(text)),
            Self::List(items) => {
                let items = items.iter().map(|item| encoding.value(&item.to_text()));
                if parameter.explode {
                    items.map(|value| Part { name: name.clone(), value }).collect()
                } else {
                    one(items.collect::<Vec<_>>().join(encoding.delimiter()))
                }
            }
            Self::Object(properties) if parameter.explode => {
                properties.iter().flat_map(|(name, value)| encoding.property(name, value)).collect()
            }
            Self::Object(properties) => {
                let texts = properties
                    .iter()
                    .flat_map(|(name, value)| [encoding.name(name), encoding.value(&value.to_text())]);
                one(texts.collect::<Vec<_>>().join(encoding.delimiter()))
            }
        }
    }

    /// The parts of `deepObject`: `name[property]=value`, at any depth.
    fn deep(&self, encoding: &Encoding<'_>, name: String, parts: &mut Vec<Part>) {
        match self {
            Self::Single(text) => parts.push(Part { name: Some(name), value: encoding.value(text) }),
            Self::List(items) => {
                let is_flat = items.iter().all(|item| matches!(item, Self::Single(_)));
                for (index, item) in items.iter().enumerate() {
                    // Without the index, nobody could tell to which object of a list a property belongs.
                    let index = if is_flat { String::new() } else { index.to_string() };
                    item.deep(encoding, format!("{name}%5B{index}%5D"), parts);
                }
            }
            Self::Object(properties) => {
                for (property, value) in properties {
                    value.deep(encoding, format!("{name}%5B{}%5D", encoding.name(property)), parts);
                }
            }
        }
    }
}

impl Part {
    /// Writes the part; with `omits_equals` an empty value is only a name (RFC 6570 §3.2.7).
    fn write(&self, omits_equals: bool, written: &mut String) {
        if let Some(name) = &self.name {
            written.push_str(name);
            if !(omits_equals && self.value.is_empty()) {
                written.push('=');
            }
        }
        written.push_str(&self.value);
    }
}

/// How the texts of a parameter are encoded.
struct Encoding<'a>(&'a Parameter);

impl Encoding<'_> {
    /// The name of the parameter, where it is written with the value.
    fn own_name(&self) -> Option<String> {
        match self.0.location {
            Location::Path if self.0.style != Style::Matrix => None,
            Location::Header => None,
            Location::Path | Location::Query => Some(self.name(self.0.name)),
            Location::Cookie => Some(utf8_percent_encode(self.0.name, NOT_IN_COOKIE_NAME).to_string()),
        }
    }

    /// The name of a parameter or property.
    fn name(&self, name: &str) -> String {
        if self.0.location == Location::Header { name.to_owned() } else { encode(name) }
    }

    fn value(&self, text: &str) -> String {
        let mut value = String::with_capacity(text.len());
        self.write_value(text, &mut value);
        value
    }

    fn write_value(&self, text: &str, written: &mut String) {
        match (self.0.location, self.0.style) {
            // Appendix D: a text of a media type of its own is the application's, who knows what may stand there.
            (Location::Header, _) | (Location::Cookie, Style::Text) => written.push_str(text),
            _ if self.0.allow_reserved => write_all_but_reserved(text, written),
            _ => write_encoded(text, written),
        }
    }

    /// A property of an exploded object; a list in it has a part for each of its items.
    fn property(&self, name: &str, value: &ParameterValue) -> Vec<Part> {
        let part = |value: &ParameterValue| Part {
            name: Some(self.name(name)),
            value: self.value(&value.to_text()),
        };
        match value {
            ParameterValue::List(items) => items.iter().map(part).collect(),
            value => vec![part(value)],
        }
    }

    /// What stands between the members of a list or object that is not exploded.
    fn delimiter(&self) -> &'static str {
        match self.0.style {
            Style::SpaceDelimited => "%20",
            Style::PipeDelimited => "%7C",
            _ => ",",
        }
    }
}

/// What stands before the next parameter of a query, or of a path that may have one.
fn separator(query: &str) -> char {
    if query.contains('?') { '&' } else { '?' }
}

/// Adds a parameter with a single value to a query, or to a path that may have one.
pub(crate) fn write_query_pair(name: &str, value: &str, query: &mut String) {
    query.push(separator(query));
    write_encoded(name, query);
    query.push('=');
    write_encoded(value, query);
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn write_encoded(text: &str, written: &mut String) {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if text.bytes().all(is_unreserved) {
        // As nearly all names are, and most values.
        return written.push_str(text);
    }
    written.extend(utf8_percent_encode(text, RESERVED));
}

/// RFC 6570 §3.2.3: reserved characters and percent-encoded octets stay as they are.
fn write_all_but_reserved(text: &str, written: &mut String) {
    for (index, piece) in text.split('%').enumerate() {
        if index > 0 {
            let is_octet = piece.len() >= 2 && piece.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
            written.push_str(if is_octet { "%" } else { "%25" });
        }
        written.extend(utf8_percent_encode(piece, NOT_IN_QUERY));
    }
}

#[cfg(test)]
mod tests;
