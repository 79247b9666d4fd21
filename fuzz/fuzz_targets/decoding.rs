//! Bytes as a value of any type of the ModelArts client: as they are where the first is even, else as changes to an example.
#![no_main]

use clientsmith_fuzz::choices::Choices;
use clientsmith_fuzz::decode::{changed_example, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match bytes {
        [first, high, low, rest @ ..] if first % 2 == 0 => {
            let _ = check(usize::from(u16::from_be_bytes([*high, *low])), rest);
        }
        [_, rest @ ..] => {
            let (number, example) = changed_example(&mut Choices::of_bytes(rest));
            let _ = check(number, &example);
        }
        [] => {}
    }
});
