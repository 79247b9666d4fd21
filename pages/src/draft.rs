//! Stage draft: endpoints become an OpenAPI 3.0 document, with what the page says and nothing else.

mod paging;
mod schema;
mod waiting;

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use indexmap::IndexMap;
use openapiv3::{
    Header, HeaderStyle, Info, MediaType, OpenAPI, Operation, Parameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, Paths, QueryStyle, ReferenceOr, RequestBody, Response,
    Responses, StatusCode,
};
use serde_json::Value;

use crate::facts::{self, Body, Endpoint, Field, Location};
use crate::read::Page;

/// Whether a draft says what the page says in words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Descriptions {
    /// Facts alone: names, types, limits and examples.
    #[default]
    None,
    /// Also the descriptions, in the words and language of the page.
    Keep,
}

/// In which language a draft is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2.
    #[default]
    Yaml,
    /// JSON, indented.
    Json,
}

/// A draft cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Not as YAML.
    #[error("the draft cannot be written as YAML")]
    Yaml(#[from] yaml_serde::Error),
    /// Not as JSON.
    #[error("the draft cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// The media type of all bodies: the pages speak of no other.
const JSON: &str = "application/json";

/// Headers that are no parameters in OpenAPI (OpenAPI 3.0.4 §4.7.12.1).
const NO_PARAMETERS: &[&str] = &["accept", "authorization", "content-type"];

/// The document of the endpoints of a page. `name` is what the operations call their page.
#[must_use]
pub fn draft(
    page: &Page,
    name: &str,
    endpoints: &[Endpoint],
    descriptions: Descriptions,
    diagnostics: &mut Diagnostics,
) -> OpenAPI {
    let drafter = Drafter { descriptions };
    let mut paths = Paths::default();
    for endpoint in endpoints {
        let item = paths
            .paths
            .entry(endpoint.path.clone())
            .or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        let ReferenceOr::Item(item) = item else { continue };
        let Some(slot) = slot(item, &endpoint.method) else { continue };
        if slot.is_some() {
            let message = format!("{} {} is described twice", endpoint.method, endpoint.path);
            diagnostics.report(Code::PageContradiction, page.place(endpoint.line), message);
            continue;
        }
        *slot = Some(drafter.operation(endpoint, name));
        if let Some(line) = waiting::ends_later(page, endpoint) {
            let message = format!("{} {} ends later than its answer comes", endpoint.method, endpoint.path);
            let finding = diagnostics.report(Code::EndsLater, page.place(line), message);
            finding.help("write a link with x-clientsmith-wait to the operation that tells how it is going");
        }
    }
    let title = match (descriptions, endpoints.first()) {
        (Descriptions::None, Some(first)) => format!("{} {}", first.method, first.path),
        _ => page.title.clone(),
    };
    OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info { title, version: "0".to_owned(), ..Info::default() },
        paths,
        ..OpenAPI::default()
    }
}

/// The text of a draft, with a line break at its end.
///
/// # Errors
///
/// When the writer refuses the document, which no draft of [`draft`] should come to.
pub fn write(document: &OpenAPI, format: Format) -> Result<String, WriteError> {
    Ok(match format {
        Format::Yaml => yaml_serde::to_string(document)?,
        Format::Json => serde_json::to_string_pretty(document)? + "\n",
    })
}

fn slot<'item>(item: &'item mut PathItem, method: &str) -> Option<&'item mut Option<Operation>> {
    Some(match method {
        "GET" => &mut item.get,
        "PUT" => &mut item.put,
        "POST" => &mut item.post,
        "DELETE" => &mut item.delete,
        "OPTIONS" => &mut item.options,
        "HEAD" => &mut item.head,
        "PATCH" => &mut item.patch,
        _ => return None,
    })
}

struct Drafter {
    descriptions: Descriptions,
}

impl Drafter {
    fn operation(&self, endpoint: &Endpoint, page: &str) -> Operation {
        let mut responses = Responses::default();
        for response in &endpoint.responses {
            let drafted = ReferenceOr::Item(self.response(response));
            match response.status {
                Some(status) => {
                    responses.responses.insert(StatusCode::Code(status), drafted);
                }
                None => responses.default = Some(drafted),
            }
        }
        let parameters = endpoint
            .parameters
            .iter()
            .filter(|parameter| {
                parameter.location != Location::Header
                    || !NO_PARAMETERS.contains(&parameter.field.name.to_lowercase().as_str())
            })
            .map(|parameter| ReferenceOr::Item(self.parameter(parameter)))
            .collect();
        let request_body = endpoint.request.as_ref().map(|body| {
            let required = body.shape.fields().iter().any(|field| field.required == Some(true));
            ReferenceOr::Item(RequestBody { content: self.content(body), required, ..RequestBody::default() })
        });
        let pagination =
            paging::pagination(endpoint).map(|value| ("x-clientsmith-pagination".to_owned(), value));
        let extensions =
            std::iter::once(("x-clientsmith-page".to_owned(), Value::from(page))).chain(pagination);
        Operation {
            summary: self.words(&endpoint.title),
            parameters,
            request_body,
            responses,
            deprecated: endpoint.deprecated,
            extensions: extensions.collect(),
            ..Operation::default()
        }
    }

    fn parameter(&self, parameter: &facts::Parameter) -> Parameter {
        let field = &parameter.field;
        let parameter_data = ParameterData {
            name: field.name.clone(),
            description: self.words(&field.description),
            // OpenAPI 3.0.4 §4.7.12: a parameter of the path is always required.
            required: parameter.location == Location::Path || field.required == Some(true),
            deprecated: field.limits.deprecated.then_some(true),
            format: self.format(field),
            example: None,
            examples: IndexMap::new(),
            explode: None,
            extensions: IndexMap::new(),
        };
        match parameter.location {
            Location::Path => Parameter::Path { parameter_data, style: PathStyle::Simple },
            Location::Query => Parameter::Query {
                parameter_data,
                allow_reserved: false,
                style: QueryStyle::Form,
                allow_empty_value: None,
            },
            Location::Header => Parameter::Header { parameter_data, style: HeaderStyle::Simple },
        }
    }

    fn format(&self, field: &Field) -> ParameterSchemaOrContent {
        ParameterSchemaOrContent::Schema(ReferenceOr::Item(self.schema(&field.shape, &field.limits)))
    }

    fn response(&self, response: &facts::Response) -> Response {
        let is_success = response.status.is_some_and(|status| status < 400);
        let description = self
            .words(&response.description)
            .unwrap_or_else(|| if is_success { "Success." } else { "Failure." }.to_owned());
        let headers =
            response.headers.iter().filter(|field| !field.name.eq_ignore_ascii_case("content-type"));
        let headers = headers.map(|field| {
            let header = Header {
                description: self.words(&field.description),
                style: HeaderStyle::Simple,
                required: field.required == Some(true),
                deprecated: field.limits.deprecated.then_some(true),
                format: self.format(field),
                example: None,
                examples: IndexMap::new(),
                extensions: IndexMap::new(),
            };
            (field.name.clone(), ReferenceOr::Item(header))
        });
        Response {
            description,
            headers: headers.collect(),
            content: response.body.as_ref().map(|body| self.content(body)).unwrap_or_default(),
            ..Response::default()
        }
    }

    fn content(&self, body: &Body) -> IndexMap<String, MediaType> {
        let schema = self.schema(&body.shape, &crate::limits::Limits::default());
        let mut media = MediaType { schema: Some(ReferenceOr::Item(schema)), ..MediaType::default() };
        match body.examples.as_slice() {
            [example] => media.example = Some(example.value.clone()),
            examples => {
                for (number, example) in (1..).zip(examples) {
                    let example = openapiv3::Example {
                        value: Some(example.value.clone()),
                        ..openapiv3::Example::default()
                    };
                    media.examples.insert(format!("example{number}"), ReferenceOr::Item(example));
                }
            }
        }
        IndexMap::from([(JSON.to_owned(), media)])
    }

    /// What the page says, if the draft is to say it.
    fn words(&self, text: &str) -> Option<String> {
        (self.descriptions == Descriptions::Keep && !text.trim().is_empty()).then(|| text.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clientsmith_generator::diagnostics::Diagnostics;

    use super::{Descriptions, Format, draft, write};
    use crate::extract::extract;
    use crate::read::read;

    const PAGE: &str = include_str!("draft/page.md");

    fn text(descriptions: Descriptions, format: Format) -> (String, String) {
        let mut diagnostics = Diagnostics::new();
        let page = read(Path::new("page.md"), PAGE, &mut diagnostics);
        let endpoints = extract(&page, &mut diagnostics);
        let document = draft(&page, "page.md", &endpoints, descriptions, &mut diagnostics);
        (write(&document, format).unwrap(), diagnostics.render(false))
    }

    #[test]
    fn a_draft_says_what_the_page_says() {
        let (draft, findings) = text(Descriptions::None, Format::Yaml);
        insta::assert_snapshot!("draft", draft);
        insta::assert_snapshot!("findings", findings);
        let mut diagnostics = Diagnostics::new();
        let tree =
            clientsmith_generator::source::Tree::from_text("a.yaml", &draft, &mut diagnostics).unwrap();
        clientsmith_generator::model::parse(&tree, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{}", diagnostics.render(false));
    }

    #[test]
    fn words_are_kept_when_asked_for() {
        let (draft, _) = text(Descriptions::Keep, Format::Json);
        assert!(draft.contains("\"summary\": \"创建订单\"") && draft.contains("订单的名称"), "{draft}");
        assert!(!text(Descriptions::None, Format::Json).0.contains('订'));
    }
}
