//! Operations against the endpoints of their pages.

mod fields;
mod operation;
mod values;

use std::collections::BTreeMap;

use clientsmith_generator::model::{Method, Operation};
use clientsmith_generator::source::Place;

use super::Verification;
use super::finding::{Finding, Kind};
use super::pages::{PageFacts, Pages};
use super::specification::Specification;
use crate::facts::Endpoint;
use crate::uri;

/// All differences, and how much was compared.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// The differences, sorted.
    pub findings: Vec<Finding>,
    /// The counts; without findings.
    pub counts: Verification,
}

/// Compares each operation that names a page with the page's endpoint. What is compared on pages that `is_wanted` refuses is not
/// counted; the findings are there, for exceptions hold for all pages or for none.
#[must_use]
pub fn compare(specification: &Specification, pages: &Pages, is_wanted: impl Fn(&str) -> bool) -> Compared {
    let mut compared = Compared::default();
    let mut by_page: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in specification.operations() {
        match &operation.page {
            Some(page) => by_page.entry(page.value.as_str()).or_default().push(operation),
            None => compared.counts.without_page += 1,
        }
    }
    for (page, operations) in &by_page {
        let counts = compared.counts.clone();
        compared.counts.pages += 1;
        compared.counts.operations += operations.len();
        match pages.pages.get(*page) {
            Some(facts) => one_page(specification, page, facts, operations, &mut compared),
            None => {
                for operation in operations {
                    compared.findings.push(no_page(page, operation));
                }
            }
        }
        if !is_wanted(page) {
            compared.counts = counts;
        }
    }
    for (page, facts) in pages.pages.iter().filter(|(page, _)| !by_page.contains_key(page.as_str())) {
        one_page(specification, page, facts, &[], &mut compared);
    }
    compared.findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.page.clone(), finding.place, finding.line, finding.kind);
        (key(a), &a.at, &a.page_says, &a.spec_says).cmp(&(key(b), &b.at, &b.page_says, &b.spec_says))
    });
    compared.findings.dedup();
    compared
}

fn one_page(
    specification: &Specification,
    page: &str,
    facts: &PageFacts,
    operations: &[&Operation],
    compared: &mut Compared,
) {
    let mut claimed: Vec<Option<&Operation>> = vec![None; facts.endpoints.len()];
    for operation in operations {
        let Some((at, endpoint)) = endpoint_of(operation, operations, &facts.endpoints) else {
            compared.findings.push(no_page(page, operation));
            continue;
        };
        let Some(claim) = claimed.get_mut(at) else { continue };
        if let Some(other) = claim {
            compared.findings.push(two_operations(page, facts, endpoint, other, operation));
        }
        claim.get_or_insert(operation);
        let mut comparison = Comparison {
            specification,
            page,
            facts,
            operation,
            findings: &mut compared.findings,
            fields: &mut compared.counts.fields,
        };
        comparison.operation(endpoint);
    }
    for (endpoint, _) in facts.endpoints.iter().zip(&claimed).filter(|(_, claim)| claim.is_none()) {
        compared.findings.push(no_operation(page, facts, endpoint));
    }
    let only_operation = if let [operation] = operations { Some(name(operation)) } else { None };
    // What a page that nobody uses has against itself is of no interest yet.
    for own in facts.findings.iter().filter(|_| !operations.is_empty()) {
        compared.findings.push(Finding {
            kind: own.kind,
            page: Some(page.to_owned()),
            line: own.line,
            operation: only_operation.clone(),
            at: own.at.clone(),
            page_says: own.fact.clone(),
            spec_says: String::new(),
            place: None,
            page_place: own.line.and_then(|line| facts.place(line)),
            message: Some(match &own.message {
                Some(message) => format!("`{}`: {message}", own.at),
                None => format!("`{}`: {}", own.at, own.fact),
            }),
            help: "decide what the API does, say so in a comment of the description, and excuse this"
                .to_owned(),
        });
    }
}

/// The endpoint that an operation is about: the one of its method and path, else the only one for the only operation.
fn endpoint_of<'page>(
    operation: &Operation,
    operations: &[&Operation],
    endpoints: &'page [Endpoint],
) -> Option<(usize, &'page Endpoint)> {
    let same = |endpoint: &&Endpoint| {
        endpoint.method == method(operation.method)
            && uri::same_but_for_names(&endpoint.path, &operation.path.value).is_some()
    };
    let of_path = endpoints.iter().enumerate().find(|(_, endpoint)| same(endpoint));
    of_path.or(match (endpoints, operations) {
        ([endpoint], [_]) => Some((0, endpoint)),
        _ => None,
    })
}

fn no_page(page: &str, operation: &Operation) -> Finding {
    Finding {
        kind: Kind::NoPage,
        page: Some(page.to_owned()),
        line: None,
        operation: Some(name(operation)),
        at: String::new(),
        page_says: "nothing".to_owned(),
        spec_says: signature(operation),
        place: operation.page.as_ref().map(|page| page.place),
        page_place: None,
        message: Some(format!("no page `{page}` describes {}", signature(operation))),
        help: "`x-clientsmith-page` gives the name of a file in the folder of pages, or in their lock"
            .to_owned(),
    }
}

fn no_operation(page: &str, facts: &PageFacts, endpoint: &Endpoint) -> Finding {
    let said = format!("{} {}", endpoint.method, endpoint.path);
    Finding {
        kind: Kind::NoOperation,
        page: Some(page.to_owned()),
        line: line(endpoint.line),
        operation: None,
        at: said.clone(),
        message: Some(format!("no operation describes {said} of the page `{page}`")),
        page_says: said,
        spec_says: "nothing".to_owned(),
        place: None,
        page_place: facts.place(endpoint.line),
        help: format!(
            "write the operation, with `x-clientsmith-page: {page}`: `clientsmith import` drafts it"
        ),
    }
}

fn two_operations(
    page: &str,
    facts: &PageFacts,
    endpoint: &Endpoint,
    first: &Operation,
    second: &Operation,
) -> Finding {
    let said = format!("{} {}", endpoint.method, endpoint.path);
    Finding {
        kind: Kind::TwoOperations,
        page: Some(page.to_owned()),
        line: line(endpoint.line),
        operation: Some(name(second)),
        at: said.clone(),
        message: Some(format!("{} and {} both name {said} of the page", name(first), name(second))),
        page_says: said,
        spec_says: name(first),
        place: second.page.as_ref().map(|page| page.place),
        page_place: facts.place(endpoint.line),
        help: "each endpoint has one operation".to_owned(),
    }
}

/// The operationId, else method and path.
pub(crate) fn name(operation: &Operation) -> String {
    operation.operation_id.as_ref().map_or_else(|| signature(operation), |id| id.value.clone())
}

pub(crate) fn signature(operation: &Operation) -> String {
    format!("{} {}", method(operation.method), operation.path.value)
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Put => "PUT",
        Method::Post => "POST",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
        Method::Head => "HEAD",
        Method::Patch => "PATCH",
        Method::Trace => "TRACE",
    }
}

/// Facts of a lock have no lines.
fn line(line: u32) -> Option<u32> {
    (line > 0).then_some(line)
}

/// One operation and its page.
struct Comparison<'all> {
    specification: &'all Specification,
    page: &'all str,
    facts: &'all PageFacts,
    operation: &'all Operation,
    findings: &'all mut Vec<Finding>,
    fields: &'all mut usize,
}

/// Where the two sides of a finding stand.
#[derive(Clone, Copy, Debug)]
struct Places {
    line: u32,
    place: Place,
}

impl Comparison<'_> {
    fn report(
        &mut self,
        kind: Kind,
        at: &str,
        page_says: impl Into<String>,
        spec_says: impl Into<String>,
        places: Places,
    ) {
        let help = match kind {
            Kind::Missing => "add it to the description",
            Kind::Extra => "remove it from the description",
            _ => "change the description",
        };
        self.findings.push(Finding {
            kind,
            page: Some(self.page.to_owned()),
            line: line(places.line),
            operation: Some(name(self.operation)),
            at: at.to_owned(),
            page_says: page_says.into(),
            spec_says: spec_says.into(),
            place: Some(places.place),
            page_place: line(places.line).and_then(|line| self.facts.place(line)),
            message: None,
            help: format!("{help}, or excuse it with a reason"),
        });
    }
}
