//! The generator inside a build script: the subcommands of a command at build time, and a client that is never stale.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::render::{FileContent, RenderedFile, command};
use crate::{Generator, understand_selected, write};

/// The file with the subcommands, in the folder that Cargo gives a build script.
const COMMANDS: &str = "commands.rs";

impl Generator {
    /// Runs inside of a build script of Cargo, which it speaks to on standard output.
    ///
    /// It checks that the folder `client` holds what would be generated, and writes the subcommands for all operations to
    /// `$OUT_DIR/commands.rs`, for `include!` in a module of their own. The build stops when the description has errors,
    /// and with one line when the client is stale: it says to run `regenerate`. Cargo runs the script again when a file of
    /// the description or of the client changes.
    ///
    /// The package needs the client, and `clientsmith-runtime` with its feature `command`.
    ///
    /// ```no_run
    /// // build.rs
    /// clientsmith_generator::Generator::new("spec/openapi.yaml")
    ///     .name("petstore")
    ///     .build_script("client", "clientsmith generate spec/openapi.yaml --out client --name petstore");
    /// ```
    pub fn build_script(&self, client: impl AsRef<Path>, regenerate: &str) {
        let out_dir = std::env::var_os("OUT_DIR").map(PathBuf::from);
        let program = std::env::var("CARGO_PKG_NAME").ok();
        for line in self.instructions(client.as_ref(), regenerate, out_dir.as_deref(), program.as_deref()) {
            println!("{line}");
        }
    }

    /// What is said to Cargo, after all that is to be done is done.
    fn instructions(
        &self,
        client: &Path,
        regenerate: &str,
        out_dir: Option<&Path>,
        program: Option<&str>,
    ) -> Vec<String> {
        let generation = self.check(client);
        let mut lines = vec![rerun_if_changed(client), rerun_if_changed(&self.spec)];
        let Some(outcome) = generation.outcome else {
            lines.extend(errors(&generation.diagnostics.render(false)));
            return lines;
        };
        lines.extend(outcome.files_read.iter().map(|file| rerun_if_changed(file)));
        if outcome.changes.iter().any(|(_, changes)| !changes.is_empty()) {
            lines.extend(errors(&format!("{}/ is stale: run `{regenerate}`", client.display())));
            return lines;
        }
        let Some(out_dir) = out_dir else {
            lines.extend(errors("OUT_DIR is not set: this is no build script"));
            return lines;
        };
        if let Err(message) = self.write_commands(&out_dir.join(COMMANDS), program) {
            lines.extend(errors(&message));
        }
        lines
    }

    fn write_commands(&self, path: &Path, program: Option<&str>) -> Result<(), String> {
        let mut diagnostics = Diagnostics::new();
        let understood = understand_selected(&self.spec, &self.selection, &mut diagnostics);
        let rendered = understood.and_then(|understood| {
            let client = self.package_name(&understood, &mut diagnostics)?;
            Some(command::module(&understood.api, &understood.names, &client, program.unwrap_or(&client)))
        });
        let pieces = rendered.ok_or_else(|| diagnostics.render(false))?;
        let text = formatted(pieces)?;
        // A file that stays the same is left alone, so that nothing is compiled again for it.
        if std::fs::read_to_string(path).is_ok_and(|current| current == text) {
            return Ok(());
        }
        std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
    }
}

fn formatted(pieces: Vec<TokenStream>) -> Result<String, String> {
    let file = RenderedFile { path: COMMANDS.to_owned(), content: FileContent::Rust(pieces) };
    let files = write::format(vec![file]).map_err(|error| error.to_string())?;
    Ok(files.into_iter().map(|file| file.text).collect())
}

fn rerun_if_changed(path: &Path) -> String {
    format!("cargo::rerun-if-changed={}", path.display())
}

/// A message to Cargo has one line.
fn errors(message: &str) -> impl Iterator<Item = String> + '_ {
    let lines = message.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("cargo::error={line}"))
}

#[cfg(test)]
mod tests;
