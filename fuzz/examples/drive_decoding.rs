//! Decodes changed examples for some time, without libFuzzer.
//!
//! `drive_decoding --seconds N [--seed S] [--failures FOLDER]`

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, panic, thread};

use clientsmith_fuzz::choices::Choices;
use clientsmith_fuzz::decode::{changed_example, check};
use clientsmith_fuzz::minimise::kind;

/// The stack that decoding has to make do with: less than a thread has by default.
const STACK: usize = 1024 * 1024;

/// What takes longer is a finding.
const SLOW: Duration = Duration::from_secs(2);

fn main() {
    let number = |name: &str, default| argument(name).map_or(default, |text| text.parse().expect("a number"));
    let (seconds, first) = (number("--seconds", 60), number("--seed", 1));
    let failures = argument("--failures").map_or_else(|| PathBuf::from("artifacts/decoding"), PathBuf::from);
    // The panics are what is looked for: their texts are kept, their traces are not shown.
    panic::set_hook(Box::new(|_| {}));
    let worker = thread::Builder::new().stack_size(STACK);
    let worker = worker.spawn(move || drive(Duration::from_secs(seconds), first, &failures));
    let found = worker.expect("a thread").join().expect("the driver itself does not panic");
    std::process::exit(i32::from(found > 0));
}

fn argument(name: &str) -> Option<String> {
    env::args().skip_while(|argument| argument != name).nth(1)
}

/// Returns how many kinds of failures were found.
fn drive(time: Duration, first: u64, failures: &PathBuf) -> usize {
    fs::create_dir_all(failures).expect("the folder of failures can be made");
    let started = Instant::now();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut tried, mut accepted) = (0_u64, 0_u64);
    while started.elapsed() < time {
        let seed = first.wrapping_add(tried);
        let (number, bytes) = changed_example(&mut Choices::of_seed(seed));
        tried += 1;
        let before = Instant::now();
        let message = match catch_unwind(|| check(number, &bytes)) {
            Ok(is_accepted) => {
                accepted += u64::from(is_accepted);
                (before.elapsed() > SLOW).then(|| format!("slow: {:?}", before.elapsed()))
            }
            Err(panic) => Some(message(panic.as_ref())),
        };
        let Some(message) = message else { continue };
        let count = kinds.entry(kind(&message)).or_default();
        *count += 1;
        if *count == 1 {
            println!("number {seed}, type {number}: {message}");
            fs::write(failures.join(format!("{seed}.json")), &bytes).expect("the bytes can be written");
        }
    }
    println!("{:?}: {tried} tried, {accepted} accepted; failures: {kinds:#?}", started.elapsed());
    kinds.len()
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a text").to_owned()
}
