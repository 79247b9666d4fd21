//! Turns API pages of a vendor's documentation into OpenAPI drafts.

pub mod read;
