//! Parameters: what a caller gives outside of the body, and how it is written.

use super::{Docs, Limits, Type};
use crate::source::Place;

/// A value that is given once, on the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientValue {
    /// Its name.
    pub name: String,
    /// Whether no operation can do without.
    pub required: bool,
    /// CommonMark.
    pub description: Option<String>,
}

/// A parameter that is generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Where it goes.
    pub location: Location,
    /// Whether the call cannot be made without.
    pub required: bool,
    /// What its value is; `null` aside, which is the same as leaving it out.
    pub ty: Type,
    /// How its value is written.
    pub style: Style,
    /// Whether each item of an array and each property of an object is written by itself.
    pub explode: bool,
    /// Whether reserved characters are written as they are; in the query only.
    pub allow_reserved: bool,
    /// Whether it may be sent without a value; in the query only.
    pub allow_empty_value: bool,
    /// Whether the value is secret.
    pub secret: bool,
    /// What it is about.
    pub docs: Docs,
    /// What its values are limited to.
    pub limits: Limits,
    /// What the server takes when it is left out, as JSON.
    pub default: Option<String>,
    /// An example, as JSON.
    pub example: Option<String>,
    /// The index into [`super::Api::client_values`] when it is given once, on the client.
    pub client_value: Option<usize>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// As a document of that media type, which is JSON.
    Json(String),
    /// As a document of that media type, which is not JSON: the type is text.
    Text(String),
}
