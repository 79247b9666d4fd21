//! Compares a description with the pages that it was written from, by meaning and not by text.
//!
//! | stage | module | from | to |
//! | --- | --- | --- | --- |
//! | read | [`pages`] | pages, or their [`lock`] | [`pages::Pages`]: the facts, and what each page has against itself |
//! | read | [`specification`] | files | [`specification::Specification`] |
//! | compare | [`compare`](mod@compare) | both | [`finding::Finding`]s |
//! | excuse | [`exceptions`] | `Finding`s | those that nobody has looked at |
//! | show | [`report`] | a [`Verification`] | diagnostics, or JSON |
//!
//! A lock holds the same facts as the pages without a word of theirs, and goes through the same comparison.

pub mod compare;
pub mod exceptions;
pub mod finding;
pub mod lock;
pub mod pages;
pub mod report;
pub mod specification;

use exceptions::Exceptions;
use finding::{Excused, Finding};
use pages::Pages;
use specification::Specification;

/// What came of comparing a description with its pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verification {
    /// How many operations were compared with a page.
    pub operations: usize,
    /// How many operations name no page.
    pub without_page: usize,
    /// How many pages the operations name.
    pub pages: usize,
    /// How many parameters, fields and bodies were compared.
    pub fields: usize,
    /// What no exception excuses, sorted by page and place.
    pub findings: Vec<Finding>,
    /// What an exception excuses.
    pub excused: Vec<Excused>,
}

/// Compares and excuses. `only` names pages, where `*` stands for any text; without any, all are told of.
#[must_use]
pub fn verify(
    specification: &Specification,
    pages: &Pages,
    exceptions: &Exceptions,
    only: &[String],
) -> Verification {
    let is_wanted = |page: &str| only.is_empty() || only.iter().any(|pattern| fits(pattern, page));
    let compared = compare::compare(specification, pages, is_wanted);
    let (mut findings, mut excused) = exceptions.apply(compared.findings);
    findings.retain(|finding| finding.page.as_deref().map_or(only.is_empty(), is_wanted));
    excused.retain(|excused| excused.finding.page.as_deref().map_or(only.is_empty(), is_wanted));
    Verification { findings, excused, ..compared.counts }
}

/// Whether a text fits a pattern in which `*` stands for any text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in
            [("*", ""), ("a", "a"), ("a*", "ab"), ("*[].id", "200 jobs[].id"), ("a*b*c", "axbxbc")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*b", "ac"), ("a*a", "a"), ("*x*", "abc")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
