//! What the services that give credentials answer.

use std::collections::BTreeMap;

use http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::auth::{AuthError, Secret};
use crate::error::one_line;

/// How much of a text of the server's a message shows, in characters.
const SHOWN: usize = 200;

/// An object of JSON whose values are not copied, so that secrets are nowhere but where they belong.
pub(super) struct Object<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Object<'a> {
    pub(super) fn new(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().map(Self)
    }

    pub(super) fn object(&self, name: &str) -> Option<Self> {
        Self::new(self.0.get(name)?.get().as_bytes())
    }

    pub(super) fn objects(&self, name: &str) -> Option<Vec<Self>> {
        let items: Vec<&'a RawValue> = serde_json::from_str(self.0.get(name)?.get()).ok()?;
        items.into_iter().map(|item| Self::new(item.get().as_bytes())).collect()
    }

    pub(super) fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }
}

/// The refusal of a service, named `what` in the message. `secrets` are what was sent: a service may repeat it.
pub(super) fn refusal(response: &Response<Zeroizing<Vec<u8>>>, what: &str, secrets: &[&Secret]) -> AuthError {
    let status = response.status();
    let answer = Object::new(response.body());
    let nested = answer.as_ref().and_then(|answer| answer.object("error"));
    let objects = || [&nested, &answer].into_iter().flatten();
    let secrets = || secrets.iter().map(|secret| secret.expose()).filter(|secret| !secret.is_empty());
    let shows = |text: &str| secrets().any(|secret| text.contains(secret));
    let text = |names: [&str; 4]| {
        let mut found =
            objects().flat_map(|object| names.iter().filter_map(|name| object.get::<String>(name)));
        found.find(|text| !shows(text)).map(|text| one_line(&text, SHOWN))
    };
    let code = text(["error_code", "errorCode", "code", "title"]);
    let message = text(["error_msg", "error_message", "errorMsg", "message"]);
    let shown: Vec<&str> = [&code, &message].into_iter().flatten().map(String::as_str).collect();
    let reason = if shown.is_empty() { "no reason is given".to_owned() } else { shown.join(": ") };
    let mut error = AuthError::new(format!("{what} refuses with status {}: {reason}", status.as_u16()), None);
    if let Some(code) = code {
        error = error.with_code(code);
    }
    let may_pass = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    if may_pass { error.retryable() } else { error }
}

/// An answer that does not have what it should.
pub(super) fn without(what: &str, missing: &str) -> AuthError {
    AuthError::new(format!("the answer of {what} has no {missing}"), None)
}
