//! New identifiers, in the forms that the service gives them. The same calls in the same order get the same ones.

use sha2::{Digest as _, Sha256};

/// A source of identifiers, none of which it gives twice.
#[derive(Debug, Default)]
pub(crate) struct Identifiers(u64);

impl Identifiers {
    /// As of training jobs and their versions: the first is `base + 1`.
    pub(crate) fn number(&mut self, base: i64) -> i64 {
        self.0 = self.0.saturating_add(1);
        base.saturating_add(i64::try_from(self.0).unwrap_or(i64::MAX))
    }

    /// As of workspaces: 32 hexadecimal digits.
    pub(crate) fn hexadecimal(&mut self) -> String {
        self.0 = self.0.saturating_add(1);
        let digest = Sha256::digest(format!("modelarts-simulator {}", self.0).as_bytes());
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// As of models and services: a UUID of version 4 (RFC 9562, section 5.4).
    pub(crate) fn uuid(&mut self) -> String {
        let mut uuid = String::new();
        for (index, digit) in self.hexadecimal().chars().enumerate() {
            if matches!(index, 8 | 12 | 16 | 20) {
                uuid.push('-');
            }
            uuid.push(match index {
                12 => '4',
                16 => '8',
                _ => digit,
            });
        }
        uuid
    }

    /// As of data sets: 20 letters and digits.
    pub(crate) fn short(&mut self) -> String {
        self.hexadecimal().chars().take(20).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_its_own() {
        let mut identifiers = Identifiers::default();
        assert_eq!((identifiers.number(1_000), identifiers.number(1_000)), (1_001, 1_002));
        let uuid = identifiers.uuid();
        let groups = uuid.split('-').map(str::len).collect::<Vec<_>>();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(uuid.get(14..15), Some("4"));
        assert_eq!((identifiers.hexadecimal().len(), identifiers.short().len()), (32, 20));
        assert_ne!(identifiers.uuid(), uuid);
    }
}
