//! Headers of answers as values of the types that the description gives them (OpenAPI 3.0.4 §4.7.21).

use http::HeaderMap;
use serde::de::DeserializeOwned;

use crate::error::{Error, one_line};
use crate::response::{Answer, Response};

/// What has the headers of an answer. Generated crates add an accessor for each header that their description names.
pub trait HasHeaders: sealed::Sealed {
    /// The headers.
    fn header_map(&self) -> &HeaderMap;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! has_headers {
    ($($owner:ty),+) => {$(
        impl<T> sealed::Sealed for $owner {}

        impl<T> HasHeaders for $owner {
            fn header_map(&self) -> &HeaderMap {
                self.headers()
            }
        }
    )+};
}

has_headers!(Response<T>, Error<T>);

impl sealed::Sealed for Answer {}

impl HasHeaders for Answer {
    fn header_map(&self) -> &HeaderMap {
        self.headers()
    }
}

/// How the text of a header becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderShape {
    /// Text, as it is.
    Text,
    /// A number, a boolean, or JSON.
    Json,
    /// Texts with commas between.
    Texts,
    /// Numbers or booleans with commas between.
    Numbers,
}

/// A header does not have the shape that the description gives it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the header `{name}` has another shape than described: {detail}")]
pub struct HeaderError {
    name: &'static str,
    detail: String,
}

impl HeaderError {
    /// The header's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// For generated code: the value of a header; `None` when it is not there.
///
/// # Errors
///
/// When it has another shape.
#[doc(hidden)]
pub fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &'static str,
    shape: HeaderShape,
) -> Result<Option<T>, HeaderError> {
    let refuse = |detail: String| HeaderError { name, detail: one_line(&detail, 200) };
    let mut texts = Vec::new();
    for value in headers.get_all(name) {
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| refuse("it is not UTF-8".to_owned()))?;
        texts.push(text.trim());
    }
    if texts.is_empty() {
        return Ok(None);
    }
    // A header that stands several times is one list (RFC 9110 §5.3).
    let text = texts.join(", ");
    let items = || text.split(',').map(str::trim).filter(|item| !item.is_empty());
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let json = match shape {
        HeaderShape::Text => quote(&text),
        HeaderShape::Json => text.clone(),
        HeaderShape::Texts => format!("[{}]", items().map(quote).collect::<Vec<_>>().join(",")),
        HeaderShape::Numbers => format!("[{}]", items().collect::<Vec<_>>().join(",")),
    };
    serde_json::from_str(&json)
        .map(Some)
        .map_err(|error| refuse(format!("{error} in `{}`", one_line(&text, 80))))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn read_as<T: DeserializeOwned>(
        shape: HeaderShape,
        values: &[&'static [u8]],
    ) -> Result<Option<T>, String> {
        let value = |value: &&'static [u8]| HeaderValue::from_bytes(value).unwrap();
        let mut headers = HeaderMap::new();
        for text in values {
            headers.append(HeaderName::from_static("x"), value(text));
        }
        read(&headers, "x", shape).map_err(|error| error.to_string())
    }

    #[test]
    fn each_shape_is_read_its_own_way() {
        use HeaderShape::{Json, Numbers, Text, Texts};
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(read_as(Text, &[b" a \"b\", c "]), Ok(Some("a \"b\", c".to_owned())));
        assert_eq!(read_as(Text, &["é".as_bytes()]), Ok(Some("é".to_owned())));
        assert_eq!(read_as(Json, &[b"42"]), Ok(Some(42_i64)));
        assert_eq!(read_as(Json, &[b"true"]), Ok(Some(true)));
        assert_eq!(read_as(Texts, &[b"a, b", b"c"]), Ok(Some(owned(&["a", "b", "c"]))));
        assert_eq!(read_as(Numbers, &[b"1,2"]), Ok(Some(vec![1_i64, 2])));
        assert_eq!(read_as::<i64>(Json, &[]), Ok(None));
    }

    #[test]
    fn what_has_another_shape_is_an_error_that_names_the_header() {
        for (value, detail) in [
            (&b"many"[..], "expected value at line 1 column 1 in `many`"),
            (b"1, 2", "trailing characters at line 1 column 2 in `1, 2`"),
            (b"", "EOF while parsing a value at line 1 column 0 in ``"),
            (b"\xff", "it is not UTF-8"),
        ] {
            let message = format!("the header `x` has another shape than described: {detail}");
            assert_eq!(read_as::<i64>(HeaderShape::Json, &[value]), Err(message));
        }
    }
}
