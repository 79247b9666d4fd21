//! Bodies: which media types there are, and what each of them holds.

use super::Lowering;
use super::parts::is_binary;
use super::schemas::Use;
use crate::ir::{Body, BodyKind, Content, ContentKind, RequestBody, TextFormat, Type};
use crate::model::{self, MediaType, Method, Named, Schema, SchemaType, StatusKey};
use crate::source::Node;

/// The families of media types that are carried in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Json,
    Form,
    Multipart,
    Events,
    Lines,
    Sequence,
    Text,
    Bytes,
}

impl Lowering<'_> {
    /// The request body.
    pub(super) fn request_body(&mut self, operation: &model::Operation, id: &str) -> Option<RequestBody> {
        let body = operation.request_body.as_ref()?;
        let mut contents: Vec<Content> = Vec::new();
        for media in &body.content {
            let content = self.content(media, id, contents.len());
            if contents.iter().any(|known| is_synonym(known, &content)) {
                continue;
            }
            let has_parts = |kind: &ContentKind| matches!(kind, ContentKind::Multipart(_));
            let first = contents.iter().find(|known| has_parts(&known.kind));
            if has_parts(&content.kind) && first.is_some_and(|first| first.kind != content.kind) {
                self.not_generated(
                    media.place,
                    format!("`{}` has other parts than the first media type with parts", media.name),
                    "it is left out",
                );
                continue;
            }
            contents.push(content);
        }
        if contents.is_empty() {
            contents.push(Content {
                media_type: "application/octet-stream".to_owned(),
                kind: ContentKind::Bytes,
                example: None,
            });
        }
        Some(RequestBody { contents, required: body.required, description: body.description.clone() })
    }

    fn content(&mut self, media: &Named<MediaType>, operation: &str, index: usize) -> Content {
        let schema = media.value.schema.as_ref().and_then(|schema| self.schema(schema));
        let role = if index == 0 { "request".to_owned() } else { format!("{} request", short(&media.name)) };
        let at = Use::of_operation(operation, &role).in_request();
        let kind = match family(&media.name, schema) {
            Family::Json => ContentKind::Json(self.media_type_value(media, &at)),
            Family::Form => match self.media_type_value(media, &at) {
                // A form that is written already.
                Type::Text(TextFormat::Plain) => ContentKind::Text,
                ty => ContentKind::Form(ty, self.form_encodings(&media.value)),
            },
            Family::Multipart => self.parts(media, operation),
            Family::Text | Family::Events => ContentKind::Text,
            // Values one after the other, of which nobody has to hold all: `RequestBody::json_lines` writes them.
            Family::Bytes | Family::Lines | Family::Sequence => ContentKind::Bytes,
        };
        let example = media.value.examples.iter().find_map(|example| example.value.as_ref());
        let example = example.map(Node::to_json);
        Content { media_type: media.name.clone(), kind, example }
    }

    fn media_type_value(&mut self, media: &Named<MediaType>, at: &Use) -> Type {
        match &media.value.schema {
            Some(schema) => self.ty(schema, at),
            None => Type::Any,
        }
    }

    /// What an answer with a status can hold. HTTP gives some no body, whatever the description says (RFC 9110 §6.4.1).
    pub(super) fn answer_bodies(
        &mut self,
        method: Method,
        status: StatusKey,
        response: &model::Response,
        operation: &str,
        role: &str,
    ) -> Vec<Body> {
        let has_none = method == Method::Head || matches!(status, StatusKey::Code(204 | 205 | 304));
        if has_none {
            for media in &response.content {
                self.not_generated(
                    media.place,
                    format!("`{}` of an answer that has no body is not generated", media.name),
                    "HTTP allows no body here (RFC 9110 §6.4.1)",
                );
            }
            return Vec::new();
        }
        let mut bodies: Vec<Body> = Vec::new();
        for media in &response.content {
            let role =
                if bodies.is_empty() { role.to_owned() } else { format!("{} {role}", short(&media.name)) };
            let kind = self.body_kind(media, &Use::of_operation(operation, &role));
            bodies.push(Body { media_type: media.name.clone(), kind });
        }
        bodies
    }

    fn body_kind(&mut self, media: &Named<MediaType>, at: &Use) -> BodyKind {
        let schema = media.value.schema.as_ref().and_then(|schema| self.schema(schema));
        match family(&media.name, schema) {
            Family::Json => BodyKind::Json(self.media_type_value(media, at)),
            Family::Text | Family::Form => BodyKind::Text,
            Family::Bytes | Family::Multipart => BodyKind::Bytes,
            Family::Events => match self.event(media, at) {
                // Data without a schema is text, as is data that is described as a string.
                Type::Any | Type::Text(TextFormat::Plain) => BodyKind::Events(None),
                ty => BodyKind::Events(Some(ty)),
            },
            Family::Lines => BodyKind::Lines(self.line(media, at)),
            Family::Sequence => BodyKind::Sequence(self.line(media, at)),
        }
    }

    /// The items of a stream that is described as an array, else what is described.
    fn item(&mut self, media: &Named<MediaType>, at: &Use) -> Type {
        match self.media_type_value(media, at) {
            Type::Array(item) => *item,
            ty => ty,
        }
    }

    /// As [`item`](Self::item); data of which nothing is said is text, which has no name.
    fn event(&mut self, media: &Named<MediaType>, at: &Use) -> Type {
        let ty = self.item(media, at);
        let Some(whole) = &media.value.schema else { return ty };
        let item = self.schema(whole).and_then(|schema| schema.items.as_ref());
        self.without_name(item.unwrap_or(whole), ty)
    }

    /// As [`item`](Self::item); who describes the whole stream as a string says nothing about its lines.
    fn line(&mut self, media: &Named<MediaType>, at: &Use) -> Type {
        match self.item(media, at) {
            Type::Text(TextFormat::Plain) => Type::Any,
            ty => ty,
        }
    }
}

/// Whether a second content of JSON says the same as one that is there, under a looser name for JSON.
fn is_synonym(known: &Content, content: &Content) -> bool {
    let is_loose = matches!(
        essence(&content.media_type).as_str(),
        "application/json" | "text/json" | "text/plain" | "application/*+json" | "application/*" | "*/*"
    );
    is_loose
        && matches!((&known.kind, &content.kind), (ContentKind::Json(known), ContentKind::Json(ty)) if known == ty)
}

/// Whether a media type is JSON: `application/json`, or one with the suffix `+json` (RFC 6839 §3.1). `*/*` is taken for it.
pub(super) fn is_json(media_type: &str) -> bool {
    matches!(family(media_type, None), Family::Json)
}

/// Whether a body of a media type has a structure that a schema describes: JSON, and the fields of a form.
pub(super) fn is_structured(media_type: &str, schema: Option<&Schema>) -> bool {
    matches!(
        family(media_type, schema),
        Family::Json | Family::Form | Family::Multipart | Family::Lines | Family::Sequence | Family::Events
    )
}

/// The type and subtype, in lower case.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The subtype, for names.
pub(super) fn short(media_type: &str) -> String {
    let essence = essence(media_type);
    essence.split_once('/').map_or(essence.clone(), |(_, subtype)| subtype.replace('*', "any"))
}

/// How a media type is carried. The schema decides where the name leaves it open, and what is binary is bytes in any case.
fn family(media_type: &str, schema: Option<&Schema>) -> Family {
    let essence = essence(media_type);
    let (kind, subtype) = essence.split_once('/').unwrap_or((essence.as_str(), ""));
    let is_structure = schema.is_some_and(|schema| {
        let is = |ty| schema.types.contains(&ty);
        is(SchemaType::Object)
            || is(SchemaType::Array)
            || !schema.properties.is_empty()
            || !schema.all_of.is_empty()
    });
    match (kind, subtype) {
        ("multipart", _) => Family::Multipart,
        ("text", "event-stream") => Family::Events,
        (_, "jsonl" | "x-jsonl" | "jsonlines" | "x-jsonlines" | "json-lines" | "x-ndjson" | "ndjson")
        | ("application", "stream+json" | "x-json-stream" | "json-stream") => Family::Lines,
        (_, "json-seq" | "geo+json-seq") => Family::Sequence,
        _ if schema.is_some_and(is_binary) => Family::Bytes,
        ("application", "x-www-form-urlencoded") => Family::Form,
        ("application" | "text", "json") => Family::Json,
        (_, subtype) if subtype.ends_with("+json") => Family::Json,
        (
            "application" | "text",
            "xml" | "x-yaml" | "yaml" | "javascript" | "graphql" | "sql" | "jwt" | "toml",
        ) => Family::Text,
        (_, subtype) if subtype.ends_with("+xml") || subtype.ends_with("+yaml") => Family::Text,
        // A structure as plain text has no other form that anybody agrees on.
        ("text", "plain" | "*") if is_structure => Family::Json,
        ("text", _) => Family::Text,
        ("*", "*") | ("application", "*") if schema.is_some() || kind == "*" => Family::Json,
        _ if is_structure
            && !matches!(kind, "image" | "audio" | "video" | "font")
            && subtype != "octet-stream" =>
        {
            Family::Json
        }
        _ => Family::Bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_media_type_is_of_a_family() {
        for (media_type, expected) in [
            ("application/json", Family::Json),
            ("Application/JSON; charset=utf-8", Family::Json),
            ("application/problem+json", Family::Json),
            ("text/json", Family::Json),
            ("*/*", Family::Json),
            ("application/x-www-form-urlencoded", Family::Form),
            ("multipart/form-data", Family::Multipart),
            ("multipart/mixed; boundary=x", Family::Multipart),
            ("text/event-stream", Family::Events),
            ("application/x-ndjson", Family::Lines),
            ("application/jsonl", Family::Lines),
            ("application/json-seq", Family::Sequence),
            ("application/xml", Family::Text),
            ("application/atom+xml", Family::Text),
            ("text/csv", Family::Text),
            ("application/yaml", Family::Text),
            ("application/octet-stream", Family::Bytes),
            ("image/*", Family::Bytes),
            ("nonsense", Family::Bytes),
        ] {
            assert_eq!(family(media_type, None), expected, "{media_type}");
        }
    }
}
