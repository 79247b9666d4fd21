//! `clientsmith verify`: a description is compared with the pages that it was written from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_pages::verify::exceptions::{Exceptions, stubs};
use clientsmith_pages::verify::finding::Finding;
use clientsmith_pages::verify::pages::Pages;
use clientsmith_pages::verify::specification::Specification;
use clientsmith_pages::verify::{Verification, verify};

use crate::Outcome;
use crate::arguments::{OutputFormat, Verify};
use crate::files::{read, read_pages, replace};
use crate::report::{Report, count};

pub(crate) fn run(arguments: &Verify, report: &mut Report<impl Write, impl Write>) -> Outcome {
    let mut diagnostics = Diagnostics::new();
    let verification = verification(arguments, &mut diagnostics, report);
    if let Some(verification) = &verification {
        match arguments.format {
            OutputFormat::Text => verification.report(&mut diagnostics),
            OutputFormat::Json => report.line(format_args!("{:#}", verification.to_json(&diagnostics))),
        }
    }
    report.diagnostics(&diagnostics);
    if let Some(verification) = &verification
        && arguments.format == OutputFormat::Text
    {
        report.line(verification.summary());
    }
    let is_clean = verification.is_some_and(|verification| verification.findings.is_empty());
    if is_clean && !diagnostics.has_errors() { Outcome::Done } else { Outcome::Failed }
}

fn verification(
    arguments: &Verify,
    diagnostics: &mut Diagnostics,
    report: &mut Report<impl Write, impl Write>,
) -> Option<Verification> {
    // What the description alone has to be told, `check` tells.
    let mut of_description = Diagnostics::new();
    let specification = Specification::read(&arguments.spec, &mut of_description);
    let Some(specification) = specification else {
        *diagnostics = of_description;
        return None;
    };
    *diagnostics = of_description.texts();
    let exceptions = exceptions(arguments, diagnostics)?;
    let locked = match &arguments.lock {
        Some(lock) => Some(read_lock(lock, diagnostics)?),
        None => None,
    };
    let facts = match &arguments.pages {
        Some(folder) => read_pages(folder, diagnostics)?,
        None => locked.clone().unwrap_or_default(),
    };
    if diagnostics.has_errors() {
        return None;
    }
    for pattern in &arguments.page {
        if !facts.has(pattern) {
            diagnostics
                .report(Code::InvalidValue, None, format!("no page is called `{pattern}`"))
                .help("--page takes the name of a file in PAGES, in which * stands for any text");
        }
    }
    if diagnostics.has_errors() {
        return None;
    }
    let mut verification = verify(&specification, &facts, &exceptions, &arguments.page);
    let named = facts.named_by(&specification);
    if let Some(lock) = &arguments.write_lock {
        write_lock(lock, &named, diagnostics, report);
    }
    if let (Some(locked), Some(_)) = (&locked, &arguments.pages) {
        verification.findings.extend(named.differences(locked));
    }
    if arguments.write_exceptions {
        write_exceptions(arguments, &verification.findings, diagnostics, report);
    }
    Some(verification)
}

fn read_lock(lock: &Path, diagnostics: &mut Diagnostics) -> Option<Pages> {
    let text = read(lock, diagnostics)?;
    match Pages::from_lock(&text) {
        Ok(pages) => Some(pages),
        Err(error) => {
            diagnostics.report(Code::InvalidValue, None, format!("{}: {error}", lock.display()));
            None
        }
    }
}

fn write_lock(
    lock: &Path,
    pages: &Pages,
    diagnostics: &mut Diagnostics,
    report: &mut Report<impl Write, impl Write>,
) {
    match pages.to_lock() {
        Ok(text) => {
            if replace(lock, &text, diagnostics) {
                report.error(format_args!("wrote {}: {}", lock.display(), count(pages.len(), "page")));
            }
        }
        Err(error) => {
            diagnostics.report(Code::Unwritable, None, format!("{}: {error}", lock.display()));
        }
    }
}

fn exceptions(arguments: &Verify, diagnostics: &mut Diagnostics) -> Option<Exceptions> {
    let mut exceptions = Exceptions::default();
    for file in files_of_exceptions(arguments, diagnostics)? {
        let text = read(&file, diagnostics)?;
        exceptions.add(&file, &text, diagnostics);
    }
    Some(exceptions)
}

/// The files of exceptions that are there. One that was asked for and is about to be written need not be.
fn files_of_exceptions(arguments: &Verify, diagnostics: &mut Diagnostics) -> Option<Vec<PathBuf>> {
    let in_folder = |folder: &Path, diagnostics: &mut Diagnostics| match fs::read_dir(folder) {
        Ok(entries) => {
            let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
            files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
            files.sort();
            Some(files)
        }
        Err(error) => {
            diagnostics.report(Code::Unreadable, None, format!("cannot read {}: {error}", folder.display()));
            None
        }
    };
    match &arguments.exceptions {
        Some(folder) if folder.is_dir() => in_folder(folder, diagnostics),
        Some(file) if arguments.write_exceptions && !file.exists() => Some(Vec::new()),
        Some(file) => Some(vec![file.clone()]),
        None => {
            let (file, folder) = (beside(arguments), arguments.spec.with_file_name("verify"));
            let mut files = Vec::new();
            files.extend(Some(file).filter(|file| file.exists()));
            if folder.is_dir() {
                files.extend(in_folder(&folder, diagnostics)?);
            }
            Some(files)
        }
    }
}

fn beside(arguments: &Verify) -> PathBuf {
    arguments.spec.with_file_name("verify.yaml")
}

fn write_exceptions(
    arguments: &Verify,
    findings: &[Finding],
    diagnostics: &mut Diagnostics,
    report: &mut Report<impl Write, impl Write>,
) {
    let file = match &arguments.exceptions {
        Some(folder) if folder.is_dir() => folder.join("verify.yaml"),
        Some(file) => file.clone(),
        None => beside(arguments),
    };
    let mut text = if file.exists() {
        let Some(text) = read(&file, diagnostics) else { return };
        text
    } else {
        String::new()
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let has_list = text.lines().any(|line| line.trim_end() == "exceptions:");
    let added = stubs(findings, !has_list);
    let number = findings.iter().filter(|finding| finding.kind.is_excusable()).count();
    if number == 0 {
        report.error("no exceptions to add");
        return;
    }
    text.push_str(&added);
    let mut of_text = Diagnostics::new();
    Exceptions::default().add(&file, &text, &mut of_text);
    if of_text.has_errors() {
        let message = format!("exceptions cannot be added at the end of {}", file.display());
        diagnostics
            .report(Code::Unwritable, None, message)
            .help("its last key has to be `exceptions`, with an entry below it, or the file empty");
        return;
    }
    if replace(&file, &text, diagnostics) {
        report.error(format_args!(
            "added {} without a reason to {}",
            count(number, "exception"),
            file.display()
        ));
    }
}
