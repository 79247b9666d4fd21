//! The names of callbacks: a module for those of an operation, in it one for each, in it the types.

use super::{CallbackNames, Names, Scope, content_name, location_name, pascal, snake};
use crate::ir::{Api, Callback, CallbackBody};

/// Gives callbacks their names, once operations have theirs: a module must not take the name of a method that stands later.
pub(super) fn callbacks(api: &Api, names: &mut Names) {
    for group in &api.groups {
        let methods = group.operations.iter().filter_map(|id| names.operation(*id));
        let mut modules =
            methods.fold(Scope::new(&["mod", "types"]), |scope, names| scope.reserve(&[&names.method]));
        for id in &group.operations {
            let (Some(operation), Some(names)) = (api.operation(*id), names.operations.get_mut(id.0)) else {
                continue;
            };
            if operation.callbacks.is_empty() {
                continue;
            }
            names.callbacks_module = Some(modules.mint(&format!("{}_callbacks", names.method)));
            let mut scope = Scope::new(&["crate"]);
            names.callbacks =
                operation.callbacks.iter().map(|callback| of_callback(callback, &mut scope)).collect();
        }
    }
}

fn of_callback(callback: &Callback, modules: &mut Scope) -> CallbackNames {
    let name = snake(&callback.name);
    let module = modules.mint(&match callback.method {
        "POST" => name,
        other => format!("{name}_{}", other.to_lowercase()),
    });
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
    CallbackNames { module, parameters: parameters.collect(), bodies: request, answers }
}
