//! Security schemes and what requires them.

use super::Parser;
use super::reader::{Fields, Member, Part};
use crate::model::keywords::{self, Version};
use crate::model::{
    Named, OAuthFlow, ParameterLocation, SecurityRequirement, SecurityScheme, SecuritySchemeKind,
};
use crate::source::closest;

/// The values of `type`.
const TYPES: [&str; 5] = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"];

impl<'tree> Parser<'tree, '_> {
    /// `security` of any object; `None` when absent.
    pub(super) fn security(&mut self, fields: &Fields<'tree>) -> Option<Vec<SecurityRequirement>> {
        fields.get("security")?;
        Some(self.each(fields, "security", Self::security_requirement))
    }

    fn security_requirement(&mut self, part: &Part<'tree>) -> Option<SecurityRequirement> {
        let mut schemes = Vec::new();
        // All keys are names of schemes, `x-api-key` too.
        for Member { name, place, part } in self.entries(part, "a security requirement") {
            let scopes = if part.is_null() { Vec::new() } else { self.items(&part, "the list of scopes") };
            let mut value = Vec::with_capacity(scopes.len());
            for scope in scopes {
                match scope.node.scalar_text() {
                    Some(text) => value.push(text),
                    None => self.wrong_kind(scope.node, "a scope", "a string"),
                }
            }
            schemes.push(Named { name: name.to_owned(), place, value });
        }
        part.node.as_object()?;
        Some(SecurityRequirement { place: part.node.place, schemes })
    }

    pub(super) fn security_scheme(&mut self, part: &Part<'tree>) -> Option<SecurityScheme> {
        let part = self.resolve(part)?.part;
        let fields = self.fields(&part, &keywords::SECURITY_SCHEME)?;
        let signer = self.signer(&fields);
        Some(SecurityScheme {
            place: fields.place,
            description: self.text(&fields, "description"),
            kind: self.security_scheme_kind(&fields)?,
            signer,
        })
    }

    fn security_scheme_kind(&mut self, fields: &Fields<'tree>) -> Option<SecuritySchemeKind> {
        let kind = self.required_text(fields, "type")?;
        match kind.value.as_str() {
            "apiKey" => {
                let name = self.required_text(fields, "name");
                let location = self.location(fields)?;
                if location == ParameterLocation::Path {
                    let message = "an API key cannot be in the path";
                    self.invalid(fields.place, message, "`query`, `header` or `cookie` is expected");
                    return None;
                }
                Some(SecuritySchemeKind::ApiKey { name: name?.value, location })
            }
            "http" => {
                let scheme = self.required_text(fields, "scheme")?.value;
                Some(SecuritySchemeKind::Http { scheme, bearer_format: self.text(fields, "bearerFormat") })
            }
            "oauth2" => Some(SecuritySchemeKind::OAuth2 { flows: self.flows(fields)? }),
            "openIdConnect" => {
                let url = self.required_text(fields, "openIdConnectUrl")?.value;
                Some(SecuritySchemeKind::OpenIdConnect { url })
            }
            "mutualTLS" if self.since(Version::V3_1) => Some(SecuritySchemeKind::MutualTls),
            other => {
                let types =
                    TYPES.iter().filter(|name| **name != "mutualTLS" || self.since(Version::V3_1)).copied();
                let help = match closest(other, types.clone()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("one of `{}` is expected", types.collect::<Vec<_>>().join("`, `")),
                };
                self.invalid(kind.place, format!("`{other}` is no type of a security scheme"), help);
                None
            }
        }
    }

    /// `flows`.
    fn flows(&mut self, fields: &Fields<'tree>) -> Option<Vec<OAuthFlow>> {
        let Some(part) = fields.part("flows") else {
            self.missing(fields, "flows");
            return None;
        };
        let flows = self.fields(&part, &keywords::OAUTH_FLOWS)?;
        let mut parsed = Vec::new();
        for Member { name, part, .. } in flows.members().filter(|flow| !flow.part.is_null()) {
            let Some(flow) = self.fields(&part, &keywords::OAUTH_FLOW) else { continue };
            let scopes = self.map(&flow, "scopes").into_iter();
            let scopes = scopes.map(|scope| {
                let description = scope.part.node.scalar_text().unwrap_or_default();
                Named { name: scope.name.to_owned(), place: scope.place, value: description }
            });
            parsed.push(OAuthFlow {
                is_of_client: name == "clientCredentials",
                scopes: scopes.collect(),
                token_url: self.located_text(&flow, "tokenUrl"),
                refresh_url: self.located_text(&flow, "refreshUrl"),
            });
        }
        Some(parsed)
    }
}
