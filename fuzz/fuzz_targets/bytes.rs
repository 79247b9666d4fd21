//! Bytes as a description: JSON where the first is even, else YAML.
#![no_main]

use clientsmith_fuzz::check::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((first, rest)) = bytes.split_first()
        && let Ok(text) = std::str::from_utf8(rest)
    {
        let name = if first % 2 == 0 { "openapi.json" } else { "openapi.yaml" };
        let _ = check(name, text);
    }
});
