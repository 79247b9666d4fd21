//! Stage parse: the tree of any OpenAPI version becomes a typed [`Document`] whose references are resolved.
//!
//! Only this stage knows keywords, and that versions differ. Each part of the document knows its place.

mod document;
mod extensions;
mod keywords;
mod parse;
mod schema;

pub use document::{
    Components, Contact, Document, Encoding, Example, ExternalDocs, Header, Info, License, Link, LinkTarget,
    LinkValue, Located, MediaType, Method, Named, OAuthFlow, Operation, Parameter, ParameterLocation,
    ParameterShape, ParameterStyle, RequestBody, Response, SecurityRequirement, SecurityScheme,
    SecuritySchemeKind, Server, ServerVariable, StatusKey, Tag,
};
pub use extensions::{
    ClientParameter, Condition, ErrorRule, Pagination, PaginationKind, RetryRule, WaitRule,
};
pub use parse::parse;
pub use schema::{
    AdditionalProperties, Bounds, Discriminator, Property, Schema, SchemaId, SchemaOrigin, SchemaRef,
    SchemaStore, SchemaType,
};
