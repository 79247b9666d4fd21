//! Lists that come in pages: streams of their items and of the pages, which can be resumed.

mod course;
mod items;
mod link_header;
mod next;
mod pages;
mod token;

pub use self::items::Items;
pub use self::pages::{Page, Pages};
pub use self::token::ResumeToken;
