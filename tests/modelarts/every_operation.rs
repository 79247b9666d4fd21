//! Every operation of the API, called by the command with the description's examples.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use modelarts_simulator::catalogue::{OPERATIONS, Operation};
use modelarts_simulator::examples;
use serde_json::Value;

use crate::service::Service;

/// The subcommand of each operation. The client has a module for each operation that is called as the subcommand is, and
/// names the operation.
fn subcommands() -> BTreeMap<String, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/src");
    let mut subcommands = BTreeMap::new();
    for group in fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for module in fs::read_dir(&group).unwrap().map(|entry| entry.unwrap().path()) {
            let text = fs::read_to_string(&module).unwrap();
            let rest = text.split_once("static OPERATION: Operation = Operation {\n    id: \"");
            let Some((id, _)) = rest.and_then(|(_, rest)| rest.split_once('"')) else { continue };
            let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            subcommands.insert(id.to_owned(), format!("{} {}", name(&group), name(&module)));
        }
    }
    subcommands
}

/// What is wrong with the command's call of an operation, of a simulator that has just started.
fn wrong(operation: &Operation, subcommand: &str) -> Option<String> {
    let service = Service::start();
    let mut command = service.program().command(subcommand);
    command.args(["--output", "json"]);
    for parameter in operation.parameters.iter().filter(|parameter| parameter.is_required) {
        if parameter.name != "project_id" {
            command.arg(examples::parameter(operation, parameter).unwrap());
        }
    }
    if let Some(body) = examples::body(operation) {
        command.arg("--body").arg(body.to_string());
    }
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    if !output.status.success() || !stderr.is_empty() {
        return Some(format!("{:?} {stderr}", output.status.code()));
    }
    let literals = operation.path.split("/{").map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    let requests = service.requests();
    let [request] = requests.as_slice() else { return Some(format!("{} requests", requests.len())) };
    let mut path = request.path_and_query.split('?').next().unwrap();
    if request.method != operation.method || !literals.into_iter().all(|literal| path.contains(literal)) {
        path = &request.path_and_query;
        return Some(format!("asked for {} {path}", request.method));
    }
    if operation.has_state() {
        return None;
    }
    // An answer without a body is `null`, which is JSON as well.
    let expected = operation.answer.map_or(Value::Null, |answer| serde_json::from_str(answer).unwrap());
    match serde_json::from_str::<Value>(&stdout) {
        Ok(printed) if with_integers(printed.clone()) == with_integers(expected.clone()) => None,
        Ok(printed) => Some(format!("printed\n{printed}\ninstead of\n{expected}")),
        Err(error) => Some(format!("{error}: {stdout}")),
    }
}

/// A value in which `32.0` is `32`: as numbers they are equal.
fn with_integers(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15);
            whole.map_or(Value::Number(number), |number| (number as i64).into())
        }
        Value::Array(items) => items.into_iter().map(with_integers).collect(),
        Value::Object(entries) => {
            entries.into_iter().map(|(name, value)| (name, with_integers(value))).collect()
        }
        value => value,
    }
}

#[test]
fn every_operation_has_a_subcommand_that_shows_what_the_service_said() {
    let subcommands = subcommands();
    let check = |operation: &Operation| {
        let wrong = match subcommands.get(operation.id) {
            Some(subcommand) => wrong(operation, subcommand).map(|what| format!("{subcommand}: {what}")),
            None => Some("it has no subcommand".to_owned()),
        };
        wrong.map(|what| format!("{}: {what}", operation.id))
    };
    let wrong = std::thread::scope(|scope| {
        let parts = OPERATIONS.chunks(OPERATIONS.len().div_ceil(4));
        let threads = parts.map(|part| scope.spawn(|| part.iter().filter_map(check).collect::<Vec<_>>()));
        let threads = threads.collect::<Vec<_>>();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(subcommands.len(), OPERATIONS.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
