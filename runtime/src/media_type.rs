//! Media types (RFC 9110 §8.3.1), as far as they choose how a body is read.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The type and subtype of a media type or range, without its parameters and in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The index of the described media type that the headers of an answer choose: the first where they say nothing.
pub(crate) fn of(headers: &HeaderMap, described: &[&str]) -> Option<usize> {
    match headers.get(CONTENT_TYPE) {
        None => Some(0),
        Some(came) => choose(came.to_str().ok()?, described),
    }
}

/// The index of the described media type or range that fits what came, the most exact one first.
///
/// Parameters are ignored, except where they tell two described types apart. `application/x+json` fits a described
/// `application/json` where nothing fits better (RFC 6839 §3.1).
fn choose(came: &str, described: &[&str]) -> Option<usize> {
    let whole = came.trim();
    let came = essence(came);
    let exactness = |range: &str| {
        if range.trim().eq_ignore_ascii_case(whole) {
            return Some(0);
        }
        let range = essence(range);
        if range == came {
            return Some(1);
        }
        let (kind, subtype) = came.split_once('/')?;
        let (range_kind, range_subtype) = range.split_once('/')?;
        let suffix = subtype.rsplit_once('+').map(|(_, suffix)| suffix);
        let fits_suffix = range_subtype
            .strip_prefix("*+")
            .is_some_and(|wanted| suffix == Some(wanted) && (range_kind == kind || range_kind == "*"));
        let reads_suffix = suffix.is_some_and(|suffix| range == format!("application/{suffix}"));
        match (fits_suffix, reads_suffix) {
            (true, _) => Some(2),
            (_, true) => Some(3),
            _ if range_kind == kind && range_subtype == "*" => Some(4),
            _ if range == "*/*" => Some(5),
            _ => None,
        }
    };
    let fitting = described.iter().enumerate().filter_map(|(index, range)| Some((exactness(range)?, index)));
    fitting.min().map(|(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_most_exact_description_is_chosen() {
        for (came, described, chosen) in [
            ("application/json", ["application/xml", "application/json"], Some(1)),
            ("Application/JSON; charset=UTF-8", ["application/xml", "application/json"], Some(1)),
            ("application/json;v=2", ["application/json; v=1", "application/json;v=2"], Some(1)),
            ("application/json;v=3", ["application/json; v=1", "application/json;v=2"], Some(0)),
            ("application/problem+json", ["application/json", "application/problem+json"], Some(1)),
            ("application/problem+json", ["application/xml", "application/json"], Some(1)),
            ("application/problem+json", ["application/json", "application/*+json"], Some(1)),
            ("image/png", ["*/*", "image/*"], Some(1)),
            ("image/png", ["*/*", "image/jpeg"], Some(0)),
            ("image/png", ["application/json", "image/jpeg"], None),
            ("nonsense", ["application/json", "*/*"], None),
            ("", ["application/json", "image/jpeg"], None),
        ] {
            assert_eq!(choose(came, &described), chosen, "{came} of {described:?}");
        }
    }
}
