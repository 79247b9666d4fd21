//! What follows an answer: links, waiting, the rules of errors, paging.

use std::time::Duration;

use super::{OperationId, Type, TypeId};

/// What can be asked after an operation has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its key.
    pub name: String,
    /// CommonMark.
    pub description: Option<String>,
    /// The operation it leads to.
    pub operation: OperationId,
    /// What fills parameters of that operation: their index and the source.
    pub arguments: Vec<(usize, LinkSource)>,
    /// What fills its body: the index of the content, which is JSON, text or bytes, and the source.
    pub body: Option<(usize, LinkSource)>,
    /// When asking it again and again is over; at most one link of an operation is waited on.
    pub wait: Option<Wait>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// Where a value of a link comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkSource {
    /// A text that does not change.
    Constant(String),
    /// A JSON text that does not change.
    Json(String),
    /// The texts of these, one after the other.
    Joined(Vec<LinkSource>),
    /// The URL of the request.
    Url,
    /// The method of the request.
    Method,
    /// A parameter of the operation that was called, by index.
    Parameter(usize),
    /// JSON Pointer into the body of the request.
    RequestBody(String),
    /// The status of the answer.
    StatusCode,
    /// JSON Pointer into the body of the answer.
    Body(String),
    /// A header of the answer.
    Header(String),
}

/// When what a call has started is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Done when one of these holds.
    pub done: Vec<Condition>,
    /// Failed when one of these holds.
    pub failed: Vec<Condition>,
    /// The time between the first two polls; it grows.
    pub interval: Duration,
    /// What it grows up to.
    pub max_interval: Duration,
    /// The time after which waiting ends in an error.
    pub deadline: Duration,
    /// What a person is told when it is done.
    pub done_message: Option<String>,
}

/// A condition on an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The status is one of these; empty says nothing.
    pub statuses: Vec<u16>,
    /// The code is one of these; empty says nothing.
    pub codes: Vec<String>,
    /// JSON Pointer to an array of which one item has to fit the rest.
    pub any: Option<String>,
    /// JSON Pointer to a value.
    pub pointer: Option<String>,
    /// The value is one of these JSON texts.
    pub values: Vec<String>,
}

/// Where failures say what they are, and which calls are made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorRule {
    /// JSON Pointers to the code.
    pub code: Vec<String>,
    /// JSON Pointers to the message.
    pub message: Vec<String>,
    /// JSON Pointers to the request id.
    pub request_id: Vec<String>,
    /// The header with the request id.
    pub request_id_header: Option<String>,
    /// Conditions under which a success status is a failure.
    pub error_when: Vec<Condition>,
    /// Which failures are worth a retry, and when a call may be repeated.
    pub retry: RetryRule,
}

/// What is said of retries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetryRule {
    /// Statuses worth a retry; `None`: the usual ones.
    pub statuses: Option<Vec<u16>>,
    /// Codes worth a retry.
    pub codes: Vec<String>,
    /// Whether making a call twice does what making it once does; `None`: the method decides.
    pub idempotent: Option<bool>,
    /// The header of the request with a key by which the API knows a repeated one. Calls of the rule send it.
    pub idempotency_key: Option<String>,
}

/// How an operation is paged. Parameters are named by their index.
#[derive(Clone, Debug, PartialEq)]
pub struct Pagination {
    /// The kind.
    pub kind: PagingKind,
    /// The parameter with the number of items on a page.
    pub size: Option<usize>,
    /// JSON Pointer to the array of items.
    pub pointer: String,
    /// The steps from the body of the success to the array of items.
    pub items: Vec<Step>,
    /// What an item is.
    pub item: Type,
    /// The steps to the number of all items.
    pub total: Option<Vec<Step>>,
    /// JSON Pointer to whether there is another page.
    pub more: Option<String>,
}

/// What the next page is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagingKind {
    /// The number of the page.
    Page {
        /// The parameter with the number.
        parameter: usize,
        /// The number of the first page.
        first: i64,
    },
    /// The number of items to skip.
    Offset {
        /// The parameter with the number of items to skip.
        parameter: usize,
        /// The number that skips none.
        first: i64,
    },
    /// A value that the answer before gave.
    Cursor {
        /// The parameter with the value.
        parameter: usize,
        /// Where the answer has it.
        next: NextPage,
    },
    /// A URL that the answer before gave.
    Link {
        /// Where the answer has it.
        next: NextPage,
    },
}

/// Where an answer says what the next page is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// At a JSON Pointer into the body.
    Body(String),
    /// In a header.
    Header(String),
    /// In the `Link` header, with the relation `next`.
    Relation,
}

/// One step into a value: the field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub record: TypeId,
    /// The index of the field.
    pub field: usize,
}

impl Link {
    /// Where its values come from.
    pub fn sources(&self) -> impl Iterator<Item = &LinkSource> {
        let arguments = self.arguments.iter().map(|(_, source)| source);
        arguments.chain(self.body.iter().map(|(_, source)| source))
    }
}

impl LinkSource {
    /// Whether it takes something from the body of the answer.
    #[must_use]
    pub fn is_of_answer_body(&self) -> bool {
        match self {
            Self::Body(_) => true,
            Self::Joined(parts) => parts.iter().any(Self::is_of_answer_body),
            _ => false,
        }
    }
}
