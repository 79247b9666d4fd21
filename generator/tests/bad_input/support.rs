//! All stages over a text, on a small stack.

use std::thread;

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_generator::render::{PackageOptions, RuntimeDependency, render};
use clientsmith_generator::source::{Limits, load_texts};
use clientsmith_generator::write::{self, OutputFile};
use clientsmith_generator::{Understood, lower, model, name};

use crate::inspect::inspect;

/// Half of what a thread has by default: the generator has to go without a large stack.
const STACK: usize = 1024 * 1024;

/// What became of a description.
pub(crate) struct Outcome {
    /// The findings, as they are shown.
    pub(crate) findings: String,
    /// Their codes.
    pub(crate) codes: Vec<Code>,
    /// The files, when there was no error. They are inspected.
    pub(crate) files: Option<Vec<OutputFile>>,
}

impl Outcome {
    /// The text of a file of the client.
    pub(crate) fn file(&self, path: &str) -> &str {
        let files = self.files.as_ref().unwrap_or_else(|| panic!("refused: {}", self.findings));
        &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}")).text
    }

    /// How many findings have this code.
    pub(crate) fn count(&self, code: Code) -> usize {
        self.codes.iter().filter(|known| **known == code).count()
    }

    /// Whether a client was generated.
    pub(crate) fn is_generated(&self) -> bool {
        self.files.is_some()
    }

    /// Checks that the description was refused for this reason.
    pub(crate) fn refused(&self, code: Code) {
        assert!(!self.is_generated() && self.codes.contains(&code), "{:?}: {}", self.codes, self.findings);
    }

    /// Checks that a client was generated.
    pub(crate) fn generated(self) -> Self {
        assert!(self.is_generated(), "{}", self.findings);
        self
    }
}

/// All stages over one text; the end of the name says whether it is JSON or YAML.
pub(crate) fn outcome(file: &str, text: String) -> Outcome {
    outcome_of_files(file, vec![(file.to_owned(), text)])
}

/// All stages over several files, of which one is the root.
pub(crate) fn outcome_of_files(root: &str, files: Vec<(String, String)>) -> Outcome {
    let root = root.to_owned();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || run(&root, &files)).unwrap();
    worker.join().unwrap_or_else(|_| panic!("a panic"))
}

fn run(root: &str, files: &[(String, String)]) -> Outcome {
    let mut diagnostics = Diagnostics::new();
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let understood = understood(root, files, &mut diagnostics);
    let findings = diagnostics.render(false);
    assert!(understood.is_some() || diagnostics.has_errors(), "refused without an error: {findings}");
    let files = understood.map(|understood| {
        let options = PackageOptions {
            name: "bad".to_owned(),
            runtime: RuntimeDependency::Path("../runtime".to_owned()),
            is_own_workspace: false,
            license: None,
        };
        let files = render(&understood.api, &understood.names, &options);
        let files = write::format(files).unwrap();
        inspect(files.iter().map(|file| (file.path.as_str(), file.text.as_str()))).unwrap();
        files
    });
    Outcome { findings, codes: diagnostics.iter().map(|finding| finding.code).collect(), files }
}

fn understood<'a>(
    root: &str,
    files: impl Iterator<Item = (&'a str, &'a str)>,
    diagnostics: &mut Diagnostics,
) -> Option<Understood> {
    let tree = load_texts(root, files, Limits::default(), diagnostics)?;
    let document = model::parse(&tree, diagnostics)?;
    let api = (!diagnostics.has_errors()).then(|| lower::lower(&document, diagnostics))?;
    let names = (!diagnostics.has_errors()).then(|| name::name(&api, diagnostics))?;
    (!diagnostics.has_errors()).then_some(Understood { tree, api, names })
}

/// A description with these schemas, in JSON.
pub(crate) fn with_schemas(schemas: &str) -> String {
    with_components(&format!(r#""schemas":{{{schemas}}}"#), "")
}

/// A description with these paths, in JSON.
pub(crate) fn with_paths(paths: &str) -> String {
    with_components("", paths)
}

/// A description with these sections of `components` and these paths, in JSON.
pub(crate) fn with_components(components: &str, paths: &str) -> String {
    format!(
        r#"{{"openapi":"3.0.3","info":{{"title":"t","version":"1"}},"paths":{{{paths}}},"components":{{{components}}}}}"#
    )
}
