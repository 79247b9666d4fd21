//! The language-neutral intermediate representation: the contract between `lower`, `name` and `render`.
//!
//! It says what the client can do and what its types hold, and nothing about how Rust spells that. All lists are in
//! the order of the description.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::source::Place;

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
    /// Where it is; `None` when the description names no absolute URL.
    pub server: Option<Server>,
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
}

/// A server's URL, a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The template, absolute: `https://{region}.example.com/v1`.
    pub url: String,
    /// Its variables.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name in the template.
    pub name: String,
    /// What holds when nothing is given.
    pub default: String,
    /// The values that the description names; other values are possible.
    pub values: Vec<String>,
    /// CommonMark.
    pub description: Option<String>,
}

/// A value that is given once, on the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientValue {
    /// Its name.
    pub name: String,
    /// Whether no operation can do without.
    pub required: bool,
    /// CommonMark.
    pub description: Option<String>,
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its key in the description.
    pub name: String,
    /// CommonMark.
    pub description: Option<String>,
    /// What it is.
    pub kind: SchemeKind,
}

/// The security schemes that are generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key under a name.
    ApiKey {
        /// The name of the header, query parameter or cookie.
        name: String,
        /// Where it goes.
        location: KeyLocation,
    },
    /// `Authorization: Bearer`.
    Bearer,
    /// A signature by a signer that the runtime has.
    Signer(Signer),
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// A header.
    Header,
    /// The query.
    Query,
    /// A cookie.
    Cookie,
}

/// The signers of the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// `SDK-HMAC-SHA256`, Huawei Cloud.
    SdkHmacSha256,
}

/// Operations that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The tag, or the first literal segment of the path where there is none.
    pub name: String,
    /// CommonMark.
    pub description: Option<String>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
    /// The operations.
    pub operations: Vec<OperationId>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The operationId, or what stands for it; unique.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// The group.
    pub group: GroupId,
    /// The method of HTTP, upper-case.
    pub method: &'static str,
    /// The path template.
    pub path: String,
    /// What it is about.
    pub docs: Docs,
    /// The page of the vendor's documentation.
    pub page: Option<String>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// What comes back on success; never empty.
    pub success: Vec<Outcome>,
    /// What comes back on documented failures.
    pub failure: Vec<Outcome>,
    /// The headers of successful answers by index into [`Api::headers`].
    pub headers: Vec<usize>,
    /// The alternatives of authentication by index into [`Api::schemes`]; empty when none is needed.
    pub security: Vec<Vec<usize>>,
    /// The index of the rule in [`Api::error_rules`].
    pub error_rule: usize,
    /// What can be asked next.
    pub links: Vec<Link>,
    /// How it is paged.
    pub pagination: Option<Pagination>,
}

/// What is said about a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// A short line.
    pub summary: Option<String>,
    /// CommonMark.
    pub description: Option<String>,
    /// A URL and what is there.
    pub external: Option<(String, Option<String>)>,
    /// Whether it should not be used any more.
    pub deprecated: bool,
}

/// A parameter that is generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Where it goes.
    pub location: Location,
    /// Whether the call cannot be made without.
    pub required: bool,
    /// What its value is; `null` aside, which is the same as leaving it out.
    pub ty: Type,
    /// How its value is written.
    pub style: Style,
    /// Whether each item of an array and each property of an object is written by itself.
    pub explode: bool,
    /// Whether reserved characters are written as they are; in the query only.
    pub allow_reserved: bool,
    /// Whether it may be sent without a value; in the query only.
    pub allow_empty_value: bool,
    /// Whether the value is secret.
    pub secret: bool,
    /// What it is about.
    pub docs: Docs,
    /// What its values are limited to.
    pub limits: Limits,
    /// What the server takes when it is left out, as JSON.
    pub default: Option<String>,
    /// An example, as JSON.
    pub example: Option<String>,
    /// The index into [`Api::client_values`] when it is given once, on the client.
    pub client_value: Option<usize>,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How the value of a parameter is written (OpenAPI 3.0.4 §4.8.12.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Style {
    /// `blue,black`.
    Simple,
    /// `.blue`.
    Label,
    /// `;color=blue`.
    Matrix,
    /// `color=blue`.
    Form,
    /// `color=blue%20black`.
    SpaceDelimited,
    /// `color=blue%7Cblack`.
    PipeDelimited,
    /// `color%5BR%5D=100`.
    DeepObject,
    /// As a document of that media type, which is JSON.
    Json(String),
    /// As a document of that media type, which is not JSON: the type is text.
    Text(String),
}

/// A request body.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestBody {
    /// What it can hold; never empty. The caller chooses where there are several.
    pub contents: Vec<Content>,
    /// Whether the call cannot be made without.
    pub required: bool,
    /// CommonMark.
    pub description: Option<String>,
}

/// One media type of a request body.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The media type, as the description has it.
    pub media_type: String,
    /// What it holds.
    pub kind: ContentKind,
    /// An example, as JSON.
    pub example: Option<String>,
}

/// What a request body holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ContentKind {
    /// JSON.
    Json(Type),
    /// A form (`application/x-www-form-urlencoded`) of an object, and how properties are written for which that is not as
    /// usual.
    Form(Type, Vec<FormEncoding>),
    /// Parts with names.
    Multipart(Vec<Part>),
    /// Parts of which the description does not say what they are.
    AnyMultipart,
    /// Text, XML among others.
    Text,
    /// Bytes.
    Bytes,
}

/// How a property of a form is written (OpenAPI 3.0.4 §4.8.15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormEncoding {
    /// The property.
    pub name: String,
    /// The style.
    pub style: FormStyle,
    /// Whether reserved characters are left as they are.
    pub allow_reserved: bool,
}

/// The styles of properties of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormStyle {
    /// Arrays as repeated names, objects as JSON: what is usual.
    Repeated,
    /// `form` with `explode`.
    Exploded,
    /// `form` without `explode`.
    Commas,
    /// `spaceDelimited`.
    Spaces,
    /// `pipeDelimited`.
    Pipes,
    /// `deepObject`.
    Deep,
    /// Everything as JSON.
    Json,
}

/// A part of a body with several.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name on the wire.
    pub name: String,
    /// What it holds.
    pub kind: PartKind,
    /// Whether there are as many parts of this name as the caller gives.
    pub is_list: bool,
    /// Whether the body cannot do without.
    pub required: bool,
    /// The media type, where the description says one.
    pub media_type: Option<String>,
    /// What it is about.
    pub docs: Docs,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq)]
pub enum PartKind {
    /// A value: text, or JSON where it is no scalar.
    Value(Type),
    /// A file.
    File,
}

/// A header of answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its name on the wire.
    pub name: String,
    /// What its value is: a scalar, an enum, or an array of these.
    pub ty: Type,
    /// CommonMark.
    pub description: Option<String>,
    /// Whether it should not be relied on any more.
    pub deprecated: bool,
}

/// What comes back with certain statuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The lowest and the highest status.
    pub statuses: (u16, u16),
    /// Whether the description says `default`.
    pub is_default: bool,
    /// What the answer can hold: the `Content-Type` chooses. Empty when it has no body.
    pub bodies: Vec<Body>,
    /// CommonMark.
    pub description: String,
}

/// One media type of the body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The media type or range, as the description has it.
    pub media_type: String,
    /// What it holds.
    pub kind: BodyKind,
}

/// What the body of an answer holds.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyKind {
    /// JSON.
    Json(Type),
    /// Text, XML among others.
    Text,
    /// Bytes that are handed on as they arrive.
    Bytes,
    /// Server-Sent Events, whose data is JSON of that type, or else text.
    Events(Option<Type>),
    /// Lines of JSON.
    Lines(Type),
    /// A JSON text sequence (RFC 7464).
    Sequence(Type),
}

/// What can be asked after an operation has answered.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its key.
    pub name: String,
    /// CommonMark.
    pub description: Option<String>,
    /// The operation it leads to.
    pub operation: OperationId,
    /// What fills parameters of that operation: their index and the source.
    pub arguments: Vec<(usize, LinkSource)>,
    /// When asking it again and again is over; at most one link of an operation is waited on.
    pub wait: Option<Wait>,
    /// Whether it can be followed from the answer: only where no other operation answers with the same type.
    pub is_followed: bool,
    /// A name that the description asks for.
    pub rust_name: Option<String>,
}

/// Where a value of a link comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkSource {
    /// A parameter of the operation that was called, by index.
    Parameter(usize),
    /// JSON Pointer into the body of the answer.
    Body(String),
    /// A header of the answer.
    Header(String),
    /// A constant, as text.
    Constant(String),
}

/// When what a call has started is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Done when one of these holds.
    pub done: Vec<Condition>,
    /// Failed when one of these holds.
    pub failed: Vec<Condition>,
    /// The time between two polls.
    pub interval: Duration,
    /// The time after which waiting ends in an error.
    pub deadline: Duration,
    /// What a person is told when it is done.
    pub done_message: Option<String>,
}

/// A condition on an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The status is one of these; empty says nothing.
    pub statuses: Vec<u16>,
    /// The code is one of these; empty says nothing.
    pub codes: Vec<String>,
    /// JSON Pointer to an array of which one item has to fit the rest.
    pub any: Option<String>,
    /// JSON Pointer to a value.
    pub pointer: Option<String>,
    /// The value is one of these JSON texts.
    pub values: Vec<String>,
}

/// Where failures say what they are, and which are worth a retry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorRule {
    /// JSON Pointers to the code.
    pub code: Vec<String>,
    /// JSON Pointers to the message.
    pub message: Vec<String>,
    /// JSON Pointers to the request id.
    pub request_id: Vec<String>,
    /// The header with the request id.
    pub request_id_header: Option<String>,
    /// Conditions under which a success status is a failure.
    pub error_when: Vec<Condition>,
    /// Statuses worth a retry.
    pub retry_statuses: Vec<u16>,
    /// Codes worth a retry.
    pub retry_codes: Vec<String>,
}

/// How an operation is paged.
#[derive(Clone, Debug, PartialEq)]
pub struct Pagination {
    /// The kind.
    pub kind: PagingKind,
    /// The steps from the body of the success to the array of items.
    pub items: Vec<Step>,
    /// What an item is.
    pub item: Type,
    /// The steps to the number of all items.
    pub total: Option<Vec<Step>>,
}

/// The kinds of paging that are generated; parameters by index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagingKind {
    /// By the number of the page.
    Page {
        /// The parameter with the number.
        page: usize,
        /// The parameter with the number of items on a page.
        size: Option<usize>,
        /// The number of the first page.
        first: i64,
    },
    /// By the number of items to skip.
    Offset {
        /// The parameter with the number of items to skip.
        offset: usize,
        /// The parameter with the number of items on a page.
        limit: Option<usize>,
    },
}

/// One step into a value: the field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub record: TypeId,
    /// The index of the field.
    pub field: usize,
}

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
    Text,
    /// Text that is never shown.
    Secret,
    /// A point in time, as text.
    DateTime,
    /// A day, as text.
    Date,
    /// A UUID, as text.
    Uuid,
    /// Bytes, as text in base64.
    Base64,
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

impl Operation {
    /// Whether a success can be a stream.
    #[must_use]
    pub fn has_stream(&self) -> bool {
        self.success.iter().flat_map(|outcome| &outcome.bodies).any(|body| body.kind.is_stream())
    }

    /// The indexes of the parameters that every call has to give: required, and not given on the client.
    pub fn required_parameters(&self) -> impl Iterator<Item = usize> {
        let indexed = self.parameters.iter().enumerate();
        indexed
            .filter(|(_, parameter)| parameter.required && parameter.client_value.is_none())
            .map(|(index, _)| index)
    }

    /// The types of the JSON bodies of documented failures, each once.
    #[must_use]
    pub fn failure_types(&self) -> Vec<&Type> {
        let mut types: Vec<&Type> = Vec::new();
        for outcome in &self.failure {
            for ty in outcome.bodies.iter().filter_map(Body::json) {
                if !types.contains(&ty) {
                    types.push(ty);
                }
            }
        }
        types
    }

    /// The indexes of the parameters that a call may give: not required, and not given on the client.
    pub fn optional_parameters(&self) -> impl Iterator<Item = usize> {
        let indexed = self.parameters.iter().enumerate();
        indexed
            .filter(|(_, parameter)| !parameter.required && parameter.client_value.is_none())
            .map(|(index, _)| index)
    }
}

impl Outcome {
    /// The type of the body, where it is JSON of one type whatever the media type.
    #[must_use]
    pub fn json(&self) -> Option<&Type> {
        let first = self.bodies.first()?.json()?;
        self.bodies.iter().all(|body| body.json() == Some(first)).then_some(first)
    }

    /// The type with a name that the body is, if it is one.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self.json() {
            Some(Type::Named(id)) => Some(*id),
            _ => None,
        }
    }

    /// What bodies there are that a caller has to tell apart, each with the indexes of its media types; empty without a
    /// body. Text says nothing about what it is, so that beside other bodies each subtype of it stands by itself.
    #[must_use]
    pub fn readings(&self) -> Vec<(&BodyKind, Vec<usize>)> {
        let subtype = |body: &Body| {
            let essence = body.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            essence.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let is_mixed = self.bodies.windows(2).any(|pair| matches!(pair, [a, b] if a.kind != b.kind));
        let mut readings: Vec<(&BodyKind, Vec<usize>)> = Vec::new();
        for (index, body) in self.bodies.iter().enumerate() {
            let same = |first: Option<&usize>| {
                let first = first.and_then(|first| self.bodies.get(*first));
                !is_mixed || body.kind != BodyKind::Text || first.map(subtype) == Some(subtype(body))
            };
            let known =
                readings.iter_mut().find(|(kind, indexes)| **kind == body.kind && same(indexes.first()));
            match known {
                Some((_, indexes)) => indexes.push(index),
                None => readings.push((&body.kind, vec![index])),
            }
        }
        readings
    }
}

impl Body {
    /// The type of JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Type> {
        match &self.kind {
            BodyKind::Json(ty) => Some(ty),
            _ => None,
        }
    }
}

impl BodyKind {
    /// The type of its JSON, of the whole or of an item.
    #[must_use]
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Events(Some(ty)) | Self::Lines(ty) | Self::Sequence(ty) => Some(ty),
            Self::Text | Self::Bytes | Self::Events(None) => None,
        }
    }

    /// Whether it is handed on as it arrives.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Bytes | Self::Events(_) | Self::Lines(_) | Self::Sequence(_))
    }
}

impl Content {
    /// The types of its JSON and of its parts.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let (whole, parts) = match &self.kind {
            ContentKind::Json(ty) | ContentKind::Form(ty, _) => (Some(ty), [].as_slice()),
            ContentKind::Multipart(parts) => (None, parts.as_slice()),
            ContentKind::AnyMultipart | ContentKind::Text | ContentKind::Bytes => (None, [].as_slice()),
        };
        let of_parts = parts.iter().filter_map(|part| match &part.kind {
            PartKind::Value(ty) => Some(ty),
            PartKind::File => None,
        });
        whole.into_iter().chain(of_parts)
    }
}
