//! The language-neutral intermediate representation: the contract between `lower`, `name` and `render`.
//!
//! It says what the client can do and what its types hold, and nothing about how Rust spells that. All lists are in
//! the order of the description.

mod answer;
mod behaviour;
mod callback;
mod operation;
mod parameter;
mod security;
mod server;
mod types;
mod untyped;

use std::collections::BTreeSet;

pub use answer::{Body, BodyKind, Header, Outcome};
pub use behaviour::{
    Condition, ErrorRule, Link, LinkSource, NextPage, Pagination, PagingKind, RetryRule, Step, Wait,
};
pub use callback::{Callback, CallbackAnswer, CallbackBody, CallbackParameter};
pub use operation::{Content, ContentKind, FormEncoding, FormStyle, Operation, Part, PartKind, RequestBody};
pub use parameter::{ClientValue, Location, Parameter, Style};
pub use security::{AccessScope, KeyLocation, OAuth2, SchemeKind, SecurityScheme, Signer};
pub use server::{Server, ServerList, ServerVariable};
pub use types::{
    EnumValue, Field, JsonKind, Limits, Member, PropertyShape, Record, TextFormat, Type, TypeDefinition,
    TypeKind, TypeName, Union,
};
pub use untyped::{Untyped, UntypedReason};

/// Names an operation of an [`Api`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub(crate) usize);

/// Names a type of an [`Api`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) usize);

/// Names a group of an [`Api`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub(crate) usize);

/// All of an API.
#[derive(Debug, Default)]
pub struct Api {
    /// What the vendor calls it.
    pub title: String,
    /// The vendor's version.
    pub version: String,
    /// What it is, CommonMark.
    pub description: Option<String>,
    /// Where there is more about it.
    pub external: Option<ExternalDocs>,
    /// Where it is: the servers of the API, then those that some operations have of their own. Operations refer to them by
    /// index; only the first list may be empty.
    pub servers: Vec<ServerList>,
    /// The variables of all servers, each name once.
    pub server_variables: Vec<ServerVariable>,
    /// Values that are given once, on the client.
    pub client_values: Vec<ClientValue>,
    /// How callers prove who they are.
    pub schemes: Vec<SecurityScheme>,
    /// The groups; every operation is in one.
    pub groups: Vec<Group>,
    /// The operations.
    pub operations: Vec<Operation>,
    /// The types that have a name.
    pub types: Vec<TypeDefinition>,
    /// The headers of answers, each name and type once; operations refer to them by index.
    pub headers: Vec<Header>,
    /// The rules for failures, each once; operations refer to them by index.
    pub error_rules: Vec<ErrorRule>,
    /// The examples that fit their types.
    pub examples: Vec<Example>,
    /// The type that the bodies of all documented failures have, when there is one such type.
    pub common_failure: Option<Type>,
    /// How many uses of schemas say what their values are: by a type, properties, items, an enum, a `$ref` or a composition.
    pub described: usize,
    /// Those of them that are rendered as free JSON, in the order of the sources.
    pub untyped: Vec<Untyped>,
    /// How many others of them lead to a type with a name that is any JSON value, for the description says nothing of it.
    pub named_only: usize,
}

/// Operations that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The tag, or the first literal segment of the path where there is none.
    pub name: String,
    /// CommonMark.
    pub description: Option<String>,
    /// Where there is more about it.
    pub external: Option<ExternalDocs>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
    /// The operations.
    pub operations: Vec<OperationId>,
}

/// What is said about a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// A short line.
    pub summary: Option<String>,
    /// CommonMark.
    pub description: Option<String>,
    /// Where there is more about it.
    pub external: Option<ExternalDocs>,
    /// Whether it should not be used any more.
    pub deprecated: bool,
}

/// Where there is more about a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalDocs {
    /// The URL, as the description writes it.
    pub url: String,
    /// What is there: CommonMark.
    pub description: Option<String>,
}

/// An example of the description.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it is an example of: an operation's id and a status, or the name of a type, and its key.
    pub name: String,
    /// What its value is.
    pub ty: Type,
    /// The value, as JSON.
    pub json: String,
}

impl Api {
    /// The server that requests go to when nothing else is said.
    #[must_use]
    pub fn default_server(&self) -> Option<&Server> {
        self.servers.first()?.servers.first()
    }

    /// Whether a server has a URL that is relative to where the description is.
    #[must_use]
    pub fn has_relative_server(&self) -> bool {
        self.servers.iter().flat_map(|list| &list.servers).any(Server::is_relative)
    }

    /// The operation; every [`OperationId`] of this API names one.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.get(id.0)
    }

    /// The type; every [`TypeId`] of this API names one.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> Option<&TypeDefinition> {
        self.types.get(id.0)
    }

    /// The group; every [`GroupId`] of this API names one.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(id.0)
    }

    /// All types that values of these can hold at any depth, themselves included.
    #[must_use]
    pub fn reach(&self, mut from: Vec<TypeId>) -> BTreeSet<TypeId> {
        let mut reached = BTreeSet::new();
        while let Some(id) = from.pop() {
            if reached.insert(id)
                && let Some(definition) = self.ty(id)
            {
                match &definition.kind {
                    TypeKind::Record(record) => {
                        let types = record.fields.iter().map(|field| &field.ty).chain(&record.other);
                        from.extend(types.filter_map(Type::named));
                    }
                    TypeKind::Union(union) => {
                        from.extend(union.members.iter().filter_map(|member| member.ty.named()));
                    }
                    TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Any => {}
                }
            }
        }
        reached
    }

    /// Whether a type has a name and is any JSON value all the same.
    #[must_use]
    pub fn is_named_any(&self, ty: &Type) -> bool {
        matches!(ty, Type::Named(id) if self.ty(*id).is_some_and(|ty| matches!(ty.kind, TypeKind::Any)))
    }

    /// The ids of all operations.
    pub fn operation_ids(&self) -> impl Iterator<Item = OperationId> + use<> {
        (0..self.operations.len()).map(OperationId)
    }

    /// The ids of all types.
    pub fn type_ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.types.len()).map(TypeId)
    }

    /// The ids of all groups.
    pub fn group_ids(&self) -> impl Iterator<Item = GroupId> + use<> {
        (0..self.groups.len()).map(GroupId)
    }
}
