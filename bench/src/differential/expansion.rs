//! What the specification says of one argument: the text of a path and of a parameter, written by nothing of ours.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::plan::{Arguments, Parameter, PlannedOperation};

/// All but the unreserved characters (RFC 3986 §2.3), which RFC 6570 §3.2.1 has encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path, with arguments in the style `simple` (RFC 6570 §3.2.2).
pub(super) fn path(base: &str, operation: &PlannedOperation, arguments: &Arguments) -> Option<String> {
    let mut path = format!("{base}{}", operation.path);
    for (parameter, argument) in operation.parameters.iter().zip(arguments) {
        if parameter.location == "path" {
            let expanded = simple(argument.as_ref()?, parameter.explode, encoded)?;
            path = path.replace(&format!("{{{}}}", parameter.name), &expanded);
        }
    }
    Some(path)
}

/// A parameter of the query in the style `form` (RFC 6570 §3.2.8), where it is one of that style's own name.
pub(super) fn query(parameter: &Parameter, argument: &Value) -> Option<String> {
    let name = encoded(&parameter.name);
    match argument {
        Value::Array(items) if parameter.explode => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| Some(format!("{name}={}", encoded(&scalar(item)?)))).collect();
            Some(items?.join("&"))
        }
        Value::Object(_) if parameter.explode => None,
        _ => Some(format!("{name}={}", simple(argument, parameter.explode, encoded)?)),
    }
}

/// A parameter in a header: the style `simple`, without percent-encoding.
pub(super) fn header(parameter: &Parameter, argument: &Value) -> Option<String> {
    simple(argument, parameter.explode, str::to_owned)
}

fn simple(argument: &Value, explode: bool, write: impl Fn(&str) -> String) -> Option<String> {
    match argument {
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| Some(write(&scalar(item)?))).collect();
            Some(items?.join(","))
        }
        Value::Object(properties) => {
            let between = if explode { '=' } else { ',' };
            let pairs: Option<Vec<String>> = properties
                .iter()
                .map(|(key, value)| Some(format!("{}{between}{}", write(key), write(&scalar(value)?))))
                .collect();
            Some(pairs?.join(","))
        }
        _ => scalar(argument).map(|text| write(&text)),
    }
}

/// The text of a value that is no object or array.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::plan;
    use super::*;

    #[test]
    fn arguments_are_written_as_rfc_6570_has_it() {
        let document = json!({"paths": {"/a/{id}/b": {"get": {
            "operationId": "a",
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "x y", "in": "query", "schema": {"type": "array"}},
                {"name": "z", "in": "query", "explode": false, "schema": {"type": "array"}}
            ]
        }}}});
        let operation = plan::operations(&document, "d").remove(0);
        let arguments = vec![Some(json!("a/ä~")), None, None];
        assert_eq!(path("/base", &operation, &arguments).unwrap(), "/base/a/a%2F%C3%A4~/b");
        let [_, exploded, joined] = operation.parameters.as_slice() else { panic!("{operation:?}") };
        assert_eq!(query(exploded, &json!(["a b", 1])).unwrap(), "x%20y=a%20b&x%20y=1");
        assert_eq!(query(joined, &json!(["a,b", true])).unwrap(), "z=a%2Cb,true");
        assert_eq!(query(joined, &json!({"a": "b c"})).unwrap(), "z=a,b%20c");
        assert_eq!(header(joined, &json!(["a b", 1])).unwrap(), "a b,1");
    }
}
