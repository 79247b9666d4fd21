//! Ranges of bytes, and what tells whether two answers hold the same bytes (RFC 9110 §13.1.5 and §14).

use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use http::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, HeaderValue, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};

use crate::response::DecodeError;
use crate::retry::date;

/// How much older than its answer what is dated has to be, to be told by its date from what came after it (RFC 9110 §8.8.2.2:
/// at least a second, and more where clocks may differ).
const SETTLED: Duration = Duration::from_secs(60);

/// Which bytes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteRange {
    /// The first.
    pub(crate) first: u64,
    /// The last; the end where nothing is said.
    pub(crate) last: Option<u64>,
}

impl ByteRange {
    /// The bytes between two bounds; all of them are no range. An error where there is nothing between them.
    pub(crate) fn of(bounds: &impl RangeBounds<u64>) -> Result<Option<Self>, EmptyRange> {
        let first = match bounds.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before.checked_add(1).ok_or(EmptyRange)?,
        };
        let last = match bounds.end_bound() {
            Bound::Unbounded => None,
            Bound::Included(last) => Some(*last),
            Bound::Excluded(after) => Some(after.checked_sub(1).ok_or(EmptyRange)?),
        };
        match last {
            None if first == 0 && matches!(bounds.start_bound(), Bound::Unbounded) => Ok(None),
            Some(last) if last < first => Err(EmptyRange),
            _ => Ok(Some(Self { first, last })),
        }
    }

    /// The value of the header `Range` (RFC 9110 §14.1.2).
    pub(crate) fn header(self) -> HeaderValue {
        let last = self.last.map(|last| last.to_string()).unwrap_or_default();
        let text = format!("bytes={}-{last}", self.first);
        // Digits and ASCII letters are a header in any case.
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("bytes=0-"))
    }

    /// What an answer holds of what was asked for: `None` for all there is, from a server that passes over ranges.
    pub(crate) fn check(
        self,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Option<ContentRange>, DecodeError> {
        if status != StatusCode::PARTIAL_CONTENT {
            return Ok(None);
        }
        let came = ContentRange::of(headers);
        let fits =
            |came: &ContentRange| came.first == self.first && self.last.is_none_or(|last| came.last <= last);
        match came {
            Some(came) if fits(&came) => Ok(Some(came)),
            Some(came) => {
                let asked = self.last.map(|last| last.to_string()).unwrap_or_default();
                let detail = format!(
                    "the server sent the bytes {}-{}, where {}-{asked} were asked for",
                    came.first, came.last, self.first
                );
                Err(DecodeError::new(detail))
            }
            None => {
                let detail = "the server sent a part without saying which (`Content-Range`)".to_owned();
                Err(DecodeError::new(detail))
            }
        }
    }
}

/// There is nothing between two bounds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EmptyRange;

/// Which bytes an answer holds (RFC 9110 §14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentRange {
    /// The first.
    pub(crate) first: u64,
    /// The last.
    pub(crate) last: u64,
    /// How many there are in all, where the server says so.
    pub(crate) complete: Option<u64>,
}

impl ContentRange {
    /// What the header says; `None` where it says nothing that can be understood.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(CONTENT_RANGE)?.to_str().ok()?.trim();
        let (unit, range) = text.split_once(' ')?;
        let (range, complete) = range.trim().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let complete = if complete == "*" { None } else { Some(number(complete)?) };
        let is_whole = first <= last && last < u64::MAX && complete.is_none_or(|complete| last < complete);
        (unit.eq_ignore_ascii_case("bytes") && is_whole).then_some(Self { first, last, complete })
    }
}

/// Digits alone: the standard library takes a sign too.
pub(crate) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Whether the server says that it sends parts of what this answer holds.
pub(crate) fn accepts_ranges(headers: &HeaderMap) -> bool {
    let said = headers.get_all(ACCEPT_RANGES).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).any(|unit| unit.trim().eq_ignore_ascii_case("bytes"))
}

/// What tells this version from all others, byte for byte: a strong `ETag`, or a date of its last change that is long enough ago.
pub(crate) fn validator(headers: &HeaderMap) -> Option<&HeaderValue> {
    match headers.get(ETAG) {
        Some(tag) => tag.as_bytes().starts_with(b"\"").then_some(tag),
        None => {
            let modified = headers.get(LAST_MODIFIED)?;
            let since = httpdate::parse_http_date(modified.to_str().ok()?.trim()).ok()?;
            let age = date(headers)?.duration_since(since).ok()?;
            (age >= SETTLED).then_some(modified)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_become_the_first_and_the_last_byte() {
        let header = |range: Result<Option<ByteRange>, EmptyRange>| {
            range.map(|range| range.map(|range| range.header().to_str().unwrap().to_owned()))
        };
        let some = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(header(ByteRange::of(&(5..))), some("bytes=5-"));
        assert_eq!(header(ByteRange::of(&(5..10))), some("bytes=5-9"));
        assert_eq!(header(ByteRange::of(&(5..=10))), some("bytes=5-10"));
        assert_eq!(header(ByteRange::of(&(..10))), some("bytes=0-9"));
        assert_eq!(header(ByteRange::of(&(0..))), some("bytes=0-"));
        assert_eq!(header(ByteRange::of(&(..))), Ok(None));
        for empty in [5..5, 0..0] {
            assert_eq!(ByteRange::of(&empty), Err(EmptyRange));
        }
    }

    #[test]
    fn what_came_is_read_and_nonsense_is_not() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_RANGE, HeaderValue::from_str(text).unwrap());
            ContentRange::of(&headers)
        };
        let range = |first, last, complete| Some(ContentRange { first, last, complete });
        assert_eq!(of("bytes 0-499/1234"), range(0, 499, Some(1234)));
        assert_eq!(of("Bytes 500-999/*"), range(500, 999, None));
        for nonsense in [
            "",
            "bytes",
            "bytes */1234",
            "bytes 5-4/10",
            "bytes 0-10/10",
            "bytes +1-4/10",
            "bytes 0-18446744073709551615/*",
            "lines 0-4/10",
            "bytes 0-4",
        ] {
            assert_eq!(of(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn only_what_tells_every_byte_is_a_validator() {
        let validator = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            super::validator(&headers.collect()).map(|value| value.to_str().unwrap().to_owned())
        };
        let modified = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(validator(&[("etag", "\"a\"")]).as_deref(), Some("\"a\""));
        assert_eq!(validator(&[("etag", "W/\"a\""), modified]), None);
        assert_eq!(validator(&[modified]), None, "nobody knows when that was");
        assert_eq!(validator(&[modified, ("date", "Sun, 06 Nov 1994 08:50:00 GMT")]), None);
        let settled = validator(&[modified, ("date", "Sun, 06 Nov 1994 08:50:37 GMT")]);
        assert_eq!(settled.as_deref(), Some(modified.1));
        assert_eq!(validator(&[]), None);
    }
}
