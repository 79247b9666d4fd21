//! The function that carries out an operation: values of the command line become a call, and its answer is shown.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Command;
use super::argument::{BODY, is_secret};
use crate::ir::{BodyKind, ContentKind, OperationId, Parameter, TextFormat, Type, TypeId, TypeKind, Wait};
use crate::render::syntax::{Here, ident};

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
            let value = self.body_value(id, &quote!(body));
            quote! {
                if let Some(body) = command::optional::<String>(matches, #BODY) {
                    call = call.body(#value);
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
        let show = self.show(id, &labels)?;
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
            let argument = quote!(command::required::<String>(matches, #BODY)?);
            values.push(self.body_value(id, &argument));
        }
        let Some(arguments) = rendering.arguments_name() else { return Some(quote!(#(#values),*)) };
        let (library, group) = (&self.library, ident(&self.context.names.group(operation.group)?.module));
        let fields = rendering.required.iter().map(|required| &required.name);
        Some(quote!(#library::#group::#arguments { #(#fields: #values),* }))
    }

    /// The body from the text of its argument: a JSON value, a text, or what a file holds. Of several media types the first
    /// is sent that a command line has a form for.
    fn body_value(&self, id: OperationId, argument: &TokenStream) -> TokenStream {
        let api = self.context.api;
        let (Some(operation), Some(names)) = (api.operation(id), self.context.names.operation(id)) else {
            return quote!(());
        };
        let contents = operation.body.as_ref().map(|body| body.contents.as_slice()).unwrap_or_default();
        let has_form =
            |kind: &ContentKind| !matches!(kind, ContentKind::Multipart(_) | ContentKind::AnyMultipart);
        let mut chosen = contents.iter().zip(&names.contents).filter(|(content, _)| has_form(&content.kind));
        let Some((content, variant)) = chosen.next() else {
            return quote!(return Err(command::unsupported_body(#BODY)));
        };
        let value = match &content.kind {
            ContentKind::Json(ty) | ContentKind::Form(ty, _) => {
                let ty = self.context.ty(ty, Here::Outside);
                quote!(command::json_body::<#ty>(&#argument, #BODY)?)
            }
            ContentKind::Text => quote!(command::text_body(&#argument, #BODY)?),
            _ => quote!(command::file_body(&#argument, #BODY).await?),
        };
        if contents.len() == 1 {
            return value;
        }
        let (library, variant) = (&self.library, ident(variant));
        let group =
            ident(self.context.names.group(operation.group).map_or("", |names| names.module.as_str()));
        let name = format_ident!("{}Body", names.builder);
        let value = match &content.kind {
            ContentKind::Json(ty) | ContentKind::Form(ty, _) if self.context.is_record(ty) => {
                quote!(Box::new(#value))
            }
            _ => value,
        };
        quote!(#library::#group::#name::#variant(#value))
    }

    /// The expression that makes the call and shows its answer.
    fn show(&self, id: OperationId, labels: &TokenStream) -> Option<TokenStream> {
        let operation = self.context.api.operation(id)?;
        let names = self.context.names.operation(id)?;
        let rendering = self.context.rendering(id)?;
        let of_kind = |kind: &BodyKind, value: TokenStream| match kind {
            BodyKind::Json(_) => quote!(output.answer(&#value, #labels)),
            BodyKind::Text => quote!(output.bytes(#value.as_bytes())),
            BodyKind::Bytes => quote!(output.download(#value).await),
            BodyKind::Events(_) => quote!(output.events(#value).await),
            BodyKind::Lines(_) | BodyKind::Sequence(_) => quote!(output.lines(#value).await),
        };
        if !rendering.has_own_outcome() {
            let kind =
                operation.success.iter().flat_map(|outcome| &outcome.bodies).map(|body| &body.kind).next();
            return Some(match kind {
                Some(kind) if kind.is_stream() => of_kind(kind, quote!(call.await?.into_inner())),
                Some(BodyKind::Text) => quote!(output.bytes(call.await?.as_bytes())),
                _ => quote!(output.answer(&*call.await?, #labels)),
            });
        }
        if !operation.has_stream() {
            return Some(quote!(output.answer(&*call.await?, #labels)));
        }
        let (library, group) = (&self.library, ident(&self.context.names.group(operation.group)?.module));
        let name = format_ident!("{}Outcome", names.builder);
        let mut arms = Vec::new();
        for (outcome, variants) in operation.success.iter().zip(&names.successes) {
            let readings = outcome.readings();
            if readings.is_empty() {
                let variant = ident(variants.first()?);
                arms.push(quote!(#library::#group::#name::#variant => output.answer(&(), #labels)));
            }
            for ((kind, _), variant) in readings.iter().zip(variants) {
                let (variant, show) = (ident(variant), of_kind(kind, quote!(value)));
                arms.push(quote!(#library::#group::#name::#variant(value) => #show));
            }
        }
        Some(quote! {
            match call.await?.into_inner() {
                #(#arms,)*
                _ => Err(command::unknown_answer()),
            }
        })
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
            Type::Boolean
            | Type::Integer32
            | Type::Integer64
            | Type::Number
            | Type::Text(TextFormat::Plain) => values,
            _ if self.enum_of(item).is_some() || matches!(item, Type::Text(_)) => {
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
        match (ty, self.enum_of(ty)) {
            (
                Type::Boolean
                | Type::Integer32
                | Type::Integer64
                | Type::Number
                | Type::Text(TextFormat::Plain),
                _,
            ) => raw.clone(),
            (_, Some((_, TypeKind::IntegerEnum(_)))) => quote!(#raw.into()),
            (_, Some(_)) => quote!(#raw.as_str().into()),
            (Type::Text(_), _) => {
                let ty = self.context.ty(ty, Here::Outside);
                quote!(#ty::from(#raw))
            }
            _ => quote!(command::json_value(&#raw, #option)?),
        }
    }

    fn secret_argument(&self, ty: &Type, secret: &TokenStream) -> TokenStream {
        match ty {
            Type::Text(TextFormat::Secret) => secret.clone(),
            Type::Text(TextFormat::Plain) => quote!(#secret.expose()),
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
            .flat_map(|outcome| outcome.bodies.iter().filter_map(|body| body.kind.ty()))
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
