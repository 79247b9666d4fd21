//! References that are relative to a URL (RFC 3986 §5).

use http::Uri;

/// Whether a URL says its scheme by itself.
pub(crate) fn is_absolute(url: &str) -> bool {
    let Some((scheme, _)) = url.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Whether two URLs have the same scheme, host and port (RFC 6454 §5), a port that is not said being the usual one.
pub(crate) fn have_same_origin(one: &Uri, other: &Uri) -> bool {
    let scheme = |url: &Uri| url.scheme_str().unwrap_or_default().to_ascii_lowercase();
    let host = |url: &Uri| url.host().unwrap_or_default().to_ascii_lowercase();
    let port = |url: &Uri| {
        let usual = if scheme(url) == "http" { 80 } else { 443 };
        url.port_u16().unwrap_or(usual)
    };
    scheme(one) == scheme(other) && host(one) == host(other) && port(one) == port(other)
}

/// The URL that a reference means, seen from `base` (RFC 3986 §5.2.2). What it gives is not checked to be a URL.
pub(crate) fn resolve(base: &Uri, reference: &str) -> String {
    if is_absolute(reference) {
        return reference.to_owned();
    }
    let scheme = base.scheme_str().unwrap_or("https");
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let authority = base.authority().map_or("", |authority| authority.as_str());
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (reference, String::new()),
    };
    let merged = match path {
        "" => base.path().to_owned(),
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        // What stands behind the last slash of the base is replaced.
        relative => match base.path().rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{relative}"),
            None => format!("/{relative}"),
        },
    };
    format!("{scheme}://{authority}{}{query}", without_dots(&merged))
}

/// A path without its segments `.` and `..` (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    let mut ends_in_folder = false;
    for segment in segments {
        ends_in_folder = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    if ends_in_folder {
        kept.push("");
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_rfc_3986_shows_it() {
        let base = Uri::from_static("http://a/b/c/d;p?q");
        for (reference, url) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("g?y", "http://a/b/c/g?y"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g/../h", "http://a/b/c/h"),
        ] {
            assert_eq!(resolve(&base, reference), url, "{reference}");
        }
        assert_eq!(resolve(&Uri::from_static("https://example.com"), "v1"), "https://example.com/v1");
    }
}
