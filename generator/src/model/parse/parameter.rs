//! Parameters and headers: where a value goes and how it is written.

use super::Parser;
use super::reader::{Fields, Part};
use crate::model::keywords;
use crate::model::{Header, Parameter, ParameterLocation, ParameterShape, ParameterStyle};

/// The locations by the value of `in`.
const LOCATIONS: [(&str, ParameterLocation); 4] = [
    ("path", ParameterLocation::Path),
    ("query", ParameterLocation::Query),
    ("header", ParameterLocation::Header),
    ("cookie", ParameterLocation::Cookie),
];

/// The styles by the value of `style`, with the locations that have them (OpenAPI 3.0.4 §4.7.12.3).
const STYLES: [(&str, ParameterStyle, &[ParameterLocation]); 7] = [
    ("matrix", ParameterStyle::Matrix, &[ParameterLocation::Path]),
    ("label", ParameterStyle::Label, &[ParameterLocation::Path]),
    ("simple", ParameterStyle::Simple, &[ParameterLocation::Path, ParameterLocation::Header]),
    ("form", ParameterStyle::Form, &[ParameterLocation::Query, ParameterLocation::Cookie]),
    ("spaceDelimited", ParameterStyle::SpaceDelimited, &[ParameterLocation::Query]),
    ("pipeDelimited", ParameterStyle::PipeDelimited, &[ParameterLocation::Query]),
    ("deepObject", ParameterStyle::DeepObject, &[ParameterLocation::Query]),
];

/// The style of a location where none is given.
fn default_style(location: ParameterLocation) -> ParameterStyle {
    match location {
        ParameterLocation::Path | ParameterLocation::Header => ParameterStyle::Simple,
        ParameterLocation::Query | ParameterLocation::Cookie => ParameterStyle::Form,
    }
}

impl<'tree> Parser<'tree, '_> {
    pub(super) fn parameter(&mut self, part: &Part<'tree>) -> Option<Parameter> {
        self.shared(part, |parser| &mut parser.parameters, Self::parameter_itself)
            .map(|(parameter, _)| parameter)
    }

    fn parameter_itself(&mut self, part: &Part<'tree>) -> Option<Parameter> {
        let fields = self.fields(part, &keywords::PARAMETER)?;
        let name = self.required_text(&fields, "name");
        let location = self.location(&fields);
        // Read even if name or location are missing, so that all findings come at once.
        let shape = self.shape(&fields, location.unwrap_or(ParameterLocation::Query));
        let examples = self.examples(&fields);
        let client_parameter = self.client_parameter(&fields);
        let secret = self.flag(&fields, "x-clientsmith-secret");
        let rust_name = self.rust_name(&fields);
        let mut required = self.flag(&fields, "required");
        if location == Some(ParameterLocation::Path) && !required {
            let message = "a path parameter must have `required: true`";
            self.deviation(fields.place, message, "it is taken for required");
            required = true;
        }
        Some(Parameter {
            place: fields.place,
            name: name?,
            location: location?,
            description: self.text(&fields, "description"),
            required,
            deprecated: self.flag(&fields, "deprecated"),
            allow_empty_value: self.flag(&fields, "allowEmptyValue"),
            shape,
            examples,
            client_parameter,
            secret,
            rust_name,
        })
    }

    /// `in`, which is required.
    pub(super) fn location(&mut self, fields: &Fields<'tree>) -> Option<ParameterLocation> {
        let text = self.required_text(fields, "in")?;
        let known = LOCATIONS.iter().find(|(name, _)| *name == text.value).map(|(_, location)| *location);
        if known.is_none() {
            let help = match text.value.as_str() {
                "body" | "formData" => "since OpenAPI 3.0 a body is described by `requestBody`",
                _ => "`path`, `query`, `header` or `cookie` is expected",
            };
            self.invalid(text.place, format!("`{}` is no location of a parameter", text.value), help);
        }
        known
    }

    pub(super) fn header(&mut self, part: &Part<'tree>) -> Option<Header> {
        self.shared(part, |parser| &mut parser.headers, Self::header_itself).map(|(header, _)| header)
    }

    fn header_itself(&mut self, part: &Part<'tree>) -> Option<Header> {
        let fields = self.fields(part, &keywords::HEADER)?;
        let shape = self.shape(&fields, ParameterLocation::Header);
        Some(Header {
            place: fields.place,
            description: self.text(&fields, "description"),
            required: self.flag(&fields, "required"),
            deprecated: self.flag(&fields, "deprecated"),
            shape,
            examples: self.examples(&fields),
        })
    }

    /// `schema` with its style, or `content`.
    fn shape(&mut self, fields: &Fields<'tree>, location: ParameterLocation) -> ParameterShape {
        let schema = fields.part("schema");
        if fields.get("content").is_some() {
            let mut content = self.named(fields, "content", Self::media_type).into_iter();
            let first = content.next();
            if first.is_none() || content.next().is_some() || schema.is_some() {
                let message =
                    "`content` of a parameter or header must have one media type and no `schema` beside it";
                self.invalid(fields.place, message, "keep one of them");
            }
            if let Some(first) = first {
                return ParameterShape::Content(Box::new(first));
            }
        } else if schema.is_none() {
            self.incomplete(fields, "schema", "its value is taken for text");
        }
        let style = self.style(fields, Some(location)).unwrap_or_else(|| default_style(location));
        ParameterShape::Schema {
            schema: schema.and_then(|schema| self.schema_ref(&schema)),
            style,
            explode: self.boolean(fields, "explode").unwrap_or(style == ParameterStyle::Form),
            allow_reserved: self.flag(fields, "allowReserved"),
        }
    }

    /// `style`, which must be one that `location` has.
    pub(super) fn style(
        &mut self,
        fields: &Fields<'tree>,
        location: Option<ParameterLocation>,
    ) -> Option<ParameterStyle> {
        let text = self.located_text(fields, "style")?;
        let is_allowed =
            |locations: &[ParameterLocation]| location.is_none_or(|location| locations.contains(&location));
        let allowed = STYLES.iter().filter(|(_, _, locations)| is_allowed(locations));
        let found = allowed.clone().find(|(name, _, _)| *name == text.value).map(|(_, style, _)| *style);
        if found.is_none() {
            let names: Vec<_> = allowed.map(|(name, _, _)| *name).collect();
            let help = format!("here it can be `{}`", names.join("`, `"));
            self.invalid(text.place, format!("the style `{}` cannot be used here", text.value), help);
        }
        found
    }
}
