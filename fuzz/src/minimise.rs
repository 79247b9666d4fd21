//! The smallest description that fails in the same way.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::check::check;
use crate::mutate::{collect, remove, set, to_text};

/// How often a smaller description is tried.
const MOST: usize = 4_000;

/// How a description fails: the message of the panic, as far as it does not depend on the description.
#[must_use]
pub fn failure(value: &Value) -> Option<String> {
    let text = to_text(value);
    let panic = catch_unwind(AssertUnwindSafe(|| check("openapi.json", &text))).err()?;
    let message =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Some(message.unwrap_or("a panic without a text").to_owned())
}

/// Leaves out and simplifies parts as long as the description fails in the same way.
#[must_use]
pub fn minimise(mut value: Value, message: &str) -> Value {
    let kind = kind(message);
    let fails = |value: &Value| failure(value).is_some_and(|message| self::kind(&message) == kind);
    let mut left = MOST;
    loop {
        let mut pointers = Vec::new();
        collect(&value, String::new(), &mut pointers);
        let mut is_smaller = false;
        for pointer in pointers {
            if value.pointer(&pointer).is_none() {
                continue;
            }
            for replacement in [None, Some(json!({})), Some(json!("a"))] {
                if left == 0 {
                    return value;
                }
                let mut smaller = value.clone();
                match replacement {
                    None => remove(&mut smaller, &pointer),
                    Some(other) => set(&mut smaller, &pointer, other),
                }
                if smaller.to_string().len() < value.to_string().len() {
                    left -= 1;
                    if fails(&smaller) {
                        value = smaller;
                        is_smaller = true;
                        break;
                    }
                }
            }
        }
        if !is_smaller {
            return value;
        }
    }
}

/// The message without what comes from the description: quoted text and numbers.
#[must_use]
pub fn kind(message: &str) -> String {
    let mut quoted = message.split('`').step_by(2).collect::<Vec<_>>().join("_");
    quoted.retain(|character| !character.is_ascii_digit());
    quoted.split_once("src/").map_or(quoted.clone(), |(_, rest)| {
        rest.split_once(": ").map_or(quoted.clone(), |(_, reason)| reason.to_owned())
    })
}
