//! What changed in an endpoint that both sets of pages describe.

use std::collections::BTreeMap;

use super::{Aspect, Change, signature};
use crate::facts::{Body, Endpoint, Field, Location, Shape, Width};
use crate::limits::Limits;
use crate::part;
use crate::uri;

/// What a part of an endpoint says of itself.
struct Said<'pages> {
    line: u32,
    /// Its type, in words that also tell how wide numbers are.
    kind: String,
    /// Its row in a table; bodies have none.
    field: Option<&'pages Field>,
}

/// What an endpoint says, by part.
#[derive(Default)]
struct Parts<'pages> {
    parts: BTreeMap<String, Said<'pages>>,
}

/// What has changed between an endpoint and what the page of that name says of it now.
pub(super) fn changes(old: &Endpoint, page: &str, new: &Endpoint) -> Vec<Change> {
    let (before, after) = (Parts::of(old, old), Parts::of(new, old));
    let mut changes = Changes { page, endpoint: signature(new), found: Vec::new() };
    let lines = (old.line, new.line);
    changes.compare("", Aspect::Path, (old.path.clone(), new.path.clone()), lines);
    changes.compare("", Aspect::Deprecation, (yes(old.deprecated), yes(new.deprecated)), lines);
    for (at, said) in &before.parts {
        match after.parts.get(at) {
            Some(now) => changes.part(at, said, now),
            // What stands in something that is gone is gone with it.
            None if before.is_in_other_than(at, &after) => {}
            None => changes.add(at, Aspect::Field, Some((said.described(), said.line)), None),
        }
    }
    for (at, said) in &after.parts {
        if !before.parts.contains_key(at) && !after.is_in_other_than(at, &before) {
            changes.add(at, Aspect::Field, None, Some((said.described(), said.line)));
        }
    }
    changes.found
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// A type in words that also tell the width.
fn kind(shape: &Shape) -> String {
    let bits = |width: Width| u8::from(width);
    match shape {
        Shape::Integer(Some(width)) => format!("integer of {} bits", bits(*width)),
        Shape::Number(Some(width)) => format!("number of {} bits", bits(*width)),
        Shape::Array(items) => format!("array of {}", kind(items)),
        Shape::Map(values, _) => format!("map of {}", kind(values)),
        Shape::File => "file".to_owned(),
        shape => shape.family().to_owned(),
    }
}

impl Said<'_> {
    fn described(&self) -> String {
        match self.field.and_then(|field| field.required) {
            Some(is_required) => format!("{}, {}", self.kind, part::required(is_required)),
            None => self.kind.clone(),
        }
    }
}

impl<'pages> Parts<'pages> {
    /// The variables of the path are called as in `named`, so that a new name of one is one change and not two.
    fn of(endpoint: &'pages Endpoint, named: &Endpoint) -> Self {
        let mut parts = Self::default();
        let names = uri::same_but_for_names(&endpoint.path, &named.path).unwrap_or_default();
        for parameter in &endpoint.parameters {
            let name = parameter.field.name.as_str();
            let name = match parameter.location {
                Location::Path => {
                    let other = names.iter().find(|(own, _)| *own == name);
                    other.map_or(name, |(_, other)| other).to_owned()
                }
                Location::Query => name.to_owned(),
                Location::Header => name.to_lowercase(),
            };
            parts.field(format!("{} {name}", parameter.location.as_str()), &parameter.field);
        }
        if let Some(body) = &endpoint.request {
            parts.body("request".to_owned(), Some(body), endpoint.line);
        }
        for response in &endpoint.responses {
            let status = part::answer(response.status);
            for header in &response.headers {
                parts.field(format!("{status} header {}", header.name.to_lowercase()), header);
            }
            parts.body(status, response.body.as_ref(), endpoint.line);
        }
        parts
    }

    fn body(&mut self, at: String, body: Option<&'pages Body>, line: u32) {
        if let Some(body) = body {
            self.shape(&format!("{at} "), &body.shape);
        }
        let kind = body.map_or_else(|| "no body".to_owned(), |body| kind(&body.shape));
        let line = body.map_or(line, |body| body.line);
        self.parts.insert(at, Said { line, kind, field: None });
    }

    fn field(&mut self, at: String, field: &'pages Field) {
        self.shape(&at, &field.shape);
        self.parts.insert(at, Said { line: field.line, kind: kind(&field.shape), field: Some(field) });
    }

    fn shape(&mut self, at: &str, shape: &'pages Shape) {
        match shape {
            Shape::Array(items) => self.shape(&format!("{at}[]"), items),
            Shape::Map(values, fields) if fields.is_empty() => self.shape(&format!("{at}{{}}"), values),
            shape => {
                for field in shape.fields() {
                    self.field(part::below(at, &field.name), field);
                }
            }
        }
    }

    /// Whether a part stands in one that `other` does not have.
    fn is_in_other_than(&self, at: &str, other: &Self) -> bool {
        let mut above = at.rmatch_indices(['.', '[', '{', ' ']).filter_map(|(end, _)| at.get(..end));
        above.any(|above| self.parts.contains_key(above) && !other.parts.contains_key(above))
    }
}

struct Changes<'pages> {
    page: &'pages str,
    endpoint: String,
    found: Vec<Change>,
}

/// What limits say of an aspect, in words.
type Says = fn(&Limits) -> String;

const LIMITS: &[(Aspect, Says)] = &[
    (Aspect::Range, Limits::range),
    (Aspect::Length, Limits::length),
    (Aspect::Values, |limits| {
        let mut values = limits.values.clone();
        values.sort();
        if values.is_empty() { "any".to_owned() } else { values.join(", ") }
    }),
    (Aspect::Default, |limits| limits.default.clone().unwrap_or_else(|| "none".to_owned())),
    (Aspect::Deprecation, |limits| yes(limits.deprecated)),
];

impl Changes<'_> {
    fn add(&mut self, at: &str, aspect: Aspect, old: Option<(String, u32)>, new: Option<(String, u32)>) {
        let ((old, old_line), (new, new_line)) = (old.unzip(), new.unzip());
        let (endpoint, page, at) = (self.endpoint.clone(), self.page.to_owned(), at.to_owned());
        self.found.push(Change { endpoint, page, at, aspect, old, new, old_line, new_line });
    }

    fn compare(&mut self, at: &str, aspect: Aspect, (old, new): (String, String), lines: (u32, u32)) {
        if old != new {
            self.add(at, aspect, Some((old, lines.0)), Some((new, lines.1)));
        }
    }

    fn part(&mut self, at: &str, old: &Said<'_>, new: &Said<'_>) {
        let lines = (old.line, new.line);
        self.compare(at, Aspect::Type, (old.kind.clone(), new.kind.clone()), lines);
        let (Some(old), Some(new)) = (old.field, new.field) else { return };
        let required = |field: &Field| field.required.map_or_else(|| "not told".to_owned(), yes);
        self.compare(at, Aspect::Required, (required(old), required(new)), lines);
        for (aspect, says) in LIMITS {
            self.compare(at, *aspect, (says(&old.limits), says(&new.limits)), lines);
        }
    }
}
