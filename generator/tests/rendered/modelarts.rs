//! The client of ModelArts: what is checked in is what the description gives today.

use std::fs;
use std::path::Path;

use clientsmith_generator::Generator;

use super::support::{formatted, understood};

const ROOT: &str = "..";

/// The operation that the project began with, whole.
#[test]
fn deleting_a_training_job() {
    let (understood, diagnostics) = understood(&Path::new(ROOT).join("spec/modelarts/openapi.yaml"));
    assert_eq!(diagnostics.render(false), "");
    let files = formatted(&understood, "huaweicloud-modelarts").unwrap();
    let file = files.into_iter().find(|file| file.path == "src/training_jobs/delete.rs").unwrap();
    insta::assert_snapshot!(file.text);
}

/// Each client that `clientsmith.toml` lists, as `clientsmith generate --check` compares it.
#[test]
fn checked_in_clients_are_up_to_date() {
    let root = Path::new(ROOT);
    let configuration: toml::Table =
        fs::read_to_string(root.join("clientsmith.toml")).unwrap().parse().unwrap();
    let clients = configuration.get("client").and_then(toml::Value::as_array).unwrap();
    assert!(!clients.is_empty());
    for client in clients {
        let text = |key: &str| client.get(key).and_then(toml::Value::as_str).unwrap();
        let mut generator = Generator::new(root.join(text("spec"))).name(text("name"));
        if let Some(license) = client.get("license").and_then(toml::Value::as_str) {
            generator = generator.license(license);
        }
        let generation = generator.check(root.join(text("out")));
        let Some(outcome) = generation.outcome else { panic!("{}", generation.diagnostics.render(false)) };
        for (folder, changes) in outcome.changes {
            assert!(
                changes.is_empty(),
                "{} is not what {} gives; run `cargo run -p clientsmith -- generate`: {changes:#?}",
                folder.display(),
                text("spec")
            );
        }
    }
}
