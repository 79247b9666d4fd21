//! The fields of sixty real pages are those that a reader took from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_pages::extract::extract;
use clientsmith_pages::facts::{Endpoint, Field, Location, Shape};
use clientsmith_pages::read::read;
use serde_json::Value;

/// How many of a hundred fields must be right.
const WANTED: usize = 97;

/// What is known of a field by its place and its name: type and required flag.
type Facts = BTreeMap<(String, String), (String, Option<bool>)>;

fn facts(endpoint: &Endpoint) -> Facts {
    let mut facts = Facts::new();
    for parameter in &endpoint.parameters {
        let at = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
        };
        add_field(&mut facts, at, "", &parameter.field);
    }
    if let Some(body) = &endpoint.request {
        add_inside(&mut facts, "request", "", &body.shape);
    }
    for response in &endpoint.responses {
        if let (Some(status), Some(body)) = (response.status, &response.body) {
            add_inside(&mut facts, &status.to_string(), "", &body.shape);
        }
    }
    facts
}

fn add_field(facts: &mut Facts, at: &str, before: &str, field: &Field) {
    let name = if before.is_empty() { field.name.clone() } else { format!("{before}.{}", field.name) };
    facts.insert((at.to_owned(), name.clone()), (field.shape.family().to_owned(), field.required));
    add_inside(facts, at, &name, &field.shape);
}

fn add_inside(facts: &mut Facts, at: &str, name: &str, shape: &Shape) {
    match shape {
        Shape::Object(fields) => fields.iter().for_each(|field| add_field(facts, at, name, field)),
        Shape::Array(inner) => add_element(facts, at, &format!("{name}[]"), inner),
        Shape::Map(inner, fields) => {
            fields.iter().for_each(|field| add_field(facts, at, name, field));
            add_element(facts, at, &format!("{name}{{}}"), inner);
        }
        _ => {}
    }
}

fn add_element(facts: &mut Facts, at: &str, name: &str, inner: &Shape) {
    // An element has a line of its own only where no named field says what it is.
    if inner.fields().is_empty() && *inner != Shape::Any {
        facts.insert((at.to_owned(), name.to_owned()), (inner.family().to_owned(), None));
    }
    add_inside(facts, at, name, inner);
}

fn text<'value>(value: &'value Value, key: &str) -> &'value str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'value>(value: &'value Value, key: &str) -> &'value [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How many fields are right, how many there are, and what is wrong.
fn compare(expected: &Value, endpoints: &[Endpoint]) -> (usize, usize, Vec<String>) {
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for wanted in list(expected, "endpoints") {
        let same = |endpoint: &&Endpoint| {
            endpoint.method == text(wanted, "method") && endpoint.path == text(wanted, "path")
        };
        let mut facts = endpoints.iter().find(same).map(facts).unwrap_or_default();
        for field in list(wanted, "fields") {
            all += 1;
            let key = (text(field, "at").to_owned(), text(field, "name").to_owned());
            let families: Vec<&str> = std::iter::once(text(field, "type"))
                .chain(list(field, "or").iter().filter_map(Value::as_str))
                .collect();
            match facts.remove(&key) {
                Some((family, required))
                    if families.contains(&family.as_str())
                        && required == field.get("required").and_then(Value::as_bool) =>
                {
                    right += 1;
                }
                found => wrong.push(format!("{field} came out as {found:?}")),
            }
        }
        let errors: Vec<&str> =
            list(wanted, "error_fields").iter().map(|field| text(field, "name")).collect();
        for ((at, name), found) in facts {
            let is_failure = at.parse::<u16>().is_ok_and(|status| status >= 400);
            let is_element = name.ends_with("[]") || name.ends_with("{}");
            if !is_failure && !is_element && !errors.contains(&name.as_str()) {
                all += 1;
                wrong.push(format!("{at} {name} is not on the page: {found:?}"));
            }
        }
    }
    (right, all, wrong)
}

#[test]
fn nearly_all_fields_come_out_right() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = here.join("../../shared/pages");
    if !pages.is_dir() {
        eprintln!("skipped: there is no {}", pages.display());
        return;
    }
    let mut files: Vec<_> =
        fs::read_dir(here.join("tests/expected")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let (mut right, mut all) = (0, 0);
    let mut report = String::new();
    for file in &files {
        let expected: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let path = pages.join(text(&expected, "page"));
        let mut diagnostics = Diagnostics::new();
        let page = read(&path, &fs::read_to_string(&path).unwrap(), &mut diagnostics);
        let (good, some, wrong) = compare(&expected, &extract(&page, &mut diagnostics));
        (right, all) = (right + good, all + some);
        if !wrong.is_empty() {
            let name = file.file_name().unwrap().to_string_lossy();
            report.push_str(&format!(
                "{name} {}: {good} of {some}\n  {}\n",
                text(&expected, "page"),
                wrong.join("\n  ")
            ));
        }
    }
    eprintln!("{report}{right} of {all} fields of {} pages are right", files.len());
    assert!(right * 100 >= all * WANTED, "{right} of {all}");
}
