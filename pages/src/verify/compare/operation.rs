//! One operation against one endpoint: path, parameters, bodies, answers.

use std::collections::BTreeSet;

use clientsmith_generator::model::{
    self, MediaType, Named, ParameterLocation, ParameterShape, SchemaRef, StatusKey,
};

use super::super::finding::Kind;
use super::fields::Demands;
use super::{Comparison, Places, method, signature};
use crate::facts::{Body, Endpoint, Location, Parameter, Response};
use crate::part::{self, described, required};
use crate::uri;

/// Headers that the transport or the signature sets. Pages repeat them; a description has no need to.
const OWNED_HEADERS: &[&str] =
    &["accept", "authorization", "content-length", "content-type", "host", "x-auth-token", "x-sdk-date"];

impl Comparison<'_> {
    pub(super) fn operation(&mut self, endpoint: &Endpoint) {
        let operation = self.operation;
        let places = Places { line: endpoint.line, place: operation.path.place };
        *self.fields += 1;
        let said = format!("{} {}", endpoint.method, endpoint.path);
        let variables = uri::same_but_for_names(&endpoint.path, &operation.path.value);
        if variables.is_none() || endpoint.method != method(operation.method) {
            self.report(Kind::OtherPath, "", said, signature(operation), places);
        }
        let variables = variables.unwrap_or_default();
        for (page, spec) in variables.iter().filter(|(page, spec)| page != spec) {
            self.report(Kind::OtherName, &format!("path {page}"), *page, *spec, places);
        }
        if endpoint.deprecated != operation.deprecated {
            let places = Places { line: endpoint.line, place: operation.place };
            self.report(
                Kind::OtherDeprecation,
                "",
                deprecation(endpoint.deprecated),
                deprecation(operation.deprecated),
                places,
            );
        }
        self.parameters(endpoint, &variables);
        self.request(endpoint);
        self.responses(endpoint);
    }

    fn parameters(&mut self, endpoint: &Endpoint, variables: &[(&str, &str)]) {
        let operation = self.operation;
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for parameter in &endpoint.parameters {
            let field = &parameter.field;
            let name = match parameter.location {
                Location::Path => variables
                    .iter()
                    .find(|(page, _)| *page == field.name)
                    .map_or(field.name.as_str(), |(_, spec)| *spec),
                _ => field.name.as_str(),
            };
            let found = operation
                .parameters
                .iter()
                .enumerate()
                .find(|(_, known)| is_called(known, parameter.location, name));
            let at = format!("{} {}", parameter.location.as_str(), field.name);
            match found {
                Some((index, known)) => {
                    seen.insert(index);
                    self.parameter(&at, parameter, known);
                }
                None if parameter.location == Location::Header && self.is_owned(&field.name) => {}
                None => {
                    let places = Places { line: field.line, place: operation.place };
                    self.report(Kind::Missing, &at, described(field), "nothing", places);
                }
            }
        }
        for (index, extra) in operation.parameters.iter().enumerate() {
            // A header that is given once, on the client, is one of all operations, which no page repeats.
            let is_common = extra.location == ParameterLocation::Header
                && (extra.client_parameter.is_some() || self.is_owned(&extra.name.value));
            if seen.contains(&index) || is_common {
                continue;
            }
            let at = format!("{} {}", spec_location(extra.location), extra.name.value);
            let places = Places { line: endpoint.line, place: extra.name.place };
            self.report(Kind::Extra, &at, "nothing", required(extra.required), places);
        }
    }

    fn is_owned(&self, header: &str) -> bool {
        OWNED_HEADERS.contains(&header.to_lowercase().as_str())
            || self.specification.security_headers().any(|known| known.eq_ignore_ascii_case(header))
    }

    fn parameter(&mut self, at: &str, page: &Parameter, spec: &model::Parameter) {
        let places = Places { line: page.field.line, place: spec.name.place };
        if page.location != Location::Path
            && page.field.required.is_some_and(|required| required != spec.required)
        {
            let said = required(page.field.required == Some(true));
            self.report(Kind::OtherRequired, at, said, required(spec.required), places);
        }
        self.field(at, &page.field, &schemas(&spec.shape), spec.deprecated, places, Demands::Request);
    }

    fn request(&mut self, endpoint: &Endpoint) {
        let spec = self.operation.request_body.as_ref();
        let place = spec.map_or(self.operation.place, |body| body.place);
        let line = endpoint.request.as_ref().map_or(endpoint.line, |body| body.line);
        let content = spec.map(|body| body.content.as_slice());
        self.body("request", endpoint.request.as_ref(), content, Places { line, place }, Demands::Request);
    }

    fn responses(&mut self, endpoint: &Endpoint) {
        let operation = self.operation;
        let is_success = |key: StatusKey| match key {
            StatusKey::Code(status) => status < 400,
            StatusKey::Range(digit) => digit < 4,
            StatusKey::Default => false,
        };
        let mut left: Vec<&(StatusKey, model::Response)> =
            operation.responses.iter().filter(|(key, _)| is_success(*key)).collect();
        let successes =
            endpoint.responses.iter().filter(|page| page.status.is_some_and(|status| status < 400)).count();
        for page in &endpoint.responses {
            let line = page.body.as_ref().map_or(endpoint.line, |body| body.line);
            let Some(status) = page.status.filter(|status| *status < 400) else {
                self.failure(endpoint, page);
                continue;
            };
            let exact = left.iter().position(|(key, _)| covers(*key, status));
            // The one success of a page is that of the description, whatever its status.
            let found = exact.or(((left.len() == 1 || successes == 1) && !left.is_empty()).then_some(0));
            let Some(at) = found else {
                let places = Places { line, place: operation.place };
                self.report(Kind::Missing, &status.to_string(), "an answer", "nothing", places);
                continue;
            };
            let (key, response) = left.remove(at);
            let places = Places { line, place: response.place };
            if exact.is_none() {
                self.report(
                    Kind::OtherStatus,
                    &status.to_string(),
                    status.to_string(),
                    status_text(*key),
                    places,
                );
            }
            self.response(&status.to_string(), page, response, places, Demands::Answer);
        }
        for (key, response) in left {
            let places = Places { line: endpoint.line, place: response.place };
            self.report(Kind::Extra, &status_text(*key), "nothing", "an answer", places);
        }
    }

    /// Pages say little of failures, and a description may tell them all at once: what the page says has to be there.
    fn failure(&mut self, endpoint: &Endpoint, page: &Response) {
        let operation = self.operation;
        let line = page.body.as_ref().map_or(endpoint.line, |body| body.line);
        let at = part::answer(page.status);
        let is_failure = |key: StatusKey| match key {
            StatusKey::Code(status) => status >= 400,
            StatusKey::Range(digit) => digit >= 4,
            StatusKey::Default => true,
        };
        let mut candidates: Vec<&(StatusKey, model::Response)> = operation
            .responses
            .iter()
            .filter(|(key, _)| match page.status {
                Some(status) => covers(*key, status) || *key == StatusKey::Default,
                None => is_failure(*key),
            })
            .collect();
        // One status before the range before all others; for the page's "all others" the other way round.
        candidates.sort_by_key(|(key, _)| *key);
        let found = if page.status.is_some() { candidates.first() } else { candidates.last() };
        match found {
            Some((_, response)) => {
                let places = Places { line, place: response.place };
                if page.body.is_some() {
                    self.response(&at, page, response, places, Demands::Failure);
                }
            }
            None => {
                let places = Places { line, place: operation.place };
                self.report(Kind::Missing, &at, "an answer", "nothing", places);
            }
        }
    }

    fn response(
        &mut self,
        at: &str,
        page: &Response,
        spec: &model::Response,
        places: Places,
        demands: Demands,
    ) {
        for field in &page.headers {
            let known = spec.headers.iter().find(|header| header.name.eq_ignore_ascii_case(&field.name));
            let at = format!("{at} header {}", field.name);
            match known {
                Some(header) => {
                    let places = Places { line: field.line, place: header.place };
                    let schemas = schemas(&header.value.shape);
                    self.field(&at, field, &schemas, header.value.deprecated, places, demands);
                }
                // OpenAPI 3.0.4 §4.7.17: a description of this header is ignored.
                None if field.name.eq_ignore_ascii_case("content-type") => {}
                None => {
                    let places = Places { line: field.line, place: places.place };
                    self.report(Kind::Missing, &at, described(field), "nothing", places);
                }
            }
        }
        let content = Some(spec.content.as_slice()).filter(|content| !content.is_empty());
        self.body(at, page.body.as_ref(), content, places, demands);
    }

    fn body(
        &mut self,
        at: &str,
        page: Option<&Body>,
        spec: Option<&[Named<MediaType>]>,
        places: Places,
        demands: Demands,
    ) {
        match (page, spec) {
            (None, None) => {}
            (Some(page), None) => self.report(Kind::Missing, at, page.shape.family(), "no body", places),
            (None, Some(_)) => self.report(Kind::Extra, at, "no body", "a body", places),
            (Some(page), Some(content)) => {
                // The pages speak of JSON; where it is one of several, it is the one they describe.
                let media = content.iter().find(|media| media.name.contains("json")).or(content.first());
                let schemas: Vec<SchemaRef> =
                    media.and_then(|media| media.value.schema.clone()).into_iter().collect();
                self.shape(&format!("{at} "), &page.shape, None, &schemas, places, demands);
            }
        }
    }
}

fn is_called(spec: &model::Parameter, location: Location, name: &str) -> bool {
    match (location, spec.location) {
        (Location::Path, ParameterLocation::Path) | (Location::Query, ParameterLocation::Query) => {
            spec.name.value == name
        }
        (Location::Header, ParameterLocation::Header) => spec.name.value.eq_ignore_ascii_case(name),
        _ => false,
    }
}

fn schemas(shape: &ParameterShape) -> Vec<SchemaRef> {
    match shape {
        ParameterShape::Schema { schema, .. } => schema.iter().cloned().collect(),
        ParameterShape::Content(media) => media.value.schema.iter().cloned().collect(),
    }
}

fn covers(key: StatusKey, status: u16) -> bool {
    match key {
        StatusKey::Code(code) => code == status,
        StatusKey::Range(digit) => u16::from(digit) == status / 100,
        StatusKey::Default => false,
    }
}

fn status_text(key: StatusKey) -> String {
    match key {
        StatusKey::Code(code) => code.to_string(),
        StatusKey::Range(digit) => format!("{digit}XX"),
        StatusKey::Default => "default".to_owned(),
    }
}

fn spec_location(location: ParameterLocation) -> &'static str {
    match location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

pub(super) fn deprecation(deprecated: bool) -> &'static str {
    if deprecated { "deprecated" } else { "not deprecated" }
}
