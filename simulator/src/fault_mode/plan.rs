//! Which requests are let down, and how: decided by a seed, so that a run can be repeated.

use std::time::Duration;

use super::kind::FaultKind;

/// Rates are kept in millionths.
const WHOLE: u32 = 1_000_000;

/// How often a simulator lets requests down, in which ways, and how long it takes over it.
///
/// Whether a request is let down depends on the seed and on which request it is: with the header `X-Simulator-Call`, on what
/// that says and on how many requests with the same value came before, whatever else goes on; without, on its number.
///
/// ```
/// use modelarts_simulator::{FaultKind, FaultPlan};
///
/// let plan = FaultPlan::mixed(7, 0.1).rate(FaultKind::StalledBody, 0.0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultPlan {
    seed: u64,
    rates: [u32; FaultKind::ALL.len()],
    pub(crate) slow: Duration,
    pub(crate) stall: Duration,
    pub(crate) refusal: Duration,
}

impl FaultPlan {
    /// A plan without faults.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            rates: [0; FaultKind::ALL.len()],
            slow: Duration::from_millis(300),
            stall: Duration::from_secs(60),
            refusal: Duration::from_millis(20),
        }
    }

    /// A plan with faults of all kinds, equally often, which together befall this share of the requests, from 0 to 1.
    #[must_use]
    pub fn mixed(seed: u64, rate: f64) -> Self {
        let each = millionths(rate) / u32::try_from(FaultKind::ALL.len()).unwrap_or(u32::MAX);
        Self { rates: [each; FaultKind::ALL.len()], ..Self::new(seed) }
    }

    /// Sets the share of requests that this befalls, from 0 to 1. Where the shares come to more than 1, the last kinds get less.
    #[must_use]
    pub fn rate(mut self, kind: FaultKind, rate: f64) -> Self {
        for (of, slot) in FaultKind::ALL.into_iter().zip(&mut self.rates) {
            if of == kind {
                *slot = millionths(rate);
            }
        }
        self
    }

    /// Sets how long slow answers take; by default 300 ms.
    #[must_use]
    pub fn slow(self, slow: Duration) -> Self {
        Self { slow, ..self }
    }

    /// Sets after which time the connection of an answer that stalls is reset; by default after a minute.
    #[must_use]
    pub fn stall(self, stall: Duration) -> Self {
        Self { stall, ..self }
    }

    /// Sets how long nobody listens after [`FaultKind::Refused`]; by default 20 ms.
    #[must_use]
    pub fn refusal(self, refusal: Duration) -> Self {
        Self { refusal, ..self }
    }

    /// What befalls the request that is the `ordinal`th of a call, or of all where no call is named, and a number for what the fault
    /// leaves open.
    pub(super) fn draw(&self, call: &str, ordinal: u64) -> (Option<FaultKind>, u64) {
        let name =
            call.bytes().fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        let drawn = mixed(mixed(self.seed ^ name).wrapping_add(ordinal));
        let mut place = u32::try_from(drawn % u64::from(WHOLE)).unwrap_or_default();
        for (kind, rate) in FaultKind::ALL.into_iter().zip(self.rates) {
            // Connections have a draw of their own.
            if kind == FaultKind::ClosedAtOnce {
                continue;
            }
            if place < rate {
                return (Some(kind), mixed(drawn));
            }
            place -= rate;
        }
        (None, mixed(drawn))
    }

    /// Whether the connection with that number is closed at once.
    pub(crate) fn closes(&self, connection: u64) -> bool {
        let rate =
            FaultKind::ALL.into_iter().zip(self.rates).find(|(kind, _)| *kind == FaultKind::ClosedAtOnce);
        let drawn = mixed(mixed(!self.seed).wrapping_add(connection));
        rate.is_some_and(|(_, rate)| drawn % u64::from(WHOLE) < u64::from(rate))
    }
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// SplitMix64 (Steele, Lea, Flood, 2014).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and a million")]
fn millionths(rate: f64) -> u32 {
    (rate.clamp(0.0, 1.0) * f64::from(WHOLE)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let plan = FaultPlan::mixed(1, 0.5);
        let drawn = |plan: &FaultPlan| (0..1000).map(|n| plan.draw("call", n)).collect::<Vec<_>>();
        assert_eq!(drawn(&plan), drawn(&FaultPlan::mixed(1, 0.5)));
        assert_ne!(drawn(&plan), drawn(&FaultPlan::mixed(2, 0.5)));
    }

    #[test]
    fn rates_are_kept() {
        let plan = FaultPlan::mixed(3, 0.24).rate(FaultKind::Html, 0.2).rate(FaultKind::ClosedAtOnce, 0.25);
        let count = |wanted: Option<FaultKind>| (0..20_000).filter(|n| plan.draw("", *n).0 == wanted).count();
        assert!((3_700..4_300).contains(&count(Some(FaultKind::Html))));
        assert!((140..260).contains(&count(Some(FaultKind::DeletionFailsFirst))));
        assert_eq!(count(Some(FaultKind::ClosedAtOnce)), 0);
        assert!((4_700..5_300).contains(&(0..20_000).filter(|n| plan.closes(*n)).count()));
        assert!((0..1000).all(|n| FaultPlan::new(3).draw("", n).0.is_none() && !FaultPlan::new(3).closes(n)));
    }

    #[test]
    fn names_are_names_of_one_kind() {
        for kind in FaultKind::ALL {
            assert_eq!(FaultKind::named(kind.name()), Some(kind));
        }
        assert_eq!(FaultKind::named("other"), None);
    }
}
