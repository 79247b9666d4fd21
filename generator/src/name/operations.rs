//! The names of operations: of the method, of its builder, and of what belongs to one call.

use std::collections::{BTreeMap, BTreeSet};

use super::reserved::{ANSWER_METHODS, BUILDER_COMPANIONS, CALL_METHODS, TYPES};
use super::{Names, OperationNames, Scope, kebab, mint_all, mint_all_pascal, pascal, snake, words};
use crate::ir::{Api, ContentKind, Location, Operation, Outcome, Parameter, TextFormat, Type};

/// Gives operations and all that belongs to one call their names.
pub(super) fn operations(api: &Api, names: &mut Names) {
    names.operations = vec![OperationNames::default(); api.operations.len()];
    for (group, group_names) in api.groups.iter().zip(&names.groups) {
        // `mod` and `types` are files of the group's folder.
        let mut methods = Scope::new(&["mod", "types", "new"]).with_trait_methods();
        let mut builders = Scope::new(&TYPES).reserve(&[&group_names.handle]);
        for id in &group.operations {
            let Some(operation) = api.operation(*id) else { continue };
            let (short, full) = match &operation.rust_name {
                Some(name) => (words(name), words(name)),
                None => (without(&words(&operation.id), &words(&group.name)), words(&operation.id)),
            };
            let method = methods.mint_or(&snake(&short.join(" ")), &snake(&full.join(" ")));
            let builder = builders.mint_with(&pascal(&method), &BUILDER_COMPANIONS);
            let mut setters = Scope::new(&CALL_METHODS).with_trait_methods();
            let parameters = parameters(&mut setters, &operation.parameters);
            let without_value = without_value(&mut setters, &operation.parameters, &parameters);
            // A method of the answer itself would hide a link of its name.
            let mut link_scope = Scope::new(&["wait"]).reserve(&ANSWER_METHODS).with_trait_methods();
            let links =
                operation.links.iter().map(|link| snake(link.rust_name.as_ref().unwrap_or(&link.name)));
            let links = mint_all(&mut link_scope, links, "link");
            let contents = operation.body.iter().flat_map(|body| &body.contents);
            let contents = contents.map(|content| content_name(&content.media_type));
            let contents = mint_all_pascal(&mut Scope::new(&["Self"]), contents, "Content");
            if let Some(slot) = names.operations.get_mut(id.0) {
                *slot = OperationNames {
                    kebab: kebab(&method),
                    method,
                    builder,
                    parameters,
                    without_value,
                    links,
                    contents,
                    callbacks_module: None,
                    callbacks: Vec::new(),
                    parts: parts(operation),
                    successes: outcomes(&operation.success),
                    failures: outcomes(&operation.failure),
                };
            }
        }
    }
}

/// The fields of the form of an operation.
fn parts(operation: &Operation) -> Vec<String> {
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let parts = contents.filter_map(|content| match &content.kind {
        ContentKind::Multipart(parts) => Some(parts),
        _ => None,
    });
    let parts = parts.take(1).flatten();
    let wanted = parts.map(|part| snake(part.rust_name.as_ref().unwrap_or(&part.name)));
    mint_all(&mut Scope::new(&["into_parts"]).with_trait_methods(), wanted, "part")
}

/// The variants of what comes back: the status, and the media type where the status has several.
fn outcomes(outcomes: &[Outcome]) -> Vec<Vec<String>> {
    let mut scope = Scope::new(&["Self"]);
    let variants = outcomes.iter().map(|outcome| {
        let (first, last) = outcome.statuses;
        let status = match (outcome.is_default, first == last) {
            (true, _) => "Default".to_owned(),
            (false, true) => format!("Status{first}"),
            (false, false) => format!("Status{}xx", first / 100),
        };
        let readings = outcome.readings();
        let names = readings.iter().map(|(_, indexes)| {
            let first = indexes.first().and_then(|index| outcome.bodies.get(*index));
            let content = first.map_or(String::new(), |body| content_name(&body.media_type));
            match (readings.len(), outcomes.len()) {
                (1, _) => status.clone(),
                (_, 1) => content,
                _ => format!("{status}{content}"),
            }
        });
        let names: Vec<String> = if readings.is_empty() { vec![status.clone()] } else { names.collect() };
        mint_all_pascal(&mut scope, names.into_iter(), "Content")
    });
    variants.collect()
}

/// What a content is called: how it is carried where that has a name, else its subtype.
pub(super) fn content_name(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, subtype) = essence.split_once('/').unwrap_or(("", essence.as_str()));
    match (kind, subtype) {
        ("application" | "text", "json") => "Json".to_owned(),
        ("application", "x-www-form-urlencoded") => "Form".to_owned(),
        ("multipart", "form-data") => "Multipart".to_owned(),
        ("application" | "text", "xml") => "Xml".to_owned(),
        ("text", "plain") => "Text".to_owned(),
        ("text", "event-stream") => "Events".to_owned(),
        ("application", "octet-stream") => "Bytes".to_owned(),
        (_, "jsonl" | "x-ndjson" | "ndjson" | "json-seq") => "Lines".to_owned(),
        ("*", "*") => "Any".to_owned(),
        (kind, "*") => pascal(&format!("any {kind}")),
        (_, subtype) => pascal(subtype),
    }
}

/// The names of parameters. One name in two locations goes to the parameter in the path, which can never be added later,
/// or else to the first; the other one says where it is: `query_id`.
fn parameters(scope: &mut Scope, parameters: &[Parameter]) -> Vec<String> {
    let mut names = vec![String::new(); parameters.len()];
    let mut locations: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for parameter in parameters {
        locations.entry(parameter_name(parameter)).or_default().insert(location_name(parameter.location));
    }
    let is_in_path = |parameter: &Parameter| parameter.location == Location::Path;
    for in_path in [true, false] {
        for (parameter, slot) in parameters.iter().zip(&mut names) {
            if is_in_path(parameter) != in_path {
                continue;
            }
            let name = parameter_name(parameter);
            let is_elsewhere = locations.get(&name).is_some_and(|locations| locations.len() > 1);
            let otherwise = if is_elsewhere {
                format!("{}_{name}", location_name(parameter.location))
            } else {
                format!("{name}_parameter")
            };
            *slot = scope.mint_or(&name, &otherwise);
        }
    }
    names
}

pub(super) fn location_name(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// The setters of parameters that may be sent without a value, where no value of their type says that: `empty_flag`.
fn without_value(scope: &mut Scope, parameters: &[Parameter], names: &[String]) -> Vec<Option<String>> {
    let named = parameters.iter().zip(names);
    named
        .map(|(parameter, name)| {
            let is_wanted = parameter.allow_empty_value
                && !parameter.required
                && parameter.client_value.is_none()
                && !matches!(
                    parameter.ty,
                    Type::Text(TextFormat::Plain | TextFormat::Secret) | Type::Array(_)
                );
            is_wanted.then(|| scope.mint(&format!("empty_{name}")))
        })
        .collect()
}

fn parameter_name(parameter: &Parameter) -> String {
    snake(parameter.rust_name.as_ref().unwrap_or(&parameter.name))
}

/// The words of an operation's id without those of its group, which stand in front of it anyway:
/// `delete training job` in `training jobs` is `delete`. Singular and plural are the same word here.
fn without(id: &[String], group: &[String]) -> Vec<String> {
    let stem = |word: &str| match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    };
    let same = |window: &[String]| window.iter().zip(group).all(|(a, b)| stem(a) == stem(b));
    let found = if group.is_empty() { None } else { id.windows(group.len()).position(same) };
    match found {
        Some(start) if id.len() > group.len() => {
            let rest =
                id.iter().enumerate().filter(|(index, _)| *index < start || *index >= start + group.len());
            rest.map(|(_, word)| word.clone()).collect()
        }
        _ => id.to_vec(),
    }
}
