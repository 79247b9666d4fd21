//! Which requests a reply is for.

use std::fmt;

use super::Received;

/// A kind of requests.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
}

impl Pattern {
    pub(super) fn any() -> Self {
        Self { operation: None, method: None, path: None }
    }

    pub(super) fn operation(id: &str) -> Self {
        Self { operation: Some(id.to_owned()), ..Self::any() }
    }

    pub(super) fn request(method: &str, path: &str) -> Self {
        Self { method: Some(method.to_owned()), path: Some(path.to_owned()), ..Self::any() }
    }

    pub(super) fn fits(&self, request: &Received) -> bool {
        self.operation.as_deref().is_none_or(|id| request.operation == Some(id))
            && self.method.as_deref().is_none_or(|method| request.method.as_str() == method)
            && self.path.as_deref().is_none_or(|path| is_path(path, &request.uri))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.operation, &self.method, &self.path) {
            (Some(operation), ..) => f.write_str(operation),
            (None, Some(method), Some(path)) => write!(f, "{method} {path}"),
            _ => f.write_str("anything"),
        }
    }
}

fn is_path(pattern: &str, uri: &http::Uri) -> bool {
    let (path, pairs) = pattern.split_once('?').unwrap_or((pattern, ""));
    let query = uri.query().unwrap_or_default();
    let has = |pair: &str| query.split('&').any(|given| given == pair);
    matches(path, uri.path()) && pairs.split('&').filter(|pair| !pair.is_empty()).all(has)
}

/// Whether a text is what a template says, in which `{name}` is any text without a slash, and not none.
fn matches(template: &str, text: &str) -> bool {
    let Some((literal, (_, after))) =
        template.split_once('{').and_then(|(literal, rest)| Some((literal, rest.split_once('}')?)))
    else {
        return template == text;
    };
    let Some(rest) = text.strip_prefix(literal) else { return false };
    let end = rest.find('/').unwrap_or(rest.len());
    let mut ends = rest.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8()));
    ends.by_ref()
        .take_while(|at| *at <= end)
        .any(|at| rest.get(at..).is_some_and(|rest| matches(after, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_braces_is_a_part_of_a_segment() {
        for (template, path, fits) in [
            ("/v1/jobs", "/v1/jobs", true),
            ("/v1/jobs", "/v1/jobs/7", false),
            ("/v1/{project}/jobs", "/v1/p/jobs", true),
            ("/v1/{project}/jobs", "/v1//jobs", false),
            ("/v1/{project}/jobs", "/v1/p/q/jobs", false),
            ("/jobs/{id}:describe", "/jobs/a:b:describe", true),
            ("/jobs/{id}:describe", "/jobs/7", false),
            ("/{a}-{b}", "/x-y-z", true),
            ("/{a}", "/é", true),
            ("/{a", "/{a", true),
        ] {
            assert_eq!(matches(template, path), fits, "{template} {path}");
        }
    }

    #[test]
    fn pairs_of_a_query_are_there_among_others() {
        let uri = http::Uri::from_static("/jobs?page=2&size=10");
        assert!(
            is_path("/jobs", &uri) && is_path("/jobs?size=10", &uri) && is_path("/jobs?size=10&page=2", &uri)
        );
        assert!(!is_path("/jobs?size=1", &uri));
    }
}
