//! Access keys: what a request is signed with.

use std::fmt;

use zeroize::Zeroizing;

const ACCESS_KEY_VARIABLE: &str = "HUAWEICLOUD_SDK_AK";
const SECRET_KEY_VARIABLE: &str = "HUAWEICLOUD_SDK_SK";
const SECURITY_TOKEN_VARIABLE: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
const PROJECT_ID_VARIABLE: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
const DOMAIN_ID_VARIABLE: &str = "HUAWEICLOUD_SDK_DOMAIN_ID";
const IAM_ENDPOINT_VARIABLE: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";

/// Access keys shorter than this are not shown at all, not even their beginning.
const SHORTEST_SHOWN_ACCESS_KEY: usize = 12;

/// An access key (AK) and its secret key (SK), with what goes with them.
///
/// The secret key and the security token are wiped from memory when the value is dropped; `Debug` shows neither.
///
/// ```
/// use clientsmith_runtime::huawei::AkSk;
///
/// let key = AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret")?.project_id("0123456789abcdef")?;
/// assert_eq!(key.access_key(), "AKFAKEEXAMPLE0000009");
/// # Ok::<(), clientsmith_runtime::huawei::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct AkSk {
    access_key: String,
    secret_key: Zeroizing<String>,
    security_token: Option<Zeroizing<String>>,
    project_id: Option<String>,
    domain_id: Option<String>,
    iam_endpoint: Option<String>,
}

impl AkSk {
    /// A permanent key pair; [`AkSk::security_token`] makes it a temporary one.
    ///
    /// # Errors
    ///
    /// [`CredentialsError::Empty`] and [`CredentialsError::InvalidCharacter`]: every part is at least one visible ASCII
    /// character, since all but the secret key stand in a header, and white space around the secret key (left there by
    /// a copy, say) would only show as a refused signature.
    pub fn new(
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        // Wrapped before it is checked, so that a refused key is wiped as well.
        let secret_key = Zeroizing::new(secret_key.into());
        let access_key = access_key.into();
        check(CredentialPart::AccessKey, &access_key)?;
        check(CredentialPart::SecretKey, &secret_key)?;
        Ok(Self {
            access_key,
            secret_key,
            security_token: None,
            project_id: None,
            domain_id: None,
            iam_endpoint: None,
        })
    }

    /// Makes the keys temporary: `token` came with them and is sent as `X-Security-Token`.
    ///
    /// # Errors
    ///
    /// As for [`AkSk::new`].
    pub fn security_token(mut self, token: impl Into<String>) -> Result<Self, CredentialsError> {
        let token = Zeroizing::new(token.into());
        check(CredentialPart::SecurityToken, &token)?;
        self.security_token = Some(token);
        Ok(self)
    }

    /// The project that requests act in, sent as `X-Project-Id` where a request names none itself.
    ///
    /// # Errors
    ///
    /// As for [`AkSk::new`].
    pub fn project_id(mut self, project_id: impl Into<String>) -> Result<Self, CredentialsError> {
        let project_id = project_id.into();
        check(CredentialPart::ProjectId, &project_id)?;
        self.project_id = Some(project_id);
        Ok(self)
    }

    /// The account (domain) that requests act for, sent as `X-Domain-Id` where a request names none itself.
    ///
    /// # Errors
    ///
    /// As for [`AkSk::new`].
    pub fn domain_id(mut self, domain_id: impl Into<String>) -> Result<Self, CredentialsError> {
        let domain_id = domain_id.into();
        check(CredentialPart::DomainId, &domain_id)?;
        self.domain_id = Some(domain_id);
        Ok(self)
    }

    /// Where the identity service (IAM) is, which is asked for the id of the project where that is not given. Without: that of the
    /// region in the URL of the API.
    ///
    /// # Errors
    ///
    /// As for [`AkSk::new`].
    pub fn iam_endpoint(mut self, url: impl Into<String>) -> Result<Self, CredentialsError> {
        let url = url.into();
        check(CredentialPart::IamEndpoint, &url)?;
        self.iam_endpoint = Some(url);
        Ok(self)
    }

    /// The key of this process's environment: `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, optionally
    /// `HUAWEICLOUD_SDK_SECURITY_TOKEN`, `HUAWEICLOUD_SDK_PROJECT_ID`, `HUAWEICLOUD_SDK_DOMAIN_ID` and
    /// `HUAWEICLOUD_SDK_IAM_ENDPOINT`.
    ///
    /// A variable that is empty or blank counts as not set.
    ///
    /// # Errors
    ///
    /// [`CredentialsError::NoVariables`], [`CredentialsError::MissingVariable`], and as for [`AkSk::new`].
    pub fn from_env() -> Result<Self, CredentialsError> {
        Self::from_variables(environment)
    }

    /// Like [`AkSk::from_env`], from any source of variables; `variable` gives the value of the named one.
    ///
    /// # Errors
    ///
    /// As for [`AkSk::from_env`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, CredentialsError> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let missing = |variable| CredentialsError::MissingVariable { variable };
        let (access_key, secret_key) =
            match (set(ACCESS_KEY_VARIABLE), set(SECRET_KEY_VARIABLE).map(Zeroizing::new)) {
                (Some(access_key), Some(secret_key)) => (access_key, secret_key),
                (None, None) => return Err(CredentialsError::NoVariables),
                (None, Some(_)) => return Err(missing(ACCESS_KEY_VARIABLE)),
                (Some(_), None) => return Err(missing(SECRET_KEY_VARIABLE)),
            };
        Self::new(access_key, secret_key.as_str())?.with([
            set(SECURITY_TOKEN_VARIABLE),
            set(PROJECT_ID_VARIABLE),
            set(DOMAIN_ID_VARIABLE),
            set(IAM_ENDPOINT_VARIABLE),
        ])
    }

    /// Adds what there is of a security token, a project, a domain and an endpoint of IAM.
    pub(super) fn with(self, parts: [Option<String>; 4]) -> Result<Self, CredentialsError> {
        let [token, project_id, domain_id, iam_endpoint] = parts;
        let mut key = self;
        if let Some(token) = token {
            key = key.security_token(token)?;
        }
        if let Some(project_id) = project_id {
            key = key.project_id(project_id)?;
        }
        if let Some(domain_id) = domain_id {
            key = key.domain_id(domain_id)?;
        }
        if let Some(url) = iam_endpoint {
            key = key.iam_endpoint(url)?;
        }
        Ok(key)
    }

    /// Adds from the environment what is not there yet and has nothing to do with the keys.
    pub(super) fn or_from_variables(
        self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, CredentialsError> {
        let set =
            |name: &str, is_there: bool| variable(name).filter(|value| !is_there && !value.trim().is_empty());
        let parts = [
            None,
            set(PROJECT_ID_VARIABLE, self.project_id.is_some()),
            None,
            set(IAM_ENDPOINT_VARIABLE, self.iam_endpoint.is_some()),
        ];
        self.with(parts)
    }

    /// The access key, which is public: it names the key pair in every signed request.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// Whether the keys are temporary, which is to say that they have a security token.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.security_token.is_some()
    }

    pub(super) fn secret(&self) -> &str {
        &self.secret_key
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.security_token.as_ref().map(|token| token.as_str())
    }

    pub(super) fn project(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    pub(super) fn domain(&self) -> Option<&str> {
        self.domain_id.as_deref()
    }

    pub(super) fn iam(&self) -> Option<&str> {
        self.iam_endpoint.as_deref()
    }
}

/// A variable of this process's environment.
pub(super) fn environment(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    // A value that is not Unicode is kept, damaged: it is then refused as what it is, and not as missing.
    Some(value.into_string().unwrap_or_else(|value| value.to_string_lossy().into_owned()))
}

impl fmt::Debug for AkSk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.access_key.len() < SHORTEST_SHOWN_ACCESS_KEY { 0 } else { 4 };
        let access_key: String = self.access_key.chars().take(shown).chain(['…']).collect();
        f.debug_struct("AkSk")
            .field("access_key", &access_key)
            .field("is_temporary", &self.is_temporary())
            .field("project_id", &self.project_id)
            .field("domain_id", &self.domain_id)
            .finish_non_exhaustive()
    }
}

fn check(part: CredentialPart, value: &str) -> Result<(), CredentialsError> {
    if value.trim().is_empty() {
        return Err(CredentialsError::Empty { part });
    }
    // The access key stands in a comma-separated list within the header, so that a comma would end it.
    let allowed = |c: char| c.is_ascii_graphic() && !(c == ',' && part == CredentialPart::AccessKey);
    match value.chars().position(|c| !allowed(c)) {
        Some(position) => Err(CredentialsError::InvalidCharacter { part, position: position + 1 }),
        None => Ok(()),
    }
}

/// A part of a set of credentials, as errors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPart {
    /// The access key (AK).
    AccessKey,
    /// The secret key (SK).
    SecretKey,
    /// The security token of temporary keys.
    SecurityToken,
    /// The project's id.
    ProjectId,
    /// The id of the account.
    DomainId,
    /// The URL of the identity service.
    IamEndpoint,
}

impl fmt::Display for CredentialPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessKey => "access key",
            Self::SecretKey => "secret key",
            Self::SecurityToken => "security token",
            Self::ProjectId => "project id",
            Self::DomainId => "domain id",
            Self::IamEndpoint => "endpoint of IAM",
        })
    }
}

/// Why there are no usable credentials. Never holds any part of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// The environment has neither key.
    #[error("no access key in the environment: set {ACCESS_KEY_VARIABLE} and {SECRET_KEY_VARIABLE}")]
    NoVariables,
    /// The environment has one key of the two.
    #[error("the environment variable {variable} is not set (or blank), though the other key is: set both")]
    MissingVariable {
        /// The name of the variable that is not set.
        variable: &'static str,
    },
    /// A part is empty or blank.
    #[error("the {part} is empty")]
    Empty {
        /// Which part it is.
        part: CredentialPart,
    },
    /// A part has a character that cannot stand in a header, or white space.
    #[error(
        "the {part} has a character that is not allowed there, as number {position}: only visible ASCII is"
    )]
    InvalidCharacter {
        /// Which part it is.
        part: CredentialPart,
        /// Where the first such character is, counted in characters from 1.
        position: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const AK: &str = "AKFAKEEXAMPLE0000009";
    const SK: &str = "fake-secret-for-tests-only";
    const TOKEN: &str = "fake-token-for-tests-only";

    fn variables(set: &[(&str, &str)]) -> Result<AkSk, CredentialsError> {
        AkSk::from_variables(|name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn debug_shows_no_secret_and_not_the_whole_access_key() {
        let key = AkSk::new(AK, SK).unwrap().security_token(TOKEN).unwrap().project_id("p-1").unwrap();
        let shown = format!("{key:?} {key:#?}");
        assert!(!shown.contains(SK) && !shown.contains(TOKEN) && !shown.contains(AK), "{shown}");
        assert!(shown.contains("\"AKFA…\"") && shown.contains("p-1"), "{shown}");
        assert!(!format!("{:?}", AkSk::new("SHORT-AK", SK).unwrap()).contains("SHOR"));
    }

    #[test]
    fn the_environment_gives_every_part() {
        let key = variables(&[
            ("HUAWEICLOUD_SDK_AK", AK),
            ("HUAWEICLOUD_SDK_SK", SK),
            ("HUAWEICLOUD_SDK_SECURITY_TOKEN", TOKEN),
            ("HUAWEICLOUD_SDK_PROJECT_ID", "p-1"),
            ("HUAWEICLOUD_SDK_DOMAIN_ID", "d-1"),
        ])
        .unwrap();
        assert_eq!((key.access_key(), key.secret(), key.token()), (AK, SK, Some(TOKEN)));
        assert_eq!((key.project(), key.domain(), key.is_temporary()), (Some("p-1"), Some("d-1"), true));
    }

    #[test]
    fn blank_variables_count_as_missing() {
        let key = variables(&[
            ("HUAWEICLOUD_SDK_AK", AK),
            ("HUAWEICLOUD_SDK_SK", SK),
            ("HUAWEICLOUD_SDK_SECURITY_TOKEN", ""),
            ("HUAWEICLOUD_SDK_PROJECT_ID", " \t"),
        ])
        .unwrap();
        assert_eq!((key.token(), key.project(), key.is_temporary()), (None, None, false));
        let error = variables(&[("HUAWEICLOUD_SDK_AK", AK), ("HUAWEICLOUD_SDK_SK", "  ")]).unwrap_err();
        assert_eq!(error, CredentialsError::MissingVariable { variable: "HUAWEICLOUD_SDK_SK" });
    }

    #[test]
    fn errors_name_the_missing_variable() {
        let neither = variables(&[]).unwrap_err().to_string();
        assert!(
            neither.contains("HUAWEICLOUD_SDK_AK") && neither.contains("HUAWEICLOUD_SDK_SK"),
            "{neither}"
        );
        let no_secret = variables(&[("HUAWEICLOUD_SDK_AK", AK)]).unwrap_err().to_string();
        assert!(no_secret.contains("variable HUAWEICLOUD_SDK_SK is not set"), "{no_secret}");
        let no_access = variables(&[("HUAWEICLOUD_SDK_SK", SK)]).unwrap_err().to_string();
        assert!(no_access.contains("variable HUAWEICLOUD_SDK_AK is not set"), "{no_access}");
        assert!(!no_access.contains(SK));
    }

    #[test]
    fn characters_that_cannot_stand_in_a_header_are_refused() {
        use CredentialPart::{AccessKey, ProjectId, SecretKey, SecurityToken};
        let refused = |part, position| Some(CredentialsError::InvalidCharacter { part, position });
        assert_eq!(AkSk::new("AK\r\nHost: x", SK).err(), refused(AccessKey, 3));
        assert_eq!(AkSk::new("AK,SignedHeaders=", SK).err(), refused(AccessKey, 3));
        assert_eq!(AkSk::new(AK, "secret\n").err(), refused(SecretKey, 7));
        assert_eq!(AkSk::new(AK, "密").err(), refused(SecretKey, 1));
        assert_eq!(AkSk::new(AK, SK).unwrap().security_token("a\u{0}").err(), refused(SecurityToken, 2));
        assert_eq!(AkSk::new(AK, SK).unwrap().project_id("a b").err(), refused(ProjectId, 2));
        assert_eq!(AkSk::new("", SK).err(), Some(CredentialsError::Empty { part: AccessKey }));
        let shown = AkSk::new(AK, "top secret").unwrap_err().to_string();
        assert!(!shown.contains("top"), "{shown}");
    }
}
