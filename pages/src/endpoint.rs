//! Which endpoints a page describes, and what each of its sections is about.

use crate::read::{Content, Page};
use crate::uri::{self, Uri};

/// What a section of a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Method and URI, with the parameters of both.
    Uri,
    /// What is sent.
    Request,
    /// What comes back.
    Response,
    /// What is sent, by example.
    RequestExample,
    /// What comes back, by example.
    ResponseExample,
    /// Examples of both.
    Example,
    /// The statuses of the answers.
    Statuses,
    /// Something else.
    Other,
}

/// The words of headings, the most special first; a heading has the role of the first that it equals.
const HEADINGS: &[(Role, &[&str])] = &[
    (Role::Uri, &["URI", "URL", "API URI", "URI格式", "URI参数", "接口URI", "URI说明"]),
    (Role::RequestExample, &["请求示例", "请求样例", "Example Request", "Example Requests"]),
    (Role::ResponseExample, &["响应示例", "响应样例", "返回示例", "Example Response", "Example Responses"]),
    (Role::Example, &["示例", "样例", "举例", "Example", "Examples"]),
    (
        Role::Request,
        &[
            "请求消息",
            "请求参数",
            "请求",
            "请求消息头",
            "请求消息体",
            "请求消息参数",
            "Request",
            "Request Parameters",
        ],
    ),
    (
        Role::Response,
        &[
            "响应消息",
            "响应参数",
            "响应",
            "响应消息头",
            "响应消息体",
            "返回消息",
            "返回参数",
            "Response",
            "Response Parameters",
        ],
    ),
    (
        Role::Statuses,
        &["状态码", "返回值", "返回码", "Status Codes", "Status Code", "Returned Value", "Returned Values"],
    ),
];

/// What a heading announces.
#[must_use]
pub fn role(heading: &str) -> Role {
    let heading = heading.trim().trim_end_matches(['：', ':']);
    let found =
        HEADINGS.iter().find(|(_, words)| words.iter().any(|word| word.eq_ignore_ascii_case(heading)));
    found.map_or(Role::Other, |(role, _)| *role)
}

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
    let mut current = Role::Other;
    let mut is_example = false;
    for block in &page.blocks {
        if block.quoted {
            continue;
        }
        let text = match &block.content {
            Content::Heading { text, .. } => {
                current = role(text);
                is_example = false;
                continue;
            }
            // On a few pages the heading is a paragraph.
            Content::Text(text) if text.text == "URI" => {
                current = Role::Uri;
                is_example = false;
                continue;
            }
            Content::Text(text) => &text.text,
            Content::Code(text) => text,
            Content::Table(_) => continue,
        };
        if current != Role::Uri {
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

    use super::{Role, endpoints, role};
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

    #[test]
    fn headings_have_roles() {
        assert_eq!(
            [role("请求消息"), role("URI"), role("响应示例："), role("功能介绍")],
            [Role::Request, Role::Uri, Role::ResponseExample, Role::Other]
        );
    }
}
