//! The parts of a description: our typed superset of OpenAPI, references resolved.

use super::{ClientParameter, Condition, ErrorRule, Pagination, RetryRule, SchemaRef, SchemaStore, WaitRule};
use crate::source::{Node, Place};

/// A value with the place it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// An entry of a map of the description, in the order of the source.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// The key.
    pub name: String,
    /// Where the key stands.
    pub place: Place,
    /// The value.
    pub value: T,
}

/// A whole description (OpenAPI 3.0.4 §4.7.1).
#[derive(Debug)]
pub struct Document {
    /// The whole file.
    pub place: Place,
    /// The text of `openapi`.
    pub version: Located<String>,
    /// `info`.
    pub info: Info,
    /// `servers`; empty when there are none.
    pub servers: Vec<Server>,
    /// `tags`.
    pub tags: Vec<Tag>,
    /// `security`; `None` when absent.
    pub security: Option<Vec<SecurityRequirement>>,
    /// All operations of all paths, in document order, path-level parts merged in.
    pub operations: Vec<Operation>,
    /// `components` that other parts do not reach by themselves.
    pub components: Components,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// Where failures say what they are, for all operations.
    pub error: Option<ErrorRule>,
    /// Conditions under which a success status is a failure, for all operations.
    pub error_when: Vec<Condition>,
    /// What is worth a retry, for all operations.
    pub retry: Option<RetryRule>,
    /// All schemas that were reached.
    pub schemas: SchemaStore,
}

/// `components` (OpenAPI 3.0.4 §4.7.7): what is named there. Parts of other kinds are inlined where they are used.
#[derive(Debug, Default)]
pub struct Components {
    /// `schemas`.
    pub schemas: Vec<Named<SchemaRef>>,
    /// `securitySchemes`.
    pub security_schemes: Vec<Named<SecurityScheme>>,
}

/// `info` (OpenAPI 3.0.4 §4.7.2).
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// `title`.
    pub title: String,
    /// `version`.
    pub version: String,
    /// `summary` (3.1).
    pub summary: Option<String>,
    /// `description`, CommonMark.
    pub description: Option<String>,
    /// `termsOfService`.
    pub terms_of_service: Option<String>,
    /// `contact`.
    pub contact: Option<Contact>,
    /// `license`.
    pub license: Option<License>,
}

/// `contact` (OpenAPI 3.0.4 §4.7.3).
#[derive(Clone, Debug)]
pub struct Contact {
    /// `name`.
    pub name: Option<String>,
    /// `url`.
    pub url: Option<String>,
    /// `email`.
    pub email: Option<String>,
}

/// `license` (OpenAPI 3.0.4 §4.7.4).
#[derive(Clone, Debug)]
pub struct License {
    /// `name`.
    pub name: String,
    /// `url`.
    pub url: Option<String>,
}

/// `externalDocs` (OpenAPI 3.0.4 §4.7.22).
#[derive(Clone, Debug)]
pub struct ExternalDocs {
    /// `url`.
    pub url: String,
    /// `description`.
    pub description: Option<String>,
}

/// A server (OpenAPI 3.0.4 §4.7.5).
#[derive(Clone, Debug)]
pub struct Server {
    /// The whole object.
    pub place: Place,
    /// `url`, a template; may be relative.
    pub url: Located<String>,
    /// `description`.
    pub description: Option<String>,
    /// `variables`.
    pub variables: Vec<Named<ServerVariable>>,
}

/// A variable of a server's URL (OpenAPI 3.0.4 §4.7.6).
#[derive(Clone, Debug)]
pub struct ServerVariable {
    /// `default`.
    pub default: String,
    /// `enum`; empty when absent.
    pub values: Vec<String>,
    /// `description`.
    pub description: Option<String>,
}

/// A tag (OpenAPI 3.0.4 §4.7.23).
#[derive(Clone, Debug)]
pub struct Tag {
    /// The whole object.
    pub place: Place,
    /// `name`.
    pub name: String,
    /// `description`.
    pub description: Option<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// `x-clientsmith-rust-name`.
    pub rust_name: Option<Located<String>>,
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// GET.
    Get,
    /// PUT.
    Put,
    /// POST.
    Post,
    /// DELETE.
    Delete,
    /// OPTIONS.
    Options,
    /// HEAD.
    Head,
    /// PATCH.
    Patch,
    /// TRACE.
    Trace,
}

/// An operation (OpenAPI 3.0.4 §4.7.10) with what its path item (§4.7.9) says for it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The whole object.
    pub place: Place,
    /// The method.
    pub method: Method,
    /// The path template, placed at its key in `paths`.
    pub path: Located<String>,
    /// `operationId`.
    pub operation_id: Option<Located<String>>,
    /// `tags`.
    pub tags: Vec<Located<String>>,
    /// `summary`, else the path item's.
    pub summary: Option<String>,
    /// `description`, else the path item's.
    pub description: Option<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// The parameters: the path item's, with those of one name and location overridden by the operation's.
    pub parameters: Vec<Parameter>,
    /// `requestBody`.
    pub request_body: Option<RequestBody>,
    /// `responses`, in order.
    pub responses: Vec<(StatusKey, Response)>,
    /// `callbacks` (OpenAPI 3.0.4 §4.7.18): the requests of each, whose path is the expression of their URL.
    pub callbacks: Vec<Named<Vec<Operation>>>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `security`; `None` when absent, so that the document's holds.
    pub security: Option<Vec<SecurityRequirement>>,
    /// `servers`, else the path item's; empty when the document's hold.
    pub servers: Vec<Server>,
    /// `x-clientsmith-pagination`.
    pub pagination: Option<Pagination>,
    /// `x-clientsmith-error`.
    pub error: Option<ErrorRule>,
    /// `x-clientsmith-error-when`; `None` when absent, so that the document's holds.
    pub error_when: Option<Vec<Condition>>,
    /// `x-clientsmith-retry`.
    pub retry: Option<RetryRule>,
    /// `x-clientsmith-page`: the page of the vendor's documentation.
    pub page: Option<Located<String>>,
    /// `x-clientsmith-rust-name`.
    pub rust_name: Option<Located<String>>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a value of a parameter is written (OpenAPI 3.0.4 §4.7.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterStyle {
    /// `;color=blue`.
    Matrix,
    /// `.blue`.
    Label,
    /// `color=blue`.
    Form,
    /// `blue`.
    Simple,
    /// `blue%20black`.
    SpaceDelimited,
    /// `blue|black`.
    PipeDelimited,
    /// `color[R]=100`.
    DeepObject,
}

/// A parameter (OpenAPI 3.0.4 §4.7.12).
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The whole object, where it is defined.
    pub place: Place,
    /// `name`.
    pub name: Located<String>,
    /// `in`.
    pub location: ParameterLocation,
    /// `description`.
    pub description: Option<String>,
    /// `required`.
    pub required: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// `allowEmptyValue`.
    pub allow_empty_value: bool,
    /// What the value is and how it is written.
    pub shape: ParameterShape,
    /// `example` (named `""`) and `examples`.
    pub examples: Vec<Example>,
    /// `x-clientsmith-client-parameter`; `None` when absent or false.
    pub client_parameter: Option<Located<ClientParameter>>,
    /// `x-clientsmith-secret`.
    pub secret: bool,
    /// `x-clientsmith-rust-name`.
    pub rust_name: Option<Located<String>>,
}

/// What the value of a parameter or header is.
#[derive(Clone, Debug)]
pub enum ParameterShape {
    /// A schema, written in a style.
    Schema {
        /// `schema`; `None` when absent.
        schema: Option<SchemaRef>,
        /// `style`, else the default of the location.
        style: ParameterStyle,
        /// `explode`, else the default of the style.
        explode: bool,
        /// `allowReserved`.
        allow_reserved: bool,
    },
    /// A serialised document.
    Content(Box<Named<MediaType>>),
}

/// A request body (OpenAPI 3.0.4 §4.7.13).
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// The whole object, where it is defined.
    pub place: Place,
    /// `description`.
    pub description: Option<String>,
    /// `required`.
    pub required: bool,
    /// `content`.
    pub content: Vec<Named<MediaType>>,
    /// The key in `components/requestBodies`, when defined there.
    pub component: Option<String>,
}

/// One media type of a body (OpenAPI 3.0.4 §4.7.14).
#[derive(Clone, Debug)]
pub struct MediaType {
    /// The whole object.
    pub place: Place,
    /// `schema`.
    pub schema: Option<SchemaRef>,
    /// `example` (named `""`) and `examples`.
    pub examples: Vec<Example>,
    /// `encoding`.
    pub encoding: Vec<Named<Encoding>>,
}

/// How a property of a form is encoded (OpenAPI 3.0.4 §4.7.15).
#[derive(Clone, Debug)]
pub struct Encoding {
    /// The whole object.
    pub place: Place,
    /// `contentType`.
    pub content_type: Option<String>,
    /// `headers`.
    pub headers: Vec<Named<Header>>,
    /// `style`.
    pub style: Option<ParameterStyle>,
    /// `explode`.
    pub explode: Option<bool>,
    /// `allowReserved`.
    pub allow_reserved: bool,
}

/// An example (OpenAPI 3.0.4 §4.7.19).
#[derive(Clone, Debug)]
pub struct Example {
    /// Its key; empty for the single `example`.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// `summary`.
    pub summary: Option<String>,
    /// `value`; `None` when the example is external.
    pub value: Option<Node>,
}

/// The key of a response (OpenAPI 3.0.4 §4.7.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusKey {
    /// One status, 100 to 599.
    Code(u16),
    /// `2XX`: the first digit.
    Range(u8),
    /// `default`.
    Default,
}

/// A response (OpenAPI 3.0.4 §4.7.17).
#[derive(Clone, Debug)]
pub struct Response {
    /// The whole object, where it is defined.
    pub place: Place,
    /// `description`.
    pub description: String,
    /// `headers`.
    pub headers: Vec<Named<Header>>,
    /// `content`.
    pub content: Vec<Named<MediaType>>,
    /// `links`.
    pub links: Vec<Named<Link>>,
    /// The key in `components/responses`, when defined there.
    pub component: Option<String>,
}

/// A header (OpenAPI 3.0.4 §4.7.21).
#[derive(Clone, Debug)]
pub struct Header {
    /// The whole object, where it is defined.
    pub place: Place,
    /// `description`.
    pub description: Option<String>,
    /// `required`.
    pub required: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// What the value is.
    pub shape: ParameterShape,
    /// `example` (named `""`) and `examples`.
    pub examples: Vec<Example>,
}

/// A link (OpenAPI 3.0.4 §4.7.20).
#[derive(Clone, Debug)]
pub struct Link {
    /// The whole object, where it is defined.
    pub place: Place,
    /// Which operation it leads to.
    pub target: LinkTarget,
    /// `parameters`: name, optionally with a location in front (`path.id`).
    pub parameters: Vec<Named<LinkValue>>,
    /// `requestBody`.
    pub request_body: Option<Located<LinkValue>>,
    /// `description`.
    pub description: Option<String>,
    /// `x-clientsmith-wait`.
    pub wait: Option<WaitRule>,
    /// `x-clientsmith-rust-name`.
    pub rust_name: Option<Located<String>>,
}

/// The operation that a [`Link`] leads to.
#[derive(Clone, Debug)]
pub enum LinkTarget {
    /// `operationId`.
    OperationId(Located<String>),
    /// `operationRef`: resolved where it names a path and a method of this description.
    OperationRef {
        /// The text.
        reference: Located<String>,
        /// The path template and method it names.
        resolved: Option<(String, Method)>,
    },
}

/// A value of a link: a runtime expression (`$request.path.id`) or a constant.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkValue {
    /// A text that begins with `$`.
    Expression(String),
    /// Anything else.
    Constant(Node),
}

/// A security scheme (OpenAPI 3.0.4 §4.7.27).
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// The whole object, where it is defined.
    pub place: Place,
    /// `description`.
    pub description: Option<String>,
    /// What it is.
    pub kind: SecuritySchemeKind,
    /// `x-clientsmith-signer`.
    pub signer: Option<Located<String>>,
}

/// The kinds of security schemes.
#[derive(Clone, Debug)]
pub enum SecuritySchemeKind {
    /// `apiKey`.
    ApiKey {
        /// `name`.
        name: String,
        /// `in`; never a path.
        location: ParameterLocation,
    },
    /// `http`.
    Http {
        /// `scheme`, in whatever case.
        scheme: String,
        /// `bearerFormat`.
        bearer_format: Option<String>,
    },
    /// `oauth2`.
    OAuth2 {
        /// `flows`, in order.
        flows: Vec<OAuthFlow>,
    },
    /// `openIdConnect`.
    OpenIdConnect {
        /// `openIdConnectUrl`.
        url: String,
    },
    /// `mutualTLS` (3.1).
    MutualTls,
}

/// A flow of OAuth 2 (OpenAPI 3.0.4 §4.7.29).
#[derive(Clone, Debug)]
pub struct OAuthFlow {
    /// Whether it is `clientCredentials`: all others need a person.
    pub is_of_client: bool,
    /// `tokenUrl`.
    pub token_url: Option<Located<String>>,
    /// `refreshUrl`.
    pub refresh_url: Option<Located<String>>,
    /// `scopes` with their descriptions.
    pub scopes: Vec<Named<String>>,
}

/// One alternative of `security` (OpenAPI 3.0.4 §4.7.30): all of these schemes; none means that no authentication is needed.
#[derive(Clone, Debug)]
pub struct SecurityRequirement {
    /// The whole object.
    pub place: Place,
    /// The names of the schemes with their scopes.
    pub schemes: Vec<Named<Vec<String>>>,
}
