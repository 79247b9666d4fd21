//! The files of pages: found in a folder, read, and written whole.

use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_pages::read::EXTENSIONS;
use clientsmith_pages::verify::pages::Pages;
use indicatif::{ProgressBar, ProgressStyle};

/// The pages of a folder and of the folders in it, in the order of their names.
pub(crate) fn pages(folder: &Path, diagnostics: &mut Diagnostics) -> Option<Vec<PathBuf>> {
    let mut found = Vec::new();
    match add_pages(folder, &mut found) {
        Ok(()) => {
            found.sort();
            Some(found)
        }
        Err(error) => {
            diagnostics.report(Code::Unreadable, None, format!("cannot read {}: {error}", folder.display()));
            None
        }
    }
}

/// A link to a folder is not followed: it may lead back.
fn add_pages(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            add_pages(&path, found)?;
        } else if path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
    Ok(())
}

/// What operations call a page: its path from the folder of the pages on, with `/` on every system; the name of the file
/// where the page itself was given.
pub(crate) fn page_name(page: &Path, folder: &Path) -> String {
    let below = page.strip_prefix(folder).unwrap_or(page);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    if parts.is_empty() {
        page.file_name().unwrap_or_default().to_string_lossy().into_owned()
    } else {
        parts.join("/")
    }
}

/// What the pages of a folder say.
pub(crate) fn read_pages(folder: &Path, diagnostics: &mut Diagnostics) -> Option<Pages> {
    let files = pages(folder, diagnostics)?;
    let progress = progress(files.len());
    let mut facts = Pages::default();
    for file in &files {
        progress.inc(1);
        let text = read(file, diagnostics)?;
        facts.add(&page_name(file, folder), file, &text, diagnostics);
    }
    progress.finish_and_clear();
    Some(facts)
}

pub(crate) fn read(page: &Path, diagnostics: &mut Diagnostics) -> Option<String> {
    match fs::read_to_string(page) {
        Ok(text) => Some(text),
        Err(error) => {
            diagnostics.report(Code::Unreadable, None, format!("cannot read {}: {error}", page.display()));
            None
        }
    }
}

/// Writes a file whole, in whatever folder: who stops the command finds the old text or the new one.
pub(crate) fn replace(out: &Path, text: &str, diagnostics: &mut Diagnostics) -> bool {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut name = OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(".partial");
    let partial = out.with_file_name(name);
    let written = folder.map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(&partial, text)).and_then(|()| fs::rename(&partial, out));
    if let Err(error) = &written {
        // What is left is of use to nobody, and no harm.
        let _ = fs::remove_file(&partial);
        diagnostics.report(Code::Unwritable, None, format!("cannot write {}: {error}", out.display()));
    }
    written.is_ok()
}

/// A bar on the standard error, when somebody watches.
pub(crate) fn progress(pages: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(pages).unwrap_or(u64::MAX));
    match ProgressStyle::with_template("{bar:40} {pos}/{len} pages") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
