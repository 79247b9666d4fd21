//! What changed in meaning between two sets of pages.
//!
//! Pages are compared by what they say of their endpoints, so a new wording, another order of columns and a new anchor are no
//! change. An endpoint is known by its method and path, wherever it stands; a path whose variables got other names is the
//! same path.

mod fields;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::facts::Endpoint;
use crate::uri;
use crate::verify::pages::{OwnFinding, PageFacts, Pages};

/// What a [`Change`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The whole endpoint, or the page that describes it.
    Endpoint,
    /// The names of the path's variables.
    Path,
    /// Whether there is such a parameter, field, body or answer at all.
    Field,
    /// Its type.
    Type,
    /// Whether it must be there.
    Required,
    /// The least and the greatest number.
    Range,
    /// The least and the greatest number of characters.
    Length,
    /// The values that it may have.
    Values,
    /// The value that is meant when there is none.
    Default,
    /// Whether the page calls it outdated.
    Deprecation,
    /// What the page has against itself.
    Contradiction,
}

impl Aspect {
    /// The name, which is stable.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Endpoint => "endpoint",
            Self::Path => "path",
            Self::Field => "field",
            Self::Type => "type",
            Self::Required => "required",
            Self::Range => "range",
            Self::Length => "length",
            Self::Values => "values",
            Self::Default => "default",
            Self::Deprecation => "deprecation",
            Self::Contradiction => "contradiction",
        }
    }
}

impl Serialize for Aspect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One change of meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The method and path of the endpoint.
    pub endpoint: String,
    /// The page that describes it now, or did.
    pub page: String,
    /// Where in the endpoint: `query limit`, `request jobs[].id`; empty for all of it.
    pub at: String,
    /// What about it.
    pub aspect: Aspect,
    /// What the old pages say; `None` when it is new.
    pub old: Option<String>,
    /// What the new pages say; `None` when it is gone.
    pub new: Option<String>,
    /// The line in the old page, from 1.
    pub old_line: Option<u32>,
    /// The line in the new page, from 1.
    pub new_line: Option<u32>,
}

impl fmt::Display for Change {
    /// The change in one line, without its endpoint.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, said) = match (&self.old, &self.new) {
            (None, Some(new)) => ('+', new.clone()),
            (Some(old), None) => ('-', old.clone()),
            (Some(old), Some(new)) => ('~', format!("{old} -> {new}")),
            (None, None) => ('~', String::new()),
        };
        let aspect = match self.aspect {
            Aspect::Field => String::new(),
            aspect => format!("{}: ", aspect.as_str()),
        };
        let at = if self.at.is_empty() { String::new() } else { format!("{} ", self.at) };
        write!(f, "{mark} {at}{aspect}{said}")
    }
}

/// What changed, and how much was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The changes, by endpoint and place.
    pub changes: Vec<Change>,
    /// How many pages have another text and the same meaning.
    pub reworded: usize,
    /// How many pages the old set has that describe endpoints.
    pub old_pages: usize,
    /// How many the new set has.
    pub new_pages: usize,
}

/// Compares two sets of pages.
#[must_use]
pub fn drift(old: &Pages, new: &Pages) -> Drift {
    let (before, after) = (endpoints(old), endpoints(new));
    let mut changes = Vec::new();
    for (key, (page, endpoint)) in &before {
        if !after.contains_key(key) {
            changes.push(whole(page, endpoint, false));
        }
    }
    for (key, (page, endpoint)) in &after {
        match before.get(key) {
            None => changes.push(whole(page, endpoint, true)),
            Some((old_page, old)) => {
                let mut of_endpoint = fields::changes(old, page, endpoint);
                if old_page != page {
                    let moved = Change {
                        aspect: Aspect::Endpoint,
                        old: Some((*old_page).to_owned()),
                        new: Some((*page).to_owned()),
                        ..whole(page, endpoint, true)
                    };
                    of_endpoint.push(Change { old_line: Some(old.line), ..moved });
                }
                changes.append(&mut of_endpoint);
            }
        }
    }
    for (name, page) in &new.pages {
        let before = old.pages.get(name);
        changes.extend(before.into_iter().flat_map(|before| contradictions(name, before, page)));
    }
    changes.sort_by(|a, b| {
        (&a.endpoint, a.at.is_empty(), &a.at, a.aspect).cmp(&(&b.endpoint, b.at.is_empty(), &b.at, b.aspect))
    });
    let is_reworded = |name: &String, page: &PageFacts| {
        old.pages.get(name).is_some_and(|before| before.digest != page.digest)
            && !changes.iter().any(|change| change.page == *name)
    };
    let reworded = new.pages.iter().filter(|(name, page)| is_reworded(name, page)).count();
    Drift { reworded, old_pages: old.len(), new_pages: new.len(), changes }
}

/// The endpoints by method and path, the variables of which have no names.
fn endpoints(pages: &Pages) -> BTreeMap<(String, String), (&str, &Endpoint)> {
    let mut found = BTreeMap::new();
    for (name, page) in &pages.pages {
        for endpoint in &page.endpoints {
            let key = (uri::unnamed(&endpoint.path), endpoint.method.clone());
            found.entry(key).or_insert((name.as_str(), endpoint));
        }
    }
    found
}

fn whole(page: &str, endpoint: &Endpoint, is_new: bool) -> Change {
    let said = Some(page.to_owned());
    let line = Some(endpoint.line);
    let (old, new) = if is_new { (None, said) } else { (said, None) };
    let (old_line, new_line) = if is_new { (None, line) } else { (line, None) };
    let (page, endpoint) = (page.to_owned(), signature(endpoint));
    Change { endpoint, page, at: String::new(), aspect: Aspect::Endpoint, old, new, old_line, new_line }
}

fn signature(endpoint: &Endpoint) -> String {
    format!("{} {}", endpoint.method, endpoint.path)
}

/// What a page has against itself that it had not, and the other way round.
fn contradictions(name: &str, old: &PageFacts, new: &PageFacts) -> Vec<Change> {
    let endpoint = new.endpoints.first().or(old.endpoints.first()).map(signature).unwrap_or_default();
    let lacks = |page: &PageFacts, wanted: &OwnFinding| {
        !page
            .findings
            .iter()
            .any(|own| (own.kind, &own.at, &own.fact) == (wanted.kind, &wanted.at, &wanted.fact))
    };
    let change = |own: &OwnFinding, is_new: bool| {
        let said = Some(own.message.clone().unwrap_or_else(|| own.fact.clone()));
        let (old, new) = if is_new { (None, said) } else { (said, None) };
        let (old_line, new_line) = if is_new { (None, own.line) } else { (own.line, None) };
        Change {
            endpoint: endpoint.clone(),
            page: name.to_owned(),
            at: String::new(),
            aspect: Aspect::Contradiction,
            old,
            new,
            old_line,
            new_line,
        }
    };
    let gone = old.findings.iter().filter(|own| lacks(new, own)).map(|own| change(own, false));
    let come = new.findings.iter().filter(|own| lacks(old, own)).map(|own| change(own, true));
    gone.chain(come).collect()
}

#[cfg(test)]
mod tests;
