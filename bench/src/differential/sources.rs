//! The package that makes the calls: a function per operation and client, which takes its arguments as JSON.

use std::fmt::Write as _;
use std::path::Path;

use clientsmith_generator::Understood;
use clientsmith_generator::ir::{
    Api, ContentKind, Location, Operation, OperationId, SchemeKind, TextFormat, Type,
};
use serde::Serialize;

use super::peer::Method;
use super::plan::{PlannedOperation, SECRET, USER};

/// The fixed part: the server, and what makes the calls one by one.
pub(super) const MAIN: &str = include_str!("driver/main.rs");

/// How many required values our methods take as arguments; more of them go into one struct.
const MAX_ARGUMENTS: usize = 4;

/// The manifest of progenitor's client, with all that its clients may need.
pub(super) const PEER_MANIFEST: &str = r#"[package]
name = "theirs"
version = "0.0.0"
edition = "2021"

[dependencies]
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde"] }
futures = "0.3"
progenitor-client = "=0.15.1"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
uuid = { version = "1", features = ["serde"] }
"#;

/// The manifest of the package that makes the calls.
pub(super) fn manifest(runtime: &Path) -> String {
    format!(
        r#"[package]
name = "driver"
version = "0.0.0"
edition = "2024"

[workspace]
exclude = ["ours", "theirs"]

[dependencies]
chrono = {{ version = "0.4", default-features = false }}
clientsmith-runtime = {{ path = {:?} }}
ours = {{ path = "ours" }}
reqwest = {{ version = "0.13", default-features = false }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"
theirs = {{ path = "theirs" }}
tokio = {{ version = "1", features = ["macros", "rt", "net", "time"] }}
uuid = {{ version = "1", features = ["serde"] }}

[profile.dev]
debug = false
incremental = false
"#,
        runtime.display().to_string()
    )
}

/// Why an operation is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Left {
    /// No value was found for something that is required.
    NoValue,
    /// Progenitor's method takes other arguments than the description has.
    OtherArguments,
    /// Our client does not have it with that one body.
    OtherBody,
}

impl Left {
    /// It in words.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::NoValue => "no value was found for something that is required",
            Self::OtherArguments => "progenitor's method takes other arguments than the description has",
            Self::OtherBody => "our client does not have it with that one body",
        }
    }
}

/// An operation with what calls it in each client.
pub(super) struct Paired<'a> {
    pub(super) planned: &'a PlannedOperation,
    method: &'a Method,
    ours: OperationId,
}

/// Pairs an operation with the methods of both clients.
pub(super) fn paired<'a>(
    planned: &'a PlannedOperation,
    method: Option<&'a Method>,
    understood: &Understood,
) -> Result<Paired<'a>, Left> {
    if planned.calls.is_empty() {
        return Err(Left::NoValue);
    }
    let method = method.ok_or(Left::OtherArguments)?;
    if method.arguments.len() != planned.slots_of_peer().len() {
        return Err(Left::OtherArguments);
    }
    let mut ids = understood.api.operation_ids();
    let is_same =
        |operation: &Operation| operation.method == planned.method && operation.path == planned.path;
    let ours = ids.find(|id| understood.api.operation(*id).is_some_and(is_same)).ok_or(Left::OtherBody)?;
    let contents = understood.api.operation(ours).and_then(|operation| operation.body.as_ref());
    match (contents.map_or(0, |body| body.contents.len()), &planned.body) {
        (1, Some(_)) | (0, None) => Ok(Paired { planned, method, ours }),
        _ => Err(Left::OtherBody),
    }
}

/// The calls of all operations.
pub(super) fn calls(operations: &[Paired<'_>], understood: &Understood) -> String {
    let mut source = String::from(
        "//! Generated: a function per operation and client.\n\n\
         #![allow(unused_mut, deprecated)]\n\n\
         use theirs::types;\n\n\
         use crate::{Call, Unmade, said};\n\n",
    );
    source.push_str(&our_client(understood));
    for which in ["theirs", "ours"] {
        let _ = writeln!(
            source,
            "pub async fn {which}(index: usize, client: &{which}::Client, call: &Call) -> Result<String, Unmade> {{\n\
             \x20   match index {{"
        );
        for index in 0..operations.len() {
            let _ = writeln!(source, "        {index} => Box::pin({which}_{index}(client, call)).await,");
        }
        source.push_str("        _ => Ok(String::new()),\n    }\n}\n\n");
    }
    for (index, paired) in operations.iter().enumerate() {
        theirs(&mut source, index, paired);
        ours(&mut source, index, paired, understood);
    }
    source
}

fn our_client(understood: &Understood) -> String {
    let mut source = String::from(
        "pub fn our_client(endpoint: &str) -> ours::Client {\n    ours::Client::builder()\n        .endpoint(endpoint)\n",
    );
    for name in &understood.names.client_values {
        let _ = writeln!(source, "        .{}(\"value\")", identifier(name));
    }
    for (scheme, name) in understood.api.schemes.iter().zip(&understood.names.schemes) {
        let made = match scheme.kind {
            SchemeKind::ApiKey { .. } | SchemeKind::Bearer | SchemeKind::Http { .. } => {
                format!("new({SECRET:?})")
            }
            SchemeKind::Basic => format!("new({USER:?}, {SECRET:?})"),
            SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect { .. } => format!("access_token({SECRET:?})"),
            SchemeKind::Signer(_) => continue,
        };
        let _ = writeln!(source, "        .credentials(ours::auth::{}::{made})", identifier(name));
    }
    source.push_str("        .build()\n        .unwrap()\n}\n\n");
    source
}

fn theirs(source: &mut String, index: usize, paired: &Paired<'_>) {
    let _ = writeln!(
        source,
        "async fn theirs_{index}(client: &theirs::Client, call: &Call) -> Result<String, Unmade> {{"
    );
    let mut passed = Vec::new();
    for (position, (argument, slot)) in
        paired.method.arguments.iter().zip(paired.planned.slots_of_peer()).enumerate()
    {
        let ty = &argument.ty;
        let read = if argument.is_optional { "optional" } else { "required" };
        let _ = writeln!(source, "    let a{position} = call.{read}::<{ty}>({slot})?;");
        passed.push(match (argument.is_optional, argument.is_reference) {
            (false, false) => format!("a{position}"),
            (false, true) => format!("&a{position}"),
            (true, false) => format!("a{position}"),
            (true, true) if ty == "String" || ty.starts_with("Vec") => format!("a{position}.as_deref()"),
            (true, true) => format!("a{position}.as_ref()"),
        });
    }
    let _ = writeln!(source, "    said(client.{}({}).await)\n}}\n", paired.method.name, passed.join(", "));
}

fn ours(source: &mut String, index: usize, paired: &Paired<'_>, understood: &Understood) {
    let (api, names) = (&understood.api, &understood.names);
    let (Some(operation), Some(own)) = (api.operation(paired.ours), names.operation(paired.ours)) else {
        return;
    };
    let Some(group) = names.group(operation.group).map(|group| identifier(&group.module)) else { return };
    let slot = |index: usize| {
        let parameter = operation.parameters.get(index)?;
        paired.planned.slot(location_name(parameter.location), &parameter.name)
    };
    let name = |index: usize| own.parameters.get(index).map(|name| identifier(name)).unwrap_or_default();
    let ty =
        |index: usize| operation.parameters.get(index).map_or("_", |parameter| given_as(api, &parameter.ty));
    let slot_of_body = paired.planned.parameters.len();
    let mut required: Vec<(String, String)> = operation
        .required_parameters()
        .filter_map(|index| {
            let value = format!("call.required::<{}>({})?", ty(index), slot(index)?);
            Some((name(index), value))
        })
        .collect();
    let body = operation.body.as_ref().and_then(|body| Some((body.required, body.contents.first()?)));
    if let Some((true, content)) = body {
        required.push(("body".to_owned(), body_value("required", api, &content.kind, slot_of_body)));
    }
    let arguments = if required.len() > MAX_ARGUMENTS {
        let fields: Vec<String> = required.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("ours::{group}::{}Arguments {{ {} }}", own.builder, fields.join(", "))
    } else {
        required.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(
        source,
        "async fn ours_{index}(client: &ours::Client, call: &Call) -> Result<String, Unmade> {{\n\
         \x20   let mut built = client.{group}().{}({arguments});",
        identifier(&own.method)
    );
    for index in operation.optional_parameters() {
        let Some(slot) = slot(index) else { continue };
        let (name, ty) = (name(index), ty(index));
        let _ = writeln!(
            source,
            "    if let Some(value) = call.optional::<{ty}>({slot})? {{\n        built = built.{name}(value);\n    }}"
        );
    }
    if let Some((false, content)) = body {
        let value = body_value("optional", api, &content.kind, slot_of_body);
        let _ = writeln!(
            source,
            "    if let Some(value) = {value} {{\n        built = built.body(value);\n    }}"
        );
    }
    source.push_str("    said(built.await)\n}\n\n");
}

fn body_value(read: &str, api: &Api, kind: &ContentKind, slot: usize) -> String {
    let ty = match kind {
        ContentKind::Json(ty) | ContentKind::Form(ty, _) => given_as(api, ty),
        ContentKind::Text | ContentKind::Bytes | ContentKind::Multipart(_) | ContentKind::AnyMultipart => {
            "String"
        }
    };
    format!("call.{read}::<{ty}>({slot})?")
}

/// The type of a value that is handed to something generic; all others the compiler knows by itself.
fn given_as(api: &Api, ty: &Type) -> &'static str {
    match ty {
        Type::Text(TextFormat::Plain) => "String",
        Type::Text(TextFormat::Secret) => "clientsmith_runtime::auth::Secret",
        Type::Text(TextFormat::DateTime) => "clientsmith_runtime::DateTime",
        Type::Text(TextFormat::Date) => "clientsmith_runtime::Date",
        Type::Text(TextFormat::Uuid) => "clientsmith_runtime::Uuid",
        Type::Text(TextFormat::Decimal) => "clientsmith_runtime::DecimalText",
        Type::Text(TextFormat::Base64) => "clientsmith_runtime::Base64",
        ty if api.is_named_any(ty) => "clientsmith_runtime::Json",
        _ => "_",
    }
}

fn location_name(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// A name as an identifier: a keyword is written raw.
fn identifier(name: &str) -> String {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => name.to_owned(),
        Err(_) => format!("r#{name}"),
    }
}
