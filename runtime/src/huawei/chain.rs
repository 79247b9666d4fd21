//! The places where keys may be, one after the other.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use http::HeaderMap;

use super::authenticate::{DOMAIN_ID, PROJECT_ID, sign, value, was_signed_with};
use super::credentials::environment;
use super::iam::Place;
use super::{AkSk, CredentialsError, EcsMetadata, MARGIN, Profile};
use crate::auth::renewal::{Fetched, Renewal};
use crate::auth::{Attempt, AuthError, Authenticate, Context};
use crate::transport::BoxFuture;

/// Where variables come from.
type Variables = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Access keys from where they are, as the vendor's SDKs look for them: the environment ([`AkSk::from_env`]), then the profile
/// ([`Profile`]), then the metadata service of the instance ([`EcsMetadata`]), whose keys are renewed before they expire.
///
/// Nothing is read before the first call needs it. Keys that are there and cannot be used (one of the two is missing, a file is
/// damaged) end the search with an error: the next place may belong to somebody else.
///
/// The project is the one of the environment or the profile, or else the one by the name of the region, which IAM is asked for
/// once. The region is the one in the URL of the API, if [`region`](Self::region) says nothing else.
///
/// Clones share their keys.
#[derive(Clone)]
pub struct CredentialChain {
    variables: Variables,
    profile: Option<Profile>,
    metadata: Option<EcsMetadata>,
    place: Place,
    kept: Arc<Kept>,
}

struct Kept {
    keys: Renewal<AkSk>,
    /// The keys come from the metadata service, and so will the next ones.
    is_instance: AtomicBool,
}

impl CredentialChain {
    /// The environment, the usual profile and the metadata service of the instance.
    #[must_use]
    pub fn new() -> Self {
        Self {
            variables: Arc::new(environment),
            profile: Some(Profile::new()),
            metadata: Some(EcsMetadata::new()),
            place: Place::default(),
            kept: Arc::new(Kept { keys: Renewal::new(MARGIN), is_instance: AtomicBool::new(false) }),
        }
    }

    /// Sets where the project is looked up, as in `cn-north-4`, where it cannot be told from the URL of the API.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.place.region = Some(region.into());
        self
    }

    /// Sets the URL of IAM, instead of what the environment or the profile says, and that of the region.
    #[must_use]
    pub fn iam_endpoint(mut self, url: impl Into<String>) -> Self {
        self.place.iam_endpoint = Some(url.into());
        self
    }

    /// Sets the profile.
    #[must_use]
    pub fn profile(self, profile: Profile) -> Self {
        Self { profile: Some(profile), ..self }.anew()
    }

    /// Leaves the profile out.
    #[must_use]
    pub fn without_profile(self) -> Self {
        Self { profile: None, ..self }.anew()
    }

    /// Sets the metadata service.
    #[must_use]
    pub fn metadata(self, metadata: EcsMetadata) -> Self {
        Self { metadata: Some(metadata), ..self }.anew()
    }

    /// Leaves the metadata service out, so that a machine that is no instance is told at once.
    #[must_use]
    pub fn without_metadata(self) -> Self {
        Self { metadata: None, ..self }.anew()
    }

    /// Sets where the variables of the environment come from, instead of this process; `variable` gives the value of the named one.
    #[must_use]
    pub fn variables(self, variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { variables: Arc::new(variable), ..self }.anew()
    }

    /// What is looked for elsewhere is not what clones have found.
    fn anew(self) -> Self {
        Self { kept: Self::new().kept, ..self }
    }

    async fn keys(&self, context: Context<'_>) -> Result<Arc<AkSk>, AuthError> {
        self.kept.keys.get(context, || self.find(context)).await
    }

    async fn find(&self, context: Context<'_>) -> Result<Fetched<AkSk>, AuthError> {
        let instance = self.metadata.as_ref().filter(|_| self.kept.is_instance.load(Ordering::Relaxed));
        if let Some(metadata) = instance {
            return self.completed(metadata.fetch(context).await?);
        }
        let lasting = |value| self.completed(Fetched { value, expires_at: None });
        let mut reasons = Vec::new();
        match AkSk::from_variables(&*self.variables) {
            Ok(keys) => return lasting(keys),
            Err(CredentialsError::NoVariables) => {
                reasons.push("HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not set".to_owned());
            }
            Err(error) => {
                let message = format!("the keys of the environment cannot be used: {error}");
                return Err(AuthError::new(message, Some(error.into())));
            }
        }
        if let Some(profile) = &self.profile {
            match profile.load_with(&*self.variables) {
                Ok(keys) => return lasting(keys),
                Err(error) if error.is_absent() => reasons.push(error.to_string()),
                Err(error) => {
                    let message = format!("the profile cannot be used: {error}");
                    return Err(AuthError::new(message, Some(error.into())));
                }
            }
        }
        if let Some(metadata) = &self.metadata {
            match metadata.fetch(context).await {
                Ok(keys) => {
                    self.kept.is_instance.store(true, Ordering::Relaxed);
                    return self.completed(keys);
                }
                Err(error) => reasons.push(error.to_string()),
            }
        }
        // Not worth a retry: it would wait once more for an answer that there is none of but on an instance.
        Err(AuthError::new(format!("there are no access keys of Huawei Cloud: {}", reasons.join("; ")), None))
    }

    /// The environment says in which project, also to keys from elsewhere.
    fn completed(&self, found: Fetched<AkSk>) -> Result<Fetched<AkSk>, AuthError> {
        let value = found.value.or_from_variables(&*self.variables).map_err(|error| {
            AuthError::new(format!("the environment cannot be used: {error}"), Some(error.into()))
        })?;
        Ok(Fetched { value, ..found })
    }
}

impl Default for CredentialChain {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CredentialChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialChain")
            .field("profile", &self.profile)
            .field("metadata", &self.metadata)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Authenticate for CredentialChain {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(async move { sign(&*self.keys(attempt.context()).await?, attempt) })
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        let is_instance = self.kept.is_instance.load(Ordering::Relaxed);
        if is_instance {
            self.kept.keys.forget(|keys| was_signed_with(keys, headers));
        }
        is_instance
    }

    fn depends_on_clock(&self) -> bool {
        true
    }

    fn supplies(&self, name: &str) -> bool {
        matches!(name, PROJECT_ID | DOMAIN_ID)
    }

    fn value<'a>(
        &'a self,
        name: &'a str,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<String>, AuthError>> {
        Box::pin(async move { value(&*self.keys(context).await?, name, &self.place, context).await })
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        Box::pin(self.kept.keys.get_ahead(context, move || self.find(context)))
    }
}
