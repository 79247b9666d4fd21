//! Stage name: every part of the [`Api`] gets an identifier. The only stage that may invent one.
//!
//! A name is minted by a [`Scope`], which knows what is taken and what is reserved there. Names are a function of the
//! description alone, given out in its order, so that a part added at the end renames nothing before it.

mod access;
mod callbacks;
mod case;
mod command;
mod operations;
mod reserved;
mod scope;
mod types;

use callbacks::callbacks;
pub use case::{kebab, pascal, screaming, snake, words};
pub use command::{CommandNames, FunctionNames};
use operations::{content_name, location_name, operations};
use reserved::{ANSWER_METHODS, CLIENT_METHODS, MODULES};
pub use scope::Scope;
use types::types;

use crate::diagnostics::Diagnostics;
use crate::ir::{Api, GroupId, OperationId, TypeId};

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
}

/// The identifiers of a callback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackNames {
    /// Its module, in that of all callbacks of its operation.
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
    /// The module with its callbacks, in that of the group.
    pub callbacks_module: Option<String>,
    /// For each callback.
    pub callbacks: Vec<CallbackNames>,
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
    callbacks(api, &mut names);
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
        &mut Scope::new(&[
            "AkSk",
            "Credential",
            "CredentialChain",
            "Credentials",
            "EcsMetadata",
            "FnOnce",
            "From",
            "IamToken",
            "Into",
            "NewSecret",
            "Profile",
            "Secret",
            "SecretSource",
            "String",
            "VariableError",
        ]),
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
