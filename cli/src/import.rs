//! `clientsmith import`: API pages become drafts of descriptions.

use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_pages::draft::write;
use clientsmith_pages::read::EXTENSIONS;
use clientsmith_pages::{Imported, import};
use indicatif::{ProgressBar, ProgressStyle};

use crate::Outcome;
use crate::arguments::{Import, ImportFormat};
use crate::report::{Report, count};

pub(crate) fn run(arguments: &Import, report: &mut Report<impl Write, impl Write>) -> Outcome {
    let mut diagnostics = Diagnostics::new();
    if arguments.page.is_dir() {
        folder(arguments, &mut diagnostics, report);
    } else {
        page(arguments, &mut diagnostics, report);
    }
    report.diagnostics(&diagnostics);
    if diagnostics.has_errors() { Outcome::Failed } else { Outcome::Done }
}

fn page(arguments: &Import, diagnostics: &mut Diagnostics, report: &mut Report<impl Write, impl Write>) {
    let page = &arguments.page;
    let Some(text) = read(page, diagnostics) else { return };
    let Some(imported) = import(page, &text, arguments.descriptions.into(), diagnostics) else {
        let message = format!("{} describes no endpoint", page.display());
        diagnostics
            .report(Code::NoEndpoint, None, message)
            .help("a page of an endpoint has a heading URI with a method and a path below it");
        return;
    };
    let Some(text) = draft(page, &imported, arguments.format, diagnostics) else { return };
    match &arguments.out {
        None => report.text(text),
        Some(out) => {
            if save(out, &text, diagnostics) {
                report.line(format_args!(
                    "wrote {}: {}",
                    out.display(),
                    count(imported.endpoints, "endpoint")
                ));
            }
        }
    }
}

fn folder(arguments: &Import, diagnostics: &mut Diagnostics, report: &mut Report<impl Write, impl Write>) {
    let Some(pages) = pages(&arguments.page, diagnostics) else { return };
    let progress = progress(pages.len());
    let (mut endpoints, mut imports, mut skipped) = (0, 0, Vec::new());
    for page in &pages {
        progress.inc(1);
        let Some(text) = read(page, diagnostics) else { continue };
        let Some(imported) = import(page, &text, arguments.descriptions.into(), diagnostics) else {
            skipped.push(page);
            continue;
        };
        imports += 1;
        endpoints += imported.endpoints;
        let Some(text) = draft(page, &imported, arguments.format, diagnostics) else { continue };
        if let Some(out) = &arguments.out {
            let below = page.strip_prefix(&arguments.page).unwrap_or(page);
            save(&out.join(below).with_extension(arguments.format.extension()), &text, diagnostics);
        }
    }
    progress.finish_and_clear();
    let (read, of) = (count(pages.len(), "page"), count(imports, "page"));
    let destination = match &arguments.out {
        Some(out) => format!("drafts in {}", out.display()),
        None => "nothing written without --out".to_owned(),
    };
    report.line(format_args!(
        "read {read}: {} on {of}, {} skipped; {destination}",
        count(endpoints, "endpoint"),
        skipped.len()
    ));
    for page in skipped {
        report.line(format_args!("  - {} describes no endpoint", page.display()));
    }
}

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

pub(crate) fn read(page: &Path, diagnostics: &mut Diagnostics) -> Option<String> {
    match fs::read_to_string(page) {
        Ok(text) => Some(text),
        Err(error) => {
            diagnostics.report(Code::Unreadable, None, format!("cannot read {}: {error}", page.display()));
            None
        }
    }
}

fn draft(
    page: &Path,
    imported: &Imported,
    format: ImportFormat,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    match write(&imported.document, format.into()) {
        Ok(text) => Some(text),
        Err(error) => {
            diagnostics.report(Code::Unwritable, None, format!("{}: {error}", page.display()));
            None
        }
    }
}

/// Writes a draft; one that was edited stays.
fn save(out: &Path, text: &str, diagnostics: &mut Diagnostics) -> bool {
    match fs::read_to_string(out) {
        Ok(known) if known == text => return true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        _ => {
            let message = format!("{} is there and is not this draft", out.display());
            diagnostics.report(Code::ForeignFile, None, message).help("remove it, or choose another --out");
            return false;
        }
    }
    replace(out, text, diagnostics)
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
