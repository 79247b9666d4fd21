//! What a server sends, as every type that a client has: changes to examples, and what has to hold of them.

use clientsmith_fuzz_types::TYPES;
use clientsmith_fuzz_types::harness::{Decoding, Outcome};
use serde_json::{Value, json};

use crate::choices::Choices;
use crate::mutate::{collect, remove, set, to_text};

/// The most changes that are made to one example.
const MOST: usize = 6;

/// The most bytes that are changed in the text.
const MOST_BYTES: usize = 4;

/// Decodes bytes as the type with that number (any number names one), and encodes and decodes what comes of it. `true` when they
/// are a value of the type.
///
/// # Panics
///
/// Where decoding does, and where what was accepted is not written and read again without a change.
#[must_use]
pub fn check(number: usize, bytes: &[u8]) -> bool {
    let Some(ty) = TYPES.get(number % TYPES.len().max(1)) else { return false };
    match (ty.round_trip)(bytes) {
        Outcome::Refused => false,
        Outcome::Stable => true,
        Outcome::Unstable(what) => panic!("{}: {what}", ty.name),
    }
}

/// The number of a type, and an example of it after some changes.
#[must_use]
pub fn changed_example(choices: &mut Choices<'_>) -> (usize, Vec<u8>) {
    let number = choices.below(TYPES.len());
    let mut value = TYPES.get(number).and_then(|ty| example(ty, choices)).unwrap_or_else(|| json!({}));
    for _ in 0..choices.below(MOST) {
        change(&mut value, choices);
    }
    let mut bytes = to_text(&value).into_bytes();
    if choices.below(4) == 0 {
        for _ in 0..=choices.below(MOST_BYTES) {
            change_bytes(&mut bytes, choices);
        }
    }
    (number, bytes)
}

/// An example of the type; where it has none, one of another type: a part of that may fit.
fn example(ty: &Decoding, choices: &mut Choices<'_>) -> Option<Value> {
    if let Some(own) = choices.one_of(ty.examples) {
        return serde_json::from_str(own).ok();
    }
    let all: Vec<&str> = TYPES.iter().flat_map(|ty| ty.examples).copied().collect();
    let other: Value = serde_json::from_str(choices.one_of(&all)?).ok()?;
    let mut pointers = Vec::new();
    collect(&other, String::new(), &mut pointers);
    other.pointer(choices.one_of(&pointers)?).cloned()
}

fn change(value: &mut Value, choices: &mut Choices<'_>) {
    let mut pointers = Vec::new();
    collect(value, String::new(), &mut pointers);
    let Some(pointer) = choices.one_of(&pointers).cloned() else { return };
    match choices.below(7) {
        0 => remove(value, &pointer),
        1 => {
            let other = choices.one_of(&pointers).and_then(|other| value.pointer(other)).cloned();
            set(value, &pointer, other.unwrap_or_default());
        }
        2 => {
            if let Some(Value::Object(properties)) = value.pointer_mut(&pointer) {
                properties.insert(key(choices), strange(choices));
            }
        }
        3 => {
            if let Some(Value::Array(items)) = value.pointer_mut(&pointer) {
                let item = choices.one_of(items).cloned().unwrap_or_else(|| strange(choices));
                items.push(item);
            }
        }
        4 => {
            // Numbers as texts, texts as numbers: servers do that.
            let turned = match value.pointer(&pointer) {
                Some(Value::Number(number)) => json!(number.to_string()),
                Some(Value::Bool(flag)) => json!(flag.to_string()),
                Some(Value::String(text)) => text.parse::<i64>().map_or_else(|_| json!([text]), Value::from),
                other => json!([other]),
            };
            set(value, &pointer, turned);
        }
        _ => set(value, &pointer, strange(choices)),
    }
}

fn key(choices: &mut Choices<'_>) -> String {
    let keys = ["", "other", "\u{0}", "é", "$ref", "is_success", "\u{1f600}", "type", "__proto__"];
    choices.one_of(&keys).copied().unwrap_or_default().to_owned()
}

/// A value that few expect. What no `Value` can hold stands in the notation of [`to_text`].
fn strange(choices: &mut Choices<'_>) -> Value {
    let raw = |text: &str| json!(format!("@raw@{text}@raw@"));
    match choices.below(22) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(i64::MAX),
        5 => json!(u64::MAX),
        6 => json!(i64::from(i32::MAX) + 1),
        7 => json!(0.1),
        8 => raw("-0.0"),
        9 => raw("1.0"),
        10 => raw("1e2"),
        11 => raw("1e400"),
        12 => raw("18446744073709551616"),
        13 => raw("123456789.12345678901234567890"),
        14 => json!(""),
        15 => json!("\u{0}\u{2028}\"\\"),
        16 => json!("2024-02-30T25:61:61Z"),
        17 => json!([]),
        18 => json!({}),
        19 => json!("x".repeat(5_000)),
        20 => raw(&format!("{}{}", "[".repeat(130), "]".repeat(130))),
        _ => raw(&format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100))),
    }
}

fn change_bytes(bytes: &mut Vec<u8>, choices: &mut Choices<'_>) {
    let place = choices.below(bytes.len());
    match choices.below(4) {
        0 => bytes.truncate(place),
        1 if !bytes.is_empty() => {
            bytes.remove(place);
        }
        2 => bytes.insert(place, u8::try_from(choices.below(256)).unwrap_or_default()),
        _ => {
            let byte = *choices.one_of(b"\"\\{}[],:0-9eE.\xff\xed\x00 tn").unwrap_or(&0);
            if let Some(slot) = bytes.get_mut(place) {
                *slot = byte;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_types_and_their_examples_are_stable() {
        assert!(TYPES.len() > 400);
        for (number, ty) in TYPES.iter().enumerate() {
            for example in ty.examples {
                assert!(check(number, example.as_bytes()), "{}: {example}", ty.name);
            }
        }
    }

    #[test]
    fn changed_examples_are_decoded_or_refused() {
        let mut accepted = 0;
        for seed in 0..20_000 {
            let (number, bytes) = changed_example(&mut Choices::of_seed(seed));
            accepted += usize::from(check(number, &bytes));
        }
        assert!(accepted > 5_000, "{accepted}");
    }
}
