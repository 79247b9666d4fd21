//! How requests are authenticated.

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its key in the description.
    pub name: String,
    /// CommonMark.
    pub description: Option<String>,
    /// What it is.
    pub kind: SchemeKind,
}

/// The security schemes that are generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key under a name.
    ApiKey {
        /// The name of the header, query parameter or cookie.
        name: String,
        /// Where it goes.
        location: KeyLocation,
    },
    /// `Authorization: Bearer`.
    Bearer,
    /// A user name and a password: `Authorization: Basic`.
    Basic,
    /// `Authorization` of another scheme of HTTP, whose proof callers make themselves.
    Http {
        /// The scheme, as the description writes it.
        scheme: String,
    },
    /// Tokens of OAuth 2.
    OAuth2(OAuth2),
    /// Tokens of a provider that is asked where they are had.
    OpenIdConnect {
        /// The URL of its discovery document.
        url: String,
    },
    /// A signature by a signer that the runtime has.
    Signer(Signer),
}

/// How tokens are had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OAuth2 {
    /// The URL at which a client has tokens for itself, where there is one.
    pub client_credentials: Option<String>,
    /// The URL at which refresh tokens are exchanged, where there is one.
    pub refresh: Option<String>,
    /// What access can be asked for.
    pub scopes: Vec<AccessScope>,
}

/// A scope of access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessScope {
    /// What is asked for.
    pub name: String,
    /// What it allows, CommonMark.
    pub description: String,
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// A header.
    Header,
    /// The query.
    Query,
    /// A cookie.
    Cookie,
}

/// The signers of the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// `SDK-HMAC-SHA256`, Huawei Cloud.
    SdkHmacSha256,
    /// `IAM-TOKEN`, Huawei Cloud: a token of its identity service in the header `X-Auth-Token`.
    IamToken,
}
