//! No `Debug` and no message shows a secret.

use clientsmith_runtime::auth::{ApiKey, Basic, Bearer, Credential, KeyLocation, Secret};
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::operation::{
    ErrorRule, Link, LinkArgument, LinkBody, LinkSource, Operation, Parameter, StatusRange,
};
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{RetryPolicy, Settings, Wait};

use crate::support::api::{
    API, CREATE_JOB, DELETE_JOB, GET_JOB, KEY, SECURED, SIGNATURE, TOKEN, UNTIL_DELETED, filled, get_job,
};
use crate::support::{
    FakeTransport, Reply, Server, Step, client, failure, fake_client, json, json_answer, send,
};

const SECRET: &str = "s3cret";

fn settings() -> Settings {
    let mut settings = Settings::new(&API);
    settings.retry(RetryPolicy::off());
    settings.endpoint(format!("https://me:{SECRET}@api.example.com"));
    settings.value(0, SECRET);
    let signature = AkSk::new("AKFAKEEXAMPLE0000009", SECRET).unwrap().security_token(SECRET).unwrap();
    settings.credential(Credential::new(SIGNATURE, signature));
    settings.credential(Credential::new(TOKEN, Bearer::new(SECRET)));
    settings.credential(Credential::new(KEY, ApiKey::new(KeyLocation::Query, "key", SECRET)));
    settings
}

#[test]
fn settings_clients_and_credentials_show_what_is_set_and_no_more() {
    let mut settings = settings();
    let mut shown = format!("{settings:?}");
    settings.endpoint("https://api.example.com");
    shown.push_str(&format!("{:?}", settings.build().unwrap()));
    shown.push_str(&format!("{:?}", Credential::new(TOKEN, Bearer::new(SECRET))));
    shown.push_str(&format!("{:?}{:?}", Basic::new("me", SECRET), Secret::from(SECRET)));
    shown.push_str(&format!("{:?}", ApiKey::new(KeyLocation::Header, "key", SECRET)));
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(shown.contains("project_id") && shown.contains("signature"), "{shown}");
}

#[test]
fn calls_show_secret_parameters_as_redacted() {
    let (core, _) = fake_client([]);
    let mut call = filled(&core, &GET_JOB);
    call.set(get_job::PASSWORD, SECRET);
    call.set(get_job::SHARE_KEY, SECRET);
    call.json(&SECRET);
    let shown = format!("{call:?} {call:#?}");
    assert!(!shown.contains(SECRET) && shown.contains("share_key"), "{shown}");
    let call = filled(&core, &DELETE_JOB);
    let wait = Wait::start(call, &UNTIL_DELETED, json, failure);
    assert!(format!("{wait:?}").contains("deletedVersions"));
}

#[tokio::test]
async fn a_transport_that_shows_headers_shows_no_secret_parameter() {
    let (core, transport) = fake_client([Reply::answer(200, "{}")]);
    let mut call = filled(&core, &GET_JOB);
    call.set(get_job::PASSWORD, SECRET);
    call.set(get_job::TRACE, "shown");
    send(call).await.unwrap();
    let requests = transport.requests();
    assert_eq!(requests[0].headers()["x-password"], SECRET);
    let shown = format!("{:?}", requests[0]);
    assert!(!shown.contains(SECRET) && shown.contains("shown"), "{shown}");
}

/// From a call with a secret parameter, and with what comes back.
static TO_SHARED: Link = Link {
    name: "shared",
    from: &GET_JOB,
    operation: &SHARED,
    arguments: &[
        LinkArgument { parameter: 0, source: LinkSource::Parameter(get_job::SHARE_KEY) },
        LinkArgument {
            parameter: 1,
            source: LinkSource::Joined(&[
                LinkSource::Constant("Key "),
                LinkSource::Parameter(get_job::SHARE_KEY),
            ]),
        },
        LinkArgument { parameter: 2, source: LinkSource::Header("x-token") },
        LinkArgument { parameter: 3, source: LinkSource::Parameter(get_job::JOB_ID) },
    ],
    body: None,
};

static SHARED: Operation = shared(0);

/// On a server that is not safe.
static PLAIN: Operation = shared(2);

const SUCCESS: &[StatusRange] = &[StatusRange::new(200, 299)];
const PARAMETERS: &[Parameter] = &[
    Parameter::query("key"),
    Parameter::header("X-Key"),
    Parameter::cookie("token"),
    Parameter::query("job"),
];

const fn shared(servers: usize) -> Operation {
    Operation {
        id: "shared",
        method: http::Method::GET,
        servers,
        path: "/shared",
        parameters: PARAMETERS,
        security: &[],
        accept: "",
        content_type: "",
        success: SUCCESS,
        failure: &[],
        errors: &ErrorRule::UNSTATED,
        streamed: &[],
        keeps_body: false,
    }
}

static SHARED_AGAIN: Link = Link {
    name: "again",
    from: &SHARED,
    operation: &SHARED,
    arguments: &[LinkArgument { parameter: 3, source: LinkSource::Parameter(0) }],
    body: None,
};

static TO_PLAIN: Link = Link {
    name: "plain",
    from: &GET_JOB,
    operation: &PLAIN,
    arguments: &[LinkArgument { parameter: 0, source: LinkSource::Parameter(get_job::SHARE_KEY) }],
    body: None,
};

static BODY_TO_PLAIN: Link = Link {
    name: "body",
    from: &GET_JOB,
    operation: &PLAIN,
    arguments: &[],
    body: Some(LinkBody {
        media_type: "text/plain",
        is_json: false,
        source: LinkSource::Parameter(get_job::SHARE_KEY),
    }),
};

#[tokio::test]
async fn what_links_take_from_secrets_is_not_shown_either() {
    let token = json_answer("200 OK", &[&format!("X-Token: {SECRET}")], "{}");
    let ok = || vec![Step::Send(json_answer("200 OK", &[], "{}"))];
    let server = Server::start([vec![Step::Send(token)], ok(), ok()]).await;
    let mut call = filled(&client(&server), &GET_JOB);
    call.set(get_job::SHARE_KEY, SECRET);
    let next = send(call).await.unwrap().follow(&TO_SHARED);
    let shown = format!("{next:?}");
    assert!(!shown.contains(SECRET) && shown.contains("\"7\""), "{shown}");
    let response = send(next).await.unwrap();
    let request = server.requests().pop().unwrap();
    assert!(request.starts_with(&format!("GET /shared?key={SECRET}&job=7 HTTP/1.1")), "{request}");
    assert!(request.contains(&format!("x-key: Key {SECRET}\r\n")), "{request}");
    assert!(request.contains(&format!("cookie: token={SECRET}\r\n")), "{request}");
    // A link of a link.
    let again = response.follow(&SHARED_AGAIN);
    assert!(!format!("{again:?}").contains(SECRET), "{again:?}");
}

#[tokio::test]
async fn what_links_take_from_secrets_is_hidden_from_transports_and_not_sent_over_plain_http() {
    let transport = FakeTransport::new([Reply::answer(200, "{}"), Reply::answer(200, "{}")]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    let mut call = filled(&settings.build().unwrap(), &GET_JOB);
    call.set(get_job::SHARE_KEY, SECRET);
    let response = send(call).await.unwrap();
    send(response.follow(&TO_SHARED)).await.unwrap();
    let headers = transport.requests()[1].headers().clone();
    assert!(!format!("{headers:?}").contains(SECRET), "{headers:?}");
    for link in [&TO_PLAIN, &BODY_TO_PLAIN] {
        let error = send(response.follow(link)).await.unwrap_err();
        assert!(error.to_string().contains("secret and is not sent over plain http"), "{error}");
        assert!(!format!("{error:?}").contains(SECRET));
    }
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn errors_of_transports_show_no_request() {
    let mut settings = settings();
    settings.endpoint("https://api.example.com");
    settings.transport(FakeTransport::new([Reply::Fails(TransportErrorKind::Broken)]));
    let error = send(filled(&settings.build().unwrap(), &SECURED)).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
}

#[tokio::test]
async fn errors_of_the_default_transport_show_no_address_with_a_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut settings = settings();
    settings.endpoint(format!("http://{address}"));
    let error = send(filled(&settings.build().unwrap(), &SECURED)).await.unwrap_err();
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    assert!(cause.is_some());
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    assert!(!shown.contains(SECRET), "{shown}");
}

#[tokio::test]
async fn answers_show_neither_headers_nor_bodies() {
    let body = format!(r#"{{"token": "{SECRET}"}}"#);
    let (core, _) = fake_client([Reply::answer(200, &body)]);
    // The body of this one is kept for its links.
    let call = filled(&core, &CREATE_JOB);
    let response = call
        .send(
            |answer| {
                assert!(!format!("{answer:?}").contains(SECRET));
                answer.json::<std::collections::BTreeMap<String, Secret>>()
            },
            failure,
        )
        .await
        .unwrap();
    assert_eq!(response["token"].expose(), SECRET);
    assert!(!format!("{response:?}").contains(SECRET), "{response:?}");
}
