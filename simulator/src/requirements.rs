//! What the description requires of a request, checked before anything answers it.

use axum::http::HeaderMap;
use serde_json::Value;

use crate::{
    call::Object,
    catalogue::{Operation, Parameter},
    failure::Failure,
    query::QueryParameters,
};

/// Checks that required parameters are there. Those of the path are, or the route would not fit.
pub(crate) fn parameters(
    operation: &Operation,
    query: &QueryParameters,
    headers: &HeaderMap,
) -> Result<(), Failure> {
    let is_there = |parameter: &Parameter| match parameter.location {
        "query" => query.has(parameter.name),
        "header" => headers.contains_key(parameter.name),
        _ => true,
    };
    let missing = operation.parameters.iter().find(|parameter| parameter.is_required && !is_there(parameter));
    missing.map_or(Ok(()), |parameter| {
        Err(Failure::parameter(format!("The parameter {} is missing.", parameter.name)))
    })
}

/// Reads the body of a request: the properties of a JSON object, none for a body that is empty or a list. An operation that is
/// not described takes a body and requires nothing of it.
pub(crate) fn body(operation: Option<&Operation>, bytes: &[u8]) -> Result<Object, Failure> {
    let (is_required, required_fields) = match operation.map(|operation| operation.body) {
        Some(None) => return Ok(Object::new()),
        Some(Some(body)) => (body.is_required, body.required_fields),
        None => (false, [].as_slice()),
    };
    if bytes.is_empty() {
        let missing = || Failure::parameter("The request has no body.");
        return if is_required { Err(missing()) } else { Ok(Object::new()) };
    }
    let value = serde_json::from_slice::<Value>(bytes)
        .map_err(|error| Failure::parameter(format!("The body is not JSON: {error}.")))?;
    let Value::Object(object) = value else {
        let message = "The body is not a JSON object.";
        return if required_fields.is_empty() { Ok(Object::new()) } else { Err(Failure::parameter(message)) };
    };
    match required_fields.iter().find(|name| !object.contains_key(**name)) {
        Some(missing) => Err(Failure::parameter(format!("The property {missing} is missing."))),
        None => Ok(object),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Body;

    const OPERATION: Operation = Operation {
        method: "POST",
        path: "/v1/{project_id}/things",
        id: "createThing",
        parameters: &[
            Parameter { name: "kind", location: "query", is_required: true, example: None },
            Parameter { name: "X-Kind", location: "header", is_required: true, example: None },
            Parameter { name: "order", location: "query", is_required: false, example: None },
        ],
        body: Some(Body { is_required: true, required_fields: &["name"], example: None }),
        status: 200,
        answer: None,
    };

    #[test]
    fn required_parameters_have_to_be_there() {
        let query = |text| QueryParameters::parse(Some(text)).unwrap();
        let mut headers = HeaderMap::new();
        assert!(parameters(&OPERATION, &query("kind=1"), &headers).is_err());
        headers.insert("x-kind", "2".parse().unwrap());
        assert!(parameters(&OPERATION, &query("order=asc"), &headers).is_err());
        assert!(parameters(&OPERATION, &query("kind="), &headers).is_ok());
    }

    #[test]
    fn bodies_are_json_with_the_required_properties() {
        for refused in ["", "{", "name", "[1]", "{}", r#"{"names": 1}"#] {
            assert!(body(Some(&OPERATION), refused.as_bytes()).is_err(), "{refused}");
        }
        assert_eq!(body(Some(&OPERATION), br#"{"name": null}"#).unwrap().len(), 1);
        let optional = Operation {
            body: Some(Body { is_required: false, required_fields: &[], example: None }),
            ..OPERATION
        };
        assert!(body(Some(&optional), b"").is_ok() && body(Some(&optional), b"[1]").is_ok());
        assert!(body(Some(&Operation { body: None, ..OPERATION }), b"anything").is_ok());
        assert!(body(None, b"{").is_err() && body(None, b"").is_ok());
    }
}
