//! Callbacks: requests that the service makes because of a call, and that somebody else answers.

use super::{Docs, Location, Type};
use crate::source::Place;

/// A request that the service makes (OpenAPI 3.0.4 §4.7.18).
#[derive(Clone, Debug)]
pub struct Callback {
    /// Its key.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The method of HTTP, upper-case.
    pub method: &'static str,
    /// The runtime expression of the URL.
    pub url: String,
    /// What it is about.
    pub docs: Docs,
    /// What stands in the URL and the headers.
    pub parameters: Vec<CallbackParameter>,
    /// What the service sends, JSON first.
    pub bodies: Vec<CallbackBody>,
    /// What is known of the body: CommonMark.
    pub body_description: Option<String>,
    /// What is answered.
    pub answers: Vec<CallbackAnswer>,
}

/// A parameter of a callback.
#[derive(Clone, Debug)]
pub struct CallbackParameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it is.
    pub location: Location,
    /// What its value is.
    pub ty: Type,
    /// Whether it is always there.
    pub required: bool,
    /// What it is about.
    pub docs: Docs,
}

/// One media type of a body.
#[derive(Clone, Debug)]
pub struct CallbackBody {
    /// The media type, as the description has it.
    pub media_type: String,
    /// What it holds; `None` for text and bytes.
    pub ty: Option<Type>,
}

/// What a callback is answered with.
#[derive(Clone, Debug)]
pub struct CallbackAnswer {
    /// The lowest and the highest status; `None` for all others.
    pub statuses: Option<(u16, u16)>,
    /// CommonMark.
    pub description: String,
    /// What it can hold, JSON first.
    pub bodies: Vec<CallbackBody>,
}

impl Callback {
    /// The types of what the service sends.
    pub fn sent(&self) -> impl Iterator<Item = &Type> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        parameters.chain(self.bodies.iter().filter_map(|body| body.ty.as_ref()))
    }

    /// The types of what it is answered with.
    pub fn answered(&self) -> impl Iterator<Item = &Type> {
        self.answers.iter().flat_map(|answer| &answer.bodies).filter_map(|body| body.ty.as_ref())
    }
}
