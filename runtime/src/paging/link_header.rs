//! The `Link` header (RFC 8288 §3): finding the target of a relation.

use http::HeaderMap;
use http::header::LINK;

/// The target of the first link to what comes next, as it stands there: it may be relative.
///
/// Links that begin elsewhere (`anchor`, RFC 8288 §3.2) are passed over, and what is no link is where reading a header stops.
pub(super) fn next(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(LINK).into_iter().filter_map(|value| value.to_str().ok());
    values.filter_map(|value| Links { rest: value }.find(Link::is_next)).map(|link| link.target).next()
}

/// The links in the value of a header.
struct Links<'a> {
    rest: &'a str,
}

/// What of a link matters here.
struct Link<'a> {
    target: &'a str,
    relations: Option<String>,
    has_anchor: bool,
}

impl Link<'_> {
    /// Relations have no case, and one parameter has several of them (RFC 8288 §2.1, §3.3).
    fn is_next(&self) -> bool {
        let relations = self.relations.as_deref().unwrap_or_default();
        !self.has_anchor && relations.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("next"))
    }
}

impl<'a> Iterator for Links<'a> {
    type Item = Link<'a>;

    fn next(&mut self) -> Option<Link<'a>> {
        let start = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let (target, rest) = start.strip_prefix('<')?.split_once('>')?;
        self.rest = rest;
        let mut link = Link { target: target.trim(), relations: None, has_anchor: false };
        while let Some(rest) = self.rest.trim_ascii_start().strip_prefix(';') {
            self.rest = rest.trim_ascii_start();
            let end = self.rest.find(['=', ';', ',']).unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            let value = match rest.strip_prefix('=') {
                Some(rest) => {
                    self.rest = rest.trim_ascii_start();
                    self.value()
                }
                None => String::new(),
            };
            match name.trim_ascii_end() {
                // Of several only the first counts (RFC 8288 §3.3).
                name if name.eq_ignore_ascii_case("rel") => {
                    link.relations.get_or_insert(value);
                }
                name if name.eq_ignore_ascii_case("anchor") => link.has_anchor = true,
                _ => {}
            }
        }
        Some(link)
    }
}

impl Links<'_> {
    /// A token or a quoted string (RFC 9110 §5.6), to its end.
    fn value(&mut self) -> String {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([';', ',']).unwrap_or(self.rest.len());
            let (value, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            self.rest = rest;
            return value.trim_ascii_end().to_owned();
        };
        let mut value = String::new();
        let mut characters = quoted.chars();
        while let Some(character) = characters.next() {
            match character {
                '"' => break,
                '\\' => value.extend(characters.next()),
                other => value.push(other),
            }
        }
        self.rest = characters.as_str();
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_of(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, value.parse().unwrap());
        }
        next(&headers).map(str::to_owned)
    }

    #[test]
    fn the_next_link_is_found() {
        for (values, target) in [
            (
                &[r#"<https://a/?page=2>; rel="next", <https://a/?page=9>; rel="last""#][..],
                "https://a/?page=2",
            ),
            (&[r#"<https://a/?a=1,2;b>; rel="last prev" , </next>;rel=next"#], "/next"),
            (&[r#"</1>; rel="prev""#, r#"</3>; rel="next""#], "/3"),
            (&[r#"</2>; title="a, \"<b>; rel=next" ; REL = "x NEXT y""#], "/2"),
            (&[r#"</2>; crossorigin; rel=next; rel=prev"#], "/2"),
            (&[r#", ,< ?page=2 > ; title*=UTF-8''x ; rel=next"#], "?page=2"),
        ] {
            assert_eq!(next_of(values).as_deref(), Some(target), "{values:?}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_found() {
        for value in [
            "",
            "next",
            r#"</1>; rel="nextish""#,
            r#"</1>; title="rel=next""#,
            r#"</1>; rel=prev; rel=next"#,
            r##"</1>; rel=next; anchor="#part""##,
            "</1; rel=next",
            r#"</1>; rel="#,
            r#"</1>; title="open; rel=next"#,
            "</1>",
        ] {
            assert_eq!(next_of(&[value]), None, "{value}");
        }
    }
}
