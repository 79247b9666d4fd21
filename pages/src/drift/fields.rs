//! What changed in an endpoint that both sets of pages describe.

use std::collections::BTreeMap;

use super::{Aspect, Change, signature};
use crate::facts::{Endpoint, Field, Location, Shape};
use crate::limits::Limits;
use crate::uri;

/// A page and an endpoint on it.
pub(super) type On<'pages> = (&'pages str, &'pages Endpoint);

/// What a place in an endpoint says of itself.
struct Said<'pages> {
    line: u32,
    required: Option<bool>,
    shape: &'pages Shape,
    limits: Option<&'pages Limits>,
}

/// What an endpoint says, by place.
#[derive(Default)]
struct Places<'pages> {
    places: BTreeMap<String, Said<'pages>>,
}

pub(super) fn changes((_, old): On<'_>, (page, new): On<'_>) -> Vec<Change> {
    let (before, after) = (Places::of(old, old), Places::of(new, old));
    let mut changes = Changes { page, endpoint: signature(new), found: Vec::new() };
    if old.path != new.path {
        changes.add("", Aspect::Path, (Some(old.path.clone()), old.line), (Some(new.path.clone()), new.line));
    }
    changes.flag("", Aspect::Deprecation, (Some(old.deprecated), old.line), (Some(new.deprecated), new.line));
    statuses(old, new, &mut changes);
    for (at, said) in &before.places {
        match after.places.get(at) {
            Some(now) => changes.compare(at, said, now),
            // What stands in an object that is gone is gone with it.
            None if above(at)
                .any(|above| before.places.contains_key(above) && !after.places.contains_key(above)) => {}
            None => changes.add(at, Aspect::Field, (Some(described(said)), said.line), (None, 0)),
        }
    }
    for (at, said) in &after.places {
        let is_in_new =
            above(at).any(|above| after.places.contains_key(above) && !before.places.contains_key(above));
        if !before.places.contains_key(at) && !is_in_new {
            changes.add(at, Aspect::Field, (None, 0), (Some(described(said)), said.line));
        }
    }
    changes.found
}

fn statuses(old: &Endpoint, new: &Endpoint, changes: &mut Changes<'_>) {
    let has = |endpoint: &Endpoint, status: Option<u16>| {
        endpoint.responses.iter().any(|response| response.status == status)
    };
    for response in old.responses.iter().filter(|response| !has(new, response.status)) {
        changes.add(
            &place(response.status),
            Aspect::Status,
            (Some("an answer".to_owned()), old.line),
            (None, 0),
        );
    }
    for response in new.responses.iter().filter(|response| !has(old, response.status)) {
        changes.add(
            &place(response.status),
            Aspect::Status,
            (None, 0),
            (Some("an answer".to_owned()), new.line),
        );
    }
}

fn place(status: Option<u16>) -> String {
    status.map_or("other".to_owned(), |status| status.to_string())
}

/// The places that a place stands in, the nearest first.
fn above(at: &str) -> impl Iterator<Item = &str> {
    at.rmatch_indices(['.', '[', ' ']).filter_map(|(end, _)| at.get(..end))
}

fn described(said: &Said<'_>) -> String {
    let required = if said.required == Some(true) { "required " } else { "" };
    format!("{required}{}", kind(said.shape))
}

/// A type in words that also tell the width.
fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Integer(Some(bits)) => format!("integer of {bits} bits"),
        Shape::Number(Some(bits)) => format!("number of {bits} bits"),
        Shape::Array(items) => format!("array of {}", kind(items)),
        Shape::Map(values, _) => format!("map of {}", kind(values)),
        Shape::File => "file".to_owned(),
        shape => shape.family().to_owned(),
    }
}

impl<'pages> Places<'pages> {
    /// The variables of the path have the names of `named`, so that a new name is one change and not two.
    fn of(endpoint: &'pages Endpoint, named: &Endpoint) -> Self {
        let mut places = Self::default();
        let names: Vec<(&str, &str)> =
            uri::variables(&endpoint.path).into_iter().zip(uri::variables(&named.path)).collect();
        for parameter in &endpoint.parameters {
            let name = parameter.field.name.as_str();
            let at = match parameter.location {
                Location::Path => {
                    let known = names.iter().find(|(own, _)| *own == name).map_or(name, |(_, other)| other);
                    format!("path {known}")
                }
                Location::Query => format!("query {name}"),
                Location::Header => format!("header {}", name.to_lowercase()),
            };
            places.field(at, &parameter.field);
        }
        if let Some(body) = &endpoint.request {
            places.shape("request", &body.shape);
        }
        for response in &endpoint.responses {
            let status = place(response.status);
            for header in &response.headers {
                places.field(format!("{status} header {}", header.name.to_lowercase()), header);
            }
            if let Some(body) = &response.body {
                places.shape(&status, &body.shape);
            }
        }
        places
    }

    fn field(&mut self, at: String, field: &'pages Field) {
        self.shape(&at, &field.shape);
        let Field { line, required, shape, limits, .. } = field;
        self.places.insert(at, Said { line: *line, required: *required, shape, limits: Some(limits) });
    }

    fn shape(&mut self, at: &str, shape: &'pages Shape) {
        let (at, inner) = match shape {
            Shape::Array(items) => return self.shape(&format!("{at}[]"), items),
            Shape::Map(values, fields) if fields.is_empty() => {
                return self.shape(&format!("{at}{{}}"), values);
            }
            shape => (at, shape.fields()),
        };
        let separator = if at.contains(' ') { '.' } else { ' ' };
        for field in inner {
            self.field(format!("{at}{separator}{}", field.name), field);
        }
    }
}

struct Changes<'pages> {
    page: &'pages str,
    endpoint: String,
    found: Vec<Change>,
}

impl Changes<'_> {
    fn add(&mut self, at: &str, aspect: Aspect, old: (Option<String>, u32), new: (Option<String>, u32)) {
        let line = |(said, line): &(Option<String>, u32)| said.as_ref().map(|_| *line);
        self.found.push(Change {
            endpoint: self.endpoint.clone(),
            page: self.page.to_owned(),
            at: at.to_owned(),
            aspect,
            old_line: line(&old),
            new_line: line(&new),
            old: old.0,
            new: new.0,
        });
    }

    fn compare(&mut self, at: &str, old: &Said<'_>, new: &Said<'_>) {
        if kind(old.shape) != kind(new.shape) {
            self.add(at, Aspect::Type, (Some(kind(old.shape)), old.line), (Some(kind(new.shape)), new.line));
        }
        self.flag(at, Aspect::Required, (old.required, old.line), (new.required, new.line));
        let none = Limits::default();
        let (before, after) = (old.limits.unwrap_or(&none), new.limits.unwrap_or(&none));
        for (aspect, says) in LIMITS {
            let (was, is) = (says(before), says(after));
            if was != is {
                self.add(at, *aspect, (was, old.line), (is, new.line));
            }
        }
    }

    fn flag(&mut self, at: &str, aspect: Aspect, old: (Option<bool>, u32), new: (Option<bool>, u32)) {
        let says = |(flag, line): (Option<bool>, u32)| {
            (flag.map(|flag| if flag { "yes" } else { "no" }.to_owned()), line)
        };
        if old.0 != new.0 {
            self.add(at, aspect, says(old), says(new));
        }
    }
}

/// What limits say of an aspect.
type Says = fn(&Limits) -> Option<String>;

const LIMITS: &[(Aspect, Says)] = &[
    (Aspect::Range, |limits| {
        let end = |end: Option<i64>, is_open: bool| {
            end.map(|end| if is_open { format!("{end} excluded") } else { end.to_string() })
        };
        range(end(limits.minimum, limits.exclusive_minimum), end(limits.maximum, limits.exclusive_maximum))
    }),
    (Aspect::Length, |limits| range(limits.min_length, limits.max_length)),
    (Aspect::Values, |limits| {
        let mut values = limits.values.clone();
        values.sort();
        (!values.is_empty()).then(|| values.join(", "))
    }),
    (Aspect::Default, |limits| limits.default.clone()),
    (Aspect::Deprecation, |limits| limits.deprecated.then(|| "yes".to_owned())),
];

fn range<Number: ToString>(least: Option<Number>, most: Option<Number>) -> Option<String> {
    if least.is_none() && most.is_none() {
        return None;
    }
    let end = |number: Option<Number>| number.map(|number| number.to_string()).unwrap_or_default();
    Some(format!("{}..{}", end(least), end(most)))
}
