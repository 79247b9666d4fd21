//! Servers: which one a call goes to, and which settings are refused.

use clientsmith_runtime::auth::{Bearer, Credential};
use clientsmith_runtime::operation::{Api, Server, ServerVariable};
use clientsmith_runtime::{BuildError, Core, ErrorKind, Settings};

use crate::support::api::{API, ELSEWHERE, INSECURE, TOKEN, UPLOAD, filled};
use crate::support::{FakeTransport, Reply, send};

/// The indexes of the variables of [`API`].
const REGION: usize = 0;
const HOST: usize = 1;
const BASE: usize = 2;

fn built(set: impl FnOnce(&mut Settings)) -> Result<Core, BuildError> {
    let mut settings = Settings::new(&API);
    settings.transport(FakeTransport::new([]));
    set(&mut settings);
    settings.build()
}

fn endpoint(set: impl FnOnce(&mut Settings)) -> String {
    match built(set) {
        Ok(core) => core.endpoint().to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_first_server_is_the_default_and_others_can_be_chosen() {
    assert_eq!(endpoint(|_| {}), "https://jobs.north-1.example.com/base/");
    assert_eq!(endpoint(|settings| settings.server(0, 2)), "https://a.example.com/v1");
    assert_eq!(endpoint(|settings| settings.variable(REGION, "x-2")), "https://jobs.x-2.example.com/base/");
}

#[test]
fn a_relative_server_needs_what_it_refers_to() {
    let sandbox = |settings: &mut Settings| settings.server(0, 1);
    assert_eq!(
        endpoint(sandbox),
        "the API's server has the relative URL `/sandbox`: call `.base_url(...)` on the builder with the URL that it refers to, \
         or `.endpoint(...)` with the whole URL"
    );
    let resolved = |base: &'static str| {
        endpoint(move |settings| {
            sandbox(settings);
            settings.base_url(base);
        })
    };
    assert_eq!(resolved("https://example.com/docs/openapi.json"), "https://example.com/sandbox");
    assert_eq!(resolved("https://example.com"), "https://example.com/sandbox");
    assert_eq!(
        resolved("example.com"),
        "the endpoint `example.com` cannot be used: it has to begin with https:// or http://"
    );
    // What is absolute is not touched.
    assert_eq!(
        endpoint(|settings| settings.base_url("https://x.example.com")),
        "https://jobs.north-1.example.com/base/"
    );
}

#[test]
fn a_value_of_a_variable_stays_where_it_belongs() {
    let third = |index: usize, value: &'static str| {
        endpoint(move |settings| {
            settings.server(0, 2);
            settings.variable(index, value);
        })
    };
    assert_eq!(third(HOST, "localhost:8080"), "https://localhost:8080/v1");
    assert_eq!(third(BASE, "api/v2"), "https://a.example.com/api/v2");
    assert_eq!(third(BASE, ""), "https://a.example.com/");
    assert_eq!(
        third(HOST, "me@evil.example"),
        "`me@evil.example` is no value for `host`: a host is expected, and a port if need be"
    );
    assert_eq!(third(HOST, ""), "`` is no value for `host`: a host is expected, and a port if need be");
    assert_eq!(
        third(BASE, "v1?x"),
        "`v1?x` is no value for `base`: letters, digits, `-`, `_`, `.`, `~` and `/` are allowed"
    );
    assert_eq!(
        endpoint(|settings| settings.variable(REGION, "evil.example/")),
        "`evil.example/` is no value for `region`: letters, digits, `-`, `_` and `.` are allowed"
    );
    // The same variable of another server has a closed list of values.
    assert_eq!(
        third(REGION, "north"),
        "`north` is no value for `region`: one of `south`, `east` is expected"
    );
}

/// The scheme and the host of a template that begins with neither.
static ODD: Api = Api {
    servers: &[&[
        Server {
            url: "//{host}/v1",
            variables: &[ServerVariable { name: "host", default: "a.example.com", values: &[] }],
        },
        Server {
            url: "{scheme}://b.example.com/v1",
            variables: &[ServerVariable { name: "scheme", default: "https", values: &[] }],
        },
    ]],
    variables: &["host", "scheme"],
    package: "odd",
    version: "1",
    values: &[],
    schemes: &[],
    error_rules: &[],
};

#[test]
fn no_variable_leads_to_another_host() {
    let endpoint = |server: usize, index: usize, value: &str| {
        let mut settings = Settings::new(&ODD);
        settings.transport(FakeTransport::new([]));
        settings.base_url("https://example.com");
        settings.server(0, server);
        settings.variable(index, value);
        settings.build().map_or_else(|error| error.to_string(), |core| core.endpoint().to_string())
    };
    assert_eq!(endpoint(0, 0, "b.example.com:8080"), "https://b.example.com:8080/v1");
    assert_eq!(
        endpoint(0, 0, "evil.example/x"),
        "`evil.example/x` is no value for `host`: a host is expected, and a port if need be"
    );
    assert_eq!(endpoint(1, 1, "http"), "http://b.example.com/v1");
    assert_eq!(
        endpoint(1, 1, "https://evil.example/"),
        "`https://evil.example/` is no value for `scheme`: a scheme is expected, `https` or `http`"
    );
}

#[test]
fn an_endpoint_with_a_fragment_is_refused() {
    assert_eq!(
        endpoint(|settings| settings.endpoint("https://example.com/v1#x")),
        "the endpoint `https://example.com/v1#x` cannot be used: it must not contain a fragment"
    );
}

#[tokio::test]
async fn an_operation_may_have_a_server_of_its_own_and_the_endpoint_stands_for_all_of_them() {
    for (given, host) in
        [(None, "uploads.example.com"), (Some("https://test.example.com"), "test.example.com")]
    {
        let transport = FakeTransport::new([Reply::answer(200, "{}")]);
        let core = built(|settings| {
            settings.transport(transport.clone());
            settings.credential(Credential::new(TOKEN, Bearer::new("t0ken")));
            given.into_iter().for_each(|url| settings.endpoint(url));
        });
        send(filled(&core.unwrap(), &ELSEWHERE)).await.unwrap();
        assert_eq!(transport.requests()[0].uri().host(), Some(host));
    }
}

#[tokio::test]
async fn credentials_do_not_go_to_an_operation_with_an_unsafe_server() {
    let core = built(|settings| settings.credential(Credential::new(TOKEN, Bearer::new("t0ken")))).unwrap();
    let error = send(filled(&core, &INSECURE)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        error.to_string(),
        "insecure: credentials are not sent over plain http to `plain.example.com`"
    );
}

#[tokio::test]
async fn paths_are_joined_with_one_slash() {
    let transport = FakeTransport::new([Reply::answer(200, "{}")]);
    let core = built(|settings| settings.transport(transport.clone())).unwrap();
    send(filled(&core, &UPLOAD)).await.unwrap();
    assert_eq!(transport.paths(), ["/base/upload"]);
}
