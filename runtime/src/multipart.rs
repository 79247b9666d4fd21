//! Bodies of several parts: `multipart/form-data` (RFC 7578) and its relatives (RFC 2046 §5.1).

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use serde::Serialize;

use crate::body::RequestBody;

/// A file of a form: what it holds, and what the server is told about it.
///
/// Made from bytes, a text, or any other [`RequestBody`]; streams and files are sent as they come.
#[derive(Clone, Debug)]
pub struct File {
    body: RequestBody,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl File {
    /// The file at `path`, under its own name, of the length that it has now. It is opened when it is sent.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it cannot be looked at.
    #[cfg(feature = "files")]
    pub async fn open(path: impl AsRef<std::path::Path>) -> std::io::Result<Self> {
        let path = path.as_ref();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { body: RequestBody::file(path).await?, file_name, content_type: None })
    }

    /// States the file's name.
    #[must_use]
    pub fn file_name(self, name: impl Into<String>) -> Self {
        Self { file_name: Some(name.into()), ..self }
    }

    /// States the media type, instead of the description's.
    #[must_use]
    pub fn content_type(self, media_type: impl Into<String>) -> Self {
        Self { content_type: Some(media_type.into()), ..self }
    }
}

impl<T: Into<RequestBody>> From<T> for File {
    fn from(body: T) -> Self {
        let body = body.into();
        let content_type = body.content_type().map(str::to_owned);
        Self { body, file_name: None, content_type }
    }
}

/// A body of several parts, put together one after the other.
#[derive(Clone, Debug)]
pub struct Multipart {
    boundary: String,
    parts: Vec<RequestBody>,
    /// The first value that could not be written.
    refused: Option<String>,
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

impl Multipart {
    /// A body without parts.
    #[must_use]
    pub fn new() -> Self {
        Self { boundary: boundary(), parts: Vec::new(), refused: None }
    }

    /// Adds a text.
    pub fn text(&mut self, name: &str, content_type: Option<&str>, text: impl Into<String>) {
        self.part(name, None, content_type, text.into().into());
    }

    /// Adds a value: text as it is, numbers and booleans as they are written in JSON, everything else as JSON. Without a media
    /// type, the former are `text/plain`, which goes without saying (RFC 7578 §4.4), and the latter is `application/json`.
    pub fn value(&mut self, name: &str, content_type: Option<&str>, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(json) if json.starts_with(['{', '[']) => {
                self.part(name, None, content_type.or(Some("application/json")), json.into());
            }
            Ok(json) if content_type.is_some_and(is_json) => self.part(name, None, content_type, json.into()),
            Ok(json) => {
                let text = serde_json::from_str::<String>(&json).unwrap_or(json);
                self.part(name, None, content_type, text.into());
            }
            Err(error) => self.refuse(name, &error.to_string()),
        }
    }

    /// Adds a file. It has a name in any case, for servers tell files from values by it.
    pub fn file(&mut self, name: &str, content_type: Option<&str>, file: File) {
        let file_name = file.file_name.as_deref().unwrap_or(name);
        let content_type = file.content_type.as_deref().or(content_type);
        self.part(name, Some(file_name), content_type.or(Some("application/octet-stream")), file.body);
    }

    fn part(&mut self, name: &str, file_name: Option<&str>, content_type: Option<&str>, body: RequestBody) {
        let mut head =
            format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, quoted(name));
        if let Some(file_name) = file_name {
            // Writing to a string does not fail.
            let _ = write!(head, "; filename=\"{}\"", quoted(file_name));
        }
        if let Some(content_type) = content_type {
            if content_type.contains(['\r', '\n']) {
                return self.refuse(name, "a media type cannot contain a line break");
            }
            let _ = write!(head, "\r\nContent-Type: {content_type}");
        }
        head.push_str("\r\n\r\n");
        self.parts.extend([head.into(), body, "\r\n".into()]);
    }

    fn refuse(&mut self, name: &str, reason: &str) {
        self.refused.get_or_insert_with(|| format!("the part `{name}`: {reason}"));
    }

    /// The body, and its media type with the boundary; else what could not be written.
    pub(crate) fn into_body(mut self, media_type: &str) -> Result<(RequestBody, String), String> {
        if let Some(reason) = self.refused {
            return Err(reason);
        }
        self.parts.push(format!("--{}--\r\n", self.boundary).into());
        Ok((RequestBody::chain(self.parts), format!("{media_type}; boundary={}", self.boundary)))
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = crate::media_type::essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// A name between quotes (WHATWG HTML, multipart/form-data encoding algorithm).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A line that is in no part: 128 random bits, which the standard library draws for its hash maps.
fn boundary() -> String {
    let bits = || RandomState::new().hash_one(0_u8);
    format!("clientsmith-{:016x}{:016x}", bits(), bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_differ() {
        assert_ne!(boundary(), boundary());
        assert_eq!(boundary().len(), 44);
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(quoted("a\"b\r\nc é"), "a%22b%0D%0Ac é");
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let mut form = Multipart::new();
        form.value("map", None, &std::collections::BTreeMap::from([(vec![1], 2)]));
        form.text("type", Some("a\r\nb"), "x");
        let reason = form.into_body("multipart/form-data").map(|_| ()).unwrap_err();
        assert_eq!(reason, "the part `map`: key must be a string");
    }
}
