//! What a measurement prints and writes: tables for people, JSON for programs.

use std::path::{Path, PathBuf};
use std::{fs, io};

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("`{}` is not what is expected there: {source}", path.display())]
    Malformed { path: PathBuf, source: serde_json::Error },
}

/// A table of words and numbers; the numbers are aligned to the right.
pub(crate) fn table(head: &[&str], numbers: &[usize], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for index in numbers {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// A share in percent, rounded down so that only all is 100.
pub(crate) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let hundredths = part * 10_000 / whole;
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Reads JSON from a file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    let bytes =
        fs::read(path).map_err(|source| FileError::Unreadable { path: path.to_path_buf(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| FileError::Malformed { path: path.to_path_buf(), source })
}

/// Writes JSON to a file, in the folder that is made for it where it is missing.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let unwritable = |source| FileError::Unwritable { path: path.to_path_buf(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|source| FileError::Malformed { path: path.to_path_buf(), source })?;
    text.push('\n');
    fs::write(path, text).map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_on_the_right() {
        let rows = [vec!["a.json".to_owned(), "7".to_owned()], vec!["b".to_owned(), "1234".to_owned()]];
        insta::assert_snapshot!(table(&["document", "lines"], &[1], rows));
    }

    #[test]
    fn only_all_is_a_hundred_percent() {
        assert_eq!(percent(9_999, 10_000), "99.99 %");
        assert_eq!(percent(99_999, 100_000), "99.99 %");
        assert_eq!(percent(3, 3), "100.00 %");
        assert_eq!(percent(0, 0), "-");
    }
}
