//! A page into the endpoints that it describes.

use std::collections::BTreeSet;

use clientsmith_generator::diagnostics::{Code, Diagnostics};

use crate::columns;
use crate::endpoint::endpoints;
use crate::examples;
use crate::facts::{Body, Endpoint, Field, Location, Parameter, Response, Shape};
use crate::fields::{MOST_FIELDS, Reader};
use crate::read::{Content, Page};
use crate::sections::{self, Role};
use crate::tables::{Located, linked, tables};
use crate::uri::{Uri, variables};

/// The endpoints of a page, none when it is about something else. What the page leaves open or contradicts is reported.
#[must_use]
pub fn extract(page: &Page, diagnostics: &mut Diagnostics) -> Vec<Endpoint> {
    let found = endpoints(page);
    if found.is_empty() {
        return Vec::new();
    }
    let tables = tables(page);
    let mut reader = Reader { page, tables: &tables, diagnostics, used: BTreeSet::new(), left: MOST_FIELDS };
    let roots = roots(&tables);
    let statuses = statuses(page);
    let mut endpoints: Vec<Endpoint> = Vec::new();
    for found in found {
        endpoints.push(endpoint(&mut reader, &roots, &statuses, found.uri, found.line));
    }
    let used = std::mem::take(&mut reader.used);
    for (at, located) in tables.iter().enumerate() {
        if matches!(located.role, Role::Uri | Role::Request | Role::Response) && !used.contains(&at) {
            let message = format!("no field leads to the table {:?}", located.label);
            let finding = diagnostics.report(Code::UnusedTable, page.place(located.line), message);
            finding.about(format!("table {}", located.names().join(",")), located.label.as_str());
        }
    }
    if let [endpoint] = endpoints.as_mut_slice() {
        examples::attach(page, endpoint, diagnostics);
    }
    endpoints
}

/// The tables that explain no field of another table.
fn roots(tables: &[Located<'_>]) -> Vec<usize> {
    let mut explained: Vec<usize> = Vec::new();
    for (at, located) in tables.iter().enumerate() {
        explained.extend(located.table.rows.iter().flat_map(|row| linked(tables, at, row)));
    }
    let mut roots: Vec<usize> = Vec::new();
    for (at, located) in tables.iter().enumerate() {
        let is_parameters =
            |located: &Located<'_>| located.is_of_headers() || located.is_of_query() || located.is_of_path();
        let is_first = !roots
            .iter()
            .filter_map(|root| tables.get(*root))
            .any(|root| (root.role, root.status) == (located.role, located.status) && !is_parameters(root));
        let is_root = match located.role {
            Role::Uri => true,
            Role::Request | Role::Response => {
                is_first || is_parameters(located) || located.is_generic() || is_failure(located)
            }
            _ => false,
        };
        if is_root && !explained.contains(&at) {
            roots.push(at);
        }
    }
    roots
}

/// Whether a table is about what comes when a call fails.
fn is_failure(located: &Located<'_>) -> bool {
    located.role == Role::Response
        && located.label_has(&[
            "异常",
            "失败",
            "错误响应",
            "响应错误",
            "错误信息",
            "error response",
            "要素说明",
        ])
}

fn endpoint(
    reader: &mut Reader<'_, '_>,
    roots: &[usize],
    statuses: &[(u16, String)],
    uri: Uri,
    line: u32,
) -> Endpoint {
    let mut endpoint = Endpoint {
        title: reader.page.title.clone(),
        deprecated: reader.page.title.contains("废弃"),
        method: uri.method.clone(),
        path: uri.path.clone(),
        line,
        parameters: Vec::new(),
        request: None,
        responses: Vec::new(),
    };
    let success =
        statuses.iter().map(|(status, _)| *status).find(|status| (200..300).contains(status)).unwrap_or(200);
    for at in roots.iter().copied() {
        let Some(located) = reader.tables.get(at) else { continue };
        match located.role {
            Role::Uri => uri_table(reader, at, &uri, &mut endpoint),
            Role::Request => request_table(reader, at, &mut endpoint),
            _ => {
                let status =
                    if is_failure(located) { located.status } else { located.status.or(Some(success)) };
                response_table(reader, at, status, &mut endpoint);
            }
        }
    }
    path_variables(reader, &uri, &mut endpoint, line);
    for (status, description) in statuses {
        match endpoint.responses.iter_mut().find(|response| response.status == Some(*status)) {
            Some(response) => response.description.clone_from(description),
            None => endpoint.responses.push(response(Some(*status), description)),
        }
    }
    if !endpoint.responses.iter().any(|response| response.status.is_some_and(|status| status < 300)) {
        endpoint.responses.push(response(Some(success), ""));
    }
    endpoint.responses.sort_by_key(|response| response.status.unwrap_or(u16::MAX));
    endpoint
}

fn response(status: Option<u16>, description: &str) -> Response {
    Response { status, description: description.to_owned(), headers: Vec::new(), body: None }
}

/// Every row is a variable of the path or else a parameter of the query.
fn uri_table(reader: &mut Reader<'_, '_>, at: usize, uri: &Uri, endpoint: &mut Endpoint) {
    let in_path = variables(&uri.path);
    let is_header = reader.tables.get(at).is_some_and(Located::is_of_headers);
    for field in reader.fields(at, &[]) {
        let location = if is_header || is_header_name(&field.name) {
            Location::Header
        } else if in_path.contains(&field.name.as_str()) {
            Location::Path
        } else {
            Location::Query
        };
        add_parameter(endpoint, location, field);
    }
}

fn request_table(reader: &mut Reader<'_, '_>, at: usize, endpoint: &mut Endpoint) {
    let Some(located) = reader.tables.get(at) else { return };
    let location = if located.is_of_headers() {
        Some(Location::Header)
    } else if located.is_of_query() {
        Some(Location::Query)
    } else if located.is_of_path() {
        Some(Location::Path)
    } else if ["GET", "HEAD"].contains(&endpoint.method.as_str()) && !located.label_has(&["body"]) {
        Some(Location::Query)
    } else {
        None
    };
    let line = located.line;
    if location.is_none()
        && let Some(shape) = reader.whole(at)
    {
        endpoint.request = Some(Body { line, shape, examples: Vec::new() });
        return;
    }
    let (headers, others): (Vec<Field>, Vec<Field>) =
        reader.fields(at, &[]).into_iter().partition(|field| is_header_name(&field.name));
    headers.into_iter().for_each(|field| add_parameter(endpoint, Location::Header, field));
    match location {
        Some(location) => others.into_iter().for_each(|field| add_parameter(endpoint, location, field)),
        None => add_to_body(&mut endpoint.request, line, others),
    }
}

fn response_table(reader: &mut Reader<'_, '_>, at: usize, status: Option<u16>, endpoint: &mut Endpoint) {
    let Some(located) = reader.tables.get(at) else { return };
    let (line, is_header) = (located.line, located.is_of_headers());
    let at_response = match endpoint.responses.iter().position(|response| response.status == status) {
        Some(position) => position,
        None => {
            endpoint.responses.push(response(status, ""));
            endpoint.responses.len() - 1
        }
    };
    let whole = if is_header { None } else { reader.whole(at) };
    let fields = if whole.is_some() { Vec::new() } else { reader.fields(at, &[]) };
    let Some(response) = endpoint.responses.get_mut(at_response) else { return };
    if let Some(shape) = whole {
        response.body = Some(Body { line, shape, examples: Vec::new() });
        return;
    }
    let (headers, others): (Vec<Field>, Vec<Field>) =
        fields.into_iter().partition(|field| is_header || is_header_name(&field.name));
    response.headers.extend(headers);
    add_to_body(&mut response.body, line, others);
}

/// Adds the fields of one more table to a body.
fn add_to_body(body: &mut Option<Body>, line: u32, fields: Vec<Field>) {
    if fields.is_empty() {
        return;
    }
    let body =
        body.get_or_insert_with(|| Body { line, shape: Shape::Object(Vec::new()), examples: Vec::new() });
    if let Shape::Object(known) = &mut body.shape {
        for field in fields {
            if !known.iter().any(|other| other.name == field.name) {
                known.push(field);
            }
        }
    }
}

fn add_parameter(endpoint: &mut Endpoint, location: Location, field: Field) {
    let is_known = endpoint
        .parameters
        .iter()
        .any(|parameter| parameter.location == location && parameter.field.name == field.name);
    if !is_known {
        endpoint.parameters.push(Parameter { location, field });
    }
}

/// Names that only headers have.
fn is_header_name(name: &str) -> bool {
    name.starts_with("X-")
        || ["Content-Type", "Authorization", "Accept", "Content-Length", "Host"].contains(&name)
}

/// Adds the variables of the path and the names in the template of the query that stand in no table.
fn path_variables(reader: &mut Reader<'_, '_>, uri: &Uri, endpoint: &mut Endpoint, line: u32) {
    for name in variables(&uri.path) {
        let is_known = endpoint
            .parameters
            .iter()
            .any(|parameter| parameter.location == Location::Path && parameter.field.name == name);
        if !is_known {
            let message = format!("{{{name}}} of the path stands in no table");
            let finding = reader.diagnostics.report(Code::PathVariable, reader.page.place(line), message);
            finding.help("a required string is taken for it").about(format!("path {name}"), "in no table");
            add_parameter(endpoint, Location::Path, bare(name, line));
        }
    }
    let in_path = variables(&uri.path);
    for parameter in endpoint.parameters.iter().filter(|parameter| parameter.location == Location::Path) {
        if !in_path.contains(&parameter.field.name.as_str()) {
            let message =
                format!("{} is a parameter of the path, which has no {{{0}}}", parameter.field.name);
            let place = reader.page.place(parameter.field.line);
            let finding = reader.diagnostics.report(Code::PathVariable, place, message);
            finding.about(format!("path {}", parameter.field.name), "not in the path");
        }
    }
    endpoint.parameters.retain(|parameter| {
        parameter.location != Location::Path || in_path.contains(&parameter.field.name.as_str())
    });
    for name in &uri.query {
        let is_known = endpoint.parameters.iter().any(|parameter| parameter.field.name == *name);
        if !is_known {
            let message = format!("{name} of the query stands in no table");
            let finding = reader.diagnostics.report(Code::PathVariable, reader.page.place(line), message);
            finding
                .help("it is left out: write it into the draft if it is a parameter")
                .about(format!("query {name}"), "in no table");
        }
    }
}

fn bare(name: &str, line: u32) -> Field {
    Field {
        name: name.to_owned(),
        line,
        required: Some(true),
        shape: Shape::String,
        description: String::new(),
        limits: crate::limits::Limits::default(),
    }
}

/// The statuses that the page lists, each with what it says of it.
fn statuses(page: &Page) -> Vec<(u16, String)> {
    let mut found: Vec<(u16, String)> = Vec::new();
    let mut add = |status: Option<u16>, description: &str| {
        if let Some(status) = status
            && !found.iter().any(|(known, _)| *known == status)
        {
            found.push((status, description.to_owned()));
        }
    };
    for (_, block) in sections::blocks(page).filter(|(section, _)| section.role == Role::Statuses) {
        match &block.content {
            Content::Table(table) => {
                let Some(column) = columns::statuses(table) else { continue };
                for row in &table.rows {
                    let Some(cell) = row.cells.get(column) else { continue };
                    let description = row.cells.last().map(|cell| cell.text.as_str()).unwrap_or_default();
                    add(status_in(&cell.text), description);
                }
            }
            // `-   正常` and below it `202`, without a table.
            Content::Text(text) if text.text.chars().count() <= SHORT => add(status_in(&text.text), ""),
            _ => {}
        }
    }
    found
}

/// A paragraph that is longer does more than name a status.
const SHORT: usize = 12;

/// The first number in a text that may be a status.
fn status_in(text: &str) -> Option<u16> {
    text.split(|c: char| !c.is_ascii_digit())
        .find_map(|part| part.parse().ok().filter(|status| part.len() == 3 && (100..600).contains(status)))
}
