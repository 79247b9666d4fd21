//! Runtime expressions (OpenAPI 3.0.4 §4.7.20.4): where a value of a link comes from.

use super::links::parameter_at;
use crate::ir::{Body, ContentKind, LinkSource, Location, Operation, Outcome};
use crate::model::LinkValue;

/// Why an expression has no source.
pub(super) struct Unknown(pub(super) String);

/// The source of a value that a link of the operation has.
///
/// A text that begins with `$` is an expression, one with `{$…}` in it is made of texts and expressions, and everything else
/// is a constant.
pub(super) fn source(value: &LinkValue, from: &Operation) -> Result<LinkSource, Unknown> {
    let node = match value {
        LinkValue::Expression(text) => return expression(text, from),
        LinkValue::Constant(node) => node,
    };
    match node.as_str() {
        Some(text) if text.contains("{$") => template(text, from),
        Some(text) => Ok(LinkSource::Constant(text.to_owned())),
        None => Ok(LinkSource::Json(node.to_json())),
    }
}

fn template(text: &str, from: &Operation) -> Result<LinkSource, Unknown> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once("{$") {
        let Some((inner, after)) = after.split_once('}') else {
            return Err(Unknown(format!("the expression in `{text}` is not closed by `}}`")));
        };
        if !literal.is_empty() {
            parts.push(LinkSource::Constant(literal.to_owned()));
        }
        parts.push(expression(&format!("${inner}"), from)?);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(LinkSource::Constant(rest.to_owned()));
    }
    Ok(LinkSource::Joined(parts))
}

fn expression(text: &str, from: &Operation) -> Result<LinkSource, Unknown> {
    let parameter = |location, name: &str| {
        let missing = || Unknown(format!("`{}` has no parameter for `{text}`", from.id));
        parameter_at(from, location, name).map(LinkSource::Parameter).ok_or_else(missing)
    };
    match text {
        "$url" if from.parameters.iter().any(|parameter| parameter.secret) => {
            return Err(Unknown(format!("the URL of `{}` may hold a secret", from.id)));
        }
        "$url" => return Ok(LinkSource::Url),
        "$method" => return Ok(LinkSource::Method),
        "$statusCode" => return Ok(LinkSource::StatusCode),
        _ => {}
    }
    if let Some(pointer) = body(text, "$request.body") {
        let contents = from.body.iter().flat_map(|body| &body.contents);
        let mut kinds = contents.map(|content| &content.kind);
        return if kinds.any(|kind| matches!(kind, ContentKind::Json(_))) {
            Ok(LinkSource::RequestBody(pointer.to_owned()))
        } else {
            Err(Unknown(format!("the request of `{}` has no JSON body", from.id)))
        };
    }
    if let Some(pointer) = body(text, "$response.body") {
        let mut bodies = from.success.iter().flat_map(|outcome: &Outcome| &outcome.bodies);
        return if bodies.any(|body: &Body| body.json().is_some()) {
            Ok(LinkSource::Body(pointer.to_owned()))
        } else {
            Err(Unknown(format!("no answer of `{}` has a JSON body that is read at once", from.id)))
        };
    }
    if let Some((location, name)) = text.strip_prefix("$request.").and_then(|rest| rest.split_once('.')) {
        match location {
            "path" => return parameter(Location::Path, name),
            "query" => return parameter(Location::Query, name),
            "header" => return parameter(Location::Header, name),
            _ => {}
        }
    }
    if let Some(name) = text.strip_prefix("$response.header.") {
        return Ok(LinkSource::Header(name.to_ascii_lowercase()));
    }
    Err(Unknown(format!(
        "`{text}` is no runtime expression; they are `$url`, `$method`, `$statusCode`, `$request.path.x`, `.query.x`, \
         `.header.x`, `.body#/x`, `$response.header.x` and `.body#/x`"
    )))
}

/// The JSON Pointer of an expression about a body; a body without one is meant as a whole.
fn body<'a>(text: &'a str, whole: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(whole)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('#') }
}
