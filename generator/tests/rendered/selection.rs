//! Clients of a part of a description.

use std::collections::BTreeMap;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::source::Tree;
use clientsmith_generator::{Selection, Understood, lower, model, understand_selected};

use super::support::{formatted, path_of};

fn of(tags: &[&str], operations: &[&str], paths: &[&str]) -> Selection {
    let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Selection { tags: texts(tags), operations: texts(operations), paths: texts(paths) }
}

/// What is selected, and what was found.
fn selected(selection: &Selection) -> (Option<Understood>, String) {
    let mut diagnostics = Diagnostics::new();
    let understood = understand_selected(&path_of("selection"), selection, &mut diagnostics);
    (understood, diagnostics.render(false))
}

/// The ids of the operations that are selected.
fn ids(selection: &Selection) -> Vec<String> {
    let (understood, found) = selected(selection);
    let understood = understood.unwrap_or_else(|| panic!("{found}"));
    understood.api.operations.into_iter().map(|operation| operation.id).collect()
}

/// The files of a client by their paths.
fn files(selection: &Selection) -> BTreeMap<String, String> {
    let understood = selected(selection).0.unwrap();
    let files = formatted(&understood, "selection").unwrap();
    files.into_iter().map(|file| (file.path, file.text)).collect()
}

#[test]
fn an_operation_fits_every_kind_that_is_given() {
    assert_eq!(ids(&of(&[], &[], &[])).len(), 6);
    assert_eq!(ids(&of(&["Machines"], &[], &[])), ["listMachines", "getMachine"]);
    assert_eq!(ids(&of(&["Both", "health"], &[], &[])), ["listJobs", "get health by part"]);
    assert_eq!(ids(&of(&[], &["stopJob", "GET /health/{part}"], &[])), ["stopJob", "get health by part"]);
    assert_eq!(ids(&of(&[], &[], &["/jobs*", "/health/*"])).len(), 4);
    assert_eq!(ids(&of(&["Jobs"], &[], &["*/{id}"])), ["startJob", "stopJob"]);
    assert_eq!(ids(&of(&["Jobs"], &["listJobs", "getMachine"], &["/*"])), ["listJobs"]);
}

#[test]
fn what_nothing_speaks_of_is_gone() {
    let (understood, found) = selected(&of(&["Jobs"], &[], &[]));
    let api = understood.unwrap().api;
    let names = |list: &mut dyn Iterator<Item = &String>| list.cloned().collect::<Vec<_>>();
    assert_eq!(names(&mut api.groups.iter().map(|group| &group.name)), ["Jobs"]);
    assert_eq!(names(&mut api.schemes.iter().map(|scheme| &scheme.name)), ["key"]);
    assert_eq!(names(&mut api.client_values.iter().map(|value| &value.name)), ["X-Project"]);
    assert_eq!(names(&mut api.headers.iter().map(|header| &header.name)), ["X-Total"]);
    assert_eq!(api.servers.len(), 1);
    assert_eq!(names(&mut api.server_variables.iter().map(|variable| &variable.name)), ["region"]);
    let machines = selected(&of(&["Machines"], &[], &[])).0.unwrap();
    let servers = machines.api.operations.iter().map(|operation| operation.servers);
    assert_eq!(servers.collect::<Vec<_>>(), [1, 0]);
    assert_eq!(machines.names.server_variables, ["region", "zone"]);
    let links = api.operations.iter().flat_map(|operation| &operation.links);
    assert_eq!(names(&mut links.map(|link| &link.name)), ["stop"]);
    insta::assert_snapshot!("selection_findings", found);
}

#[test]
fn a_part() {
    let files = files(&of(&["Jobs"], &[], &[]));
    let shown = ["src/lib.rs", "src/client.rs", "src/jobs/types.rs", "src/shared.rs", "src/jobs/start.rs"];
    let there: Vec<&String> = files.keys().collect();
    let shown = shown
        .map(|path| format!("==> {path}\n\n{}\n", files.get(path).unwrap_or_else(|| panic!("{there:?}"))));
    insta::assert_snapshot!("selection", format!("{there:#?}\n\n{}", shown.concat()));
}

/// So a client of a part can be replaced by one of the whole.
#[test]
fn all_that_a_part_declares_the_whole_declares_in_the_same_place() {
    let whole = files(&Selection::default());
    for selection in [
        of(&["Jobs"], &[], &[]),
        of(&["Machines"], &[], &[]),
        of(&[], &["getMachine", "listJobs"], &[]),
        of(&[], &[], &["/health/*"]),
    ] {
        let part = files(&selection);
        assert!(part.len() < whole.len());
        for (path, text) in part.iter().filter(|(path, _)| path.starts_with("src/")) {
            let whole: Vec<&str> = whole.get(path).unwrap_or_else(|| panic!("{path}")).lines().collect();
            for line in text.lines().filter(|line| line.trim_start().starts_with("pub ")) {
                assert!(whole.contains(&line), "{path}: {line}");
            }
        }
    }
}

#[test]
fn words_that_fit_nothing_are_named() {
    let (understood, found) =
        selected(&of(&["Job", "Other"], &["listJob", "GET /job/{id}", "x"], &["/job", "/none/*"]));
    assert!(understood.is_none());
    let (nothing, none_fits) = selected(&of(&["Jobs"], &["getMachine"], &[]));
    assert!(nothing.is_none());
    insta::assert_snapshot!("selection_of_nothing", found + "\n" + &none_fits);
}

/// What is reported once is reported where it first shows in what is selected, whatever stands before.
#[test]
fn what_is_left_out_hides_no_finding() {
    let operation = |id: &str| {
        let responses = "responses: {'204': {description: None.}}";
        format!("  /a#{id}: {{get: {{operationId: {id}, {responses}}}}}\n")
    };
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths:\n{}{}",
        operation("first"),
        operation("second")
    );
    let mut diagnostics = Diagnostics::new();
    let tree = Tree::from_text("a.yaml", &text, &mut diagnostics).unwrap();
    let document = model::parse(&tree, &mut diagnostics).unwrap();
    let _ = lower::lower_selected(&document, &of(&[], &["second"], &[]), &mut diagnostics);
    assert!(
        diagnostics.render(false).contains("`/a#second` has a fragment"),
        "{}",
        diagnostics.render(false)
    );
}
