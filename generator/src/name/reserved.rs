//! What is taken in the scopes of a client before the description names anything: what the runtime and the rendered code have.

/// What the builder of every client has.
pub(super) const CLIENT_METHODS: [&str; 14] = [
    "builder",
    "build",
    "credentials",
    "endpoint",
    "base_url",
    "server",
    "timeout",
    "connect_timeout",
    "retry",
    "transport",
    "identity",
    "root_certificate",
    "keep_credentials_fresh",
    "core",
];

/// What the builder of every call has, and the variables of its constructor.
pub(super) const CALL_METHODS: [&str; 10] =
    ["wait", "items", "timeout", "retry", "send", "into_future", "body", "arguments", "call", "core"];

/// What the names of types that belong to a call add to the name of its builder.
pub(super) const BUILDER_COMPANIONS: [&str; 6] = ["Arguments", "Links", "Outcome", "Failure", "Body", "Form"];

/// What answers and errors have.
pub(super) const ANSWER_METHODS: [&str; 18] = [
    "status",
    "headers",
    "header_map",
    "request_id",
    "into_inner",
    "follow",
    "kind",
    "operation",
    "code",
    "message",
    "is_retryable",
    "is_transient",
    "retry_delay",
    "attempts",
    "body",
    "raw_body",
    "source",
    "description",
];

/// The modules of every client.
pub(super) const MODULES: [&str; 9] =
    ["api", "auth", "client", "response_headers", "shared", "types", "lib", "main", "runtime"];

/// Types that generated code speaks of without a path.
pub(super) const TYPES: [&str; 66] = [
    "Answer",
    "Api",
    "Box",
    "BoxFuture",
    "BTreeMap",
    "BuildError",
    "Bytes",
    "Call",
    "Client",
    "ClientBuilder",
    "Condition",
    "Core",
    "Credential",
    "Credentials",
    "Date",
    "DateTime",
    "Decimal",
    "DecodeError",
    "Default",
    "Deserialize",
    "Deserializer",
    "Display",
    "Duration",
    "Err",
    "Error",
    "ErrorKind",
    "Formatter",
    "From",
    "Infallible",
    "IntoFuture",
    "Items",
    "Json",
    "Kinds",
    "MapAccess",
    "None",
    "Ok",
    "Operation",
    "Option",
    "Optional",
    "Other",
    "Page",
    "Paging",
    "Parameter",
    "ParameterValue",
    "Progress",
    "Record",
    "Response",
    "ResponseHeaders",
    "Result",
    "RetryPolicy",
    "Secret",
    "Serialize",
    "SerializeMap",
    "Serializer",
    "Settings",
    "Some",
    "StatusRange",
    "String",
    "ToString",
    "Union",
    "UnrecognizedInteger",
    "UnrecognizedText",
    "Uuid",
    "Vec",
    "Wait",
    "Waited",
];
