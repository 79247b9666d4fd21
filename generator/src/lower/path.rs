//! The path template: what of the key of a path item is sent, and which parameters it needs.
//!
//! The key is a path and nothing else (OpenAPI 3.0.4 §4.7.8). Where it is more, it is plain what is meant: a fragment tells
//! apart operations that have one URL and is never sent (RFC 9110 §7.1), and a query is sent as it stands, before what query
//! parameters add to it.

use std::collections::BTreeSet;

use super::{Lowering, Once};
use crate::diagnostics::Code;
use crate::model::{self, Located, Parameter, ParameterLocation, ParameterShape, ParameterStyle};

/// What is sent, and what is needed for it.
pub(super) struct Template {
    /// The path template, with a query where the key has one.
    pub(super) text: String,
    /// Parameters that stand in the query of the key and are declared nowhere.
    pub(super) undeclared: Vec<Parameter>,
}

/// A key of `paths`, taken apart.
struct Key<'a> {
    path: &'a str,
    query: Option<&'a str>,
    has_fragment: bool,
}

impl Lowering<'_> {
    /// The path template of an operation. The names in it and the declared path parameters are the same (OpenAPI 3.0.4
    /// §4.7.8.1); where they are not, it is reported.
    pub(super) fn path_template(&mut self, operation: &model::Operation) -> Template {
        let key = &operation.path;
        let parts = Key::of(&key.value);
        let mut text = parts.path.to_owned();
        let mut undeclared: Vec<Parameter> = Vec::new();
        // Where one operation has a fragment, hundreds have.
        if parts.has_fragment && self.is_news(Once::Fragment) {
            let message = format!("the path `{}` has a fragment, which no request has", key.value);
            self.diagnostics
                .report(Code::Deviation, key.place, message)
                .help("it is not sent, and neither are those of other paths");
        }
        if let Some(query) = parts.query {
            let message = format!("the path `{}` has a query", key.value);
            self.diagnostics
                .report(Code::Deviation, key.place, message)
                .help("what no query parameter says is sent as it stands; declare parameters with `in: query` instead");
            let pairs = query.split('&').filter(|pair| !self.is_sent_as_parameter(operation, pair));
            let pairs: Vec<&str> = pairs.filter(|pair| !pair.is_empty()).collect();
            if !pairs.is_empty() {
                text.push('?');
                text.push_str(&pairs.join("&"));
            }
            for name in pairs.iter().flat_map(|pair| placeholders(pair)) {
                if !declares(operation, ParameterLocation::Path, name)
                    && !undeclared.iter().any(|parameter| parameter.name.value == name)
                {
                    undeclared.push(self.undeclared(key, name));
                }
            }
        }
        self.check_declared(operation, &parts, &text);
        Template { text, undeclared }
    }

    /// Whether a pair of the query only says where a declared query parameter goes, which is there anyway.
    fn is_sent_as_parameter(&self, operation: &model::Operation, pair: &str) -> bool {
        let Some((key, value)) = pair.split_once('=') else { return false };
        value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) == Some(key)
            && declares(operation, ParameterLocation::Query, key)
    }

    /// A parameter of the query that is declared nowhere: a text that is required.
    fn undeclared(&mut self, key: &Located<String>, name: &str) -> Parameter {
        let message = format!("`{{{name}}}` stands in the path `{}` and is not declared", key.value);
        self.diagnostics
            .report(Code::Deviation, key.place, message)
            .help(format!("it is taken for a text; declare `{name}` with `in: query`"));
        Parameter {
            place: key.place,
            name: Located { value: name.to_owned(), place: key.place },
            location: ParameterLocation::Path,
            description: None,
            required: true,
            deprecated: false,
            allow_empty_value: false,
            shape: ParameterShape::Schema {
                schema: None,
                style: ParameterStyle::Simple,
                explode: false,
                allow_reserved: false,
            },
            examples: Vec::new(),
            client_parameter: None,
            secret: false,
            rust_name: None,
        }
    }

    fn check_declared(&mut self, operation: &model::Operation, parts: &Key<'_>, template: &str) {
        let key = &operation.path;
        for name in placeholders(parts.path) {
            if !declares(operation, ParameterLocation::Path, name) {
                self.diagnostics
                    .report(
                        Code::PathParameter,
                        operation.place,
                        format!("`{{{name}}}` stands in the path `{}` and is not declared", key.value),
                    )
                    .help(format!("add a parameter with `name: {name}`, `in: path` and `required: true`"))
                    .related(key.place, "the path");
            }
        }
        let in_template: BTreeSet<&str> = placeholders(template).collect();
        for parameter in &operation.parameters {
            let name = &parameter.name.value;
            if parameter.location == ParameterLocation::Path && !in_template.contains(&name.as_str()) {
                self.diagnostics
                    .report(
                        Code::PathParameter,
                        parameter.name.place,
                        format!("the path parameter `{name}` does not stand in the path `{}`", key.value),
                    )
                    .help(format!("write `{{{name}}}` into the path, or remove the parameter"));
            }
        }
    }
}

impl<'a> Key<'a> {
    fn of(key: &'a str) -> Self {
        let (rest, fragment) = split(key, '#');
        let (path, query) = split(rest, '?');
        Self { path, query, has_fragment: fragment.is_some() }
    }
}

/// The path of a key, without query and fragment.
pub(super) fn path_of(key: &str) -> &str {
    Key::of(key).path
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn declares(operation: &model::Operation, location: ParameterLocation, name: &str) -> bool {
    operation
        .parameters
        .iter()
        .any(|parameter| parameter.location == location && parameter.name.value == name)
}

/// The names that stand in braces in a template, in order.
pub(super) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
