//! Huawei Cloud: where keys and tokens come from, when they are renewed, and how the project is found.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clientsmith_runtime::auth::{Authenticate, Credential};
use clientsmith_runtime::huawei::{AkSk, CredentialChain, EcsMetadata, IamToken, Profile};
use clientsmith_runtime::transport::{Transport, TransportErrorKind};
use clientsmith_runtime::{Call, Core, ErrorKind, RetryPolicy, Settings};

use crate::support::api::{API, SIGNATURE, SIGNED_JOB};
use crate::support::{FakeTransport, Reply, Server, Step, json_answer, send};

const AK: &str = "AKFAKEEXAMPLE0000009";
const SK: &str = "fake-secret-for-tests-only";

fn client(
    credentials: impl Authenticate + 'static,
    replies: impl IntoIterator<Item = Reply>,
) -> (Core, Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://jobs.cn-north-4.myhuaweicloud.com");
    settings.retry(RetryPolicy::off());
    settings.transport(transport.clone());
    settings.credential(Credential::new(SIGNATURE, credentials));
    (settings.build().unwrap(), transport)
}

fn job(core: &Core) -> Call {
    let mut call = Call::new(core, &SIGNED_JOB);
    call.set(1, "7");
    call
}

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

fn project(id: &str) -> Reply {
    Reply::answer(200, &format!(r#"{{"projects": [{{"id": "{id}", "name": "cn-north-4"}}]}}"#))
}

/// Keys of the metadata service. The clock of the tests begins at 2024-01-01T00:00:00Z.
fn keys(number: u32, expires_at: &str) -> Reply {
    Reply::answer(
        200,
        &format!(
            r#"{{"credential": {{"access": "AKTEMPORARY{number}", "secret": "sk-{number}", "securitytoken": "st-{number}", "expires_at": "{expires_at}"}}}}"#
        ),
    )
}

/// A chain without anything in the environment and without a profile.
fn nothing() -> CredentialChain {
    CredentialChain::new().variables(|_| None).profile(Profile::new().file("/nowhere/credentials"))
}

fn with_variables(chain: CredentialChain, set: &'static [(&str, &str)]) -> CredentialChain {
    chain.variables(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

/// What was asked, with the headers that matter.
fn sent(transport: &FakeTransport) -> Vec<String> {
    let requests = transport.requests();
    let shown = requests.iter().map(|request| {
        let mut line = format!("{} {}", request.method(), request.uri());
        for name in ["x-metadata-token", "x-security-token", "x-auth-token", "authorization"] {
            if let Some(value) = request.headers().get(name) {
                let value = value.to_str().unwrap();
                let value = value.split_once("Access=").map_or(value, |(_, rest)| rest);
                line.push_str(&format!(" {}", value.split(',').next().unwrap()));
            }
        }
        line
    });
    shown.collect()
}

fn file(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("clientsmith-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

const METADATA: &str = "http://169.254.169.254";
const API_URL: &str = "https://jobs.cn-north-4.myhuaweicloud.com/v1";
const PROJECTS: &str = "https://iam.cn-north-4.myhuaweicloud.com/v3/projects?name=cn-north-4";

#[tokio::test]
async fn the_environment_comes_first_and_says_the_project() {
    let profile = file("first", "[basic]\nak = AKOFTHEPROFILE\nsk = x\nproject_id = other\n");
    let chain = with_variables(
        nothing().profile(Profile::new().file(profile)),
        &[("HUAWEICLOUD_SDK_AK", AK), ("HUAWEICLOUD_SDK_SK", SK), ("HUAWEICLOUD_SDK_PROJECT_ID", "p-1")],
    );
    let (core, transport) = client(chain, [ok()]);
    send(job(&core)).await.unwrap();
    assert_eq!(sent(&transport), [format!("GET {API_URL}/p-1/jobs/7 {AK}")]);
}

#[tokio::test]
async fn then_comes_the_profile_and_the_project_is_looked_up_once() {
    let profile = file("then", &format!("[basic]\nak = {AK}\nsk = {SK}\nsecurity_token = st\n"));
    let (core, transport) =
        client(nothing().profile(Profile::new().file(profile)), [project("p-2"), ok(), ok()]);
    send(job(&core)).await.unwrap();
    send(job(&core)).await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            format!("GET {PROJECTS} st {AK}"),
            format!("GET {API_URL}/p-2/jobs/7 st {AK}"),
            format!("GET {API_URL}/p-2/jobs/7 st {AK}"),
        ]
    );
}

#[tokio::test]
async fn the_file_of_the_profile_can_be_named_by_the_environment() {
    let profile = file("named", &format!("[basic]\nak = {AK}\nsk = {SK}\nproject_id = p-3\n"));
    let chain = CredentialChain::new().variables(move |name| {
        (name == "HUAWEICLOUD_SDK_CREDENTIALS_FILE").then(|| profile.to_string_lossy().into_owned())
    });
    let (core, transport) = client(chain, [ok()]);
    send(job(&core)).await.unwrap();
    assert_eq!(sent(&transport), [format!("GET {API_URL}/p-3/jobs/7 {AK}")]);
}

#[tokio::test]
async fn then_comes_the_instance_whose_keys_are_renewed_before_they_expire() {
    let chain = with_variables(nothing(), &[("HUAWEICLOUD_SDK_PROJECT_ID", "p-1")]);
    let (core, transport) = client(
        chain,
        [
            Reply::answer(200, "mt-1"),
            keys(1, "2024-01-01T01:00:00.000000Z"),
            ok(),
            ok(),
            Reply::answer(405, ""),
            keys(2, "2024-01-02T00:00:00.000000Z"),
            ok(),
        ],
    );
    send(job(&core)).await.unwrap();
    transport.sleep(Duration::from_secs(54 * 60)).await;
    send(job(&core)).await.unwrap();
    transport.sleep(Duration::from_secs(60)).await;
    send(job(&core)).await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            format!("PUT {METADATA}/meta-data/latest/api/token"),
            format!("GET {METADATA}/openstack/latest/securitykey mt-1"),
            format!("GET {API_URL}/p-1/jobs/7 st-1 AKTEMPORARY1"),
            format!("GET {API_URL}/p-1/jobs/7 st-1 AKTEMPORARY1"),
            format!("PUT {METADATA}/meta-data/latest/api/token"),
            format!("GET {METADATA}/openstack/latest/securitykey"),
            format!("GET {API_URL}/p-1/jobs/7 st-2 AKTEMPORARY2"),
        ]
    );
    assert_eq!(transport.requests()[0].headers()["x-metadata-token-ttl-seconds"], "21600");
}

#[tokio::test]
async fn keys_of_the_instance_that_are_refused_are_had_anew() {
    let (core, transport) = client(
        EcsMetadata::new(),
        [
            Reply::answer(404, ""),
            keys(1, "2024-01-02T00:00:00Z"),
            project("p-1"),
            Reply::answer(401, "{}"),
            Reply::answer(404, ""),
            keys(2, "2024-01-02T00:00:00Z"),
            ok(),
        ],
    );
    send(job(&core)).await.unwrap();
    assert_eq!(sent(&transport).last().unwrap(), &format!("GET {API_URL}/p-1/jobs/7 st-2 AKTEMPORARY2"));
}

#[tokio::test]
async fn elsewhere_than_on_an_instance_the_search_ends_soon_and_says_what_was_looked_for() {
    for (reply, took) in [(Reply::Hangs, 3), (Reply::Fails(TransportErrorKind::Connect), 0)] {
        let transport = FakeTransport::new([reply]);
        let mut settings = Settings::new(&API);
        settings.endpoint("https://jobs.cn-north-4.myhuaweicloud.com");
        settings.transport(transport.clone());
        settings.credential(Credential::new(SIGNATURE, nothing()));
        // With the usual retries.
        let error = send(job(&settings.build().unwrap())).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, false));
        let reason = if took == 3 { "does not answer within 3s" } else { "cannot be reached: as prepared" };
        assert_eq!(
            error.to_string(),
            format!(
                "signedJob: there are no access keys of Huawei Cloud: HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not set; \
                 there is no file `/nowhere/credentials`; the metadata service of ECS {reason}"
            )
        );
        assert_eq!(transport.elapsed(), Duration::from_secs(took));
    }
}

#[tokio::test]
async fn keys_that_are_there_and_cannot_be_used_end_the_search() {
    let half = with_variables(nothing(), &[("HUAWEICLOUD_SDK_AK", AK)]);
    let damaged = file("damaged", "[basic]\nak = x\nthe-secret-key\n");
    let unusable = [
        (
            half,
            "signedJob: the keys of the environment cannot be used: the environment variable HUAWEICLOUD_SDK_SK is not set",
        ),
        (nothing().profile(Profile::new().file(damaged)), "damaged`, line 3: a section in brackets"),
    ];
    for (chain, message) in unusable {
        let (core, transport) = client(chain, []);
        let error = send(job(&core)).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(!format!("{error:?}").contains("the-secret-key"), "{error:?}");
        assert_eq!(transport.requests().len(), 0);
    }
}

#[tokio::test]
async fn one_project_is_expected() {
    let key = || AkSk::new(AK, SK).unwrap();
    let iam = "signedJob: the identity service (IAM)";
    for (reply, message) in [
        (
            r#"{"projects": []}"#,
            format!(
                "{iam} knows no project of the region `cn-north-4` for these keys: set the project, or another region"
            ),
        ),
        (
            r#"{"projects": [{"id": "1"}, {"id": "2"}]}"#,
            format!("{iam} knows 2 projects of the region `cn-north-4`: set the project"),
        ),
        ("[]", "signedJob: the answer of the identity service (IAM) has no list of projects".to_owned()),
    ] {
        let (core, _) = client(key(), [Reply::answer(200, reply)]);
        assert_eq!(send(job(&core)).await.unwrap_err().to_string(), message);
    }
    let refusal = r#"{"error": {"code": 403, "message": "no right", "title": "Forbidden"}}"#;
    let (core, _) = client(key(), [Reply::answer(403, refusal)]);
    let error = send(job(&core)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{iam} refuses with status 403: Forbidden: no right"));
    let (core, transport) = client(key(), [Reply::answer(503, ""), project("p-1"), ok()]);
    assert!(send(job(&core)).await.unwrap_err().is_retryable());
    send(job(&core)).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn the_project_is_looked_up_by_the_clock_of_the_server_where_ours_is_wrong() {
    let date = vec![("date", "Mon, 01 Jan 2024 00:20:00 GMT".to_owned())];
    let refused = Reply::With(401, date, String::new());
    let (core, transport) = client(AkSk::new(AK, SK).unwrap(), [refused, project("p-1"), ok()]);
    send(job(&core)).await.unwrap();
    let requests = transport.requests();
    let dates: Vec<&str> =
        requests[..2].iter().map(|request| request.headers()["x-sdk-date"].to_str().unwrap()).collect();
    assert_eq!(dates, ["20240101T000000Z", "20240101T002000Z"]);
}

#[tokio::test]
async fn an_endpoint_that_does_not_tell_the_region_needs_it() {
    let chain = with_variables(nothing(), &[("HUAWEICLOUD_SDK_AK", AK), ("HUAWEICLOUD_SDK_SK", SK)]);
    let at = |chain: CredentialChain| {
        let transport = FakeTransport::new([project("p-1"), ok()]);
        let mut settings = Settings::new(&API);
        settings.endpoint("https://api.example.com");
        settings.transport(transport.clone());
        settings.credential(Credential::new(SIGNATURE, chain));
        (settings.build().unwrap(), transport)
    };
    let (core, _) = at(chain.clone());
    assert_eq!(
        send(job(&core)).await.unwrap_err().to_string(),
        "signedJob: the project is not set, and which region it is in cannot be told from `api.example.com`: set the project or the \
         region"
    );
    let (core, transport) = at(chain.region("eu-west-101").iam_endpoint("https://iam.example.com/"));
    send(job(&core)).await.unwrap();
    assert_eq!(transport.requests()[0].uri(), "https://iam.example.com/v3/projects?name=eu-west-101");
}

#[tokio::test]
async fn keys_are_not_had_over_plain_http_from_another_machine() {
    for url in ["http://metadata.example.com", "http://169.254.169.254.example.com", "http://169.254.169.253"]
    {
        let (core, transport) = client(EcsMetadata::at(url), []);
        let error = send(job(&core)).await.unwrap_err().to_string();
        assert!(error.contains("keys are not had over plain http from `"), "{error}");
        assert_eq!(transport.requests().len(), 0);
    }
}

#[tokio::test]
async fn calls_at_the_same_time_have_one_set_of_keys() {
    let (release, wait) = tokio::sync::oneshot::channel();
    let body = r#"{"credential": {"access": "AKT", "secret": "s", "securitytoken": "t", "expires_at": "2099-01-01T00:00:00Z"}}"#;
    let metadata = Server::start([
        vec![Step::Await(wait), Step::Send(json_answer("404 Not Found", &[], ""))],
        vec![Step::Send(json_answer("200 OK", &[], body))],
    ])
    .await;
    let api = Server::start((0..8).map(|_| vec![Step::Send(json_answer("200 OK", &[], "{}"))])).await;
    let mut settings = Settings::new(&API);
    settings.endpoint(api.url());
    settings.value(0, "p-1");
    let chain = nothing().metadata(EcsMetadata::at(metadata.url()));
    settings.credential(Credential::new(SIGNATURE, chain));
    let core = settings.build().unwrap();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(send(job(&core)))).collect();
    while metadata.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    release.send(()).unwrap();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((metadata.requests().len(), api.requests().len()), (2, 8));
}

fn token(number: u32, expires_at: &str) -> Reply {
    Reply::With(
        201,
        vec![("x-subject-token", format!("tok-{number}"))],
        format!(r#"{{"token": {{"expires_at": "{expires_at}", "project": {{"id": "p-9"}}}}}}"#),
    )
}

#[tokio::test]
async fn a_token_of_iam_is_had_for_a_password_and_renewed_before_it_expires() {
    let (core, transport) = client(
        IamToken::new("my account", "me", "pass\"word"),
        [
            token(1, "2024-01-02T00:00:00.701000Z"),
            ok(),
            token(2, "2024-01-03T00:00:00.701000Z"),
            ok(),
            Reply::answer(401, "{}"),
            token(3, "2024-01-03T00:00:00.701000Z"),
            ok(),
        ],
    );
    send(job(&core)).await.unwrap();
    transport.sleep(Duration::from_secs(24 * 3600 - 300)).await;
    send(job(&core)).await.unwrap();
    send(job(&core)).await.unwrap();
    let tokens = "POST https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens";
    let calls = |number| format!("GET {API_URL}/p-9/jobs/7 tok-{number}");
    assert_eq!(
        sent(&transport),
        [tokens.to_owned(), calls(1), tokens.to_owned(), calls(2), calls(2), tokens.to_owned(), calls(3)]
    );
    let request = &transport.requests()[0];
    let body: serde_json::Value = serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"auth": {
            "identity": {
                "methods": ["password"],
                "password": {"user": {"name": "me", "password": "pass\"word", "domain": {"name": "my account"}}}
            },
            "scope": {"project": {"name": "cn-north-4"}}
        }})
    );
}

#[tokio::test]
async fn a_password_that_is_refused_is_not_shown() {
    let answer =
        r#"{"error": {"code": 401, "message": "the password hidden-one is wrong", "title": "Unauthorized"}}"#;
    let token = IamToken::new("account", "me", "hidden-one").project_id("p-1");
    let shown = format!("{token:?}");
    let (core, _) = client(token, [Reply::answer(401, answer)]);
    let error = send(job(&core)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "signedJob: the identity service (IAM) refuses with status 401: Unauthorized"
    );
    assert!(
        !shown.contains("hidden-one") && !format!("{error:?}").contains("hidden-one"),
        "{shown} {error:?}"
    );
}

#[tokio::test]
async fn what_holds_keys_does_not_show_them() {
    let chain = with_variables(nothing(), &[("HUAWEICLOUD_SDK_AK", AK), ("HUAWEICLOUD_SDK_SK", SK)]);
    let (core, _) = client(chain.clone(), [project("p-1"), ok()]);
    send(job(&core)).await.unwrap();
    let shown = format!("{chain:?} {core:?}");
    assert!(!shown.contains(SK) && !shown.contains(AK), "{shown}");
}
