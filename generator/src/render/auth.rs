//! Credentials: a type per security scheme.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

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
        for (index, (scheme, name)) in self.api.schemes.iter().zip(&self.names.schemes).enumerate() {
            pieces.extend(scheme_items(index, scheme, name));
        }
        Some(RenderedFile { path: "src/auth.rs".to_owned(), content: FileContent::Rust(pieces) })
    }

    fn auth_imports(&self) -> TokenStream {
        let any =
            |wanted: fn(&SchemeKind) -> bool| self.api.schemes.iter().any(|scheme| wanted(&scheme.kind));
        let keys = any(|kind| matches!(kind, SchemeKind::ApiKey { .. }));
        let bearers = any(|kind| matches!(kind, SchemeKind::Bearer));
        let keys = keys.then(|| quote!(ApiKey, KeyLocation,));
        let bearers = bearers.then(|| quote!(Bearer,));
        let secrets = (keys.is_some() || bearers.is_some()).then(|| quote!(Secret,));
        quote!(use clientsmith_runtime::auth::{#keys #bearers Credential, #secrets};)
    }
}

fn scheme_items(index: usize, scheme: &SecurityScheme, name: &str) -> Vec<TokenStream> {
    let index = Literal::usize_unsuffixed(index);
    let name = ident(name);
    let about = docs(&scheme.description.as_deref().map_or("Credentials of the API.".to_owned(), sentence));
    let inner = match &scheme.kind {
        SchemeKind::Signer(Signer::SdkHmacSha256) => {
            return vec![
                quote!(#about pub use clientsmith_runtime::huawei::AkSk;),
                quote! {
                    impl From<AkSk> for Credentials {
                        fn from(keys: AkSk) -> Self {
                            Self(Credential::new(#index, keys))
                        }
                    }
                },
            ];
        }
        SchemeKind::ApiKey { name, location } => {
            let location = match location {
                KeyLocation::Header => quote!(KeyLocation::Header),
                KeyLocation::Query => quote!(KeyLocation::Query),
                KeyLocation::Cookie => quote!(KeyLocation::Cookie),
            };
            quote!(ApiKey::new(#location, #name, key.0))
        }
        SchemeKind::Bearer => quote!(Bearer::new(key.0)),
    };
    vec![
        quote! {
            #about
            #[derive(Clone, Debug)]
            pub struct #name(Secret);
        },
        quote! {
            impl #name {
                #[doc = " The credentials with that secret. It is never shown, and wiped from memory when it is dropped."]
                pub fn new(secret: impl Into<Secret>) -> Self {
                    Self(secret.into())
                }
            }
        },
        quote! {
            impl From<#name> for Credentials {
                fn from(key: #name) -> Self {
                    Self(Credential::new(#index, #inner))
                }
            }
        },
    ]
}
