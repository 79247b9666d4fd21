//! The sections of a page, and what each is about.

use crate::read::{Block, Content, Page};

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
    (
        Role::RequestExample,
        &["请求示例", "请求样例", "Example Request", "Example Requests", "Request Example"],
    ),
    (
        Role::ResponseExample,
        &["响应示例", "响应样例", "返回示例", "Example Response", "Example Responses", "Response Example"],
    ),
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
            "Request Message",
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
            "Response Message",
            "Response Parameters",
        ],
    ),
    (
        Role::Statuses,
        &[
            "状态码",
            "返回值",
            "返回码",
            "Status Codes",
            "Status Code",
            "Returned Value",
            "Returned Values",
            "Returned Code",
        ],
    ),
];

/// What a heading announces.
fn role(heading: &str) -> Role {
    let heading = heading.trim().trim_end_matches(['：', ':']);
    let found =
        HEADINGS.iter().find(|(_, words)| words.iter().any(|word| word.eq_ignore_ascii_case(heading)));
    found.map_or(Role::Other, |(role, _)| *role)
}

/// The level of the headings that begin a section, below that of the title.
const SECTION: u8 = 2;

/// The blocks of a page that are no headings, each with what its section is about. A deeper heading that announces nothing
/// stands in the section above it.
pub(crate) fn blocks(page: &Page) -> impl Iterator<Item = (Section, &Block)> {
    let mut section = Section { role: Role::Other, number: 0 };
    page.blocks.iter().filter_map(move |block| {
        let announced = match &block.content {
            Content::Heading { level, text } => {
                let role = role(text);
                (*level <= SECTION || role != Role::Other).then_some(role)
            }
            // On a few pages the heading is a paragraph.
            Content::Text(text) if !block.quoted && text.text == "URI" => Some(Role::Uri),
            _ => return Some((section, block)),
        };
        section.number += 1;
        section.role = announced.unwrap_or(section.role);
        None
    })
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// What the section is about.
    pub(crate) role: Role,
    /// How many headings stand above.
    pub(crate) number: usize,
}

#[cfg(test)]
mod tests {
    use super::{Role, role};

    #[test]
    fn headings_have_roles() {
        assert_eq!(
            [role("请求消息"), role("URI"), role("响应示例："), role("功能介绍")],
            [Role::Request, Role::Uri, Role::ResponseExample, Role::Other]
        );
    }
}
