//! The language of `x-clientsmith-*`, typed.

use std::time::Duration;

use super::Located;
use crate::source::{Node, Place};

/// `x-clientsmith-client-parameter`: the parameter is given once, on the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientParameter {
    /// Under the parameter's own name.
    OwnName,
    /// Under the name of another value of the client, which both then share.
    Shared(String),
}

/// How an operation is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaginationKind {
    /// By the number of the page.
    Page,
    /// By the number of items to skip.
    Offset,
    /// By a cursor that the answer before gave.
    Cursor,
    /// By a token that the answer before gave.
    Token,
    /// By a URL that the answer before gave.
    Link,
}

/// `x-clientsmith-pagination`.
#[derive(Clone, Debug)]
pub struct Pagination {
    /// The whole object.
    pub place: Place,
    /// `kind`.
    pub kind: PaginationKind,
    /// `parameters`: the role (`page`, `size`, `offset`, `limit`, `cursor`) and the parameter that has it.
    pub parameters: Vec<(Located<String>, Located<String>)>,
    /// `items`: JSON Pointer to the array of items in the body.
    pub items: Located<String>,
    /// `total`: JSON Pointer to the number of all items.
    pub total: Option<Located<String>>,
    /// `next`: JSON Pointer to the token, cursor or URL of the next page.
    pub next: Option<Located<String>>,
    /// `next-header`: the header with it, instead.
    pub next_header: Option<String>,
    /// `more`: JSON Pointer to whether there is another page.
    pub more: Option<Located<String>>,
    /// `first`: the number of the first page, 1 when absent, or the first offset, 0 when absent.
    pub first: Option<i64>,
}

/// A condition on an answer; all parts that are given have to hold.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The whole object.
    pub place: Place,
    /// `status`: one of these.
    pub status: Vec<u16>,
    /// `code`: the API's code is one of these.
    pub codes: Vec<String>,
    /// `any`: JSON Pointer to an array, of which one item has to fit `pointer` and `in`.
    pub any: Option<Located<String>>,
    /// `pointer`: JSON Pointer into the body, or into the item with `any`.
    pub pointer: Option<Located<String>>,
    /// `in`: the value is one of these.
    pub values: Vec<Node>,
}

/// `x-clientsmith-wait` on a link: when what the linked operation says means done or failed.
#[derive(Clone, Debug)]
pub struct WaitRule {
    /// The whole object.
    pub place: Place,
    /// `done`: any of these.
    pub done: Vec<Condition>,
    /// `failed`: any of these.
    pub failed: Vec<Condition>,
    /// `interval` between the first two polls; 2 s when absent.
    pub interval: Duration,
    /// `max-interval`, up to which it grows; when absent ten times `interval`, 30 s at most, and `interval` at least.
    pub max_interval: Duration,
    /// `deadline` for all of it; 30 min when absent.
    pub deadline: Duration,
    /// `done-message`: what a person is told when it is done.
    pub done_message: Option<String>,
}

/// `x-clientsmith-error`: where a failure says what it is.
#[derive(Clone, Debug)]
pub struct ErrorRule {
    /// The whole object.
    pub place: Place,
    /// `code`: JSON Pointers, the first that leads to a value counts.
    pub code: Vec<Located<String>>,
    /// `message`: likewise.
    pub message: Vec<Located<String>>,
    /// `request-id`: likewise.
    pub request_id: Vec<Located<String>>,
    /// `request-id-header`.
    pub request_id_header: Option<String>,
}

/// `x-clientsmith-retry`: what is worth a retry. What it leaves open holds as the document says it, or else as is usual.
#[derive(Clone, Debug)]
pub struct RetryRule {
    /// The whole object.
    pub place: Place,
    /// `statuses`, where it is there.
    pub statuses: Option<Vec<u16>>,
    /// `codes`, where it is there.
    pub codes: Option<Vec<String>>,
    /// `idempotent`: the operation may be repeated, whatever its method.
    pub idempotent: Option<bool>,
    /// `idempotency-key`: the header that makes it so.
    pub idempotency_key: Option<String>,
}
