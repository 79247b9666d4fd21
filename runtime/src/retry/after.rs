//! What a server says of time: its `Date`, and when to come back.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// The server's clock when it answered (RFC 9110 §6.6.1).
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    time(text(headers, DATE)?)
}

/// How long the server wants us to wait (RFC 9110 §10.2.3). A point in time is counted from the server's own `Date`, or from `now`
/// where it gives none. `None` where it says nothing, or nothing that can be understood.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What is too large for a number is too long for anybody.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let since = date(headers).unwrap_or(now);
    // A point in the past is no wait at all.
    Some(time(text)?.duration_since(since).unwrap_or_default())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn time(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// 1994-11-06T08:49:37Z, the example of RFC 9110 §5.6.7.
    const EXAMPLE: Duration = Duration::from_secs(784_111_777);

    fn asked(retry_after_is: &str, date_is: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(retry_after_is).unwrap());
        if let Some(date) = date_is {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        retry_after(&headers, SystemTime::UNIX_EPOCH + EXAMPLE)
    }

    #[test]
    fn seconds_are_read() {
        assert_eq!(asked("120", None), Some(Duration::from_secs(120)));
        assert_eq!(asked(" 0 ", None), Some(Duration::ZERO));
        assert_eq!(asked("99999999999999999999999", None), Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn dates_are_read_in_all_three_forms_and_by_the_servers_own_clock() {
        for date in
            ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"]
        {
            assert_eq!(asked(date, None), Some(Duration::from_secs(60)), "{date}");
            assert_eq!(
                asked(date, Some("Sun, 06 Nov 1994 08:50:32 GMT")),
                Some(Duration::from_secs(5)),
                "{date}"
            );
        }
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:00 GMT", None), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for nonsense in ["", "-1", "1.5", "soon", "Sun, 06 Nov", "Sun, 99 Nov 1994 08:50:37 GMT"] {
            assert_eq!(asked(nonsense, None), None, "{nonsense}");
        }
    }
}
