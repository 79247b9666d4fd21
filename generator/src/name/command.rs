//! The names of a command: its options, and what its code is made of.
//!
//! They are apart from those of the client, for a command line has other words that are taken.

use super::{Names, Scope, kebab, screaming};
use crate::ir::Api;

/// Options that every command has, whatever its API.
const OPTIONS: [&str; 5] = ["help", "version", "output", "timeout", "endpoint"];

/// Options that a subcommand may have besides those for its parameters.
const CALL_OPTIONS: [&str; 5] = ["wait", "interval", "deadline", "all", "body"];

/// Functions that the module of every command has.
const FUNCTIONS: [&str; 2] = ["groups", "run"];

/// All names of a command.
#[derive(Debug, Default)]
pub struct CommandNames {
    /// For each value of the client, its option.
    pub client_values: Vec<String>,
    /// For each variable of the server, its option.
    pub server_variables: Vec<String>,
    /// For each group.
    pub groups: Vec<FunctionNames>,
    /// For each operation.
    pub operations: Vec<FunctionNames>,
    /// For each operation and each of its parameters, its option.
    pub parameters: Vec<Vec<String>>,
    /// For each type, the constant with the values of an enum.
    pub values: Vec<String>,
}

/// The functions that a group or an operation becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionNames {
    /// Makes the subcommand.
    pub command: String,
    /// Carries it out.
    pub run: String,
}

impl CommandNames {
    /// Names the parts of a command from the names of its client.
    #[must_use]
    pub fn new(api: &Api, names: &Names) -> Self {
        let mut options = Scope::new(&OPTIONS).reserve(&CALL_OPTIONS);
        let client_values = mint_options(&mut options, &names.client_values, "value");
        let server_variables = mint_options(&mut options, &names.server_variables, "variable");
        let global: Vec<&str> = client_values.iter().chain(&server_variables).map(String::as_str).collect();
        let parameters = names.operations.iter().map(|operation| {
            let mut scope = Scope::new(&OPTIONS).reserve(&CALL_OPTIONS).reserve(&global);
            mint_options(&mut scope, &operation.parameters, "parameter")
        });
        let parameters = parameters.collect();
        let mut functions = Scope::new(&FUNCTIONS);
        let mut mint = |base: &str| FunctionNames {
            command: functions.mint(&format!("{base}_command")),
            run: functions.mint(base),
        };
        let groups = names.groups.iter().map(|group| mint(&group.module)).collect();
        let operations = api.operations.iter().zip(&names.operations).map(|(operation, operation_names)| {
            let module = names.group(operation.group).map_or("", |group| group.module.as_str());
            mint(&format!("{module}_{}", operation_names.method))
        });
        let operations = operations.collect();
        let mut constants = Scope::new(&[]);
        let values = names.types.iter().map(|ty| constants.mint(&screaming(&ty.name))).collect();
        Self { client_values, server_variables, groups, operations, parameters, values }
    }
}

/// Mints options; one that is taken says what it is: `output-parameter`.
fn mint_options(scope: &mut Scope, names: &[String], what: &str) -> Vec<String> {
    names.iter().map(|name| kebab(name)).map(|name| scope.mint_or(&name, &format!("{name}-{what}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_never_has_a_name_that_every_command_has() {
        let mut scope = Scope::new(&OPTIONS).reserve(&CALL_OPTIONS);
        let names = ["sort_by", "output", "all"].map(str::to_owned);
        assert_eq!(
            mint_options(&mut scope, &names, "parameter"),
            ["sort-by", "output-parameter", "all-parameter"]
        );
    }
}
