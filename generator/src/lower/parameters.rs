//! Parameters: what they are and where they go.

use super::bodies::is_json;
use super::schemas::Use;
use super::{Lowering, limits};
use crate::diagnostics::Code;
use crate::ir::{ClientValue, Docs, Location, Parameter, Style, TextFormat, Type, TypeKind};
use crate::model::{self, ClientParameter, ParameterLocation, ParameterShape, ParameterStyle, SchemaRef};
use crate::source::Node;

/// Headers that the specification takes out of the hands of parameters (OpenAPI 3.0.4 §4.7.12.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// How deeply unions in unions are looked into.
const MAX_DEPTH: usize = 8;

/// What a parameter says of its value.
pub(super) struct Shape<'a> {
    pub(super) schema: Option<&'a SchemaRef>,
    style: Style,
    explode: bool,
    allow_reserved: bool,
}

/// The forms that values of a type may have.
#[derive(Default)]
struct Forms {
    scalar: bool,
    list: bool,
    object: bool,
    /// A list of single values as the value of a property.
    list_inside: bool,
    /// Anything else that is not a single value, inside of a list or an object.
    object_inside: bool,
}

impl Lowering<'_> {
    /// Lowers the parameters of an operation: the declared ones, then those of its path that are declared nowhere.
    pub(super) fn parameters(
        &mut self,
        operation: &model::Operation,
        undeclared: &[model::Parameter],
        id: &str,
    ) -> Vec<Parameter> {
        let mut parameters = Vec::with_capacity(operation.parameters.len());
        for parameter in operation.parameters.iter().chain(undeclared) {
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
            parameters.push(self.parameter(parameter, id));
        }
        parameters
    }

    fn parameter(&mut self, parameter: &model::Parameter, operation: &str) -> Parameter {
        let name = &parameter.name.value;
        let location = location(parameter.location);
        let Shape { schema, style, explode, allow_reserved } = shape(parameter);
        let in_query = location == Location::Query;
        for (key, is_given) in
            [("allowReserved", allow_reserved), ("allowEmptyValue", parameter.allow_empty_value)]
        {
            if is_given && !in_query {
                self.diagnostics
                    .report(
                        Code::Deviation,
                        parameter.place,
                        format!("`{key}` of `{name}` says nothing, for it is about the query"),
                    )
                    .help("remove it");
            }
        }
        let (ty, schema) = match (schema, &style) {
            (Some(reference), _) => {
                let at = Use::of_operation(operation, name).in_request();
                (self.text_value(reference, &at), self.schema(reference))
            }
            (None, Style::Json(_)) => (Type::Any, None),
            (None, _) => (Type::Text(TextFormat::Plain), None),
        };
        self.work_off();
        let ty = if parameter.secret && ty == Type::Text(TextFormat::Plain) {
            Type::Text(TextFormat::Secret)
        } else {
            ty
        };
        self.check_style(parameter, &ty, &style, explode);
        let client_value = self.client_value(parameter, &ty);
        let example = examples(parameter).find_map(|example| example.value.as_ref());
        let example = example.or_else(|| schema?.examples.first());
        Parameter {
            name: name.clone(),
            place: parameter.place,
            location,
            required: parameter.required,
            style,
            explode,
            allow_reserved: allow_reserved && in_query,
            allow_empty_value: parameter.allow_empty_value && in_query,
            secret: parameter.secret || schema.is_some_and(|schema| schema.secret) || self.holds_secret(&ty),
            ty,
            docs: Docs {
                summary: None,
                description: parameter.description.clone().or_else(|| schema?.description.clone()),
                external: None,
                deprecated: parameter.deprecated,
            },
            limits: schema.map(|schema| limits(&schema.bounds)).unwrap_or_default(),
            default: schema.and_then(|schema| schema.default.as_ref()).map(Node::to_json),
            example: example.map(Node::to_json),
            client_value,
            rust_name: parameter.rust_name.as_ref().map(|name| name.value.clone()),
        }
    }

    /// Whether a value of the type holds one that is never shown.
    fn holds_secret(&self, ty: &Type) -> bool {
        let reached = self.api.reach(ty.named().into_iter().collect());
        let definitions = reached.iter().filter_map(|id| self.api.ty(*id));
        is_secret(ty)
            || definitions.into_iter().any(|definition| match &definition.kind {
                TypeKind::Record(record) => record.fields.iter().any(|field| is_secret(&field.ty)),
                TypeKind::Union(union) => union.members.iter().any(|member| is_secret(&member.ty)),
                TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Any => false,
            })
    }

    /// Reports what the specification leaves open (OpenAPI 3.0.4 §4.7.12.4: `n/a`, and values inside of values).
    fn check_style(&mut self, parameter: &model::Parameter, ty: &Type, style: &Style, explode: bool) {
        let mut forms = Forms::default();
        self.forms(ty, 0, &mut forms);
        let as_form = "they are written as in the style `form`";
        let (what, help) = match style {
            Style::Json(_) | Style::Text(_) => return,
            Style::DeepObject if forms.scalar => ("single values", as_form),
            Style::DeepObject if forms.list => ("lists", "they are written as `name[]=a&name[]=b`"),
            Style::DeepObject if forms.list_inside || forms.object_inside => (
                "lists and objects inside of others",
                "they are written with further brackets, as `name[outer][inner]=a`, and lists as `name[list][]=a`",
            ),
            Style::SpaceDelimited | Style::PipeDelimited if forms.scalar => ("single values", as_form),
            Style::SpaceDelimited | Style::PipeDelimited if explode => ("exploded values", as_form),
            // Each property is a parameter of its own then, and a list is written as that of a parameter.
            Style::Form | Style::Matrix if explode && forms.list_inside && !forms.object_inside => {
                ("lists inside of objects", "each item is written as a parameter of its own")
            }
            _ if forms.list_inside || forms.object_inside => (
                "lists and objects inside of others",
                "they are written as JSON texts; describe the parameter by `content` where all of it is JSON",
            ),
            _ => return,
        };
        self.diagnostics
            .report(
                Code::UndefinedStyle,
                parameter.place,
                format!(
                    "the specification does not say how the style of `{}` writes {what}",
                    parameter.name.value
                ),
            )
            .help(help);
    }

    /// The forms that values of a parameter may have.
    fn forms(&self, ty: &Type, depth: usize, forms: &mut Forms) {
        match ty {
            Type::Array(item) => {
                forms.list = true;
                // Inside of a list, there are no two ways to write a list.
                forms.object_inside |= !self.is_scalar(item, depth);
            }
            Type::Map(value) => {
                forms.object = true;
                self.forms_inside(value, depth, forms);
            }
            Type::Nullable(inner) => self.forms(inner, depth, forms),
            Type::Named(id) => match self.api.ty(*id).map(|definition| &definition.kind) {
                Some(TypeKind::Record(record)) => {
                    forms.object = true;
                    for field in &record.fields {
                        self.forms_inside(&field.ty, depth, forms);
                    }
                }
                Some(TypeKind::Union(union)) if depth < MAX_DEPTH => {
                    union.members.iter().for_each(|member| self.forms(&member.ty, depth + 1, forms));
                }
                Some(TypeKind::Any) => {}
                _ => forms.scalar = true,
            },
            Type::Any => {}
            _ => forms.scalar = true,
        }
    }

    /// The forms that the value of a property may have.
    fn forms_inside(&self, ty: &Type, depth: usize, forms: &mut Forms) {
        match ty {
            Type::Array(item) if self.is_scalar(item, depth) => forms.list_inside = true,
            ty => forms.object_inside |= !self.is_scalar(ty, depth),
        }
    }

    /// Whether a type is that of single values; what may be anything is taken for one.
    fn is_scalar(&self, ty: &Type, depth: usize) -> bool {
        match ty {
            Type::Array(_) | Type::Map(_) => false,
            Type::Nullable(inner) => self.is_scalar(inner, depth),
            Type::Named(id) => match self.api.ty(*id).map(|definition| &definition.kind) {
                Some(TypeKind::Record(_)) => false,
                Some(TypeKind::Union(union)) => {
                    depth >= MAX_DEPTH
                        || union.members.iter().all(|member| self.is_scalar(&member.ty, depth + 1))
                }
                _ => true,
            },
            _ => true,
        }
    }

    /// The index of the client's value that a parameter takes.
    fn client_value(&mut self, parameter: &model::Parameter, ty: &Type) -> Option<usize> {
        let setting = parameter.client_parameter.as_ref()?;
        if *ty != Type::Text(TextFormat::Plain) {
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
}

pub(super) fn location(location: ParameterLocation) -> Location {
    match location {
        ParameterLocation::Path => Location::Path,
        ParameterLocation::Query => Location::Query,
        ParameterLocation::Header => Location::Header,
        ParameterLocation::Cookie => Location::Cookie,
    }
}

pub(super) fn shape(parameter: &model::Parameter) -> Shape<'_> {
    match &parameter.shape {
        ParameterShape::Schema { schema, style, explode, allow_reserved } => Shape {
            schema: schema.as_ref(),
            style: match style {
                ParameterStyle::Matrix => Style::Matrix,
                ParameterStyle::Label => Style::Label,
                ParameterStyle::Form => Style::Form,
                ParameterStyle::Simple => Style::Simple,
                ParameterStyle::SpaceDelimited => Style::SpaceDelimited,
                ParameterStyle::PipeDelimited => Style::PipeDelimited,
                ParameterStyle::DeepObject => Style::DeepObject,
            },
            explode: *explode,
            allow_reserved: *allow_reserved,
        },
        ParameterShape::Content(media) => {
            let name = media.name.clone();
            let (schema, style) = if is_json(&name) {
                (media.value.schema.as_ref(), Style::Json(name))
            } else {
                // Whatever its schema says, the caller has to write it.
                (None, Style::Text(name))
            };
            Shape { schema, style, explode: false, allow_reserved: false }
        }
    }
}

/// The examples of a parameter: its own, or those of its media type.
pub(super) fn examples(parameter: &model::Parameter) -> impl Iterator<Item = &model::Example> {
    let of_media = match &parameter.shape {
        ParameterShape::Content(media) => media.value.examples.as_slice(),
        ParameterShape::Schema { .. } => &[],
    };
    parameter.examples.iter().chain(of_media)
}

/// Whether a type is, or directly holds, values that are never shown.
fn is_secret(ty: &Type) -> bool {
    match ty {
        Type::Text(TextFormat::Secret) => true,
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => is_secret(inner),
        _ => false,
    }
}
