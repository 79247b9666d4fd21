//! Redirects: where an answer sends a call, and what may go there.

use http::header::LOCATION;
use http::uri::Scheme;
use http::{HeaderMap, Method, StatusCode, Uri};

use super::Call;
use crate::client::is_insecure;
use crate::error::{ErrorKind, Failure};
use crate::operation::StatusRange;
use crate::response::Answer;
use crate::url;

/// Where the redirects of an attempt have led so far.
#[derive(Default)]
pub(super) struct Route {
    targets: Vec<Uri>,
    is_foreign: bool,
}

impl Route {
    /// Where the next request goes, if not where the call itself says.
    pub(super) fn target(&self) -> Option<&Uri> {
        self.targets.last()
    }

    /// Whether it has left the origin of the call. What is secret stays behind, even if it comes back.
    pub(super) fn is_foreign(&self) -> bool {
        self.is_foreign
    }
}

impl Call {
    /// Goes on to where an answer leads; `false` where that is not to be followed. `allowed` is how many redirects are.
    ///
    /// Followed are those of `GET` and `HEAD`, which may go anywhere (RFC 9110 §9.2.1, §15.4), unless the description says itself
    /// what such a status means.
    pub(super) fn follow_redirect(
        &self,
        route: &mut Route,
        status: StatusCode,
        headers: &HeaderMap,
        allowed: u32,
    ) -> Result<bool, Box<Failure>> {
        if !is_redirect(status) || allowed == 0 || !self.may_be_redirected() || self.describes(status) {
            return Ok(false);
        }
        let refuse = |detail: String| {
            let (headers, body) = (headers.clone(), bytes::Bytes::new());
            self.failure(
                ErrorKind::UndocumentedStatus,
                detail,
                &Answer { status, headers, body, attempts: 0 },
            )
        };
        let from = match route.target() {
            Some(target) => target.clone(),
            None => self.request()?.uri().clone(),
        };
        let location =
            headers.get(LOCATION).ok_or_else(|| refuse("a redirect without a `Location`".to_owned()))?;
        let unusable = |reason: &str| refuse(format!("a redirect whose `Location` cannot be used: {reason}"));
        let location = location.to_str().map_err(|_| unusable("it has a character that is not ASCII"))?;
        let target = target(&from, location).map_err(&unusable)?;
        let place = presentable(&target);
        if from.scheme() == Some(&Scheme::HTTPS) && is_insecure(&target) {
            return Err(refuse(format!("a redirect from https to `{place}`, which is not followed")));
        }
        if route.targets.contains(&target) {
            return Err(refuse(format!("redirects that lead in a circle, by way of `{place}`")));
        }
        if u32::try_from(route.targets.len()).is_ok_and(|hops| hops >= allowed) {
            let detail =
                format!("more than {allowed} redirects, the last to `{place}`: raise `Limits::redirects`");
            return Err(refuse(detail));
        }
        route.is_foreign |= !is_same_origin(&from, &target);
        route.targets.push(target);
        Ok(true)
    }

    fn may_be_redirected(&self) -> bool {
        matches!(self.operation.method, Method::GET | Method::HEAD) && self.can_send_again()
    }

    /// Whether the description speaks of this redirect, or of redirects as such; `default` is for what nobody has thought of.
    fn describes(&self, status: StatusCode) -> bool {
        let speaks =
            |range: &StatusRange| range.first >= 300 && range.last <= 399 && range.contains(status.as_u16());
        self.operation.success.iter().chain(self.operation.failure).any(speaks)
    }

    /// What is to be said of a redirect that was not followed.
    pub(super) fn not_followed(&self, answer: &Answer) -> Option<String> {
        if !is_redirect(answer.status) {
            return None;
        }
        let location = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let target = self.request().ok().and_then(|request| target(request.uri(), location?).ok());
        let place = target.map_or(String::new(), |target| format!(" to `{}`", presentable(&target)));
        let reason = if self.may_be_redirected() {
            "redirects are off (`Limits::redirects`)".to_owned()
        } else {
            format!("redirects of `{}` are not", self.operation.method)
        };
        Some(format!(
            "a redirect{place}, which is not followed: {reason}; if the API has moved there, set its `endpoint`"
        ))
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The URL that a `Location` means (RFC 9110 §10.2.2), or why it cannot be used. The location itself is not told: it may hold a
/// secret.
fn target(from: &Uri, location: &str) -> Result<Uri, &'static str> {
    let location = location.split('#').next().unwrap_or_default();
    let target: Uri = url::resolve(from, location).parse().map_err(|_| "it is no URL")?;
    if !matches!(target.scheme_str(), Some("https" | "http")) {
        return Err("it is neither https nor http");
    }
    let authority = target.authority().map_or("", |authority| authority.as_str());
    if target.host().is_none_or(str::is_empty) || authority.contains('@') {
        return Err("it names no host, or a user");
    }
    Ok(target)
}

/// The origin of a URL, which is all of it that is not secret.
pub(super) fn presentable(url: &Uri) -> String {
    let authority = url.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", url.scheme_str().unwrap_or_default())
}

/// Whether scheme, host and port are the same (RFC 6454 §5).
fn is_same_origin(one: &Uri, other: &Uri) -> bool {
    let port = |url: &Uri| {
        url.port_u16().or(if url.scheme() == Some(&Scheme::HTTPS) { Some(443) } else { Some(80) })
    };
    let host = |url: &Uri| url.host().unwrap_or_default().to_ascii_lowercase();
    one.scheme() == other.scheme() && host(one) == host(other) && port(one) == port(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (one, other, same) in [
            ("https://a.example/x", "https://A.example:443/y?z", true),
            ("http://a.example", "http://a.example:80", true),
            ("https://a.example", "http://a.example", false),
            ("https://a.example", "https://a.example:8443", false),
            ("https://a.example", "https://b.a.example", false),
            ("https://a.example", "https://a.example.", false),
            ("http://127.0.0.1:1", "http://localhost:1", false),
        ] {
            assert_eq!(
                is_same_origin(&Uri::from_static(one), &Uri::from_static(other)),
                same,
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_location_is_a_url_or_relative_to_one() {
        let from = Uri::from_static("https://a.example/b/c?d");
        for (location, url) in [
            ("/x", Ok("https://a.example/x")),
            ("x?y#z", Ok("https://a.example/b/x?y")),
            ("//b.example/x", Ok("https://b.example/x")),
            ("https://b.example:1/x", Ok("https://b.example:1/x")),
            ("../../../x", Ok("https://a.example/x")),
            ("", Ok("https://a.example/b/c")),
            ("ftp://b.example/x", Err("it is neither https nor http")),
            ("javascript:alert(1)", Err("it is neither https nor http")),
            ("https://me@b.example/x", Err("it names no host, or a user")),
            ("https://", Err("it is no URL")),
            ("https://b.example/a b", Err("it is no URL")),
        ] {
            assert_eq!(
                target(&from, location).map(|url| url.to_string()),
                url.map(str::to_owned),
                "{location}"
            );
        }
    }
}
