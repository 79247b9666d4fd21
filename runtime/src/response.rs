//! Answers: as they came, and with their typed value.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::call::{Again, Call, Known};
use crate::error::{excerpt, one_line};
use crate::json::is_too_deep;
use crate::limits::Limits;
use crate::media_type;
use crate::operation::Link;
use crate::pointer;
use crate::range::ContentRange;
use crate::stream::decode;
use crate::stream::{Download, Events, Lines};
use crate::transport::Body;

/// An answer as it came from the server. `Debug` shows neither headers nor body, which may hold secrets.
#[derive(Clone)]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// How many requests it took.
    pub(crate) attempts: u32,
}

impl Answer {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The JSON body as a value of the type that the description gives it.
    ///
    /// # Errors
    ///
    /// When the body is not JSON or has another shape; the error says where.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        // Checked as a whole, which is faster than string by string. What is no text is read by way of a type of ours, so that `T`
        // is compiled for one kind of reader.
        let value = match str::from_utf8(&self.body) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice::<Box<RawValue>>(&self.body)
                .and_then(|raw| serde_json::from_str(raw.get())),
        };
        value.map_err(|error| self.explain(&error).because(error))
    }

    /// The value of an answer that has no body, or one that the description does not give a shape.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn empty(&self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// The body as text. Bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn text(&self) -> Result<String, DecodeError> {
        Ok(String::from_utf8_lossy(&self.body).into_owned())
    }

    /// The body as bytes.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn bytes(&self) -> Result<Bytes, DecodeError> {
        Ok(self.body.clone())
    }

    /// The error for a status that none of the readers is for.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn unexpected<T>(&self) -> Result<T, DecodeError> {
        Err(DecodeError::new(format!("no body is described for status {}", self.status.as_u16())))
    }

    /// For generated code: which of the media types that the description gives a status the answer has. The first where it
    /// says nothing; parameters do not matter, except where they tell two of them apart.
    #[must_use]
    pub fn media_type(&self, described: &[&str]) -> Option<usize> {
        media_type::of(&self.headers, described)
    }

    /// The error for a media type that none of the readers is for.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn unexpected_media_type<T>(&self) -> Result<T, DecodeError> {
        let came = self.headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let came = one_line(&came.unwrap_or_default(), 100);
        let (status, start) = (self.status.as_u16(), excerpt(&self.body));
        let detail = format!("`{came}` is not described for status {status}; the body begins with `{start}`");
        Err(DecodeError::new(detail))
    }

    fn explain(&self, error: &serde_json::Error) -> DecodeError {
        if self.body.is_empty() {
            return DecodeError::new("the body is empty, where JSON is described");
        }
        let what = if error.is_data() {
            "the body has another shape than described"
        } else if error.is_eof() {
            "the body is not JSON, or not all of it"
        } else if std::str::from_utf8(&self.body).is_ok_and(is_too_deep) {
            "the body is nested too deeply"
        } else {
            "the body is not JSON"
        };
        let place = pointer::at(&self.body, error.line(), error.column());
        let place = if error.is_data() && !place.is_empty() { format!(" at {place}") } else { String::new() };
        let error = one_line(&error.to_string(), 300);
        DecodeError::new(format!("{what}{place}: {error}; it begins with `{}`", excerpt(&self.body)))
    }
}

/// An answer whose body may be on its way still. Derefs to the answer, whose body is empty then.
pub struct Incoming {
    answer: Answer,
    /// What there is of a stream alone: it is large, and most answers have none of it.
    coming: Option<Box<Coming>>,
}

/// What belongs to a body that is on its way still.
struct Coming {
    body: Option<Body>,
    limits: Limits,
    /// Which bytes these are, where they are not all.
    range: Option<ContentRange>,
    /// The call to make again when the body ends too early.
    again: Option<Again>,
}

impl Incoming {
    /// An answer that has been read to its end.
    pub(crate) fn read(answer: Answer) -> Self {
        Self { answer, coming: None }
    }

    /// An answer whose body is on its way.
    pub(crate) fn streamed(head: http::response::Parts, body: Body, attempts: u32, limits: Limits) -> Self {
        let answer = Answer { status: head.status, headers: head.headers, body: Bytes::new(), attempts };
        let coming = Coming { body: Some(body), limits, range: None, again: None };
        Self { answer, coming: Some(Box::new(coming)) }
    }

    pub(crate) fn is_streamed(&self) -> bool {
        self.coming.as_ref().is_some_and(|coming| coming.body.is_some())
    }

    /// Says which call it answers.
    pub(crate) fn come_from(&mut self, call: &Call) -> Result<(), DecodeError> {
        if let Some(coming) = self.coming.as_mut().filter(|coming| coming.body.is_some()) {
            coming.range = match call.range_asked() {
                Some(range) => range.check(self.answer.status, &self.answer.headers)?,
                None if self.answer.status == StatusCode::PARTIAL_CONTENT => {
                    ContentRange::of(&self.answer.headers)
                }
                None => None,
            };
            coming.again = Some(Again::new(call));
            self.answer.status = call.described(self.answer.status);
        }
        Ok(())
    }

    /// Which bytes it holds, where they are not all.
    pub(crate) fn range(&self) -> Option<ContentRange> {
        self.coming.as_ref()?.range
    }

    pub(crate) fn into_answer(self) -> Answer {
        self.answer
    }

    pub(crate) fn take(&mut self) -> Body {
        let coming = self.coming.as_mut().and_then(|coming| coming.body.take());
        coming.unwrap_or_else(|| Body::full(std::mem::take(&mut self.answer.body)))
    }

    fn take_again(&mut self) -> Option<Again> {
        self.coming.as_mut()?.again.take()
    }

    /// The body of items, which come when something happens.
    pub(crate) fn take_items(&mut self) -> Body {
        let mut body = self.take();
        let limits = self.coming.as_ref().map_or(Limits::new(), |coming| coming.limits);
        body.set_silence(limits.silence_of_items(), "Limits::idle_timeout");
        body
    }

    /// The body as bytes that arrive.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn download(&mut self) -> Result<Download, DecodeError> {
        let (body, again) = (self.take(), self.take_again());
        Ok(Download::new(body, &self.answer.headers, self.range(), again))
    }

    /// The body as events whose data is JSON.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn events<T: DeserializeOwned>(&mut self) -> Result<Events<T>, DecodeError> {
        Ok(Events::new(self.take_items(), decode::json, self.take_again()))
    }

    /// The body as events whose data is text.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn text_events(&mut self) -> Result<Events<String>, DecodeError> {
        Ok(Events::new(self.take_items(), decode::text, self.take_again()))
    }

    /// The body as lines of JSON.
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn lines<T: DeserializeOwned>(&mut self) -> Result<Lines<T>, DecodeError> {
        Ok(Lines::new(self.take_items(), false, decode::json))
    }

    /// The body as a JSON text sequence (RFC 7464).
    ///
    /// # Errors
    ///
    /// None; the shape is that of the other readers.
    pub fn sequence<T: DeserializeOwned>(&mut self) -> Result<Lines<T>, DecodeError> {
        Ok(Lines::new(self.take_items(), true, decode::json))
    }
}

impl Deref for Incoming {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.answer
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("answer", &self.answer).finish_non_exhaustive()
    }
}

/// The body of an answer does not have the shape that the description gives it.
#[derive(Clone, Debug)]
pub struct DecodeError {
    detail: String,
    /// What the reader of JSON says, where it was not JSON of that shape.
    source: Option<Arc<serde_json::Error>>,
}

impl DecodeError {
    pub(crate) fn new(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), source: None }
    }

    pub(crate) fn because(self, cause: serde_json::Error) -> Self {
        Self { source: Some(Arc::new(cause)), ..self }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The error itself, and not what holds it.
        self.source.as_deref().map(|cause| cause as _)
    }
}

impl PartialEq for DecodeError {
    fn eq(&self, other: &Self) -> bool {
        self.detail == other.detail
    }
}

impl Eq for DecodeError {}

/// What the links of an operation take their values from.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) call: Call,
    /// Empty when no link takes a value from it.
    pub(crate) body: Bytes,
}

/// A successful answer. Derefs to its value. `Debug` does not show the headers, which may hold secrets.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// That of the body, where the headers have none.
    pub(crate) request_id: Option<String>,
    pub(crate) origin: Origin,
}

impl<T> Response<T> {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id under which the vendor knows the request, where the answer has one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.origin.call.request_id_in(&self.headers).or(self.request_id.as_deref())
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// For generated code: the call that a link of the operation leads to. It fails when it is sent, if the answer is one of
    /// another operation.
    #[doc(hidden)]
    #[must_use]
    pub fn follow(&self, link: &'static Link) -> Call {
        let known = Known { status: self.status, headers: &self.headers, body: &self.origin.body };
        self.origin.call.follow(link, known)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
