//! Values of which the description says the name alone: they come and go as they are.

use std::collections::BTreeMap;

use fixture_any_json::reports::FileFailure;
use fixture_any_json::runtime::serde_json::{from_str, json, to_string};
use fixture_any_json::{Client, Filed, FiledEither, Json, Report};

use crate::server::Server;

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn a_body_is_sent_as_it_is_and_a_failure_has_its_name() {
    let refused = r#"{ "reason": 1.10 }"#;
    let server = Server::answering(&[("400 Bad Request", JSON, refused), ("409 Conflict", JSON, "null")]);
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    let report: Report = from_str(r#"{"b": 12345678901234567890.10, "a": null}"#).unwrap();
    let error = client.reports().file(report).await.unwrap_err();
    assert_eq!(server.request().body, r#"{"b": 12345678901234567890.10, "a": null}"#);
    let Some(FileFailure::Status400(failure)) = error.body() else { panic!("{error:?}") };
    assert_eq!(failure.text(), refused);
    let error = client.reports().file(json!([1])).filter(Json::from(json!("x"))).await.unwrap_err();
    let sent = server.request();
    assert_eq!((sent.body.as_str(), sent.target.as_str()), ("[1]", "/reports?filter=x"));
    assert!(matches!(error.body(), Some(FileFailure::Status409(None))), "{error:?}");
}

#[test]
fn absent_null_and_a_value_stay_what_they_are() {
    for properties in [
        "",
        r#","last":null,"cause":null,"limited":null"#,
        r#","last":{"a": 1.0},"cause":[ ],"limited":"long enough""#,
        r#","all":[null,0],"by_name":{"a":null,"b":1e2}"#,
        r#","undeclared":null,"another":{"a": 1}"#,
    ] {
        for required in [r#""report":1,"busy":null"#, r#""report":null,"busy":{"a": 1}"#] {
            let json = format!("{{{required}{properties}}}");
            let read: Filed = from_str(&json).unwrap();
            let written: Json = from_str(&to_string(&read).unwrap()).unwrap();
            assert_eq!(written, from_str(&json).unwrap());
        }
    }
    assert!(from_str::<Filed>(r#"{"report":1}"#).is_err());
    let read: Filed = from_str(r#"{"report":1,"busy":null,"last":null}"#).unwrap();
    assert_eq!((read.busy, read.last.as_ref().map(|last| last.text()), read.cause), (None, Some("null"), None));
}

#[test]
fn setters_take_what_becomes_a_value() {
    let filed = Filed::new(json!({"jobs": 3}), None).last(Json::from(json!(1))).cause(json!("busy"));
    assert_eq!(to_string(&filed).unwrap(), r#"{"report":{"jobs":3},"busy":null,"last":1,"cause":"busy"}"#);
    assert_eq!(filed.report.parse::<BTreeMap<String, u8>>().unwrap()["jobs"], 3);
}

#[test]
fn it_is_the_last_choice_of_a_union() {
    let either = |json: &str| from_str::<FiledEither>(json).unwrap();
    assert!(matches!(either(r#"{"page":3}"#), FiledEither::WithPage(page) if page.page == 3));
    for json in [r#"{"page":"three"}"#, "3", "null", "[]"] {
        assert!(matches!(either(json), FiledEither::Report(report) if report.text() == json), "{json}");
    }
}
