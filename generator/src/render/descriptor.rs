//! The API and its operations as static data.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::syntax::{ident, inner_docs};
use super::{Context, FileContent, RenderedFile};
use crate::ir::{
    Condition, ContentKind, ErrorRule, Link, LinkSource, Location, NextPage, Operation, OperationId, Outcome,
    Pagination, PagingKind, Parameter, RetryRule, Server, Style, Type, Wait,
};
use crate::name::screaming;

impl Context<'_> {
    /// `src/api.rs`.
    pub(super) fn api_file(&self) -> RenderedFile {
        let lists = self.api.servers.iter().map(|list| {
            let servers = list.servers.iter().map(server);
            quote!(&[#(#servers),*])
        });
        let variables = self.api.server_variables.iter().map(|variable| &variable.name);
        let values = self.api.client_values.iter().zip(&self.names.client_values).map(|(value, name)| {
            let required = value.required;
            quote!(ClientValue { name: #name, required: #required })
        });
        let schemes = self.api.schemes.iter().map(|scheme| &scheme.name);
        let has_servers = self.api.default_server().is_some() || self.api.servers.len() > 1;
        let has_conditions = self.api.error_rules.iter().any(|rule| !rule.error_when.is_empty());
        let has_rules = self.api.error_rules.iter().any(|rule| *rule != ErrorRule::default());
        let imported = [
            (true, "Api"),
            (!self.api.client_values.is_empty(), "ClientValue"),
            (has_conditions, "Condition"),
            (!self.api.error_rules.is_empty(), "ErrorRule"),
            (has_rules, "RetryRule"),
            (has_servers, "Server"),
            (!self.api.server_variables.is_empty(), "ServerVariable"),
        ];
        let imported = imported.iter().filter(|(is_used, _)| *is_used).map(|(_, name)| ident(name));
        let rules = (0..self.api.error_rules.len()).map(|index| self.error_rule_name(index));
        let mut pieces = vec![
            inner_docs("The API as a whole: what all operations share."),
            quote!(use clientsmith_runtime::operation::{#(#imported),*};),
            quote! {
                pub(crate) static API: Api = Api {
                    package: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    servers: &[#(#lists),*],
                    variables: &[#(#variables),*],
                    values: &[#(#values),*],
                    schemes: &[#(#schemes),*],
                    error_rules: &[#(&#rules),*],
                };
            },
        ];
        for (index, rule) in self.api.error_rules.iter().enumerate() {
            let (name, rule) = (self.error_rule_name(index), error_rule_value(rule));
            pieces.push(quote!(pub(crate) static #name: ErrorRule = #rule;));
        }
        RenderedFile { path: "src/api.rs".to_owned(), content: FileContent::Rust(pieces) }
    }

    fn error_rule_name(&self, index: usize) -> Ident {
        if self.api.error_rules.len() == 1 {
            format_ident!("ERRORS")
        } else {
            format_ident!("ERRORS_{}", index + 1)
        }
    }

    /// The static that describes an operation, and those of its links.
    pub(super) fn descriptor(&self, operation: &Operation) -> TokenStream {
        let id = &operation.id;
        let method = ident(operation.method);
        let servers = Literal::usize_unsuffixed(operation.servers);
        let path = &operation.path;
        let parameters = operation.parameters.iter().map(parameter);
        let security = operation.security.iter().map(|all| {
            let all = all.iter().copied().map(Literal::usize_unsuffixed);
            quote!(&[#(#all),*])
        });
        let accept = accept(operation);
        let content = operation.body.as_ref().and_then(|body| body.contents.first());
        let content_type = content.map_or("", super::body::sendable);
        let success = operation.success.iter().map(|outcome| status_range(outcome.statuses));
        let failure = operation.failure.iter().map(|outcome| status_range(outcome.statuses));
        let errors = self.error_rule_name(operation.error_rule);
        let streamed = operation.success.iter().filter_map(streamed);
        let keeps_body = operation.links.iter().flat_map(Link::sources).any(LinkSource::is_of_answer_body);
        quote! {
            pub(crate) static OPERATION: Operation = Operation {
                id: #id,
                method: Method::#method,
                servers: #servers,
                path: #path,
                parameters: &[#(#parameters),*],
                security: &[#(#security),*],
                accept: #accept,
                content_type: #content_type,
                success: &[#(#success),*],
                failure: &[#(#failure),*],
                errors: &crate::api::#errors,
                streamed: &[#(#streamed),*],
                keeps_body: #keeps_body,
            };
        }
    }

    /// The static of a link.
    pub(super) fn link_static(&self, link: &Link, name: &str) -> TokenStream {
        let ident = link_name(name);
        let text = &link.name;
        let target = self.operation_path(link.operation);
        let arguments = link.arguments.iter().map(|(parameter, source)| {
            let (parameter, source) = (Literal::usize_unsuffixed(*parameter), link_source(source));
            quote!(LinkArgument { parameter: #parameter, source: #source })
        });
        let body = self.link_body(link).unwrap_or_else(|| quote!(None));
        quote! {
            static #ident: Link = Link {
                name: #text,
                from: &OPERATION,
                operation: &#target::OPERATION,
                arguments: &[#(#arguments),*],
                body: #body,
            };
        }
    }

    fn link_body(&self, link: &Link) -> Option<TokenStream> {
        let (content, source) = link.body.as_ref()?;
        let content = self.api.operation(link.operation)?.body.as_ref()?.contents.get(*content)?;
        let media_type = super::body::sendable(content);
        let is_json = matches!(content.kind, ContentKind::Json(_));
        let source = link_source(source);
        Some(quote!(Some(LinkBody { media_type: #media_type, is_json: #is_json, source: #source })))
    }

    /// The module of an operation.
    pub(super) fn operation_path(&self, id: OperationId) -> TokenStream {
        let group = self.api.operation(id).and_then(|operation| self.names.group(operation.group));
        let group = ident(group.map_or("", |names| names.module.as_str()));
        let module = ident(self.names.operation(id).map_or("", |names| names.method.as_str()));
        quote!(crate::#group::#module)
    }

    /// The static of a rule for waiting.
    pub(super) fn wait_static(&self, wait: &Wait, name: &str) -> TokenStream {
        let (link, ident) = (link_name(name), wait_name(name));
        let (done, failed) = (wait.done.iter().map(condition), wait.failed.iter().map(condition));
        let (interval, max_interval) = (duration(wait.interval), duration(wait.max_interval));
        let deadline = duration(wait.deadline);
        let message = match &wait.done_message {
            Some(message) => quote!(Some(#message)),
            None => quote!(None),
        };
        quote! {
            static #ident: WaitRule = WaitRule {
                link: &#link,
                done: &[#(#done),*],
                failed: &[#(#failed),*],
                interval: #interval,
                max_interval: #max_interval,
                deadline: #deadline,
                done_message: #message,
            };
        }
    }

    /// The static that says how an operation is paged.
    pub(super) fn paging_static(&self, operation: &Operation, pagination: &Pagination) -> TokenStream {
        let items = &pagination.pointer;
        let parameter = |index: &usize| Literal::usize_unsuffixed(*index);
        let mut value = match &pagination.kind {
            PagingKind::Page { parameter: index, .. } => {
                let index = parameter(index);
                quote!(Paging::page(#index, #items))
            }
            PagingKind::Offset { parameter: index, .. } => {
                let index = parameter(index);
                quote!(Paging::offset(#index, #items))
            }
            PagingKind::Cursor { parameter: index, next } => {
                let (index, next) = (parameter(index), next_page(next));
                quote!(Paging::cursor(#index, #next, #items))
            }
            PagingKind::Link { next } => {
                let next = next_page(next);
                quote!(Paging::link(#next, #items))
            }
        };
        // The runtime's constructors have the first number that is usual.
        if let PagingKind::Page { first, .. } | PagingKind::Offset { first, .. } = &pagination.kind {
            let usual = i64::from(matches!(pagination.kind, PagingKind::Page { .. }));
            if *first != usual {
                let first = Literal::i64_unsuffixed(*first);
                value = quote!(#value.first(#first));
            }
        }
        if let Some(index) = pagination.size {
            let size = parameter(&index);
            value = quote!(#value.size(#size));
            let default = operation.parameters.get(index).and_then(|parameter| parameter.default.as_ref());
            if let Some(default) = default.and_then(|default| default.parse::<i64>().ok()) {
                let default = Literal::i64_unsuffixed(default);
                value = quote!(#value.default_size(#default));
            }
        }
        if let Some(more) = &pagination.more {
            value = quote!(#value.more(#more));
        }
        quote!(static PAGING: Paging = #value;)
    }
}

fn next_page(next: &NextPage) -> TokenStream {
    match next {
        NextPage::Body(pointer) => quote!(clientsmith_runtime::operation::Next::Body(#pointer)),
        NextPage::Header(name) => {
            let name = name.to_ascii_lowercase();
            quote!(clientsmith_runtime::operation::Next::Header(#name))
        }
        NextPage::Relation => quote!(clientsmith_runtime::operation::Next::Relation),
    }
}

fn server(server: &Server) -> TokenStream {
    let url = &server.url;
    let variables = server.variables.iter().map(|variable| {
        let (name, default, values) = (&variable.name, &variable.default, &variable.values);
        quote!(ServerVariable { name: #name, default: #default, values: &[#(#values),*] })
    });
    quote!(Server { url: #url, variables: &[#(#variables),*] })
}

fn link_source(source: &LinkSource) -> TokenStream {
    let indexed = |index: &usize| Literal::usize_unsuffixed(*index);
    match source {
        LinkSource::Constant(text) => quote!(LinkSource::Constant(#text)),
        LinkSource::Json(json) => quote!(LinkSource::Json(#json)),
        LinkSource::Joined(parts) => {
            let parts = parts.iter().map(link_source);
            quote!(LinkSource::Joined(&[#(#parts),*]))
        }
        LinkSource::Url => quote!(LinkSource::Url),
        LinkSource::Method => quote!(LinkSource::Method),
        LinkSource::Parameter(index) => {
            let index = indexed(index);
            quote!(LinkSource::Parameter(#index))
        }
        LinkSource::RequestBody(pointer) => quote!(LinkSource::RequestBody(#pointer)),
        LinkSource::StatusCode => quote!(LinkSource::StatusCode),
        LinkSource::Body(pointer) => quote!(LinkSource::Body(#pointer)),
        LinkSource::Header(name) => quote!(LinkSource::Header(#name)),
    }
}

/// The name of the static of a link.
pub(super) fn link_name(name: &str) -> Ident {
    format_ident!("{}_LINK", screaming(name))
}

/// The name of the static of a rule for waiting.
pub(super) fn wait_name(name: &str) -> Ident {
    format_ident!("{}_WAIT", screaming(name))
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let mut value = match parameter.location {
        Location::Path => quote!(Parameter::path(#name)),
        Location::Query => quote!(Parameter::query(#name)),
        Location::Header => quote!(Parameter::header(#name)),
        Location::Cookie => quote!(Parameter::cookie(#name)),
    };
    if parameter.required && parameter.location != Location::Path {
        value = quote!(#value.required());
    }
    // The runtime's constructors have the style and the exploding that are usual in the location.
    let (style, is_exploded) = match &parameter.style {
        Style::Simple => (None, false),
        Style::Form => (None, true),
        Style::Label => (Some(quote!(label())), false),
        Style::Matrix => (Some(quote!(matrix())), false),
        Style::SpaceDelimited => (Some(quote!(space_delimited())), false),
        Style::PipeDelimited => (Some(quote!(pipe_delimited())), false),
        // Exploding says nothing for these.
        Style::DeepObject => (Some(quote!(deep_object())), parameter.explode),
        Style::Json(_) => (Some(quote!(json())), parameter.explode),
        Style::Text(_) => (Some(quote!(text())), parameter.explode),
    };
    if let Some(style) = style {
        value = quote!(#value.#style);
    }
    if may_have_members(parameter) && parameter.explode != is_exploded {
        value = if parameter.explode { quote!(#value.exploded()) } else { quote!(#value.joined()) };
    }
    if parameter.allow_reserved {
        value = quote!(#value.allow_reserved());
    }
    if parameter.allow_empty_value && may_have_members(parameter) {
        value = quote!(#value.allow_empty());
    }
    if let Some(index) = parameter.client_value {
        let index = Literal::usize_unsuffixed(index);
        value = quote!(#value.client_value(#index));
    }
    if parameter.secret {
        value = quote!(#value.secret());
    }
    value
}

/// Whether values of a parameter may be lists or objects. A list in the style `simple` is the same exploded or not.
fn may_have_members(parameter: &Parameter) -> bool {
    match &parameter.ty {
        Type::Array(_) => parameter.style != Style::Simple,
        Type::Any | Type::Map(_) | Type::Nullable(_) | Type::Named(_) => true,
        _ => false,
    }
}

fn status_range((first, last): (u16, u16)) -> TokenStream {
    let (from, to) = (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(last));
    if first == last { quote!(StatusRange::one(#from)) } else { quote!(StatusRange::new(#from, #to)) }
}

/// The media types of all bodies that are read, each once; JSON first, which says the most.
fn accept(operation: &Operation) -> String {
    let bodies = || operation.success.iter().chain(&operation.failure).flat_map(|outcome| &outcome.bodies);
    let (json, other) =
        (bodies().filter(|body| body.json().is_some()), bodies().filter(|body| body.json().is_none()));
    let mut types: Vec<&str> = Vec::new();
    for body in json.chain(other) {
        if !types.contains(&body.media_type.as_str()) {
            types.push(&body.media_type);
        }
    }
    types.join(", ")
}

/// What is streamed of a success.
fn streamed(outcome: &Outcome) -> Option<TokenStream> {
    let bodies = outcome.bodies.iter().enumerate();
    let streams: Vec<_> = bodies
        .filter(|(_, body)| body.kind.is_stream())
        .map(|(index, _)| Literal::usize_unsuffixed(index))
        .collect();
    if streams.is_empty() {
        return None;
    }
    let (statuses, media_types) = (status_range(outcome.statuses), media_types(outcome));
    Some(quote! {
        clientsmith_runtime::operation::Streamed {
            statuses: #statuses,
            media_types: #media_types,
            streams: &[#(#streams),*],
        }
    })
}

/// The media types of an outcome, as data.
pub(super) fn media_types(outcome: &Outcome) -> TokenStream {
    let types = outcome.bodies.iter().map(|body| &body.media_type);
    quote!(&[#(#types),*])
}

fn error_rule_value(rule: &ErrorRule) -> TokenStream {
    let ErrorRule { code, message, request_id, request_id_header, error_when, retry } = rule;
    if *rule == ErrorRule::default() {
        return quote!(ErrorRule::UNSTATED);
    }
    let header = match request_id_header {
        Some(name) => {
            let name = name.to_ascii_lowercase();
            quote!(Some(#name))
        }
        None => quote!(None),
    };
    let error_when = error_when.iter().map(condition);
    let retry = retry_rule(retry);
    quote! {
        ErrorRule {
            code: &[#(#code),*],
            message: &[#(#message),*],
            request_id: &[#(#request_id),*],
            request_id_header: #header,
            error_when: &[#(#error_when),*],
            retry: #retry,
        }
    }
}

/// What is said of retries; all else is as the runtime has it for an API that says nothing.
fn retry_rule(rule: &RetryRule) -> TokenStream {
    let RetryRule { statuses, codes, idempotent, idempotency_key } = rule;
    let mut parts: Vec<TokenStream> = Vec::new();
    if let Some(statuses) = statuses {
        let statuses = statuses.iter().copied().map(Literal::u16_unsuffixed);
        parts.push(quote!(statuses: &[#(#statuses),*]));
    }
    if !codes.is_empty() {
        parts.push(quote!(codes: &[#(#codes),*]));
    }
    if let Some(idempotent) = idempotent {
        parts.push(quote!(idempotent: Some(#idempotent)));
    }
    if let Some(name) = idempotency_key {
        parts.push(quote!(idempotency_key: Some(#name)));
    }
    if parts.is_empty() {
        return quote!(RetryRule::UNSTATED);
    }
    // Where nothing is left to be filled in, clippy objects to filling it in.
    let rest = (parts.len() < 4).then(|| quote!(..RetryRule::UNSTATED));
    quote!(RetryRule { #(#parts,)* #rest })
}

fn condition(condition: &Condition) -> TokenStream {
    let mut parts: Vec<TokenStream> = Vec::new();
    if !condition.statuses.is_empty() {
        let statuses = condition.statuses.iter().copied().map(Literal::u16_unsuffixed);
        parts.push(quote!(statuses: &[#(#statuses),*]));
    }
    if !condition.codes.is_empty() {
        let codes = &condition.codes;
        parts.push(quote!(codes: &[#(#codes),*]));
    }
    if let Some(any) = &condition.any {
        parts.push(quote!(any: Some(#any)));
    }
    if let Some(pointer) = &condition.pointer {
        parts.push(quote!(pointer: Some(#pointer)));
    }
    if !condition.values.is_empty() {
        let values = &condition.values;
        parts.push(quote!(values: &[#(#values),*]));
    }
    let rest = (parts.len() < 5).then(|| quote!(..Condition::ALWAYS));
    quote!(Condition { #(#parts,)* #rest })
}

fn duration(duration: std::time::Duration) -> TokenStream {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if millis % 1000 == 0 {
        let seconds = Literal::u64_unsuffixed(millis / 1000);
        quote!(Duration::from_secs(#seconds))
    } else {
        let millis = Literal::u64_unsuffixed(millis);
        quote!(Duration::from_millis(#millis))
    }
}
