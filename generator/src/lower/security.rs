//! How callers prove who they are.

use super::Lowering;
use crate::diagnostics::Code;
use crate::ir::{KeyLocation, SchemeKind, SecurityScheme, Signer};
use crate::model::{self, ParameterLocation, SecurityRequirement, SecuritySchemeKind};
use crate::source::Place;

impl Lowering<'_> {
    /// Lowers the schemes that are generated, and reports the others.
    pub(super) fn security_schemes(&mut self) {
        for named in &self.document.components.security_schemes {
            let before = self.speak_for(self.selected.has_scheme(&named.name));
            let kind = self.scheme_kind(&named.value, named.place);
            self.speak_for(before);
            let Some(kind) = kind else { continue };
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
            if signer.value == "SDK-HMAC-SHA256" {
                return Some(SchemeKind::Signer(Signer::SdkHmacSha256));
            }
            self.diagnostics
                .report(Code::UnknownTarget, signer.place, format!("there is no signer `{}`", signer.value))
                .help("the runtime has the signer `SDK-HMAC-SHA256`");
            return None;
        }
        match &scheme.kind {
            SecuritySchemeKind::ApiKey { name, location } => {
                let location = match location {
                    ParameterLocation::Query => KeyLocation::Query,
                    ParameterLocation::Cookie => KeyLocation::Cookie,
                    ParameterLocation::Header | ParameterLocation::Path => KeyLocation::Header,
                };
                Some(SchemeKind::ApiKey { name: name.clone(), location })
            }
            SecuritySchemeKind::Http { scheme, .. } if scheme == "bearer" => Some(SchemeKind::Bearer),
            SecuritySchemeKind::Http { .. }
            | SecuritySchemeKind::OAuth2 { .. }
            | SecuritySchemeKind::OpenIdConnect { .. }
            | SecuritySchemeKind::MutualTls => {
                self.not_generated(
                    place,
                    "this kind of security scheme is not generated",
                    "operations that need it can be called through a transport that authenticates by itself",
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
            if is_complete && !alternatives.contains(&schemes) {
                alternatives.push(schemes);
            }
        }
        alternatives
    }
}
