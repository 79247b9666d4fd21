//! Choices that are a function of bytes: those of a fuzzer, or of a number.

/// Makes choices from bytes, and from a generator of numbers after their end.
#[derive(Debug)]
pub struct Choices<'bytes> {
    bytes: std::slice::Iter<'bytes, u8>,
    state: u64,
}

impl<'bytes> Choices<'bytes> {
    /// Choices that the bytes make, as a fuzzer varies them.
    #[must_use]
    pub fn of_bytes(bytes: &'bytes [u8]) -> Self {
        Self { bytes: bytes.iter(), state: bytes.len() as u64 }
    }

    /// Choices that a number makes.
    #[must_use]
    pub fn of_seed(seed: u64) -> Self {
        Self { bytes: [].iter(), state: seed }
    }

    /// A number below `count`; 0 when there is none.
    pub fn below(&mut self, count: usize) -> usize {
        if count < 2 {
            return 0;
        }
        let wide = count > 256;
        let number = match (self.bytes.next(), wide) {
            (None, _) => self.random(),
            (Some(first), false) => u64::from(*first),
            (Some(first), true) => {
                let rest = self.bytes.by_ref().take(2).fold(0, |rest, byte| rest << 8 | u64::from(*byte));
                u64::from(*first) << 16 | rest
            }
        };
        usize::try_from(number % count as u64).unwrap_or(0)
    }

    /// One of several; `None` when there is none.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// SplitMix64 (Steele, Lea, Flood, 2014).
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
