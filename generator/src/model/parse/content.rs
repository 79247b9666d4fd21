//! Bodies: request bodies, media types, encodings, examples.

use super::Parser;
use super::reader::{Fields, Member, Part};
use crate::model::keywords::{self, Verdict};
use crate::model::{Encoding, Example, MediaType, Named, ParameterLocation, RequestBody};

impl<'tree> Parser<'tree, '_> {
    pub(super) fn request_body(&mut self, part: &Part<'tree>) -> Option<RequestBody> {
        let read = Self::request_body_itself;
        let (body, component) = self.shared(part, |parser| &mut parser.request_bodies, read)?;
        Some(RequestBody { component, ..body })
    }

    fn request_body_itself(&mut self, part: &Part<'tree>) -> Option<RequestBody> {
        let fields = self.fields(part, &keywords::REQUEST_BODY)?;
        if fields.get("content").is_none() {
            self.incomplete(&fields, "content", "the body has no media type then");
        }
        Some(RequestBody {
            place: fields.place,
            description: self.text(&fields, "description"),
            required: self.flag(&fields, "required"),
            content: self.content(&fields),
            component: None,
        })
    }

    /// `content` of a body.
    pub(super) fn content(&mut self, fields: &Fields<'tree>) -> Vec<Named<MediaType>> {
        self.named(fields, "content", Self::media_type)
    }

    pub(super) fn media_type(&mut self, part: &Part<'tree>) -> Option<MediaType> {
        if part.is_null() {
            let place = part.node.place;
            return Some(MediaType { place, schema: None, examples: Vec::new(), encoding: Vec::new() });
        }
        let fields = self.fields(part, &keywords::MEDIA_TYPE)?;
        Some(MediaType {
            place: fields.place,
            schema: fields.part("schema").and_then(|part| self.schema_ref(&part)),
            examples: self.examples(&fields),
            encoding: self.named(&fields, "encoding", Self::encoding),
        })
    }

    fn encoding(&mut self, part: &Part<'tree>) -> Option<Encoding> {
        let fields = self.fields(part, &keywords::ENCODING)?;
        Some(Encoding {
            place: fields.place,
            content_type: self.text(&fields, "contentType"),
            headers: self.named(&fields, "headers", Self::header),
            style: self.style(&fields, Some(ParameterLocation::Query)),
            explode: self.boolean(&fields, "explode"),
            allow_reserved: self.flag(&fields, "allowReserved"),
        })
    }

    /// `example` and `examples` of any object.
    pub(super) fn examples(&mut self, fields: &Fields<'tree>) -> Vec<Example> {
        let mut examples = Vec::new();
        if let Some(node) = fields.get_or_null("example") {
            let value = Some(node.clone());
            examples.push(Example { name: String::new(), place: node.place, summary: None, value });
        }
        match fields.get("examples") {
            Some(node) if node.as_object().is_none() => {
                let message = format!("`examples` must be an object, and this is {}", node.kind());
                self.deviation(node.place, message, "the examples are left out");
            }
            _ => {
                for member in self.map(fields, "examples") {
                    examples.extend(self.example(&member));
                }
            }
        }
        examples
    }

    fn example(&mut self, member: &Member<'tree>) -> Option<Example> {
        let part = self.resolve(&member.part)?.part;
        let is_example = part.node.as_object().is_some_and(|object| {
            object.is_empty()
                || object
                    .entries()
                    .any(|entry| keywords::EXAMPLE.judge(&entry.key, self.version) == Verdict::Known)
        });
        let name = member.name.to_owned();
        if !is_example {
            let message = "an example is an object with the key `value`, and this has no key of one";
            self.deviation(part.node.place, message, "it is taken for the value itself");
            let value = Some(part.node.clone());
            return Some(Example { name, place: part.node.place, summary: None, value });
        }
        let fields = self.fields(&part, &keywords::EXAMPLE)?;
        Some(Example {
            name,
            place: fields.place,
            summary: self.text(&fields, "summary"),
            value: fields.get_or_null("value").cloned(),
        })
    }
}
