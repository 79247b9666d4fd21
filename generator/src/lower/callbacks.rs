//! Callbacks: what the service sends, in the form of an answer, and what it is answered with, in the form of a request.
//!
//! So a property that is only read comes with a callback (OpenAPI 3.0.4 §4.7.24 has the service's own view of it), and whoever
//! answers writes what is only written.

use super::Lowering;
use super::bodies::{is_structured, short};
use super::operations::{docs, method_name, status_text, statuses};
use super::parameters::{location, shape};
use super::schemas::Use;
use crate::ir::{Callback, CallbackAnswer, CallbackBody, CallbackParameter, Docs, TextFormat, Type};
use crate::model::{self, MediaType, Method, Named};

impl Lowering<'_> {
    /// Lowers the callbacks of an operation, whose types are named after both.
    pub(super) fn callbacks(&mut self, operation: &model::Operation, id: &str) -> Vec<Callback> {
        let mut callbacks = Vec::new();
        for callback in &operation.callbacks {
            for request in &callback.value {
                let named = format!("{id} {}", callback.name);
                // Another method that is added later must rename nothing.
                let named = match request.method {
                    Method::Post => named,
                    other => format!("{named} {}", method_name(other).to_lowercase()),
                };
                callbacks.push(self.callback(request, &callback.name, &named));
            }
        }
        callbacks
    }

    fn callback(&mut self, request: &model::Operation, name: &str, id: &str) -> Callback {
        let parameters = request.parameters.iter().map(|parameter| self.callback_parameter(parameter, id));
        let parameters = parameters.collect();
        let body = request.request_body.as_ref();
        let bodies = body.map(|body| {
            self.callback_bodies(&body.content, &|role| Use::of_operation(id, &format!("{role}request")))
        });
        let answers = request.responses.iter().map(|(key, response)| {
            let status = status_text(*key);
            CallbackAnswer {
                statuses: statuses(*key),
                description: response.description.clone(),
                bodies: self.callback_bodies(&response.content, &|role| {
                    Use::of_operation(id, &format!("{status} {role}answer")).in_request()
                }),
            }
        });
        let answers = answers.collect();
        self.work_off();
        Callback {
            name: name.to_owned(),
            place: request.place,
            method: method_name(request.method),
            url: request.path.value.clone(),
            docs: docs(request),
            parameters,
            bodies: bodies.unwrap_or_default(),
            body_description: body.and_then(|body| body.description.clone()),
            answers,
        }
    }

    fn callback_parameter(&mut self, parameter: &model::Parameter, id: &str) -> CallbackParameter {
        let shape = shape(parameter);
        let ty =
            shape.schema.map(|schema| self.text_value(schema, &Use::of_operation(id, &parameter.name.value)));
        let described = shape.schema.and_then(|schema| self.schema(schema)?.description.clone());
        CallbackParameter {
            name: parameter.name.value.clone(),
            location: location(parameter.location),
            ty: ty.unwrap_or(Type::Text(TextFormat::Plain)),
            required: parameter.required,
            docs: Docs {
                description: parameter.description.clone().or(described),
                deprecated: parameter.deprecated,
                ..Docs::default()
            },
        }
    }

    fn callback_bodies(
        &mut self,
        content: &[Named<MediaType>],
        at: &dyn Fn(&str) -> Use,
    ) -> Vec<CallbackBody> {
        let mut bodies: Vec<CallbackBody> = Vec::with_capacity(content.len());
        for media in content {
            let schema = media.value.schema.as_ref();
            let is_structured = is_structured(&media.name, schema.and_then(|schema| self.schema(schema)));
            let role = if bodies.is_empty() { String::new() } else { format!("{} ", short(&media.name)) };
            let ty = schema.filter(|_| is_structured).map(|schema| self.ty(schema, &at(&role)));
            bodies.push(CallbackBody {
                media_type: media.name.clone(),
                ty: if is_structured { Some(ty.unwrap_or(Type::Any)) } else { None },
            });
        }
        bodies.sort_by_key(|body| !super::bodies::is_json(&body.media_type));
        bodies
    }
}
