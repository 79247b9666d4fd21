//! Differences that a clause of a specification explains.
//!
//! A rule looks at one difference, and holds only when ours is what the clause says, worked out from the argument by nothing of
//! ours, and theirs is just the departure that the rule is about. Anything else stays unexplained.

use serde_json::Value;

use super::BASE;
use super::compare::{Difference, Part, form_decoded, is_same_json};
use super::expansion;
use super::plan::{Arguments, Parameter, Placed, PlannedOperation, decoded};

/// A clause, and what progenitor does that departs from it.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) key: &'static str,
    pub(super) clause: &'static str,
    pub(super) departure: &'static str,
    holds: fn(&Case<'_>) -> bool,
}

/// A difference, and the call in which it is.
struct Case<'a> {
    operation: &'a PlannedOperation,
    arguments: &'a Arguments,
    difference: &'a Difference,
}

/// All rules, tried in this order.
pub(super) const RULES: [Rule; 11] = [
    Rule {
        key: "path-encoding",
        clause: "RFC 6570 §3.2.1, §3.2.2: all but unreserved characters of a value are percent-encoded",
        departure: "leaves reserved characters in the path as they are",
        holds: path_encoding,
    },
    Rule {
        key: "query-encoding",
        clause: "RFC 6570 §3.2.1, §3.2.8 (OpenAPI 3.0.4 §4.7.12.3, `form`): a space is %20, unreserved characters stay",
        departure: "writes `+` for a space and encodes `~`, as HTML forms do",
        holds: query_encoding,
    },
    Rule {
        key: "explode",
        clause: "OpenAPI 3.0.4 §4.7.12.2.2, §4.7.12.3: `form` with explode false joins the items by commas",
        departure: "repeats the name for each item, as if explode were true",
        holds: explode,
    },
    Rule {
        key: "date-time",
        clause: "OpenAPI 3.0.4 §4.4: `date-time` is as RFC 3339 §5.6 has it",
        departure: "writes `2024-02-29 12:34:56 UTC`",
        holds: date_time,
    },
    Rule {
        key: "number-spelling",
        clause: "OpenAPI 3.0.4 Appendix B: how a number becomes text is the implementation's choice, which keeps its value",
        departure: "writes `250.0` for 250",
        holds: number_spelling,
    },
    Rule {
        key: "ignored-header",
        clause: "OpenAPI 3.0.4 §4.7.12.2.1: parameters called Accept, Content-Type and Authorization are ignored",
        departure: "sends what was given for such a parameter",
        holds: ignored_header,
    },
    Rule {
        key: "accept",
        clause: "RFC 9110 §12.5.1: Accept lists what the caller can use, which are the described media types of the answers",
        departure: "asks for `application/json` alone, or for anything",
        holds: accept,
    },
    Rule {
        key: "content-type",
        clause: "OpenAPI 3.0.4 §4.7.13.1: the key of `content` is the media type of the body",
        departure: "leaves the parameters of the media type out",
        holds: content_type,
    },
    Rule {
        key: "query-credentials",
        clause: "OpenAPI 3.0.4 §4.7.27.1, §4.7.30: an apiKey in the query is sent as a parameter of that name",
        departure: "knows no security schemes",
        holds: query_credentials,
    },
    Rule {
        key: "defaults",
        clause: "OpenAPI 3.0.4 §4.7.24.1: `default` is what the receiver assumes for a value that is not there",
        departure: "sends the default of a property that was not given",
        holds: defaults,
    },
    Rule {
        key: "empty-values",
        clause: "RFC 8259 §4, §5: an object or array without members is a value, which a missing property is not",
        departure: "leaves properties out whose value is empty",
        holds: empty_values,
    },
];

/// The rule that explains a difference.
pub(super) fn explain(
    operation: &PlannedOperation,
    arguments: &Arguments,
    difference: &Difference,
) -> Option<&'static Rule> {
    let case = Case { operation, arguments, difference };
    RULES.iter().find(|rule| (rule.holds)(&case))
}

impl Case<'_> {
    fn ours(&self) -> &str {
        self.difference.ours.as_deref().unwrap_or_default()
    }

    fn theirs(&self) -> &str {
        self.difference.theirs.as_deref().unwrap_or_default()
    }

    /// The parameter that a part is, and its argument.
    fn argument(&self) -> Option<(&Parameter, &Value)> {
        let (location, name) = match &self.difference.part {
            Part::Query(name) => ("query", name),
            Part::Header(name) => ("header", name),
            Part::Method | Part::Path | Part::Body => return None,
        };
        let given = self.operation.parameters.iter().zip(self.arguments);
        let is_it = |parameter: &Parameter| {
            parameter.location == location
                && (parameter.name == *name
                    || location == "header" && parameter.name.eq_ignore_ascii_case(name))
        };
        given
            .filter(|(parameter, _)| is_it(parameter))
            .find_map(|(parameter, argument)| Some((parameter, argument.as_ref()?)))
    }

    /// What the specification has for the part; the numbers of a path and of a query by their digits.
    fn expected(&self) -> Option<String> {
        match self.difference.part {
            Part::Path => expansion::path(BASE, self.operation, self.arguments),
            Part::Query(_) => {
                self.argument().and_then(|(parameter, value)| expansion::query(parameter, value))
            }
            Part::Header(_) => {
                self.argument().and_then(|(parameter, value)| expansion::header(parameter, value))
            }
            Part::Method | Part::Body => None,
        }
    }

    fn is_as_expected(&self) -> bool {
        self.expected().is_some_and(|expected| expected == self.ours())
    }
}

fn path_encoding(case: &Case<'_>) -> bool {
    case.difference.part == Part::Path
        && case.is_as_expected()
        && decoded(case.ours()) == decoded(case.theirs())
}

fn query_encoding(case: &Case<'_>) -> bool {
    matches!(case.difference.part, Part::Query(_))
        && case.is_as_expected()
        && form_decoded(case.ours()) == form_decoded(case.theirs())
}

fn explode(case: &Case<'_>) -> bool {
    let Some((parameter, Value::Array(items))) = case.argument() else { return false };
    let repeated: Option<Vec<String>> =
        items.iter().map(|item| Some(format!("{}={}", parameter.name, expansion::scalar(item)?))).collect();
    let theirs: Vec<String> = case.theirs().split('&').map(form_decoded).collect();
    matches!(case.difference.part, Part::Query(_))
        && !parameter.explode
        && case.is_as_expected()
        && repeated.is_some_and(|repeated| repeated == theirs)
}

/// The text of an RFC 3339 time in UTC as `chrono` displays it.
fn displayed(text: &str) -> Option<String> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let is_time = time.len() >= 8 && time.bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    is_time.then(|| format!("{day} {time} UTC"))
}

fn date_time(case: &Case<'_>) -> bool {
    if !case.is_as_expected() {
        return false;
    }
    let with_display: Arguments = case
        .arguments
        .iter()
        .map(|argument| {
            let text = argument.as_ref().and_then(Value::as_str).and_then(displayed);
            text.map(Value::from).or_else(|| argument.clone())
        })
        .collect();
    let departed = Case { arguments: &with_display, ..*case };
    let departure = departed.expected().map(|text| form_decoded(&text));
    departure.is_some_and(|text| text == form_decoded(case.theirs())) && with_display != *case.arguments
}

fn number_spelling(case: &Case<'_>) -> bool {
    let Some((parameter, Value::Number(argument))) = case.argument() else { return false };
    let prefix = format!("{}=", parameter.name);
    let is_it = |text: &str| {
        let text = form_decoded(text);
        let digits = text.strip_prefix(&prefix).unwrap_or(&text);
        digits.parse::<f64>().ok().is_some_and(|number| Some(number) == argument.as_f64())
    };
    is_it(case.ours()) && is_it(case.theirs())
}

fn ignored_header(case: &Case<'_>) -> bool {
    let Part::Header(name) = &case.difference.part else { return false };
    let is_ours_right = match name.as_str() {
        "accept" => accepts_answers(case),
        "content-type" => case.difference.ours == case.operation.body,
        "authorization" => {
            let is_it =
                |placed: &&Placed| placed.location == "header" && placed.name.eq_ignore_ascii_case(name);
            let credentials = case.operation.credentials.iter().find(is_it);
            case.difference.ours.as_deref() == credentials.map(|placed| placed.value.as_str())
        }
        _ => false,
    };
    is_ours_right && case.difference.theirs.is_some() && case.expected() == case.difference.theirs
}

fn accept(case: &Case<'_>) -> bool {
    case.difference.part == Part::Header("accept".to_owned())
        && matches!(case.difference.theirs.as_deref(), None | Some("*/*" | "application/json"))
        && accepts_answers(case)
}

/// Whether we accept what the description has for answers, in any order.
fn accepts_answers(case: &Case<'_>) -> bool {
    let answers = &case.operation.answers;
    if answers.is_empty() {
        return matches!(case.difference.ours.as_deref(), None | Some("*/*"));
    }
    let listed: Vec<&str> = case.ours().split(", ").collect();
    listed.len() == answers.len() && answers.iter().all(|answer| listed.contains(&answer.as_str()))
}

fn content_type(case: &Case<'_>) -> bool {
    let essence = case.operation.body.as_deref().and_then(|media_type| media_type.split(';').next());
    case.difference.part == Part::Header("content-type".to_owned())
        && case.operation.body == case.difference.ours
        && essence.is_some_and(|essence| essence.trim() == case.theirs())
}

fn query_credentials(case: &Case<'_>) -> bool {
    let Part::Query(name) = &case.difference.part else { return false };
    case.difference.theirs.is_none()
        && case.operation.credentials.iter().any(|placed| {
            placed.location == "query"
                && placed.name == *name
                && case.ours() == format!("{name}={}", placed.value)
        })
}

/// Theirs is the argument and what is added to its objects; ours is the argument.
fn defaults(case: &Case<'_>) -> bool {
    departs(case, |theirs, given| {
        contains(theirs, given, &|key, value| is_default(key, value, &case.operation.defaults))
    })
}

/// Theirs is the argument without properties that are empty; ours is the argument.
fn empty_values(case: &Case<'_>) -> bool {
    departs(case, |theirs, given| contains(given, theirs, &|_, value| is_empty(value)))
}

fn departs(case: &Case<'_>, is_departure: impl Fn(&Value, &Value) -> bool) -> bool {
    let Some(given) = case.operation.body_argument(case.arguments) else { return false };
    let parsed = |text| serde_json::from_str::<Value>(text).ok();
    case.difference.part == Part::Body
        && parsed(case.ours()).is_some_and(|ours| is_same_json(&ours, given))
        && parsed(case.theirs()).is_some_and(|theirs| is_departure(&theirs, given))
}

/// Whether a value is another one, and beside it has no properties but those that `may_be_more`.
fn contains(whole: &Value, part: &Value, may_be_more: &dyn Fn(&str, &Value) -> bool) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.keys().all(|key| whole.contains_key(key))
                && whole.iter().all(|(key, value)| match part.get(key) {
                    Some(part) => contains(value, part, may_be_more),
                    None => may_be_more(key, value),
                })
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len()
                && whole.iter().zip(part).all(|(whole, part)| contains(whole, part, may_be_more))
        }
        _ => is_same_json(whole, part),
    }
}

fn is_default(key: &str, value: &Value, defaults: &[(String, Value)]) -> bool {
    defaults.iter().any(|(name, default)| name == key && is_same_json(default, value))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        // What is left of it when its own empty properties are gone is empty too.
        Value::Object(properties) => properties.values().all(is_empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::plan;
    use super::*;

    fn operation() -> PlannedOperation {
        let document = json!({"paths": {"/a/{id}": {"post": {
            "operationId": "a",
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "list", "in": "query", "explode": false, "schema": {"type": "array"}},
                {"name": "At", "in": "header", "schema": {"type": "string", "format": "date-time"}},
                {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
                {"name": "size", "in": "query", "schema": {"type": "number"}}
            ],
            "security": [{"key": []}],
            "requestBody": {"content": {"application/json; v=1": {"schema": {
                "type": "object", "properties": {"size": {"type": "integer", "default": 3}}
            }}}},
            "responses": {"200": {"description": "", "content": {"application/json": {}, "text/plain": {}}}}
        }}}, "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}}}});
        plan::operations(&document, "d").remove(0)
    }

    fn explained(part: Part, ours: Option<&str>, theirs: Option<&str>) -> Option<&'static str> {
        let arguments = vec![
            Some(json!("a:b c")),
            Some(json!(["x y", "z"])),
            Some(json!("2024-02-29T12:34:56Z")),
            Some(json!("given")),
            Some(json!(250.0)),
            Some(json!({"a": [1], "b": {"c": []}})),
        ];
        let difference =
            Difference { part, ours: ours.map(str::to_owned), theirs: theirs.map(str::to_owned) };
        explain(&operation(), &arguments, &difference).map(|rule| rule.key)
    }

    #[test]
    fn a_path_is_explained_when_ours_is_the_expansion_and_theirs_means_the_same() {
        let ours = Some("/base/a/a%3Ab%20c");
        assert_eq!(explained(Part::Path, ours, Some("/base/a/a:b%20c")), Some("path-encoding"));
        assert_eq!(explained(Part::Path, ours, Some("/base/a/a:b%20d")), None);
        assert_eq!(explained(Part::Path, Some("/base/a/a:b%20c"), ours), None);
    }

    #[test]
    fn a_list_is_explained_when_only_explode_is_ignored() {
        let part = || Part::Query("list".to_owned());
        let ours = Some("list=x%20y,z");
        assert_eq!(explained(part(), ours, Some("list=x+y&list=z")), Some("explode"));
        assert_eq!(explained(part(), ours, Some("list=x+y%2Cz")), Some("query-encoding"));
        assert_eq!(explained(part(), ours, Some("list=z&list=x+y")), None);
        assert_eq!(explained(part(), Some("list=x+y,z"), Some("list=x%20y,z")), None);
    }

    #[test]
    fn headers_are_explained_by_the_description() {
        let part = |name: &str| Part::Header(name.to_owned());
        assert_eq!(
            explained(part("at"), Some("2024-02-29T12:34:56Z"), Some("2024-02-29 12:34:56 UTC")),
            Some("date-time")
        );
        assert_eq!(explained(part("at"), Some("2024-02-29T12:34:56Z"), None), None);
        assert_eq!(
            explained(part("accept"), Some("application/json, text/plain"), Some("application/json")),
            Some("accept")
        );
        assert_eq!(explained(part("accept"), Some("text/plain"), Some("application/json")), None);
        assert_eq!(
            explained(part("content-type"), Some("application/json; v=1"), Some("application/json")),
            Some("content-type")
        );
        assert_eq!(explained(part("authorization"), Some("a"), None), None);
    }

    #[test]
    fn a_key_in_the_query_is_ours_alone() {
        let part = || Part::Query("key".to_owned());
        assert_eq!(explained(part(), Some("key=secret-0"), None), Some("query-credentials"));
        assert_eq!(explained(part(), Some("key=other"), None), None);
    }

    #[test]
    fn a_parameter_that_is_ignored_is_theirs_alone() {
        let part = || Part::Header("authorization".to_owned());
        assert_eq!(explained(part(), None, Some("given")), Some("ignored-header"));
        assert_eq!(explained(part(), None, Some("other")), None);
        assert_eq!(explained(part(), Some("given"), Some("given, given")), None);
    }

    #[test]
    fn a_number_may_be_spelt_in_two_ways() {
        let part = || Part::Query("size".to_owned());
        assert_eq!(explained(part(), Some("size=250"), Some("size=250.0")), Some("number-spelling"));
        assert_eq!(explained(part(), Some("size=25"), Some("size=250.0")), None);
    }

    #[test]
    fn a_body_is_explained_by_declared_defaults_or_by_what_is_empty() {
        let ours = Some(r#"{"a":[1],"b":{"c":[]}}"#);
        let body = |theirs| explained(Part::Body, ours, Some(theirs));
        assert_eq!(body(r#"{"a":[1.0],"b":{"c":[]},"size":3}"#), Some("defaults"));
        assert_eq!(body(r#"{"a":[1],"b":{"c":[]},"size":4}"#), None);
        assert_eq!(body(r#"{"a":[1],"b":{}}"#), Some("empty-values"));
        assert_eq!(body(r#"{"a":[1]}"#), Some("empty-values"));
        assert_eq!(body(r#"{"b":{"c":[]}}"#), None);
        assert_eq!(explained(Part::Body, Some("{}"), Some(r#"{"a":[1],"b":{"c":[]},"size":3}"#)), None);
    }
}
