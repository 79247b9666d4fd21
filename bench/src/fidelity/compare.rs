//! Whether a value came back equal, and in which way it did not.

use serde_json::Value;

/// How what was written differs from what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// A JSON Pointer to the first part that differs.
    pub(super) at: String,
    /// What is different there, in words that are the same for all differences of a kind.
    pub(super) reason: String,
}

/// The first difference. Numbers are compared by value: as integers where both are, else as doubles.
pub(super) fn difference(read: &Value, written: &Value) -> Option<Difference> {
    differs(read, written, &mut Vec::new())
}

fn differs<'a>(read: &'a Value, written: &'a Value, path: &mut Vec<String>) -> Option<Difference> {
    let here = |path: &[String], reason: &str| {
        let at = path.iter().map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1")));
        Some(Difference { at: at.collect(), reason: reason.to_owned() })
    };
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            for (key, value) in read {
                path.push(key.clone());
                let found = match written.get(key) {
                    Some(other) => differs(value, other, path),
                    None if value.is_null() => here(path, "a null is lost"),
                    None => here(path, "a property is lost"),
                };
                path.pop();
                if found.is_some() {
                    return found;
                }
            }
            match written.keys().find(|key| !read.contains_key(*key)) {
                Some(added) => {
                    here(&[path.as_slice(), std::slice::from_ref(added)].concat(), "a property is added")
                }
                None => None,
            }
        }
        (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
            read.iter().zip(written).enumerate().find_map(|(index, (read, written))| {
                path.push(index.to_string());
                let found = differs(read, written, path);
                path.pop();
                found
            })
        }
        (Value::Array(_), Value::Array(_)) => here(path, "an array has another length"),
        (Value::Number(left), Value::Number(right)) => {
            let is_equal = match (left.as_i128(), right.as_i128()) {
                (Some(left), Some(right)) => left == right,
                _ => left.as_f64() == right.as_f64(),
            };
            if is_equal { None } else { here(path, "a number has another value") }
        }
        (read, written) if read == written => None,
        (Value::String(_), Value::String(_)) => here(path, "a text is another"),
        (read, written) => here(path, &format!("{} became {}", kind(read), kind(written))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The reason in an error of serde: without the values, the names and the position.
pub(super) fn reason(error: &str) -> String {
    let error = error.rsplit_once(" at line ").map_or(error, |(message, _)| message);
    let mut reason = String::from("refused: ");
    let mut quote = None;
    let mut characters = error.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some('"'), '\\') => drop(characters.next()),
            (None, '"' | '`') => quote = Some(character),
            (Some(open), close) if open == close => {
                quote = None;
                reason.push('…');
            }
            (Some(_), _) => {}
            (None, other) => reason.push(other),
        }
    }
    // The name of the type in parentheses is that of one case.
    match reason.split_once(" (") {
        Some((reason, _)) => reason.to_owned(),
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_equal_by_value_and_objects_in_any_order() {
        let equal = [
            (json!({"a": 1, "b": [2.0]}), json!({"b": [2], "a": 1.0})),
            (json!(0.1), json!(0.1)),
            (json!(null), json!(null)),
        ];
        for (read, written) in equal {
            assert_eq!(difference(&read, &written), None, "{read} {written}");
        }
    }

    #[test]
    fn the_first_difference_is_named_with_its_place() {
        for (read, written, at, reason) in [
            (json!({"a": {"b/c": null}}), json!({"a": {}}), "/a/b~1c", "a null is lost"),
            (json!({"a": 1}), json!({}), "/a", "a property is lost"),
            (json!({}), json!({"a": 1}), "/a", "a property is added"),
            (json!([1, 2]), json!([1, 3]), "/1", "a number has another value"),
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                "",
                "a number has another value",
            ),
            (json!([1]), json!([]), "", "an array has another length"),
            (json!("1"), json!(1), "", "a text became a number"),
        ] {
            let expected = Difference { at: at.to_owned(), reason: reason.to_owned() };
            assert_eq!(difference(&read, &written), Some(expected), "{read} {written}");
        }
    }

    #[test]
    fn the_reason_of_an_error_names_no_value() {
        for (error, expected) in [
            ("missing field `a` at line 1 column 2", "refused: missing field …"),
            (
                "invalid type: string \"a \\\" at line\", expected an object (Thing) at line 1 column 9",
                "refused: invalid type: string …, expected an object",
            ),
        ] {
            assert_eq!(reason(error), expected);
        }
    }
}
