//! Operations and their request bodies.

use super::{Body, Callback, Docs, GroupId, Link, Outcome, Pagination, Parameter, Type};
use crate::source::Place;

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The operationId, or what stands for it; unique.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// The group.
    pub group: GroupId,
    /// The method of HTTP, upper-case.
    pub method: &'static str,
    /// The index of its servers in [`super::Api::servers`].
    pub servers: usize,
    /// The path template. It may end in a query, before which nothing else stands in the query that is sent.
    pub path: String,
    /// What it is about.
    pub docs: Docs,
    /// The page of the vendor's documentation.
    pub page: Option<String>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// What comes back on success; never empty.
    pub success: Vec<Outcome>,
    /// What comes back on documented failures.
    pub failure: Vec<Outcome>,
    /// The headers of successful answers by index into [`super::Api::headers`].
    pub headers: Vec<usize>,
    /// The alternatives of authentication by index into [`super::Api::schemes`]; empty when none is needed.
    pub security: Vec<Vec<usize>>,
    /// The index of the rule in [`super::Api::error_rules`].
    pub error_rule: usize,
    /// What can be asked next.
    pub links: Vec<Link>,
    /// What the service asks because of a call.
    pub callbacks: Vec<Callback>,
    /// How it is paged.
    pub pagination: Option<Pagination>,
    /// Whether the client has it; what it has not is there for the names alone.
    pub is_selected: bool,
}

/// A request body.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestBody {
    /// What it can hold; never empty. The caller chooses where there are several.
    pub contents: Vec<Content>,
    /// Whether the call cannot be made without.
    pub required: bool,
    /// CommonMark.
    pub description: Option<String>,
}

/// One media type of a request body.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The media type, as the description has it.
    pub media_type: String,
    /// What it holds.
    pub kind: ContentKind,
    /// An example, as JSON.
    pub example: Option<String>,
}

/// What a request body holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ContentKind {
    /// JSON.
    Json(Type),
    /// A form (`application/x-www-form-urlencoded`) of an object, and how properties are written for which that is not as
    /// usual.
    Form(Type, Vec<FormEncoding>),
    /// Parts with names.
    Multipart(Vec<Part>),
    /// Parts of which the description does not say what they are.
    AnyMultipart,
    /// Text, XML among others.
    Text,
    /// Bytes.
    Bytes,
}

/// How a property of a form is written (OpenAPI 3.0.4 §4.7.15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormEncoding {
    /// The property.
    pub name: String,
    /// The style.
    pub style: FormStyle,
    /// Whether reserved characters are left as they are.
    pub allow_reserved: bool,
}

/// The styles of properties of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormStyle {
    /// Arrays as repeated names, objects as JSON: what is usual.
    Repeated,
    /// `form` with `explode`.
    Exploded,
    /// `form` without `explode`.
    Commas,
    /// `spaceDelimited`.
    Spaces,
    /// `pipeDelimited`.
    Pipes,
    /// `deepObject`.
    Deep,
    /// Everything as JSON.
    Json,
}

/// A part of a body with several.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name on the wire.
    pub name: String,
    /// What it holds.
    pub kind: PartKind,
    /// Whether there are as many parts of this name as the caller gives.
    pub is_list: bool,
    /// Whether the body cannot do without.
    pub required: bool,
    /// The media type, where the description says one.
    pub media_type: Option<String>,
    /// What it is about.
    pub docs: Docs,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq)]
pub enum PartKind {
    /// A value: text, or JSON where it is no scalar.
    Value(Type),
    /// A file.
    File,
}

impl Operation {
    /// Whether a success can be a stream.
    #[must_use]
    pub fn has_stream(&self) -> bool {
        self.success.iter().flat_map(|outcome| &outcome.bodies).any(|body| body.kind.is_stream())
    }

    /// The indexes of the parameters that every call has to give: required, and not given on the client.
    pub fn required_parameters(&self) -> impl Iterator<Item = usize> {
        let indexed = self.parameters.iter().enumerate();
        indexed
            .filter(|(_, parameter)| parameter.required && parameter.client_value.is_none())
            .map(|(index, _)| index)
    }

    /// The types of the JSON bodies of documented failures, each once.
    #[must_use]
    pub fn failure_types(&self) -> Vec<&Type> {
        let mut types: Vec<&Type> = Vec::new();
        for outcome in &self.failure {
            for ty in outcome.bodies.iter().filter_map(Body::json) {
                if !types.contains(&ty) {
                    types.push(ty);
                }
            }
        }
        types
    }

    /// The indexes of the parameters that a call may give: not required, and not given on the client.
    pub fn optional_parameters(&self) -> impl Iterator<Item = usize> {
        let indexed = self.parameters.iter().enumerate();
        indexed
            .filter(|(_, parameter)| !parameter.required && parameter.client_value.is_none())
            .map(|(index, _)| index)
    }
}

impl Content {
    /// The types of its JSON and of its parts.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let (whole, parts) = match &self.kind {
            ContentKind::Json(ty) | ContentKind::Form(ty, _) => (Some(ty), [].as_slice()),
            ContentKind::Multipart(parts) => (None, parts.as_slice()),
            ContentKind::AnyMultipart | ContentKind::Text | ContentKind::Bytes => (None, [].as_slice()),
        };
        let of_parts = parts.iter().filter_map(|part| match &part.kind {
            PartKind::Value(ty) => Some(ty),
            PartKind::File => None,
        });
        whole.into_iter().chain(of_parts)
    }
}
