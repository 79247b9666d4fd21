//! Chance, as far as retries need it: pauses that differ, and keys that nobody else has. No secret depends on it.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

/// A number that is random for each call. The standard library seeds the hashers of its maps from the operating system, which
/// saves a crate for it.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// A key that no other request has, as a UUID of version 4 (RFC 9562 §5.4). The time and a counter keep keys apart where the
/// standard library has no random seed.
pub(crate) fn unique_key(now: SystemTime) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let time = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let digest = Sha256::new()
        .chain_update(random().to_le_bytes())
        .chain_update(random().to_le_bytes())
        .chain_update(time.to_le_bytes())
        .chain_update(count.to_le_bytes())
        .finalize();
    let start = digest.iter().take(16).fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let uuid = (start & !(0xf000 << 64) & !(0xc000 << 48)) | (0x4000 << 64) | (0x8000 << 48);
    let part = |shift: u32, digits: usize| {
        let part = (uuid >> shift) & ((1 << (4 * digits)) - 1);
        format!("{part:0digits$x}")
    };
    format!("{}-{}-{}-{}-{}", part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_and_keys_differ() {
        assert_eq!((0..1000).map(|_| random()).collect::<HashSet<_>>().len(), 1000);
        let keys: HashSet<String> = (0..1000).map(|_| unique_key(UNIX_EPOCH)).collect();
        assert_eq!(keys.len(), 1000);
        for key in keys {
            let shape: String = key.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
            assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
            assert_eq!(key.chars().nth(14), Some('4'));
            assert!(matches!(key.chars().nth(19), Some('8' | '9' | 'a' | 'b')), "{key}");
        }
    }

    #[test]
    fn numbers_are_spread() {
        let low = (0..1000).filter(|_| random() < u64::MAX / 2).count();
        assert!((350..650).contains(&low), "{low}");
    }
}
