//! What can come of a call other than its answer.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::json::Json;
use crate::transport::{TransportError, TransportErrorKind};

/// A call that did not succeed. `E` is what the description documents as the body of a failure.
///
/// Every error tells, as far as they are known, the status, the API's code and message, and the request id to quote to
/// the vendor, and whether the same call may succeed when it is made again.
pub struct Error<E = Json> {
    failure: Box<Failure>,
    body: Option<Box<E>>,
}

/// The kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call cannot be made as it is: nothing was sent.
    InvalidCall,
    /// There are no credentials that fit, or they cannot be used: nothing was sent.
    Credentials,
    /// No connection could be made: nothing was sent.
    Connect,
    /// The time allowed for the call or its attempt is over, or nothing came of the body for too long.
    Timeout,
    /// The connection broke, or the body ended too early.
    Transport,
    /// The body of the answer is larger than the limit ([`Limits::body`](crate::Limits::body)), and was not read to its end.
    TooLarge,
    /// The server refused: a documented failure, or a body that says failure.
    Api,
    /// The server answered with a status that the description does not document.
    UndocumentedStatus,
    /// The answer does not have the shape that the description gives it.
    Decode,
    /// A list cannot be read on: the server repeats itself, or leads to where credentials do not belong.
    Paging,
    /// What was waited for has failed.
    WaitFailed,
    /// What was waited for did not come in time.
    WaitDeadline,
}

/// What is known of a failure, whatever the type of its body.
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) operation: &'static str,
    pub(crate) detail: String,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// Whether the cause may pass by itself.
    pub(crate) transient: bool,
    /// Whether the request is known not to have been sent, whatever the kind.
    pub(crate) unsent: bool,
    /// Whether the cause may pass, and the call may be repeated.
    pub(crate) retryable: bool,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    /// What can be done about it; empty where the rest says it.
    pub(crate) advice: &'static str,
    pub(crate) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// How much of a body is kept in an error, in bytes.
const BODY_KEPT: usize = 64 * 1024;

/// How much of a body an error shows, in characters.
const BODY_SHOWN: usize = 200;

/// How much of a message an error shows, in characters.
const DETAIL_SHOWN: usize = 1000;

impl Failure {
    pub(crate) fn new(kind: ErrorKind, operation: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            detail: detail.into(),
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            code: None,
            message: None,
            request_id: None,
            transient: false,
            unsent: false,
            retryable: false,
            retry_after: None,
            attempts: 0,
            advice: "",
            source: None,
        }
    }

    /// `place` is where the request went: an origin, which is all of a URL that is not secret.
    pub(crate) fn from_transport(operation: &'static str, place: &str, error: TransportError) -> Self {
        let (kind, transient, what) = match error.kind {
            TransportErrorKind::Connect => (ErrorKind::Connect, true, format!("cannot connect to `{place}`")),
            TransportErrorKind::ConnectTimeout => {
                (ErrorKind::Connect, true, format!("cannot connect to `{place}` in time"))
            }
            TransportErrorKind::Request => {
                (ErrorKind::InvalidCall, false, "the request cannot be sent".to_owned())
            }
            TransportErrorKind::Broken => (ErrorKind::Transport, true, "the connection broke".to_owned()),
            TransportErrorKind::Stalled => (ErrorKind::Timeout, true, "the connection is silent".to_owned()),
        };
        let mut failure = Self::new(kind, operation, format!("{what}: {error}"));
        failure.advice = match error.kind {
            TransportErrorKind::Connect if is_about_certificates(&error) => {
                "a private authority's certificate has to be given (`root_certificate`)"
            }
            TransportErrorKind::Connect => "check the endpoint, and the proxy if there is one",
            TransportErrorKind::ConnectTimeout => {
                "check the endpoint, and the proxy and the firewall if there are, or raise `connect_timeout`"
            }
            _ => "",
        };
        failure.transient = transient;
        failure.source = Some(Box::new(error));
        failure
    }

    /// Keeps the first part of the body.
    pub(crate) fn with_body(mut self, body: &Bytes) -> Self {
        self.body = match body.get(..BODY_KEPT) {
            // A copy, for a slice would keep all of it in memory.
            Some(start) => Bytes::copy_from_slice(start),
            None => body.clone(),
        };
        self
    }
}

/// Whether a handshake failed for the server's certificate, by the only thing that all TLS libraries have: words.
fn is_about_certificates(error: &TransportError) -> bool {
    let text = error.to_string().to_ascii_lowercase();
    text.contains("unknownissuer")
        || text.contains("unknown issuer")
        || text.contains("self-signed certificate")
        || text.contains("self signed certificate")
        || text.contains("certificate not trusted")
}

impl<E> Error<E> {
    pub(crate) fn new(failure: Box<Failure>, body: Option<E>) -> Self {
        Self { failure, body: body.map(Box::new) }
    }

    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.failure.kind
    }

    /// The operationId of the call.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.failure.operation
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.failure.status
    }

    /// The headers of the answer; empty if there was none.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.failure.headers
    }

    /// The API's code for the failure, where the answer has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.failure.code.as_deref()
    }

    /// The API's message, where the answer has one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.failure.message.as_deref()
    }

    /// The id under which the vendor knows the request, where the answer has one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.failure.request_id.as_deref()
    }

    /// Whether the same call may succeed when it is made again, and making it again does no harm: by the rules of [`retry`](crate::retry),
    /// whether or not the policy allowed another attempt.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.failure.retryable
    }

    /// Whether what made the call fail may pass by itself. The call may have had its effect all the same: one that is not
    /// [retryable](Self::is_retryable) is to be repeated only by who knows that it has not.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.failure.transient
    }

    /// How long the server wants to be left alone (`Retry-After`), where it says so.
    #[must_use]
    pub fn retry_delay(&self) -> Option<Duration> {
        self.failure.retry_after
    }

    /// How many requests were sent for this call, or would have been if its credentials had been there; for the last poll, when it
    /// was waited for. 0 for a call that cannot be made as it is.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.failure.attempts
    }

    /// The body of a documented failure. `None` for all other errors, and when the body has another shape.
    #[must_use]
    pub fn body(&self) -> Option<&E> {
        self.body.as_deref()
    }

    /// The body as it came: its first 64 KiB at most, or what had come when the connection broke.
    #[must_use]
    pub fn raw_body(&self) -> &[u8] {
        &self.failure.body
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = &self.failure;
        write!(f, "{}: {}", failure.operation, one_line(&failure.detail, DETAIL_SHOWN))?;
        if let Some(status) = failure.status {
            write!(f, " (status {}", status.as_u16())?;
            if let Some(code) = &failure.code {
                write!(f, ", code {}", one_line(code, DETAIL_SHOWN))?;
            }
            if let Some(request_id) = &failure.request_id {
                write!(f, ", request id {}", one_line(request_id, DETAIL_SHOWN))?;
            }
            f.write_str(")")?;
        }
        if failure.attempts > 1 {
            write!(f, ", after {} attempts", failure.attempts)?;
        }
        if !failure.advice.is_empty() {
            write!(f, "; {}", failure.advice)?;
        }
        Ok(())
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = &self.failure;
        f.debug_struct("Error")
            .field("kind", &failure.kind)
            .field("operation", &failure.operation)
            .field("detail", &failure.detail)
            .field("status", &failure.status)
            .field("code", &failure.code)
            .field("message", &failure.message)
            .field("request_id", &failure.request_id)
            .field("retryable", &failure.retryable)
            .field("attempts", &failure.attempts)
            .field("body", &excerpt(&failure.body))
            .finish_non_exhaustive()
    }
}

impl<E> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.failure.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

/// The beginning of a body for a message, on one line.
pub(crate) fn excerpt(body: &[u8]) -> String {
    // Four bytes at most make a character, and one more tells that there is more.
    let start = body.get(..body.len().min(4 * (BODY_SHOWN + 1))).unwrap_or(body);
    one_line(&String::from_utf8_lossy(start), BODY_SHOWN)
}

/// A text of the server's for a message: on one line, without what would act on a terminal, cut after `limit` characters.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut characters = text.chars().map(|c| if acts(c) { ' ' } else { c });
    let mut shown: String = characters.by_ref().take(limit).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A value that every call needs was not given.
    #[error("`{name}` is not set: call `.{name}(...)` on the builder")]
    MissingValue {
        /// The name of the setter.
        name: &'static str,
    },
    /// The description names no server.
    #[error("no endpoint is set, and the API has no default one: call `.endpoint(...)` on the builder")]
    MissingEndpoint,
    /// The endpoint is not a URL to which a path can be added.
    #[error("the endpoint `{endpoint}` cannot be used: {reason}")]
    InvalidEndpoint {
        /// The endpoint.
        endpoint: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server's URL is relative, and what it refers to was not given.
    #[error(
        "the API's server has the relative URL `{url}`: call `.base_url(...)` on the builder with the URL that it refers to, or \
         `.endpoint(...)` with the whole URL"
    )]
    RelativeServer {
        /// The URL.
        url: String,
    },
    /// A variable of the server's URL has a value that cannot stand there.
    #[error("`{value}` is no value for `{name}`: {expected}")]
    InvalidVariable {
        /// The variable.
        name: &'static str,
        /// The value.
        value: String,
        /// What can stand there.
        expected: String,
    },
    /// A certificate was given together with a transport that does not know it.
    #[error(
        "an identity or a root certificate has no effect on a transport of your own: give it to the transport"
    )]
    ForeignTransport,
    /// Credentials would go over an unencrypted connection.
    #[error(
        "credentials are not sent over plain http to `{host}`: use https (plain http is allowed to loopback only)"
    )]
    InsecureEndpoint {
        /// The host.
        host: String,
    },
    /// The transport could not be set up.
    #[error("the transport cannot be set up: {0}")]
    Transport(#[from] TransportError),
    /// The crate was built without a transport, and none was given.
    #[error("no transport is set, and the feature `reqwest` is off: call `.transport(...)` on the builder")]
    MissingTransport,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_says_that_it_is() {
        assert_eq!(excerpt(b"a\r\n\x1b[31mb"), "a   [31mb");
        assert_eq!(excerpt("é".repeat(200).as_bytes()), "é".repeat(200));
        assert_eq!(excerpt("é".repeat(201).as_bytes()), format!("{}…", "é".repeat(200)));
        // Each of these bytes is shown as a character of three.
        assert_eq!(excerpt(&[0xff; 201]), format!("{}…", "\u{fffd}".repeat(200)));
    }

    #[test]
    fn a_message_stays_on_one_line() {
        let mut failure = Failure::new(ErrorKind::Api, "deleteJob", "first\nsecond\u{2028}third\u{202e}");
        failure.status = Some(StatusCode::BAD_REQUEST);
        failure.code = Some("A\n1".to_owned());
        failure.request_id = Some("r\r2".to_owned());
        let error = Error::<Json>::new(Box::new(failure), None);
        assert_eq!(
            error.to_string(),
            "deleteJob: first second third  (status 400, code A 1, request id r 2)"
        );
    }

    #[test]
    fn a_long_message_is_cut_only_when_shown() {
        let failure = Failure::new(ErrorKind::Api, "op", "x".repeat(5000));
        assert_eq!(Error::<Json>::new(Box::new(failure), None).to_string().chars().count(), 4 + 1000 + 1);
    }
}
