//! Links, as data: which call can follow an answer, and what fills it.

use super::Operation;

/// A link (OpenAPI 3.0.4 §4.7.20): a call that can be made with what an earlier call knew.
#[derive(Debug)]
pub struct Link {
    /// Its name in the description.
    pub name: &'static str,
    /// The operation whose answers have it.
    pub from: &'static Operation,
    /// The operation it leads to.
    pub operation: &'static Operation,
    /// What fills the parameters of that operation.
    pub arguments: &'static [LinkArgument],
    /// What fills its body.
    pub body: Option<LinkBody>,
}

/// One parameter that a link fills.
#[derive(Debug)]
pub struct LinkArgument {
    /// The index of the parameter of the operation that the link leads to.
    pub parameter: usize,
    /// Where the value comes from.
    pub source: LinkSource,
}

/// The body that a link fills.
#[derive(Debug)]
pub struct LinkBody {
    /// The media type it is sent as.
    pub media_type: &'static str,
    /// Whether it is written as JSON, and not as text.
    pub is_json: bool,
    /// Where the value comes from.
    pub source: LinkSource,
}

/// Where a value of a link comes from (OpenAPI 3.0.4 §4.7.20.4, runtime expressions).
#[derive(Debug)]
pub enum LinkSource {
    /// A text that does not change.
    Constant(&'static str),
    /// A JSON text that does not change.
    Json(&'static str),
    /// The texts of these, one after the other.
    Joined(&'static [LinkSource]),
    /// The URL of the request, without what credentials added.
    Url,
    /// The method of the request.
    Method,
    /// The parameter with this index of the operation that was called.
    Parameter(usize),
    /// JSON Pointer into the JSON body of the request.
    RequestBody(&'static str),
    /// The status of the answer.
    StatusCode,
    /// JSON Pointer into the JSON body of the answer.
    Body(&'static str),
    /// A header of the answer.
    Header(&'static str),
}
