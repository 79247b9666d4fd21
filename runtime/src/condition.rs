//! Conditions on answers: on the status, the API's code, or a value in the body.

use memchr::memmem;

use crate::json::is_equal;
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
        (None, Some(pointer)) => {
            may_contain(&answer.body, condition.values)
                && pointer::find(&answer.body, pointer).is_some_and(fits)
        }
        (Some(any), at) => pointer::items(&answer.body, any)
            .into_iter()
            .any(|item| pointer::find(item.as_bytes(), at.unwrap_or_default()).is_some_and(fits)),
    }
}

/// Whether one of these JSON texts may be part of a body. `true`, `false` and `null` are written in one way only, so that most
/// successes need not be read to know that they do not say failure.
fn may_contain(body: &[u8], values: &[&str]) -> bool {
    let is_absent = |value: &&str| {
        matches!(*value, "true" | "false" | "null") && memmem::find(body, value.as_bytes()).is_none()
    };
    !values.iter().all(is_absent)
}

/// The first scalar that one of the pointers leads to, as text. An empty text says nothing and is passed over.
pub(crate) fn first_text(pointers: &[&str], answer: &Answer) -> Option<String> {
    pointers
        .iter()
        .filter_map(|pointer| pointer::find_text(&answer.body, pointer))
        .find(|text| !text.is_empty())
}
