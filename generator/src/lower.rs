//! Stage lower: a [`Document`] becomes the language-neutral [`Api`]. The only stage that knows OpenAPI's constructs.
//!
//! 1. `schemas`: every schema becomes a type; those with a name wait in a queue until their parts are lowered.
//! 2. `operations`: parameters, bodies, outcomes, security; what is not generated is reported.
//! 3. `links`, `paging`: what refers to other operations and to fields, once all of them are there.
//! 4. `examples`: those that fit their types.
//! 5. `usage`: which groups use a type, and where a pointer has to break a cycle.
//! 6. `untyped`: what is free JSON although the description says something of it.

mod allof;
mod bodies;
mod callbacks;
mod direction;
mod discriminators;
mod enums;
mod errors;
mod examples;
mod expressions;
mod headers;
mod links;
mod operations;
mod paging;
mod parameters;
mod parts;
mod path;
mod scalars;
mod schemas;
mod security;
mod selection;
mod servers;
mod shapes;
mod unions;
mod untyped;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use self::direction::Direction;
use crate::diagnostics::{Code, Diagnostics};
use crate::ir::{Api, GroupId, Limits, OperationId, Server, Type};
use crate::model::{Bounds, Document, Schema, SchemaId, SchemaRef, SchemaType};
use crate::source::Place;

pub use selection::Selection;

/// Lowers a document.
#[must_use]
pub fn lower(document: &Document, diagnostics: &mut Diagnostics) -> Api {
    lower_selected(document, &Selection::default(), diagnostics)
}

/// Lowers a document and marks what is selected of it. About the rest nothing is reported.
#[must_use]
pub fn lower_selected(document: &Document, selection: &Selection, diagnostics: &mut Diagnostics) -> Api {
    lowered(document, selection, diagnostics).0
}

/// Lowers a document, and tells which of its schemas became which types.
#[must_use]
pub fn lower_with_types(document: &Document, diagnostics: &mut Diagnostics) -> (Api, SchemaTypes) {
    lowered(document, &Selection::default(), diagnostics)
}

fn lowered(document: &Document, selection: &Selection, diagnostics: &mut Diagnostics) -> (Api, SchemaTypes) {
    let families = discriminators::Families::of(document);
    let selected = selection::Selected::of(selection, document, &families, diagnostics);
    let mut lowering = Lowering {
        document,
        diagnostics,
        api: Api {
            title: document.info.title.clone(),
            version: document.info.version.clone(),
            description: document.info.description.clone(),
            external: operations::external(document.external_docs.as_ref()),
            ..Api::default()
        },
        two_formed: direction::two_formed(&document.schemas, &families),
        families,
        types: BTreeMap::new(),
        queue: Vec::new(),
        schemes: BTreeMap::new(),
        servers_seen: BTreeMap::new(),
        reported: BTreeSet::new(),
        examples_seen: BTreeSet::new(),
        lowered: Vec::new(),
        described: BTreeMap::new(),
        selected,
        is_heard: true,
        unheard: Diagnostics::new(),
        groups: BTreeMap::new(),
        nested: 0,
    };
    lowering.servers();
    lowering.security_schemes();
    lowering.components();
    lowering.operations();
    lowering.settle_servers();
    lowering.links();
    lowering.pagination();
    lowering.examples();
    lowering.usage();
    lowering.untyped();
    (lowering.api, SchemaTypes { types: lowering.types })
}

/// The types that the schemas of a document became.
#[derive(Debug, Default)]
pub struct SchemaTypes {
    types: BTreeMap<(SchemaId, Direction), (Type, bool)>,
}

impl SchemaTypes {
    /// The type of a schema's values, `null` included: of what is sent, or of what comes back. `None` when the schema is
    /// no type of its own, as it is only a part of one.
    #[must_use]
    pub fn of(&self, schema: SchemaId, is_sent: bool) -> Option<Type> {
        let own_form = if is_sent { Direction::Request } else { Direction::Answer };
        let form = [own_form, Direction::Answer].into_iter().find_map(|form| self.types.get(&(schema, form)));
        form.map(|(ty, nullable)| match nullable {
            true => Type::Nullable(Box::new(ty.clone())),
            false => ty.clone(),
        })
    }
}

/// What the parts of the stage share.
struct Lowering<'a> {
    document: &'a Document,
    diagnostics: &'a mut Diagnostics,
    api: Api,
    /// The types of the schemas that were reached, and whether they may be `null`.
    types: BTreeMap<(SchemaId, Direction), (Type, bool)>,
    /// The schemas with a discriminator and children.
    families: discriminators::Families,
    /// The schemas that are one type in answers and another in requests.
    two_formed: BTreeSet<SchemaId>,
    /// Types with a name whose parts are not lowered yet.
    queue: Vec<schemas::Pending>,
    /// The index of each security scheme that is generated.
    schemes: BTreeMap<String, usize>,
    /// What was reported that is reported once, and whether that was heard.
    reported: BTreeSet<(bool, Once)>,
    /// The servers that were lowered, by whether that was heard and by their place; `None` for those that are not generated.
    servers_seen: BTreeMap<(bool, Place), Option<Server>>,
    /// The examples that were lowered, each once however often it is referred to.
    examples_seen: BTreeSet<(Type, String)>,
    /// Which operation of the document became which operation of the API.
    lowered: Vec<(usize, OperationId)>,
    /// The uses of schemas that say what their values are, and what became of them.
    described: BTreeMap<Place, untyped::Described>,
    /// What belongs to the operations that are selected.
    selected: selection::Selected,
    /// Whether what is lowered now is selected.
    is_heard: bool,
    /// What is not reported; the report itself while `is_heard` is false.
    unheard: Diagnostics,
    /// The groups by their names.
    groups: BTreeMap<String, GroupId>,
    /// How many schemas are being lowered, each for the one before.
    nested: usize,
}

/// A finding that would be repeated wherever its cause shows: it is reported where it shows first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Once {
    /// A format of a type that is not known.
    UnknownFormat(SchemaType, String),
    /// Security schemes, by their indexes, that stand together and need one header.
    RivalSchemes(Vec<usize>),
    /// A fragment in the key of a path.
    Fragment,
    /// A part of an example that does not fit its schema.
    Misfit(Place),
}

impl<'a> Lowering<'a> {
    /// Whether a finding was not reported before, to whom is spoken now.
    fn is_news(&mut self, finding: Once) -> bool {
        self.reported.insert((self.is_heard, finding))
    }

    /// Reports a construct that the specification defines and that is not generated.
    fn not_generated(&mut self, place: Place, what: impl Into<String>, instead: &str) {
        self.diagnostics.report(Code::NotGenerated, place, what).help(instead);
    }

    fn schema(&self, reference: &SchemaRef) -> Option<&'a Schema> {
        self.document.schemas.get(reference.id)
    }
}

/// What values are limited to.
fn limits(bounds: &Bounds) -> Limits {
    let of_array = bounds.min_items.is_some() || bounds.max_items.is_some();
    Limits {
        minimum: bounds.minimum.clone().map(|value| (value, bounds.exclusive_minimum)),
        maximum: bounds.maximum.clone().map(|value| (value, bounds.exclusive_maximum)),
        min_length: if of_array { bounds.min_items } else { bounds.min_length },
        max_length: if of_array { bounds.max_items } else { bounds.max_length },
        pattern: bounds.pattern.clone(),
        multiple_of: bounds.multiple_of.clone(),
        unique: bounds.unique_items,
    }
}
