//! Descriptors: what a generated crate says about its API, as static data that one engine drives.

mod link;
mod paging;

use std::time::Duration;

use http::Method;

pub use self::link::{Link, LinkArgument, LinkBody, LinkSource};
pub use self::paging::{Next, PagedBy, Paging};

/// An API: what all calls of a generated client share.
#[derive(Debug)]
pub struct Api {
    /// The name of the generated package, for the `User-Agent`.
    pub package: &'static str,
    /// The version of the generated package.
    pub version: &'static str,
    /// The servers to choose from, the default one first: those of the API, then those that some operations have of their own.
    /// Empty where the description names none, so that an endpoint has to be given.
    pub servers: &'static [&'static [Server]],
    /// The names of all variables of servers' URLs.
    pub variables: &'static [&'static str],
    /// The values that are given once, on the client.
    pub values: &'static [ClientValue],
    /// The security schemes, in the order of their indexes.
    pub schemes: &'static [&'static str],
    /// The rules for failures that operations refer to.
    pub error_rules: &'static [&'static ErrorRule],
}

/// A server (OpenAPI 3.0.4 §4.7.5).
#[derive(Debug)]
pub struct Server {
    /// The template of its URL, which may be relative.
    pub url: &'static str,
    /// The variables of the template.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server's URL (OpenAPI 3.0.4 §4.7.6).
#[derive(Debug)]
pub struct ServerVariable {
    /// Its name in the template, one of those of [`Api::variables`].
    pub name: &'static str,
    /// What holds when nothing is given.
    pub default: &'static str,
    /// The values that it can have; empty where any will do.
    pub values: &'static [&'static str],
}

/// A value that is given once, on the client, and sent with every call that has the parameter.
#[derive(Debug)]
pub struct ClientValue {
    /// Its name, as the builder has it.
    pub name: &'static str,
    /// Whether no operation can do without.
    pub required: bool,
}

/// An operation (OpenAPI 3.0.4 §4.7.10).
#[derive(Debug)]
pub struct Operation {
    /// The operationId, or what stands for it.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The index of its servers in [`Api::servers`].
    pub servers: usize,
    /// The path template, joined to the path of the server. It may end in a query, to which query parameters are added.
    pub path: &'static str,
    /// The parameters, in the order of their indexes.
    pub parameters: &'static [Parameter],
    /// The alternatives of authentication, best first, each all of these schemes. Empty: none is needed.
    pub security: &'static [&'static [usize]],
    /// The media types that the client can read; empty when no answer has a body.
    pub accept: &'static str,
    /// The media type of the request body, where the call says no other; empty when there is none.
    pub content_type: &'static str,
    /// The statuses that mean success.
    pub success: &'static [StatusRange],
    /// The statuses of failure that the description documents.
    pub failure: &'static [StatusRange],
    /// Where failures say what they are.
    pub errors: &'static ErrorRule,
    /// The successes whose body is not read before the call is over.
    pub streamed: &'static [Streamed],
    /// Whether links take values from the body of the answer, which is kept for them.
    pub keeps_body: bool,
}

/// A parameter (OpenAPI 3.0.4 §4.7.12).
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it goes.
    pub location: Location,
    /// How its value is written.
    pub style: Style,
    /// Whether each item of an array and each property of an object is written by itself (`a=1&a=2`).
    pub explode: bool,
    /// Whether reserved characters are written as they are (RFC 6570 §3.2.3).
    pub allow_reserved: bool,
    /// Whether an array or object without members is written as an empty value, and not left out.
    pub allow_empty: bool,
    /// Whether the call cannot be made without.
    pub required: bool,
    /// The index of the client's value that stands in for it.
    pub client_value: Option<usize>,
    /// Whether its value is secret.
    pub secret: bool,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How the value of a parameter is written (OpenAPI 3.0.4 §4.7.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `blue,black`.
    Simple,
    /// `.blue`.
    Label,
    /// `;color=blue`.
    Matrix,
    /// `color=blue`.
    Form,
    /// `color=blue%20black`.
    SpaceDelimited,
    /// `color=blue%7Cblack`.
    PipeDelimited,
    /// `color%5BR%5D=100`.
    DeepObject,
    /// `content` of a JSON media type: `{"R":100}`.
    Json,
    /// `content` of another media type: a text that the caller has written.
    Text,
}

/// Statuses from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusRange {
    /// The lowest.
    pub first: u16,
    /// The highest.
    pub last: u16,
}

/// A success whose body is handed on as a stream.
#[derive(Debug)]
pub struct Streamed {
    /// The statuses.
    pub statuses: StatusRange,
    /// All media types that the description gives them; with only one, the answer's `Content-Type` does not matter.
    pub media_types: &'static [&'static str],
    /// The indexes of those that are streams.
    pub streams: &'static [usize],
}

/// Where failures say what they are, and which calls are made again.
#[derive(Debug)]
pub struct ErrorRule {
    /// JSON Pointers to the API's code; the first that leads to a value counts.
    pub code: &'static [&'static str],
    /// JSON Pointers to the message.
    pub message: &'static [&'static str],
    /// JSON Pointers to the request id, for answers without the header.
    pub request_id: &'static [&'static str],
    /// The header with the request id.
    pub request_id_header: Option<&'static str>,
    /// A success status whose body fits one of these is a failure.
    pub error_when: &'static [Condition],
    /// Which failures are worth a retry, and when a call may be repeated.
    pub retry: RetryRule,
}

/// What the description says of retries.
#[derive(Debug)]
pub struct RetryRule {
    /// Statuses worth a retry.
    pub statuses: &'static [u16],
    /// The API's codes worth a retry, with any status.
    pub codes: &'static [&'static str],
    /// Whether making a call twice does what making it once does; the method decides where it says nothing.
    pub idempotent: Option<bool>,
    /// The header with a key that is new for each call and the same at each of its attempts, by which the API knows a repeated one.
    pub idempotency_key: Option<&'static str>,
}

/// A condition on an answer: all of its parts that say something have to hold.
#[derive(Debug)]
pub struct Condition {
    /// The status is one of these; empty says nothing.
    pub statuses: &'static [u16],
    /// The API's code is one of these; empty says nothing.
    pub codes: &'static [&'static str],
    /// JSON Pointer to an array of which one item has to fit `pointer` and `values`.
    pub any: Option<&'static str>,
    /// JSON Pointer to a value, from the item with `any`, else from the body.
    pub pointer: Option<&'static str>,
    /// The value at `pointer` is one of these JSON texts.
    pub values: &'static [&'static str],
}

/// When a long-running call is over: what the operation of a link says about it.
#[derive(Debug)]
pub struct WaitRule {
    /// The link that is asked again and again.
    pub link: &'static Link,
    /// It is done when one of these holds.
    pub done: &'static [Condition],
    /// It has failed when one of these holds.
    pub failed: &'static [Condition],
    /// The time between the first two polls. Each pause is half as long again as the one before.
    pub interval: Duration,
    /// What the time between two polls grows up to.
    pub max_interval: Duration,
    /// The time after which waiting ends in an error.
    pub deadline: Duration,
    /// What a person is told when it is done.
    pub done_message: Option<&'static str>,
}

impl Parameter {
    const fn new(name: &'static str, location: Location, style: Style) -> Self {
        Self {
            name,
            location,
            style,
            explode: matches!(style, Style::Form),
            allow_reserved: false,
            allow_empty: false,
            required: false,
            client_value: None,
            secret: false,
        }
    }

    /// A parameter in the path, in the style `simple`; it is always required.
    #[must_use]
    pub const fn path(name: &'static str) -> Self {
        Self { required: true, ..Self::new(name, Location::Path, Style::Simple) }
    }

    /// A parameter in the query, in the style `form`, exploded.
    #[must_use]
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query, Style::Form)
    }

    /// A header, in the style `simple`.
    #[must_use]
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header, Style::Simple)
    }

    /// A cookie, in the style `form`, exploded.
    #[must_use]
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, Location::Cookie, Style::Form)
    }

    pub(crate) const fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// It is written in the style `label`.
    #[must_use]
    pub const fn label(self) -> Self {
        self.style(Style::Label)
    }

    /// It is written in the style `matrix`.
    #[must_use]
    pub const fn matrix(self) -> Self {
        self.style(Style::Matrix)
    }

    /// It is written in the style `spaceDelimited`, not exploded.
    #[must_use]
    pub const fn space_delimited(self) -> Self {
        self.style(Style::SpaceDelimited).joined()
    }

    /// It is written in the style `pipeDelimited`, not exploded.
    #[must_use]
    pub const fn pipe_delimited(self) -> Self {
        self.style(Style::PipeDelimited).joined()
    }

    /// It is written in the style `deepObject`.
    #[must_use]
    pub const fn deep_object(self) -> Self {
        self.style(Style::DeepObject)
    }

    /// It is written as JSON.
    #[must_use]
    pub const fn json(self) -> Self {
        self.style(Style::Json)
    }

    /// It is a text that the caller has written.
    #[must_use]
    pub const fn text(self) -> Self {
        self.style(Style::Text)
    }

    /// Each item of an array and each property of an object is written by itself.
    #[must_use]
    pub const fn exploded(self) -> Self {
        Self { explode: true, ..self }
    }

    /// The call cannot be made without it.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The items of an array, or the properties of an object, are written together.
    #[must_use]
    pub const fn joined(self) -> Self {
        Self { explode: false, ..self }
    }

    /// Reserved characters are written as they are.
    #[must_use]
    pub const fn allow_reserved(self) -> Self {
        Self { allow_reserved: true, ..self }
    }

    /// An array or object without members is written as an empty value.
    #[must_use]
    pub const fn allow_empty(self) -> Self {
        Self { allow_empty: true, ..self }
    }

    /// The value of the client with that index stands in for it.
    #[must_use]
    pub const fn client_value(self, index: usize) -> Self {
        Self { client_value: Some(index), ..self }
    }

    /// Its value is not shown.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

impl Condition {
    /// The condition that says nothing, and so always holds.
    pub const ALWAYS: Self = Self { statuses: &[], codes: &[], any: None, pointer: None, values: &[] };
}

impl ErrorRule {
    /// The rule for an API that says nothing about its failures.
    pub const UNSTATED: Self = Self {
        code: &[],
        message: &[],
        request_id: &[],
        request_id_header: None,
        error_when: &[],
        retry: RetryRule::UNSTATED,
    };
}

impl RetryRule {
    /// The rule for an API that says nothing about retries: those statuses that usually pass.
    pub const UNSTATED: Self = Self {
        statuses: &[408, 429, 500, 502, 503, 504],
        codes: &[],
        idempotent: None,
        idempotency_key: None,
    };
}

impl StatusRange {
    /// Exactly one status.
    #[must_use]
    pub const fn one(status: u16) -> Self {
        Self { first: status, last: status }
    }

    /// From `first` to `last`.
    #[must_use]
    pub const fn new(first: u16, last: u16) -> Self {
        Self { first, last }
    }

    /// Whether `status` is one of these.
    #[must_use]
    pub const fn contains(self, status: u16) -> bool {
        self.first <= status && status <= self.last
    }
}
