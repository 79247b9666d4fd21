//! Which endpoints a page describes.

use crate::read::{Content, Page};
use crate::sections::{self, Role};
use crate::uri::{self, Uri};

/// A method and URI on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The method and URI.
    pub uri: Uri,
    /// The line where they stand.
    pub line: u32,
}

/// The endpoints of a page, none when it is about something else: those that a section named URI gives. What stands in a
/// note, or is one given before with values for its variables, is an example.
#[must_use]
pub fn endpoints(page: &Page) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut is_example = false;
    let mut under = 0;
    for (section, block) in sections::blocks(page).filter(|(_, block)| !block.quoted) {
        // An announcement holds up to the next heading.
        is_example &= under == section.number;
        under = section.number;
        let text = match &block.content {
            Content::Text(text) => &text.text,
            Content::Code(text) => text,
            Content::Heading { .. } | Content::Table(_) => continue,
        };
        if section.role != Role::Uri {
            continue;
        }
        for (line, text) in (block.line..).zip(text.lines()) {
            match parse_labelled(text) {
                Some(uri) if !is_example => add(&mut found, Found { uri, line }),
                Some(_) => {}
                None => is_example = announces_example(text),
            }
        }
    }
    found
}

fn add(found: &mut Vec<Found>, new: Found) {
    let is_known = found
        .iter()
        .any(|known| known.uri.method == new.uri.method && uri::is_instance(&new.uri.path, &known.uri.path));
    if !is_known {
        found.push(new);
    }
}

/// A URI, also behind a short label that announces no example: `URI格式：`.
fn parse_labelled(text: &str) -> Option<Uri> {
    uri::parse(text).or_else(|| {
        let (label, rest) = text.split_once(['：', ':'])?;
        if label.chars().count() > 16 || announces_example(label) { None } else { uri::parse(rest) }
    })
}

fn announces_example(text: &str) -> bool {
    ["示例", "样例", "例如", "举例", "使用方式", "xample"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clientsmith_generator::diagnostics::Diagnostics;

    use super::endpoints;
    use crate::read::read;

    fn found(page: &str) -> Vec<(String, u32)> {
        let page = read(Path::new("page.md"), page, &mut Diagnostics::new());
        endpoints(&page)
            .into_iter()
            .map(|found| (format!("{} {}", found.uri.method, found.uri.path), found.line))
            .collect()
    }

    #[test]
    fn an_endpoint_is_what_the_section_gives_and_not_its_examples() {
        let page = "# 删除\n\n## URI\n\n-   URI格式：\n\n    DELETE /v1/\\{id\\}\n\n>DELETE /v1/\\{id\\}/note\n\n示例：\n\n```\nDELETE /v2/1\n```\n\n## 示例\n\nGET /v3\n";
        assert_eq!(found(page), [("DELETE /v1/{id}".to_owned(), 7)]);
    }

    #[test]
    fn a_page_may_have_several_or_none() {
        let page = "# a\n\n## URI\n\n```\nGET /v1/{id}\nGET /v1/7\nPOST /v1/{id}\n```\n";
        assert_eq!(found(page), [("GET /v1/{id}".to_owned(), 6), ("POST /v1/{id}".to_owned(), 8)]);
        assert_eq!(found("# a\n\n## 功能介绍\n\nURI\n\nGET /v1/a\n"), [("GET /v1/a".to_owned(), 7)]);
        assert!(found("# a\n\n## 概述\n\nGET /v1/a\n").is_empty());
    }
}
