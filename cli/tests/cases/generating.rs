//! What is written, what is said about it, and that a run may be killed.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::folder::{Folder, SPEC};

const GENERATE: &[&str] = &["generate", "openapi.yaml", "--out", "client", "--name", "shop"];

/// Operations with tags, and schemas that say nothing.
const WITH_TAGS: &str = "openapi: 3.0.3
info: {title: Tags, version: '1'}
servers: [{url: 'https://example.com'}]
paths:
  /a:
    get:
      operationId: a
      tags: [a]
      responses:
        '200':
          description: An A.
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
  /b:
    get:
      tags: [b]
      responses:
        '200':
          description: A B.
          content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}
  /c:
    get:
      operationId: c
      tags: [c]
      responses:
        '200':
          description: A C.
          content: {application/json: {schema: {type: object, properties: {c: {$ref: '#/components/schemas/A'}}}}}
components:
  schemas:
    A: {type: object, properties: {free: {$ref: '#/components/schemas/Free'}, none: {oneOf: [{}, {minimum: 1}]}}}
    B: {not: {type: string}}
    Free: {}
";

fn with_another_schema() -> String {
    format!("{SPEC}        placed:\n          type: string\n")
}

#[test]
fn the_first_run_adds_and_the_next_changes_nothing() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    let first = folder.run(GENERATE);
    assert_eq!((first.code, first.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(first.output);

    let written = folder.listing();
    let second = folder.run(GENERATE);
    assert_eq!((second.code, second.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!("the_next_run_changes_nothing", second.output);
    assert_eq!(folder.listing(), written);
}

#[test]
fn an_edit_changes_what_depends_on_it() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    folder.run(GENERATE);
    folder.write("openapi.yaml", &with_another_schema());
    let run = folder.run(GENERATE);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.output);
}

#[test]
fn stale_files_are_listed_and_nothing_is_written() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    folder.run(GENERATE);
    let check: Vec<&str> = GENERATE.iter().copied().chain(["--check"]).collect();
    assert_eq!(folder.run(&check).code, Some(0));

    folder.write("openapi.yaml", &with_another_schema());
    let before = folder.listing();
    let run = folder.run(&check);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!(format!("{}---\n{}", run.output, run.errors));
    assert_eq!(folder.listing(), before);

    let empty = Folder::with(&[("openapi.yaml", SPEC)]);
    assert_eq!(empty.run(&check).code, Some(1));
    assert_eq!(empty.listing().len(), 1);
}

#[test]
fn a_command_stands_beside_its_client() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    let arguments: Vec<&str> = GENERATE.iter().copied().chain(["--command"]).collect();
    let run = folder.run(&arguments);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert!(folder.read("client-cli/Cargo.toml").contains("name = \"shop-cli\""));
    assert!(folder.read("client-cli/Cargo.toml").contains("path = \"../client\""));
    assert!(run.output.contains("wrote client-cli: "), "{}", run.output);
}

#[test]
fn a_part_is_generated_and_stays_up_to_date() {
    let folder = Folder::with(&[("openapi.yaml", WITH_TAGS)]);
    let only = [
        "--only-tags",
        "a,b",
        "--only-tags",
        "c",
        "--only-paths",
        "/a*,/c",
        "--only-operations",
        "a,c,GET /b",
    ];
    let arguments: Vec<&str> = GENERATE.iter().copied().chain(only).collect();
    let run = folder.run(&arguments);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert!(run.output.starts_with("read openapi.yaml: 2 operations, 3 types\n"), "{}", run.output);
    assert!(folder.path().join("client/src/a").is_dir() && folder.path().join("client/src/c").is_dir());
    assert!(!folder.path().join("client/src/b").exists());

    let check: Vec<&str> = arguments.iter().copied().chain(["--check"]).collect();
    assert_eq!(folder.run(&check).code, Some(0));
    let other: Vec<&str> = GENERATE.iter().copied().chain(["--check", "--only-tags", "a,c d"]).collect();
    folder.write("openapi.yaml", &WITH_TAGS.replace("tags: [b]", "tags: [c d]"));
    let stale = folder.run(&other);
    assert_eq!(stale.code, Some(1));
    assert!(stale.errors.contains("--name shop --only-tags 'a,c d'"), "{}", stale.errors);

    let configuration =
        "[[client]]\nspec = 'openapi.yaml'\nout = 'client'\nname = 'shop'\nonly-tags = ['a', 'c']\n";
    folder.write("clientsmith.toml", configuration);
    assert_eq!(folder.run(&["generate", "--check"]).code, Some(0));
}

#[test]
fn a_selection_that_fits_nothing() {
    let folder = Folder::with(&[("openapi.yaml", WITH_TAGS)]);
    let arguments = ["--only-tags", "A,none", "--only-operations", "a,x", "--only-paths", "/b/*"];
    let generate: Vec<&str> = GENERATE.iter().copied().chain(arguments).collect();
    let run = folder.run(&generate);
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""));
    insta::assert_snapshot!(run.errors);
    let check: Vec<&str> = ["check", "openapi.yaml"].into_iter().chain(arguments).collect();
    assert_eq!(folder.run(&check).errors, run.errors);
    assert_eq!(folder.listing().len(), 1);
}

#[test]
fn what_is_left_out_is_not_reported() {
    let folder = Folder::with(&[("openapi.yaml", WITH_TAGS)]);
    let all = folder.run(&["check", "openapi.yaml"]);
    assert!(all.errors.contains("`not` is not checked"), "{}", all.errors);
    let part = folder.run(&["check", "openapi.yaml", "--only-tags", "a", "--report-untyped"]);
    assert_eq!((part.code, part.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(part.output);
}

#[test]
fn free_json_is_listed_with_its_reason() {
    let folder = Folder::with(&[("openapi.yaml", WITH_TAGS)]);
    let check = folder.run(&["check", "openapi.yaml", "--report-untyped"]);
    insta::assert_snapshot!(check.output);
    let arguments: Vec<&str> = GENERATE.iter().copied().chain(["--report-untyped"]).collect();
    let generate = folder.run(&arguments).output;
    assert!(generate.starts_with(&check.output), "{generate}");
}

#[test]
fn the_help_of_a_selection() {
    let help = Folder::with(&[]).run(&["check", "--help"]);
    insta::assert_snapshot!(help.output);
}

#[test]
fn a_configuration_is_found_above() {
    let configuration = "[[client]]\nspec = 'api/openapi.yaml'\nout = 'a'\nname = 'shop'\n\n\
                         [[client]]\nspec = 'api/openapi.yaml'\nout = 'b'\ncommand = true\n";
    let folder = Folder::with(&[("clientsmith.toml", configuration), ("api/openapi.yaml", SPEC)]);
    let output = folder.command(&["generate"]).current_dir(folder.path().join("api")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for package in ["a", "b", "b-cli"] {
        assert!(folder.path().join(package).join("Cargo.toml").is_file(), "{package}");
    }
    let check = folder.run(&["generate", "--check", "--config", "clientsmith.toml"]);
    assert_eq!((check.code, check.errors.as_str()), (Some(0), ""));
    insta::assert_snapshot!(check.output);
}

#[test]
fn a_broken_configuration_is_shown_with_its_line() {
    let folder =
        Folder::with(&[("clientsmith.toml", "[[client]]\nspec = 'a.yaml'\nout = 'a'\nnmae = 'x'\n")]);
    let run = folder.run(&["generate"]);
    assert_eq!(run.code, Some(2));
    assert!(run.errors.contains("clientsmith.toml:4:1"), "{}", run.errors);
    assert_eq!(folder.listing().len(), 1);
}

#[test]
fn one_broken_description_does_not_keep_the_others_from_being_written() {
    let configuration =
        "[[client]]\nspec = 'absent.yaml'\nout = 'a'\n[[client]]\nspec = 'openapi.yaml'\nout = 'b'\n";
    let folder = Folder::with(&[("clientsmith.toml", configuration), ("openapi.yaml", SPEC)]);
    let run = folder.run(&["generate"]);
    assert_eq!(run.code, Some(1));
    assert!(run.errors.contains("absent.yaml"), "{}", run.errors);
    assert!(!folder.path().join("a").exists());
    assert!(folder.path().join("b/Cargo.toml").exists());
}

#[test]
fn a_client_below_another_workspace_is_one_of_its_own() {
    let folder = Folder::with(&[("openapi.yaml", SPEC), ("Cargo.toml", "[workspace]\nmembers = ['tool']\n")]);
    folder.run(GENERATE);
    let own = |folder: &Folder| folder.read("client/Cargo.toml").lines().any(|line| line == "[workspace]");
    assert!(own(&folder));
    folder.write("Cargo.toml", "[workspace]\nmembers = ['client']\n");
    folder.run(GENERATE);
    assert!(!own(&folder));
}

#[test]
fn colours_are_for_terminals() {
    let folder = Folder::with(&[]);
    assert!(!folder.run(GENERATE).errors.contains('\u{1b}'));
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    for arguments in [GENERATE, &["generate", "--help"]] {
        let mut child =
            folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(folder.path().join("client/Cargo.toml").exists());
}

#[test]
fn a_killed_run_leaves_each_file_old_or_new() {
    let new_spec = with_another_schema().replacen("getOrder", "fetchOrder", 1);
    let state = |spec: &str| {
        let folder = Folder::with(&[("openapi.yaml", spec)]);
        folder.run(GENERATE);
        folder.listing()
    };
    let (old, new) = (state(SPEC), state(&new_spec));
    assert!(old != new);
    for milliseconds in [0, 1, 2, 4, 6, 8, 12, 16, 24, 32] {
        let folder = Folder::with(&[("openapi.yaml", SPEC)]);
        folder.run(GENERATE);
        folder.write("openapi.yaml", &new_spec);
        let mut child = folder.command(GENERATE).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        for (path, text) in folder.listing() {
            let is_temporary = path.starts_with("client/.clientsmith.") && !path.ends_with(".json");
            assert!(is_temporary || old.get(&path) == Some(&text) || new.get(&path) == Some(&text), "{path}");
        }
        assert_eq!(folder.run(GENERATE).code, Some(0));
        assert_eq!(folder.listing(), new, "killed after {milliseconds} ms");
    }
}
