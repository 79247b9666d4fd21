//! The facade: from a description to a folder with a crate, in one call.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostics};
use crate::ir::Untyped;
use crate::render::command::CommandOptions;
use crate::render::{self, PackageOptions, RenderedFile};
use crate::write::{self, Changes, OutputFile, Package, Workspace, WriteError};
use crate::{Selection, Understood, understand_selected};

/// Generates a client crate from a description, and on demand a command beside it.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until `generate` or `check`"]
pub struct Generator {
    pub(crate) spec: PathBuf,
    pub(crate) name: Option<String>,
    pub(crate) selection: Selection,
    runtime: Option<PathBuf>,
    command: bool,
    license: Option<String>,
}

/// What a run of the [`Generator`] came to.
#[derive(Debug)]
pub struct Generation {
    /// What was found on the way.
    pub diagnostics: Diagnostics,
    /// What was done; `None` when there were errors, and then nothing was written.
    pub outcome: Option<Outcome>,
}

/// What was read and what was, or would be, written.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The files of the description.
    pub files_read: Vec<PathBuf>,
    /// How many operations the client has.
    pub operations: usize,
    /// How many types with a name the client has.
    pub types: usize,
    /// How many uses of schemas say what their values are.
    pub described: usize,
    /// Those of them that are rendered as free JSON: each with its `file:line:column`.
    pub untyped: Vec<(String, Untyped)>,
    /// How many others of them lead to a type with a name that is any JSON value, for the description says nothing of it.
    pub named_only: usize,
    /// The folder of each package, and what changes in it.
    pub changes: Vec<(PathBuf, Changes)>,
}

/// A package that is ready to be compared or written.
struct Prepared {
    folder: PathBuf,
    files: Vec<OutputFile>,
}

impl Generator {
    /// A generator for the description in that file.
    pub fn new(spec: impl Into<PathBuf>) -> Self {
        Self {
            spec: spec.into(),
            name: None,
            selection: Selection::default(),
            runtime: None,
            command: false,
            license: None,
        }
    }

    /// Sets the name of the package. Without, it is made of the title of the API.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Generates only what the selection takes, and what that needs. Types, groups and operations are called as in the client
    /// of the whole description.
    ///
    /// ```no_run
    /// use clientsmith_generator::{Generator, Selection};
    ///
    /// let selection = Selection { tags: vec!["jobs".to_owned()], ..Selection::default() };
    /// Generator::new("openapi.yaml").only(selection).generate("jobs-client");
    /// ```
    pub fn only(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Sets the folder of the runtime that the package depends on. Without, it is the runtime of the checkout that the
    /// output folder or the current folder is in, else the published one of the same version.
    pub fn runtime(mut self, path: impl Into<PathBuf>) -> Self {
        self.runtime = Some(path.into());
        self
    }

    /// Sets the licence that the package states, as an SPDX expression. Without, it states none.
    pub fn license(mut self, license: impl Into<String>) -> Self {
        self.license = Some(license.into());
        self
    }

    /// Also generates a command: a second package beside the client, in a folder with `-cli` at the end of its name.
    pub fn command(mut self, yes: bool) -> Self {
        self.command = yes;
        self
    }

    /// Generates the crate into a folder. When there are errors, nothing is written.
    pub fn generate(&self, out: impl AsRef<Path>) -> Generation {
        self.run(out.as_ref(), write::apply)
    }

    /// Compares the folder with what [`generate`](Self::generate) would write into it, and writes nothing.
    pub fn check(&self, out: impl AsRef<Path>) -> Generation {
        self.run(out.as_ref(), |packages| packages.iter().map(|package| write::compare(*package)).collect())
    }

    fn run(
        &self,
        out: &Path,
        finish: impl FnOnce(&[Package<'_>]) -> Result<Vec<Changes>, WriteError>,
    ) -> Generation {
        let mut diagnostics = Diagnostics::new();
        let understood = understand_selected(&self.spec, &self.selection, &mut diagnostics);
        let outcome = understood.and_then(|understood| {
            let prepared = self.prepare(&understood, out, &mut diagnostics)?;
            let packages: Vec<Package<'_>> = prepared
                .iter()
                .map(|package| Package { out: &package.folder, files: &package.files })
                .collect();
            let changes = finish(&packages).map_err(|error| error.report(&mut diagnostics)).ok()?;
            Some(Outcome {
                files_read: understood.tree.files().map(|file| file.path.clone()).collect(),
                operations: understood.api.operations.len(),
                types: understood.api.types.len(),
                described: understood.api.described,
                untyped: understood.untyped(),
                named_only: understood.api.named_only,
                changes: prepared.into_iter().map(|package| package.folder).zip(changes).collect(),
            })
        });
        Generation { diagnostics, outcome }
    }

    /// Renders and formats all packages. `None` after an error, which has been reported.
    fn prepare(
        &self,
        understood: &Understood,
        out: &Path,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Prepared>> {
        let name = self.package_name(understood, diagnostics)?;
        let options = PackageOptions {
            name: name.clone(),
            runtime: reported(write::runtime_dependency(out, self.runtime.as_deref()), diagnostics)?,
            is_own_workspace: is_own_workspace(out, diagnostics)?,
            license: self.license.clone(),
        };
        let client = render::render(&understood.api, &understood.names, &options);
        let mut packages = vec![prepared(out.to_path_buf(), client, diagnostics)?];
        if self.command {
            let (folder, client_folder) = reported_beside(out, diagnostics)?;
            let options = CommandOptions {
                name: format!("{name}-cli"),
                client: name,
                client_path: format!("../{client_folder}"),
                runtime: reported(write::runtime_dependency(&folder, self.runtime.as_deref()), diagnostics)?,
                is_own_workspace: is_own_workspace(&folder, diagnostics)?,
            };
            let command = render::command::package(&understood.api, &understood.names, &options);
            packages.push(prepared(folder, command, diagnostics)?);
        }
        Some(packages)
    }

    /// The name that was given, when it can be one, else the title of the API in kebab case.
    pub(crate) fn package_name(
        &self,
        understood: &Understood,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let Some(name) = &self.name else { return Some(crate::name::kebab(&understood.api.title)) };
        let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
        if starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            return Some(name.clone());
        }
        diagnostics
            .report(Code::InvalidValue, None, format!("`{name}` cannot be the name of a package"))
            .help("a letter comes first, then letters, digits, `-` and `_`");
        None
    }
}

/// The folder of the command of a client, and the name of the client's folder beside it.
fn reported_beside(out: &Path, diagnostics: &mut Diagnostics) -> Option<(PathBuf, String)> {
    // `.` has a name only as part of the whole path.
    let whole = if out.file_name().is_some() { out.to_path_buf() } else { std::path::absolute(out).ok()? };
    let Some(name) = whole.file_name().and_then(OsStr::to_str) else {
        diagnostics
            .report(Code::InvalidValue, None, format!("no folder can stand beside `{}`", out.display()))
            .help("the command is a second package beside the client: name the client's folder");
        return None;
    };
    Some((whole.with_file_name(format!("{name}-cli")), name.to_owned()))
}

fn is_own_workspace(out: &Path, diagnostics: &mut Diagnostics) -> Option<bool> {
    reported(write::workspace_of(out), diagnostics)
        .map(|workspace| matches!(workspace, Workspace::Foreign(_)))
}

fn prepared(folder: PathBuf, files: Vec<RenderedFile>, diagnostics: &mut Diagnostics) -> Option<Prepared> {
    match write::format(files) {
        Ok(files) => Some(Prepared { folder, files }),
        Err(error) => {
            diagnostics
                .report(Code::Unwritable, None, error.to_string())
                .help("this is a bug of clientsmith: please report it with the description");
            None
        }
    }
}

fn reported<T>(result: Result<T, WriteError>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|error| error.report(diagnostics)).ok()
}
