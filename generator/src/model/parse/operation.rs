//! Paths and operations: what a path item says for all its operations is merged into each.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Parser;
use super::reader::{Fields, Member, Part};
use super::resolve::{Resolved, unescape};
use crate::diagnostics::Code;
use crate::model::keywords;
use crate::model::{
    Located, Method, Named, Operation, Parameter, ParameterLocation, Response, Server, StatusKey,
};
use crate::source::{Place, ReferenceError};

/// The methods by their keys in a path item (OpenAPI 3.0.4 §4.7.9).
const METHODS: [(&str, Method); 8] = [
    ("get", Method::Get),
    ("put", Method::Put),
    ("post", Method::Post),
    ("delete", Method::Delete),
    ("options", Method::Options),
    ("head", Method::Head),
    ("patch", Method::Patch),
    ("trace", Method::Trace),
];

/// The method of a key of a path item.
fn method(key: &str) -> Option<Method> {
    METHODS.iter().find(|(name, _)| *name == key).map(|(_, method)| *method)
}

/// What a path item says for all its operations.
struct Inherited {
    path: Located<String>,
    summary: Option<String>,
    description: Option<String>,
    servers: Vec<Server>,
    parameters: Vec<Parameter>,
}

impl<'tree> Parser<'tree, '_> {
    /// The operations of all paths, in document order.
    pub(super) fn operations(&mut self, document: &Fields<'tree>) -> Vec<Operation> {
        let mut operations = Vec::new();
        let Some(part) = document.part("paths") else {
            self.incomplete(document, "paths", "the description has no operations then");
            return operations;
        };
        let Some(paths) = self.fields(&part, &keywords::PATHS) else { return operations };
        for Member { name, place, part } in paths.members() {
            if !name.starts_with('/') {
                let help = format!("write it as `/{name}`; a key of your own begins with `x-`");
                self.invalid(place, format!("the path `{name}` does not begin with `/`"), help);
                continue;
            }
            if part.is_null() {
                continue;
            }
            let path = Located { value: name.to_owned(), place };
            let Some(Resolved { part, .. }) = self.resolve(&part) else { continue };
            self.path_item(&part, path, &mut operations);
        }
        operations
    }

    fn path_item(&mut self, part: &Part<'tree>, path: Located<String>, operations: &mut Vec<Operation>) {
        let Some(fields) = self.fields(part, &keywords::PATH_ITEM) else { return };
        let inherited = Inherited {
            path,
            summary: self.text(&fields, "summary"),
            description: self.text(&fields, "description"),
            servers: self.servers(&fields),
            parameters: self.parameters(&fields),
        };
        for Member { name, part, .. } in fields.members() {
            if let Some(method) = method(name).filter(|_| !part.is_null()) {
                operations.extend(self.operation(&part, method, &inherited));
            }
        }
    }

    fn operation(&mut self, part: &Part<'tree>, method: Method, inherited: &Inherited) -> Option<Operation> {
        let fields = self.fields(part, &keywords::OPERATION)?;
        let servers = self.servers(&fields);
        let own_parameters = self.parameters(&fields);
        Some(Operation {
            place: fields.place,
            method,
            path: inherited.path.clone(),
            operation_id: self.located_text(&fields, "operationId"),
            tags: self.texts(&fields, "tags"),
            summary: self.text(&fields, "summary").or_else(|| inherited.summary.clone()),
            description: self.text(&fields, "description").or_else(|| inherited.description.clone()),
            external_docs: self.external_docs(&fields),
            parameters: merge(&inherited.parameters, own_parameters),
            request_body: fields.part("requestBody").and_then(|part| self.request_body(&part)),
            responses: self.responses(&fields),
            callbacks: self.callbacks(&fields),
            deprecated: self.flag(&fields, "deprecated"),
            security: self.security(&fields),
            servers: if servers.is_empty() { inherited.servers.clone() } else { servers },
            pagination: self.pagination(&fields),
            error: self.error_rule(&fields),
            error_when: self.error_when(&fields),
            retry: self.retry_rule(&fields),
            page: self.page(&fields),
            rust_name: self.rust_name(&fields),
        })
    }

    /// `parameters` of an operation or path item. Of two with one name and location the first stays.
    fn parameters(&mut self, fields: &Fields<'tree>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places: BTreeMap<ParameterId, Place> = BTreeMap::new();
        for item in self.list(fields, "parameters") {
            let Some(parameter) = self.parameter(&item) else { continue };
            match places.entry(identity(&parameter)) {
                Entry::Occupied(first) => {
                    let message = format!("the parameter `{}` is declared twice", parameter.name.value);
                    self.diagnostics
                        .report(Code::DuplicateParameter, item.node.place, message)
                        .related(*first.get(), "the first declaration")
                        .help("remove one of them; name and `in` together identify a parameter");
                }
                Entry::Vacant(entry) => {
                    entry.insert(parameter.place);
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    fn responses(&mut self, operation: &Fields<'tree>) -> Vec<(StatusKey, Response)> {
        let mut responses = Vec::new();
        let Some(part) = operation.part("responses") else {
            self.incomplete(operation, "responses", "no answer of the operation is known then");
            return responses;
        };
        let Some(fields) = self.fields(&part, &keywords::RESPONSES) else { return responses };
        for Member { name, place, part } in fields.members() {
            let Some(key) = status_key(name) else {
                let help = "a status from 100 to 599, a range such as `2XX`, or `default` is expected";
                self.invalid(place, format!("`{name}` is no status"), help);
                continue;
            };
            if name.ends_with("xx") {
                let message = format!("`{name}` is not written in capitals");
                self.deviation(place, message, format!("it is taken for `{}`", name.to_uppercase()));
            }
            responses.extend(self.response(&part).map(|response| (key, response)));
        }
        responses
    }

    /// The requests of the callbacks. Those of a callback's own requests are not read: they may go on for ever.
    fn callbacks(&mut self, operation: &Fields<'tree>) -> Vec<Named<Vec<Operation>>> {
        if self.is_in_callback {
            if let Some(node) = operation.get("callbacks") {
                self.diagnostics
                    .report(Code::NotGenerated, node.place, "callbacks of a callback are not generated")
                    .help("handle them by hand");
            }
            return Vec::new();
        }
        self.is_in_callback = true;
        let callbacks = self.named(operation, "callbacks", |this, part| {
            let part = this.resolve(part)?.part;
            let fields = this.fields(&part, &keywords::CALLBACK)?;
            let mut requests = Vec::new();
            for Member { name, place, part } in fields.members().filter(|member| !member.part.is_null()) {
                let url = Located { value: name.to_owned(), place };
                if let Some(Resolved { part, .. }) = this.resolve(&part) {
                    this.path_item(&part, url, &mut requests);
                }
            }
            Some(requests)
        });
        self.is_in_callback = false;
        callbacks
    }

    /// The path and method that the text of an `operationRef` names, when it is an operation of the root document.
    pub(super) fn operation_of_reference(
        &mut self,
        link: &Fields<'tree>,
        reference: &Located<String>,
        is_needed: bool,
    ) -> Option<(String, Method)> {
        let (path_item, key) = reference.value.rsplit_once('/')?;
        let method = method(key)?;
        // The path item may be a reference; its own pointer tells the path, and the operation is known to exist.
        match self.tree.locate(link.file, &reference.value) {
            Ok(_) => {}
            // An operation of another description.
            Err(ReferenceError::Remote { .. }) => return None,
            // A link that is not needed is left out, which is reported where operations are known.
            Err(_) if !is_needed => return None,
            Err(error) => {
                self.report_broken(&error, reference.place);
                return None;
            }
        }
        let location = self.tree.locate(link.file, path_item).ok()?;
        let path = location.pointer.strip_prefix("/paths/").filter(|path| !path.contains('/'))?;
        (location.file == self.tree.root()).then(|| (unescape(path), method))
    }
}

/// What a parameter is known by, and overridden (OpenAPI 3.0.4 §4.7.12); names of headers have no case.
type ParameterId = (ParameterLocation, String);

fn identity(parameter: &Parameter) -> ParameterId {
    let name = &parameter.name.value;
    match parameter.location {
        ParameterLocation::Header => (parameter.location, name.to_ascii_lowercase()),
        _ => (parameter.location, name.clone()),
    }
}

/// The parameters of the path item, each replaced by the operation's one of the same name and location, then the others.
fn merge(inherited: &[Parameter], own: Vec<Parameter>) -> Vec<Parameter> {
    let mut merged = inherited.to_vec();
    let places: BTreeMap<ParameterId, usize> =
        inherited.iter().map(identity).enumerate().map(|(at, id)| (id, at)).collect();
    for parameter in own {
        match places.get(&identity(&parameter)).and_then(|at| merged.get_mut(*at)) {
            Some(overridden) => *overridden = parameter,
            None => merged.push(parameter),
        }
    }
    merged
}

fn status_key(text: &str) -> Option<StatusKey> {
    if text == "default" {
        return Some(StatusKey::Default);
    }
    if let Some(digit) = text.strip_suffix("XX").or_else(|| text.strip_suffix("xx")) {
        return digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(StatusKey::Range);
    }
    let is_status = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|code| is_status && (100..=599).contains(code)).map(StatusKey::Code)
}
