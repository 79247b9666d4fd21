//! The list of documents that a measurement is about.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Args;

/// Which documents are measured.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// A file that names the documents, one a line, as paths in the folder `api` of the package; `#` begins a comment
    #[arg(value_name = "LIST")]
    list: PathBuf,

    /// Only the documents whose path contains this
    #[arg(long, value_name = "PATTERN")]
    only: Vec<String>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("`{}` lists no document that is asked for", path.display())]
    Empty { path: PathBuf },
}

impl Selection {
    /// The paths of the documents, in the order of the list.
    pub(crate) fn documents(&self) -> Result<Vec<String>, ListError> {
        let text = fs::read_to_string(&self.list)
            .map_err(|source| ListError::Unreadable { path: self.list.clone(), source })?;
        let documents = selected(&text, &self.only);
        if documents.is_empty() { Err(ListError::Empty { path: self.list.clone() }) } else { Ok(documents) }
    }
}

fn selected(text: &str, only: &[String]) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| only.is_empty() || only.iter().any(|pattern| line.contains(pattern)))
        .map(str::to_owned)
        .collect()
}

/// `count` of the documents, spread evenly over the list: the same ones in every run.
pub(crate) fn sample(documents: usize, count: usize) -> Vec<usize> {
    let count = count.min(documents);
    (0..count).map(|index| index * documents / count).collect()
}

/// A document's path as the name of one folder or file.
pub(crate) fn slug(document: &str) -> String {
    let stem = Path::new(document).with_extension("");
    let mut slug = String::new();
    for character in stem.to_string_lossy().chars() {
        match character {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{sample, selected, slug};

    #[test]
    fn comments_and_empty_lines_name_nothing() {
        let text = "# a list\n\na.com.json\n b.com/c d.json \n";
        assert_eq!(selected(text, &[]), ["a.com.json", "b.com/c d.json"]);
        assert_eq!(selected(text, &["b.com".to_owned()]), ["b.com/c d.json"]);
    }

    #[test]
    fn a_sample_is_spread_and_within_the_list() {
        assert_eq!(sample(10, 5), [0, 2, 4, 6, 8]);
        assert_eq!(sample(3, 5), [0, 1, 2]);
        assert_eq!(sample(487, 50).len(), 50);
        assert!(sample(0, 5).is_empty() && sample(5, 0).is_empty());
    }

    #[test]
    fn a_slug_is_one_name() {
        assert_eq!(slug("hubapi.com/business units.json"), "hubapi-com-business-units");
        assert_eq!(slug("azure.com/web-WebApps.json"), "azure-com-web-webapps");
    }
}
