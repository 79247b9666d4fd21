//! The token endpoint: what it is asked (RFC 6749 §4.4.2, §6), and what it answers (§5).

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{ClientAuthentication, OAuth2};
use crate::auth::exchange::{checked, exchange};
use crate::auth::{AuthError, Context, Secret, http_scheme};
use crate::error::one_line;

const WHAT: &str = "the token endpoint";

/// How much of a text of the server's a message shows, in characters.
const SHOWN: usize = 200;

/// What stays as it is in a form, and in the client's name and secret (RFC 6749 §2.3.1 and appendix B).
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// What the endpoint gives.
pub(super) struct TokenAnswer {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    pub(super) lifetime: Option<Duration>,
}

/// Asks for a token.
pub(super) async fn ask(
    access: &OAuth2,
    context: Context<'_>,
    url: &str,
    refresh_token: Option<&Secret>,
    authentication: ClientAuthentication,
) -> Result<TokenAnswer, AuthError> {
    let mut form = Form::default();
    match refresh_token {
        Some(token) => {
            form.add("grant_type", "refresh_token");
            form.add("refresh_token", token.expose());
        }
        None => form.add("grant_type", "client_credentials"),
    }
    if !access.scopes.is_empty() {
        form.add("scope", &access.scopes.join(" "));
    }
    for (name, value) in &access.parameters {
        form.add(name, value.expose());
    }
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = checked(context, url, WHAT)?;
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    match (&access.client, authentication) {
        (Some((id, Some(secret))), ClientAuthentication::Header) => {
            headers.insert(AUTHORIZATION, http_scheme::basic(&encoded(id), &encoded(secret.expose()))?);
        }
        (Some((id, secret)), _) => {
            form.add("client_id", id);
            if let Some(secret) = secret {
                form.add("client_secret", secret.expose());
            }
        }
        (None, _) => {}
    }
    // Wiped when the transport is done with it.
    *request.body_mut() = Bytes::from_owner(form.0);
    let response = exchange(context, request, WHAT).await?;
    let status = response.status();
    let answer: Option<Answer> = serde_json::from_slice(response.body()).ok();
    if !status.is_success() {
        let code = answer.as_ref().and_then(|answer| answer.error.clone());
        let description = answer.and_then(|answer| answer.error_description);
        // A server may repeat what it refuses, as it was or as it was sent.
        let secrets = access.secrets(refresh_token);
        let is_shown = |text: &String| {
            let mut shows = secrets
                .iter()
                .map(|secret| text.contains(*secret) || text.contains(encoded(secret).as_str()));
            !shows.any(|shows| shows)
        };
        let said = |text: Option<String>| text.filter(is_shown).map(|text| one_line(&text, SHOWN));
        let (code, description) = (said(code), said(description));
        let shown: Vec<&str> = [&code, &description].into_iter().flatten().map(String::as_str).collect();
        let reason = if shown.is_empty() { "no reason is given".to_owned() } else { shown.join(": ") };
        let mut error =
            AuthError::new(format!("{WHAT} refuses with status {}: {reason}", status.as_u16()), None);
        if let Some(code) = code {
            error = error.with_code(code);
        }
        let may_pass = status.is_server_error() || matches!(status.as_u16(), 408 | 429);
        return Err(if may_pass { error.retryable() } else { error });
    }
    let Some(Answer { access_token: Some(access_token), refresh_token, kind, lifetime, .. }) = answer else {
        return Err(AuthError::new(format!("the answer of {WHAT} has no access token"), None));
    };
    // RFC 6749 §7.1: a token of a type that is not understood must not be used. Some call a bearer token by longer names.
    if let Some(kind) = kind.filter(|kind| !kind.to_ascii_lowercase().starts_with("bearer")) {
        let message =
            format!("{WHAT} gives a token of the type `{}`, not a bearer token", one_line(&kind, SHOWN));
        return Err(AuthError::new(message, None));
    }
    Ok(TokenAnswer { access_token, refresh_token, lifetime })
}

impl OAuth2 {
    /// What must not be shown.
    fn secrets<'a>(&'a self, refresh_token: Option<&'a Secret>) -> Vec<&'a str> {
        let client = self.client.iter().filter_map(|(_, secret)| secret.as_ref());
        let parameters = self.parameters.iter().map(|(_, value)| value);
        let all = client.chain(parameters).chain(refresh_token).map(Secret::expose);
        all.filter(|secret| !secret.is_empty()).collect()
    }
}

/// A form that is wiped when it is dropped.
struct Form(Zeroizing<Vec<u8>>);

impl Default for Form {
    fn default() -> Self {
        // Of a size that it rarely grows beyond, so that no copy of a secret is left behind.
        Self(Zeroizing::new(Vec::with_capacity(8 * 1024)))
    }
}

impl Form {
    fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push(b'&');
        }
        self.0.extend_from_slice(encoded(name).as_bytes());
        self.0.push(b'=');
        self.0.extend_from_slice(encoded(value).as_bytes());
    }
}

fn encoded(text: &str) -> Zeroizing<String> {
    let mut encoded = Zeroizing::new(String::with_capacity(text.len() * 3));
    encoded.extend(utf8_percent_encode(text, FORM));
    encoded
}

/// What the endpoint answers, whether it gives a token or not.
#[derive(Default)]
struct Answer {
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
    kind: Option<String>,
    lifetime: Option<Duration>,
    error: Option<String>,
    error_description: Option<String>,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnswerVisitor)
    }
}

struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = Answer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Answer, A::Error> {
        let mut answer = Answer::default();
        let text = |value: Value| value.as_str().map(str::to_owned);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "access_token" => answer.access_token = map.next_value()?,
                "refresh_token" => answer.refresh_token = map.next_value()?,
                "token_type" => answer.kind = text(map.next_value()?),
                "expires_in" => answer.lifetime = seconds(&map.next_value()?),
                "error" => answer.error = text(map.next_value()?),
                "error_description" => answer.error_description = text(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(answer)
    }
}

/// A number of seconds, which some servers send as a text.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Duration::try_from_secs_f64(seconds).ok()
}
