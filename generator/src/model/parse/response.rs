//! Responses.

use super::Parser;
use super::reader::Part;
use crate::model::Response;
use crate::model::keywords;

impl<'tree> Parser<'tree, '_> {
    pub(super) fn response(&mut self, part: &Part<'tree>) -> Option<Response> {
        let read = Self::response_itself;
        let (response, component) = self.shared(part, |parser| &mut parser.responses, read)?;
        Some(Response { component, ..response })
    }

    fn response_itself(&mut self, part: &Part<'tree>) -> Option<Response> {
        let fields = self.fields(part, &keywords::RESPONSE)?;
        Some(Response {
            place: fields.place,
            description: self.expected_text(&fields, "description"),
            headers: self.named(&fields, "headers", Self::header),
            content: self.content(&fields),
            links: self.named(&fields, "links", Self::link),
            component: None,
        })
    }
}
