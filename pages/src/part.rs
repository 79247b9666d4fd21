//! What the parts of an endpoint are called, wherever one is spoken of: `query limit`, `request jobs[].id`, `200 id`.

use crate::facts::Field;

/// An answer by its status; one for all statuses that the page does not name is the `default`, as in OpenAPI.
pub(crate) fn answer(status: Option<u16>) -> String {
    status.map_or_else(|| "default".to_owned(), |status| status.to_string())
}

/// A field of an object; `at` ends with a space where the body itself is meant.
pub(crate) fn below(at: &str, name: &str) -> String {
    if at.ends_with(' ') { format!("{at}{name}") } else { format!("{at}.{name}") }
}

/// A field in a few words, for where it stands on one side only.
pub(crate) fn described(field: &Field) -> String {
    match field.required {
        Some(is_required) => format!("{}, {}", field.shape.family(), required(is_required)),
        None => field.shape.family().to_owned(),
    }
}

pub(crate) fn required(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}
