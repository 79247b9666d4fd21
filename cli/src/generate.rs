//! `clientsmith generate`: writes clients, or compares them with what would be written.

use std::io::Write;

use clientsmith_generator::{Generation, Generator, Selection};

use crate::Outcome;
use crate::arguments::Generate;
use crate::configuration::{self, Client, ConfigurationError};
use crate::report::{Report, count};

pub(crate) fn run(arguments: &Generate, report: &mut Report<impl Write, impl Write>) -> Outcome {
    let clients = match clients(arguments) {
        Ok(clients) => clients,
        Err(error) => {
            let rendered = error.render(report.color());
            report.error(rendered);
            return Outcome::Misused;
        }
    };
    let mut outcome = Outcome::Done;
    let mut stale = 0;
    for client in &clients {
        let Generation { diagnostics, outcome: generated } = generation(client, arguments.check);
        report.diagnostics(&diagnostics);
        let Some(generated) = generated else {
            outcome = Outcome::Failed;
            continue;
        };
        report.read(&client.spec, &generated.files_read, generated.operations, generated.types);
        if arguments.report_untyped {
            report.untyped(generated.described, generated.named_only, &generated.untyped);
        }
        for (folder, changes) in &generated.changes {
            let verb = if arguments.check { "stale" } else { "wrote" };
            report.changes(verb, folder, changes);
            stale += changes.added.len() + changes.changed.len() + changes.removed.len();
        }
    }
    if arguments.check && stale > 0 {
        let (stale, command) = (count(stale, "stale file"), command_line(arguments));
        report.error(format_args!("error: {stale}; run: {command}"));
        outcome = Outcome::Failed;
    }
    outcome
}

fn clients(arguments: &Generate) -> Result<Vec<Client>, ConfigurationError> {
    match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) => Ok(vec![Client {
            spec: spec.clone(),
            out: out.clone(),
            name: arguments.name.clone(),
            license: arguments.license.clone(),
            runtime: arguments.runtime.clone(),
            command: arguments.command,
            selection: Selection::from(&arguments.only),
        }]),
        _ => configuration::read(arguments.config.as_deref()),
    }
}

fn generation(client: &Client, check: bool) -> Generation {
    let mut generator = Generator::new(&client.spec).command(client.command).only(client.selection.clone());
    if let Some(name) = &client.name {
        generator = generator.name(name);
    }
    if let Some(license) = &client.license {
        generator = generator.license(license);
    }
    if let Some(runtime) = &client.runtime {
        generator = generator.runtime(runtime);
    }
    if check { generator.check(&client.out) } else { generator.generate(&client.out) }
}

/// The command that brings stale files up to date.
fn command_line(arguments: &Generate) -> String {
    let mut words = vec!["clientsmith".to_owned(), "generate".to_owned()];
    words.extend(arguments.spec.as_ref().map(|spec| quoted(&spec.to_string_lossy())));
    let options = [
        ("--out", arguments.out.as_ref().map(|path| path.to_string_lossy().into_owned())),
        ("--name", arguments.name.clone()),
        ("--license", arguments.license.clone()),
        ("--runtime", arguments.runtime.as_ref().map(|path| path.to_string_lossy().into_owned())),
        ("--config", arguments.config.as_ref().map(|path| path.to_string_lossy().into_owned())),
    ];
    for (option, value) in options {
        if let Some(value) = value {
            words.extend([option.to_owned(), quoted(&value)]);
        }
    }
    let lists = [
        ("--only-tags", &arguments.only.only_tags),
        ("--only-operations", &arguments.only.only_operations),
        ("--only-paths", &arguments.only.only_paths),
    ];
    for (option, values) in lists.iter().filter(|(_, values)| !values.is_empty()) {
        words.extend([(*option).to_owned(), quoted(&values.join(","))]);
    }
    if arguments.command {
        words.push("--command".to_owned());
    }
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "-_./=:@%+,".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
