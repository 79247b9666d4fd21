//! The examples of the description as tests, and a program that makes a first call.

use proc_macro2::TokenStream;
use quote::quote;

use super::credentials::ways;
use super::syntax::{Here, ident, inner_docs, module, skip_formatting};
use super::{Context, FileContent, RenderedFile};
use crate::ir::{Parameter, SchemeKind, Signer, Type, TypeKind};
use crate::name::{Scope, screaming, snake};

impl Context<'_> {
    /// `tests/examples/`: every example is read and written again.
    pub(super) fn example_tests(&self) -> Vec<RenderedFile> {
        if self.api.examples.is_empty() {
            return Vec::new();
        }
        let mut scope = Scope::new(&["round_trip"]);
        let tests = self.api.examples.iter().map(|example| {
            let name = ident(&scope.mint(&snake(&example.name)));
            let (ty, json) = (self.ty(&example.ty, Here::Outside), &example.json);
            let feature = self.home_of(&example.ty);
            quote! {
                #feature
                #[test]
                fn #name() -> Result<(), String> {
                    round_trip::<#ty>(#json)
                }
            }
        });
        let about = "Every example of the description is read and written again: nothing may be lost.";
        let root = vec![inner_docs(about), module("round_trips", false)];
        let mut pieces =
            vec![inner_docs("A test per example."), quote! { use clientsmith_runtime::example::round_trip; }];
        pieces.extend(tests);
        vec![
            RenderedFile { path: "tests/examples/main.rs".to_owned(), content: FileContent::Rust(root) },
            RenderedFile {
                path: "tests/examples/round_trips.rs".to_owned(),
                content: FileContent::Rust(pieces),
            },
        ]
    }

    /// The condition under which a type is there.
    fn home_of(&self, ty: &Type) -> Option<TokenStream> {
        match ty {
            Type::Named(id) => self.names.group(self.home(*id)?).and_then(|group| self.feature(&group.kebab)),
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => self.home_of(inner),
            _ => None,
        }
    }

    /// `examples/first_call.rs`.
    pub(super) fn example_program(&self) -> Option<RenderedFile> {
        let (id, values) = self.first_call()?;
        let rendering = self.rendering(id)?;
        let (group, names) = (self.names.group(rendering.operation.group)?, rendering.names);
        let library = ident(&self.options.library());
        let (module, method) = (ident(&group.module), ident(&names.method));
        let values = values.iter().map(|value| value.parse::<TokenStream>().unwrap_or_default());
        let prefix = screaming(&self.options.name);
        let endpoint = format!("{prefix}_ENDPOINT");
        let mut variables = vec![endpoint.clone()];
        let mut settings = Vec::new();
        for name in self.names.client_values.iter().chain(&self.names.server_variables) {
            let (setter, variable_name) = (ident(name), format!("{prefix}_{}", screaming(name)));
            settings.push(quote! {
                if let Ok(value) = std::env::var(#variable_name) {
                    client = client.#setter(value);
                }
            });
            variables.push(variable_name);
        }
        let mut signers = Vec::new();
        for (scheme, name) in self.api.schemes.iter().zip(&self.names.schemes) {
            let (ty, variable_name) = (ident(name), format!("{prefix}_{}", screaming(name)));
            if let SchemeKind::Signer(Signer::SdkHmacSha256) = scheme.kind {
                signers.push(quote! {
                    if let Ok(keys) = #library::auth::AkSk::from_env() {
                        client = client.credentials(keys);
                    }
                });
            }
            for way in ways(&scheme.kind) {
                let of_way = way.variables(&variable_name);
                let (constructor, values): (_, Vec<_>) = (
                    ident(way.constructor),
                    way.arguments.iter().map(|argument| ident(argument.name)).collect(),
                );
                let test = match of_way.as_slice() {
                    [only] => quote!(let Ok(#(#values)*) = std::env::var(#only)),
                    several => quote!(let (#(Ok(#values)),*) = (#(std::env::var(#several)),*)),
                };
                settings.push(quote! {
                    if #test {
                        client = client.credentials(#library::auth::#ty::#constructor(#(#values),*));
                    }
                });
                let new = of_way.into_iter().filter(|name| !variables.contains(name));
                variables.extend(new.collect::<Vec<_>>());
            }
        }
        let list: Vec<String> = variables.iter().map(|name| format!("- `{name}`")).collect();
        let about = inner_docs(&format!(
            "Calls `{}` and prints the answer. Settings come from the environment:\n\n{}",
            rendering.operation.id,
            list.join("\n")
        ));
        let skip = skip_formatting();
        let pieces = vec![
            about,
            quote!(use #library::Client;),
            quote! {
                #skip
                #[tokio::main(flavor = "current_thread")]
                async fn main() -> Result<(), Box<dyn std::error::Error>> {
                    let mut client = Client::builder();
                    if let Ok(endpoint) = std::env::var(#endpoint) {
                        client = client.endpoint(endpoint);
                    }
                    #(#settings)*
                    #(#signers)*
                    let client = client.build()?;
                    let answer = client.#module().#method(#(#values),*).await?;
                    println!("status {}", answer.status());
                    let text = serde_json::to_string_pretty(&*answer)?;
                    println!("{text}");
                    Ok(())
                }
            },
        ];
        Some(RenderedFile { path: "examples/first_call.rs".to_owned(), content: FileContent::Rust(pieces) })
    }

    /// A value for a required parameter, as Rust: its example, else one of its kind.
    pub(super) fn sample(&self, parameter: &Parameter) -> Option<String> {
        let example = parameter
            .example
            .as_deref()
            .and_then(|json| serde_json::from_str::<serde_json::Value>(json).ok());
        match &parameter.ty {
            Type::Text(_) => {
                let text = example.and_then(|value| value.as_str().map(str::to_owned));
                Some(format!("{:?}", text.unwrap_or_else(|| parameter.name.clone())))
            }
            Type::Integer32 | Type::Integer64 => {
                let number = example.and_then(|value| value.as_i64()).unwrap_or(1);
                let fits = matches!(parameter.ty, Type::Integer64) || i32::try_from(number).is_ok();
                Some(if fits { number } else { 1 }.to_string())
            }
            Type::Unsigned64 => Some(example.and_then(|value| value.as_u64()).unwrap_or(1).to_string()),
            Type::Number => Some(format!("{:?}", example.and_then(|value| value.as_f64()).unwrap_or(1.0))),
            Type::Boolean => Some(example.and_then(|value| value.as_bool()).unwrap_or(true).to_string()),
            Type::Named(id) => {
                let library = self.options.library();
                let (definition, names) = (self.api.ty(*id)?, self.names.ty(*id)?);
                match definition.kind {
                    TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) => {
                        Some(format!("{library}::{}::{}", names.name, names.members.first()?))
                    }
                    TypeKind::Record(_) | TypeKind::Union(_) | TypeKind::Any => None,
                }
            }
            Type::Array(_) => Some("Vec::new()".to_owned()),
            Type::Decimal => Some("1.into()".to_owned()),
            Type::Any | Type::Map(_) | Type::Nullable(_) => None,
        }
    }
}
