//! What of a request must not be shown, where no header's mark says so: parts of its URI.

use http::{Extensions, Uri};

/// What stands for a value that is not shown.
pub const REDACTED: &str = "[redacted]";

/// The parts of a request's URI that are secret, or may be. It stands among the extensions of a request that has such
/// parts, for what logs or records it; headers that are secret are marked themselves
/// ([`HeaderValue::is_sensitive`](http::HeaderValue::is_sensitive)).
///
/// An [`Authenticate`](crate::auth::Authenticate) that adds a secret to the query calls [`mark_query`](Self::mark_query).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SensitiveUri {
    /// The keys in the query, as they are written there.
    keys: Vec<String>,
    /// The path as it can be shown, where that is not the path itself.
    path: Option<String>,
}

impl SensitiveUri {
    /// Says that all keys in this piece of a query (`a=1&b=2`) have values that are not to be shown.
    pub fn mark_query(extensions: &mut Extensions, piece: &str) {
        Self::of(extensions).add_query(piece);
    }

    /// The URI as it can be shown: without user name and password, with [`REDACTED`] for what is not to be seen.
    #[must_use]
    pub fn shown(uri: &Uri, extensions: &Extensions) -> String {
        let mut shown = match (uri.scheme_str(), uri.authority()) {
            (Some(scheme), Some(authority)) => {
                let authority = authority.as_str();
                let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
                format!("{scheme}://{host}")
            }
            _ => String::new(),
        };
        shown.push_str(&Self::shown_path(uri, extensions));
        shown
    }

    /// Path and query of the URI as they can be shown.
    #[must_use]
    pub fn shown_path(uri: &Uri, extensions: &Extensions) -> String {
        let marks = extensions.get::<Self>();
        let path = marks.and_then(|marks| marks.path.as_deref()).unwrap_or(uri.path());
        let mut shown = path.to_owned();
        for (index, pair) in uri.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
            shown.push(if index == 0 { '?' } else { '&' });
            let key = key_of(pair);
            if marks.is_some_and(|marks| marks.keys.iter().any(|hidden| hidden == key)) {
                shown.push_str(&format!("{key}={REDACTED}"));
            } else {
                shown.push_str(pair);
            }
        }
        shown
    }

    fn of(extensions: &mut Extensions) -> &mut Self {
        extensions.get_or_insert_default()
    }

    pub(crate) fn add_query(&mut self, piece: &str) {
        let keys = piece.trim_start_matches(['?', '&']).split('&').map(key_of);
        self.keys.extend(keys.filter(|key| !key.is_empty()).map(str::to_owned));
    }

    /// Says how path and query of a template are to be shown. The keys of its query are all taken as secret.
    pub(crate) fn set_path(&mut self, path_and_query: &str) {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        self.path = Some(path.to_owned());
        self.add_query(query);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.path.is_none()
    }
}

fn key_of(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_not_shown() {
        let mut extensions = Extensions::new();
        let uri = Uri::from_static("https://me:pass@example.com/a/7?b=1&key=hidden&c%5Bd%5D=hidden&e");
        SensitiveUri::mark_query(&mut extensions, "&key=hidden");
        SensitiveUri::mark_query(&mut extensions, "c%5Bd%5D=hidden");
        assert_eq!(
            SensitiveUri::shown(&uri, &extensions),
            "https://example.com/a/7?b=1&key=[redacted]&c%5Bd%5D=[redacted]&e"
        );
        SensitiveUri::of(&mut extensions).set_path("/a/[redacted]");
        assert_eq!(
            SensitiveUri::shown_path(&uri, &extensions),
            "/a/[redacted]?b=1&key=[redacted]&c%5Bd%5D=[redacted]&e"
        );
    }
}
