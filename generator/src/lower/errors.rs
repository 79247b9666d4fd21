//! Where failures say what they are, and conditions on answers.

use super::Lowering;
use crate::ir::{Condition, ErrorRule, RetryRule};
use crate::model::{self, Located, Method};
use crate::source::Node;

impl Lowering<'_> {
    /// The index of the rule that holds for an operation: its own settings, else those of the document.
    pub(super) fn error_rule(&mut self, operation: &model::Operation) -> usize {
        let document = self.document;
        let error = operation.error.as_ref().or(document.error.as_ref());
        let error_when = operation.error_when.as_ref().unwrap_or(&document.error_when);
        let texts = |list: &[Located<String>]| list.iter().map(|pointer| pointer.value.clone()).collect();
        let rule = ErrorRule {
            code: error.map(|rule| texts(&rule.code)).unwrap_or_default(),
            message: error.map(|rule| texts(&rule.message)).unwrap_or_default(),
            request_id: error.map(|rule| texts(&rule.request_id)).unwrap_or_default(),
            request_id_header: error.and_then(|rule| rule.request_id_header.clone()),
            error_when: error_when.iter().map(condition).collect(),
            retry: self.retry_rule(operation),
        };
        let known = self.api.error_rules.iter().position(|known| *known == rule);
        known.unwrap_or_else(|| {
            self.api.error_rules.push(rule);
            self.api.error_rules.len() - 1
        })
    }

    /// What the operation says of retries, and the document where the operation leaves it open.
    fn retry_rule(&self, operation: &model::Operation) -> RetryRule {
        let (own, shared) = (operation.retry.as_ref(), self.document.retry.as_ref());
        let all = || own.into_iter().chain(shared);
        // A key for all operations is for those that cannot be repeated without.
        let needs_key = matches!(operation.method, Method::Post | Method::Patch);
        let own_key = own.and_then(|rule| rule.idempotency_key.as_ref());
        let shared_key = shared.and_then(|rule| rule.idempotency_key.as_ref()).filter(|_| needs_key);
        RetryRule {
            statuses: all().find_map(|rule| rule.statuses.clone()),
            codes: all().find_map(|rule| rule.codes.clone()).unwrap_or_default(),
            idempotent: all().find_map(|rule| rule.idempotent),
            idempotency_key: own_key.or(shared_key).map(|name| name.to_ascii_lowercase()),
        }
    }
}

pub(super) fn condition(condition: &model::Condition) -> Condition {
    Condition {
        statuses: condition.status.clone(),
        codes: condition.codes.clone(),
        any: condition.any.as_ref().map(|pointer| pointer.value.clone()),
        pointer: condition.pointer.as_ref().map(|pointer| pointer.value.clone()),
        values: condition.values.iter().map(Node::to_json).collect(),
    }
}
