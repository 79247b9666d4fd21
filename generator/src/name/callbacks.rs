//! The names of callbacks: a module for those of an operation, in it one for each, in it the types.

use std::collections::BTreeMap;

use super::{CallbackNames, Names, Scope, content_name, location_name, pascal, snake};
use crate::ir::{Api, Callback, CallbackBody, GroupId, OperationId};

/// Gives callbacks their names, once operations have theirs.
pub(super) fn callbacks(api: &Api, names: &Names) -> Vec<CallbackNames> {
    let mut modules: BTreeMap<GroupId, Scope> = BTreeMap::new();
    let mut of_operations: BTreeMap<OperationId, (String, Scope)> = BTreeMap::new();
    let mut named = Vec::with_capacity(api.callbacks.len());
    for callback in &api.callbacks {
        let owner = callback.operation.and_then(|id| Some((id, api.operation(id)?, names.operation(id)?)));
        let Some((id, operation, operation_names)) = owner else {
            named.push(CallbackNames::default());
            continue;
        };
        let (of_operation, scope) = of_operations.entry(id).or_insert_with(|| {
            let group = modules.entry(operation.group).or_insert_with(|| {
                let methods = api.group(operation.group).into_iter().flat_map(|group| &group.operations);
                let methods = methods.filter_map(|id| names.operation(*id));
                methods.fold(Scope::new(&["mod", "types"]), |scope, names| scope.reserve(&[&names.method]))
            });
            (group.mint(&format!("{}_callbacks", operation_names.method)), Scope::new(&["crate"]))
        });
        let name = snake(&callback.name);
        let module = scope.mint(&match callback.method {
            "POST" => name,
            other => format!("{name}_{}", other.to_lowercase()),
        });
        named.push(in_module(callback, of_operation.clone(), module));
    }
    named
}

fn in_module(callback: &Callback, of_operation: String, module: String) -> CallbackNames {
    let mut scope = Scope::new(&["Self", "String", "Vec", "Option"]);
    let mut bodies = |what: &str, bodies: &[CallbackBody]| -> Vec<String> {
        let wanted = bodies.iter().enumerate().map(|(index, body)| {
            if index == 0 { what.to_owned() } else { format!("{what}{}", content_name(&body.media_type)) }
        });
        wanted.map(|wanted| scope.mint(&wanted)).collect()
    };
    let request = bodies("Request", &callback.bodies);
    let answers = callback.answers.iter().map(|answer| {
        let status = match answer.statuses {
            None => "Default".to_owned(),
            Some((first, last)) if first == last => format!("Status{first}"),
            Some((first, _)) => format!("Status{}xx", first / 100),
        };
        bodies(&status, &answer.bodies)
    });
    let answers = answers.collect();
    let parameters = callback.parameters.iter().map(|parameter| {
        scope.mint(&format!("{}{}", pascal(&parameter.name), pascal(location_name(parameter.location))))
    });
    CallbackNames { of_operation, module, parameters: parameters.collect(), bodies: request, answers }
}
