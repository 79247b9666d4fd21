//! What is wrong with the input is told with its place, and nothing is written.

use super::folder::{Folder, SPEC};

const GENERATE: &[&str] = &["generate", "openapi.yaml", "--out", "client", "--name", "shop"];

/// Runs over these files and hands back what was said. Exit status and folder are what they must be.
fn refusal(files: &[(&str, &str)]) -> String {
    let folder = Folder::with(files);
    let before = folder.listing();
    let run = folder.run(GENERATE);
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""), "{}", run.errors);
    assert_eq!(folder.listing(), before, "{}", run.errors);
    run.errors
}

/// As [`refusal`], over the description with one change.
fn refusal_of(old: &str, new: &str) -> String {
    assert!(SPEC.contains(old), "{old} is not in the description");
    refusal(&[("openapi.yaml", &SPEC.replacen(old, new, 1))])
}

#[test]
fn a_missing_file() {
    insta::assert_snapshot!(refusal(&[]));
}

#[test]
fn broken_yaml() {
    let errors = refusal_of("tags: [Orders]", "tags: [Orders");
    assert!(errors.contains("openapi.yaml:12:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn a_reference_to_nowhere() {
    let errors = refusal_of("schemas/Order'", "schemas/Ordre'");
    assert!(errors.contains("openapi.yaml:24:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn a_reference_to_a_file_that_is_not_there() {
    insta::assert_snapshot!(refusal_of("#/components/schemas/Order'", "schemas/order.yaml'"));
}

#[test]
fn a_chain_of_references_that_never_ends() {
    let chain = "    Order:\n      $ref: '#/components/schemas/Other'\n    Other:\n      $ref: '#/components/schemas/Order'\n    Rest:\n";
    let errors = refusal_of("    Order:\n", chain);
    assert!(errors.contains("openapi.yaml:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn a_reference_out_of_the_folder() {
    let errors = refusal_of("#/components/schemas/Order'", "../order.yaml#/Order'");
    assert!(errors.contains("openapi.yaml:24:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn a_duplicate_key() {
    let errors = refusal_of("      tags: [Orders]\n", "      tags: [Orders]\n      tags: [Others]\n");
    assert!(errors.contains("openapi.yaml:12:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn a_duplicate_operation_id() {
    let other = "    delete:\n      operationId: getOrder\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'204': {description: Gone.}}\ncomponents:\n";
    let errors = refusal_of("components:\n", other);
    assert!(errors.contains("openapi.yaml:26:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn a_path_parameter_that_is_not_declared() {
    let errors = refusal_of("/orders/{id}", "/orders/{id}/{part}");
    assert!(errors.contains("openapi.yaml:10:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn an_unknown_key_of_our_language() {
    let errors = refusal_of("      tags:", "      x-clientsmith-pagintaion: {}\n      tags:");
    assert!(errors.contains("openapi.yaml:11:"), "{errors}");
    insta::assert_snapshot!(errors);
}

#[test]
fn an_output_folder_that_cannot_be_written_to() {
    insta::assert_snapshot!(refusal(&[("openapi.yaml", SPEC), ("client", "a file, not a folder")]));
}

#[test]
fn a_file_where_a_folder_of_ours_should_be() {
    insta::assert_snapshot!(refusal(&[("openapi.yaml", SPEC), ("client/src", "a file, not a folder")]));
}

#[test]
fn a_foreign_file() {
    insta::assert_snapshot!(refusal(&[("openapi.yaml", SPEC), ("client/src/lib.rs", "// mine\n")]));
}

#[test]
fn a_name_that_no_package_can_have() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    let run = folder.run(&["generate", "openapi.yaml", "--out", "client", "--name", "no name"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!(run.errors);
}

#[test]
fn a_runtime_that_is_none() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    let run = folder.run(&["generate", "openapi.yaml", "--out", "client", "--runtime", "elsewhere"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!(run.errors);
}

#[test]
fn checking_finds_the_same() {
    let folder = Folder::with(&[("openapi.yaml", &SPEC.replacen("schemas/Order'", "schemas/Ordre'", 1))]);
    let (checked, generated) = (folder.run(&["check", "openapi.yaml"]), folder.run(GENERATE));
    assert_eq!((checked.code, checked.errors), (generated.code, generated.errors));
    assert_eq!(checked.code, Some(1));
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let folder = Folder::with(&[("openapi.yaml", SPEC)]);
    for arguments in [
        &["generate"][..],
        &["generate", "openapi.yaml"],
        &["generate", "--out", "client"],
        &["generate", "--config", "absent.toml"],
        &["generate", "openapi.yaml", "--out", "client", "--config", "clientsmith.toml"],
        &["generat"],
        &[],
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.errors);
        assert!(!run.errors.is_empty());
    }
}
