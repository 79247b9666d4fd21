//! Calls that only begin something, as the page says.

use crate::facts::Endpoint;
use crate::read::{Content, Page};
use crate::sections::{self, Role};

/// The line on which a page says that what an endpoint begins ends later; that of the endpoint where only its status does.
pub(super) fn ends_later(page: &Page, endpoint: &Endpoint) -> Option<u32> {
    if endpoint.method == "GET" {
        return None;
    }
    let mut texts =
        sections::blocks(page).filter(|(section, _)| matches!(section.role, Role::Other | Role::Uri));
    let said = texts.find_map(|(_, block)| match &block.content {
        Content::Text(text) if says_so(&text.text) => Some(block.line),
        _ => None,
    });
    // RFC 9110 §15.3.3: accepted, and not ended.
    let is_accepted = endpoint.responses.iter().any(|response| response.status == Some(202));
    said.or_else(|| is_accepted.then_some(endpoint.line))
}

fn says_so(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["异步接口", "异步操作", "异步执行", "异步api", "asynchronous"].iter().any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::says_so;

    #[test]
    fn pages_say_that_a_call_ends_later() {
        assert!(says_so("创建为异步操作，请查询状态。") && says_so("This API is asynchronous."));
        assert!(!says_so("创建一个任务。"));
    }
}
