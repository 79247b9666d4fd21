//! The configuration file: which clients there are.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use clientsmith_generator::Selection;
use serde::Deserialize;
use toml::Spanned;

/// The name of the configuration file.
const FILE: &str = "clientsmith.toml";

/// A client to generate. Paths are relative to the current folder, or absolute.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) spec: PathBuf,
    pub(crate) out: PathBuf,
    pub(crate) name: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) runtime: Option<PathBuf>,
    pub(crate) command: bool,
    pub(crate) selection: Selection,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigurationError {
    #[error(
        "there is no {FILE} in this folder or above it; name a description: clientsmith generate SPEC --out DIR"
    )]
    Missing,
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}: {message}", path.display())]
    Invalid { path: PathBuf, text: String, span: Option<Range<usize>>, message: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    client: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    spec: PathBuf,
    out: Spanned<PathBuf>,
    name: Option<String>,
    license: Option<String>,
    runtime: Option<PathBuf>,
    #[serde(default)]
    command: bool,
    #[serde(default)]
    only_tags: Vec<String>,
    #[serde(default)]
    only_operations: Vec<String>,
    #[serde(default)]
    only_paths: Vec<String>,
}

impl ConfigurationError {
    /// The error with the line that it is about, for a terminal.
    pub(crate) fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let title = match self {
            ConfigurationError::Invalid { message, .. } => message.clone(),
            other => other.to_string(),
        };
        let mut group = Group::with_title(Level::ERROR.primary_title(title));
        if let ConfigurationError::Invalid { path, text, span, .. } = self {
            let mut snippet = Snippet::source(text).path(path.to_string_lossy());
            if let Some(span) = span {
                snippet = snippet.annotation(AnnotationKind::Primary.span(span.clone()));
            }
            group = group.element(snippet);
        }
        renderer.render(&[group])
    }
}

/// The clients of the configuration file `given`; without it, of the one in the current folder or the nearest above.
pub(crate) fn read(given: Option<&Path>) -> Result<Vec<Client>, ConfigurationError> {
    let path = match given {
        Some(path) => path.to_path_buf(),
        None => find()?,
    };
    match fs::read_to_string(&path) {
        Ok(text) => parse(&path, text),
        Err(source) => Err(ConfigurationError::Unreadable { path, source }),
    }
}

/// The nearest configuration file, as seen from the current folder.
fn find() -> Result<PathBuf, ConfigurationError> {
    let current = env::current_dir()
        .map_err(|source| ConfigurationError::Unreadable { path: PathBuf::from("."), source })?;
    let mut path = PathBuf::from(FILE);
    for folder in current.ancestors() {
        if folder.join(FILE).is_file() {
            return Ok(path);
        }
        path = Path::new("..").join(path);
    }
    Err(ConfigurationError::Missing)
}

fn parse(path: &Path, text: String) -> Result<Vec<Client>, ConfigurationError> {
    let invalid = |text: &str, span, message: &str| ConfigurationError::Invalid {
        path: path.to_path_buf(),
        text: text.to_owned(),
        span,
        message: message.to_owned(),
    };
    let file: File = toml::from_str(&text).map_err(|error| invalid(&text, error.span(), error.message()))?;
    if file.client.is_empty() {
        return Err(invalid(&text, None, "no client is listed: a [[client]] with spec and out is expected"));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut taken = BTreeSet::new();
    let mut clients = Vec::new();
    for entry in file.client {
        let span = entry.out.span();
        let out = folder.join(entry.out.into_inner());
        if !taken.insert(out.clone()) {
            return Err(invalid(
                &text,
                Some(span),
                "two clients cannot have one folder: another one is expected",
            ));
        }
        clients.push(Client {
            spec: folder.join(entry.spec),
            out,
            name: entry.name,
            license: entry.license,
            runtime: entry.runtime.map(|runtime| folder.join(runtime)),
            command: entry.command,
            selection: Selection {
                tags: entry.only_tags,
                operations: entry.only_operations,
                paths: entry.only_paths,
            },
        });
    }
    Ok(clients)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<Client>, String> {
        parse(Path::new("conf/clientsmith.toml"), text.to_owned()).map_err(|error| error.render(false))
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let text = "[[client]]\nspec = 'a.yaml'\nout = '../b'\nname = 'c'\nlicense = 'MIT'\nruntime = '/r'\ncommand = true\n\
                    only-tags = ['t']\nonly-operations = ['o', 'GET /o']\nonly-paths = ['/p/*']\n\
                    [[client]]\nspec = '/d.yaml'\nout = 'e'";
        let clients = parsed(text).unwrap();
        assert_eq!(
            clients,
            [
                Client {
                    spec: "conf/a.yaml".into(),
                    out: "conf/../b".into(),
                    name: Some("c".to_owned()),
                    license: Some("MIT".to_owned()),
                    runtime: Some("/r".into()),
                    command: true,
                    selection: Selection {
                        tags: vec!["t".to_owned()],
                        operations: vec!["o".to_owned(), "GET /o".to_owned()],
                        paths: vec!["/p/*".to_owned()],
                    },
                },
                Client {
                    spec: "/d.yaml".into(),
                    out: "conf/e".into(),
                    name: None,
                    license: None,
                    runtime: None,
                    command: false,
                    selection: Selection::default(),
                }
            ]
        );
    }

    #[test]
    fn an_unknown_key_is_shown_with_its_line() {
        insta::assert_snapshot!(parsed("[[client]]\nspec = 'a'\nout = 'b'\nnmae = 'c'").unwrap_err());
    }

    #[test]
    fn a_missing_key_is_shown_with_its_table() {
        insta::assert_snapshot!(parsed("\n[[client]]\nspec = 'a'\n").unwrap_err());
    }

    #[test]
    fn broken_syntax_is_shown_with_its_line() {
        insta::assert_snapshot!(parsed("[[client]]\nspec = 'a\n").unwrap_err());
    }

    #[test]
    fn a_folder_can_be_taken_once() {
        let text = "[[client]]\nspec = 'a'\nout = 'c'\n[[client]]\nspec = 'b'\nout = 'c'";
        insta::assert_snapshot!(parsed(text).unwrap_err());
    }

    #[test]
    fn an_empty_file_lists_nothing() {
        insta::assert_snapshot!(parsed("# nothing\n").unwrap_err());
    }
}
