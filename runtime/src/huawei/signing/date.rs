//! The date of a signature, as `X-Sdk-Date` has it.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: u64 = 86_400;

/// The first second of the year 10000, which has no place in the format.
const END: u64 = 253_402_300_800;

/// A moment in UTC, to the second, as `YYYYMMDDTHHMMSSZ`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SdkDate(String);

impl SdkDate {
    /// The date of `time`; a part of a second is dropped.
    ///
    /// # Errors
    ///
    /// [`DateOutOfRange`] before 1970 and after 9999: a clock that is far off.
    pub fn new(time: SystemTime) -> Result<Self, DateOutOfRange> {
        let since_epoch = time.duration_since(UNIX_EPOCH).map_err(|_| DateOutOfRange)?;
        Self::from_unix_seconds(since_epoch.as_secs())
    }

    /// The date that is `seconds` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`DateOutOfRange`] after 9999.
    pub fn from_unix_seconds(seconds: u64) -> Result<Self, DateOutOfRange> {
        if seconds >= END {
            return Err(DateOutOfRange);
        }
        let (year, month, day) = civil(seconds / SECONDS_PER_DAY);
        let second = seconds % SECONDS_PER_DAY;
        Ok(Self(format!(
            "{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )))
    }

    /// The text that is sent and signed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SdkDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The clock shows a time that a signature's date cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock shows a time before 1970 or after 9999")]
#[non_exhaustive]
pub struct DateOutOfRange;

/// Year, month and day of the day that is `days` after 1970-01-01, in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is a year's last; 400 such years (an era) always have the same
/// number of days.
fn civil(days: u64) -> (u64, u64, u64) {
    const DAYS_PER_ERA: u64 = 146_097;
    const DAYS_FROM_YEAR_0_MARCH_TO_1970: u64 = 719_468;
    let days = days + DAYS_FROM_YEAR_0_MARCH_TO_1970;
    let day_of_era = days % DAYS_PER_ERA;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Five months from March, or from August, have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = days / DAYS_PER_ERA * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn date(seconds: u64) -> String {
        SdkDate::from_unix_seconds(seconds).unwrap().to_string()
    }

    #[test]
    fn known_moments() {
        assert_eq!(date(0), "19700101T000000Z");
        assert_eq!(date(951_782_400), "20000229T000000Z");
        assert_eq!(date(1_709_251_199), "20240229T235959Z");
        assert_eq!(date(1_709_251_200), "20240301T000000Z");
        assert_eq!(date(4_107_542_399), "21000228T235959Z");
        assert_eq!(date(4_107_542_400), "21000301T000000Z");
        assert_eq!(date(END - 1), "99991231T235959Z");
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let leap =
            |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..146_097 {
            assert_eq!(civil(days), (year, month, day));
            let length = match month {
                2 => 28 + u64::from(leap(year)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
        assert_eq!((year, month, day), (2370, 1, 1));
    }

    #[test]
    fn times_out_of_range_are_refused() {
        assert_eq!(SdkDate::new(UNIX_EPOCH - Duration::from_secs(1)), Err(DateOutOfRange));
        assert_eq!(SdkDate::from_unix_seconds(END), Err(DateOutOfRange));
        let late = SdkDate::new(UNIX_EPOCH + Duration::from_millis(1_999)).unwrap();
        assert_eq!(late.as_str(), "19700101T000001Z");
    }
}
