//! The table as Rust.

use std::fmt::Write as _;

use crate::operation::{Body, Operation, Parameter};

/// A constant expression of type `&[Operation]`.
pub(crate) fn table(operations: &[Operation]) -> String {
    let mut text = String::from("&[\n");
    for operation in operations {
        let Operation { method, path, id, parameters, body, status, answer } = operation;
        let parameters = parameters.iter().map(parameter).collect::<Vec<_>>().join(", ");
        let body = body.as_ref().map_or_else(|| "None".to_owned(), self::body);
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "Operation {{ method: {method:?}, path: {path:?}, id: {id:?}, parameters: &[{parameters}], \
             body: {body}, status: {status}, answer: {answer:?} }},"
        );
    }
    text.push(']');
    text
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter { name, location, is_required, example } = parameter;
    format!(
        "Parameter {{ name: {name:?}, location: {location:?}, is_required: {is_required}, example: {example:?} }}"
    )
}

fn body(body: &Body) -> String {
    let Body { is_required, required_fields, example } = body;
    format!(
        "Some(Body {{ is_required: {is_required}, required_fields: &{required_fields:?}, example: {example:?} }})"
    )
}
