//! Tries changed descriptions for some time, without libFuzzer.
//!
//! `drive --seconds N [--seed S] [--specs FOLDER] [--failures FOLDER]`, or `drive --file F` for one description alone.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, panic, thread};

use clientsmith_fuzz::check::check;
use clientsmith_fuzz::choices::Choices;
use clientsmith_fuzz::minimise::{kind, minimise};
use clientsmith_fuzz::mutate::{mutated, to_text};
use clientsmith_fuzz::seeds::seeds;

/// The stack that the generator has to make do with: less than a thread has by default.
const STACK: usize = 1024 * 1024;

/// What takes longer is a finding.
const SLOW: Duration = Duration::from_secs(5);

/// How often the driver says how far it is.
const REPORT: Duration = Duration::from_secs(300);

fn main() {
    if let Some(file) = argument("--file") {
        let text = fs::read_to_string(&file).expect("a text");
        let before = Instant::now();
        let worker =
            thread::Builder::new().stack_size(STACK).spawn(move || check(&file, &text)).expect("a thread");
        let is_generated = worker.join().expect("no panic");
        println!("generated: {is_generated}, {:?}", before.elapsed());
        return;
    }
    let number = |name: &str, default| argument(name).map_or(default, |text| text.parse().expect("a number"));
    let (seconds, first) = (number("--seconds", 60), number("--seed", 1));
    let specs = argument("--specs").map(PathBuf::from);
    let failures = argument("--failures").map_or_else(|| PathBuf::from("artifacts/drive"), PathBuf::from);
    // The panics are what is looked for: their texts are kept, their traces are not shown.
    panic::set_hook(Box::new(|_| {}));
    let worker = thread::Builder::new().stack_size(STACK);
    let worker =
        worker.spawn(move || drive(Duration::from_secs(seconds), first, specs.as_deref(), &failures));
    let found = worker.expect("a thread").join().expect("the driver itself does not panic");
    std::process::exit(i32::from(found > 0));
}

fn argument(name: &str) -> Option<String> {
    env::args().skip_while(|argument| argument != name).nth(1)
}

/// Returns how many kinds of failures were found.
fn drive(time: Duration, first: u64, specs: Option<&Path>, failures: &Path) -> usize {
    fs::create_dir_all(failures).expect("the folder of failures can be made");
    let fixtures = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../generator/tests/fixtures"));
    let seeds = seeds(fixtures, specs, 1);
    println!("{} descriptions to start from, first number {first}", seeds.len());
    let (started, mut reported) = (Instant::now(), Instant::now());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut tried, mut generated) = (0_u64, 0_u64);
    while started.elapsed() < time {
        let number = first.wrapping_add(tried);
        let mut choices = Choices::of_seed(number);
        let Some(seed) = choices.one_of(&seeds) else { return 0 };
        let value = mutated(&seed.value, &mut choices);
        let text = to_text(&value);
        // What ends the process is found here.
        fs::write(failures.join("current.json"), &text).expect("the description can be written");
        let before = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| check("openapi.json", &text)));
        let message = match outcome {
            Ok(is_generated) => {
                generated += u64::from(is_generated);
                (before.elapsed() > SLOW).then(|| format!("slow: {:?}", before.elapsed()))
            }
            Err(panic) => Some(message(panic.as_ref())),
        };
        tried += 1;
        if let Some(message) = message {
            let count = kinds.entry(kind(&message)).or_default();
            *count += 1;
            if *count == 1 {
                println!("number {number} from {}: {message}", seed.name);
                let smallest = if message.starts_with("slow") { value } else { minimise(value, &message) };
                let path = failures.join(format!("{number}.json"));
                fs::write(&path, to_text(&smallest)).expect("the description can be written");
                println!("  kept as {}", path.display());
            }
        }
        if reported.elapsed() > REPORT {
            reported = Instant::now();
            println!(
                "{:?}: {tried} tried, {generated} generated, {} kinds of failures",
                started.elapsed(),
                kinds.len()
            );
        }
    }
    println!("{:?}: {tried} tried, {generated} generated; failures: {kinds:#?}", started.elapsed());
    kinds.len()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a text").to_owned()
}
