//! What an answer with a page says of the page after it.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::link_header;
use crate::operation::{Next, PagedBy, Paging};
use crate::pointer;
use crate::response::Answer;

/// What an answer says of what comes after it.
#[derive(Debug)]
pub(super) struct Found {
    /// What the next page is asked for with; `None` where there is none, and why it cannot be read.
    pub(super) next: Result<Option<String>, String>,
    /// Whether there is another page, where the answer says so.
    pub(super) more: Option<bool>,
    /// A hash of the items as they came, by which a page is known again; `None` where they do not stand where they should.
    pub(super) items: Option<u64>,
}

impl Found {
    pub(super) fn of(paging: &Paging, answer: &Answer) -> Self {
        let next = match paging.by {
            PagedBy::Page { .. } | PagedBy::Offset { .. } => Ok(None),
            PagedBy::Cursor { next, .. } | PagedBy::Link { next } => find(next, answer),
        };
        let more = paging.more.and_then(|pointer| match pointer::find(&answer.body, pointer)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        let items = pointer::find(&answer.body, paging.items).map(|items| hash(("items", items)));
        Self { next, more, items }
    }
}

pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn find(next: Next, answer: &Answer) -> Result<Option<String>, String> {
    let header = |name: &str| {
        let value = answer.headers.get(name)?;
        Some(value.to_str().map_err(|_| format!("the header `{name}` is no text")))
    };
    let text = match next {
        Next::Header(name) => header(name).transpose()?.map(str::to_owned),
        Next::Relation => link_header::next(&answer.headers).map(str::to_owned),
        Next::Body(at) => match pointer::find(&answer.body, at) {
            // There are APIs that say so that there is none.
            None | Some("null" | "false") => None,
            Some(json) if json.starts_with(['{', '[', 't']) => {
                return Err(format!("`{at}` is neither a text nor a number"));
            }
            Some(_) => pointer::find_text(&answer.body, at),
        },
    };
    Ok(text.filter(|text| !text.is_empty()))
}
