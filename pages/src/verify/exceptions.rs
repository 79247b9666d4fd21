//! Reviewed exceptions: which findings are as they should be, why, and a hash of what they excuse.

use std::path::Path;

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_generator::source::{Node, Object, Place, Tree};

use super::finding::{Excused, Finding, Kind, hash};
use super::fits;

/// The exceptions of some files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exceptions {
    exceptions: Vec<Exception>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
struct Exception {
    place: Place,
    subject: Subject,
    kind: Kind,
    /// A pattern of the part.
    at: String,
    reason: String,
    hash: String,
}

/// What an exception is about.
#[derive(Clone, Debug, PartialEq)]
enum Subject {
    /// A pattern of the names of pages.
    Page(String),
    /// An operationId, else method and path.
    Operation(String),
}

/// The keys of an entry.
const KEYS: &[&str] = &["page", "operation", "kind", "at", "reason", "hash"];

impl Exceptions {
    /// Adds those of a file. What is wrong with it is reported, and the entry left out.
    pub fn add(&mut self, path: &Path, text: &str, diagnostics: &mut Diagnostics) {
        let name = path.display().to_string();
        let Some(tree) = Tree::from_text(&name, text, diagnostics) else { return };
        let Some(file) = tree.file(tree.root()) else { return };
        let list = file.root.as_object().and_then(|object| object.get("exceptions")).and_then(Node::as_array);
        let Some(list) = list else {
            // A file of comments has no exceptions yet.
            if file.root.value != clientsmith_generator::source::Value::Null {
                let message = "a file of exceptions has the key `exceptions` with a list";
                diagnostics.report(Code::MissingKey, file.root.place, message);
            }
            return;
        };
        for entry in list {
            match entry.as_object() {
                Some(object) => self.exceptions.extend(exception(entry, object, diagnostics)),
                None => {
                    let message = format!("an exception is an object, and this is {}", entry.kind());
                    diagnostics.report(Code::WrongKind, entry.place, message);
                }
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.exceptions.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.exceptions.is_empty()
    }

    /// Sets aside what is excused, and adds what is wrong with the exceptions themselves.
    pub(crate) fn apply(&self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Excused>) {
        let (mut left, mut excused) = (Vec::new(), Vec::new());
        let mut taken: Vec<Vec<Finding>> = vec![Vec::new(); self.exceptions.len()];
        for finding in findings {
            let matching = |exact: bool| {
                self.exceptions
                    .iter()
                    .position(|exception| exception.is_exact() == exact && exception.takes(&finding))
            };
            match matching(true).or_else(|| matching(false)).and_then(|at| taken.get_mut(at)) {
                Some(taken) => taken.push(finding),
                None => left.push(finding),
            }
        }
        for (exception, findings) in self.exceptions.iter().zip(taken) {
            let now = hash(&findings.iter().collect::<Vec<_>>());
            if findings.is_empty() {
                let message = format!("nothing is {} at `{}`", exception.kind.as_str(), exception.at);
                left.push(exception.finding(Kind::IdleException, &findings, message, "remove it".to_owned()));
            } else if exception.hash != now {
                let message = format!("this has changed since it was excused: {}", told(&findings));
                let help = format!("look at it again, then write `hash: {now}`");
                left.push(exception.finding(Kind::StaleException, &findings, message, help));
            } else if exception.reason.trim().is_empty() {
                let message = format!("nobody has said why: {}", told(&findings));
                let help = "write the reason, or change the description".to_owned();
                left.push(exception.finding(Kind::NoReason, &findings, message, help));
            } else {
                let reason = exception.reason.trim();
                excused.extend(
                    findings.into_iter().map(|finding| Excused { finding, reason: reason.to_owned() }),
                );
            }
        }
        (left, excused)
    }
}

fn exception(entry: &Node, object: &Object, diagnostics: &mut Diagnostics) -> Option<Exception> {
    let mut is_whole = true;
    for unknown in object.entries().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
        let message = format!("`{}` is no key of an exception", unknown.key);
        diagnostics
            .report(Code::UnknownExtension, unknown.key_place, message)
            .help(format!("those are `{}`", KEYS.join("`, `")));
        is_whole = false;
    }
    let mut text = |key: &str, is_needed: bool| match object.get(key) {
        Some(node) => {
            let text = node.scalar_text();
            if text.is_none() {
                let message = format!("`{key}` is {}, and a text is wanted", node.kind());
                diagnostics.report(Code::WrongKind, node.place, message);
                is_whole = false;
            }
            text
        }
        None => {
            if is_needed {
                let message = format!("an exception lacks `{key}`");
                diagnostics.report(Code::MissingKey, entry.place, message);
                is_whole = false;
            }
            None
        }
    };
    let (page, operation) = (text("page", false), text("operation", false));
    let (kind, at) = (text("kind", true), text("at", false));
    let (reason, hash) = (text("reason", true), text("hash", true));
    let kind_place = object.get("kind").map_or(entry.place, |node| node.place);
    let subject = match (page, operation) {
        (Some(page), None) => Some(Subject::Page(page)),
        (None, Some(operation)) => Some(Subject::Operation(operation)),
        _ => {
            let message = "an exception has either `page` or `operation`";
            diagnostics.report(Code::InvalidValue, entry.place, message);
            None
        }
    };
    let kind = kind.and_then(|name| {
        let kind = Kind::named(&name).filter(|kind| kind.is_excusable());
        if kind.is_none() {
            let names: Vec<&str> =
                Kind::ALL.iter().filter(|kind| kind.is_excusable()).map(|kind| kind.as_str()).collect();
            diagnostics
                .report(Code::InvalidValue, kind_place, format!("`{name}` is no kind of finding"))
                .help(format!("those are {}", names.join(", ")));
        }
        kind
    });
    if !is_whole {
        return None;
    }
    Some(Exception {
        place: entry.place,
        subject: subject?,
        kind: kind?,
        at: at.unwrap_or_default(),
        reason: reason?,
        hash: hash?,
    })
}

impl Exception {
    fn takes(&self, finding: &Finding) -> bool {
        let is_subject = match &self.subject {
            Subject::Page(pattern) => finding.page.as_deref().is_some_and(|page| fits(pattern, page)),
            Subject::Operation(name) => finding.operation.as_deref() == Some(name),
        };
        is_subject && self.kind == finding.kind && fits(&self.at, &finding.at)
    }

    /// Whether it names one part: such a one goes before patterns.
    fn is_exact(&self) -> bool {
        !self.at.contains('*') && !matches!(&self.subject, Subject::Page(page) if page.contains('*'))
    }

    fn finding(&self, kind: Kind, findings: &[Finding], message: String, help: String) -> Finding {
        let first = findings.first();
        let (page, operation) = match &self.subject {
            Subject::Page(page) => {
                (first.map_or_else(|| Some(page.clone()), |first| first.page.clone()), None)
            }
            Subject::Operation(operation) => {
                (first.and_then(|first| first.page.clone()), Some(operation.clone()))
            }
        };
        Finding {
            kind,
            page,
            line: first.and_then(|first| first.line),
            operation,
            at: self.at.clone(),
            page_says: first.map(|first| first.page_says.clone()).unwrap_or_default(),
            spec_says: first.map(|first| first.spec_says.clone()).unwrap_or_default(),
            place: Some(self.place),
            page_place: first.and_then(|first| first.page_place),
            message: Some(message),
            help,
        }
    }
}

/// The first finding in words, and how many more there are.
fn told(findings: &[Finding]) -> String {
    let first = findings.first().map(Finding::message).unwrap_or_default();
    match findings.len().saturating_sub(1) {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}

/// Entries without a reason for these findings, to be added to a file of exceptions. Where `is_first`, with the key that
/// the list stands under.
#[must_use]
pub fn stubs(findings: &[Finding], is_first: bool) -> String {
    let mut text = if is_first { "exceptions:\n".to_owned() } else { String::new() };
    for finding in findings.iter().filter(|finding| finding.kind.is_excusable()) {
        let (key, name) = match (&finding.page, &finding.operation) {
            (Some(page), _) => ("page", page),
            (None, Some(operation)) => ("operation", operation),
            (None, None) => continue,
        };
        text.push_str(&format!(
            "  # {}\n  - {key}: {}\n    kind: {}\n    at: {}\n    reason: ''\n    hash: {}\n",
            comment(finding),
            scalar(name),
            finding.kind.as_str(),
            scalar(&finding.at),
            scalar(&hash(&[finding])),
        ));
    }
    text
}

/// What was found, for who writes the reason. No word of a page goes into a file that is committed.
fn comment(finding: &Finding) -> String {
    let message = finding.message();
    let is_ours = message.chars().all(|c| c.is_ascii() && !c.is_ascii_control());
    if is_ours { message } else { format!("{}: `{}`", finding.kind.as_str(), finding.at) }
}

/// A text as a scalar of YAML on one line, always in quotes: a hash may look like a number.
fn scalar(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
