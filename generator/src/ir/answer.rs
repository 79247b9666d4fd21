//! What the service answers: outcomes, bodies and headers.

use super::{Type, TypeId};

/// A header of answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name on the wire.
    pub name: String,
    /// What its value is: a scalar, an enum, or an array of these.
    pub ty: Type,
    /// CommonMark.
    pub description: Option<String>,
    /// Whether it should not be relied on any more.
    pub deprecated: bool,
}

/// What comes back with certain statuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The lowest and the highest status.
    pub statuses: (u16, u16),
    /// Whether the description says `default`.
    pub is_default: bool,
    /// What the answer can hold: the `Content-Type` chooses. Empty when it has no body.
    pub bodies: Vec<Body>,
    /// CommonMark.
    pub description: String,
}

/// One media type of the body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The media type or range, as the description has it.
    pub media_type: String,
    /// What it holds.
    pub kind: BodyKind,
}

/// What the body of an answer holds.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyKind {
    /// JSON.
    Json(Type),
    /// Text, XML among others.
    Text,
    /// Bytes that are handed on as they arrive.
    Bytes,
    /// Server-Sent Events, whose data is JSON of that type, or else text.
    Events(Option<Type>),
    /// Lines of JSON.
    Lines(Type),
    /// A JSON text sequence (RFC 7464).
    Sequence(Type),
}

impl Outcome {
    /// The type of the body, where it is JSON of one type whatever the media type.
    #[must_use]
    pub fn json(&self) -> Option<&Type> {
        let first = self.bodies.first()?.json()?;
        self.bodies.iter().all(|body| body.json() == Some(first)).then_some(first)
    }

    /// The type with a name that the body is, if it is one.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self.json() {
            Some(Type::Named(id)) => Some(*id),
            _ => None,
        }
    }

    /// What bodies there are that a caller has to tell apart, each with the indexes of its media types; empty without a
    /// body. Text says nothing about what it is, so that beside other bodies each subtype of it stands by itself.
    #[must_use]
    pub fn readings(&self) -> Vec<(&BodyKind, Vec<usize>)> {
        let subtype = |body: &Body| {
            let essence = body.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            essence.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let is_mixed = self.bodies.windows(2).any(|pair| matches!(pair, [a, b] if a.kind != b.kind));
        let mut readings: Vec<(&BodyKind, Vec<usize>)> = Vec::new();
        for (index, body) in self.bodies.iter().enumerate() {
            let same = |first: Option<&usize>| {
                let first = first.and_then(|first| self.bodies.get(*first));
                !is_mixed || body.kind != BodyKind::Text || first.map(subtype) == Some(subtype(body))
            };
            let known =
                readings.iter_mut().find(|(kind, indexes)| **kind == body.kind && same(indexes.first()));
            match known {
                Some((_, indexes)) => indexes.push(index),
                None => readings.push((&body.kind, vec![index])),
            }
        }
        readings
    }
}

impl Body {
    /// The type of JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Type> {
        match &self.kind {
            BodyKind::Json(ty) => Some(ty),
            _ => None,
        }
    }
}

impl BodyKind {
    /// The type of its JSON, of the whole or of an item.
    #[must_use]
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Events(Some(ty)) | Self::Lines(ty) | Self::Sequence(ty) => Some(ty),
            Self::Text | Self::Bytes | Self::Events(None) => None,
        }
    }

    /// Whether it is handed on as it arrives.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Bytes | Self::Events(_) | Self::Lines(_) | Self::Sequence(_))
    }
}
