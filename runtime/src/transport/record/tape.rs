//! The file of a recording: JSON, with one exchange after the other.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use super::super::TransportErrorKind;
use super::RecordingError;
use crate::text::Base64;

/// A body in a file: text, or bytes that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Content {
    #[default]
    Nothing,
    Text(String),
    Bytes(Bytes),
}

/// One request and what came of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchange {
    pub(super) method: String,
    /// With the query.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Content,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Outcome {
    /// Nothing came before the recording ended, or the caller gave up.
    #[default]
    Nothing,
    Answer(Answer),
    Failure(TransportErrorKind, String),
}

#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Content,
    pub(super) broken: Option<String>,
}

impl Content {
    pub(super) fn new(bytes: &Bytes, text: Option<String>) -> Self {
        match text {
            _ if bytes.is_empty() => Self::Nothing,
            Some(text) => Self::Text(text),
            None => Self::Bytes(bytes.clone()),
        }
    }

    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// Whether it says the same; in JSON, blanks and the order of properties do not matter.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let json = |content: &Self| match content {
            Self::Text(text) => serde_json::from_str::<Value>(text).ok(),
            _ => None,
        };
        self == other || json(self).is_some_and(|value| Some(value) == json(other))
    }

    fn to_json(&self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(text.as_str().into()),
            Self::Bytes(bytes) => Some(json!({ "base64": Base64::encode(bytes).as_str() })),
        }
    }

    fn from_json(value: Option<&Value>) -> Option<Self> {
        match value {
            None => Some(Self::Nothing),
            Some(Value::String(text)) => Some(Self::Text(text.clone())),
            Some(value) => {
                let text = value.get("base64")?.as_str()?;
                Base64::from(text.to_owned()).decode().ok().map(|bytes| Self::Bytes(bytes.into()))
            }
        }
    }
}

/// What a file holds.
pub(super) struct Tape {
    /// The wall clock at its beginning, in seconds since 1970.
    pub(super) start: u64,
    pub(super) exchanges: Vec<Exchange>,
}

impl Tape {
    pub(super) fn to_text(&self) -> String {
        let exchanges: Vec<Value> = self.exchanges.iter().map(Exchange::to_json).collect();
        let tape = json!({ "version": 1, "start": self.start, "exchanges": exchanges });
        format!("{tape:#}\n")
    }

    /// Writes it beside the file first, so that there is never half a recording.
    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary: PathBuf = path.with_file_name(name);
        let write = || {
            let mut file = std::fs::File::create(&temporary)?;
            file.write_all(self.to_text().as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)
        };
        write().inspect_err(|_| drop(std::fs::remove_file(&temporary)))
    }

    pub(super) fn read(path: &Path) -> Result<Self, RecordingError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| RecordingError::Read { path: path.to_owned(), source })?;
        let invalid = |reason: String| RecordingError::Invalid { path: path.to_owned(), reason };
        let tape: Value = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        if tape.get("version").and_then(Value::as_u64) != Some(1) {
            return Err(invalid("it is not of version 1".to_owned()));
        }
        let start = tape.get("start").and_then(Value::as_u64).unwrap_or_default();
        let exchanges = tape
            .get("exchanges")
            .and_then(Value::as_array)
            .ok_or_else(|| invalid("it has no `exchanges`".to_owned()))?;
        let exchanges = exchanges.iter().enumerate().map(|(index, exchange)| {
            let number = index.saturating_add(1);
            Exchange::from_json(exchange).ok_or_else(|| invalid(format!("exchange {number} cannot be read")))
        });
        Ok(Self { start, exchanges: exchanges.collect::<Result<_, _>>()? })
    }
}

impl Exchange {
    fn to_json(&self) -> Value {
        let mut request = message(&self.headers, &self.body);
        request.insert("method".to_owned(), self.method.as_str().into());
        request.insert("path".to_owned(), self.path.as_str().into());
        let mut exchange = Map::new();
        exchange.insert("request".to_owned(), request.into());
        match &self.outcome {
            Outcome::Nothing => {}
            Outcome::Answer(answer) => {
                let mut response = message(&answer.headers, &answer.body);
                response.insert("status".to_owned(), answer.status.into());
                if let Some(broken) = &answer.broken {
                    response.insert("broken".to_owned(), broken.as_str().into());
                }
                exchange.insert("response".to_owned(), response.into());
            }
            Outcome::Failure(kind, message) => {
                exchange.insert("failure".to_owned(), json!({ "kind": name_of(*kind), "message": message }));
            }
        }
        exchange.into()
    }

    fn from_json(exchange: &Value) -> Option<Self> {
        let request = exchange.get("request")?;
        let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
        let outcome = match (exchange.get("response"), exchange.get("failure")) {
            (Some(response), _) => Outcome::Answer(Answer {
                status: response.get("status")?.as_u64()?.try_into().ok()?,
                headers: headers_of(response)?,
                body: Content::from_json(response.get("body"))?,
                broken: text(response, "broken"),
            }),
            (None, Some(failure)) => {
                let kind = text(failure, "kind")?;
                Outcome::Failure(KINDS.iter().find(|(_, name)| *name == kind)?.0, text(failure, "message")?)
            }
            (None, None) => Outcome::Nothing,
        };
        let (method, path) = (text(request, "method")?, text(request, "path")?);
        let (headers, body) = (headers_of(request)?, Content::from_json(request.get("body"))?);
        Some(Self { method, path, headers, body, outcome })
    }
}

impl Answer {
    pub(super) fn header_map(&self) -> HeaderMap {
        let pair = |(name, value): &(String, String)| {
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        };
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.iter().filter_map(pair) {
            headers.append(name, value);
        }
        headers
    }
}

/// Headers by name, one that came several times as an array; and the body, if there is one.
fn message(headers: &[(String, String)], body: &Content) -> Map<String, Value> {
    let mut by_name: Map<String, Value> = Map::new();
    for (name, value) in headers {
        let entry = by_name.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = entry {
            values.push(value.as_str().into());
        }
    }
    for value in by_name.values_mut() {
        if let Value::Array(values) = value
            && let [only] = values.as_slice()
        {
            *value = only.clone();
        }
    }
    let mut message = Map::new();
    message.insert("headers".to_owned(), by_name.into());
    message.extend(body.to_json().map(|body| ("body".to_owned(), body)));
    message
}

fn headers_of(message: &Value) -> Option<Vec<(String, String)>> {
    let Some(headers) = message.get("headers") else { return Some(Vec::new()) };
    let mut all = Vec::new();
    for (name, value) in headers.as_object()? {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            all.push((name.clone(), value.as_str()?.to_owned()));
        }
    }
    Some(all)
}

const KINDS: [(TransportErrorKind, &str); 5] = [
    (TransportErrorKind::Connect, "connect"),
    (TransportErrorKind::ConnectTimeout, "connect-timeout"),
    (TransportErrorKind::Request, "request"),
    (TransportErrorKind::Broken, "broken"),
    (TransportErrorKind::Stalled, "stalled"),
];

fn name_of(kind: TransportErrorKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("broken", |(_, name)| name)
}
