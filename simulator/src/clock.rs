//! The simulator's clock, and the two spellings of a time that HTTP headers use here.

use std::sync::atomic::{AtomicI64, Ordering};

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// The system's clock, set forward or back.
#[derive(Debug)]
pub(crate) struct Clock {
    offset_milliseconds: AtomicI64,
}

impl Clock {
    pub(crate) fn new(offset_seconds: i32) -> Self {
        Self { offset_milliseconds: AtomicI64::new(i64::from(offset_seconds).saturating_mul(1_000)) }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        let offset = Duration::milliseconds(self.offset_milliseconds.load(Ordering::Relaxed));
        let system = OffsetDateTime::now_utc();
        system.checked_add(offset).unwrap_or(system)
    }

    /// Puts the clock forward.
    pub(crate) fn advance(&self, milliseconds: i64) {
        self.offset_milliseconds.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

/// Milliseconds since 1970, as the API has its times.
pub(crate) fn milliseconds(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// Reads the value of `X-Sdk-Date`, `YYYYMMDDTHHMMSSZ`; `None` for anything else.
pub(crate) fn parse_basic(text: &str) -> Option<OffsetDateTime> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
    };
    let small = |range| digits(range).and_then(|number| u8::try_from(number).ok());
    if text.len() != 16 || text.get(8..9) != Some("T") || text.get(15..16) != Some("Z") {
        return None;
    }
    let month = Month::try_from(small(4..6)?).ok()?;
    let date = Date::from_calendar_date(i32::from(digits(0..4)?), month, small(6..8)?).ok()?;
    let time = Time::from_hms(small(9..11)?, small(11..13)?, small(13..15)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

/// Writes the value of the `Date` header, as in `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
pub(crate) fn http_date(moment: OffsetDateTime) -> String {
    let (weekday, month) = (moment.weekday().to_string(), moment.month().to_string());
    let (hour, minute, second) = moment.to_hms();
    format!(
        "{weekday:.3}, {:02} {month:.3} {:04} {hour:02}:{minute:02}:{second:02} GMT",
        moment.day(),
        moment.year()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basic_date_is_read() {
        let moment = parse_basic("20240229T235958Z").unwrap();
        assert_eq!(moment.unix_timestamp(), 1_709_251_198);
    }

    #[test]
    fn what_is_no_basic_date_is_refused() {
        for text in [
            "",
            "20240229T235958",
            "2024-02-29T23:59:58Z",
            "20230229T235958Z",
            "20240229T245958Z",
            "20240229t235958Z",
            "+0240229T235958Z",
            "2024022éT235958Z",
        ] {
            assert_eq!(parse_basic(text), None, "{text}");
        }
    }

    #[test]
    fn an_http_date_is_written() {
        let moment = OffsetDateTime::from_unix_timestamp(784_111_777).unwrap();
        assert_eq!(http_date(moment), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn the_offset_moves_the_clock() {
        let ahead = Clock::new(3600).now() - OffsetDateTime::now_utc();
        assert!((ahead - Duration::HOUR).abs() < Duration::MINUTE, "{ahead}");
        let clock = Clock::new(-60);
        clock.advance(120_000);
        let ahead = clock.now() - OffsetDateTime::now_utc();
        assert!((ahead - Duration::MINUTE).abs() < Duration::seconds(30), "{ahead}");
    }
}
