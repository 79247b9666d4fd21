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

/// The pages of a service; none, and a word about it, without the folder.
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
            let Some(imported) = import(&path, &text, Descriptions::Keep, &mut Diagnostics::new()) else {
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
            let Some(imported) = import(&path, &text, Descriptions::None, &mut diagnostics) else {
                continue;
            };
            let draft = write(&imported.document, Format::Yaml).unwrap();
            let mut diagnostics = Diagnostics::new();
            let specification = Specification::from_text("draft.yaml", &draft, &mut diagnostics).unwrap();
            let mut page = Pages::default();
            page.add(&path, &text, &mut diagnostics);
            all.add(&path, &text, &mut diagnostics);
            let found = compare(&specification, &page, &[]);
            let locked = Pages::from_lock(&page.to_lock().unwrap()).unwrap();
            let from_lock = compare(&specification, &locked, &[]);
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

fn understand(draft: &str, diagnostics: &mut Diagnostics) -> Option<ir::Api> {
    let tree = Tree::from_text("draft.yaml", draft, diagnostics)?;
    let document = model::parse(&tree, diagnostics)?;
    let api = lower::lower(&document, diagnostics);
    let _ = name::name(&api, diagnostics);
    Some(api)
}
