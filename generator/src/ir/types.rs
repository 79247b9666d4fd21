//! Types: what values hold.

use std::collections::BTreeSet;

use super::{Docs, GroupId, TypeId};
use crate::source::Place;

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// An integer of 32 bits.
    Integer32,
    /// An integer of 64 bits.
    Integer64,
    /// An integer of 64 bits that is not negative.
    Unsigned64,
    /// A number, as a float of 64 bits.
    Number,
    /// A number whose digits are kept.
    Decimal,
    /// Text.
    Text(TextFormat),
    /// Any JSON value.
    Any,
    /// A type with a name.
    Named(TypeId),
    /// A list.
    Array(Box<Type>),
    /// An object with keys of the data.
    Map(Box<Type>),
    /// A value or `null`.
    Nullable(Box<Type>),
}

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextFormat {
    /// Nothing more is said, or nothing that makes a type of its own.
    Plain,
    /// What is never shown.
    Secret,
    /// A point in time.
    DateTime,
    /// A day.
    Date,
    /// A UUID.
    Uuid,
    /// A number of any precision.
    Decimal,
    /// Bytes in base64.
    Base64,
}

impl Type {
    /// The type with a name in this one, at any depth of lists, maps and `null`.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            _ => None,
        }
    }
}

/// A type that has a name.
#[derive(Clone, Debug)]
pub struct TypeDefinition {
    /// Where the name comes from.
    pub name: TypeName,
    /// Where it is defined.
    pub place: Place,
    /// What it is about.
    pub docs: Docs,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
    /// The groups whose operations reach it.
    pub groups: BTreeSet<GroupId>,
    /// Whether a request contains it.
    pub in_request: bool,
    /// Whether it is an enum that is the value of a parameter, or an item of one.
    pub in_parameter: bool,
    /// Whether the client has it; what it has not is there for the names alone.
    pub is_selected: bool,
    /// What it is.
    pub kind: TypeKind,
}

/// Where the name of a type comes from, most telling first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeName {
    /// The description names it.
    Component(String),
    /// The description names it, and this is what requests contain of it, which differs from what answers contain.
    RequestForm(String),
    /// It stands in place, as part of another type.
    Part {
        /// The other type.
        owner: TypeId,
        /// What it is there: the name of a property, `item`, `value`.
        role: String,
    },
    /// It stands in place, as part of an operation.
    OfOperation {
        /// The operation's id.
        operation: String,
        /// What it is there: `request`, `response`, the name of a parameter.
        role: String,
    },
}

/// What a type with a name is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with declared properties.
    Record(Record),
    /// One of several texts; other ones are possible.
    TextEnum(Vec<EnumValue<String>>),
    /// One of several integers; other ones are possible.
    IntegerEnum(Vec<EnumValue<i64>>),
    /// One of several types; other values are possible.
    Union(Union),
    /// Any JSON value: the description gives it a name and says nothing of what its values are.
    Any,
}

/// An object with declared properties.
#[derive(Clone, Debug)]
pub struct Record {
    /// The properties.
    pub fields: Vec<Field>,
    /// Whether undeclared properties are kept (else the description forbids them).
    pub is_open: bool,
    /// What undeclared properties are, where the description says it; those that are not are kept all the same.
    pub other: Option<Type>,
}

/// A property of a record.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What its value is, `null` aside.
    pub ty: Type,
    /// Whether it is always there.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Whether the value has to be put behind a pointer, for its type contains this record.
    pub boxed: bool,
    /// What it is about.
    pub docs: Docs,
    /// What its values are limited to.
    pub limits: Limits,
    /// What the server takes when it is left out, as JSON.
    pub default: Option<String>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue<T> {
    /// The value on the wire.
    pub value: T,
    /// The name that the description gives it.
    pub name: Option<String>,
    /// CommonMark.
    pub description: Option<String>,
}

/// One of several types.
#[derive(Clone, Debug, Default)]
pub struct Union {
    /// The types.
    pub members: Vec<Member>,
    /// The property whose text says which of the members an object is.
    pub discriminator: Option<String>,
}

/// A member of a union.
#[derive(Clone, Debug)]
pub struct Member {
    /// What it is.
    pub ty: Type,
    /// The kinds of JSON values it can be.
    pub kinds: Vec<JsonKind>,
    /// Whether it is put behind a pointer: records always are, so that a union stays small.
    pub boxed: bool,
    /// Whether it is or contains a union, so that trying it may cost as much again at each level.
    pub is_nested: bool,
    /// The texts of the discriminator that stand for it.
    pub tags: Vec<String>,
    /// The objects that it may be, where they have to be told from those of other members.
    pub shapes: Vec<Vec<PropertyShape>>,
    /// Its title or role, where there is one.
    pub name: Option<String>,
    /// CommonMark.
    pub description: Option<String>,
}

/// What shows of a property without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyShape {
    /// Its name.
    pub name: String,
    /// The kinds of JSON values it can be.
    pub kinds: Vec<JsonKind>,
    /// Whether it is always there.
    pub required: bool,
    /// The texts that the description names for it; empty when it names none, or many.
    pub values: Vec<String>,
}

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` and `false`.
    Boolean,
    /// Numbers without fraction and exponent.
    Integer,
    /// All numbers.
    Number,
    /// Strings.
    String,
    /// Arrays.
    Array,
    /// Objects.
    Object,
}

/// What values are limited to; said in the docs, and checked by the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The lowest value, and whether it is excluded itself.
    pub minimum: Option<(String, bool)>,
    /// The highest value, and whether it is excluded itself.
    pub maximum: Option<(String, bool)>,
    /// The least number of characters or items.
    pub min_length: Option<u64>,
    /// The greatest number of characters or items.
    pub max_length: Option<u64>,
    /// A regular expression (ECMA-262).
    pub pattern: Option<String>,
    /// A number that values are a multiple of.
    pub multiple_of: Option<String>,
    /// Whether the items of an array differ from each other.
    pub unique: bool,
}
