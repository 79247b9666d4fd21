//! What a service sends by itself is read, and the answers are written, with the types of the callbacks.

use fixture_callbacks::events::subscribe_callbacks::on_event;
use fixture_callbacks::runtime::serde_json::{from_str, to_string};

#[test]
fn a_request_is_read_with_what_is_only_read() {
    let sent = r#"{"id":7,"kind":"made","undeclared":[1]}"#;
    let request: on_event::Request = from_str(sent).unwrap();
    assert_eq!((request.id, request.kind.as_str()), (7, "made"));
    assert_eq!(to_string(&request).unwrap(), sent);
    assert_eq!((on_event::METHOD, on_event::URL), ("POST", "{$request.body#/url}?id={$request.query.id}"));
    assert_eq!(on_event::KindQuery::from("made").as_str(), "made");
}

#[test]
fn an_answer_is_written_with_what_is_only_written() {
    let answer = on_event::Status200::new(7).seen("today");
    assert_eq!(to_string(&answer).unwrap(), r#"{"id":7,"seen":"today"}"#);
}
