//! Points in time as the services of Huawei Cloud write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The point in time that a text such as `2026-01-31T23:59:59.123000Z` names, to the second; `None` for any other text, and before
/// 1970.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time.split('.').next()?, ':', [2, 2, 2])?;
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u64; 3]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let parts = <[&str; 3]>::try_from(parts).ok()?;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.iter().zip(lengths).any(|(part, length)| part.len() != length || !is_number(part)) {
        return None;
    }
    let [first, second, third] = parts.map(|part| part.parse().ok());
    Some([first?, second?, third?])
}

/// Days from 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day is a year's last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    const DAYS_FROM_YEAR_0_MARCH_TO_1970: u64 = 719_468;
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_years = year * 365 + year / 4 - year / 100 + year / 400;
    // Five months from March, or from August, have 153 days.
    (of_years + (153 * month + 2) / 5 + day - 1).saturating_sub(DAYS_FROM_YEAR_0_MARCH_TO_1970)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_read() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00.000Z", 951_825_600),
            ("2001-09-09T01:46:40Z", 1_000_000_000),
            ("2024-01-01T00:00:00.701000Z", 1_704_067_200),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
        ] {
            assert_eq!(parse(text), Some(UNIX_EPOCH + Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn what_names_no_moment_is_refused() {
        for text in [
            "",
            "Z",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2024-01-01T24:00:00Z",
            "24-01-01T00:00:00Z",
            "2024-01-01T00:00:00+01:00Z",
            "2024-01-+1T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
