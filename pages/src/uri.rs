//! A method and a URI in a line of text.

/// The methods that an endpoint may have.
pub const METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// A method with a path and a template of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// The method, in capitals.
    pub method: String,
    /// The path, its variables in braces.
    pub path: String,
    /// The names in the template of the query.
    pub query: Vec<String>,
}

/// Reads `PUT /v1/{id}?a={b}`, also with a host and behind a label: `URI格式：PUT https://{endpoint}/v1/{id}`. `None` when the
/// text does not start so.
#[must_use]
pub fn parse(text: &str) -> Option<Uri> {
    let text = text.trim().trim_start_matches(['`', '*']);
    let (method, rest) = METHODS.iter().find_map(|method| Some((*method, text.strip_prefix(method)?)))?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{3000}' || c == '*');
    let rest = without_host(rest);
    if !rest.starts_with('/') {
        return None;
    }
    let unescaped = rest.replace('\\', "");
    let end =
        unescaped.find(|c: char| c.is_whitespace() || !c.is_ascii() || c == '"').unwrap_or(unescaped.len());
    let uri = unescaped.get(..end)?.trim_end_matches(['.', ',', '*', '`', ';']);
    let (path, query) = match uri.split_once('?') {
        // `/v2/servers{?limit,marker}`
        Some((path, query)) if path.ends_with('{') => {
            (path.strip_suffix('{').unwrap_or(path), query.strip_suffix('}').unwrap_or(query))
        }
        Some((path, query)) => (path, query),
        None => (uri, ""),
    };
    Some(Uri { method: method.to_owned(), path: tidy(path), query: query_names(query) })
}

/// The names of the variables of a path.
#[must_use]
pub fn variables(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

/// Whether `path` is `template` with values for its variables.
#[must_use]
pub fn is_instance(path: &str, template: &str) -> bool {
    let (mut parts, mut templates) = (path.split('/'), template.split('/'));
    loop {
        match (parts.next(), templates.next()) {
            (None, None) => return true,
            (Some(part), Some(template)) if part == template || template.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// The URI without a scheme and a host, which may be a variable: `https://{endpoint}`, `{endpoint}`.
fn without_host(uri: &str) -> &str {
    let has_scheme = ["https://", "http://", "HTTPS://"].iter().find_map(|scheme| uri.strip_prefix(scheme));
    let rest = has_scheme.unwrap_or(uri);
    if has_scheme.is_none() && !rest.to_lowercase().trim_start_matches('\\').starts_with("{endpoint") {
        return uri;
    }
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

fn tidy(path: &str) -> String {
    let mut tidy = String::new();
    for character in path.chars() {
        if !(character == '/' && tidy.ends_with('/')) {
            tidy.push(character);
        }
    }
    tidy
}

fn query_names(query: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in query.split(['&', ',', '?']) {
        let name = part.split('=').next().unwrap_or_default().trim_matches(['{', '}', '_', '*']);
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The names of the variables of two paths, in pairs, when the paths are the same but for these names.
pub(crate) fn same_but_for_names<'paths>(
    one: &'paths str,
    other: &'paths str,
) -> Option<Vec<(&'paths str, &'paths str)>> {
    (unnamed(one) == unnamed(other)).then(|| variables(one).into_iter().zip(variables(other)).collect())
}

/// A path without the names of its variables: two paths that differ in no more are one.
#[must_use]
pub(crate) fn unnamed(path: &str) -> String {
    let mut unnamed = String::new();
    let mut is_inside = false;
    for c in path.trim_end_matches('/').chars() {
        is_inside &= c != '}';
        if !is_inside {
            unnamed.push(c);
        }
        is_inside |= c == '{';
    }
    unnamed
}

#[cfg(test)]
mod tests {
    use super::{Uri, is_instance, parse, same_but_for_names, variables};

    fn uri(method: &str, path: &str, query: &[&str]) -> Option<Uri> {
        let query = query.iter().map(|name| (*name).to_owned()).collect();
        Some(Uri { method: method.to_owned(), path: path.to_owned(), query })
    }

    #[test]
    fn uris_of_all_manners() {
        let cases = [
            ("PUT  /v1/{project_id}/a", uri("PUT", "/v1/{project_id}/a", &[])),
            ("GET/v1.0/jobs?page-size={size}&order={o}", uri("GET", "/v1.0/jobs", &["page-size", "order"])),
            ("POST https://{endpoint}/v1/{id}/a", uri("POST", "/v1/{id}/a", &[])),
            ("GET {Endpoint}/v1//a", uri("GET", "/v1/a", &[])),
            ("GET https://ecs.example.com", uri("GET", "/", &[])),
            ("GET /v2/servers{?limit,marker}", uri("GET", "/v2/servers", &["limit", "marker"])),
            (r"GET /v1/\{id\}/a\_b 调用", uri("GET", "/v1/{id}/a_b", &[])),
            ("GET /", uri("GET", "/", &[])),
            ("GET：请求", None),
            ("GETTING /a", None),
            ("curl -X GET /a", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn paths_have_variables_and_instances() {
        assert_eq!(variables("/v1/{a}/b/{c}"), ["a", "c"]);
        assert!(is_instance("/v1/1/b", "/v1/{a}/b") && !is_instance("/v1/1/c", "/v1/{a}/b"));
    }

    #[test]
    fn paths_are_the_same_but_for_names() {
        let same = same_but_for_names("/v1/{a}/jobs/{b}", "/v1/{a}/jobs/{id}/");
        assert_eq!(same, Some(vec![("a", "a"), ("b", "id")]));
        assert_eq!(same_but_for_names("/v1/{a}.{b}", "/v1/{x}.{y}"), Some(vec![("a", "x"), ("b", "y")]));
        for other in ["/v1/{a}/jobs", "/v1/{a}/runs/{b}", "/v1/{a}/jobs/b", "/v1/{a}/jobs/{b}/x"] {
            assert_eq!(same_but_for_names("/v1/{a}/jobs/{b}", other), None, "{other}");
        }
    }
}
