//! Conditions on answers: on the status, the API's code, or a value in the body.

use crate::operation::{Condition, ErrorRule};
use crate::pointer;
use crate::response::Answer;

/// Whether all parts of a condition hold that say something.
pub(crate) fn holds(condition: &Condition, errors: &ErrorRule, answer: &Answer) -> bool {
    let status_fits = condition.statuses.is_empty() || condition.statuses.contains(&answer.status.as_u16());
    let code_fits = condition.codes.is_empty()
        || first_text(errors.code, answer).is_some_and(|code| condition.codes.contains(&code.as_str()));
    status_fits && code_fits && body_fits(condition, answer)
}

fn body_fits(condition: &Condition, answer: &Answer) -> bool {
    let fits = |json: &str| condition.values.iter().any(|value| is_equal(value, json));
    match (condition.any, condition.pointer) {
        (None, None) => true,
        (None, Some(pointer)) => pointer::find(&answer.body, pointer).is_some_and(fits),
        (Some(any), at) => pointer::items(&answer.body, any)
            .into_iter()
            .any(|item| pointer::find(item.as_bytes(), at.unwrap_or_default()).is_some_and(fits)),
    }
}

/// Whether two JSON texts are the same value.
fn is_equal(left: &str, right: &str) -> bool {
    let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).ok();
    left == right || value(left).is_some_and(|left| Some(left) == value(right))
}

/// The first scalar that one of the pointers leads to, as text.
pub(crate) fn first_text(pointers: &[&str], answer: &Answer) -> Option<String> {
    pointers.iter().find_map(|pointer| pointer::find_text(&answer.body, pointer))
}
