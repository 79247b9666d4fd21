//! The middle of what was measured, and how far apart its halves are.

/// Where the middle of some values is, and the middles of their halves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spread {
    pub(crate) lower: f64,
    pub(crate) median: f64,
    pub(crate) upper: f64,
}

impl Spread {
    /// The spread of values in any order; `None` of none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Some(Self {
            lower: quantile(&values, 0.25)?,
            median: quantile(&values, 0.5)?,
            upper: quantile(&values, 0.75)?,
        })
    }
}

/// The value below which that share of sorted values lies, between two of them in proportion.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * last as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_between_two_of_an_even_number() {
        let spread = |values: &[f64]| Spread::of(values.iter().copied());
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[4.0]), Some(Spread { lower: 4.0, median: 4.0, upper: 4.0 }));
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some(Spread { lower: 1.5, median: 2.0, upper: 2.5 }));
        assert_eq!(spread(&[4.0, 1.0, 3.0, 2.0]), Some(Spread { lower: 1.75, median: 2.5, upper: 3.25 }));
    }
}
