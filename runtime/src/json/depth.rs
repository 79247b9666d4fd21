//! How deep a JSON text is nested, found without nesting calls.

/// The deepest nesting of arrays and objects that is read, which is the most that `serde_json` reads.
pub(crate) const DEEPEST: usize = 127;

/// Whether a JSON text is nested more deeply than [`DEEPEST`].
///
/// A text that is kept raw is scanned without nested calls, and is read again from there, by a deserializer that counts
/// from zero: without this, a type that contains itself could be nested until the stack overflows.
pub(crate) fn is_too_deep(json: &str) -> bool {
    // Each level takes two brackets, so that most texts need not be looked at.
    if json.len() <= 2 * DEEPEST {
        return false;
    }
    let (mut depth, mut is_in_string) = (0_usize, false);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_in_string = !is_in_string,
            b'\\' if is_in_string => {
                bytes.next();
            }
            b'[' | b'{' if !is_in_string => {
                depth += 1;
                if depth > DEEPEST {
                    return true;
                }
            }
            b']' | b'}' if !is_in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_that_of_serde_json() {
        for depth in [1, DEEPEST, DEEPEST + 1, 100_000] {
            let json = format!("{}0{}", "[".repeat(depth), "]".repeat(depth));
            let reads = serde_json::from_str::<serde_json::Value>(&json).is_ok();
            assert_eq!(is_too_deep(&json), !reads, "{depth}");
        }
    }

    #[test]
    fn brackets_in_strings_and_beside_each_other_do_not_count() {
        assert!(!is_too_deep(&format!(r#"["\"{}"]"#, "[".repeat(1000))));
        assert!(!is_too_deep(&format!("[{}1]", "[{}],".repeat(1000))));
        assert!(is_too_deep(&format!(r#"["\\",{}"#, "[".repeat(1000))));
    }
}
