//! An operation: the builder of its call, and its descriptor.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::descriptor::wait_name;
use super::outcome::Reading;
use super::syntax::{Here, docs, ident, inner_docs, raw_docs, setter_expectation, struct_link};
use super::words::{describe, describe_parameter, first_sentence};
use super::{Context, FileContent, RenderedFile};
use crate::ir::{BodyKind, Header, Operation, OperationId, Parameter, Style, TextFormat, Type, TypeKind};
use crate::name::OperationNames;

/// How many required values are arguments; more of them go into one struct.
pub(super) const MAX_ARGUMENTS: usize = 4;

/// A value that every call has to give.
pub(super) struct Required<'a> {
    /// The argument, or the field of the struct with all of them.
    pub(super) name: Ident,
    /// What a parameter is; `None` for the body.
    ty: Option<&'a Type>,
    /// What it is about.
    docs: String,
    /// The index of the parameter; `None` for the body.
    pub(super) parameter: Option<usize>,
}

/// All of one operation that its parts are rendered from.
pub(super) struct Rendering<'a> {
    id: OperationId,
    pub(super) operation: &'a Operation,
    pub(super) names: &'a OperationNames,
    pub(super) builder: Ident,
    pub(super) required: Vec<Required<'a>>,
    pub(super) success: Reading,
    failure: Reading,
    error: TokenStream,
}

impl<'a> Context<'a> {
    /// What an operation is rendered from.
    pub(super) fn rendering(&self, id: OperationId) -> Option<Rendering<'a>> {
        let (operation, names) = (self.api.operation(id)?, self.names.operation(id)?);
        let failure = self.failure(operation, names);
        let mut required: Vec<Required<'a>> = Vec::new();
        for index in operation.required_parameters() {
            let (Some(parameter), Some(name)) =
                (operation.parameters.get(index), names.parameters.get(index))
            else {
                continue;
            };
            let docs = describe_parameter(parameter);
            required.push(Required {
                name: ident(name),
                ty: Some(&parameter.ty),
                docs,
                parameter: Some(index),
            });
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            let docs = body.description.clone().unwrap_or_else(|| "The body of the request.".to_owned());
            required.push(Required { name: ident("body"), ty: None, docs, parameter: None });
        }
        Some(Rendering {
            id,
            operation,
            names,
            builder: ident(&names.builder),
            required,
            success: self.success(operation, names),
            error: self.error_type(operation, &failure.ty),
            failure,
        })
    }

    /// `src/<group>/<operation>.rs`.
    pub(super) fn operation_file(&self, id: OperationId) -> Option<RenderedFile> {
        let rendering = self.rendering(id)?;
        let module = &self.names.group(rendering.operation.group)?.module;
        let mut pieces = vec![rendering.module_docs(), self.operation_imports(&rendering)];
        pieces.extend(self.arguments_struct(&rendering));
        let headers: Vec<(&str, &Header)> = rendering
            .operation
            .headers
            .iter()
            .filter_map(|index| {
                Some((self.names.headers.get(*index)?.as_str(), self.api.headers.get(*index)?))
            })
            .collect();
        pieces.push(rendering.structure(&headers));
        pieces.push(self.methods(&rendering));
        pieces.push(rendering.awaiting());
        pieces.extend(self.links(&rendering));
        pieces.extend(self.body_items(rendering.operation, rendering.names));
        pieces.extend(rendering.success.items.clone());
        pieces.extend(rendering.failure.items.clone());
        if let Some(pagination) = &rendering.operation.pagination {
            pieces.push(self.page(&rendering, pagination));
        }
        pieces.push(self.descriptor(rendering.operation));
        for (link, name) in rendering.operation.links.iter().zip(&rendering.names.links) {
            pieces.push(self.link_static(link, name));
            pieces.extend(link.wait.as_ref().map(|wait| self.wait_static(wait, name)));
        }
        if let Some(pagination) = &rendering.operation.pagination {
            pieces.push(self.paging_static(rendering.operation, pagination));
        }
        let path = format!("src/{module}/{}.rs", rendering.names.method);
        Some(RenderedFile { path, content: FileContent::Rust(pieces) })
    }

    fn operation_imports(&self, rendering: &Rendering<'_>) -> TokenStream {
        let operation = rendering.operation;
        let has_wait = rendering.wait().is_some();
        let has_paging = operation.pagination.is_some();
        let has_links = !operation.links.is_empty();
        let has_arguments = operation.links.iter().any(|link| !link.arguments.is_empty());
        let has_body = operation.links.iter().any(|link| link.body.is_some());
        let has_conditions = operation
            .links
            .iter()
            .filter_map(|link| link.wait.as_ref())
            .any(|wait| !wait.done.is_empty() || !wait.failed.is_empty());
        let reads_by_status = !rendering.success.items.is_empty();
        let runtime = [
            (true, "Answer"),
            (true, "BoxFuture"),
            (true, "Call"),
            (true, "Core"),
            (reads_by_status || has_paging, "DecodeError"),
            (has_paging, "Items"),
            (true, "Limits"),
            (has_paging, "Page"),
            (has_paging, "Pages"),
            (true, "Response"),
            (true, "RetryPolicy"),
            (has_wait, "Wait"),
        ];
        let descriptor = [
            (has_conditions, "Condition"),
            (has_links, "Link"),
            (has_arguments, "LinkArgument"),
            (has_body, "LinkBody"),
            (has_arguments || has_body, "LinkSource"),
            (true, "Operation"),
            (has_paging, "Paging"),
            (!operation.parameters.is_empty(), "Parameter"),
            (true, "StatusRange"),
            (operation.links.iter().any(|link| link.wait.is_some()), "WaitRule"),
        ];
        let chosen = |names: &[(bool, &str)]| -> Vec<Ident> {
            names.iter().filter(|(is_used, _)| *is_used).map(|(_, name)| ident(name)).collect()
        };
        let (runtime, descriptor) = (chosen(&runtime), chosen(&descriptor));
        quote! {
            use std::time::Duration;

            use clientsmith_runtime::http::Method;
            use clientsmith_runtime::operation::{#(#descriptor),*};
            use clientsmith_runtime::{#(#runtime),*};
        }
    }

    /// The struct with the required values, where there are many.
    fn arguments_struct(&self, rendering: &Rendering<'_>) -> Option<TokenStream> {
        let name = rendering.arguments_name()?;
        let builder = rendering.names.builder.as_str();
        let about = raw_docs(&format!("What every call of {} has to give.", struct_link(builder)));
        let fields = rendering.required.iter().map(|required| {
            let (name, ty) = (&required.name, self.required_type(rendering, required, Here::Crate));
            let about = docs(&required.docs);
            quote!(#about pub #name: #ty)
        });
        let is_comparable = rendering.operation.body.as_ref().is_none_or(Self::body_is_comparable);
        let comparable = is_comparable.then(|| quote!(, PartialEq));
        Some(quote! {
            #about
            #[derive(Clone, Debug #comparable)]
            pub struct #name {
                #(#fields,)*
            }
        })
    }

    /// The type of a required value.
    pub(super) fn required_type(
        &self,
        rendering: &Rendering<'_>,
        required: &Required<'_>,
        here: Here,
    ) -> TokenStream {
        match required.ty {
            Some(ty) => self.ty(ty, here),
            None => self.body_type(rendering.operation, rendering.names, here),
        }
    }

    /// The constructor, the setters, and what else a call can do.
    fn methods(&self, rendering: &Rendering<'_>) -> TokenStream {
        let Rendering { operation, names, builder, .. } = rendering;
        let arguments = self.arguments(rendering, Here::Crate);
        let sets = rendering.required.iter().map(|required| {
            let name = &required.name;
            let is_field = rendering.arguments_name().is_some();
            match (required.parameter, is_field) {
                (Some(index), true) => {
                    let set = self.set(operation, index, &quote!(arguments.#name), true);
                    quote!(call.#set;)
                }
                (Some(index), false) => {
                    let set = self.set(operation, index, &quote!(#name), false);
                    quote!(call.#set;)
                }
                (None, true) => {
                    self.set_body(operation, names, &quote!(call), &quote!(arguments.#name), false)
                }
                (None, false) => self.set_body(operation, names, &quote!(call), &quote!(#name), true),
            }
        });
        let has_required = !rendering.required.is_empty();
        let binding = if has_required { quote!(mut call) } else { quote!(call) };
        let setters = operation.optional_parameters().filter_map(|index| {
            let (parameter, name) = (operation.parameters.get(index)?, names.parameters.get(index)?);
            let name = ident(name);
            let expectation = setter_expectation(&name.to_string());
            let (argument, _) = self.argument(&parameter.ty, &name, Here::Crate);
            let about = docs(&describe_parameter(parameter));
            let deprecated = super::deprecated(parameter.docs.deprecated);
            let set = self.set(operation, index, &quote!(#name), false);
            let without_value = names.without_value.get(index).and_then(Option::as_ref).map(|setter| {
                let (setter, index) = (ident(setter), proc_macro2::Literal::usize_unsuffixed(index));
                let about = docs(&format!("Sends `{}` without a value.", parameter.name.replace('`', "'")));
                quote! {
                    #about
                    #deprecated
                    pub fn #setter(mut self) -> Self {
                        self.call.set_text(#index, "");
                        self
                    }
                }
            });
            Some(quote! {
                #about
                #deprecated
                #expectation
                pub fn #name(mut self, #name: #argument) -> Self {
                    self.call.#set;
                    self
                }
                #without_value
            })
        });
        let body = operation.body.as_ref().filter(|body| !body.required).map(|body| {
            let argument = self.body_argument(operation, names);
            let about = docs(body.description.as_deref().unwrap_or("Sets the body of the request."));
            let set = self.set_body(operation, names, &quote!(self.call), &quote!(body), true);
            quote! {
                #about
                pub fn body(mut self, body: #argument) -> Self {
                    #set
                    self
                }
            }
        });
        let from_call = self.link_targets.contains(&rendering.id).then(|| {
            quote! {
                pub(crate) fn from_call(call: Call) -> Self {
                    Self { call }
                }
            }
        });
        let range = has_range(operation, names).then(|| {
            quote! {
                #[doc = " Asks for some of the bytes alone; whether the server did so is told by `Download::is_partial`."]
                pub fn range(mut self, bytes: impl std::ops::RangeBounds<u64>) -> Self {
                    self.call.range(bytes);
                    self
                }
            }
        });
        let wait = self.wait_method(rendering);
        let items = operation.pagination.as_ref().map(|pagination| {
            let (item, failure, read) =
                (self.ty(&pagination.item, Here::Crate), &rendering.failure.ty, &rendering.failure.function);
            quote! {
                #[doc = " The items of all pages, from this one on."]
                pub fn items(self) -> Items<#item, #failure> {
                    Items::new(self.call, &PAGING, page, #read)
                }

                #[doc = " The pages one by one, from this one on."]
                pub fn pages(self) -> Pages<#item, #failure> {
                    Pages::new(self.call, &PAGING, page, #read)
                }
            }
        });
        quote! {
            impl #builder {
                pub(crate) fn new(core: &Core, #(#arguments),*) -> Self {
                    let #binding = Call::new(core, &OPERATION);
                    #(#sets)*
                    Self { call }
                }

                #from_call
                #(#setters)*
                #body

                #[doc = " Sets how long this call may take, instead of the client's setting."]
                pub fn timeout(mut self, timeout: Duration) -> Self {
                    self.call.timeout(timeout);
                    self
                }

                #[doc = " Sets how often this call is made again when it fails, instead of the client's setting."]
                pub fn retry(mut self, policy: RetryPolicy) -> Self {
                    self.call.retry(policy);
                    self
                }

                #[doc = " Sets what this call bears, such as the time of an attempt and the size of the answer."]
                pub fn limits(mut self, limits: Limits) -> Self {
                    self.call.limits(limits);
                    self
                }
                #range
                #wait
                #items
            }
        }
    }

    /// The method that sets a parameter to a value: an argument as [`argument`](Self::argument) has it, or, when it
    /// `is_owned`, one of the parameter's type.
    pub(super) fn set(
        &self,
        operation: &Operation,
        index: usize,
        value: &TokenStream,
        is_owned: bool,
    ) -> TokenStream {
        let Some(parameter) = operation.parameters.get(index) else { return quote!() };
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let is_converted = self.is_converted(&parameter.ty);
        let is_direct = self.is_direct(parameter);
        if is_converted && !is_owned {
            if is_direct && parameter.ty == Type::Text(TextFormat::Plain) {
                return quote!(set_text(#index, #value));
            }
            let ty = self.ty(&parameter.ty, Here::Crate);
            let value = quote!(Into::<#ty>::into(#value));
            return if is_direct { quote!(set(#index, #value)) } else { quote!(set_value(#index, &#value)) };
        }
        if is_direct { quote!(set(#index, #value)) } else { quote!(set_value(#index, &#value)) }
    }

    /// Whether the runtime takes a value as it is; all others go by way of their JSON.
    fn is_direct(&self, parameter: &Parameter) -> bool {
        let item = match &parameter.ty {
            Type::Array(item) => item.as_ref(),
            ty => ty,
        };
        let is_single = match item {
            Type::Any | Type::Array(_) | Type::Map(_) | Type::Nullable(_) => false,
            Type::Named(id) => self.api.ty(*id).is_some_and(|definition| {
                matches!(definition.kind, TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_))
            }),
            _ => true,
        };
        is_single && !matches!(parameter.style, Style::Json(_))
    }

    /// The arguments of the constructor, and of the method of the group.
    pub(super) fn arguments(&self, rendering: &Rendering<'_>, here: Here) -> Vec<TokenStream> {
        if let Some(name) = rendering.arguments_name() {
            return vec![quote!(arguments: #name)];
        }
        let arguments = rendering.required.iter();
        arguments
            .map(|required| {
                let name = &required.name;
                let argument = match required.ty {
                    Some(ty) => self.argument(ty, name, here).0,
                    None => self.body_argument(rendering.operation, rendering.names),
                };
                quote!(#name: #argument)
            })
            .collect()
    }

    fn wait_method(&self, rendering: &Rendering<'_>) -> Option<TokenStream> {
        let (ty, arguments) = rendering.waiting()?;
        let about = docs(
            "Sends the call, and waits for the end of what it starts. Dropping the future stops the waiting, not what was \
             started.",
        );
        Some(quote! {
            #about
            pub fn wait(self) -> #ty {
                Wait::start(self.call, #arguments)
            }
        })
    }

    /// The type of a wait on an answer, and the expression for it.
    pub(super) fn wait_of_answer(&self, rendering: &Rendering<'_>) -> Option<(TokenStream, TokenStream)> {
        let (ty, arguments) = rendering.waiting()?;
        Some((ty, quote!(Wait::answered(self.clone(), #arguments))))
    }
}

impl Rendering<'_> {
    /// The name of the struct with the required values, where they are too many for arguments.
    pub(super) fn arguments_name(&self) -> Option<Ident> {
        (self.required.len() > MAX_ARGUMENTS).then(|| format_ident!("{}Arguments", self.names.builder))
    }

    /// Whether there is a trait with the links of an operation.
    pub(super) fn has_links(&self) -> bool {
        !self.operation.links.is_empty()
    }

    /// The name of the link that can be waited on.
    fn wait(&self) -> Option<&str> {
        let links = self.operation.links.iter().zip(&self.names.links);
        links.into_iter().find(|(link, _)| link.wait.is_some()).map(|(_, name)| name.as_str())
    }

    /// The type of a wait, and what it is made with beside what is waited for.
    fn waiting(&self) -> Option<(TokenStream, TokenStream)> {
        let (success, failure) = (&self.success, &self.failure);
        let (value, error, decode, decode_failure) =
            (&success.ty, &failure.ty, &success.function, &failure.function);
        let rule = wait_name(self.wait()?);
        Some((quote!(Wait<#value, #error>), quote!(&#rule, #decode, #decode_failure)))
    }

    /// Whether the type of the success is the operation's own.
    pub(super) fn has_own_outcome(&self) -> bool {
        !self.success.items.is_empty()
    }

    /// Whether the type of the failure is the operation's own.
    pub(super) fn has_own_failure(&self) -> bool {
        self.failure.items.len() > 1
    }

    fn module_docs(&self) -> TokenStream {
        inner_docs(&format!("`{} {}`.", self.operation.method, self.operation.path.replace('`', "'")))
    }

    fn structure(&self, headers: &[(&str, &Header)]) -> TokenStream {
        let Self { operation, builder, .. } = self;
        let fallback = format!("The operation `{}`", operation.id);
        let mut about = describe(&operation.docs, &fallback, None, None);
        if !headers.is_empty() {
            about.push_str("\n\nThe answer's headers, which the trait `ResponseHeaders` reads:\n");
            for (accessor, header) in headers {
                let description = header
                    .description
                    .as_deref()
                    .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
                let name = header.name.replace('`', "'");
                about.push_str(&match description {
                    Some(text) => format!("\n- `{accessor}()`, `{name}`: {text}"),
                    None => format!("\n- `{accessor}()`, `{name}`"),
                });
            }
        }
        if let Some(page) = &operation.page {
            about.push_str(&format!("\n\nThe vendor's page: `{}`.", page.replace('`', "'")));
        }
        let about = docs(&about);
        quote! {
            #about
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent until it is awaited"]
            pub struct #builder {
                call: Call,
            }
        }
    }

    fn awaiting(&self) -> TokenStream {
        let Self { builder, success, failure, error, .. } = self;
        let (value, decode, decode_failure) = (&success.ty, &success.function, &failure.function);
        let send = ident(if self.operation.has_stream() { "open" } else { "send" });
        quote! {
            impl IntoFuture for #builder {
                type Output = Result<Response<#value>, #error>;
                type IntoFuture = BoxFuture<'static, Self::Output>;

                fn into_future(self) -> Self::IntoFuture {
                    self.call.#send(#decode, #decode_failure)
                }
            }
        }
    }

    /// What it does, in one line.
    pub(super) fn summary(&self) -> String {
        first_sentence(&self.operation.docs, &format!("The operation `{}`.", self.operation.id))
    }
}

/// Whether a part of the answer can be asked for: where it is bytes and no parameter has taken the name. Ranges mean something
/// with `GET` alone (RFC 9110 §14.2).
fn has_range(operation: &Operation, names: &OperationNames) -> bool {
    let mut bodies = operation.success.iter().flat_map(|outcome| &outcome.bodies);
    let mut setters = names.parameters.iter().chain(names.without_value.iter().flatten());
    operation.method == "GET"
        && bodies.any(|body| body.kind == BodyKind::Bytes)
        && !setters.any(|setter| setter == "range")
}
