//! Links: calls that can be made with what an earlier call knew.

use super::Lowering;
use super::errors::condition;
use super::expressions::Unknown;
use super::operations::is_success;
use crate::diagnostics::Code;
use crate::ir::{ContentKind, Link, LinkSource, Location, Operation, OperationId, Wait};
use crate::model::{self, LinkTarget, LinkValue, Located, Named, StatusKey};
use crate::source::Place;

impl Lowering<'_> {
    /// Lowers the links of all successes.
    pub(super) fn links(&mut self) {
        let document = self.document;
        for (index, id) in self.lowered.clone() {
            let Some(operation) = document.operations.get(index) else { continue };
            let has_success = operation.responses.iter().any(|(key, _)| is_success(*key));
            let mut links: Vec<Link> = Vec::new();
            self.speak_for(self.selected.has_operation(index));
            for (key, response) in &operation.responses {
                let of_success = is_success(*key) || (*key == StatusKey::Default && !has_success);
                for link in &response.links {
                    if of_success {
                        self.add_link(link, id, &mut links);
                    } else {
                        self.not_generated(
                            link.place,
                            format!("the link `{}` of a failure is not generated", link.name),
                            "links are followed from answers that are successes: call the operation by itself",
                        );
                    }
                }
            }
            if let Some(lowered) = self.api.operations.get_mut(id.0) {
                lowered.links = links;
            }
        }
        self.speak_for(true);
    }

    /// Adds a link to those of an operation. Several successes may have a link of one name: the first counts.
    fn add_link(&mut self, link: &Named<model::Link>, from: OperationId, links: &mut Vec<Link>) {
        let Some(mut lowered) = self.link(link, from) else { return };
        if let Some(known) = links.iter().find(|known| known.name == link.name) {
            let is_same = (known.operation, &known.arguments, &known.body)
                == (lowered.operation, &lowered.arguments, &lowered.body);
            if !is_same {
                self.not_generated(
                    link.place,
                    format!("a second link `{}`, of another status, is not generated", link.name),
                    "give it a name of its own",
                );
            }
            return;
        }
        if let Some(wait) = &link.value.wait {
            let has_stream = self.api.operation(from).is_some_and(Operation::has_stream);
            if links.iter().any(|known| known.wait.is_some()) {
                self.not_generated(
                    wait.place,
                    format!("waiting on a second link, `{}`, is not generated", link.name),
                    "a call waits on the first link that has a wait rule",
                );
                lowered.wait = None;
            } else if has_stream {
                self.not_generated(link.place, "waiting after a stream is not generated", "poll by hand");
                lowered.wait = None;
            }
        }
        links.push(lowered);
    }

    fn link(&mut self, link: &Named<model::Link>, from: OperationId) -> Option<Link> {
        let has_wait = link.value.wait.is_some();
        let target = self.target(&link.value.target, has_wait)?;
        if let Some(operation) = self.api.operation(target).filter(|operation| !operation.is_selected) {
            let message = format!("the link `{}` leads to `{}`, which is left out", link.name, operation.id);
            self.diagnostics
                .report(Code::LeftOut, link.place, message)
                .help("the link is left out too; select the operation as well to keep it");
        }
        let mut arguments = Vec::new();
        for argument in &link.value.parameters {
            let (from, to) = (self.api.operation(from)?, self.api.operation(target)?);
            let Some(parameter) = find_parameter(to, &argument.name) else {
                let message = format!("the operation `{}` has no parameter `{}`", to.id, argument.name);
                self.broken(has_wait, argument.place, message).help(
                    "a link names parameters of the operation that it leads to, as `name` or `path.name`",
                );
                return None;
            };
            match super::expressions::source(&argument.value, from) {
                Ok(source) => arguments.push((parameter, source)),
                Err(reason) => {
                    let what = format!("the value of `{}`", argument.name);
                    self.value_not_generated(argument.place, &what, reason, "set the parameter on the call");
                }
            }
        }
        let body = link.value.request_body.as_ref();
        let body = body.and_then(|value| self.link_body(value, from, target));
        Some(Link {
            name: link.name.clone(),
            description: link.value.description.clone(),
            operation: target,
            arguments,
            body,
            wait: link.value.wait.as_ref().map(|wait| Wait {
                done: wait.done.iter().map(condition).collect(),
                failed: wait.failed.iter().map(condition).collect(),
                interval: wait.interval,
                max_interval: wait.max_interval,
                deadline: wait.deadline,
                done_message: wait.done_message.clone(),
            }),
            rust_name: link.value.rust_name.as_ref().map(|name| name.value.clone()),
        })
    }

    /// What fills the body: the first content that is JSON, else the first that is no form.
    fn link_body(
        &mut self,
        value: &Located<LinkValue>,
        from: OperationId,
        target: OperationId,
    ) -> Option<(usize, LinkSource)> {
        let (from, to) = (self.api.operation(from)?, self.api.operation(target)?);
        let Some(body) = &to.body else {
            let message = format!("the operation `{}` has no request body", to.id);
            self.broken(false, value.place, message).help("remove `requestBody`");
            return None;
        };
        let position =
            |test: fn(&ContentKind) -> bool| body.contents.iter().position(|content| test(&content.kind));
        let json = position(|kind| matches!(kind, ContentKind::Json(_)));
        let plain = position(|kind| matches!(kind, ContentKind::Text | ContentKind::Bytes));
        let instead = "set the body on the call";
        let Some(content) = json.or(plain) else {
            self.not_generated(value.place, "a link that fills a form is not generated", instead);
            return None;
        };
        match super::expressions::source(&value.value, from) {
            Ok(source) => Some((content, source)),
            Err(reason) => {
                self.value_not_generated(value.place, "the body of a link", reason, instead);
                None
            }
        }
    }

    fn value_not_generated(&mut self, place: Place, what: &str, Unknown(reason): Unknown, instead: &str) {
        self.not_generated(place, format!("{what} is not generated: {reason}"), instead);
    }

    /// Reports what a link names that is not there: what waits on it cannot be generated, what follows it can be left out.
    fn broken(
        &mut self,
        has_wait: bool,
        place: Place,
        message: impl Into<String>,
    ) -> &mut crate::diagnostics::Diagnostic {
        let code = if has_wait { Code::UnknownTarget } else { Code::BrokenLink };
        self.diagnostics.report(code, place, message)
    }

    fn target(&mut self, target: &LinkTarget, has_wait: bool) -> Option<OperationId> {
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
            self.broken(
                has_wait,
                place,
                format!("the link leads to `{name}`, which is no operation of the client"),
            )
            .help("name the operationId of an operation of this description; the link is left out");
        }
        id
    }
}

/// The parameter that a link means by `name` or `path.name`.
fn find_parameter(operation: &Operation, name: &str) -> Option<usize> {
    let qualified = match name.split_once('.') {
        Some(("path", name)) => parameter_at(operation, Location::Path, name),
        Some(("query", name)) => parameter_at(operation, Location::Query, name),
        Some(("header", name)) => parameter_at(operation, Location::Header, name),
        Some(("cookie", name)) => parameter_at(operation, Location::Cookie, name),
        _ => None,
    };
    qualified.or_else(|| operation.parameters.iter().position(|parameter| parameter.name == name))
}

/// The parameter of that name in a location; names of headers have no case.
pub(super) fn parameter_at(operation: &Operation, location: Location, name: &str) -> Option<usize> {
    operation.parameters.iter().position(|parameter| {
        parameter.location == location
            && (parameter.name == name
                || (location == Location::Header && parameter.name.eq_ignore_ascii_case(name)))
    })
}
