//! How callers prove who they are.

use std::collections::BTreeMap;

use super::{Lowering, Once};
use crate::diagnostics::Code;
use crate::ir::{AccessScope, KeyLocation, OAuth2, SchemeKind, SecurityScheme, Signer};
use crate::model::{self, Located, OAuthFlow, ParameterLocation, SecurityRequirement, SecuritySchemeKind};
use crate::source::Place;

/// How many alternatives a requirement is taken apart into at the most: nobody means more.
const MOST_ALTERNATIVES: usize = 64;

impl Lowering<'_> {
    /// Lowers the schemes that are generated, and reports the others.
    pub(super) fn security_schemes(&mut self) {
        for named in &self.document.components.security_schemes {
            let before = self.speak_for(self.selected.has_scheme(&named.name));
            let kind = self.scheme_kind(&named.value, named.place);
            self.speak_for(before);
            let Some(kind) = kind else { continue };
            // Keys for a signer are given once, however often the description names it.
            if let SchemeKind::Signer(_) = kind
                && let Some(known) = self.api.schemes.iter().position(|known| known.kind == kind)
            {
                self.schemes.insert(named.name.clone(), known);
                continue;
            }
            self.schemes.insert(named.name.clone(), self.api.schemes.len());
            self.api.schemes.push(SecurityScheme {
                name: named.name.clone(),
                description: named.value.description.clone(),
                kind,
            });
        }
    }

    fn scheme_kind(&mut self, scheme: &model::SecurityScheme, place: Place) -> Option<SchemeKind> {
        if let Some(signer) = &scheme.signer {
            match signer.value.as_str() {
                "SDK-HMAC-SHA256" => return Some(SchemeKind::Signer(Signer::SdkHmacSha256)),
                "IAM-TOKEN" => return Some(SchemeKind::Signer(Signer::IamToken)),
                _ => {}
            }
            self.diagnostics
                .report(Code::UnknownTarget, signer.place, format!("there is no signer `{}`", signer.value))
                .help("the runtime has the signers `SDK-HMAC-SHA256` and `IAM-TOKEN`");
            return None;
        }
        match &scheme.kind {
            SecuritySchemeKind::ApiKey { name, location } => {
                let location = match location {
                    ParameterLocation::Query => KeyLocation::Query,
                    ParameterLocation::Cookie => KeyLocation::Cookie,
                    ParameterLocation::Header | ParameterLocation::Path => KeyLocation::Header,
                };
                // A name in the query is encoded; RFC 9110 §5.1 and RFC 6265 §4.1.1 want a token elsewhere.
                if name.is_empty() || (location != KeyLocation::Query && !name.chars().all(is_token)) {
                    let what = if location == KeyLocation::Header { "header" } else { "cookie" };
                    self.not_generated(
                        place,
                        format!("`{name}` is no name of a {what}, and a key cannot be sent in it"),
                        "letters, digits and `-` or `_` are usual",
                    );
                    return None;
                }
                Some(SchemeKind::ApiKey { name: name.clone(), location })
            }
            SecuritySchemeKind::Http { scheme, .. } => self.http_scheme(scheme, place),
            SecuritySchemeKind::OAuth2 { flows } => Some(SchemeKind::OAuth2(oauth2(flows))),
            SecuritySchemeKind::OpenIdConnect { url } => Some(SchemeKind::OpenIdConnect { url: url.clone() }),
            SecuritySchemeKind::MutualTls => {
                self.not_generated(
                    place,
                    "nothing makes sure that the client has an identity for mutual TLS",
                    "give the certificate and its key to the builder of the client with `identity`",
                );
                None
            }
        }
    }

    fn http_scheme(&mut self, scheme: &str, place: Place) -> Option<SchemeKind> {
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Some(SchemeKind::Bearer),
            "basic" => Some(SchemeKind::Basic),
            other if !other.is_empty() && other.chars().all(is_token) => {
                Some(SchemeKind::Http { scheme: scheme.to_owned() })
            }
            _ => {
                self.not_generated(
                    place,
                    format!("`{scheme}` is no name of a scheme of HTTP authentication"),
                    "a single word such as `bearer` or `basic` is expected",
                );
                None
            }
        }
    }

    /// The alternatives of an operation. One that needs a scheme which is not generated is left out.
    pub(super) fn security(&mut self, of_operation: Option<&[SecurityRequirement]>) -> Vec<Vec<usize>> {
        let requirements = of_operation.or(self.document.security.as_deref()).unwrap_or_default();
        let mut alternatives: Vec<Vec<usize>> = Vec::new();
        for requirement in requirements {
            let mut schemes = Vec::new();
            let mut is_complete = true;
            for scheme in &requirement.schemes {
                match self.schemes.get(&scheme.name) {
                    Some(index) => schemes.push(*index),
                    None => {
                        is_complete = false;
                        let known = self.document.components.security_schemes.iter();
                        if !known.into_iter().any(|known| known.name == scheme.name) {
                            self.diagnostics
                                .report(
                                    Code::UnknownTarget,
                                    scheme.place,
                                    format!("there is no security scheme `{}`", scheme.name),
                                )
                                .help("declare it in `components/securitySchemes`");
                        }
                    }
                }
            }
            if !is_complete {
                continue;
            }
            for schemes in self.sendable(&schemes, requirement.place) {
                if !alternatives.contains(&schemes) {
                    alternatives.push(schemes);
                }
            }
        }
        alternatives
    }

    /// Two proofs cannot stand in one header: where a requirement wants that, it can only mean that either will do, as with
    /// two flows of OAuth 2 that are described as two schemes.
    fn sendable(&mut self, schemes: &[usize], place: Place) -> Vec<Vec<usize>> {
        // Of each list one has to be sent.
        let mut rivals: Vec<Vec<usize>> = Vec::new();
        let mut of_headers: BTreeMap<String, usize> = BTreeMap::new();
        for scheme in schemes {
            let header = self.api.schemes.get(*scheme).and_then(|scheme| header(&scheme.kind));
            let known = header.as_ref().and_then(|header| rivals.get_mut(*of_headers.get(header)?));
            match (known, header) {
                (Some(known), _) => known.push(*scheme),
                (None, header) => {
                    of_headers.extend(header.map(|header| (header, rivals.len())));
                    rivals.push(vec![*scheme]);
                }
            }
        }
        for (header, at) in of_headers {
            let Some(rivals) = rivals.get(at).filter(|rivals| rivals.len() > 1) else { continue };
            if self.is_news(Once::RivalSchemes(rivals.clone())) {
                let names = rivals.iter().filter_map(|index| self.api.schemes.get(*index));
                let names: Vec<String> = names.map(|scheme| format!("`{}`", scheme.name)).collect();
                self.diagnostics
                    .report(
                        Code::Deviation,
                        place,
                        format!("{} have to be sent together in the one header `{header}`", names.join(" and ")),
                    )
                    .help("any of them is taken to be enough, here and wherever they stand together; write them as several items of the list");
            }
        }
        let count = rivals.iter().try_fold(1_usize, |count, rivals| count.checked_mul(rivals.len()));
        if count.is_none_or(|count| count > MOST_ALTERNATIVES) {
            self.not_generated(
                place,
                format!(
                    "of the ways to choose one scheme for each header only {MOST_ALTERNATIVES} are generated"
                ),
                "write the combinations that the service takes as items of the list",
            );
        }
        rivals.iter().fold(vec![Vec::new()], |alternatives, rivals| {
            let with_each = alternatives
                .iter()
                .flat_map(|all| rivals.iter().map(|one| [all.as_slice(), &[*one]].concat()));
            with_each.take(MOST_ALTERNATIVES).collect()
        })
    }
}

/// Whether a character can stand in a token (RFC 9110 §5.6.2).
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// The header that the proof of a scheme goes into.
fn header(kind: &SchemeKind) -> Option<String> {
    match kind {
        SchemeKind::ApiKey { location: KeyLocation::Header, name } => Some(name.to_ascii_lowercase()),
        // A cookie is added to those that are there.
        SchemeKind::ApiKey { .. } => None,
        SchemeKind::Bearer
        | SchemeKind::Basic
        | SchemeKind::Http { .. }
        | SchemeKind::OAuth2(_)
        | SchemeKind::OpenIdConnect { .. }
        | SchemeKind::Signer(Signer::SdkHmacSha256) => Some("authorization".to_owned()),
        SchemeKind::Signer(Signer::IamToken) => Some("x-auth-token".to_owned()),
    }
}

/// What the flows let a program do: have tokens for itself, and exchange the refresh token that came of any other flow.
fn oauth2(flows: &[OAuthFlow]) -> OAuth2 {
    let url = |url: &Option<Located<String>>| url.as_ref().map(|url| url.value.trim().to_owned());
    let mut scopes: Vec<AccessScope> = Vec::new();
    for scope in flows.iter().flat_map(|flow| &flow.scopes) {
        if !scopes.iter().any(|known| known.name == scope.name) {
            scopes.push(AccessScope { name: scope.name.clone(), description: scope.value.clone() });
        }
    }
    let of_client = flows.iter().find(|flow| flow.is_of_client);
    let refresh = flows.iter().find_map(|flow| url(&flow.refresh_url));
    let of_person = flows.iter().filter(|flow| !flow.is_of_client).find_map(|flow| url(&flow.token_url));
    OAuth2 {
        client_credentials: of_client.and_then(|flow| url(&flow.token_url)),
        refresh: refresh.or(of_person),
        scopes,
    }
}
