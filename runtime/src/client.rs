//! The part of a generated client that is the same for every API: where the server is, who calls, and how long it may take.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use http::uri::Scheme;
use http::{HeaderValue, Uri};

use crate::auth::{Authenticate, Context, Credential, Secret, SharedClockOffset};
use crate::call::Supplied;
use crate::error::BuildError;
use crate::hook::Hook;
use crate::limits::Limits;
use crate::operation::{Api, Server, ServerVariable};
use crate::parameter::ParameterValue;
use crate::retry::{Budget, RetryPolicy};
use crate::transport::Transport;
use crate::url;

/// How long connecting may take when nothing else is said.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a whole call may take when nothing else is said.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// The settings of a generated client before it is built.
#[derive(Clone)]
pub struct Settings {
    api: &'static Api,
    endpoint: Option<String>,
    base_url: Option<String>,
    /// The index of the server that was chosen, for each list of servers.
    servers: Vec<usize>,
    variables: Vec<Option<String>>,
    values: Vec<Option<String>>,
    credentials: Vec<Option<Arc<dyn Authenticate>>>,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    limits: Limits,
    certificates: Certificates,
    hooks: Vec<Arc<dyn Hook>>,
    transport: Option<Arc<dyn Transport>>,
}

/// What the transport shows and accepts in the TLS handshake.
#[derive(Clone, Default)]
struct Certificates {
    identity: Option<Secret>,
    roots: Vec<String>,
}

/// Shows which values and credentials are set, and none of them.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("api", &self.api.package)
            .field("endpoint", &self.endpoint.as_deref().map(presentable))
            .field("variables", &self.variables)
            .field("values", &names_of_values(self.api, &self.values))
            .field("credentials", &names_of_schemes(self.api, &self.credentials))
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Settings with the defaults of the description.
    #[must_use]
    pub fn new(api: &'static Api) -> Self {
        Self {
            api,
            endpoint: None,
            base_url: None,
            servers: vec![0; api.servers.len()],
            variables: vec![None; api.variables.len()],
            values: vec![None; api.values.len()],
            credentials: vec![None; api.schemes.len()],
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            retry: RetryPolicy::standard(),
            limits: Limits::new(),
            certificates: Certificates::default(),
            hooks: Vec::new(),
            transport: None,
        }
    }

    /// Sets the URL that paths are added to, instead of all servers of the description, those of operations too.
    pub fn endpoint(&mut self, url: impl Into<String>) {
        self.endpoint = Some(url.into());
    }

    /// Sets what relative URLs of servers refer to (RFC 3986 §5).
    pub fn base_url(&mut self, url: impl Into<String>) {
        self.base_url = Some(url.into());
    }

    /// Chooses the server with index `chosen` from the list of servers with index `list`.
    pub fn server(&mut self, list: usize, chosen: usize) {
        if let Some(slot) = self.servers.get_mut(list) {
            *slot = chosen;
        }
    }

    /// Sets the certificate chain and the private key, as PEM, that the client shows in the TLS handshake (mutual TLS).
    pub fn identity(&mut self, pem: impl Into<Secret>) {
        self.certificates.identity = Some(pem.into());
    }

    /// Adds certificates, as PEM, of authorities that servers' certificates may come from, besides those of the system.
    pub fn root_certificate(&mut self, pem: impl Into<String>) {
        self.certificates.roots.push(pem.into());
    }

    /// Sets the variable of servers' URLs with that index.
    pub fn variable(&mut self, index: usize, value: impl Into<String>) {
        if let Some(slot) = self.variables.get_mut(index) {
            *slot = Some(value.into());
        }
    }

    /// Sets the value of the client with that index.
    pub fn value(&mut self, index: usize, value: impl Into<String>) {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = Some(value.into());
        }
    }

    /// Sets the credentials of one security scheme.
    pub fn credential(&mut self, credential: Credential) {
        if let Some(slot) = self.credentials.get_mut(credential.scheme()) {
            *slot = Some(credential.into_authenticate());
        }
    }

    /// Sets how long a whole call may take, from sending to the last byte of the answer, its retries and their pauses included.
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Sets how long connecting may take. Has no effect on a transport of the caller's.
    pub fn connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    /// Sets how often calls are made again that failed for a passing reason. Default: [`RetryPolicy::standard`].
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.retry = policy;
    }

    /// Sets what calls bear before they are given up: the time of an attempt, silence, the size of answers, redirects.
    pub fn limits(&mut self, limits: Limits) {
        self.limits = limits.or(self.limits);
    }

    /// Adds what sees each request before it is authenticated, and what came of it.
    pub fn hook(&mut self, hook: impl Hook + 'static) {
        self.hooks.push(Arc::new(hook));
    }

    /// Sets what sends the requests.
    pub fn transport(&mut self, transport: Arc<dyn Transport>) {
        self.transport = Some(transport);
    }

    /// Checks the settings and makes a client of them.
    ///
    /// # Errors
    ///
    /// When a value is missing or cannot be used, and when credentials would go over plain http to another machine.
    pub fn build(self) -> Result<Core, BuildError> {
        let bases = self.bases()?;
        let base = bases.first().ok_or(BuildError::MissingEndpoint)?;
        let host = base.host().unwrap_or_default().to_owned();
        let has_credentials = self.credentials.iter().any(Option::is_some);
        if has_credentials && is_insecure(base) {
            return Err(BuildError::InsecureEndpoint { host });
        }
        let supplied = Supplied::of(self.api.values, &self.values, &self.credentials);
        for (index, (value, given)) in self.api.values.iter().zip(&self.values).enumerate() {
            let is_supplied = matches!(supplied.get(index), Some(Some(_)));
            if value.required && given.is_none() && !is_supplied {
                return Err(BuildError::MissingValue { name: value.name });
            }
        }
        let transport = match self.transport {
            Some(_) if self.certificates.are_given() => return Err(BuildError::ForeignTransport),
            Some(transport) => transport,
            None => default_transport(self.connect_timeout, self.certificates)?,
        };
        Ok(Core(Arc::new(Inner {
            api: self.api,
            has_insecure_base: bases.iter().any(is_insecure),
            bases,
            user_agent: HeaderValue::try_from(format!("{}/{}", self.api.package, self.api.version)).ok(),
            values: self.values.into_iter().map(|value| value.map(ParameterValue::from)).collect(),
            supplied,
            credentials: self.credentials,
            timeout: self.timeout,
            budget: Budget::new(self.retry.capacity()),
            retry: self.retry,
            limits: self.limits,
            clock_offset: SharedClockOffset::default(),
            hooks: self.hooks,
            transport,
        })))
    }

    /// The URL of the chosen server of each list; the endpoint stands for all of them.
    fn bases(&self) -> Result<Vec<Uri>, BuildError> {
        if let Some(endpoint) = &self.endpoint {
            return Ok(vec![usable(endpoint)?; self.api.servers.len().max(1)]);
        }
        let base_url = self.base_url.as_deref().map(usable).transpose()?;
        let chosen = self.api.servers.iter().zip(&self.servers).map(|(servers, chosen)| {
            let server = servers.get(*chosen).ok_or(BuildError::MissingEndpoint)?;
            let url = self.fill(server)?;
            match &base_url {
                _ if url::is_absolute(&url) => usable(&url),
                Some(base) => usable(&url::resolve(base, &url)),
                None => Err(BuildError::RelativeServer { url }),
            }
        });
        chosen.collect()
    }

    fn fill(&self, server: &Server) -> Result<String, BuildError> {
        let mut url = server.url.to_owned();
        for variable in server.variables {
            let index = self.api.variables.iter().position(|name| *name == variable.name);
            let given = index.and_then(|index| self.variables.get(index)).and_then(Option::as_deref);
            let value = given.unwrap_or(variable.default);
            // A default is the description's own, but one that is empty may stand for something that has to be given.
            if given.is_some() || (value.is_empty() && variable.values.is_empty()) {
                check(variable, value, server.url)?;
            }
            url = url.replace(&format!("{{{}}}", variable.name), value);
        }
        Ok(url)
    }
}

impl Certificates {
    fn are_given(&self) -> bool {
        self.identity.is_some() || !self.roots.is_empty()
    }
}

/// Whether a value can stand for a variable of a template: one of those that the description names, or else one that stays
/// where the variable is, and does not lead to another host.
fn check(variable: &ServerVariable, value: &str, template: &str) -> Result<(), BuildError> {
    let invalid = |expected: String| {
        let (name, value) = (variable.name, value.to_owned());
        Err(BuildError::InvalidVariable { name, value, expected })
    };
    if !variable.values.is_empty() {
        if variable.values.contains(&value) {
            return Ok(());
        }
        return invalid(format!("one of `{}` is expected", variable.values.join("`, `")));
    }
    let placeholder = format!("{{{}}}", variable.name);
    let before = template.split(&placeholder).next().unwrap_or_default();
    let after = template.get(before.len() + placeholder.len()..).unwrap_or_default();
    // RFC 3986 §3, §4.2: the host follows two slashes, with or without a scheme before them.
    let of_authority = match before.split_once("://") {
        Some((_, rest)) => Some(rest),
        None => before.strip_prefix("//"),
    };
    let is_in_path = of_authority.unwrap_or(before).contains('/');
    let is_authority = of_authority == Some("") && (after.is_empty() || after.starts_with('/'));
    let is_scheme = before.is_empty() && after.starts_with("://");
    let (further, expected) = match (before.is_empty(), is_in_path, is_authority) {
        _ if is_scheme => ("+", "a scheme is expected, `https` or `http`"),
        (true, _, _) => (":/[]~", "a URL without a user name and a query is expected"),
        (_, true, _) => ("/~", "letters, digits, `-`, `_`, `.`, `~` and `/` are allowed"),
        (_, _, true) => (":[]", "a host is expected, and a port if need be"),
        _ => ("", "letters, digits, `-`, `_` and `.` are allowed"),
    };
    let is_allowed =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') || further.contains(c);
    // Nothing can be left out of a host.
    if value.chars().all(is_allowed) && (!value.is_empty() || is_in_path) {
        return Ok(());
    }
    invalid(expected.to_owned())
}

/// A URL to which a path can be added.
fn usable(url: &str) -> Result<Uri, BuildError> {
    let invalid =
        |reason: &str| BuildError::InvalidEndpoint { endpoint: presentable(url), reason: reason.to_owned() };
    let base: Uri = url.parse().map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))?;
    match base.scheme_str() {
        Some("http" | "https") => {}
        Some(_) => return Err(invalid("the scheme has to be https, or http")),
        None => return Err(invalid("it has to begin with https:// or http://")),
    }
    if base.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(invalid("it must not contain a user name"));
    }
    if base.host().is_none_or(str::is_empty) {
        return Err(invalid("it names no host"));
    }
    if base.query().is_some() {
        return Err(invalid("it must not contain a query"));
    }
    // What parses a URL leaves it out.
    if url.contains('#') {
        return Err(invalid("it must not contain a fragment"));
    }
    Ok(base)
}

/// An endpoint for a message: a user name, a password and a query are left out.
fn presentable(url: &str) -> String {
    let (url, query) = match url.split_once('?') {
        Some((url, _)) => (url, "?…"),
        None => (url, ""),
    };
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}{query}"),
        (None, Some((_, rest))) => format!("…@{rest}{query}"),
        _ => format!("{url}{query}"),
    }
}

fn names_of_values<T>(api: &Api, values: &[Option<T>]) -> Vec<&'static str> {
    let set = api.values.iter().zip(values).filter(|(_, given)| given.is_some());
    set.map(|(value, _)| value.name).collect()
}

fn names_of_schemes(api: &Api, credentials: &[Option<Arc<dyn Authenticate>>]) -> Vec<&'static str> {
    let set = api.schemes.iter().zip(credentials).filter(|(_, given)| given.is_some());
    set.map(|(scheme, _)| *scheme).collect()
}

/// Whether what is sent there can be read on its way to another machine.
pub(crate) fn is_insecure(url: &Uri) -> bool {
    url.scheme() != Some(&Scheme::HTTPS) && !is_loopback(url.host().unwrap_or_default())
}

/// Whether the host of a URL is this machine by the way it is written; nothing is looked up.
pub(crate) fn is_loopback(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || literal.is_some_and(|host| host.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback()))
}

#[cfg(feature = "reqwest")]
fn default_transport(
    connect_timeout: Duration,
    certificates: Certificates,
) -> Result<Arc<dyn Transport>, BuildError> {
    let mut transport = crate::transport::ReqwestTransport::builder().connect_timeout(connect_timeout);
    if let Some(identity) = certificates.identity {
        transport = transport.identity(identity);
    }
    for root in certificates.roots {
        transport = transport.root_certificate(root);
    }
    Ok(Arc::new(transport.build()?))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_: Duration, _: Certificates) -> Result<Arc<dyn Transport>, BuildError> {
    Err(BuildError::MissingTransport)
}

/// What all calls of a client share. Cloning it is cheap.
#[derive(Clone)]
pub struct Core(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) api: &'static Api,
    /// For each list of servers the URL that paths are added to; never empty.
    pub(crate) bases: Vec<Uri>,
    /// Whether one of them is such that what is sent there can be read on its way.
    pub(crate) has_insecure_base: bool,
    /// What all requests tell of the client.
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) values: Vec<Option<ParameterValue>>,
    /// For each of them that is not given what finds it out; empty where all are given, or nothing can.
    pub(crate) supplied: Vec<Option<Supplied>>,
    pub(crate) credentials: Vec<Option<Arc<dyn Authenticate>>>,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limits: Limits,
    pub(crate) budget: Budget,
    /// By how much the server's clock is ahead of the transport's, as far as that is known.
    pub(crate) clock_offset: SharedClockOffset,
    pub(crate) hooks: Vec<Arc<dyn Hook>>,
    pub(crate) transport: Arc<dyn Transport>,
}

impl Core {
    /// The URL that paths are added to, where an operation has no server of its own.
    #[must_use]
    pub fn endpoint(&self) -> &Uri {
        self.0.base(0)
    }

    /// What credentials are fetched with.
    pub(crate) fn context(&self) -> Context<'_> {
        Context::new(self.endpoint(), &self.0.transport).by_clock(self.0.clock_offset.get())
    }
}

impl Inner {
    /// The value of the client with that index: given, or found out by its credentials.
    pub(crate) fn value(&self, index: usize) -> Option<&ParameterValue> {
        let given = self.values.get(index)?.as_ref();
        given.or_else(|| self.supplied.get(index)?.as_ref()?.get())
    }

    /// The URL of the list of servers with that index.
    pub(crate) fn base(&self, servers: usize) -> &Uri {
        static NOWHERE: std::sync::LazyLock<Uri> = std::sync::LazyLock::new(Uri::default);
        self.bases.get(servers).or(self.bases.first()).unwrap_or(&NOWHERE)
    }
}

/// Shows which values and credentials are set, and none of them.
impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.0.api.package)
            .field("endpoint", self.endpoint())
            .field("values", &names_of_values(self.0.api, &self.0.values))
            .field("credentials", &names_of_schemes(self.0.api, &self.0.credentials))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_this_machine_only() {
        for host in ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "10.0.0.1",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "example.com",
            "[::2]",
            "0.0.0.0",
            "[127.0.0.1]",
            "::1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_password_in_an_endpoint_is_not_shown() {
        for (url, shown) in [
            ("https://me:secret@example.com/x", "https://…@example.com/x"),
            ("me:secret@example.com", "…@example.com"),
            ("https:/me:secret@example.com", "…@example.com"),
            ("https://example.com/x?key=secret", "https://example.com/x?…"),
            ("https://example.com/x", "https://example.com/x"),
        ] {
            assert_eq!(presentable(url), shown);
        }
    }
}
