//! A description, and its schemas as a page would tell them: `allOf` merged, each member of a union apart.

use std::collections::BTreeSet;
use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::model::{
    self, AdditionalProperties, Document, Operation, Schema, SchemaId, SchemaRef, SchemaType,
    SecuritySchemeKind,
};
use clientsmith_generator::source::{self, Limits, Place, Tree, Value};

/// A description that was read.
#[derive(Debug)]
pub struct Specification {
    document: Document,
}

/// So many readings of a schema are told apart: unions of unions multiply.
const MOST_VIEWS: usize = 1_000;

/// So many schemas are looked at for the readings of one; what is behind them counts as any value.
const MOST_PARTS: usize = 10_000;

/// A schema read in one way: what is valid for it is so by this.
#[derive(Clone, Debug, Default)]
pub(crate) struct View<'spec> {
    /// The types; empty when any value will do.
    pub(crate) types: Vec<SchemaType>,
    pub(crate) format: Option<&'spec str>,
    pub(crate) values: Option<Vec<String>>,
    pub(crate) default: Option<String>,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) deprecated: bool,
    pub(crate) properties: Vec<Property<'spec>>,
    pub(crate) required: BTreeSet<&'spec str>,
    /// The schemas of properties that are not named; empty where they are not described.
    pub(crate) additional: Vec<SchemaRef>,
    /// The schemas of the elements; empty where they are not described.
    pub(crate) items: Vec<SchemaRef>,
}

/// The end of a range.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) number: String,
    pub(crate) exclusive: bool,
}

/// A property of a [`View`].
#[derive(Clone, Debug)]
pub(crate) struct Property<'spec> {
    pub(crate) name: &'spec str,
    /// The place of its name.
    pub(crate) place: Place,
    /// Its schemas, of which one is enough.
    pub(crate) schemas: Vec<SchemaRef>,
}

impl Specification {
    /// Reads a description and all its files. `None` when it has errors, which are reported.
    #[must_use]
    pub fn read(path: &Path, diagnostics: &mut Diagnostics) -> Option<Self> {
        let tree = source::load(path, Limits::default(), diagnostics)?;
        let document = model::parse(&tree, diagnostics)?;
        (!diagnostics.has_errors()).then_some(Self { document })
    }

    /// A description of one file that is held in memory.
    #[must_use]
    pub fn from_text(name: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let tree = Tree::from_text(name, text, diagnostics)?;
        let document = model::parse(&tree, diagnostics)?;
        (!diagnostics.has_errors()).then_some(Self { document })
    }

    /// The operations, in the order of the description.
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.document.operations
    }

    /// Whether a schema says that its values only come back, and whether it says that they are only sent.
    pub(crate) fn one_way(&self, schemas: &[SchemaRef]) -> (bool, bool) {
        let all = |is: fn(&Schema) -> bool| {
            !schemas.is_empty()
                && schemas.iter().all(|schema| self.document.schemas.get(schema.id).is_some_and(is))
        };
        (all(|schema| schema.read_only), all(|schema| schema.write_only))
    }

    /// The headers that security schemes fill.
    pub(crate) fn security_headers(&self) -> impl Iterator<Item = &str> {
        self.document.components.security_schemes.iter().filter_map(|scheme| match &scheme.value.kind {
            SecuritySchemeKind::ApiKey { name, location: model::ParameterLocation::Header } => {
                Some(name.as_str())
            }
            _ => None,
        })
    }

    /// The ways to read these schemas, of which one is enough. No schema is any value.
    pub(crate) fn views(&self, schemas: &[SchemaRef]) -> Vec<View<'_>> {
        if schemas.is_empty() {
            return vec![View::default()];
        }
        let mut views: Vec<View<'_>> = Vec::new();
        let mut left = MOST_PARTS;
        for schema in schemas {
            views.extend(self.views_of(schema.id, &mut Vec::new(), &mut left));
            views.truncate(MOST_VIEWS);
        }
        views
    }

    /// `path` are the schemas that this one is part of, `left` is how many more are looked at.
    fn views_of(&self, id: SchemaId, path: &mut Vec<SchemaId>, left: &mut usize) -> Vec<View<'_>> {
        let schema = self.document.schemas.get(id).filter(|_| *left > 0 && !path.contains(&id));
        let Some(schema) = schema else { return vec![View::default()] };
        *left -= 1;
        path.push(id);
        let mut views = vec![View::of(schema)];
        for part in &schema.all_of {
            views = combined(&views, &self.views_of(part.id, path, left));
        }
        for members in [&schema.one_of, &schema.any_of] {
            if !members.is_empty() {
                let members: Vec<View<'_>> =
                    members.iter().flat_map(|member| self.views_of(member.id, path, left)).collect();
                views = combined(&views, &members);
            }
        }
        path.pop();
        views
    }
}

fn combined<'spec>(views: &[View<'spec>], parts: &[View<'spec>]) -> Vec<View<'spec>> {
    let pairs = views.iter().flat_map(|view| parts.iter().map(move |part| (view, part)));
    pairs.take(MOST_VIEWS).map(|(view, part)| view.clone().with(part)).collect()
}

impl<'spec> View<'spec> {
    /// What a schema says itself.
    fn of(schema: &'spec Schema) -> Self {
        let additional = match &schema.additional_properties {
            AdditionalProperties::Typed(schema) => vec![schema.clone()],
            _ => Vec::new(),
        };
        let bounds = &schema.bounds;
        let bound =
            |number: &Option<String>, exclusive| number.clone().map(|number| Bound { number, exclusive });
        let property = |property: &'spec model::Property| Property {
            name: &property.name,
            place: property.place,
            schemas: vec![property.schema.clone()],
        };
        Self {
            types: types(schema),
            format: schema.format.as_ref().map(|format| format.value.as_str()),
            values: schema
                .values
                .as_ref()
                .map(|values| values.iter().filter_map(|value| value.scalar_text()).collect()),
            // An empty text is what a page calls none.
            default: schema
                .default
                .as_ref()
                .and_then(|value| value.scalar_text())
                .filter(|text| !text.is_empty()),
            minimum: bound(&bounds.minimum, bounds.exclusive_minimum),
            maximum: bound(&bounds.maximum, bounds.exclusive_maximum),
            min_length: bounds.min_length,
            max_length: bounds.max_length,
            deprecated: schema.deprecated,
            properties: schema.properties.iter().map(property).collect(),
            required: schema.required.iter().map(|name| name.value.as_str()).collect(),
            additional,
            items: schema.items.iter().cloned().collect(),
        }
    }

    /// The view of a value that fits both, where this one is said last.
    fn with(mut self, other: &Self) -> Self {
        if self.types.is_empty() {
            self.types.clone_from(&other.types);
        }
        self.format = self.format.or(other.format);
        self.values = match (self.values, &other.values) {
            (Some(values), Some(others)) => {
                Some(values.into_iter().filter(|value| others.contains(value)).collect())
            }
            (values, others) => values.or_else(|| others.clone()),
        };
        self.default = self.default.or_else(|| other.default.clone());
        self.minimum = self.minimum.or_else(|| other.minimum.clone());
        self.maximum = self.maximum.or_else(|| other.maximum.clone());
        self.min_length = self.min_length.or(other.min_length);
        self.max_length = self.max_length.or(other.max_length);
        self.deprecated |= other.deprecated;
        for property in &other.properties {
            match self.properties.iter_mut().find(|known| known.name == property.name) {
                Some(known) => known.schemas.extend_from_slice(&property.schemas),
                None => self.properties.push(property.clone()),
            }
        }
        self.required.extend(&other.required);
        if self.additional.is_empty() {
            self.additional.clone_from(&other.additional);
        }
        if self.items.is_empty() {
            self.items.clone_from(&other.items);
        }
        self
    }

    /// The types in the words of JSON Schema; `any` without one.
    pub(crate) fn families(&self) -> Vec<&'static str> {
        if self.types.is_empty() {
            return vec!["any"];
        }
        self.types.iter().map(|kind| family(*kind)).collect()
    }
}

fn family(kind: SchemaType) -> &'static str {
    match kind {
        SchemaType::Null => "null",
        SchemaType::Boolean => "boolean",
        SchemaType::Integer => "integer",
        SchemaType::Number => "number",
        SchemaType::String => "string",
        SchemaType::Array => "array",
        SchemaType::Object => "object",
    }
}

/// The types of a schema but `null`; those that its other keywords are about, where it gives none.
fn types(schema: &Schema) -> Vec<SchemaType> {
    let types: Vec<SchemaType> =
        schema.types.iter().copied().filter(|kind| *kind != SchemaType::Null).collect();
    if !types.is_empty() {
        return types;
    }
    let all_text =
        |values: &Vec<source::Node>| values.iter().all(|value| matches!(value.value, Value::String(_)));
    let is_object =
        !schema.properties.is_empty() || schema.additional_properties != AdditionalProperties::Unstated;
    if is_object {
        vec![SchemaType::Object]
    } else if schema.items.is_some() {
        vec![SchemaType::Array]
    } else if schema.values.as_ref().is_some_and(all_text) {
        vec![SchemaType::String]
    } else {
        Vec::new()
    }
}
