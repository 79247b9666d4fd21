//! Operations: what is sent, and what comes back.

use std::collections::BTreeMap;

use super::Lowering;
use super::path::path_of;
use crate::diagnostics::Code;
use crate::ir::{Docs, ExternalDocs, Group, GroupId, Operation, OperationId, Outcome};
use crate::model::{self, Method, StatusKey};
use crate::source::Place;

/// What comes back from an operation.
struct Outcomes {
    success: Vec<Outcome>,
    failure: Vec<Outcome>,
    /// The headers of the successes, by index.
    headers: Vec<usize>,
}

impl Lowering<'_> {
    /// Lowers all operations that can be called; the others are reported.
    pub(super) fn operations(&mut self) {
        let document = self.document;
        let mut ids: BTreeMap<String, Place> = BTreeMap::new();
        if document.operations.is_empty() {
            self.diagnostics
                .report(Code::NoOperation, document.place, "the description has no operation")
                .help("the client will have types only");
        }
        for (index, operation) in document.operations.iter().enumerate() {
            let place = operation.operation_id.as_ref().map_or(operation.place, |id| id.place);
            let mut id = id_of(operation);
            if stated_id(operation).is_none() && ids.contains_key(&id) {
                // Two paths may have the same words, but they are not the same.
                id = format!("{} {}", method_name(operation.method), operation.path.value);
            }
            self.speak_for(self.selected.has_operation(index));
            if let Some(first) = ids.insert(id.clone(), place) {
                self.diagnostics
                    .report(
                        Code::DuplicateOperationId,
                        place,
                        format!("a second operation has the operationId `{id}`"),
                    )
                    .related(first, "the first one")
                    .help("give each operation an operationId of its own");
                continue;
            }
            let own = OperationId(self.api.operations.len());
            let mut lowered = self.operation(operation, id);
            lowered.is_selected = self.selected.has_operation(index);
            self.lowered.push((index, own));
            self.api.operations.push(lowered);
        }
        self.speak_for(true);
        self.order_groups();
        self.fill_groups();
        self.require_client_values();
    }

    fn operation(&mut self, operation: &model::Operation, id: String) -> Operation {
        let path = self.path_template(operation);
        let parameters = self.parameters(operation, &path.undeclared, &id);
        let body = self.request_body(operation, &id);
        let Outcomes { success, failure, headers } = self.outcomes(operation, &id);
        self.work_off();
        let callbacks = self.callbacks(operation, &id);
        Operation {
            place: operation.place,
            group: self.group(operation),
            method: method_name(operation.method),
            servers: self.own_servers(operation, &id),
            path: path.text,
            docs: docs(operation),
            page: operation.page.as_ref().map(|page| page.value.clone()),
            rust_name: operation.rust_name.as_ref().map(|name| name.value.clone()),
            parameters,
            body,
            success,
            failure,
            headers,
            security: self.security(operation.security.as_deref()),
            error_rule: self.error_rule(operation),
            links: Vec::new(),
            callbacks,
            pagination: None,
            is_selected: true,
            id,
        }
    }

    /// What comes back.
    fn outcomes(&mut self, operation: &model::Operation, id: &str) -> Outcomes {
        let (mut success, mut failure, mut headers) = (Vec::new(), Vec::new(), Vec::new());
        let has_success = operation.responses.iter().any(|(key, _)| is_success(*key));
        for (key, response) in &operation.responses {
            let is_default = *key == StatusKey::Default;
            let is_success = is_success(*key) || (is_default && !has_success);
            let role =
                if is_success { "response".to_owned() } else { format!("{} error", status_text(*key)) };
            let bodies = self.answer_bodies(operation.method, *key, response, id, &role);
            let documented = self.answer_headers(response, id);
            let otherwise = if is_success { (200, 299) } else { (300, 599) };
            let statuses = statuses(*key).unwrap_or(otherwise);
            let outcome = Outcome { statuses, is_default, bodies, description: response.description.clone() };
            if is_success {
                for header in documented {
                    if !headers.contains(&header) {
                        headers.push(header);
                    }
                }
                success.push(outcome);
            } else {
                failure.push(outcome);
            }
        }
        if success.is_empty() {
            success.push(Outcome {
                statuses: (200, 299),
                is_default: true,
                bodies: Vec::new(),
                description: "The description documents no success.".to_owned(),
            });
        }
        // A single status is tried before a range, and a range before `default`.
        let exactness = |outcome: &Outcome| (outcome.is_default, outcome.statuses.1 - outcome.statuses.0);
        success.sort_by_key(exactness);
        failure.sort_by_key(exactness);
        Outcomes { success, failure, headers }
    }

    fn group(&mut self, operation: &model::Operation) -> GroupId {
        let name = group_name(operation);
        if let Some(known) = self.groups.get(&name) {
            return *known;
        }
        let tag = self.document.tags.iter().find(|tag| tag.name == name);
        let id = GroupId(self.api.groups.len());
        self.groups.insert(name.clone(), id);
        self.api.groups.push(Group {
            name,
            description: tag.and_then(|tag| tag.description.clone()),
            external: tag.and_then(|tag| external(tag.external_docs.as_ref())),
            rust_name: tag.and_then(|tag| tag.rust_name.as_ref()).map(|name| name.value.clone()),
            operations: Vec::new(),
        });
        id
    }

    /// Puts the groups into the order in which the description declares their tags (OpenAPI 3.0.4 §4.7.1, `tags`); those
    /// without a declaration follow as their operations do.
    fn order_groups(&mut self) {
        let declared: BTreeMap<&str, usize> =
            self.document.tags.iter().enumerate().rev().map(|(at, tag)| (tag.name.as_str(), at)).collect();
        let mut groups: Vec<(usize, Group)> =
            std::mem::take(&mut self.api.groups).into_iter().enumerate().collect();
        groups.sort_by_key(|(_, group)| declared.get(group.name.as_str()).copied().unwrap_or(usize::MAX));
        let moved: BTreeMap<usize, GroupId> =
            groups.iter().enumerate().map(|(new, (old, _))| (*old, GroupId(new))).collect();
        for operation in &mut self.api.operations {
            operation.group = moved.get(&operation.group.0).copied().unwrap_or(operation.group);
        }
        self.api.groups = groups.into_iter().map(|(_, group)| group).collect();
    }

    fn fill_groups(&mut self) {
        for (index, operation) in self.api.operations.iter().enumerate() {
            if let Some(group) = self.api.groups.get_mut(operation.group.0) {
                group.operations.push(OperationId(index));
            }
        }
    }

    /// A value of the client is required when no operation can do without.
    fn require_client_values(&mut self) {
        let operations = &self.api.operations;
        for (index, value) in self.api.client_values.iter_mut().enumerate() {
            value.required = operations.iter().all(|operation| {
                operation
                    .parameters
                    .iter()
                    .any(|parameter| parameter.required && parameter.client_value == Some(index))
            });
        }
    }
}

/// The name of the group that an operation is in.
pub(super) fn group_name(operation: &model::Operation) -> String {
    let tag = operation.tags.first().map(|tag| tag.value.clone());
    tag.unwrap_or_else(|| {
        let literal = |segment: &&str| !segment.is_empty() && !segment.contains('{');
        let mut segments = path_of(&operation.path.value).split('/').filter(literal);
        let first = segments.clone().next().unwrap_or("default");
        segments.find(|segment| !is_prefix(segment)).unwrap_or(first).to_owned()
    })
}

/// The operationId, or what stands for it.
pub(super) fn id_of(operation: &model::Operation) -> String {
    stated_id(operation).map_or_else(|| id_from_path(operation), str::to_owned)
}

fn stated_id(operation: &model::Operation) -> Option<&str> {
    operation.operation_id.as_ref().map(|id| id.value.as_str()).filter(|id| !id.trim().is_empty())
}

/// Where there is more.
pub(super) fn external(docs: Option<&model::ExternalDocs>) -> Option<ExternalDocs> {
    docs.map(|docs| ExternalDocs { url: docs.url.clone(), description: docs.description.clone() })
}

/// What an operation says about itself.
pub(super) fn docs(operation: &model::Operation) -> Docs {
    Docs {
        summary: operation.summary.clone(),
        description: operation.description.clone(),
        external: external(operation.external_docs.as_ref()),
        deprecated: operation.deprecated,
    }
}

pub(super) fn is_success(key: StatusKey) -> bool {
    matches!(key, StatusKey::Code(200..=299) | StatusKey::Range(2))
}

/// The lowest and the highest status that a key names; `None` of `default`, which is for all others.
pub(super) fn statuses(key: StatusKey) -> Option<(u16, u16)> {
    match key {
        StatusKey::Code(status) => Some((status, status)),
        StatusKey::Range(digit) => Some((u16::from(digit) * 100, u16::from(digit) * 100 + 99)),
        StatusKey::Default => None,
    }
}

pub(super) fn status_text(key: StatusKey) -> String {
    match key {
        StatusKey::Code(status) => status.to_string(),
        StatusKey::Range(digit) => format!("{digit}xx"),
        StatusKey::Default => "default".to_owned(),
    }
}

pub(super) fn method_name(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Put => "PUT",
        Method::Post => "POST",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
        Method::Head => "HEAD",
        Method::Patch => "PATCH",
        Method::Trace => "TRACE",
    }
}

/// Whether a segment of a path says nothing about what the path is of: `api`, `v1`, `v2.1`, `2023-05-01`, `v1beta2`.
fn is_prefix(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    let version = lower.strip_prefix('v').unwrap_or(&lower);
    let stages = ["alpha", "beta", "rc", "preview"];
    let without_stage = stages.iter().fold(version.to_owned(), |text, stage| text.replace(stage, ""));
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && without_stage.chars().all(|character| character.is_ascii_digit() || ".-_".contains(character));
    lower == "api" || lower == "rest" || is_version
}

/// What stands for a missing operationId: the method and the path, `get jobs by id`.
fn id_from_path(operation: &model::Operation) -> String {
    let mut id = method_name(operation.method).to_ascii_lowercase();
    for segment in operation.path.value.split('/').filter(|segment| !segment.is_empty()) {
        id.push(' ');
        match segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
            Some(parameter) => id.push_str(&format!("by {parameter}")),
            None => id.push_str(&segment.replace(['{', '}'], " ")),
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::is_prefix;

    #[test]
    fn versions_name_no_group() {
        for prefix in ["v1", "V2", "v2.1", "v1beta2", "v1alpha", "2023-05-01", "1.0", "api", "API", "rest"] {
            assert!(is_prefix(prefix), "{prefix}");
        }
        for name in ["v", "videos", "vpc", "2fa", "beta", "apis", "v1jobs", "resty"] {
            assert!(!is_prefix(name), "{name}");
        }
    }
}
