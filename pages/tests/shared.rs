//! What comes of real pages, where they are at hand: beside the checkout.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::source::Tree;
use clientsmith_generator::{ir, lower, model, name};
use clientsmith_pages::draft::{Descriptions, Format, write};
use clientsmith_pages::verify::compare::compare;
use clientsmith_pages::verify::pages::Pages;
use clientsmith_pages::verify::specification::Specification;
use clientsmith_pages::{endpoint, import, read};
use serde_json::Value;

/// The pages of a service; none, and a word about it, without the folder.
fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn pages(service: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pages").join(service);
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no {}", folder.display());
        return Vec::new();
    };
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

#[test]
fn every_endpoint_page_has_a_method_and_a_path() {
    for service in ["dli", "ecs", "iam", "evs", "modelarts"] {
        let (mut found, mut several, mut without) = (0, Vec::new(), Vec::new());
        let pages = pages(service);
        for path in &pages {
            let text = fs::read_to_string(path).unwrap();
            let page = read::read(path, &text, &mut Diagnostics::new());
            let endpoints = endpoint::endpoints(&page);
            found += endpoints.len();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if endpoints.len() > 1 {
                several.push((name, endpoints));
            } else if endpoints.is_empty() && text.contains("\n## URI") {
                without.push(name);
            }
        }
        eprintln!("{service}: {found} endpoints on {} pages; several: {several:#?}", pages.len());
        assert!(without.is_empty(), "{without:?}");
    }
}

#[test]
fn the_generator_accepts_every_draft() {
    for service in ["dli", "ecs", "iam", "evs", "modelarts"] {
        let mut refused = Vec::new();
        for path in pages(service) {
            let text = fs::read_to_string(&path).unwrap();
            let Some(imported) =
                import(&name(&path), &path, &text, Descriptions::Keep, &mut Diagnostics::new())
            else {
                continue;
            };
            let draft = write(&imported.document, Format::Yaml).unwrap();
            let mut diagnostics = Diagnostics::new();
            let operations = understand(&draft, &mut diagnostics).map(|api| api.operations.len());
            if operations != Some(imported.endpoints) || diagnostics.has_errors() {
                refused.push(format!("{}: {operations:?}\n{}", path.display(), diagnostics.render(false)));
            }
        }
        assert!(refused.is_empty(), "{} of {service}:\n{}", refused.len(), refused.join("\n"));
    }
}

#[test]
fn a_draft_says_what_its_page_says_by_comparison_too() {
    for service in ["dli", "ecs", "iam", "evs", "modelarts"] {
        let (mut compared, mut differences) = (0, Vec::new());
        let mut all = Pages::default();
        for path in pages(service) {
            let text = fs::read_to_string(&path).unwrap();
            let mut diagnostics = Diagnostics::new();
            let Some(imported) = import(&name(&path), &path, &text, Descriptions::None, &mut diagnostics)
            else {
                continue;
            };
            let draft = write(&imported.document, Format::Yaml).unwrap();
            let mut diagnostics = Diagnostics::new();
            let specification = Specification::from_text("draft.yaml", &draft, &mut diagnostics).unwrap();
            let mut page = Pages::default();
            page.add(&name(&path), &path, &text, &mut diagnostics);
            all.add(&name(&path), &path, &text, &mut diagnostics);
            let found = compare(&specification, &page, |_| true);
            let locked = Pages::from_lock(&page.to_lock().unwrap()).unwrap();
            let from_lock = compare(&specification, &locked, |_| true);
            assert_eq!(found.counts, from_lock.counts, "{}", path.display());
            assert_eq!(found.findings.len(), from_lock.findings.len(), "{}", path.display());
            compared += found.counts.fields;
            let of_page = |kind: &str| kind.starts_with("page-");
            differences.extend(
                found.findings.iter().filter(|finding| !of_page(finding.kind.as_str())).map(|finding| {
                    format!("{} {}", finding.location().unwrap_or_default(), finding.message())
                }),
            );
        }
        let lock = all.to_lock().unwrap();
        eprintln!("{service}: {compared} fields compared, a lock of {} bytes", lock.len());
        assert!(differences.is_empty(), "{} of {service}:\n{}", differences.len(), differences.join("\n"));
    }
}

/// So many parts of each draft are changed, evenly spread.
const CHANGES: usize = 6;

#[test]
fn what_is_changed_in_a_draft_is_found() {
    for service in ["dli", "ecs", "iam", "evs", "modelarts"] {
        let (mut changed, mut missed) = (0, Vec::new());
        for path in pages(service) {
            let text = fs::read_to_string(&path).unwrap();
            let mut diagnostics = Diagnostics::new();
            let Some(imported) = import(&name(&path), &path, &text, Descriptions::None, &mut diagnostics)
            else {
                continue;
            };
            let draft = serde_json::to_value(&imported.document).unwrap();
            let mut page = Pages::default();
            page.add(&name(&path), &path, &text, &mut diagnostics);
            let mut parts = Vec::new();
            described(&draft, String::new(), &mut parts);
            for part in parts.iter().step_by(parts.len().div_ceil(CHANGES).max(1)) {
                for (kind, draft) in
                    [("missing", without(&draft, part)), ("other-type", retyped(&draft, part))]
                {
                    let Some(draft) = draft else { continue };
                    let mut diagnostics = Diagnostics::new();
                    let name = "draft.json";
                    let Some(specification) =
                        Specification::from_text(name, &draft.to_string(), &mut diagnostics)
                    else {
                        continue;
                    };
                    changed += 1;
                    let found = compare(&specification, &page, |_| true).findings;
                    if !found.iter().any(|finding| finding.kind.as_str() == kind) {
                        missed.push(format!("{}: {kind} {part}", path.display()));
                    }
                }
            }
        }
        eprintln!("{service}: {changed} changes found");
        assert!(missed.is_empty(), "{} of {service}:\n{}", missed.len(), missed.join("\n"));
    }
}

/// The pointers of the schemas of properties and parameters that have a type; not below maps, which take any name.
fn described(value: &Value, pointer: String, parts: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                if key == "example" || key == "examples" || object.contains_key("additionalProperties") {
                    continue;
                }
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let is_property = pointer.rsplit('/').nth(1) == Some("properties") || key == "schema";
                let is_body = pointer.contains("/content/") && key == "schema";
                if is_property && !is_body && value.get("type").is_some() {
                    parts.push(pointer.clone());
                }
                described(value, pointer, parts);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                described(item, format!("{pointer}/{number}"), parts);
            }
        }
        _ => {}
    }
}

/// The draft without a property; of a parameter only the type can be changed.
fn without(draft: &Value, part: &str) -> Option<Value> {
    let (object, key) = part.rsplit_once('/')?;
    let mut draft = draft.clone();
    let key = key.replace("~1", "/").replace("~0", "~");
    draft.pointer_mut(object)?.as_object_mut().filter(|_| object.ends_with("/properties"))?.remove(&key)?;
    let parent = object.strip_suffix("/properties")?;
    if let Some(required) = draft.pointer_mut(parent)?.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str() != Some(key.as_str()));
    }
    Some(draft)
}

fn retyped(draft: &Value, part: &str) -> Option<Value> {
    let mut draft = draft.clone();
    let schema = draft.pointer_mut(part)?;
    let other = if *schema.get("type")? == "boolean" { "integer" } else { "boolean" };
    *schema = serde_json::json!({ "type": other });
    Some(draft)
}

fn understand(draft: &str, diagnostics: &mut Diagnostics) -> Option<ir::Api> {
    let tree = Tree::from_text("draft.yaml", draft, diagnostics)?;
    let document = model::parse(&tree, diagnostics)?;
    let api = lower::lower(&document, diagnostics);
    let _ = name::name(&api, diagnostics);
    Some(api)
}
