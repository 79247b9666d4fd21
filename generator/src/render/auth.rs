//! Credentials: a type per security scheme.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::credentials::takes_secret;
use super::syntax::{docs, ident, inner_docs};
use super::words::sentence;
use super::{Context, FileContent, RenderedFile};
use crate::ir::{KeyLocation, SchemeKind, SecurityScheme, Signer};

impl Context<'_> {
    /// `src/auth.rs`; a client without security schemes has none.
    pub(super) fn auth_file(&self) -> Option<RenderedFile> {
        if self.api.schemes.is_empty() {
            return None;
        }
        let mut pieces = vec![
            inner_docs("Credentials: what proves to the server who is calling."),
            self.auth_imports(),
            quote! {
                #[doc = " Credentials for one of the security schemes of the API."]
                #[derive(Clone, Debug)]
                pub struct Credentials(Credential);
            },
            quote! {
                impl Credentials {
                    pub(crate) fn into_credential(self) -> Credential {
                        self.0
                    }
                }
            },
        ];
        let named = self.api.schemes.iter().zip(&self.names.schemes).zip(&self.names.scopes);
        for (index, ((scheme, name), scopes)) in named.enumerate() {
            pieces.extend(scheme_items(index, scheme, name, scopes));
        }
        Some(RenderedFile { path: "src/auth.rs".to_owned(), content: FileContent::Rust(pieces) })
    }

    fn auth_imports(&self) -> TokenStream {
        let has = |is_so: fn(&SchemeKind) -> bool| self.api.schemes.iter().any(|scheme| is_so(&scheme.kind));
        let module = has(|kind| !matches!(kind, SchemeKind::Signer(Signer::SdkHmacSha256)));
        let module = module.then(|| quote!(self,));
        let secret = has(|kind| matches!(kind, SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect { .. }));
        let secret = secret.then(|| quote!(Secret));
        let sources =
            has(takes_secret).then(|| {
                quote!(
                    pub use clientsmith_runtime::auth::{
                        NewSecret, SecretSource, VariableError, callback, from_env,
                    };
                )
            });
        // Other types are named with their module, for a scheme may well be called `Basic` or `OAuth2`.
        quote! {
            use clientsmith_runtime::auth::{#module Credential, #secret};
            #sources
        }
    }
}

fn scheme_items(index: usize, scheme: &SecurityScheme, name: &str, scopes: &[String]) -> Vec<TokenStream> {
    let index = Literal::usize_unsuffixed(index);
    let name = ident(name);
    let about = docs(&scheme.description.as_deref().map_or("Credentials of the API.".to_owned(), sentence));
    let inner = match &scheme.kind {
        SchemeKind::Signer(Signer::SdkHmacSha256) => {
            let kinds = ["AkSk", "CredentialChain", "EcsMetadata"];
            let exports = quote!(#about pub use clientsmith_runtime::huawei::{AkSk, CredentialChain, EcsMetadata, Profile};);
            let conversions = kinds.map(|kind| conversion(&index, &ident(kind), &quote!(given)));
            return std::iter::once(exports).chain(conversions).collect();
        }
        SchemeKind::Signer(Signer::IamToken) => {
            let token = quote!(auth::ApiKey::new(auth::KeyLocation::Header, "X-Auth-Token", given.0));
            let mut items = secret_items(&index, &about, &name, SECRET, &token);
            items.push(quote!(#about pub use clientsmith_runtime::huawei::IamToken;));
            items.push(conversion(&index, &ident("IamToken"), &quote!(given)));
            return items;
        }
        SchemeKind::ApiKey { name, location } => {
            let location = match location {
                KeyLocation::Header => quote!(Header),
                KeyLocation::Query => quote!(Query),
                KeyLocation::Cookie => quote!(Cookie),
            };
            quote!(auth::ApiKey::new(auth::KeyLocation::#location, #name, given.0))
        }
        SchemeKind::Bearer => quote!(auth::Bearer::new(given.0)),
        SchemeKind::Http { scheme } => quote!(auth::HttpToken::new(#scheme, given.0)),
        SchemeKind::Basic => return basic_items(&index, &about, &name),
        SchemeKind::OAuth2(access) => {
            let constants = access.scopes.iter().zip(scopes).map(|(scope, constant)| {
                let (constant, text) = (ident(constant), &scope.name);
                let about = match sentence(&scope.description).as_str() {
                    "" => docs(&format!("The scope `{}`.", scope.name.replace('`', "'"))),
                    description => docs(description),
                };
                quote!(#about pub const #constant: &'static str = #text;)
            });
            let of_client = access.client_credentials.as_ref().map(|url| {
                client_credentials(&quote!(auth::OAuth2::client_credentials(#url, client_id, client_secret)))
            });
            let refresh = access.refresh.as_ref().map(|url| {
                refresh_token(&quote!(auth::OAuth2::refresh_token(#url, client_id, refresh_token)))
            });
            return token_items(&index, &about, &name, &quote!(#(#constants)* #of_client #refresh));
        }
        SchemeKind::OpenIdConnect { url } => {
            let of_client = client_credentials(&quote! {
                auth::OAuth2::client_credentials("", client_id, client_secret).discovery_url(#url)
            });
            let refresh = refresh_token(&quote! {
                auth::OAuth2::refresh_token("", client_id, refresh_token).discovery_url(#url)
            });
            return token_items(&index, &about, &name, &quote!(#of_client #refresh));
        }
    };
    let meaning = match &scheme.kind {
        SchemeKind::Http { scheme } => format!(
            "The credentials that are sent as `Authorization: {scheme} ...`: what stands behind the name of the scheme is given as it is \
             sent. It is never shown, and wiped from memory when it is dropped."
        ),
        _ => SECRET.to_owned(),
    };
    secret_items(&index, &about, &name, &meaning, &inner)
}

const SECRET: &str =
    "The credentials with that secret. It is never shown, and wiped from memory when it is dropped.";

/// The type for a secret, which `meaning` tells of.
fn secret_items(
    index: &Literal,
    about: &TokenStream,
    name: &Ident,
    meaning: &str,
    inner: &TokenStream,
) -> Vec<TokenStream> {
    let meaning = docs(&format!("{meaning} A `callback` can be given instead."));
    vec![
        quote! {
            #about
            #[derive(Clone, Debug)]
            pub struct #name(SecretSource);
        },
        quote! {
            impl #name {
                #meaning
                pub fn new(secret: impl Into<SecretSource>) -> Self {
                    Self(secret.into())
                }
            }
        },
        conversion(index, name, inner),
    ]
}

fn basic_items(index: &Literal, about: &TokenStream, name: &Ident) -> Vec<TokenStream> {
    vec![
        quote! {
            #about
            #[derive(Clone, Debug)]
            pub struct #name(auth::Basic);
        },
        quote! {
            impl #name {
                #[doc = " A user name, which must not contain a colon, and a password. The password is never shown, and wiped from"]
                #[doc = " memory when it is dropped."]
                pub fn new(user: impl Into<String>, password: impl Into<SecretSource>) -> Self {
                    Self(auth::Basic::new(user, password))
                }
            }
        },
        conversion(index, name, &quote!(given.0)),
    ]
}

/// The type for tokens that are had by OAuth 2, whose constructors `ways` depend on the description.
fn token_items(index: &Literal, about: &TokenStream, name: &Ident, ways: &TokenStream) -> Vec<TokenStream> {
    vec![
        quote! {
            #about
            #[derive(Clone, Debug)]
            pub struct #name(auth::OAuth2);
        },
        quote! {
            impl #name {
                #ways

                #[doc = " An access token that the caller has from any flow. Nothing renews it."]
                pub fn access_token(token: impl Into<Secret>) -> Self {
                    Self(auth::OAuth2::access_token(token))
                }

                #[doc = " Changes how tokens are had: for which scopes, where, and how the client proves who it is. For example"]
                #[doc = " `.with(|access| access.scopes([\"read\"]))`; without scopes, the server decides what access it gives."]
                #[must_use]
                pub fn with(
                    self,
                    change: impl FnOnce(auth::OAuth2) -> auth::OAuth2,
                ) -> Self {
                    Self(change(self.0))
                }
            }
        },
        conversion(index, name, &quote!(given.0)),
    ]
}

fn client_credentials(access: &TokenStream) -> TokenStream {
    quote! {
        #[doc = " The client's own access. Tokens are fetched when they are needed, and renewed in time."]
        pub fn client_credentials(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
            Self(#access)
        }
    }
}

fn refresh_token(access: &TokenStream) -> TokenStream {
    quote! {
        #[doc = " The access that somebody has granted, by the refresh token that came of it. Tokens are fetched when they are"]
        #[doc = " needed, and renewed in time. A client that has a secret adds it: `.with(|access| access.client_secret(...))`."]
        pub fn refresh_token(client_id: impl Into<String>, refresh_token: impl Into<Secret>) -> Self {
            Self(#access)
        }
    }
}

/// How what is given becomes credentials; `inner` makes of `given` what the runtime sends.
fn conversion(index: &Literal, name: &Ident, inner: &TokenStream) -> TokenStream {
    quote! {
        impl From<#name> for Credentials {
            fn from(given: #name) -> Self {
                Self(Credential::new(#index, #inner))
            }
        }
    }
}
