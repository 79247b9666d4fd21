//! Parameters: what they are and where they go.

use super::schemas::Use;
use super::{Lowering, limits};
use crate::diagnostics::Code;
use crate::ir::{ClientValue, Docs, Location, Parameter, Type, TypeKind};
use crate::model::{self, ClientParameter, ParameterLocation, ParameterShape, ParameterStyle};

/// Headers that the specification takes out of the hands of parameters (OpenAPI 3.0.4 §4.8.12.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl Lowering<'_> {
    /// Lowers the parameters of an operation. `None` when a required one is not generated, so that it cannot be called.
    pub(super) fn parameters(&mut self, operation: &model::Operation, id: &str) -> Option<Vec<Parameter>> {
        self.check_path(operation);
        let mut parameters = Vec::with_capacity(operation.parameters.len());
        let mut is_callable = true;
        for parameter in &operation.parameters {
            let lower_name = parameter.name.value.to_ascii_lowercase();
            if parameter.location == ParameterLocation::Header
                && IGNORED_HEADERS.contains(&lower_name.as_str())
            {
                self.not_generated(
                    parameter.name.place,
                    format!(
                        "the header parameter `{}` is ignored, as the specification says",
                        parameter.name.value
                    ),
                    "it follows from the media types and the security schemes",
                );
                continue;
            }
            match self.parameter(parameter, id) {
                Some(lowered) => parameters.push(lowered),
                None if parameter.required => is_callable = false,
                None => {}
            }
        }
        is_callable.then_some(parameters)
    }

    fn parameter(&mut self, parameter: &model::Parameter, operation: &str) -> Option<Parameter> {
        let name = &parameter.name.value;
        let unsupported = |this: &mut Self, what: &str| {
            this.not_generated(
                parameter.place,
                format!("the parameter `{name}` is not generated: {what}"),
                "an operation that requires it is left out",
            );
        };
        let (location, usual_style) = match parameter.location {
            ParameterLocation::Path => (Location::Path, ParameterStyle::Simple),
            ParameterLocation::Query => (Location::Query, ParameterStyle::Form),
            ParameterLocation::Header => (Location::Header, ParameterStyle::Simple),
            ParameterLocation::Cookie => {
                unsupported(self, "it is a cookie");
                return None;
            }
        };
        let ParameterShape::Schema { schema, style, explode, allow_reserved } = &parameter.shape else {
            unsupported(self, "it is given by `content`");
            return None;
        };
        if *style != usual_style || *allow_reserved {
            unsupported(self, "its style is not the default of its location");
            return None;
        }
        let (ty, schema) = match schema {
            Some(reference) => {
                let (ty, _) = self.value(reference, &Use::of_operation(operation, name).in_request());
                (ty, self.schema(reference))
            }
            None => (Type::Text, None),
        };
        self.work_off();
        let ty = if parameter.secret && ty == Type::Text { Type::Secret } else { ty };
        if !self.is_parameter_value(&ty, true) {
            unsupported(self, "its value is neither a scalar nor a list of scalars");
            return None;
        }
        let client_value = self.client_value(parameter, &ty);
        let example = parameter.examples.iter().find_map(|example| example.value.as_ref());
        let example = example.or_else(|| schema?.examples.first());
        Some(Parameter {
            name: name.clone(),
            place: parameter.place,
            location,
            required: parameter.required,
            ty,
            explode: *explode,
            secret: parameter.secret || schema.is_some_and(|schema| schema.secret),
            docs: Docs {
                summary: None,
                description: parameter.description.clone().or_else(|| schema?.description.clone()),
                external: None,
                deprecated: parameter.deprecated,
            },
            limits: schema.map(|schema| limits(&schema.bounds)).unwrap_or_default(),
            default: schema.and_then(|schema| schema.default.as_ref()).map(|node| node.to_json().to_string()),
            example: example.map(|node| node.to_json().to_string()),
            client_value,
            rust_name: parameter.rust_name.as_ref().map(|name| name.value.clone()),
        })
    }

    /// Whether a value can be written as one text, or as a list of texts.
    fn is_parameter_value(&self, ty: &Type, may_be_list: bool) -> bool {
        match ty {
            Type::Boolean
            | Type::Integer32
            | Type::Integer64
            | Type::Unsigned64
            | Type::Number
            | Type::Decimal
            | Type::Text
            | Type::Secret
            | Type::DateTime
            | Type::Date
            | Type::Uuid
            | Type::Base64 => true,
            Type::Array(item) => may_be_list && self.is_parameter_value(item, false),
            Type::Named(id) => self.api.ty(*id).is_some_and(|definition| {
                matches!(definition.kind, TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_))
            }),
            Type::Any | Type::Map(_) | Type::Nullable(_) => false,
        }
    }

    /// The index of the client's value that a parameter takes.
    fn client_value(&mut self, parameter: &model::Parameter, ty: &Type) -> Option<usize> {
        let setting = parameter.client_parameter.as_ref()?;
        if *ty != Type::Text {
            self.diagnostics
                .report(
                    Code::InvalidValue,
                    setting.place,
                    "only a parameter of type `string` can be given on the client",
                )
                .help("remove the key, or make the schema `type: string`");
            return None;
        }
        let name = match &setting.value {
            ClientParameter::OwnName => parameter.name.value.clone(),
            ClientParameter::Shared(name) => name.clone(),
        };
        let is_own = setting.value == ClientParameter::OwnName;
        let known = self.api.client_values.iter().position(|value| value.name == name);
        let index = known.unwrap_or_else(|| {
            self.api.client_values.push(ClientValue { name, required: false, description: None });
            self.api.client_values.len() - 1
        });
        if let Some(value) = self.api.client_values.get_mut(index)
            && (is_own || value.description.is_none())
        {
            value.description = parameter.description.clone();
        }
        Some(index)
    }

    /// The names in the path template and the declared path parameters are the same (OpenAPI 3.0.4 §4.8.9.1).
    fn check_path(&mut self, operation: &model::Operation) {
        let declared = |name: &str| {
            operation.parameters.iter().any(|parameter| {
                parameter.location == ParameterLocation::Path && parameter.name.value == name
            })
        };
        let in_template = path_parameters(&operation.path.value);
        for name in in_template.iter().filter(|name| !declared(name)) {
            self.diagnostics
                .report(
                    Code::PathParameter,
                    operation.place,
                    format!("`{{{name}}}` stands in the path `{}` and is not declared", operation.path.value),
                )
                .help(format!("add a parameter with `name: {name}`, `in: path` and `required: true`"))
                .related(operation.path.place, "the path");
        }
        for parameter in &operation.parameters {
            let name = &parameter.name.value;
            if parameter.location == ParameterLocation::Path && !in_template.contains(&name.as_str()) {
                self.diagnostics
                    .report(
                        Code::PathParameter,
                        parameter.name.place,
                        format!(
                            "the path parameter `{name}` does not stand in the path `{}`",
                            operation.path.value
                        ),
                    )
                    .help(format!("write `{{{name}}}` into the path, or remove the parameter"));
            }
        }
    }
}

/// The names between braces, in order.
fn path_parameters(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}
