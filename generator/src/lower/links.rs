//! Links: calls that can be made with what an earlier call knew.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::errors::condition;
use crate::diagnostics::Code;
use crate::ir::{Link, LinkSource, Location, Operation, OperationId, Outcome, TypeId, Wait};
use crate::model::{self, LinkTarget, LinkValue, Named};
use crate::source::Place;

impl Lowering<'_> {
    /// Lowers the links of all successes. Several successes may have a link of one name: the first counts.
    pub(super) fn links(&mut self) {
        let document = self.document;
        let answers = self.answers();
        for (index, id) in self.lowered.clone() {
            let Some(operation) = document.operations.get(index) else { continue };
            let mut links: Vec<Link> = Vec::new();
            self.speak_for(self.selected.has_operation(index));
            let is_followed =
                self.api.operation(id).and_then(answer).is_some_and(|ty| answers.get(&ty) == Some(&1));
            for link in operation.responses.iter().flat_map(|(_, response)| &response.links) {
                if links.iter().any(|known| known.name == link.name) {
                    continue;
                }
                let Some(mut lowered) = self.link(link, id) else { continue };
                if let (Some(wait), true) = (&link.value.wait, links.iter().any(|known| known.wait.is_some()))
                {
                    self.not_generated(
                        wait.place,
                        format!("waiting on a second link, `{}`, is not generated", link.name),
                        "a call waits on the first link that has a wait rule",
                    );
                    lowered.wait = None;
                }
                let has_stream = self.api.operation(id).is_some_and(Operation::has_stream);
                if lowered.wait.is_some() && has_stream {
                    self.not_generated(link.place, "waiting after a stream is not generated", "poll by hand");
                    lowered.wait = None;
                }
                if !is_followed {
                    self.not_generated(
                        link.place,
                        format!("following the link `{}` is not generated", link.name),
                        "links are methods of the answer: give it a type that no other operation answers with",
                    );
                }
                if is_followed || lowered.wait.is_some() {
                    links.push(Link { is_followed, ..lowered });
                }
            }
            if let Some(lowered) = self.api.operations.get_mut(id.0) {
                lowered.links = links;
            }
        }
        self.speak_for(true);
    }

    /// How many operations answer with a type that has a name, by the type.
    fn answers(&self) -> BTreeMap<TypeId, usize> {
        let mut answers = BTreeMap::new();
        for operation in &self.api.operations {
            let named: BTreeSet<TypeId> = operation.success.iter().filter_map(Outcome::named).collect();
            for id in named {
                *answers.entry(id).or_default() += 1;
            }
        }
        answers
    }

    fn link(&mut self, link: &Named<model::Link>, from: OperationId) -> Option<Link> {
        let target = self.target(&link.value.target)?;
        if let Some(operation) = self.api.operation(target).filter(|operation| !operation.is_selected) {
            let message = format!("the link `{}` leads to `{}`, which is left out", link.name, operation.id);
            self.diagnostics
                .report(Code::LeftOut, link.place, message)
                .help("the link is left out too; select the operation as well to keep it");
        }
        if link.value.request_body.is_some() {
            self.not_generated(
                link.place,
                "the request body of a link is not generated",
                "set the body on the call",
            );
        }
        let mut arguments = Vec::new();
        for argument in &link.value.parameters {
            let (from, to) = (self.api.operation(from)?, self.api.operation(target)?);
            let Some(parameter) = find_parameter(to, &argument.name) else {
                let message = format!("the operation `{}` has no parameter `{}`", to.id, argument.name);
                self.diagnostics.report(Code::UnknownTarget, argument.place, message).help(
                    "a link names parameters of the operation that it leads to, as `name` or `path.name`",
                );
                continue;
            };
            match source(&argument.value, from) {
                Some(source) => arguments.push((parameter, source)),
                None => self.not_generated(
                    argument.place,
                    format!("the value of `{}` is not generated", argument.name),
                    "set the parameter on the call; `$request.path.x`, `.query.x`, `.header.x`, `$response.body#/x` and \
                     `$response.header.x` are generated",
                ),
            }
        }
        Some(Link {
            name: link.name.clone(),
            description: link.value.description.clone(),
            operation: target,
            arguments,
            wait: link.value.wait.as_ref().map(|wait| Wait {
                done: wait.done.iter().map(condition).collect(),
                failed: wait.failed.iter().map(condition).collect(),
                interval: wait.interval,
                deadline: wait.deadline,
                done_message: wait.done_message.clone(),
            }),
            is_followed: false,
            rust_name: link.value.rust_name.as_ref().map(|name| name.value.clone()),
        })
    }

    fn target(&mut self, target: &LinkTarget) -> Option<OperationId> {
        let document = self.document;
        let found = |matches: &dyn Fn(&model::Operation) -> bool| {
            let index = document.operations.iter().position(matches)?;
            self.lowered.iter().find(|(lowered, _)| *lowered == index).map(|(_, id)| *id)
        };
        let (name, place, id): (&str, Place, _) = match target {
            LinkTarget::OperationId(name) => {
                let is_it = |operation: &model::Operation| {
                    operation.operation_id.as_ref().is_some_and(|id| id.value == name.value)
                };
                (&name.value, name.place, found(&is_it))
            }
            LinkTarget::OperationRef { reference, resolved } => {
                let is_it = |operation: &model::Operation| {
                    resolved.as_ref() == Some(&(operation.path.value.clone(), operation.method))
                };
                (&reference.value, reference.place, found(&is_it))
            }
        };
        if id.is_none() {
            self.diagnostics
                .report(
                    Code::UnknownTarget,
                    place,
                    format!("the link leads to `{name}`, which is no operation of the client"),
                )
                .help("name the operationId of an operation of this description");
        }
        id
    }
}

/// The type with a name in all successes of an operation, when they are of one type.
fn answer(operation: &Operation) -> Option<TypeId> {
    let mut bodies = operation.success.iter().map(Outcome::json);
    let first = bodies.next()??;
    if bodies.all(|other| other == Some(first)) { operation.success.first()?.named() } else { None }
}

/// The parameter that a link means by `name` or `path.name`.
fn find_parameter(operation: &Operation, name: &str) -> Option<usize> {
    let position = |location: Option<Location>, name: &str| {
        operation.parameters.iter().position(|parameter| {
            parameter.name == name && location.is_none_or(|location| parameter.location == location)
        })
    };
    let qualified = match name.split_once('.') {
        Some(("path", name)) => position(Some(Location::Path), name),
        Some(("query", name)) => position(Some(Location::Query), name),
        Some(("header", name)) => position(Some(Location::Header), name),
        Some(("cookie", name)) => position(Some(Location::Cookie), name),
        _ => None,
    };
    qualified.or_else(|| position(None, name))
}

/// Where a value comes from (OpenAPI 3.0.4 §4.8.20.4); `None` for expressions that are not generated.
fn source(value: &LinkValue, from: &Operation) -> Option<LinkSource> {
    let expression = match value {
        LinkValue::Constant(node) => return node.scalar_text().map(LinkSource::Constant),
        LinkValue::Expression(expression) => expression,
    };
    if let Some(parameter) = expression.strip_prefix("$request.") {
        return find_parameter(from, parameter).map(LinkSource::Parameter);
    }
    if let Some(pointer) = expression.strip_prefix("$response.body#") {
        return Some(LinkSource::Body(pointer.to_owned()));
    }
    expression.strip_prefix("$response.header.").map(|name| LinkSource::Header(name.to_ascii_lowercase()))
}
