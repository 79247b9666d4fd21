//! What of an exchange does not get into a file.

use std::borrow::Cow;
use std::fmt;

use http::header::{
    AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, SET_COOKIE,
};
use http::{Extensions, Uri};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::{REDACTED, SensitiveUri, TOKEN_HEADERS};

/// Names of properties and fields that hold secrets, in small letters and without `_` and `-`.
const SECRET_NAMES: [&str; 23] = [
    "accesstoken",
    "adminpass",
    "apikey",
    "assertion",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "devicecode",
    "idtoken",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "secretaccesskey",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "sk",
    "subjecttoken",
    "token",
    "xauthtoken",
];

/// What stands as `[redacted]` in a recording. Always: headers that are marked as sensitive, `Authorization`, cookies, and the
/// usual headers of tokens; the values of query parameters and the parts of a path that are secret; and, in the query, in
/// bodies of JSON and in forms, what the usual names of secrets name (`password`, `access_token`, `client-secret`, `token` and the
/// like). What an API has beside that has to be named here.
#[derive(Clone)]
pub struct Redaction {
    headers: Vec<HeaderName>,
    names: Vec<String>,
    pointers: Vec<String>,
}

impl Default for Redaction {
    fn default() -> Self {
        let mut headers = vec![AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
        headers.extend(TOKEN_HEADERS.map(HeaderName::from_static));
        Self { headers, names: SECRET_NAMES.map(str::to_owned).into(), pointers: Vec::new() }
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").field("pointers", &self.pointers).finish_non_exhaustive()
    }
}

impl Redaction {
    /// What is always redacted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Redacts a header of requests and answers.
    #[must_use]
    pub fn header(mut self, name: HeaderName) -> Self {
        self.headers.push(name);
        self
    }

    /// Redacts what has that name: a query parameter, a property of JSON at any depth, a field of a form. Capitals, `_` and `-` do
    /// not matter.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.names.push(plain(name));
        self
    }

    /// Redacts the value at a JSON Pointer (RFC 6901) into bodies of requests and answers; `*` stands for any one name or index.
    #[must_use]
    pub fn pointer(mut self, pointer: &str) -> Self {
        self.pointers.push(pointer.to_owned());
        self
    }

    pub(super) fn headers(&self, headers: &HeaderMap, boundary: Option<&str>) -> Vec<(String, String)> {
        let shown = |(name, value): (&HeaderName, &HeaderValue)| {
            let is_hidden = value.is_sensitive() || self.headers.contains(name);
            let text = if is_hidden { REDACTED.into() } else { String::from_utf8_lossy(value.as_bytes()) };
            (name.as_str().to_owned(), without_boundary(text, boundary).into_owned())
        };
        let mut shown: Vec<_> = headers.iter().map(shown).collect();
        shown.sort_by(|(one, _), (other, _)| one.cmp(other));
        shown
    }

    pub(super) fn path(&self, uri: &Uri, extensions: &Extensions) -> String {
        let shown = SensitiveUri::shown_path(uri, extensions);
        match shown.split_once('?') {
            None => shown,
            Some((path, query)) => format!("{path}?{}", self.pairs(query)),
        }
    }

    /// A body as text, when it is text.
    pub(super) fn body(&self, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(body).ok()?;
        let media_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default();
        if media_type.starts_with("application/x-www-form-urlencoded") {
            return Some(self.pairs(text));
        }
        if let Some(boundary) = boundary(headers) {
            return Some(self.parts(text, boundary));
        }
        Some(self.json_or_lines(text))
    }

    /// JSON, or lines of it, as in events. What holds nothing to redact stays as it is, to the last blank.
    fn json_or_lines(&self, text: &str) -> String {
        if let Some(json) = self.json(text) {
            return json;
        }
        let line = |line: &str| {
            let start = line.find(['{', '[']).unwrap_or(line.len());
            let (before, json) = line.split_at_checked(start).unwrap_or((line, ""));
            let end = json.trim_end().len();
            let (json, after) = json.split_at_checked(end).unwrap_or((json, ""));
            match self.json(json) {
                Some(json) => format!("{before}{json}{after}"),
                None => line.to_owned(),
            }
        };
        text.split_inclusive('\n').map(line).collect()
    }

    /// `None` when it is no JSON.
    fn json(&self, text: &str) -> Option<String> {
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        let mut out = String::new();
        let has_changed = self.write(raw, &mut Vec::new(), &mut out)?;
        Some(if has_changed { out } else { text.to_owned() })
    }

    /// Writes a value without what is not to be seen, and says whether there was such. Numbers keep their digits.
    fn write(&self, raw: &RawValue, path: &mut Vec<String>, out: &mut String) -> Option<bool> {
        let text = raw.get();
        let is_container = text.starts_with(['{', '[']);
        let is_named = path.last().is_some_and(|name| self.is_secret(name));
        if self.is_pointed_at(path) || (is_named && !is_container && text != "null") {
            out.push_str(&serde_json::Value::from(REDACTED).to_string());
            return Some(true);
        }
        let mut has_changed = false;
        if text.starts_with('{') {
            let Members(members) = serde_json::from_str(text).ok()?;
            out.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&serde_json::Value::from(name.as_ref()).to_string());
                out.push(':');
                path.push(name.into_owned());
                has_changed |= self.write(value, path, out)?;
                path.pop();
            }
            out.push('}');
        } else if text.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            out.push('[');
            for (index, item) in items.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                path.push(index.to_string());
                has_changed |= self.write(item, path, out)?;
                path.pop();
            }
            out.push(']');
        } else {
            out.push_str(text);
        }
        Some(has_changed)
    }

    fn is_pointed_at(&self, path: &[String]) -> bool {
        let fits = |pointer: &String| {
            let mut steps = pointer.split('/').skip(1);
            let unescaped = |step: &str| step.replace("~1", "/").replace("~0", "~");
            path.iter().all(|name| steps.next().is_some_and(|step| step == "*" || unescaped(step) == *name))
                && steps.next().is_none()
        };
        self.pointers.iter().any(fits)
    }

    fn is_secret(&self, name: &str) -> bool {
        let name = plain(name);
        self.names.contains(&name)
    }

    fn pairs(&self, pairs: &str) -> String {
        let shown = |pair: &str| match pair.split_once('=') {
            Some((key, _)) if self.is_secret(key) => format!("{key}={REDACTED}"),
            _ => pair.to_owned(),
        };
        pairs.split('&').map(shown).collect::<Vec<_>>().join("&")
    }

    /// A body of several parts (RFC 7578), whose boundary is a different one each time.
    fn parts(&self, text: &str, boundary: &str) -> String {
        let delimiter = format!("--{boundary}");
        let part = |part: &str| {
            let Some((head, content)) = part.split_once("\r\n\r\n") else { return part.to_owned() };
            let name = head.split_once("name=\"").and_then(|(_, rest)| rest.split_once('"'));
            if name.is_some_and(|(name, _)| self.is_secret(name)) {
                return format!("{head}\r\n\r\n{REDACTED}\r\n");
            }
            format!("{head}\r\n\r\n{}", self.json_or_lines(content))
        };
        text.split(&delimiter).map(part).collect::<Vec<_>>().join("--boundary")
    }
}

/// The boundary of a body of several parts.
pub(super) fn boundary(headers: &HeaderMap) -> Option<&str> {
    let media_type = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    let (_, boundary) = media_type.strip_prefix("multipart/")?.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    Some(boundary).filter(|boundary| !boundary.is_empty())
}

fn without_boundary<'a>(text: Cow<'a, str>, boundary: Option<&str>) -> Cow<'a, str> {
    match boundary {
        Some(boundary) if text.contains(boundary) => text.replace(boundary, "boundary").into(),
        _ => text,
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// The members of an object, in their order.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((Cow::Owned(name), value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(media_type: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static(media_type))])
    }

    fn body(media_type: &'static str, text: &str) -> String {
        let redaction = Redaction::new().name("Pin").pointer("/a/*/b~1c");
        redaction.body(&typed(media_type), text.as_bytes()).unwrap()
    }

    #[test]
    fn what_a_name_or_a_pointer_says_is_redacted_wherever_it_is() {
        for (text, redacted) in [
            (r#"{"a": 1.50, "b": [ ]}"#, r#"{"a": 1.50, "b": [ ]}"#),
            (r#"{"n": 1.50e400, "accessToken": "x"}"#, r#"{"n":1.50e400,"accessToken":"[redacted]"}"#),
            (r#"[{"p_i-n": 12, "password": {"x": 1}}]"#, r#"[{"p_i-n":"[redacted]","password":{"x":1}}]"#),
            (r#"{"a": [{"b/c": {"d": 1}}]}"#, r#"{"a":[{"b/c":"[redacted]"}]}"#),
            (r#"{"token": null}"#, r#"{"token": null}"#),
            (
                "data: {\"token\": \"x\"}\n\ndata: [DONE]\n",
                "data: {\"token\":\"[redacted]\"}\n\ndata: [DONE]\n",
            ),
            ("{\"pin\": 1}\n{\"a\": 2}\n", "{\"pin\":\"[redacted]\"}\n{\"a\": 2}\n"),
            ("plain", "plain"),
        ] {
            assert_eq!(body("application/json", text), redacted);
        }
    }

    #[test]
    fn fields_of_forms_are_redacted() {
        assert_eq!(
            body("application/x-www-form-urlencoded", "a=1&client_secret=x&pin"),
            "a=1&client_secret=[redacted]&pin"
        );
        let part = |name: &str, text: &str| {
            format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        let form = format!("{}{}--xyz--\r\n", part("password", "hidden"), part("a", "1"));
        let shown = body("multipart/form-data; boundary=xyz", &form);
        assert_eq!(shown, form.replace("hidden", "[redacted]").replace("--xyz", "--boundary"));
    }
}
