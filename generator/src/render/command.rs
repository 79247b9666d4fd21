//! The command: a subcommand per operation, grouped like the client, over the calls of the client.
//!
//! The module that is rendered has two functions. `groups` makes the subcommands, `run` carries out the one that was
//! chosen. What every command shares stands in the runtime's module `command`; what is rendered says which arguments an
//! operation has, and which call they go into.

mod argument;
mod body;
mod call;
mod package;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::syntax::ident;
use super::{Context, FileContent, PackageOptions, RenderedFile, RuntimeDependency};
use crate::ir::{Api, GroupId, OperationId, Type, TypeId, TypeKind};
use crate::name::{CommandNames, Names};

/// What the description does not say about the package of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandOptions {
    /// The name of the package, and of the program.
    pub name: String,
    /// The name of the client's package.
    pub client: String,
    /// Where the client's package is, seen from this one; `/` between its parts.
    pub client_path: String,
    /// Where the runtime comes from, seen from this package.
    pub runtime: RuntimeDependency,
    /// Whether it stands below a workspace that it is no member of, and so has to be a workspace of its own.
    pub is_own_workspace: bool,
}

/// Renders the package of a command, which stands beside its client.
#[must_use]
pub fn package(api: &Api, names: &Names, options: &CommandOptions) -> Vec<RenderedFile> {
    let command_names = CommandNames::new(api, names);
    let client = options.client_package();
    let command = Command::new(api, names, &command_names, &client, &options.name);
    let mut commands =
        vec![super::syntax::inner_docs(&format!("The subcommands for {}.", command.context.title()))];
    commands.extend(command.pieces());
    vec![
        command.cargo_toml(options),
        command.main_file(),
        command.settings_file(),
        RenderedFile { path: "src/commands.rs".to_owned(), content: FileContent::Rust(commands) },
    ]
}

/// Renders the module with the subcommands, without its docs: `groups` and `run`, for the client package of that name
/// and the program of that name.
#[must_use]
pub fn module(api: &Api, names: &Names, client: &str, program: &str) -> Vec<TokenStream> {
    let command_names = CommandNames::new(api, names);
    let client = PackageOptions {
        name: client.to_owned(),
        runtime: RuntimeDependency::Version(String::new()),
        is_own_workspace: false,
        license: None,
    };
    Command::new(api, names, &command_names, &client, program).pieces()
}

impl CommandOptions {
    fn client_package(&self) -> PackageOptions {
        PackageOptions {
            name: self.client.clone(),
            runtime: self.runtime.clone(),
            is_own_workspace: self.is_own_workspace,
            license: None,
        }
    }
}

/// What the parts of the command are rendered from.
struct Command<'a> {
    context: Context<'a>,
    names: &'a CommandNames,
    /// The name of the client's library.
    library: Ident,
    /// The name of the program.
    program: &'a str,
}

impl<'a> Command<'a> {
    fn new(
        api: &'a Api,
        names: &'a Names,
        command_names: &'a CommandNames,
        client: &'a PackageOptions,
        program: &'a str,
    ) -> Self {
        let context = Context::new(api, names, client);
        Self { context, names: command_names, library: ident(&client.library()), program }
    }

    /// The items of the module.
    fn pieces(&self) -> Vec<TokenStream> {
        let library = &self.library;
        let mut pieces = vec![
            quote! {
                use clientsmith_runtime::command::clap::{ArgMatches, Command};
                use clientsmith_runtime::command::{self, Failure, Output};
                use #library::Client;
            },
            self.groups_function(),
            self.run_function(),
        ];
        for (id, group) in self.context.api.group_ids().zip(&self.context.api.groups) {
            pieces.extend(self.group_functions(id));
            for operation in &group.operations {
                pieces.extend(self.operation_command(*operation));
                pieces.extend(self.operation_function(*operation));
            }
        }
        pieces.extend(self.values());
        pieces
    }

    fn groups_function(&self) -> TokenStream {
        let functions = self.names.groups.iter().map(|names| ident(&names.command));
        quote! {
            #[doc = " The subcommands, a group each."]
            pub(crate) fn groups() -> Vec<Command> {
                vec![#(#functions()),*]
            }
        }
    }

    fn run_function(&self) -> TokenStream {
        let groups = self.context.names.groups.iter().zip(&self.names.groups);
        let arms = groups.map(|(group, names)| {
            let (name, function) = (&group.kebab, ident(&names.run));
            quote!(Some((#name, matches)) => #function(client, matches, output).await)
        });
        let (client, matches, output, body) = if self.names.groups.is_empty() {
            (quote!(_), quote!(_), quote!(_), quote!(Err(command::no_subcommand())))
        } else {
            let body = quote! {
                match matches.subcommand() {
                    #(#arms,)*
                    _ => Err(command::no_subcommand()),
                }
            };
            (quote!(client), quote!(matches), quote!(output), body)
        };
        quote! {
            #[doc = " Carries out the subcommand that the command line names."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " When it names none, and when the call fails."]
            pub(crate) async fn run(#client: &Client, #matches: &ArgMatches, #output: &Output) -> Result<(), Failure> {
                #body
            }
        }
    }

    /// The subcommand of a group, and the choice between its operations.
    fn group_functions(&self, id: GroupId) -> Vec<TokenStream> {
        let (Some(group), Some(names)) = (self.context.api.group(id), self.context.names.group(id)) else {
            return Vec::new();
        };
        let Some(functions) = self.names.groups.get(id.0) else { return Vec::new() };
        let (command, run) = (ident(&functions.command), ident(&functions.run));
        let description =
            group.description.clone().unwrap_or_else(|| format!("The operations of {}.", group.name));
        let (name, about, more) =
            (&names.kebab, argument::headline(&description), argument::prose(&description));
        let operations = group.operations.iter().filter_map(|id| self.operation_names(*id));
        let (kebabs, functions): (Vec<_>, Vec<_>) = operations.unzip();
        let commands = functions.iter().map(|names| ident(&names.command));
        let runs = functions.iter().map(|names| ident(&names.run));
        vec![
            quote! {
                fn #command() -> Command {
                    command::group(#name, #about, #more).subcommands([#(#commands()),*])
                }
            },
            quote! {
                async fn #run(client: &Client, matches: &ArgMatches, output: &Output) -> Result<(), Failure> {
                    match matches.subcommand() {
                        #(Some((#kebabs, matches)) => #runs(client, matches, output).await,)*
                        _ => Err(command::no_subcommand()),
                    }
                }
            },
        ]
    }

    /// The subcommand of an operation, and its functions.
    fn operation_names(&self, id: OperationId) -> Option<(&'a str, &'a crate::name::FunctionNames)> {
        Some((self.context.names.operation(id)?.kebab.as_str(), self.names.operations.get(id.0)?))
    }

    /// The values of the enums that arguments and tables speak of.
    fn values(&self) -> Vec<TokenStream> {
        let used = self.used_enums();
        used.into_iter().filter_map(|id| self.values_of(id)).collect()
    }

    fn values_of(&self, id: TypeId) -> Option<TokenStream> {
        let definition = self.context.api.ty(id)?;
        let members = &self.context.names.ty(id)?.members;
        let name = self.values_name(id)?;
        let about =
            |description: &Option<String>| description.as_deref().map(argument::headline).unwrap_or_default();
        Some(match &definition.kind {
            TypeKind::IntegerEnum(values) => {
                let entries = values.iter().zip(members).map(|(value, member)| {
                    let (number, about) = (Literal::i64_unsuffixed(value.value), about(&value.description));
                    let name = crate::name::kebab(member);
                    quote!((#number, #name, #about))
                });
                quote!(const #name: &[command::NamedInteger] = &[#(#entries),*];)
            }
            TypeKind::TextEnum(values) => {
                let entries = values.iter().map(|value| {
                    let (text, about) = (&value.value, about(&value.description));
                    quote!((#text, #about))
                });
                quote!(const #name: &[command::DescribedText] = &[#(#entries),*];)
            }
            TypeKind::Record(_) | TypeKind::Union(_) | TypeKind::Any => return None,
        })
    }

    fn values_name(&self, id: TypeId) -> Option<Ident> {
        self.names.values.get(id.0).map(|name| format_ident!("{name}"))
    }

    fn enum_of(&self, ty: &Type) -> Option<(TypeId, &'a TypeKind)> {
        match ty {
            Type::Named(id) => {
                let kind = &self.context.api.ty(*id)?.kind;
                matches!(kind, TypeKind::IntegerEnum(_) | TypeKind::TextEnum(_)).then_some((*id, kind))
            }
            Type::Array(item) => self.enum_of(item),
            _ => None,
        }
    }
}
