//! A [`Verification`] for people, as diagnostics, and for tools, as JSON.

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::source::Place;
use serde_json::{Value, json};

use super::Verification;
use super::finding::{Finding, hash};

impl Verification {
    /// Adds the findings to others: each at its place in the description, or in the page when it is about that alone.
    pub fn report(&self, diagnostics: &mut Diagnostics) {
        for finding in &self.findings {
            let place = finding.place.or(finding.page_place);
            let mut message = finding.message();
            let location =
                finding.location().filter(|_| finding.place.is_some() || finding.page_place.is_none());
            if let Some(location) = location {
                message = format!("{message} ({location})");
            }
            diagnostics.report(finding.kind.code(), place, message).help(finding.help.as_str());
        }
    }

    /// How much was compared and found, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut summary = format!(
            "{} on {}: {} compared, {}, {} excused",
            count(self.operations, "operation"),
            count(self.pages, "page"),
            count(self.fields, "field"),
            count(self.findings.len(), "finding"),
            self.excused.len()
        );
        if self.without_page > 0 {
            summary.push_str(&format!("; {} without a page", count(self.without_page, "operation")));
        }
        summary
    }

    /// All of it as JSON, with keys that stay. Paths are those that `diagnostics` show.
    #[must_use]
    pub fn to_json(&self, diagnostics: &Diagnostics) -> Value {
        let excused: Vec<Value> = self
            .excused
            .iter()
            .map(|excused| {
                let mut value = finding(&excused.finding, diagnostics);
                if let Value::Object(object) = &mut value {
                    object.insert("reason".to_owned(), Value::from(excused.reason.as_str()));
                }
                value
            })
            .collect();
        json!({
            "summary": {
                "operations": self.operations,
                "operations_without_page": self.without_page,
                "pages": self.pages,
                "fields": self.fields,
                "findings": self.findings.len(),
                "excused": self.excused.len(),
            },
            "findings": self.findings.iter().map(|found| finding(found, diagnostics)).collect::<Vec<_>>(),
            "excused": excused,
        })
    }
}

fn finding(finding: &Finding, diagnostics: &Diagnostics) -> Value {
    json!({
        "kind": finding.kind.as_str(),
        "code": finding.kind.code().as_str(),
        "page": finding.page,
        "line": finding.line,
        "operation": finding.operation,
        "at": finding.at,
        "page_says": finding.page_says,
        "spec_says": finding.spec_says,
        "spec": finding.place.map(|place| location(place, diagnostics)),
        "message": finding.message(),
        "help": finding.help,
        "hash": hash(&[finding]),
    })
}

fn location(place: Place, diagnostics: &Diagnostics) -> Value {
    json!({
        "file": diagnostics.path(place.file),
        "line": place.start.line,
        "column": place.start.column,
    })
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
