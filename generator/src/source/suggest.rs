//! Did you mean: the word of a list that another one was probably meant to be.

/// Longer words are not compared: the work grows with the square of the length.
const LONGEST: usize = 200;

/// The candidate nearest to `wanted` by edits of single characters, if one is near enough to be worth naming.
///
/// At most a third of the characters may differ (always one); a difference in capitals alone does not count. Of equally near
/// candidates the first is taken.
pub(crate) fn closest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wanted.chars().count();
    if length > LONGEST {
        return None;
    }
    let allowed = (length / 3).max(1);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        if candidate.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let distance = if candidate.eq_ignore_ascii_case(wanted) { 0 } else { distance(wanted, candidate) };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many characters have to be added, removed, replaced or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_char = None;
    for (row, char_a) in a.chars().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        let mut left = row + 1;
        current.push(left);
        for (column, char_b) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let replaced = at(&last, column).saturating_add(usize::from(char_a != *char_b));
            let mut best = replaced.min(left + 1).min(at(&last, column + 1).saturating_add(1));
            let swapped = column.checked_sub(1).is_some_and(|before| {
                previous_char == Some(*char_b) && b.get(before).is_some_and(|before| *before == char_a)
            });
            if swapped {
                best = best.min(at(&before_last, column - 1).saturating_add(1));
            }
            left = best;
            current.push(best);
        }
        previous_char = Some(char_a);
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn distances_are_those_of_optimal_string_alignment() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("schema", "shcema"), 1);
        assert_eq!(distance("größe", "grösse"), 2);
    }

    #[test]
    fn only_near_words_are_suggested() {
        assert_eq!(closest("Joob", ["Pet", "Job", "Jobs"]), Some("Job"));
        assert_eq!(closest("PET", ["Pot", "Pet"]), Some("Pet"));
        assert_eq!(closest("User", ["Order", "Account"]), None);
        assert_eq!(closest("", ["a"]), Some("a"));
        assert_eq!(closest("x", []), None);
    }
}
