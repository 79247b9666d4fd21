//! Stage name: every part of the [`Api`] gets an identifier. The only stage that may invent one.
//!
//! A name is minted by a [`Scope`], which knows what is taken and what is reserved there. Names are a function of the
//! description alone, given out in its order, so that a part added at the end renames nothing before it.

mod access;
mod callbacks;
mod case;
mod command;
mod scope;

use callbacks::callbacks;
use case::signs;
pub use case::{kebab, pascal, screaming, snake, words};
pub use command::{CommandNames, FunctionNames};
pub use scope::Scope;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Code, Diagnostics};
use crate::ir::{
    Api, ContentKind, EnumValue, GroupId, Location, Operation, OperationId, Outcome, Parameter, TextFormat,
    Type, TypeDefinition, TypeId, TypeKind, TypeName,
};

/// All identifiers of a client. They are plain text; keywords are written raw where they are rendered.
#[derive(Debug, Default)]
pub struct Names {
    /// For each group.
    pub groups: Vec<GroupNames>,
    /// For each operation.
    pub operations: Vec<OperationNames>,
    /// For each type.
    pub types: Vec<TypeNames>,
    /// For each value of the client, its setter.
    pub client_values: Vec<String>,
    /// For each variable of the server, its setter.
    pub server_variables: Vec<String>,
    /// For each list of servers, what chooses one of them.
    pub servers: Vec<ServerNames>,
    /// For each security scheme, its type.
    pub schemes: Vec<String>,
    /// For each security scheme, the constants with the scopes of access.
    pub scopes: Vec<Vec<String>>,
    /// For each header of answers, its accessor.
    pub headers: Vec<String>,
    /// For each callback.
    pub callbacks: Vec<CallbackNames>,
}

/// The identifiers of a callback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackNames {
    /// The module with all callbacks of its operation, in that of the group.
    pub of_operation: String,
    /// Its own module.
    pub module: String,
    /// For each parameter, its type.
    pub parameters: Vec<String>,
    /// For each body, its type.
    pub bodies: Vec<String>,
    /// For each answer and each of its bodies, its type.
    pub answers: Vec<Vec<String>>,
}

/// The identifiers of a list of servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerNames {
    /// The type with a value for each server.
    pub ty: String,
    /// The setter.
    pub setter: String,
    /// For each server.
    pub variants: Vec<String>,
}

/// The identifiers of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupNames {
    /// Its module, and the method of the client that leads to it.
    pub module: String,
    /// The type with its operations.
    pub handle: String,
    /// The feature of the crate, and the subcommand of a command.
    pub kebab: String,
}

/// The identifiers of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationNames {
    /// The method of its group, and its module.
    pub method: String,
    /// The type of the call.
    pub builder: String,
    /// The subcommand of a command.
    pub kebab: String,
    /// For each parameter, its argument or setter.
    pub parameters: Vec<String>,
    /// For each parameter, its setter without a value, where it has one.
    pub without_value: Vec<Option<String>>,
    /// For each link, its method.
    pub links: Vec<String>,
    /// For each content of the body, its variant.
    pub contents: Vec<String>,
    /// For each part of a body with several, its field.
    pub parts: Vec<String>,
    /// For each success and each way of reading its body, its variant; one without a body has one.
    pub successes: Vec<Vec<String>>,
    /// The same for each failure.
    pub failures: Vec<Vec<String>>,
}

/// The identifiers of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeNames {
    /// The type.
    pub name: String,
    /// The type that holds what has been read of it so far.
    pub partial: String,
    /// For each field, value or member.
    pub members: Vec<String>,
}

impl Names {
    /// The names of a group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&GroupNames> {
        self.groups.get(id.0)
    }

    /// The names of an operation.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&OperationNames> {
        self.operations.get(id.0)
    }

    /// The names of a type.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> Option<&TypeNames> {
        self.types.get(id.0)
    }
}

/// What the builder of every client has.
const CLIENT_METHODS: [&str; 12] = [
    "builder",
    "build",
    "credentials",
    "endpoint",
    "base_url",
    "server",
    "timeout",
    "connect_timeout",
    "transport",
    "identity",
    "root_certificate",
    "core",
];

/// What the builder of every call has, and the variables of its constructor.
const CALL_METHODS: [&str; 9] =
    ["wait", "items", "timeout", "send", "into_future", "body", "arguments", "call", "core"];

/// What the names of types that belong to a call add to the name of its builder.
const BUILDER_COMPANIONS: [&str; 6] = ["Arguments", "Links", "Outcome", "Failure", "Body", "Form"];

/// What answers and errors have.
const ANSWER_METHODS: [&str; 15] = [
    "status",
    "headers",
    "header_map",
    "request_id",
    "into_inner",
    "follow",
    "kind",
    "operation",
    "code",
    "message",
    "is_retryable",
    "body",
    "raw_body",
    "source",
    "description",
];

/// The modules of every client.
const MODULES: [&str; 9] =
    ["api", "auth", "client", "response_headers", "shared", "types", "lib", "main", "runtime"];

/// Types that generated code speaks of without a path.
const TYPES: [&str; 42] = [
    "Answer",
    "Api",
    "BoxFuture",
    "BuildError",
    "Bytes",
    "Call",
    "Client",
    "ClientBuilder",
    "Condition",
    "Core",
    "Credential",
    "Credentials",
    "Date",
    "DateTime",
    "DecodeError",
    "Decimal",
    "Default",
    "Deserialize",
    "Deserializer",
    "Duration",
    "Err",
    "Error",
    "ErrorKind",
    "From",
    "Items",
    "Json",
    "Kinds",
    "MapAccess",
    "None",
    "Ok",
    "Operation",
    "Option",
    "Optional",
    "Other",
    "Page",
    "Record",
    "Response",
    "Result",
    "Secret",
    "String",
    "Vec",
    "Wait",
];

/// More types that generated code speaks of without a path.
const MORE_TYPES: [&str; 23] = [
    "Box",
    "BTreeMap",
    "Display",
    "Formatter",
    "Infallible",
    "IntoFuture",
    "Paging",
    "Parameter",
    "ParameterValue",
    "Progress",
    "ResponseHeaders",
    "Serialize",
    "Serializer",
    "SerializeMap",
    "Settings",
    "Some",
    "StatusRange",
    "ToString",
    "Union",
    "UnrecognizedInteger",
    "UnrecognizedText",
    "Uuid",
    "Waited",
];

/// Gives every part of an API its name.
#[must_use]
pub fn name(api: &Api, diagnostics: &mut Diagnostics) -> Names {
    let mut names = Names {
        types: types(api, diagnostics),
        schemes: schemes(api),
        scopes: access::scopes(api),
        ..Names::default()
    };
    let mut client = Scope::new(&CLIENT_METHODS).with_trait_methods();
    names.client_values =
        mint_all(&mut client, api.client_values.iter().map(|value| snake(&value.name)), "value");
    let variables = api.server_variables.iter().map(|variable| snake(&variable.name));
    names.server_variables = mint_all(&mut client, variables, "variable");
    names.servers = access::servers(api, &names.types, &mut client);
    let mut headers = Scope::new(&ANSWER_METHODS).with_trait_methods();
    names.headers = mint_all(&mut headers, api.headers.iter().map(|header| snake(&header.name)), "header");
    groups(api, &mut names);
    operations(api, &mut names);
    names.callbacks = callbacks(api, &names);
    names
}

/// Mints snake-case names; one that is taken says what it is: `wait_parameter`.
fn mint_all(scope: &mut Scope, wanted: impl Iterator<Item = String>, what: &str) -> Vec<String> {
    wanted.map(|name| scope.mint_or(&name, &format!("{name}_{what}"))).collect()
}

/// Mints names of types and variants; one that is taken says what it is: `OtherValue`.
fn mint_all_pascal(scope: &mut Scope, wanted: impl Iterator<Item = String>, what: &str) -> Vec<String> {
    wanted.map(|name| scope.mint_or(&name, &format!("{name}{what}"))).collect()
}

fn schemes(api: &Api) -> Vec<String> {
    let wanted = api.schemes.iter().map(|scheme| pascal(&scheme.name));
    mint_all_pascal(
        &mut Scope::new(&["AkSk", "Credential", "Credentials", "FnOnce", "From", "Into", "Secret", "String"]),
        wanted,
        "Scheme",
    )
}

fn groups(api: &Api, names: &mut Names) {
    let mut modules = Scope::new(&MODULES).with_trait_methods().reserve(&CLIENT_METHODS);
    let mut handles = Scope::new(&["Client", "ClientBuilder", "Credentials", "Error"]);
    for known in &names.types {
        handles = handles.reserve(&[&known.name]);
    }
    for group in &api.groups {
        let wanted = group.rust_name.as_ref().unwrap_or(&group.name);
        let module = modules.mint_or(&snake(wanted), &format!("{}_group", snake(wanted)));
        let handle = handles.mint_or(&pascal(wanted), &format!("{}Group", pascal(wanted)));
        names.groups.push(GroupNames { kebab: kebab(&module), module, handle });
    }
}

fn operations(api: &Api, names: &mut Names) {
    names.operations = vec![OperationNames::default(); api.operations.len()];
    for (group, group_names) in api.groups.iter().zip(&names.groups) {
        // `mod` and `types` are files of the group's folder.
        let mut methods = Scope::new(&["mod", "types", "new"]).with_trait_methods();
        let mut builders = Scope::new(&TYPES).reserve(&MORE_TYPES).reserve(&[&group_names.handle]);
        for id in &group.operations {
            let Some(operation) = api.operation(*id) else { continue };
            let (short, full) = match &operation.rust_name {
                Some(name) => (words(name), words(name)),
                None => (without(&words(&operation.id), &words(&group.name)), words(&operation.id)),
            };
            let method = methods.mint_or(&snake(&short.join(" ")), &snake(&full.join(" ")));
            let builder = builders.mint_with(&pascal(&method), &BUILDER_COMPANIONS);
            let mut setters = Scope::new(&CALL_METHODS).with_trait_methods();
            let parameters = parameters(&mut setters, &operation.parameters);
            let without_value = without_value(&mut setters, &operation.parameters, &parameters);
            // A method of the answer itself would hide a link of its name.
            let mut link_scope = Scope::new(&["wait"]).reserve(&ANSWER_METHODS).with_trait_methods();
            let links =
                operation.links.iter().map(|link| snake(link.rust_name.as_ref().unwrap_or(&link.name)));
            let links = mint_all(&mut link_scope, links, "link");
            let contents = operation.body.iter().flat_map(|body| &body.contents);
            let contents = contents.map(|content| content_name(&content.media_type));
            let contents = mint_all_pascal(&mut Scope::new(&["Self"]), contents, "Content");
            if let Some(slot) = names.operations.get_mut(id.0) {
                *slot = OperationNames {
                    kebab: kebab(&method),
                    method,
                    builder,
                    parameters,
                    without_value,
                    links,
                    contents,
                    parts: parts(operation),
                    successes: outcomes(&operation.success),
                    failures: outcomes(&operation.failure),
                };
            }
        }
    }
}

/// The fields of the form of an operation.
fn parts(operation: &Operation) -> Vec<String> {
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let parts = contents.filter_map(|content| match &content.kind {
        ContentKind::Multipart(parts) => Some(parts),
        _ => None,
    });
    let parts = parts.take(1).flatten();
    let wanted = parts.map(|part| snake(part.rust_name.as_ref().unwrap_or(&part.name)));
    mint_all(&mut Scope::new(&["into_parts"]).with_trait_methods(), wanted, "part")
}

/// The variants of what comes back: the status, and the media type where the status has several.
fn outcomes(outcomes: &[Outcome]) -> Vec<Vec<String>> {
    let mut scope = Scope::new(&["Self"]);
    let variants = outcomes.iter().map(|outcome| {
        let (first, last) = outcome.statuses;
        let status = match (outcome.is_default, first == last) {
            (true, _) => "Default".to_owned(),
            (false, true) => format!("Status{first}"),
            (false, false) => format!("Status{}xx", first / 100),
        };
        let readings = outcome.readings();
        let names = readings.iter().map(|(_, indexes)| {
            let first = indexes.first().and_then(|index| outcome.bodies.get(*index));
            let content = first.map_or(String::new(), |body| content_name(&body.media_type));
            match (readings.len(), outcomes.len()) {
                (1, _) => status.clone(),
                (_, 1) => content,
                _ => format!("{status}{content}"),
            }
        });
        let names: Vec<String> = if readings.is_empty() { vec![status.clone()] } else { names.collect() };
        mint_all_pascal(&mut scope, names.into_iter(), "Content")
    });
    variants.collect()
}

/// What a content is called: how it is carried where that has a name, else its subtype.
fn content_name(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, subtype) = essence.split_once('/').unwrap_or(("", essence.as_str()));
    match (kind, subtype) {
        ("application" | "text", "json") => "Json".to_owned(),
        ("application", "x-www-form-urlencoded") => "Form".to_owned(),
        ("multipart", "form-data") => "Multipart".to_owned(),
        ("application" | "text", "xml") => "Xml".to_owned(),
        ("text", "plain") => "Text".to_owned(),
        ("text", "event-stream") => "Events".to_owned(),
        ("application", "octet-stream") => "Bytes".to_owned(),
        (_, "jsonl" | "x-ndjson" | "ndjson" | "json-seq") => "Lines".to_owned(),
        ("*", "*") => "Any".to_owned(),
        (kind, "*") => pascal(&format!("any {kind}")),
        (_, subtype) => pascal(subtype),
    }
}

/// The names of parameters. One name in two locations goes to the parameter in the path, which can never be added later,
/// or else to the first; the other one says where it is: `query_id`.
fn parameters(scope: &mut Scope, parameters: &[Parameter]) -> Vec<String> {
    let mut names = vec![String::new(); parameters.len()];
    let mut locations: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for parameter in parameters {
        locations.entry(parameter_name(parameter)).or_default().insert(location_name(parameter.location));
    }
    let is_in_path = |parameter: &Parameter| parameter.location == Location::Path;
    for in_path in [true, false] {
        for (parameter, slot) in parameters.iter().zip(&mut names) {
            if is_in_path(parameter) != in_path {
                continue;
            }
            let name = parameter_name(parameter);
            let is_elsewhere = locations.get(&name).is_some_and(|locations| locations.len() > 1);
            let otherwise = if is_elsewhere {
                format!("{}_{name}", location_name(parameter.location))
            } else {
                format!("{name}_parameter")
            };
            *slot = scope.mint_or(&name, &otherwise);
        }
    }
    names
}

fn location_name(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// The setters of parameters that may be sent without a value, where no value of their type says that: `empty_flag`.
fn without_value(scope: &mut Scope, parameters: &[Parameter], names: &[String]) -> Vec<Option<String>> {
    let named = parameters.iter().zip(names);
    named
        .map(|(parameter, name)| {
            let is_wanted = parameter.allow_empty_value
                && !parameter.required
                && parameter.client_value.is_none()
                && !matches!(
                    parameter.ty,
                    Type::Text(TextFormat::Plain | TextFormat::Secret) | Type::Array(_)
                );
            is_wanted.then(|| scope.mint(&format!("empty_{name}")))
        })
        .collect()
}

fn parameter_name(parameter: &Parameter) -> String {
    snake(parameter.rust_name.as_ref().unwrap_or(&parameter.name))
}

/// The words of an operation's id without those of its group, which stand in front of it anyway:
/// `delete training job` in `training jobs` is `delete`. Singular and plural are the same word here.
fn without(id: &[String], group: &[String]) -> Vec<String> {
    let stem = |word: &str| match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    };
    let same = |window: &[String]| window.iter().zip(group).all(|(a, b)| stem(a) == stem(b));
    let found = if group.is_empty() { None } else { id.windows(group.len()).position(same) };
    match found {
        Some(start) if id.len() > group.len() => {
            let rest =
                id.iter().enumerate().filter(|(index, _)| *index < start || *index >= start + group.len());
            rest.map(|(_, word)| word.clone()).collect()
        }
        _ => id.to_vec(),
    }
}

fn types(api: &Api, diagnostics: &mut Diagnostics) -> Vec<TypeNames> {
    let mut scope = Scope::new(&TYPES).reserve(&MORE_TYPES);
    let mut minted: Vec<Option<String>> = vec![None; api.types.len()];
    for rank in 0..3 {
        for (index, definition) in api.types.iter().enumerate() {
            if naming_rank(definition) != rank {
                continue;
            }
            let wanted = type_name(definition, &minted);
            let name = scope.mint_or(&wanted, &format!("{wanted}Model"));
            if name != wanted && definition.is_selected {
                diagnostics.report(
                    Code::Renamed,
                    definition.place,
                    format!("the type is called `{name}`, for `{wanted}` is taken or reserved"),
                );
            }
            if let Some(slot) = minted.get_mut(index) {
                *slot = Some(name);
            }
        }
    }
    let named = api.types.iter().zip(minted);
    named
        .map(|(definition, name)| {
            let name = name.unwrap_or_default();
            // No caller writes it, so it gives way to all names that callers do write.
            let partial = scope.mint(&format!("{name}Partial"));
            TypeNames { name, partial, members: members(definition) }
        })
        .collect()
}

/// When a type is named: what the description names comes first, so that no other type takes its name; the request forms
/// of such types come before what stands in place.
fn naming_rank(definition: &TypeDefinition) -> u8 {
    match (&definition.name, &definition.rust_name) {
        (TypeName::RequestForm(_), _) => 1,
        (TypeName::Component(_), _) | (_, Some(_)) => 0,
        (TypeName::Part { .. } | TypeName::OfOperation { .. }, None) => 2,
    }
}

fn type_name(definition: &TypeDefinition, minted: &[Option<String>]) -> String {
    match (&definition.rust_name, &definition.name) {
        (Some(name), TypeName::RequestForm(_)) | (None, TypeName::RequestForm(name)) => {
            format!("{}Request", pascal(name))
        }
        (Some(name), _) | (None, TypeName::Component(name)) => pascal(name),
        (None, TypeName::Part { owner, role }) => {
            let owner = minted.get(owner.0).and_then(Option::as_deref).unwrap_or_default();
            format!("{owner}{}", pascal(role))
        }
        (None, TypeName::OfOperation { operation, role }) => pascal(&format!("{operation} {role}")),
    }
}

fn members(definition: &TypeDefinition) -> Vec<String> {
    match &definition.kind {
        TypeKind::Record(record) => {
            let mut scope = Scope::new(&["other", "new"]);
            let fields = record.fields.iter();
            mint_all(
                &mut scope,
                fields.map(|field| snake(field.rust_name.as_ref().unwrap_or(&field.name))),
                "property",
            )
        }
        TypeKind::TextEnum(values) => variants(values, |text| spelled(text)),
        TypeKind::IntegerEnum(values) => variants(values, |value| {
            if *value < 0 { format!("minus {}", value.unsigned_abs()) } else { format!("value {value}") }
        }),
        TypeKind::Union(union) => {
            let mut scope = Scope::new(&["Unrecognized", "Self"]);
            let wanted = union.members.iter().map(|member| match &member.name {
                Some(name) => pascal(name),
                None => kind_name(&member.ty).to_owned(),
            });
            mint_all_pascal(&mut scope, wanted, "Member")
        }
        TypeKind::Any => Vec::new(),
    }
}

/// The words of a text of an enum. Signs count where there is nothing else, and in front of it: `-created` is another value
/// than `created`, wherever the two stand.
fn spelled(text: &str) -> String {
    let text = text.trim();
    match text.chars().next() {
        None => "empty".to_owned(),
        Some(_) if words(text).is_empty() => signs(text),
        Some(sign @ ('-' | '+' | '!' | '<' | '>' | '=' | '~')) => {
            format!("{} {text}", signs(sign.encode_utf8(&mut [0; 4])))
        }
        Some(_) => text.to_owned(),
    }
}

fn variants<T>(values: &[EnumValue<T>], spell: impl Fn(&T) -> String) -> Vec<String> {
    let mut scope = Scope::new(&["Unrecognized", "Self"]);
    let wanted =
        values.iter().map(|value| pascal(&value.name.clone().unwrap_or_else(|| spell(&value.value))));
    mint_all_pascal(&mut scope, wanted, "Value")
}

/// What a member of a union without a name is called: what it is.
fn kind_name(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "Boolean",
        Type::Integer32 | Type::Integer64 | Type::Unsigned64 => "Integer",
        Type::Number | Type::Decimal => "Number",
        Type::Text(TextFormat::Plain | TextFormat::Secret) => "Text",
        Type::Text(TextFormat::DateTime) => "DateTime",
        Type::Text(TextFormat::Date) => "Date",
        Type::Text(TextFormat::Uuid) => "Uuid",
        Type::Text(TextFormat::Decimal) => "Decimal",
        Type::Text(TextFormat::Base64) => "Base64",
        Type::Array(_) => "List",
        Type::Map(_) => "Map",
        Type::Nullable(inner) => kind_name(inner),
        Type::Named(_) => "Value",
        Type::Any => "Any",
    }
}
