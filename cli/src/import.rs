//! `clientsmith import`: API pages become drafts of descriptions.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_pages::draft::write;
use clientsmith_pages::{Imported, import};

use crate::Outcome;
use crate::arguments::{Import, ImportFormat};
use crate::files::{page_name, pages, progress, read, replace};
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
    let Some(imported) =
        import(&page_name(page, page), page, &text, arguments.descriptions.into(), diagnostics)
    else {
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
        let name = page_name(page, &arguments.page);
        let Some(imported) = import(&name, page, &text, arguments.descriptions.into(), diagnostics) else {
            skipped.push(page);
            continue;
        };
        imports += 1;
        endpoints += imported.endpoints;
        let Some(text) = draft(page, &imported, arguments.format, diagnostics) else { continue };
        if let Some(out) = &arguments.out {
            save(&out.join(name).with_extension(arguments.format.extension()), &text, diagnostics);
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
