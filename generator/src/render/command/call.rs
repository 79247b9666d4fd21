//! The function that carries out an operation: values of the command line become a call, and its answer is shown.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Command;
use super::argument::{BODY, is_secret};
use crate::ir::{Body, OperationId, Parameter, Type, TypeId, TypeKind, Wait};
use crate::render::syntax::ident;

/// The numbers with names that an answer holds, by property.
type Labels = BTreeMap<String, TypeId>;

impl Command<'_> {
    /// The function that carries out an operation.
    pub(super) fn operation_function(&self, id: OperationId) -> Option<TokenStream> {
        let operation = self.context.api.operation(id)?;
        let names = self.context.names.operation(id)?;
        let (_, functions) = self.operation_names(id)?;
        let options = self.names.parameters.get(id.0)?;
        let group = ident(&self.context.names.group(operation.group)?.module);
        let (function, method) = (ident(&functions.run), ident(&names.method));
        let required = self.required(id)?;
        let setters: Vec<_> = operation
            .optional_parameters()
            .filter_map(|index| {
                let (parameter, setter) = (operation.parameters.get(index)?, names.parameters.get(index)?);
                Some(self.setter(parameter, &ident(setter), options.get(index)?))
            })
            .collect();
        let body = operation.body.as_ref().filter(|body| !body.required).map(|_| {
            quote! {
                if let Some(body) = command::body_value(matches, #BODY)? {
                    call = call.body(body);
                }
            }
        });
        let mutable = (!setters.is_empty() || body.is_some()).then(|| quote!(mut));
        let labels = self.labels(id);
        let wait = self.wait(id).map(|(what, wait)| {
            let done = wait.done_message.as_ref().map(|message| quote!(.done_message(#message)));
            quote! {
                if command::is_set(matches, "wait") {
                    return output.wait(command::ProgressLine::new(#what) #done, matches, call.wait(), #labels).await;
                }
            }
        });
        let items = operation.pagination.as_ref().map(|_| {
            quote! {
                if command::is_set(matches, "all") {
                    return output.items(call.items(), #labels).await;
                }
            }
        });
        let show = match operation.success.as_slice() {
            [outcome] if matches!(outcome.body, Body::Bytes(_)) => quote!(output.bytes(&call.await?)),
            [outcome] if matches!(outcome.body, Body::Text(_)) => {
                quote!(output.bytes(call.await?.as_bytes()))
            }
            _ => quote!(output.answer(&*call.await?, #labels)),
        };
        let given = operation.required_parameters().chain(operation.optional_parameters()).count();
        let is_read = given > 0 || operation.body.is_some() || wait.is_some() || items.is_some();
        let matches = if is_read { quote!(matches) } else { quote!(_) };
        let deprecated = operation.parameters.iter().any(|parameter| parameter.docs.deprecated);
        let expect = (deprecated || operation.docs.deprecated).then(
            || quote!(#[expect(deprecated, reason = "a command offers all that the service still takes")]),
        );
        Some(quote! {
            #expect
            async fn #function(client: &Client, #matches: &ArgMatches, output: &Output) -> Result<(), Failure> {
                let #mutable call = client.#group().#method(#required);
                #(#setters)*
                #body
                #wait
                #items
                #show
            }
        })
    }

    /// The required values: as arguments, or as one struct where there are many.
    fn required(&self, id: OperationId) -> Option<TokenStream> {
        let operation = self.context.api.operation(id)?;
        let rendering = self.context.rendering(id)?;
        let options = self.names.parameters.get(id.0)?;
        let mut values: Vec<TokenStream> = operation
            .required_parameters()
            .filter_map(|index| {
                Some(self.required_value(operation.parameters.get(index)?, options.get(index)?))
            })
            .collect();
        if operation.body.as_ref().is_some_and(|body| body.required) {
            values.push(quote!(command::required_body(matches, #BODY)?));
        }
        let Some(arguments) = rendering.arguments_name() else { return Some(quote!(#(#values),*)) };
        let (library, group) = (&self.library, ident(&self.context.names.group(operation.group)?.module));
        let fields = rendering.required.iter().map(|required| &required.name);
        Some(quote!(#library::#group::#arguments { #(#fields: #values),* }))
    }

    fn required_value(&self, parameter: &Parameter, option: &str) -> TokenStream {
        if is_secret(parameter) {
            let value = quote!(command::required_secret(matches, #option)?);
            return self.secret_argument(&parameter.ty, &value);
        }
        match &parameter.ty {
            Type::Array(item) => self.list(item, option),
            ty => {
                let raw = self.raw(ty);
                self.value(ty, &quote!(command::required::<#raw>(matches, #option)?), option)
            }
        }
    }

    fn setter(&self, parameter: &Parameter, setter: &proc_macro2::Ident, option: &str) -> TokenStream {
        if is_secret(parameter) {
            let value = self.secret_argument(&parameter.ty, &quote!(value));
            return quote! {
                if let Some(value) = command::secret_value(matches, #option)? {
                    call = call.#setter(#value);
                }
            };
        }
        match &parameter.ty {
            Type::Array(item) => {
                let values = self.list(item, option);
                quote! {
                    if matches.contains_id(#option) {
                        call = call.#setter(#values);
                    }
                }
            }
            ty => {
                let (raw, value) = (self.raw(ty), self.value(ty, &quote!(value), option));
                quote! {
                    if let Some(value) = command::optional::<#raw>(matches, #option) {
                        call = call.#setter(#value);
                    }
                }
            }
        }
    }

    /// The values of an argument that can be given several times.
    fn list(&self, item: &Type, option: &str) -> TokenStream {
        let (raw, value) = (self.raw(item), self.value(item, &quote!(value), option));
        let values = quote!(command::repeated::<#raw>(matches, #option));
        match item {
            Type::Boolean | Type::Integer32 | Type::Integer64 | Type::Number | Type::Text => values,
            _ if self.enum_of(item).is_some() || text_format(item).is_some() => {
                quote!(#values.into_iter().map(|value| #value).collect())
            }
            _ => quote! {
                #values
                    .iter()
                    .map(|value| command::json_value(value, #option))
                    .collect::<Result<Vec<_>, Failure>>()?
            },
        }
    }

    /// The type that the parser of an argument gives.
    fn raw(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Boolean => quote!(bool),
            Type::Integer32 => quote!(i32),
            Type::Integer64 => quote!(i64),
            Type::Number => quote!(f64),
            ty => match self.enum_of(ty) {
                Some((_, TypeKind::IntegerEnum(_))) => quote!(i64),
                _ => quote!(String),
            },
        }
    }

    /// The value for the call from what the parser gave.
    fn value(&self, ty: &Type, raw: &TokenStream, option: &str) -> TokenStream {
        match (ty, self.enum_of(ty), text_format(ty)) {
            (Type::Boolean | Type::Integer32 | Type::Integer64 | Type::Number | Type::Text, ..) => {
                raw.clone()
            }
            (_, Some((_, TypeKind::IntegerEnum(_))), _) => quote!(#raw.into()),
            (_, Some(_), _) => quote!(#raw.as_str().into()),
            (.., Some(format)) => quote!(clientsmith_runtime::#format::from(#raw)),
            _ => quote!(command::json_value(&#raw, #option)?),
        }
    }

    fn secret_argument(&self, ty: &Type, secret: &TokenStream) -> TokenStream {
        match ty {
            Type::Secret => secret.clone(),
            Type::Text => quote!(#secret.expose()),
            _ => {
                let value = quote!(#secret.expose().to_owned());
                self.value(ty, &value, "")
            }
        }
    }

    /// What can be waited for after an operation, and how.
    pub(super) fn wait(&self, id: OperationId) -> Option<(String, &Wait)> {
        let operation = self.context.api.operation(id)?;
        let names = &self.context.names.operation(id)?.links;
        let (wait, name) =
            operation.links.iter().zip(names).find_map(|(link, name)| Some((link.wait.as_ref()?, name)))?;
        Some((name.replace('_', " "), wait))
    }

    /// The expression for the names of the numbers in the answer of an operation.
    fn labels(&self, id: OperationId) -> TokenStream {
        let entries = self.labels_of(id).into_iter().filter_map(|(property, ty)| {
            let values = self.values_name(ty)?;
            Some(quote!((#property, #values)))
        });
        let entries: Vec<_> = entries.collect();
        if entries.is_empty() {
            quote!(command::Labels::default())
        } else {
            quote!(command::Labels(&[#(#entries),*]))
        }
    }

    /// The properties that hold a number with a name, wherever they stand in the answer. A property of which that is true in
    /// one place and not in another is left out.
    fn labels_of(&self, id: OperationId) -> Labels {
        let mut found: BTreeMap<String, BTreeSet<Option<TypeId>>> = BTreeMap::new();
        let mut visited = BTreeSet::new();
        let outcomes =
            self.context.api.operation(id).map(|operation| operation.success.as_slice()).unwrap_or_default();
        let mut pending: Vec<&Type> = outcomes
            .iter()
            .filter_map(|outcome| match &outcome.body {
                Body::Json(_, ty) => Some(ty),
                Body::Empty | Body::Text(_) | Body::Bytes(_) => None,
            })
            .collect();
        while let Some(ty) = pending.pop() {
            match ty {
                Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => pending.push(inner),
                Type::Named(id) if visited.insert(*id) => match self.context.api.ty(*id).map(|ty| &ty.kind) {
                    Some(TypeKind::Record(record)) => {
                        for field in &record.fields {
                            let named = self.enum_of(&field.ty);
                            let named = named.filter(|(_, kind)| matches!(kind, TypeKind::IntegerEnum(_)));
                            found.entry(field.name.clone()).or_default().insert(named.map(|(id, _)| id));
                            pending.push(&field.ty);
                        }
                    }
                    Some(TypeKind::Union(union)) => {
                        pending.extend(union.members.iter().map(|member| &member.ty))
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        let alone =
            found.into_iter().filter_map(|(property, types)| match (types.len(), types.into_iter().next()) {
                (1, Some(Some(ty))) => Some((property, ty)),
                _ => None,
            });
        alone.collect()
    }

    /// The enums whose values arguments and tables speak of.
    pub(super) fn used_enums(&self) -> BTreeSet<TypeId> {
        let api = self.context.api;
        let mut used = BTreeSet::new();
        for (id, operation) in api.operation_ids().zip(&api.operations) {
            let given = operation.required_parameters().chain(operation.optional_parameters());
            let parameters = given.filter_map(|index| operation.parameters.get(index));
            let parameters = parameters.filter(|parameter| !is_secret(parameter));
            used.extend(parameters.filter_map(|parameter| self.enum_of(&parameter.ty)).map(|(id, _)| id));
            used.extend(self.labels_of(id).into_values());
        }
        used
    }
}

/// The type of the runtime for a text with a format.
fn text_format(ty: &Type) -> Option<proc_macro2::Ident> {
    match ty {
        Type::DateTime => Some(format_ident!("DateTime")),
        Type::Date => Some(format_ident!("Date")),
        Type::Uuid => Some(format_ident!("Uuid")),
        Type::Base64 => Some(format_ident!("Base64")),
        _ => None,
    }
}
