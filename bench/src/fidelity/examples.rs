//! All examples of a document, each with the schema that it is an example of.

use std::collections::BTreeSet;

use clientsmith_generator::model::{
    Document, Example, MediaType, Named, Operation, ParameterShape, SchemaId, SchemaRef, StatusKey,
};
use clientsmith_generator::source::{Node, Place};

/// Which way the values go that an example stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Only from the client to the server.
    Sent,
    /// Only from the server to the client.
    Answered,
    /// Any: the example of a schema.
    Any,
}

/// An example with its schema.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What it is an example of.
    pub(super) label: String,
    /// Where it stands.
    pub(super) place: Place,
    pub(super) json: String,
    pub(super) schema: SchemaId,
    pub(super) way: Way,
    /// Whether it is a body of another media type than JSON.
    pub(super) is_plain: bool,
}

/// Finds all examples. One that is reached several ways, as that of a shared response, counts once.
pub(super) fn find(document: &Document) -> Vec<Found> {
    let mut search = Search { found: Vec::new(), seen: BTreeSet::new() };
    document.operations.iter().for_each(|operation| search.operation(operation));
    for (id, schema) in document.schemas.iter() {
        let is_plain = is_of_plain_body(&schema.origin.pointer);
        for node in &schema.examples {
            search.add(format!("schema {}", schema.origin.pointer), node, id, Way::Any, is_plain);
        }
    }
    search.found
}

/// Whether a schema is written in place in a body that is not JSON.
fn is_of_plain_body(pointer: &str) -> bool {
    let media_type = pointer.split_once("/content/").and_then(|(_, rest)| rest.split('/').next());
    media_type.is_some_and(|media_type| !media_type.contains("json"))
}

struct Search {
    found: Vec<Found>,
    seen: BTreeSet<(Place, SchemaId, Way)>,
}

impl Search {
    fn operation(&mut self, operation: &Operation) {
        let name = match &operation.operation_id {
            Some(id) => id.value.clone(),
            None => format!("{:?} {}", operation.method, operation.path.value),
        };
        for parameter in &operation.parameters {
            let label = format!("{name} parameter {}", parameter.name.value);
            self.valued(&label, &parameter.shape, &parameter.examples, Way::Sent);
        }
        for media in operation.request_body.iter().flat_map(|body| &body.content) {
            self.media(&format!("{name} request"), media, Way::Sent);
        }
        for (key, response) in &operation.responses {
            let label = match key {
                StatusKey::Code(status) => format!("{name} response {status}"),
                StatusKey::Range(digit) => format!("{name} response {digit}XX"),
                StatusKey::Default => format!("{name} response default"),
            };
            for header in &response.headers {
                let label = format!("{label} header {}", header.name);
                self.valued(&label, &header.value.shape, &header.value.examples, Way::Answered);
            }
            response.content.iter().for_each(|media| self.media(&label, media, Way::Answered));
        }
    }

    /// The examples of a parameter or header.
    fn valued(&mut self, label: &str, shape: &ParameterShape, examples: &[Example], way: Way) {
        match shape {
            ParameterShape::Schema { schema, .. } => {
                self.examples(label, schema.as_ref(), examples, way, false)
            }
            ParameterShape::Content(media) => {
                self.examples(label, media.value.schema.as_ref(), examples, way, false);
                self.media(label, media, way);
            }
        }
    }

    fn media(&mut self, label: &str, media: &Named<MediaType>, way: Way) {
        let label = format!("{label} {}", media.name);
        let is_plain = !media.name.contains("json");
        self.examples(&label, media.value.schema.as_ref(), &media.value.examples, way, is_plain);
    }

    fn examples(
        &mut self,
        label: &str,
        schema: Option<&SchemaRef>,
        examples: &[Example],
        way: Way,
        is_plain: bool,
    ) {
        // Without a schema there is nothing that it could be valid against.
        let Some(schema) = schema else { return };
        for example in examples {
            if let Some(node) = &example.value {
                let label = format!("{label} {}", example.name).trim_end().to_owned();
                self.add(label, node, schema.id, way, is_plain);
            }
        }
    }

    fn add(&mut self, label: String, node: &Node, schema: SchemaId, way: Way, is_plain: bool) {
        if self.seen.insert((node.place, schema, way)) {
            self.found.push(Found { label, place: node.place, json: node.to_json(), schema, way, is_plain });
        }
    }
}
