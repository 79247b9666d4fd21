//! All stages over one text. What must not happen is a panic, so that each kind of fuzzer sees it.

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::render::command::{CommandOptions, package};
use clientsmith_generator::render::{PackageOptions, RuntimeDependency, render};
use clientsmith_generator::source::Tree;
use clientsmith_generator::{Understood, lower, model, name, write};

use crate::inspect::inspect;

/// Reads a text as a description and generates a client and a command from it. `true` when both were generated.
///
/// # Panics
///
/// Where the generator does, where it refuses without an error, and where what it generates is not as it has to be.
#[must_use]
pub fn check(file: &str, text: &str) -> bool {
    let mut diagnostics = Diagnostics::new();
    let understood = understood(file, text, &mut diagnostics);
    // Everything that is found has to be shown too.
    let shown = diagnostics.render(false);
    let Some(understood) = understood else {
        assert!(diagnostics.has_errors(), "refused without an error: {shown}");
        return false;
    };
    let options = PackageOptions {
        name: "fuzzed".to_owned(),
        runtime: RuntimeDependency::Version("0.0.0".to_owned()),
        is_own_workspace: true,
        license: None,
    };
    let command = CommandOptions {
        name: "fuzzed-cli".to_owned(),
        client: "fuzzed".to_owned(),
        client_path: "../fuzzed".to_owned(),
        runtime: RuntimeDependency::Version("0.0.0".to_owned()),
        is_own_workspace: true,
    };
    let packages = [
        render(&understood.api, &understood.names, &options),
        package(&understood.api, &understood.names, &command),
    ];
    for files in packages {
        match write::format(files) {
            Err(error) => panic!("{error}"),
            Ok(files) => {
                let files = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
                if let Err(error) = inspect(files) {
                    panic!("{error}");
                }
            }
        }
    }
    true
}

fn understood(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Understood> {
    let tree = Tree::from_text(file, text, diagnostics)?;
    let document = model::parse(&tree, diagnostics)?;
    if diagnostics.has_errors() {
        return None;
    }
    let api = lower::lower(&document, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let names = name::name(&api, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    Some(Understood { tree, api, names })
}
