//! The client and its builder.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::credentials::supply;
use super::syntax::{docs, ident, inner_docs};
use super::words::sentence;
use super::{Context, FileContent, RenderedFile};
use crate::ir::ServerList;
use crate::name::{ServerNames, screaming};

/// What becomes of a value that credentials know.
const WITHOUT_VALUE: &str =
    " Without it, credentials that know it or can find it out are asked by the first call that needs it.";

impl Context<'_> {
    /// `src/client.rs`.
    pub(super) fn client_file(&self) -> RenderedFile {
        let title = self.title();
        let mut pieces = vec![
            inner_docs("The client, and how it is built."),
            self.client_imports(),
            {
                let about =
                    docs(&format!("A client of {title}. Cloning it is cheap, and clones share connections."));
                quote! {
                    #about
                    #[derive(Clone, Debug)]
                    pub struct Client {
                        core: Core,
                    }
                }
            },
            self.client_methods(),
            {
                let about = docs(&format!("The settings of a client of {title}."));
                quote! {
                    #about
                    #[derive(Clone, Debug)]
                    #[must_use = "a client is made by `build`"]
                    pub struct ClientBuilder {
                        settings: Settings,
                    }
                }
            },
            self.builder_methods(),
        ];
        pieces.extend(self.server_choices());
        RenderedFile { path: "src/client.rs".to_owned(), content: FileContent::Rust(pieces) }
    }

    /// What the vendor calls the API, for prose.
    pub(super) fn title(&self) -> String {
        let title = super::docs::printable(&self.api.title);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() { "the API".to_owned() } else { title }
    }

    fn client_imports(&self) -> TokenStream {
        let credentials = (!self.api.schemes.is_empty()).then(|| {
            quote!(
                use crate::auth::Credentials;
            )
        });
        quote! {
            use std::sync::Arc;
            use std::time::Duration;

            use clientsmith_runtime::transport::Transport;
            use clientsmith_runtime::{BuildError, Core, Limits, RetryPolicy, Settings};

            use crate::api::API;
            #credentials
        }
    }

    fn client_methods(&self) -> TokenStream {
        let groups = self.api.groups.iter().zip(&self.names.groups).map(|(group, names)| {
            let (module, handle) = (ident(&names.module), ident(&names.handle));
            let feature = self.feature(&names.kebab);
            let about = match &group.description {
                Some(description) => sentence(description),
                None => format!("The operations of the group `{}`.", group.name.replace('`', "'")),
            };
            let about = docs(&about);
            quote! {
                #about
                #feature
                #[must_use]
                pub fn #module(&self) -> crate::#module::#handle {
                    crate::#module::#handle::new(self.core.clone())
                }
            }
        });
        let refresher = (!self.api.schemes.is_empty()).then(|| {
            quote! {
                #[doc = " Renews credentials that expire before a call has to, as long as what this gives is polled: a future, whose"]
                #[doc = " `spawn` lets Tokio do that. Dropping it stops it."]
                pub fn keep_credentials_fresh(&self) -> clientsmith_runtime::auth::Refresher {
                    self.core.keep_credentials_fresh()
                }
            }
        });
        quote! {
            impl Client {
                #[doc = " Starts to build a client, with the defaults of the API."]
                pub fn builder() -> ClientBuilder {
                    ClientBuilder { settings: Settings::new(&API) }
                }

                #[doc = " The URL that paths are added to."]
                #[must_use]
                pub fn endpoint(&self) -> &clientsmith_runtime::http::Uri {
                    self.core.endpoint()
                }
                #refresher
                #(#groups)*
            }
        }
    }

    /// The lists of servers with a choice, by index.
    pub(super) fn chosen_servers(&self) -> impl Iterator<Item = (usize, &ServerList, &ServerNames)> {
        let lists = self.api.servers.iter().zip(&self.names.servers).enumerate();
        lists.map(|(index, (list, names))| (index, list, names)).filter(|(_, list, _)| list.servers.len() > 1)
    }

    /// The types that choose servers.
    fn server_choices(&self) -> Vec<TokenStream> {
        let choices = self.chosen_servers().map(|(_, list, names)| {
            let ty = ident(&names.ty);
            let about = match &list.operation {
                None => "The servers of the API.".to_owned(),
                Some(id) => format!("The servers of `{}`.", id.replace('`', "'")),
            };
            let about = docs(&about);
            let variants = list.servers.iter().zip(&names.variants).map(|(server, name)| {
                let name = ident(name);
                let url = format!("`{}`", server.url.replace('`', "'"));
                let about = match server.description.as_deref().map(sentence).filter(|text| !text.is_empty())
                {
                    Some(text) => docs(&format!("{text}\n\n{url}")),
                    None => docs(&url),
                };
                quote!(#about #name)
            });
            quote! {
                #about
                #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
                #[non_exhaustive]
                pub enum #ty {
                    #[default]
                    #(#variants),*
                }
            }
        });
        choices.collect()
    }

    fn builder_methods(&self) -> TokenStream {
        let variables = self.api.server_variables.iter().zip(&self.names.server_variables);
        let constants =
            variables.clone().filter(|(variable, _)| !variable.values.is_empty()).map(|(variable, name)| {
                let (constant, values) = (format_ident!("{}_VALUES", screaming(name)), &variable.values);
                let about = docs(&format!("The values that `{name}` can have."));
                quote! {
                    #about
                    pub const #constant: &'static [&'static str] = &[#(#values),*];
                }
            });
        let variable_setters = variables.clone().enumerate().map(|(index, (variable, name))| {
            let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
            let fallback = format!("Sets `{}` in the URL of the server.", variable.name.replace('`', "'"));
            let text = variable.description.as_deref().map_or(fallback, sentence);
            let default = match variable.default.as_str() {
                "" => "It has to be given.".to_owned(),
                default => format!("Default: `{}`.", default.replace('`', "'")),
            };
            let about = docs(&format!("{text}\n\n{default}"));
            quote! {
                #about
                pub fn #name(mut self, #name: impl Into<String>) -> Self {
                    self.settings.variable(#index, #name);
                    self
                }
            }
        });
        let values = self.api.client_values.iter().zip(&self.names.client_values).enumerate();
        let value_setters = values.map(|(index, (value, name))| {
            let otherwise = if supply(&self.api.schemes, name) { WITHOUT_VALUE } else { "" };
            let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
            let fallback = format!("Sets `{}` for all calls.", value.name.replace('`', "'"));
            let text = value.description.as_deref().map_or(fallback, sentence);
            let about =
                docs(&format!("{text}\n\nGiven once, and sent with every call that has it.{otherwise}"));
            quote! {
                #about
                pub fn #name(mut self, #name: impl Into<String>) -> Self {
                    self.settings.value(#index, #name);
                    self
                }
            }
        });
        let credentials = (!self.api.schemes.is_empty()).then(|| {
            quote! {
                #[doc = " Sets the credentials of one security scheme: a type of [`auth`](crate::auth). Once for each scheme; a call uses the"]
                #[doc = " first of the alternatives of its operation that all credentials are there for."]
                pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
                    self.settings.credential(credentials.into().into_credential());
                    self
                }
            }
        });
        let server_setters = self.chosen_servers().map(|(index, list, names)| {
            let (ty, setter, index) = (ident(&names.ty), ident(&names.setter), Literal::usize_unsuffixed(index));
            let about = match &list.operation {
                None => "Chooses the server. Default: the first one.".to_owned(),
                Some(id) => format!(
                    "Chooses the server of `{}` and of all operations with the same servers. Default: the first one.",
                    id.replace('`', "'")
                ),
            };
            let about = docs(&about);
            quote! {
                #about
                pub fn #setter(mut self, server: #ty) -> Self {
                    self.settings.server(#index, server as usize);
                    self
                }
            }
        });
        let base_url = self.api.has_relative_server().then(|| {
            quote! {
                #[doc = " Sets what the relative URLs of servers refer to: where the description of the API is, or just its host."]
                pub fn base_url(mut self, url: impl Into<String>) -> Self {
                    self.settings.base_url(url);
                    self
                }
            }
        });
        quote! {
            impl ClientBuilder {
                #(#constants)*
                #(#server_setters)*
                #base_url
                #(#variable_setters)*
                #(#value_setters)*
                #credentials

                #[doc = " Sets the URL that paths are added to, instead of all servers of the API. Plain http is for loopback only."]
                pub fn endpoint(mut self, url: impl Into<String>) -> Self {
                    self.settings.endpoint(url);
                    self
                }

                #[doc = " Sets how long a whole call may take, to the last byte of the answer, with its retries. Default: 60 s."]
                pub fn timeout(mut self, timeout: Duration) -> Self {
                    self.settings.timeout(timeout);
                    self
                }

                #[doc = " Sets how long connecting may take. Default: 10 s. Has no effect on a transport of your own."]
                pub fn connect_timeout(mut self, timeout: Duration) -> Self {
                    self.settings.connect_timeout(timeout);
                    self
                }

                #[doc = " Sets how often calls are made again that failed for a passing reason. Default: `RetryPolicy::standard()`."]
                pub fn retry(mut self, policy: RetryPolicy) -> Self {
                    self.settings.retry(policy);
                    self
                }

                #[doc = " Sets what calls bear: the time of an attempt, silence, the size of answers, redirects."]
                pub fn limits(mut self, limits: Limits) -> Self {
                    self.settings.limits(limits);
                    self
                }

                #[doc = " Sets the certificate chain and the private key, as PEM, that the client shows in the TLS handshake (mutual TLS)."]
                pub fn identity(mut self, pem: impl Into<clientsmith_runtime::auth::Secret>) -> Self {
                    self.settings.identity(pem);
                    self
                }

                #[doc = " Adds certificates, as PEM, of authorities that the server's may come from, besides those of the system."]
                pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
                    self.settings.root_certificate(pem);
                    self
                }

                #[doc = " Adds what sees each request before it is authenticated, and what came of it. Several are called in this order."]
                pub fn hook(mut self, hook: impl clientsmith_runtime::hook::Hook + 'static) -> Self {
                    self.settings.hook(hook);
                    self
                }

                #[doc = " Sets what sends the requests, instead of reqwest."]
                pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
                    self.settings.transport(transport);
                    self
                }

                #[doc = " Checks the settings and makes a client of them."]
                #[doc = ""]
                #[doc = " # Errors"]
                #[doc = ""]
                #[doc = " When a setting is missing or cannot be used, and when credentials would go over plain http to another"]
                #[doc = " machine."]
                pub fn build(self) -> Result<Client, BuildError> {
                    Ok(Client { core: self.settings.build()? })
                }
            }
        }
    }
}
