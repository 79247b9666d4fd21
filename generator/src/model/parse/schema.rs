//! Schemas: noted where they are used, each read once, one after the other.

use std::collections::{BTreeMap, VecDeque};

use super::Parser;
use super::reader::{Fields, Member, Part, PartId};
use super::resolve::{Resolved, unescape};
use crate::diagnostics::Code;
use crate::model::keywords::{self, Version};
use crate::model::{
    AdditionalProperties, Bounds, Discriminator, Named, Property, Schema, SchemaId, SchemaOrigin, SchemaRef,
    SchemaStore, SchemaType,
};
use crate::source::{Node, Place, Value, closest};

/// The types by the values of `type`.
const TYPES: [(&str, SchemaType); 7] = [
    ("null", SchemaType::Null),
    ("boolean", SchemaType::Boolean),
    ("integer", SchemaType::Integer),
    ("number", SchemaType::Number),
    ("string", SchemaType::String),
    ("array", SchemaType::Array),
    ("object", SchemaType::Object),
];

/// The schemas that have been reached.
#[derive(Debug, Default)]
pub(super) struct Schemas<'tree> {
    ids: BTreeMap<PartId, SchemaId>,
    /// Those that have not been read, in the order of their ids.
    unread: VecDeque<Part<'tree>>,
    /// The schemas that have a key in `components/schemas` of the root document, also through references.
    names: BTreeMap<PartId, String>,
    /// Where that is.
    components: Option<Part<'tree>>,
}

impl<'tree> Schemas<'tree> {
    fn id(&mut self, part: Part<'tree>) -> SchemaId {
        let next = SchemaId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        *self.ids.entry(part.id()).or_insert_with(|| {
            self.unread.push_back(part);
            next
        })
    }
}

impl<'tree> Parser<'tree, '_> {
    /// Notes which schemas are named in `components/schemas`. One that stands there itself has that name, whatever other
    /// keys refer to it.
    pub(super) fn name_schemas(&mut self, components: &Fields<'tree>) {
        let Some(schemas) = components.part("schemas") else { return };
        let is_alias = |member: &Member<'_>| member.part.child("$ref").is_some();
        let (aliases, own): (Vec<_>, Vec<_>) = schemas.members().into_iter().flatten().partition(is_alias);
        self.schemas.components = Some(schemas);
        for member in own {
            self.schemas.names.insert(member.part.id(), member.name.to_owned());
        }
        for member in aliases {
            if let Some(resolved) = self.resolve(&member.part) {
                self.schemas.names.entry(resolved.part.id()).or_insert_with(|| member.name.to_owned());
            }
        }
    }

    /// The use of a schema, which may be a reference.
    pub(super) fn schema_ref(&mut self, part: &Part<'tree>) -> Option<SchemaRef> {
        let resolved = self.resolve(part)?;
        Some(self.schema_use(resolved))
    }

    fn schema_use(&mut self, resolved: Resolved<'tree>) -> SchemaRef {
        let place = resolved.reference.unwrap_or(resolved.part.node.place);
        SchemaRef { id: self.schemas.id(resolved.part), place, by_reference: resolved.reference.is_some() }
    }

    /// Reads all schemas that were reached, and those that they reach.
    pub(super) fn schemas(&mut self) -> SchemaStore {
        let mut store = SchemaStore::default();
        while let Some(part) = self.schemas.unread.pop_front() {
            let schema = self.schema(&part);
            store.schemas.push(schema);
        }
        store
    }

    fn schema(&mut self, part: &Part<'tree>) -> Schema {
        let origin = self.origin(part);
        let mut schema = Schema::empty(part.node.place, origin);
        if let Some(fields) = self.fields(part, &keywords::SCHEMA) {
            self.read_annotations(&fields, &mut schema);
            self.read_types(&fields, &mut schema);
            self.read_values(&fields, &mut schema);
            self.read_structure(&fields, &mut schema);
            schema.bounds = self.bounds(&fields);
        }
        schema
    }

    fn origin(&self, part: &Part<'tree>) -> SchemaOrigin {
        let (file, pointer) = part.id();
        let name = self.schemas.names.get(&part.id()).cloned().or_else(|| {
            if pointer.is_empty() && file != self.tree.root() {
                let stem = self.tree.file(file)?.path.file_stem()?;
                return Some(stem.to_string_lossy().into_owned());
            }
            definition_key(&pointer)
        });
        SchemaOrigin { file, pointer, name }
    }

    fn read_annotations(&mut self, fields: &Fields<'tree>, schema: &mut Schema) {
        schema.title = self.text(fields, "title");
        schema.description = self.text(fields, "description");
        schema.default = fields.get_or_null("default").cloned();
        schema.examples.extend(fields.get_or_null("example").cloned());
        if self.since(Version::V3_1) {
            schema.examples.extend(self.each(fields, "examples", |_, item| Some(item.node.clone())));
        }
        schema.read_only = self.flag(fields, "readOnly");
        schema.write_only = self.flag(fields, "writeOnly");
        schema.deprecated = self.flag(fields, "deprecated");
        schema.external_docs = self.external_docs(fields);
        schema.xml = fields.get("xml").map(|node| node.place);
        schema.secret = self.flag(fields, "x-clientsmith-secret");
        schema.rust_name = self.rust_name(fields);
        schema.rust_type = self.rust_type(fields);
    }

    fn read_types(&mut self, fields: &Fields<'tree>, schema: &mut Schema) {
        schema.format = self.located_text(fields, "format");
        schema.nullable = !self.since(Version::V3_1) && self.flag(fields, "nullable");
        let Some(node) = fields.get("type") else { return };
        let listed = match node.as_array() {
            Some(items) => {
                if !self.since(Version::V3_1) {
                    let message = "`type` is a list, which OpenAPI 3.0 does not have";
                    self.deviation(node.place, message, "it is read as OpenAPI 3.1 means it");
                }
                items
            }
            None => std::slice::from_ref(node),
        };
        for item in listed {
            schema.types.extend(self.schema_type(item));
        }
        schema.nullable |= schema.types.contains(&SchemaType::Null);
    }

    fn schema_type(&mut self, node: &Node) -> Option<SchemaType> {
        let Some(text) = node.as_str() else {
            self.wrong_kind(node, "`type`", "a string");
            return None;
        };
        let found = TYPES.iter().find(|(name, _)| *name == text).map(|(_, found)| *found);
        match found {
            Some(SchemaType::Null) if !self.since(Version::V3_1) => {
                let message = "the type `null` is not one of OpenAPI 3.0";
                self.deviation(node.place, message, "it is taken for `nullable: true`");
            }
            Some(_) => {}
            None => {
                let names = TYPES.iter().map(|(name, _)| *name).filter(|name| *name != "null");
                let help = match (
                    text,
                    closest(text, names.clone())
                        .or_else(|| names.clone().find(|name| name.starts_with(text))),
                ) {
                    ("file", _) => "a file is `type: string` with `format: binary`".to_owned(),
                    (_, Some(meant)) => format!("did you mean `{meant}`?"),
                    _ => format!("one of `{}` is expected", names.collect::<Vec<_>>().join("`, `")),
                };
                self.invalid(node.place, format!("`{text}` is no type"), help);
            }
        }
        found
    }

    fn read_values(&mut self, fields: &Fields<'tree>, schema: &mut Schema) {
        if fields.get("enum").is_none() {
            return;
        }
        let values: Vec<Node> = self.each(fields, "enum", |_, item| Some(item.node.clone()));
        schema.value_names = self.words_for_values(fields, "x-enum-varnames", values.len());
        schema.value_descriptions = self.words_for_values(fields, "x-enum-descriptions", values.len());
        schema.values = Some(values);
    }

    /// A list that goes with `enum`, item by item.
    fn words_for_values(&mut self, fields: &Fields<'tree>, key: &str, count: usize) -> Vec<String> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let words =
            node.as_array().map(|items| items.iter().map(Node::scalar_text).collect::<Option<Vec<_>>>());
        match words.flatten() {
            Some(words) if words.len() == count => words,
            _ => {
                let message = format!("`{key}` is not a list of {count} texts, one for each value of `enum`");
                self.diagnostics.report(Code::Contradiction, node.place, message).help("it is ignored");
                Vec::new()
            }
        }
    }

    fn read_structure(&mut self, fields: &Fields<'tree>, schema: &mut Schema) {
        for Member { name, place, part } in self.map(fields, "properties") {
            let property = self.schema_ref(&part);
            schema.properties.extend(property.map(|schema| Property {
                name: name.to_owned(),
                place,
                schema,
            }));
        }
        schema.required = self.texts(fields, "required");
        schema.additional_properties = self.additional_properties(fields);
        schema.items = fields.part("items").and_then(|part| self.schema_ref(&part));
        schema.all_of = self.each(fields, "allOf", Self::schema_ref);
        schema.one_of = self.each(fields, "oneOf", Self::schema_ref);
        schema.any_of = self.each(fields, "anyOf", Self::schema_ref);
        schema.not = fields.part("not").and_then(|part| self.schema_ref(&part));
        schema.discriminator = self.discriminator(fields);
        schema.discriminator_value =
            fields.get("x-ms-discriminator-value").and_then(Node::as_str).map(str::to_owned);
    }

    fn additional_properties(&mut self, fields: &Fields<'tree>) -> AdditionalProperties {
        let key = "additionalProperties";
        let Some(part) = fields.part(key) else { return AdditionalProperties::Unstated };
        match part.node.as_object() {
            Some(object) if object.is_empty() => AdditionalProperties::Allowed,
            Some(_) => match self.schema_ref(&part) {
                Some(schema) => AdditionalProperties::Typed(schema),
                None => AdditionalProperties::Unstated,
            },
            None => match self.boolean(fields, key) {
                Some(true) => AdditionalProperties::Allowed,
                Some(false) => AdditionalProperties::Forbidden,
                None => AdditionalProperties::Unstated,
            },
        }
    }

    fn discriminator(&mut self, schema: &Fields<'tree>) -> Option<Discriminator> {
        let part = schema.part("discriminator")?;
        if let Some(property) = part.node.as_str() {
            let place = part.node.place;
            self.deviation(
                place,
                "`discriminator` must be an object",
                "the text is taken for its `propertyName`",
            );
            return Some(Discriminator { place, property: property.to_owned(), mapping: Vec::new() });
        }
        let fields = self.fields(&part, &keywords::DISCRIMINATOR)?;
        let mapping = self.mapping(&fields);
        let property = self.required_text(&fields, "propertyName")?.value;
        Some(Discriminator { place: fields.place, property, mapping })
    }

    /// `mapping`: each text is the name of a schema of the root document or else a reference (OpenAPI 3.0.4 §4.7.25).
    fn mapping(&mut self, discriminator: &Fields<'tree>) -> Vec<Named<SchemaRef>> {
        let components = self.schemas.components.clone();
        let file = discriminator.file;
        self.named(discriminator, "mapping", |parser, value| {
            let Some(text) = value.node.as_str() else {
                parser.wrong_kind(value.node, "a value of `mapping`", "a string");
                return None;
            };
            let place = value.node.place;
            if let Some(part) = components.as_ref().and_then(|components| components.child(text)) {
                return parser.schema_ref(&part).map(|found| SchemaRef {
                    place,
                    by_reference: true,
                    ..found
                });
            }
            let is_name = !text.contains(['/', '#']) && parser.tree.locate(file, text).is_err();
            if is_name {
                let message = format!("there is no schema `{text}` in `components/schemas`");
                let names = components.iter().filter_map(Part::members).flatten().map(|member| member.name);
                let meant = closest(text, names).map(|meant| format!("did you mean `{meant}`?"));
                let finding = parser.diagnostics.report(Code::BrokenReference, place, message);
                finding.help = meant;
                return None;
            }
            parser.resolve_text(file, text, place).map(|resolved| parser.schema_use(resolved))
        })
    }

    fn bounds(&mut self, fields: &Fields<'tree>) -> Bounds {
        let (minimum, exclusive_minimum) = self.bound(fields, "minimum", "exclusiveMinimum", |a, b| a >= b);
        let (maximum, exclusive_maximum) = self.bound(fields, "maximum", "exclusiveMaximum", |a, b| a <= b);
        Bounds {
            minimum,
            exclusive_minimum,
            maximum,
            exclusive_maximum,
            multiple_of: self.number(fields, "multipleOf"),
            min_length: self.size(fields, "minLength"),
            max_length: self.size(fields, "maxLength"),
            pattern: self.text(fields, "pattern"),
            min_items: self.size(fields, "minItems"),
            max_items: self.size(fields, "maxItems"),
            unique_items: self.flag(fields, "uniqueItems"),
            min_properties: self.size(fields, "minProperties"),
            max_properties: self.size(fields, "maxProperties"),
        }
    }

    /// A bound and whether it is itself excluded. The exclusive one is a flag in 3.0 and a number of its own since 3.1;
    /// of two numbers the tighter one counts.
    fn bound(
        &mut self,
        fields: &Fields<'tree>,
        key: &str,
        exclusive_key: &str,
        is_tighter: fn(f64, f64) -> bool,
    ) -> (Option<String>, bool) {
        let bound = self.number(fields, key);
        let Some(node) = fields.get(exclusive_key) else { return (bound, false) };
        if !matches!(node.value, Value::Number(_)) {
            return (bound, self.flag(fields, exclusive_key));
        }
        if !self.since(Version::V3_1) {
            let message = format!("`{exclusive_key}` must be a boolean in OpenAPI 3.0, and this is a number");
            self.deviation(node.place, message, "it is read as OpenAPI 3.1 means it");
        }
        let exclusive = self.number(fields, exclusive_key);
        let value = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
        match (value(&exclusive), value(&bound)) {
            (Some(exclusive), Some(bound_value)) if !is_tighter(exclusive, bound_value) => (bound, false),
            _ => (exclusive, true),
        }
    }
}

/// The key of what stands directly in `components/schemas`, `$defs` or `definitions`.
fn definition_key(pointer: &str) -> Option<String> {
    let (parent, key) = pointer.rsplit_once('/')?;
    let (grandparent, section) = parent.rsplit_once('/')?;
    let is_definition = match section {
        "schemas" => grandparent == "/components",
        // A property can have such a name too.
        "$defs" | "definitions" => !grandparent.ends_with("/properties"),
        _ => false,
    };
    is_definition.then(|| unescape(key))
}

impl Schema {
    /// A schema that says nothing.
    fn empty(place: Place, origin: SchemaOrigin) -> Self {
        Self {
            place,
            origin,
            title: None,
            description: None,
            types: Vec::new(),
            nullable: false,
            format: None,
            values: None,
            value_names: Vec::new(),
            value_descriptions: Vec::new(),
            default: None,
            examples: Vec::new(),
            properties: Vec::new(),
            required: Vec::new(),
            additional_properties: AdditionalProperties::Unstated,
            items: None,
            all_of: Vec::new(),
            one_of: Vec::new(),
            any_of: Vec::new(),
            not: None,
            discriminator: None,
            discriminator_value: None,
            bounds: Bounds::default(),
            read_only: false,
            write_only: false,
            deprecated: false,
            external_docs: None,
            xml: None,
            secret: false,
            rust_name: None,
            rust_type: None,
        }
    }
}
