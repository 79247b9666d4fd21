//! What a page says of an endpoint: plain data, each part with its line.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::Limits;

/// An endpoint as its page describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The title of the page.
    #[serde(skip)]
    pub title: String,
    /// The method, in capitals.
    pub method: String,
    /// The path, its variables in braces.
    pub path: String,
    /// The line of method and path, from 1.
    #[serde(skip)]
    pub line: u32,
    /// Whether the page calls it outdated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// The parameters beside the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// What is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Body>,
    /// What comes back, success first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
}

impl Location {
    /// As OpenAPI calls it (OpenAPI 3.0.4 §4.7.12.1).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A parameter that is no part of a body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Where it goes.
    #[serde(rename = "in")]
    pub location: Location,
    /// The parameter.
    pub field: Field,
}

/// The body of a request or an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The line of its table or, without one, of its example; from 1.
    #[serde(skip)]
    pub line: u32,
    /// What it consists of.
    pub shape: Shape,
    /// The examples that are JSON.
    #[serde(skip)]
    pub examples: Vec<Example>,
}

/// An example of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The line of its block, from 1.
    pub line: u32,
    /// The value.
    pub value: Value,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status; `None` for all that the page does not name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What the page says of the status.
    #[serde(skip)]
    pub description: String,
    /// Its headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    /// Its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name as it is sent.
    pub name: String,
    /// The line of its row, from 1.
    #[serde(skip)]
    pub line: u32,
    /// Whether it must be there; `None` where the table does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// What it consists of.
    pub shape: Shape,
    /// What the page says of it.
    #[serde(skip)]
    pub description: String,
    /// What its values may be.
    #[serde(default, skip_serializing_if = "Limits::is_none")]
    pub limits: Limits,
}

/// How many bits a number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Width {
    /// 32.
    Bits32,
    /// 64.
    Bits64,
}

impl From<Width> for u8 {
    fn from(width: Width) -> Self {
        match width {
            Width::Bits32 => 32,
            Width::Bits64 => 64,
        }
    }
}

impl TryFrom<u8> for Width {
    type Error = String;

    fn try_from(bits: u8) -> Result<Self, Self::Error> {
        match bits {
            32 => Ok(Self::Bits32),
            64 => Ok(Self::Bits64),
            _ => Err(format!("a number has 32 or 64 bits, and not {bits}")),
        }
    }
}

/// What a value consists of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Text.
    String,
    /// A whole number, and how wide it is where the page says so.
    Integer(Option<Width>),
    /// A number with a fraction, and how wide it is where the page says so.
    Number(Option<Width>),
    /// True or false.
    Boolean,
    /// The content of a file.
    File,
    /// Many of one shape.
    Array(Box<Shape>),
    /// Values of one shape under keys of the caller's own, some of which the page names.
    Map(Box<Shape>, Vec<Field>),
    /// Named values; none where no table tells them.
    Object(Vec<Field>),
    /// Any JSON value.
    Any,
}

impl Shape {
    /// The family of types that the shape belongs to, as JSON Schema calls it, or `map` or `any`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        match self {
            Shape::String | Shape::File => "string",
            Shape::Integer(_) => "integer",
            Shape::Number(_) => "number",
            Shape::Boolean => "boolean",
            Shape::Array(_) => "array",
            Shape::Map(..) => "map",
            Shape::Object(_) => "object",
            Shape::Any => "any",
        }
    }

    /// The named values in it, behind arrays and maps.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        match self {
            Shape::Object(fields) => fields,
            Shape::Map(values, fields) if fields.is_empty() => values.fields(),
            Shape::Map(_, fields) => fields,
            Shape::Array(items) => items.fields(),
            _ => &[],
        }
    }
}
