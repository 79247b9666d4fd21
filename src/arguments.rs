//! The command line around the subcommands: what holds for all of them.

use clientsmith_runtime::command::clap::Command;
use clientsmith_runtime::command::{self, Output};

/// Talk to the simulator.
pub(crate) const SIMULATE: &str = "simulate";
/// Where the service is.
pub(crate) const ENDPOINT: &str = "endpoint";
/// The region of the service.
pub(crate) const REGION: &str = "region";
/// The project to work in.
pub(crate) const PROJECT_ID: &str = "project-id";

const EXAMPLES: &str = "\
Examples:
  modelarts --simulate training-jobs delete 10 --wait
  modelarts --simulate training-jobs list --status failed --all
  modelarts --simulate services create --body @service.json --wait
  modelarts --region eu-west-101 --endpoint https://modelarts.example.com training-jobs list
  modelarts training-jobs get-version 4711 90210 --output json";

const DETAILS: &str = "\
Credentials never stand on the command line, which other users see. The first of these counts:
  MODELARTS_TOKEN                   a token of IAM for the project
  HUAWEICLOUD_SDK_AK, _SK           an access key and its secret key, which sign each request;
                                    temporary ones with HUAWEICLOUD_SDK_SECURITY_TOKEN
  ~/.huaweicloud/credentials        the profile: ak, sk and optionally security_token, project_id
                                    and iam_endpoint in the section [basic]
                                    [env: HUAWEICLOUD_SDK_CREDENTIALS_FILE]
  the metadata service              temporary keys of the agency of the ECS instance

With access keys, a project that is not given is that of the profile, or the one that IAM has by
the name of the region [env: HUAWEICLOUD_SDK_IAM_ENDPOINT].

Exit codes:
  0  success
  1  the call failed, or what was waited for did
  2  nothing was sent: the command line, a setting or the credentials cannot be used";

/// The whole command line.
pub(crate) fn arguments() -> Command {
    let simulate = command::global_switch(
        SIMULATE,
        "Talk to a simulator of the service inside this process: no account is needed, and nothing is sent elsewhere",
    );
    let region = command::global(
        REGION,
        "REGION",
        "The region [env: MODELARTS_REGION, HUAWEICLOUD_SDK_REGION] [default: cn-north-4]",
    );
    let project_id = command::global(
        PROJECT_ID,
        "ID",
        "The project [env: HUAWEICLOUD_SDK_PROJECT_ID] [default: that of the region]",
    );
    let command = command::program(
        "modelarts",
        "Huawei Cloud ModelArts from a shell: data sets, training jobs, models, services and the rest of its API",
    )
    .version(env!("CARGO_PKG_VERSION"))
    .arg(region)
    .arg(project_id)
    .arg(command::endpoint("MODELARTS_ENDPOINT"))
    .arg(command::timeout())
    .arg(Output::argument())
    .subcommands(crate::commands::groups())
    .after_help(EXAMPLES)
    .after_long_help(format!("{EXAMPLES}\n\n{DETAILS}"));
    if cfg!(feature = "simulate") { command.arg(simulate) } else { command }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        super::arguments().debug_assert();
    }
}
