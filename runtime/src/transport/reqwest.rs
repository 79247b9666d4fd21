//! The default transport: reqwest with rustls.

use std::borrow::Cow;
use std::error::Error as _;
use std::future::Future as _;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use reqwest::Url;

use super::bodies::OutgoingBody;
use super::{Body, BoxFuture, Clock as _, TokioClock, Transport, TransportError, TransportErrorKind};
use crate::auth::Secret;
use crate::body::RequestBody;
use crate::client::{DEFAULT_CONNECT_TIMEOUT, is_loopback};

/// How large the head of an answer may be with HTTP/2, in bytes.
const HTTP2_HEAD_LIMIT: u32 = 64 * 1024;

/// Sends requests with reqwest. Has to be used inside a Tokio runtime.
///
/// Servers on this machine are reached without a proxy, for requests to them must not leave it in plain text.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    options: Options,
    remote: reqwest::Client,
    /// Built when it is needed first.
    local: Arc<OnceLock<reqwest::Client>>,
    origin: Arc<OnceLock<Origin>>,
    clock: TokioClock,
}

/// Scheme, host and port of URLs, and what sends requests there.
#[derive(Clone, Debug)]
struct Origin {
    scheme: Scheme,
    authority: Authority,
    /// Without a path and a query. Parsing a URL again and again would cost more than anything else that is done here.
    root: Url,
    client: reqwest::Client,
}

impl Origin {
    fn new(uri: &http::Uri, client: &reqwest::Client) -> Result<Self, TransportError> {
        let (Some(scheme), Some(authority)) = (uri.scheme().cloned(), uri.authority().cloned()) else {
            return Err(TransportError::new(TransportErrorKind::Request, "the URL is relative", None));
        };
        let root = Url::parse(&format!("{scheme}://{authority}")).map_err(|error| {
            TransportError::new(TransportErrorKind::Request, error.to_string(), Some(Box::new(error)))
        })?;
        Ok(Self { scheme, authority, root, client: client.clone() })
    }

    fn is_of(&self, uri: &http::Uri) -> bool {
        uri.scheme() == Some(&self.scheme) && uri.authority() == Some(&self.authority)
    }

    /// The URL that a URI of this origin is.
    fn url(&self, uri: &http::Uri) -> Url {
        let mut url = self.root.clone();
        url.set_path(uri.path());
        url.set_query(uri.query());
        url
    }
}

/// The settings of a [`ReqwestTransport`].
#[derive(Clone, Debug)]
#[must_use = "a transport is made by `build`"]
pub struct ReqwestTransportBuilder {
    options: Options,
    uses_proxy: bool,
}

#[derive(Clone, Debug)]
struct Options {
    connect_timeout: Duration,
    identity: Option<Secret>,
    roots: Vec<String>,
    trusts_system: bool,
    proxy: Option<Secret>,
}

impl ReqwestTransport {
    /// Starts to set up a transport.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder {
            options: Options {
                connect_timeout: DEFAULT_CONNECT_TIMEOUT,
                identity: None,
                roots: Vec::new(),
                trusts_system: true,
                proxy: None,
            },
            uses_proxy: true,
        }
    }

    /// A transport that gives up connecting after `connect_timeout`. It uses the proxy that the system is set to.
    ///
    /// # Errors
    ///
    /// When the TLS library cannot be set up.
    pub fn new(connect_timeout: Duration) -> Result<Self, TransportError> {
        Self::builder().connect_timeout(connect_timeout).build()
    }

    /// A transport that uses no proxy.
    ///
    /// # Errors
    ///
    /// When the TLS library cannot be set up.
    pub fn direct(connect_timeout: Duration) -> Result<Self, TransportError> {
        Self::builder().connect_timeout(connect_timeout).no_proxy().build()
    }

    /// Where a request goes. That of the first request is kept, as nearly all others go there too.
    fn origin(&self, uri: &http::Uri) -> Result<Cow<'_, Origin>, TransportError> {
        if let Some(origin) = self.origin.get().filter(|origin| origin.is_of(uri)) {
            return Ok(Cow::Borrowed(origin));
        }
        let origin = Origin::new(uri, self.client(uri)?)?;
        // Another request may have been the first meanwhile.
        let _ = self.origin.set(origin.clone());
        Ok(Cow::Owned(origin))
    }

    fn client(&self, uri: &http::Uri) -> Result<&reqwest::Client, TransportError> {
        if !is_loopback(uri.host().unwrap_or_default()) {
            return Ok(&self.remote);
        }
        match self.local.get() {
            Some(client) => Ok(client),
            None => {
                let client = self.options.client(false)?;
                Ok(self.local.get_or_init(|| client))
            }
        }
    }
}

impl ReqwestTransportBuilder {
    /// Sets how long connecting may take. Default: [`DEFAULT_CONNECT_TIMEOUT`].
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.options.connect_timeout = timeout;
        self
    }

    /// Sets the certificate chain and the private key, as PEM, that the client shows in the TLS handshake (mutual TLS).
    pub fn identity(mut self, pem: impl Into<Secret>) -> Self {
        self.options.identity = Some(pem.into());
        self
    }

    /// Adds certificates, as PEM, of authorities that servers' certificates may come from, besides those of the system.
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        self.options.roots.push(pem.into());
        self
    }

    /// Trusts the certificates that are given with [`root_certificate`](Self::root_certificate), and not those of the system.
    pub fn only_given_roots(mut self) -> Self {
        self.options.trusts_system = false;
        self
    }

    /// Sends what goes to other machines by way of the proxy with this URL, which may hold a user name and password, instead of
    /// the one that the system is set to.
    ///
    /// Without it, that is what `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` say, in capitals or not, but for the hosts of
    /// `NO_PROXY`; on macOS and Windows the system's settings count as well.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.options.proxy = Some(url.into());
        self
    }

    /// Uses no proxy, whatever the system is set to.
    pub fn no_proxy(mut self) -> Self {
        self.uses_proxy = false;
        self
    }

    /// Sets the transport up.
    ///
    /// # Errors
    ///
    /// When a certificate or the private key cannot be used, and when the TLS library cannot be set up.
    pub fn build(self) -> Result<ReqwestTransport, TransportError> {
        let Self { options, uses_proxy } = self;
        let remote = options.client(uses_proxy)?;
        Ok(ReqwestTransport {
            options,
            remote,
            local: Arc::default(),
            origin: Arc::default(),
            clock: TokioClock::new(),
        })
    }
}

impl Options {
    fn client(&self, uses_proxy: bool) -> Result<reqwest::Client, TransportError> {
        // The features of reqwest are those of all crates around: whatever they switch on is not done in silence. A head of an
        // answer that is larger than 400 KiB or has more than 100 headers is refused with HTTP/1.1, where this limit is no setting,
        // for that would cost each answer an allocation.
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .http2_max_header_list_size(HTTP2_HEAD_LIMIT)
            .no_brotli()
            .no_deflate()
            .no_zstd();
        builder = with_gzip(builder);
        // What the library says of a broken key or URL is not passed on: it may show a part of it.
        let unusable = |what: &str| TransportError::new(TransportErrorKind::Request, what, None);
        match &self.proxy {
            _ if !uses_proxy => builder = builder.no_proxy(),
            Some(url) => {
                let proxy = reqwest::Proxy::all(url.expose()).map_err(|_| {
                    unusable("the URL of the proxy cannot be used: `http://host:port` is expected")
                })?;
                builder = builder.proxy(proxy);
            }
            None => {}
        }
        if let Some(identity) = &self.identity {
            let identity = reqwest::Identity::from_pem(identity.expose().as_bytes())
                .map_err(|_| unusable("the identity is not a certificate chain and a private key in PEM"))?;
            builder = builder.identity(identity);
        }
        let mut given = Vec::new();
        for root in &self.roots {
            let roots = reqwest::Certificate::from_pem_bundle(root.as_bytes())
                .map_err(|_| unusable("a root certificate is not in PEM"))?;
            if roots.is_empty() {
                return Err(unusable("a root certificate is not in PEM"));
            }
            given.extend(roots);
        }
        if !self.trusts_system {
            builder = builder.tls_certs_only(given);
        } else if !given.is_empty() {
            builder = builder.tls_certs_merge(given);
        }
        builder.build().map_err(|error| convert(error, TransportErrorKind::Request))
    }
}

#[cfg(feature = "gzip")]
fn with_gzip(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.gzip(true)
}

#[cfg(not(feature = "gzip"))]
fn with_gzip(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.no_gzip()
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let prepared = self.origin(request.uri()).map(|origin| {
            let url = origin.url(request.uri());
            // What comes of it needs less room than the request.
            origin.client.execute(converted(request, url))
        });
        Box::pin(async move {
            let mut response = prepared?.await.map_err(|error| {
                let kind = match (error.is_connect(), error.is_timeout(), error.is_builder()) {
                    (true, true, _) => TransportErrorKind::ConnectTimeout,
                    (true, false, _) => TransportErrorKind::Connect,
                    (false, _, true) => TransportErrorKind::Request,
                    (false, _, false) => TransportErrorKind::Broken,
                };
                convert(error, kind)
            })?;
            let mut head = http::Response::new(());
            *head.status_mut() = response.status();
            *head.version_mut() = response.version();
            *head.headers_mut() = std::mem::take(response.headers_mut());
            Ok(head.map(|()| Body::of_reqwest(Pieces(response))))
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }
}

/// A request as reqwest takes it.
fn converted(request: http::Request<RequestBody>, url: Url) -> reqwest::Request {
    let (head, body) = request.into_parts();
    let mut converted = reqwest::Request::new(head.method, url);
    *converted.version_mut() = head.version;
    *converted.headers_mut() = head.headers;
    *converted.body_mut() = Some(outgoing(body));
    converted
}

/// A body as reqwest takes it: bytes as they are, everything else piece by piece.
fn outgoing(body: RequestBody) -> reqwest::Body {
    match body.as_bytes() {
        Some(bytes) if !body.has_progress() => bytes.clone().into(),
        _ => reqwest::Body::wrap(OutgoingBody::new(body)),
    }
}

/// The data of an answer's body; trailers are passed over.
pub(super) struct Pieces(reqwest::Response);

impl Pieces {
    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        // It holds nothing between two polls, so that it can be made anew for each of them, and the body needs no box.
        let piece = pin!(self.0.chunk()).poll(context);
        piece.map(|piece| piece.map_err(|error| convert(error, TransportErrorKind::Broken)).transpose())
    }
}

/// The innermost cause says what happened; the layers above repeat the address, which is left out for its query.
fn convert(error: reqwest::Error, kind: TransportErrorKind) -> TransportError {
    let error = error.without_url();
    let mut innermost = error.source();
    while let Some(next) = innermost.and_then(std::error::Error::source) {
        innermost = Some(next);
    }
    let message = match innermost {
        Some(cause) => cause.to_string(),
        None => error.to_string(),
    };
    TransportError::new(kind, message, Some(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_request_is_what_parsing_it_as_a_whole_gives() {
        for uri in [
            "https://api.example.com",
            "https://api.example.com/?",
            "https://API.example.com:443/a/b?c=d&e=%20f",
            "http://127.0.0.1:8080//a/../b/./%2e%2e/c;d=1?x=/y?z",
            "http://[::1]/a%2Fb/'!(x)?'!&&",
            "https://me@xn--bcher-kva.example/a:b@c?[]",
        ] {
            let whole = Url::parse(uri).unwrap();
            let uri: http::Uri = uri.parse().unwrap();
            let origin = Origin::new(&uri, &reqwest::Client::new()).unwrap();
            assert!(origin.is_of(&uri));
            assert_eq!(origin.url(&uri), whole);
        }
    }

    #[test]
    fn another_scheme_host_or_port_is_another_origin() {
        let uri = http::Uri::from_static;
        let origin = Origin::new(&uri("https://a.example/x"), &reqwest::Client::new()).unwrap();
        assert!(origin.is_of(&uri("https://A.example/y?z")));
        for other in ["http://a.example/x", "https://b.example/x", "https://a.example:8443/x", "/x"] {
            assert!(!origin.is_of(&uri(other)), "{other}");
        }
        assert!(Origin::new(&uri("/x"), &reqwest::Client::new()).is_err());
    }
}
