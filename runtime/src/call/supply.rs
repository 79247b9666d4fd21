//! Values of the client that nobody has given, and that its credentials find out when the first call needs them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::Call;
use crate::auth::renewal::{Fetched, Renewal};
use crate::auth::{AuthError, Authenticate, ClockOffset, Context};
use crate::error::{ErrorKind, Failure};
use crate::operation::ClientValue;
use crate::parameter::ParameterValue;

/// A value that some credential of the client supplies.
pub(crate) struct Supplied {
    value: OnceLock<ParameterValue>,
    inquiry: Renewal<String>,
}

impl Supplied {
    /// For each value that is not given and that credentials supply; nothing at all where there is no such value.
    pub(crate) fn of(
        values: &[ClientValue],
        given: &[Option<String>],
        credentials: &[Option<Arc<dyn Authenticate>>],
    ) -> Vec<Option<Self>> {
        let supplied = values.iter().zip(given).map(|(value, given)| {
            let is_supplied =
                given.is_none() && credentials.iter().flatten().any(|one| one.supplies(value.name));
            is_supplied.then(|| Self { value: OnceLock::new(), inquiry: Renewal::new(Duration::ZERO) })
        });
        let supplied: Vec<Option<Self>> = supplied.collect();
        if supplied.iter().any(Option::is_some) { supplied } else { Vec::new() }
    }

    /// The value, when a call has found it out.
    pub(crate) fn get(&self) -> Option<&ParameterValue> {
        self.value.get()
    }

    /// Asks the credentials one after the other. Calls that need the value at the same time wait for one inquiry.
    async fn find<'a>(
        &self,
        credentials: impl Iterator<Item = &'a Arc<dyn Authenticate>>,
        name: &str,
        context: Context<'_>,
    ) -> Result<(), AuthError> {
        let inquire = || async {
            for credential in credentials.filter(|credential| credential.supplies(name)) {
                if let Some(value) = credential.value(name, context).await? {
                    return Ok(Fetched { value, expires_at: None });
                }
            }
            Err(AuthError::new(format!("`{name}` is not set, and the credentials do not know it"), None))
        };
        let value = self.inquiry.get(context, inquire).await?;
        self.value.get_or_init(|| value.as_str().into());
        Ok(())
    }
}

impl Call {
    /// Finds out what this call needs of the values that the client was built without.
    pub(super) async fn supply(&self, offset: ClockOffset) -> Result<(), Box<Failure>> {
        let inner = &self.core.0;
        for (index, parameter) in self.operation.parameters.iter().enumerate() {
            let Some(of_client) = parameter.client_value.filter(|_| parameter.required) else { continue };
            let Some(Some(supplied)) = inner.supplied.get(of_client) else { continue };
            let is_known = supplied.get().is_some() || self.values.get(index).is_some_and(Option::is_some);
            let (Some(value), false) = (inner.api.values.get(of_client), is_known) else { continue };
            let context = self.core.context().by_clock(offset);
            let credentials = inner.credentials.iter().flatten();
            supplied.find(credentials, value.name, context).await.map_err(|error| self.unproven(error))?;
        }
        Ok(())
    }

    /// The failure of a call that cannot be authenticated.
    pub(super) fn unproven(&self, error: AuthError) -> Box<Failure> {
        let mut failure = Failure::new(ErrorKind::Credentials, self.operation.id, error.to_string());
        failure.transient = error.is_retryable();
        failure.source = Some(Box::new(error));
        Box::new(failure)
    }
}
