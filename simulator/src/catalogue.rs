//! The operations of the API, read from its description when the simulator is built.

use crate::{resources, routes};

/// Every operation that the description has.
///
/// ```
/// # use modelarts_simulator::catalogue;
/// let list = catalogue::OPERATIONS.iter().find(|operation| operation.id == "listTrainingJobs").unwrap();
/// assert_eq!((list.method, list.status), ("GET", 200));
/// ```
pub const OPERATIONS: &[Operation] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// What the description says of one operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path, with the names of its parameters in braces.
    pub path: &'static str,
    /// The operationId.
    pub id: &'static str,
    /// The parameters of path, query and headers.
    pub parameters: &'static [Parameter],
    /// The JSON body of the request, for operations that take one.
    pub body: Option<Body>,
    /// The status of success; the lowest where the description has several.
    pub status: u16,
    /// The first example of the body that comes with that status, as JSON; `None` for an answer without a body.
    pub answer: Option<&'static str>,
}

impl Operation {
    /// Whether the answer follows from what was sent before. What has no state is answered with [`answer`](Self::answer).
    #[must_use]
    pub fn has_state(&self) -> bool {
        resources::entries()
            .any(|(method, path, _)| *method == self.method && routes::is_same(path, self.path))
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// The name, as it is sent.
    pub name: &'static str,
    /// `path`, `query`, `header` or `cookie`.
    pub location: &'static str,
    /// Whether a request has to have it.
    pub is_required: bool,
    /// A value that it may have, as text.
    pub example: Option<&'static str>,
}

/// The JSON body of an operation's requests.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    /// Whether a request has to have one.
    pub is_required: bool,
    /// The properties that the body has to have.
    pub required_fields: &'static [&'static str],
    /// The first example, as JSON.
    pub example: Option<&'static str>,
}
