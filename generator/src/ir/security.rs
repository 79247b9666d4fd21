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
    /// A signature by a signer that the runtime has.
    Signer(Signer),
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
}
