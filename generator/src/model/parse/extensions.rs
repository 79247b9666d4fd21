//! The language of `x-clientsmith-*`, which is strict: a wrong setting is an error, never ignored.

use std::time::Duration;

use super::Parser;
use super::reader::{Fields, Part};
use crate::model::keywords::{self, Kind};
use crate::model::{
    ClientParameter, Condition, ErrorRule, Located, Pagination, PaginationKind, RetryRule, WaitRule,
};
use crate::source::{Node, Value, closest};

const DEFAULT_INTERVAL: Duration = Duration::from_secs(2);
const USUAL_MAX_INTERVAL: Duration = Duration::from_secs(30);
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30 * 60);

/// The kinds of paging by the values of `kind`, with the roles of parameters that each has; the first one it needs, except
/// that `link` needs none.
const PAGINATION_KINDS: [(&str, PaginationKind, &[&str]); 5] = [
    ("page", PaginationKind::Page, &["page", "size"]),
    ("offset", PaginationKind::Offset, &["offset", "limit"]),
    ("cursor", PaginationKind::Cursor, &["cursor", "limit"]),
    ("token", PaginationKind::Token, &["cursor", "limit"]),
    ("link", PaginationKind::Link, &["limit"]),
];

impl<'tree> Parser<'tree, '_> {
    /// `x-clientsmith-rust-name`.
    pub(super) fn rust_name(&mut self, fields: &Fields<'tree>) -> Option<Located<String>> {
        let text = self.located_text(fields, "x-clientsmith-rust-name")?;
        self.checked(
            text,
            is_identifier,
            "a name in Rust",
            "letters, digits and `_`, with no digit first, make a name",
        )
    }

    /// `x-clientsmith-rust-type`.
    pub(super) fn rust_type(&mut self, fields: &Fields<'tree>) -> Option<Located<String>> {
        let text = self.located_text(fields, "x-clientsmith-rust-type")?;
        let is_path = |text: &str| text.strip_prefix("::").unwrap_or(text).split("::").all(is_identifier);
        self.checked(text, is_path, "the path of a type", "write it like `::my_types::Money`")
    }

    /// `x-clientsmith-signer`.
    pub(super) fn signer(&mut self, fields: &Fields<'tree>) -> Option<Located<String>> {
        let text = self.located_text(fields, "x-clientsmith-signer")?;
        self.checked(text, |text| !text.is_empty(), "a signer", "name a signer of the runtime")
    }

    /// `x-clientsmith-page`.
    pub(super) fn page(&mut self, fields: &Fields<'tree>) -> Option<Located<String>> {
        let text = self.located_text(fields, "x-clientsmith-page")?;
        self.checked(text, |text| !text.is_empty(), "a page", "name the page of the vendor's documentation")
    }

    /// `x-clientsmith-client-parameter`.
    pub(super) fn client_parameter(&mut self, fields: &Fields<'tree>) -> Option<Located<ClientParameter>> {
        let node = fields.get("x-clientsmith-client-parameter")?;
        let place = node.place;
        match &node.value {
            Value::Bool(true) => Some(Located { value: ClientParameter::OwnName, place }),
            Value::Bool(false) => None,
            Value::String(text) => {
                let text = Located { value: text.clone(), place };
                let help = "write `true`, or a name of letters, digits and `_`, with no digit first";
                let name = self.checked(text, is_identifier, "the name of a value of the client", help)?;
                Some(Located { value: ClientParameter::Shared(name.value), place })
            }
            _ => {
                self.wrong_kind(node, "`x-clientsmith-client-parameter`", "`true` or a string");
                None
            }
        }
    }

    /// `x-clientsmith-pagination`.
    pub(super) fn pagination(&mut self, fields: &Fields<'tree>) -> Option<Pagination> {
        let fields = self.setting(fields, "x-clientsmith-pagination", &keywords::PAGINATION)?;
        let items = self.required_pointer(&fields, "items", true);
        let total = self.pointer(&fields, "total");
        let next = self.pointer(&fields, "next");
        let next_header = self.header_name(&fields, "next-header");
        let more = self.pointer(&fields, "more");
        let first = self.size(&fields, "first").and_then(|first| i64::try_from(first).ok());
        let text = self.required_text(&fields, "kind")?;
        let Some((_, kind, roles)) = PAGINATION_KINDS.iter().find(|(name, ..)| *name == text.value) else {
            let names = PAGINATION_KINDS.map(|(name, ..)| name);
            self.invalid_choice(&text, "kind of paging", &names);
            return None;
        };
        let parameters = self.pagination_parameters(&fields, *kind, roles);
        let has_next = matches!(kind, PaginationKind::Cursor | PaginationKind::Token | PaginationKind::Link);
        let is_said = fields.get("next").is_some() || fields.get("next-header").is_some();
        if matches!(kind, PaginationKind::Cursor | PaginationKind::Token) && !is_said {
            self.missing(&fields, "next");
        }
        if let (Some(_), Some(header)) = (fields.get("next"), fields.get("next-header")) {
            let message = "`next` and `next-header` are two places for the same thing";
            self.invalid(header.place, message, "remove one of them");
        }
        for key in ["next", "next-header", "first"] {
            let fits = has_next == (key != "first");
            if let Some(node) = fields.get(key).filter(|_| !fits) {
                let message = format!("`{key}` has no meaning for paging of the kind `{}`", text.value);
                self.invalid(node.place, message, "remove it, or choose another kind");
            }
        }
        Some(Pagination {
            place: fields.place,
            kind: *kind,
            parameters,
            items: items?,
            total,
            next,
            next_header,
            more,
            first,
        })
    }

    fn pagination_parameters(
        &mut self,
        pagination: &Fields<'tree>,
        kind: PaginationKind,
        roles: &[&str],
    ) -> Vec<(Located<String>, Located<String>)> {
        let required = roles.first().filter(|_| kind != PaginationKind::Link);
        if required.is_some() && pagination.get("parameters").is_none() {
            self.missing(pagination, "parameters");
        }
        let Some(fields) = self.setting(pagination, "parameters", &keywords::PAGINATION_ROLES) else {
            return Vec::new();
        };
        let mut parameters = Vec::new();
        for role in keywords::PAGINATION_ROLES.keywords(self.version) {
            let Some(entry) = fields.object.entry(role) else { continue };
            if !roles.contains(&role) {
                let help = format!("it has `{}`", roles.join("` and `"));
                self.invalid(entry.key_place, format!("this kind of paging has no parameter `{role}`"), help);
                continue;
            }
            let role = Located { value: role.to_owned(), place: entry.key_place };
            parameters.extend(self.located_text(&fields, &role.value).map(|name| (role, name)));
        }
        if let Some(role) = required.filter(|role| fields.get(role).is_none()) {
            self.missing(&fields, role);
        }
        parameters
    }

    /// `x-clientsmith-wait`.
    pub(super) fn wait_rule(&mut self, fields: &Fields<'tree>) -> Option<WaitRule> {
        let fields = self.setting(fields, "x-clientsmith-wait", &keywords::WAIT)?;
        if fields.get("done").is_none() {
            self.missing(&fields, "done");
        }
        let condition = |parser: &mut Self, part: &Part<'tree>| parser.condition(part, &keywords::CONDITION);
        let interval = self.duration(&fields, "interval").unwrap_or(DEFAULT_INTERVAL);
        let max_interval = self.duration(&fields, "max-interval");
        if let Some(node) =
            fields.get("max-interval").filter(|_| max_interval.is_some_and(|max| max < interval))
        {
            self.invalid(node.place, "`max-interval` is shorter than `interval`", "the interval only grows");
        }
        let usual = (interval * 10).min(USUAL_MAX_INTERVAL).max(interval);
        Some(WaitRule {
            place: fields.place,
            done: self.filled(&fields, "done", condition),
            failed: self.filled(&fields, "failed", condition),
            interval,
            max_interval: max_interval.unwrap_or(usual).max(interval),
            deadline: self.duration(&fields, "deadline").unwrap_or(DEFAULT_DEADLINE),
            done_message: self.text(&fields, "done-message"),
        })
    }

    /// `x-clientsmith-error-when`; `None` when absent.
    pub(super) fn error_when(&mut self, fields: &Fields<'tree>) -> Option<Vec<Condition>> {
        let key = "x-clientsmith-error-when";
        fields.get(key)?;
        Some(self.filled(fields, key, |parser, part| parser.condition(part, &keywords::BODY_CONDITION)))
    }

    fn condition(&mut self, part: &Part<'tree>, kind: &'static Kind) -> Option<Condition> {
        let fields = self.fields(part, kind)?;
        let has = |key: &str| fields.object.get(key).is_some();
        let needs_pointer = has("in") || has("any") || !kind.has("status");
        if needs_pointer && !has("pointer") {
            self.missing(&fields, "pointer");
        }
        if (needs_pointer || has("pointer")) && !has("in") {
            self.missing(&fields, "in");
        }
        if fields.object.is_empty() && !needs_pointer {
            self.invalid(fields.place, "a condition without a key always holds", "say when it holds");
        }
        let (status, codes) = if kind.has("status") {
            (self.statuses(&fields, "status"), self.filled_texts(&fields, "code"))
        } else {
            (Vec::new(), Vec::new())
        };
        Some(Condition {
            place: fields.place,
            status,
            codes: codes.into_iter().map(|code| code.value).collect(),
            any: self.pointer(&fields, "any"),
            pointer: self.pointer(&fields, "pointer"),
            values: self.filled(&fields, "in", |parser, item| match item.node.value {
                Value::Array(_) | Value::Object(_) => {
                    parser.wrong_kind(item.node, "a value of `in`", "a scalar");
                    None
                }
                _ => Some(item.node.clone()),
            }),
        })
    }

    /// `x-clientsmith-error`.
    pub(super) fn error_rule(&mut self, fields: &Fields<'tree>) -> Option<ErrorRule> {
        let fields = self.setting(fields, "x-clientsmith-error", &keywords::ERROR)?;
        Some(ErrorRule {
            place: fields.place,
            code: self.pointers(&fields, "code"),
            message: self.pointers(&fields, "message"),
            request_id: self.pointers(&fields, "request-id"),
            request_id_header: self.header_name(&fields, "request-id-header"),
        })
    }

    /// `x-clientsmith-retry`.
    pub(super) fn retry_rule(&mut self, fields: &Fields<'tree>) -> Option<RetryRule> {
        let fields = self.setting(fields, "x-clientsmith-retry", &keywords::RETRY)?;
        Some(RetryRule {
            place: fields.place,
            statuses: fields.get("statuses").map(|_| self.statuses(&fields, "statuses")),
            codes: fields.get("codes").map(|_| self.plain_texts(&fields, "codes")),
            idempotent: self.boolean(&fields, "idempotent"),
            idempotency_key: self.header_name(&fields, "idempotency-key"),
        })
    }

    /// An object of our own language, which has a key at least.
    fn setting(&mut self, fields: &Fields<'tree>, key: &str, kind: &'static Kind) -> Option<Fields<'tree>> {
        let setting = self.fields(&fields.part(key)?, kind)?;
        if setting.object.is_empty() {
            self.invalid(
                setting.place,
                format!("`{key}` is empty"),
                "say something there, or remove the key",
            );
        }
        Some(setting)
    }

    /// A list that has an item at least, when it is there.
    fn filled<T>(
        &mut self,
        fields: &Fields<'tree>,
        key: &str,
        read: impl FnMut(&mut Self, &Part<'tree>) -> Option<T>,
    ) -> Vec<T> {
        if let Some(node) = fields.get(key).filter(|node| node.as_array().is_some_and(<[Node]>::is_empty)) {
            self.invalid(node.place, format!("`{key}` is empty"), "write an item, or remove the key");
        }
        self.each(fields, key, read)
    }

    fn filled_texts(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<Located<String>> {
        self.filled(fields, key, |parser, item| parser.scalar(item.node, key))
    }

    fn statuses(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<u16> {
        self.each(fields, key, |parser, item| {
            let text = item.node.scalar_text();
            let status = text
                .as_deref()
                .and_then(|text| text.parse().ok())
                .filter(|status| (100..=599).contains(status));
            if status.is_none() {
                let found = text.map_or_else(|| item.node.kind().to_owned(), |text| format!("`{text}`"));
                parser.invalid(
                    item.node.place,
                    format!("{found} is no status"),
                    "a status from 100 to 599 is expected",
                );
            }
            status
        })
    }

    fn header_name(&mut self, fields: &Fields<'tree>, key: &str) -> Option<String> {
        let text = self.located_text(fields, key)?;
        let is_token = |text: &str| {
            let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&byte);
            !text.is_empty() && text.bytes().all(is_allowed)
        };
        self.checked(text, is_token, "the name of a header", "write a name such as `X-Request-Id`")
            .map(|text| text.value)
    }

    fn pointers(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<Located<String>> {
        let texts = self.filled_texts(fields, key);
        texts.into_iter().filter_map(|text| self.checked_pointer(text, false)).collect()
    }

    fn pointer(&mut self, fields: &Fields<'tree>, key: &str) -> Option<Located<String>> {
        let text = self.located_text(fields, key)?;
        self.checked_pointer(text, false)
    }

    fn required_pointer(
        &mut self,
        fields: &Fields<'tree>,
        key: &str,
        may_be_whole: bool,
    ) -> Option<Located<String>> {
        let text = self.required_text(fields, key)?;
        self.checked_pointer(text, may_be_whole)
    }

    /// A JSON Pointer; the whole body, the empty pointer, only where that is allowed.
    fn checked_pointer(&mut self, text: Located<String>, may_be_whole: bool) -> Option<Located<String>> {
        let is_pointer = |text: &str| {
            let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
            escapes && (text.starts_with('/') || (may_be_whole && text.is_empty()))
        };
        self.checked(
            text,
            is_pointer,
            "a JSON Pointer",
            "it begins with `/`, as in `/error/code`; `~0` is `~` and `~1` is `/`",
        )
    }

    fn duration(&mut self, fields: &Fields<'tree>, key: &str) -> Option<Duration> {
        let text = self.located_text(fields, key)?;
        let duration = duration(&text.value);
        if duration.is_none() {
            let help = "a whole number and a unit is expected: `500ms`, `2s`, `30m`, `1h`";
            self.invalid(text.place, format!("`{}` is no duration", text.value), help);
        }
        duration
    }

    fn checked(
        &mut self,
        text: Located<String>,
        is_valid: impl Fn(&str) -> bool,
        what: &str,
        help: &str,
    ) -> Option<Located<String>> {
        if is_valid(&text.value) {
            return Some(text);
        }
        self.invalid(text.place, format!("`{}` is not {what}", text.value), help);
        None
    }

    fn invalid_choice(&mut self, text: &Located<String>, what: &str, names: &[&'static str]) {
        let help = match closest(&text.value, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("one of `{}` is expected", names.join("`, `")),
        };
        self.invalid(text.place, format!("`{}` is no {what}", text.value), help);
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A whole number that is not 0 and a unit.
fn duration(text: &str) -> Option<Duration> {
    let end = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    number.checked_mul(milliseconds).map(Duration::from_millis)
}
