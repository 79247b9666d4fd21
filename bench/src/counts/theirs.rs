//! What a document holds as `openapiv3` reads it.
//!
//! All of the document is noted first: each part by its JSON Pointer, with the parts in it. What is counted is then what
//! the roots reach, references followed by their pointers.

use std::collections::{BTreeSet, HashMap};

use openapiv3::{
    AdditionalProperties, AnySchema, Callback, Header, MediaType, OpenAPI, Operation, Parameter,
    ParameterSchemaOrContent, PathItem, ReferenceOr, RequestBody, Response, Schema, SchemaKind, Type,
};
use percent_encoding::percent_decode_str;

use super::Counts;

/// How many references may lead from one to the next.
const MAX_CHAIN: usize = 16;

/// A part of the document.
#[derive(Debug)]
enum Part<'a> {
    Reference(&'a str),
    Schema,
    Parameter(&'a Parameter),
    Other,
}

/// All parts of a document.
#[derive(Debug, Default)]
struct Parts<'a> {
    parts: HashMap<String, (Part<'a>, Vec<String>)>,
}

/// What `openapiv3` finds.
pub(super) fn counts(document: &OpenAPI) -> Counts {
    let mut parts = Parts::default();
    let mut roots = Vec::new();
    if let Some(components) = &document.components {
        roots.extend(parts.map("/components/schemas", &components.schemas, Parts::schema));
        parts.map("/components/parameters", &components.parameters, Parts::parameter);
        parts.map("/components/headers", &components.headers, Parts::header);
        parts.map("/components/responses", &components.responses, Parts::response);
        parts.map("/components/requestBodies", &components.request_bodies, Parts::request_body);
    }
    for (path, item) in &document.paths.paths {
        parts.path_item(below("/paths", path), item);
    }
    let mut counts = Counts::default();
    for path in document.paths.paths.keys() {
        let at = below("/paths", path);
        let Some(at) = parts.resolved(&at) else { continue };
        let Some(item) = path_item(document, &at) else { continue };
        for (method, _) in item.iter() {
            counts.operations += 1;
            counts.parameters += parts.effective(&at, &below(&at, method)).len();
        }
        roots.push(at);
    }
    counts.schemas = parts.reached(roots);
    counts
}

/// The path item that a pointer names.
fn path_item<'a>(document: &'a OpenAPI, pointer: &str) -> Option<&'a PathItem> {
    let key = pointer.strip_prefix("/paths/")?.replace("~1", "/").replace("~0", "~");
    document.paths.paths.get(&key)?.as_item()
}

impl<'a> Parts<'a> {
    fn note(&mut self, at: String, part: Part<'a>, children: Vec<String>) {
        self.parts.insert(at, (part, children));
    }

    /// Notes a part that may be a reference, and gives its pointer.
    fn item<T>(
        &mut self,
        at: String,
        item: &'a ReferenceOr<T>,
        note: impl FnOnce(&mut Self, String, &'a T),
    ) -> String {
        match item {
            ReferenceOr::Reference { reference } => {
                self.note(at.clone(), Part::Reference(reference), Vec::new());
            }
            ReferenceOr::Item(item) => note(self, at.clone(), item),
        }
        at
    }

    fn map<T: 'a>(
        &mut self,
        at: &str,
        items: impl IntoIterator<Item = (&'a String, &'a ReferenceOr<T>)>,
        note: fn(&mut Self, String, &'a T),
    ) -> Vec<String> {
        items.into_iter().map(|(key, item)| self.item(below(at, key), item, note)).collect()
    }

    fn list<T>(
        &mut self,
        at: &str,
        items: &'a [ReferenceOr<T>],
        note: fn(&mut Self, String, &'a T),
    ) -> Vec<String> {
        items.iter().enumerate().map(|(index, item)| self.item(format!("{at}/{index}"), item, note)).collect()
    }

    fn path_item(&mut self, at: String, item: &'a ReferenceOr<PathItem>) -> String {
        self.item(at, item, |parts, at, item| {
            let mut children = parts.list(&below(&at, "parameters"), &item.parameters, Self::parameter);
            for (method, operation) in item.iter() {
                children.push(parts.operation(below(&at, method), operation));
            }
            parts.note(at, Part::Other, children);
        })
    }

    fn operation(&mut self, at: String, operation: &'a Operation) -> String {
        let mut children = self.list(&below(&at, "parameters"), &operation.parameters, Self::parameter);
        if let Some(body) = &operation.request_body {
            children.push(self.item(below(&at, "requestBody"), body, Self::request_body));
        }
        let responses = below(&at, "responses");
        if let Some(default) = &operation.responses.default {
            children.push(self.item(below(&responses, "default"), default, Self::response));
        }
        for (status, response) in &operation.responses.responses {
            children.push(self.item(below(&responses, &status.to_string()), response, Self::response));
        }
        for (name, callback) in &operation.callbacks {
            children.extend(self.callback(&below(&below(&at, "callbacks"), name), callback));
        }
        self.note(at.clone(), Part::Other, children);
        at
    }

    fn callback(&mut self, at: &str, callback: &'a Callback) -> Vec<String> {
        let mut children = Vec::new();
        for (expression, item) in callback {
            let at = below(at, expression);
            for (method, operation) in item.iter() {
                // Those of the path item belong to its operations.
                children.extend(self.list(&below(&at, "parameters"), &item.parameters, Self::parameter));
                children.push(self.operation(below(&at, method), operation));
            }
        }
        children
    }

    fn parameter(&mut self, at: String, parameter: &'a Parameter) {
        let children = self.format(&at, &parameter.parameter_data_ref().format);
        self.note(at, Part::Parameter(parameter), children);
    }

    fn header(&mut self, at: String, header: &'a Header) {
        let children = self.format(&at, &header.format);
        self.note(at, Part::Other, children);
    }

    fn format(&mut self, at: &str, format: &'a ParameterSchemaOrContent) -> Vec<String> {
        match format {
            ParameterSchemaOrContent::Schema(schema) => {
                vec![self.item(below(at, "schema"), schema, Self::schema)]
            }
            ParameterSchemaOrContent::Content(content) => self.content(at, content),
        }
    }

    fn content(
        &mut self,
        at: &str,
        content: impl IntoIterator<Item = (&'a String, &'a MediaType)>,
    ) -> Vec<String> {
        let at = below(at, "content");
        let mut children = Vec::new();
        for (name, media_type) in content {
            let at = below(&at, name);
            if let Some(schema) = &media_type.schema {
                children.push(self.item(below(&at, "schema"), schema, Self::schema));
            }
            for (property, encoding) in &media_type.encoding {
                let at = below(&below(&below(&at, "encoding"), property), "headers");
                children.extend(self.map(&at, &encoding.headers, Self::header));
            }
        }
        children
    }

    fn response(&mut self, at: String, response: &'a Response) {
        let mut children = self.map(&below(&at, "headers"), &response.headers, Self::header);
        children.extend(self.content(&at, &response.content));
        self.note(at, Part::Other, children);
    }

    fn request_body(&mut self, at: String, body: &'a RequestBody) {
        let children = self.content(&at, &body.content);
        self.note(at, Part::Other, children);
    }

    fn schema(&mut self, at: String, schema: &'a Schema) {
        let children = match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => {
                let mut children = self.properties(&at, &object.properties);
                children.extend(self.additional(&at, object.additional_properties.as_ref()));
                children
            }
            SchemaKind::Type(Type::Array(array)) => array
                .items
                .iter()
                .map(|items| {
                    self.item(below(&at, "items"), items, |parts, at, schema| parts.schema(at, schema))
                })
                .collect(),
            SchemaKind::Type(_) => Vec::new(),
            SchemaKind::OneOf { one_of } => self.list(&below(&at, "oneOf"), one_of, Self::schema),
            SchemaKind::AllOf { all_of } => self.list(&below(&at, "allOf"), all_of, Self::schema),
            SchemaKind::AnyOf { any_of } => self.list(&below(&at, "anyOf"), any_of, Self::schema),
            SchemaKind::Not { not } => vec![self.item(below(&at, "not"), not, Self::schema)],
            SchemaKind::Any(any) => self.any(&at, any),
        };
        self.note(at, Part::Schema, children);
    }

    fn any(&mut self, at: &str, any: &'a AnySchema) -> Vec<String> {
        let mut children = self.properties(at, &any.properties);
        children.extend(self.additional(at, any.additional_properties.as_ref()));
        if let Some(items) = &any.items {
            children.push(self.item(below(at, "items"), items, |parts, at, schema| parts.schema(at, schema)));
        }
        children.extend(self.list(&below(at, "oneOf"), &any.one_of, Self::schema));
        children.extend(self.list(&below(at, "allOf"), &any.all_of, Self::schema));
        children.extend(self.list(&below(at, "anyOf"), &any.any_of, Self::schema));
        if let Some(not) = &any.not {
            children.push(self.item(below(at, "not"), not, Self::schema));
        }
        children
    }

    fn properties(
        &mut self,
        at: &str,
        properties: impl IntoIterator<Item = (&'a String, &'a ReferenceOr<Box<Schema>>)>,
    ) -> Vec<String> {
        let at = below(at, "properties");
        properties
            .into_iter()
            .map(|(name, property)| {
                self.item(below(&at, name), property, |parts, at, schema| parts.schema(at, schema))
            })
            .collect()
    }

    fn additional(&mut self, at: &str, additional: Option<&'a AdditionalProperties>) -> Option<String> {
        match additional? {
            // `{}` says what `true` says.
            AdditionalProperties::Any(_) => None,
            AdditionalProperties::Schema(schema) if **schema == ReferenceOr::Item(empty()) => None,
            AdditionalProperties::Schema(schema) => {
                Some(self.item(below(at, "additionalProperties"), schema, Self::schema))
            }
        }
    }

    /// Where a chain of references that begins at a pointer ends.
    fn resolved(&self, at: &str) -> Option<String> {
        let mut at = at.to_owned();
        for _ in 0..MAX_CHAIN {
            match self.parts.get(&at)? {
                (Part::Reference(reference), _) => {
                    at = percent_decode_str(reference.strip_prefix('#')?).decode_utf8_lossy().into_owned()
                }
                _ => return Some(at),
            }
        }
        None
    }

    /// The name and location of each parameter of an operation, those of its path item among them.
    fn effective(&self, item: &str, operation: &str) -> BTreeSet<(u8, String)> {
        let own = [item, operation]
            .into_iter()
            .filter_map(|at| self.parts.get(at))
            .flat_map(|(_, children)| children);
        let resolved = own.filter_map(|at| self.parts.get(&self.resolved(at)?));
        resolved
            .filter_map(|(part, _)| match part {
                Part::Parameter(parameter) => Some(identity(parameter)),
                _ => None,
            })
            .collect()
    }

    /// How many schemas the parts with those pointers reach.
    fn reached(&self, mut open: Vec<String>) -> usize {
        let mut reached = BTreeSet::new();
        let mut schemas = 0;
        while let Some(at) = open.pop() {
            let Some(at) = self.resolved(&at) else { continue };
            let Some((part, children)) = self.parts.get(&at) else { continue };
            if reached.insert(at) {
                schemas += usize::from(matches!(part, Part::Schema));
                open.extend(children.iter().cloned());
            }
        }
        schemas
    }
}

/// What makes a parameter another one (OpenAPI 3.0.4 §4.7.12); names of headers have no case.
fn identity(parameter: &Parameter) -> (u8, String) {
    let name = &parameter.parameter_data_ref().name;
    match parameter {
        Parameter::Query { .. } => (0, name.clone()),
        Parameter::Header { .. } => (1, name.to_ascii_lowercase()),
        Parameter::Path { .. } => (2, name.clone()),
        Parameter::Cookie { .. } => (3, name.clone()),
    }
}

fn empty() -> Schema {
    Schema { schema_data: Default::default(), schema_kind: SchemaKind::Any(AnySchema::default()) }
}

/// The pointer of a member (RFC 6901 §3).
fn below(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}
