//! Links: which operation can follow, and with what.

use super::Parser;
use super::reader::{Fields, Part};
use crate::model::keywords;
use crate::model::{Link, LinkTarget, LinkValue, Located};
use crate::source::Node;

impl<'tree> Parser<'tree, '_> {
    pub(super) fn link(&mut self, part: &Part<'tree>) -> Option<Link> {
        let part = self.resolve(part)?.part;
        let fields = self.fields(&part, &keywords::LINK)?;
        let parameters = self.named(&fields, "parameters", |_, part| Some(link_value(part.node)));
        let wait = self.wait_rule(&fields);
        let rust_name = self.rust_name(&fields);
        let request_body = fields
            .get_or_null("requestBody")
            .map(|node| Located { value: link_value(node), place: node.place });
        Some(Link {
            place: fields.place,
            target: self.link_target(&fields, wait.is_some())?,
            parameters,
            request_body,
            description: self.text(&fields, "description"),
            wait,
            rust_name,
        })
    }

    fn link_target(&mut self, fields: &Fields<'tree>, has_wait: bool) -> Option<LinkTarget> {
        if fields.get("operationId").is_some() {
            if fields.get("operationRef").is_some() {
                let message = "a link has `operationId` or `operationRef`, and this has both";
                self.invalid(fields.place, message, "remove one of them");
            }
            return self.located_text(fields, "operationId").map(LinkTarget::OperationId);
        }
        if fields.get("operationRef").is_none() {
            // What waits on it cannot do without.
            if has_wait {
                self.missing(fields, "operationId");
            } else {
                self.incomplete(fields, "operationId", "the link is left out");
            }
            return None;
        }
        let reference = self.located_text(fields, "operationRef")?;
        let resolved = self.operation_of_reference(fields, &reference, has_wait);
        Some(LinkTarget::OperationRef { reference, resolved })
    }
}

fn link_value(node: &Node) -> LinkValue {
    match node.as_str() {
        Some(text) if text.starts_with('$') => LinkValue::Expression(text.to_owned()),
        _ => LinkValue::Constant(node.clone()),
    }
}
