//! Redirects: which are followed, and what goes with them.

use clientsmith_runtime::auth::{ApiKey, Bearer, Credential, KeyLocation};
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::{Call, Core, ErrorKind, Limits, RetryPolicy, Settings};

use crate::support::api::{API, BY_METHOD, GUARDED, KEY, SIGNATURE, SIGNED, TOKEN, filled, guarded};
use crate::support::{FakeTransport, Reply, Server, Step, client, json_answer, send};

fn to(status: &str, location: &str) -> Vec<Step> {
    vec![Step::Send(json_answer(status, &[&format!("location: {location}")], "{}"))]
}

fn ok() -> Vec<Step> {
    vec![Step::Send(json_answer("200 OK", &[], "[1]"))]
}

/// A client of `server` that proves who calls in one way or another.
fn proving(server: &Server, signs: bool, key: KeyLocation) -> Core {
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.retry(RetryPolicy::off());
    if signs {
        let key = AkSk::new("AKFAKEEXAMPLE0000009", "hidden-key").unwrap();
        settings.credential(Credential::new(SIGNATURE, key.security_token("hidden-sts").unwrap()));
    } else {
        settings.credential(Credential::new(TOKEN, Bearer::new("hidden-token")));
        settings.credential(Credential::new(KEY, ApiKey::new(key, "api-key", "hidden-api-key")));
    }
    settings.build().unwrap()
}

/// A call with all that can be secret.
fn secret_call(core: &Core) -> Call {
    let mut call = Call::new(core, &GUARDED);
    call.set(guarded::PASSWORD, "hidden-password");
    call.set(guarded::SHARE_KEY, "hidden-share");
    call.set(guarded::SESSION, "hidden-session");
    call.set(guarded::TRACE, "hidden-trace");
    call
}

#[tokio::test]
async fn a_get_goes_on_to_where_it_is_sent() {
    let [get, head, ..] = &BY_METHOD;
    for status in
        ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let server = Server::start([to(status, "/y?z=1#part"), to(status, "z"), ok()]).await;
        let response = send(filled(&client(&server), get)).await.unwrap();
        assert_eq!(response.into_inner().text(), "[1]");
        let [_, second, third] = <[String; 3]>::try_from(server.requests()).unwrap();
        assert!(second.starts_with("GET /y?z=1 HTTP/1.1\r\n"), "{second}");
        assert!(third.starts_with("GET /z HTTP/1.1\r\n"), "{third}");
        assert!(third.contains("accept: application/json\r\n") && third.contains("user-agent: example-jobs"));
    }
    let server = Server::start([to("307 Temporary Redirect", "/y"), to("200 OK", "/z")]).await;
    send(filled(&client(&server), head)).await.unwrap();
    assert!(server.requests()[1].starts_with("HEAD /y "));
}

#[tokio::test]
async fn on_the_same_origin_each_request_is_authenticated_anew() {
    let server = Server::start([to("302 Found", "/moved"), ok()]).await;
    send(secret_call(&proving(&server, true, KeyLocation::Query))).await.unwrap();
    let [first, second] = <[String; 2]>::try_from(server.requests()).unwrap();
    let signature = |request: &str| {
        let line = request.lines().find(|line| line.starts_with("authorization: SDK-HMAC-SHA256"));
        line.unwrap().split_once("Signature=").unwrap().1.to_owned()
    };
    assert!(second.starts_with("GET /moved HTTP/1.1\r\n"), "{second}");
    assert_ne!(signature(&first), signature(&second), "it is for the new path");
    for kept in
        ["x-security-token: hidden-sts", "x-password: hidden-password", "hidden-session", "idempotency-key: "]
    {
        assert!(first.contains(kept) && second.contains(kept), "{kept}: {second}");
    }

    let server = Server::start([to("302 Found", "/moved"), ok()]).await;
    send(secret_call(&proving(&server, false, KeyLocation::Query))).await.unwrap();
    let second = &server.requests()[1];
    assert!(second.starts_with("GET /moved?api-key=hidden-api-key HTTP/1.1\r\n"), "{second}");
    assert!(second.contains("authorization: Bearer hidden-token\r\n"), "{second}");
}

#[tokio::test]
async fn to_another_origin_goes_nothing_that_could_be_a_secret() {
    for (signs, key) in [
        (true, KeyLocation::Query),
        (false, KeyLocation::Query),
        (false, KeyLocation::Header),
        (false, KeyLocation::Cookie),
    ] {
        let other = Server::start([to("302 Found", "/further"), ok()]).await;
        let server = Server::start([to("302 Found", &format!("{}/there?x=1", other.url()))]).await;
        let response = send(secret_call(&proving(&server, signs, key))).await.unwrap();
        assert_eq!(response.into_inner().text(), "[1]");
        assert!(server.request().contains("hidden-password"), "{}", server.request());
        let requests = other.requests();
        assert!(requests[0].starts_with("GET /there?x=1 HTTP/1.1\r\n"), "{}", requests[0]);
        assert!(requests[1].starts_with("GET /further HTTP/1.1\r\n"), "{}", requests[1]);
        for request in requests {
            let mut names: Vec<&str> =
                request.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
            // Which is there with the feature `gzip`.
            names.retain(|name| *name != "accept-encoding");
            names.sort_unstable();
            assert_eq!(names, ["accept", "host", "user-agent"], "{request}");
            assert!(!request.contains("hidden") && !request.contains("AKFAKE"), "{request}");
        }
    }
}

#[tokio::test]
async fn who_has_left_the_origin_gets_nothing_back_on_return() {
    let [first, second] = [0, 1].map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let url = |listener: &std::net::TcpListener| format!("http://{}", listener.local_addr().unwrap());
    let (home, away) = (url(&first), url(&second));
    let server = Server::on(first, [to("302 Found", &format!("{away}/a")), ok()]);
    let _away = Server::on(second, [to("302 Found", &format!("{home}/back"))]);
    send(secret_call(&proving(&server, true, KeyLocation::Query))).await.unwrap();
    let back = &server.requests()[1];
    assert!(
        back.starts_with("GET /back ") && !back.contains("hidden") && !back.contains("authorization"),
        "{back}"
    );
}

#[tokio::test]
async fn a_refusal_elsewhere_says_nothing_of_the_credentials() {
    let other = Server::start([vec![Step::Send(json_answer("401 Unauthorized", &[], "{}"))]]).await;
    let server = Server::start([to("302 Found", &other.url())]).await;
    let error = send(secret_call(&proving(&server, true, KeyLocation::Query))).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
    assert_eq!((server.requests().len(), other.requests().len(), error.attempts()), (1, 1, 1));
}

#[tokio::test]
async fn what_may_have_an_effect_is_not_sent_on() {
    let [_, _, options, put, delete, post, patch] = &BY_METHOD;
    for operation in [options, put, delete, post, patch, &SIGNED] {
        let server =
            Server::start([to("307 Temporary Redirect", "https://new.example.com/x?key=secret")]).await;
        let error = send(filled(&proving(&server, true, KeyLocation::Query), operation)).await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::UndocumentedStatus, 307));
        let method = &operation.method;
        assert_eq!(
            error.to_string(),
            format!(
                "{}: a redirect to `https://new.example.com`, which is not followed: redirects of `{method}` are not; if the \
                 API has moved there, set its `endpoint` (status 307)",
                operation.id
            )
        );
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn redirects_can_be_turned_off_or_described() {
    let [get, ..] = &BY_METHOD;
    let server = Server::start([to("302 Found", "/y")]).await;
    let mut call = filled(&client(&server), get);
    call.limits(Limits::new().redirects(0));
    let error = send(call).await.unwrap_err();
    assert!(error.to_string().contains("redirects are off (`Limits::redirects`)"), "{error}");

    for (operation, is_ok) in
        [(&crate::support::api::FOUND, true), (&crate::support::api::NOT_FOUND_HERE, false)]
    {
        let server = Server::start([to("302 Found", "/y")]).await;
        let outcome = send(filled(&client(&server), operation)).await;
        assert_eq!(outcome.is_ok(), is_ok);
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::Api);
        }
        assert_eq!(server.requests().len(), 1, "it is an answer of its own");
    }
}

#[tokio::test]
async fn redirects_without_an_end_end_in_an_error() {
    let [get, ..] = &BY_METHOD;
    let circle = Server::start([to("302 Found", "/a"), to("302 Found", "/b"), to("302 Found", "/a")]).await;
    let error = send(filled(&client(&circle), get)).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::UndocumentedStatus, 302));
    let place = circle.url();
    assert_eq!(
        error.to_string(),
        format!("get: redirects that lead in a circle, by way of `{place}` (status 302)")
    );

    for allowed in [1, 5] {
        let server =
            Server::start((0..=allowed).map(|hop| to("302 Found", &format!("/{hop}?token=hidden")))).await;
        let mut call = filled(&client(&server), get);
        if allowed != 5 {
            call.limits(Limits::new().redirects(allowed));
        }
        let error = send(call).await.unwrap_err();
        let place = server.url();
        assert_eq!(
            error.to_string(),
            format!(
                "get: more than {allowed} redirects, the last to `{place}`: raise `Limits::redirects` (status 302)"
            )
        );
        assert_eq!(server.requests().len(), allowed as usize + 1);
    }
}

#[tokio::test]
async fn a_location_that_cannot_be_used_is_an_error_that_does_not_show_it() {
    let [get, ..] = &BY_METHOD;
    for location in [
        "ftp://x.example/hidden",
        "https://me:hidden@x.example/",
        "http://",
        "http://[hidden",
        "/\u{e9}hidden",
    ] {
        let server = Server::start([to("302 Found", location)]).await;
        let error = send(filled(&client(&server), get)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UndocumentedStatus);
        let text = format!("{error} {error:?}");
        assert!(text.contains("`Location` cannot be used") && !text.contains("hidden"), "{text}");
    }
    let server = Server::start([vec![Step::Send(json_answer("302 Found", &[], "{}"))]]).await;
    let error = send(filled(&client(&server), get)).await.unwrap_err();
    assert!(error.to_string().contains("a redirect without a `Location`"), "{error}");
}

#[tokio::test]
async fn plain_http_is_not_gone_to_from_https_except_on_this_machine() {
    let [get, ..] = &BY_METHOD;
    let moved = |location: &str| Reply::With(302, vec![("location", location.to_owned())], String::new());
    let client = |replies: Vec<Reply>| {
        let transport = FakeTransport::new(replies);
        let mut settings = Settings::new(&API);
        settings.endpoint("https://api.example.com");
        settings.transport(transport.clone());
        (settings.build().unwrap(), transport)
    };
    for location in ["http://api.example.com/x", "http://other.example.com/x"] {
        let (core, transport) = client(vec![moved(location)]);
        let error = send(filled(&core, get)).await.unwrap_err();
        assert!(error.to_string().contains("a redirect from https to `http://"), "{error}");
        assert_eq!(transport.requests().len(), 1);
    }
    for location in ["http://127.0.0.1:8080/x", "https://other.example.com/x", "//other.example.com/x"] {
        let (core, transport) = client(vec![moved(location), Reply::answer(200, "{}")]);
        send(filled(&core, get)).await.unwrap();
        assert_eq!(transport.requests().len(), 2);
    }
}
