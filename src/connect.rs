//! From options and environment to a client of the real service.

use clientsmith_runtime::command::clap::ArgMatches;
use clientsmith_runtime::command::{self, Failure};
use huaweicloud_modelarts::auth::{CredentialChain, Credentials, Token};
use huaweicloud_modelarts::{Client, ClientBuilder};

use crate::arguments::{ENDPOINT, PROJECT_ID, REGION};

/// The environment variable that stands in for `--endpoint`.
const ENDPOINT_VARIABLE: &str = "MODELARTS_ENDPOINT";
/// The environment variables that stand in for `--region`.
const REGION_VARIABLES: [&str; 2] = ["MODELARTS_REGION", "HUAWEICLOUD_SDK_REGION"];
/// The environment variable that stands in for `--project-id`.
const PROJECT_ID_VARIABLE: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
/// The environment variable with a token of IAM.
const TOKEN_VARIABLE: &str = "MODELARTS_TOKEN";

/// The client that the command line and the environment describe.
pub(crate) fn client(matches: &ArgMatches) -> Result<Client, Failure> {
    let mut builder = Client::builder();
    let region = command::setting(matches, REGION, &REGION_VARIABLES)?;
    if let Some(endpoint) = command::setting(matches, ENDPOINT, &[ENDPOINT_VARIABLE])? {
        builder = builder.endpoint(endpoint);
    } else if let Some(region) = &region {
        builder = builder.region(known(region)?);
    }
    if let Some(timeout) = command::optional(matches, "timeout") {
        builder = builder.timeout(timeout);
    }
    builder = builder.credentials(credentials(region)?);
    if let Some(project_id) = command::setting(matches, PROJECT_ID, &[PROJECT_ID_VARIABLE])? {
        builder = builder.project_id(project_id);
    }
    Ok(builder.build()?)
}

/// The region, if it is one that the description names: a name with a typing error would end as a host that is not found.
fn known(region: &str) -> Result<&str, Failure> {
    if ClientBuilder::REGION_VALUES.contains(&region) {
        return Ok(region);
    }
    Err(Failure::usage(format!(
        "`{region}` is no region that is known here: use --endpoint (or {ENDPOINT_VARIABLE}) with the URL of the service \
         there, or --region with one of {}",
        ClientBuilder::REGION_VALUES.join(", ")
    )))
}

/// The token where there is one, for it is set for this command alone; else the access keys, from where all of the vendor's tools
/// have them.
fn credentials(region: Option<String>) -> Result<Credentials, Failure> {
    if let Some(token) = command::secret_setting(TOKEN_VARIABLE)? {
        return Ok(Token::new(token).into());
    }
    let chain = CredentialChain::new();
    Ok(match region {
        Some(region) => chain.region(region).into(),
        // Without an endpoint it is the default one, which tells.
        None => chain.into(),
    })
}
