//! Schemas: each one parsed once, however often it is referred to.

use super::{ExternalDocs, Located, Named};
use crate::source::{FileId, Node, Place};

/// Names a schema of a [`SchemaStore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub(crate) u32);

/// A use of a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaRef {
    /// The schema, all `$ref`s followed.
    pub id: SchemaId,
    /// Where it is used: the `$ref`, or the schema itself when it is written in place.
    pub place: Place,
    /// Whether it was reached by a `$ref`.
    pub by_reference: bool,
}

/// All schemas of a description, in the order in which they were first reached.
#[derive(Debug, Default)]
pub struct SchemaStore {
    pub(crate) schemas: Vec<Schema>,
}

impl SchemaStore {
    /// The schema; every [`SchemaId`] of this store names one.
    #[must_use]
    pub fn get(&self, id: SchemaId) -> Option<&Schema> {
        self.schemas.get(usize::try_from(id.0).ok()?)
    }

    /// All of them with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        (0..).map(SchemaId).zip(&self.schemas)
    }
}

/// Where a schema is defined, which decides its name and identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaOrigin {
    /// The file.
    pub file: FileId,
    /// JSON Pointer inside the file.
    pub pointer: String,
    /// The key in `components/schemas` of the root document when it is named there (also through a `$ref`), else the
    /// key in `components/schemas`, `$defs` or `definitions` of another file, else the stem of a file that is the schema.
    pub name: Option<String>,
}

/// The types of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaType {
    /// `null` (3.1).
    Null,
    /// `boolean`.
    Boolean,
    /// `integer`.
    Integer,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `array`.
    Array,
    /// `object`.
    Object,
}

/// A schema (OpenAPI 3.0.4 §4.7.24), references resolved.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The whole object.
    pub place: Place,
    /// Where it is defined.
    pub origin: SchemaOrigin,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `type`; empty when absent.
    pub types: Vec<SchemaType>,
    /// `nullable`, or `null` among the types.
    pub nullable: bool,
    /// `format`.
    pub format: Option<Located<String>>,
    /// `enum`.
    pub values: Option<Vec<Node>>,
    /// `x-enum-varnames`; as long as `values`, else reported and dropped.
    pub value_names: Vec<String>,
    /// `x-enum-descriptions`; likewise.
    pub value_descriptions: Vec<String>,
    /// `default`.
    pub default: Option<Node>,
    /// `example` and (3.1) `examples`.
    pub examples: Vec<Node>,
    /// `properties`, in order.
    pub properties: Vec<Property>,
    /// `required`.
    pub required: Vec<Located<String>>,
    /// `additionalProperties`.
    pub additional_properties: AdditionalProperties,
    /// `items`.
    pub items: Option<SchemaRef>,
    /// `allOf`.
    pub all_of: Vec<SchemaRef>,
    /// `oneOf`.
    pub one_of: Vec<SchemaRef>,
    /// `anyOf`.
    pub any_of: Vec<SchemaRef>,
    /// `not`.
    pub not: Option<SchemaRef>,
    /// `discriminator`.
    pub discriminator: Option<Discriminator>,
    /// `x-ms-discriminator-value`: what stands for the schema in the discriminator of its base.
    pub discriminator_value: Option<String>,
    /// Ranges, lengths, patterns.
    pub bounds: Bounds,
    /// `readOnly`.
    pub read_only: bool,
    /// `writeOnly`.
    pub write_only: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// Whether `xml` is given.
    pub xml: Option<Place>,
    /// `x-clientsmith-secret`.
    pub secret: bool,
    /// `x-clientsmith-rust-name`.
    pub rust_name: Option<Located<String>>,
    /// `x-clientsmith-rust-type`.
    pub rust_type: Option<Located<String>>,
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its key.
    pub name: String,
    /// Where the key stands.
    pub place: Place,
    /// Its schema.
    pub schema: SchemaRef,
}

/// What `additionalProperties` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AdditionalProperties {
    /// Nothing: other properties may come.
    #[default]
    Unstated,
    /// `true` or `{}`.
    Allowed,
    /// `false`.
    Forbidden,
    /// A schema.
    Typed(SchemaRef),
}

/// How a union says which of its members a value is (OpenAPI 3.0.4 §4.7.25).
#[derive(Clone, Debug)]
pub struct Discriminator {
    /// The whole object.
    pub place: Place,
    /// `propertyName`.
    pub property: String,
    /// `mapping`: the value, and the schema it names.
    pub mapping: Vec<Named<SchemaRef>>,
}

/// Ranges, lengths and patterns; numbers keep their text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// `minimum`.
    pub minimum: Option<String>,
    /// Whether `minimum` itself is excluded.
    pub exclusive_minimum: bool,
    /// `maximum`.
    pub maximum: Option<String>,
    /// Whether `maximum` itself is excluded.
    pub exclusive_maximum: bool,
    /// `multipleOf`.
    pub multiple_of: Option<String>,
    /// `minLength`.
    pub min_length: Option<u64>,
    /// `maxLength`.
    pub max_length: Option<u64>,
    /// `pattern`.
    pub pattern: Option<String>,
    /// `minItems`.
    pub min_items: Option<u64>,
    /// `maxItems`.
    pub max_items: Option<u64>,
    /// `uniqueItems`.
    pub unique_items: bool,
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
}
