//! What is free JSON although the description says something of it, and what only looks so.

use std::fmt::Write as _;

use super::support::{path_of, shown, understood};

#[test]
fn untyped() {
    let (understood, _) = understood(&path_of("untyped"));
    let api = &understood.api;
    let mut listed =
        format!("{} of {}, {} more with a name\n", api.untyped.len(), api.described, api.named_only);
    for (location, untyped) in understood.untyped() {
        writeln!(listed, "{location}: {}: {}", untyped.what, untyped.reason.message()).unwrap();
    }
    insta::assert_snapshot!("untyped", listed + "\n" + &shown("untyped", &["src/things/types.rs"]));
}
