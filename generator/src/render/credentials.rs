//! The ways to make credentials of a security scheme: what the README tells, and the example and the command read from the
//! environment.

use crate::ir::{SchemeKind, SecurityScheme, Signer};
use crate::name::screaming;

/// A constructor of the type of a scheme.
pub(super) struct Way {
    /// Its name.
    pub(super) constructor: &'static str,
    /// What it takes.
    pub(super) arguments: &'static [Argument],
}

/// What a constructor takes.
pub(super) struct Argument {
    /// What it is called.
    pub(super) name: &'static str,
    /// Whether it is a secret, and a text otherwise.
    pub(super) is_secret: bool,
    /// Whether some have none.
    pub(super) may_be_empty: bool,
}

const fn text(name: &'static str) -> Argument {
    Argument { name, is_secret: false, may_be_empty: false }
}

const fn secret(name: &'static str) -> Argument {
    Argument { name, is_secret: true, may_be_empty: false }
}

const SECRET: Way = Way { constructor: "new", arguments: &[secret("secret")] };

const BASIC: Way = Way {
    constructor: "new",
    // Where a key is the user name, there is no password.
    arguments: &[text("user"), Argument { may_be_empty: true, ..secret("password") }],
};

const CLIENT_CREDENTIALS: Way =
    Way { constructor: "client_credentials", arguments: &[text("client_id"), secret("client_secret")] };

const ACCESS_TOKEN: Way = Way { constructor: "access_token", arguments: &[secret("token")] };

const REFRESH_TOKEN: Way =
    Way { constructor: "refresh_token", arguments: &[text("client_id"), secret("refresh_token")] };

/// The ways of a scheme, the usual one first; none for access keys, which have variables of their own.
pub(super) fn ways(kind: &SchemeKind) -> Vec<Way> {
    match kind {
        SchemeKind::Signer(Signer::SdkHmacSha256) => Vec::new(),
        SchemeKind::Signer(Signer::IamToken)
        | SchemeKind::ApiKey { .. }
        | SchemeKind::Bearer
        | SchemeKind::Http { .. } => vec![SECRET],
        SchemeKind::Basic => vec![BASIC],
        SchemeKind::OAuth2(access) => {
            let of_client = access.client_credentials.is_some().then_some(CLIENT_CREDENTIALS);
            let refresh = access.refresh.is_some().then_some(REFRESH_TOKEN);
            of_client.into_iter().chain([ACCESS_TOKEN]).chain(refresh).collect()
        }
        SchemeKind::OpenIdConnect { .. } => vec![CLIENT_CREDENTIALS, ACCESS_TOKEN, REFRESH_TOKEN],
    }
}

/// Whether what is given is a secret that a callback may give as well.
pub(super) fn takes_secret(kind: &SchemeKind) -> bool {
    match kind {
        SchemeKind::Signer(Signer::IamToken)
        | SchemeKind::ApiKey { .. }
        | SchemeKind::Bearer
        | SchemeKind::Http { .. }
        | SchemeKind::Basic => true,
        SchemeKind::Signer(Signer::SdkHmacSha256)
        | SchemeKind::OAuth2(_)
        | SchemeKind::OpenIdConnect { .. } => false,
    }
}

/// Whether credentials of one of these schemes know a value of the client, or find it out.
pub(super) fn supply(schemes: &[SecurityScheme], value: &str) -> bool {
    value == "project_id" && schemes.iter().any(|scheme| matches!(scheme.kind, SchemeKind::Signer(_)))
}

impl Way {
    /// The environment variables of the arguments, where that of the scheme is `base`.
    pub(super) fn variables(&self, base: &str) -> Vec<String> {
        match self.arguments {
            [_] => vec![base.to_owned()],
            several => {
                several.iter().map(|argument| format!("{base}_{}", screaming(argument.name))).collect()
            }
        }
    }
}
