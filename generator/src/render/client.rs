//! The client and its builder.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::syntax::{docs, ident, inner_docs};
use super::words::sentence;
use super::{Context, FileContent, RenderedFile};
use crate::name::screaming;

impl Context<'_> {
    /// `src/client.rs`.
    pub(super) fn client_file(&self) -> RenderedFile {
        let title = self.title();
        let pieces = vec![
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
            use clientsmith_runtime::{BuildError, Core, Settings};

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
                #(#groups)*
            }
        }
    }

    fn builder_methods(&self) -> TokenStream {
        let variables =
            self.api.server.iter().flat_map(|server| &server.variables).zip(&self.names.server_variables);
        let constants =
            variables.clone().filter(|(variable, _)| !variable.values.is_empty()).map(|(variable, name)| {
                let (constant, values) = (format_ident!("{}_VALUES", screaming(name)), &variable.values);
                let about = docs(&format!(
                    "The values for `{name}` that the description names. Other values are taken as well."
                ));
                quote! {
                    #about
                    pub const #constant: &'static [&'static str] = &[#(#values),*];
                }
            });
        let variable_setters = variables.clone().enumerate().map(|(index, (variable, name))| {
            let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
            let fallback = format!("Sets `{}` in the URL of the server.", variable.name.replace('`', "'"));
            let text = variable.description.as_deref().map_or(fallback, sentence);
            let about = docs(&format!("{text}\n\nDefault: `{}`.", variable.default.replace('`', "'")));
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
            let (name, index) = (ident(name), Literal::usize_unsuffixed(index));
            let fallback = format!("Sets `{}` for all calls.", value.name.replace('`', "'"));
            let text = value.description.as_deref().map_or(fallback, sentence);
            let about = docs(&format!("{text}\n\nGiven once, and sent with every call that has it."));
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
                #[doc = " Sets the credentials of one security scheme. Calls use the first alternative that is complete."]
                pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
                    self.settings.credential(credentials.into().into_credential());
                    self
                }
            }
        });
        quote! {
            impl ClientBuilder {
                #(#constants)*
                #(#variable_setters)*
                #(#value_setters)*
                #credentials

                #[doc = " Sets the URL that paths are added to, instead of the API's own. Plain http is for loopback only."]
                pub fn endpoint(mut self, url: impl Into<String>) -> Self {
                    self.settings.endpoint(url);
                    self
                }

                #[doc = " Sets how long a whole call may take, to the last byte of the answer. Default: 60 s."]
                pub fn timeout(mut self, timeout: Duration) -> Self {
                    self.settings.timeout(timeout);
                    self
                }

                #[doc = " Sets how long connecting may take. Default: 10 s. Has no effect on a transport of your own."]
                pub fn connect_timeout(mut self, timeout: Duration) -> Self {
                    self.settings.connect_timeout(timeout);
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
