//! The keywords of each kind of object in each version: one table for all that this stage knows of them.

use crate::source::closest;

/// A version of OpenAPI, as far as keywords differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V3_0,
    V3_1,
    V3_2,
}

impl Version {
    /// The versions that can be parsed.
    pub(super) const SUPPORTED: &'static [Version] = &[Version::V3_0];

    /// The version that `openapi: text` declares; the patch number makes no difference (OpenAPI 3.0.4 §4.1).
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.');
        match (numbers.next()?, numbers.next()?) {
            ("3", "0") => Some(Self::V3_0),
            ("3", "1") => Some(Self::V3_1),
            ("3", "2") => Some(Self::V3_2),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

/// What the keys of our own language begin with.
pub(super) const OURS: &str = "x-clientsmith-";

/// A keyword of an object.
struct Keyword {
    name: &'static str,
    since: Version,
    /// The last version that has it.
    until: Version,
    is_generated: bool,
}

impl Keyword {
    const fn since(mut self, version: Version) -> Self {
        self.since = version;
        self
    }

    const fn until(mut self, version: Version) -> Self {
        self.until = version;
        self
    }

    const fn not_generated(mut self) -> Self {
        self.is_generated = false;
        self
    }
}

const fn key(name: &'static str) -> Keyword {
    Keyword { name, since: Version::V3_0, until: Version::V3_2, is_generated: true }
}

/// A kind of object with its keywords.
pub(super) struct Kind {
    /// With its article, for messages.
    pub(super) name: &'static str,
    keywords: &'static [Keyword],
    /// The keys of our own language that stand on it, without what they all begin with.
    extensions: &'static [&'static str],
    /// Whether it is of our own language, where an unknown key is an error.
    pub(super) is_ours: bool,
    /// Whether its other keys are names, which the parser judges.
    has_names: bool,
}

/// What a key of an object is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A keyword, or an extension of someone else's.
    Known,
    /// A keyword that is not generated.
    NotGenerated,
    /// A keyword in other versions only.
    OtherVersion(Version),
    /// None.
    Unknown {
        /// The keyword that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// A key of our own language that belongs on the kinds of objects listed.
    Misplaced(Vec<&'static str>),
    /// An extension of someone else's, or the key of our own language with this name misspelt at its beginning.
    MisspeltExtension(&'static str),
    /// It begins like a key of our own language and is none.
    UnknownExtension {
        /// The key that was probably meant, without what they all begin with.
        suggestion: Option<&'static str>,
    },
}

impl Kind {
    const fn new(name: &'static str, keywords: &'static [Keyword]) -> Self {
        Self { name, keywords, extensions: &[], is_ours: false, has_names: false }
    }

    const fn ours(name: &'static str, keywords: &'static [Keyword]) -> Self {
        Self { name, keywords, extensions: &[], is_ours: true, has_names: false }
    }

    const fn with(mut self, extensions: &'static [&'static str]) -> Self {
        self.extensions = extensions;
        self
    }

    const fn of_names(mut self) -> Self {
        self.has_names = true;
        self
    }

    /// The keywords in `version`.
    pub(super) fn keywords(&self, version: Version) -> impl Iterator<Item = &'static str> {
        self.keywords
            .iter()
            .filter(move |key| key.since <= version && version <= key.until)
            .map(|key| key.name)
    }

    /// The keys of our own language that stand here, without what they all begin with.
    pub(super) fn extensions(&self) -> &'static [&'static str] {
        self.extensions
    }

    /// Whether the table has `key`: what is read and not in the table would be reported as unknown.
    pub(super) fn has(&self, key: &str) -> bool {
        match key.strip_prefix(OURS) {
            Some(name) => self.extensions.contains(&name),
            None => {
                self.has_names || key.starts_with("x-") || self.keywords.iter().any(|known| known.name == key)
            }
        }
    }

    /// What `key` is on this kind of object in `version`.
    pub(super) fn judge(&self, key: &str, version: Version) -> Verdict {
        if let Some(name) = key.strip_prefix(OURS) {
            return self.judge_extension(name);
        }
        if key.starts_with("x-") && !self.is_ours {
            return match misspelt_extension(key) {
                Some(meant) => Verdict::MisspeltExtension(meant),
                None => Verdict::Known,
            };
        }
        match self.keywords.iter().find(|known| known.name == key) {
            _ if self.has_names => Verdict::Known,
            Some(known) if version < known.since => Verdict::OtherVersion(known.since),
            Some(known) if version > known.until => Verdict::OtherVersion(known.until),
            Some(known) if !known.is_generated => Verdict::NotGenerated,
            Some(_) => Verdict::Known,
            None => Verdict::Unknown { suggestion: closest(key, self.keywords(version)) },
        }
    }

    fn judge_extension(&self, name: &str) -> Verdict {
        if self.extensions.contains(&name) {
            return Verdict::Known;
        }
        let homes: Vec<_> =
            EXTENDED.iter().filter(|kind| kind.extensions.contains(&name)).map(|kind| kind.name).collect();
        if !homes.is_empty() {
            return Verdict::Misplaced(homes);
        }
        let everywhere = EXTENDED.iter().flat_map(|kind| kind.extensions).copied();
        let suggestion = closest(name, self.extensions.iter().copied()).or_else(|| closest(name, everywhere));
        Verdict::UnknownExtension { suggestion }
    }
}

/// The name of the key of our own language that was probably meant by a key that begins almost as they do.
fn misspelt_extension(key: &str) -> Option<&'static str> {
    let (owner, name) = key.strip_prefix("x-")?.split_once('-')?;
    let known = EXTENDED.iter().flat_map(|kind| kind.extensions).copied().find(|known| *known == name)?;
    let own = OURS.strip_prefix("x-")?.strip_suffix('-')?;
    closest(owner, [own]).map(|_| known)
}

/// The kinds of objects that keys of our own language stand on.
pub(super) static EXTENDED: &[&Kind] =
    &[&DOCUMENT, &TAG, &OPERATION, &PARAMETER, &LINK, &SECURITY_SCHEME, &SCHEMA];

use Version::{V3_0, V3_1, V3_2};

pub(super) static DOCUMENT: Kind = Kind::new(
    "the document",
    &[
        key("openapi"),
        key("$self").since(V3_2),
        key("info"),
        key("jsonSchemaDialect").since(V3_1),
        key("servers"),
        key("paths"),
        key("webhooks").since(V3_1).not_generated(),
        key("components"),
        key("security"),
        key("tags"),
        key("externalDocs"),
    ],
)
.with(&["error", "error-when", "retry"]);

pub(super) static INFO: Kind = Kind::new(
    "an info object",
    &[
        key("title"),
        key("summary").since(V3_1),
        key("description"),
        key("termsOfService"),
        key("contact"),
        key("license"),
        key("version"),
    ],
);

pub(super) static CONTACT: Kind = Kind::new("a contact object", &[key("name"), key("url"), key("email")]);

pub(super) static LICENSE: Kind =
    Kind::new("a license object", &[key("name"), key("identifier").since(V3_1), key("url")]);

pub(super) static SERVER: Kind =
    Kind::new("a server", &[key("url"), key("description"), key("name").since(V3_2), key("variables")]);

pub(super) static SERVER_VARIABLE: Kind =
    Kind::new("a server variable", &[key("enum"), key("default"), key("description")]);

pub(super) static COMPONENTS: Kind = Kind::new(
    "the components object",
    &[
        key("schemas"),
        key("responses"),
        key("parameters"),
        key("examples"),
        key("requestBodies"),
        key("headers"),
        key("securitySchemes"),
        key("links"),
        key("callbacks"),
        key("pathItems").since(V3_1),
        key("mediaTypes").since(V3_2),
    ],
);

pub(super) static PATHS: Kind = Kind::new("the paths object", &[]).of_names();

pub(super) static CALLBACK: Kind = Kind::new("a callback", &[]).of_names();

pub(super) static PATH_ITEM: Kind = Kind::new(
    "a path item",
    &[
        key("$ref"),
        key("summary"),
        key("description"),
        key("get"),
        key("put"),
        key("post"),
        key("delete"),
        key("options"),
        key("head"),
        key("patch"),
        key("trace"),
        key("query").since(V3_2).not_generated(),
        key("additionalOperations").since(V3_2).not_generated(),
        key("servers"),
        key("parameters"),
    ],
);

pub(super) static OPERATION: Kind = Kind::new(
    "an operation",
    &[
        key("tags"),
        key("summary"),
        key("description"),
        key("externalDocs"),
        key("operationId"),
        key("parameters"),
        key("requestBody"),
        key("responses"),
        key("callbacks"),
        key("deprecated"),
        key("security"),
        key("servers"),
    ],
)
.with(&["pagination", "error", "error-when", "retry", "page", "rust-name"]);

pub(super) static EXTERNAL_DOCS: Kind =
    Kind::new("an external documentation object", &[key("description"), key("url")]);

pub(super) static PARAMETER: Kind = Kind::new(
    "a parameter",
    &[
        key("name"),
        key("in"),
        key("description"),
        key("required"),
        key("deprecated"),
        key("allowEmptyValue"),
        key("style"),
        key("explode"),
        key("allowReserved"),
        key("schema"),
        key("example"),
        key("examples"),
        key("content"),
    ],
)
.with(&["client-parameter", "secret", "rust-name"]);

pub(super) static HEADER: Kind = Kind::new(
    "a header",
    &[
        key("description"),
        key("required"),
        key("deprecated"),
        // Of a parameter, which a header follows (OpenAPI 3.0.4 §4.7.21); it has no meaning here.
        key("allowEmptyValue").until(V3_0),
        key("style"),
        key("explode"),
        key("allowReserved").until(V3_0),
        key("schema"),
        key("example"),
        key("examples"),
        key("content"),
    ],
);

pub(super) static REQUEST_BODY: Kind =
    Kind::new("a request body", &[key("description"), key("content"), key("required")]);

pub(super) static MEDIA_TYPE: Kind = Kind::new(
    "a media type",
    &[
        key("schema"),
        key("itemSchema").since(V3_2).not_generated(),
        key("example"),
        key("examples"),
        key("encoding"),
        key("prefixEncoding").since(V3_2).not_generated(),
        key("itemEncoding").since(V3_2).not_generated(),
    ],
);

pub(super) static ENCODING: Kind = Kind::new(
    "an encoding",
    &[key("contentType"), key("headers"), key("style"), key("explode"), key("allowReserved")],
);

pub(super) static EXAMPLE: Kind = Kind::new(
    "an example",
    &[
        key("summary"),
        key("description"),
        key("value"),
        key("dataValue").since(V3_2).not_generated(),
        key("serializedValue").since(V3_2).not_generated(),
        key("externalValue"),
    ],
);

pub(super) static RESPONSES: Kind = Kind::new("a responses object", &[]).of_names();

pub(super) static RESPONSE: Kind = Kind::new(
    "a response",
    &[key("summary").since(V3_2), key("description"), key("headers"), key("content"), key("links")],
);

pub(super) static LINK: Kind = Kind::new(
    "a link",
    &[
        key("operationRef"),
        key("operationId"),
        key("parameters"),
        key("requestBody"),
        key("description"),
        key("server").not_generated(),
    ],
)
.with(&["wait", "rust-name"]);

pub(super) static TAG: Kind = Kind::new(
    "a tag",
    &[
        key("name"),
        key("summary").since(V3_2),
        key("description"),
        key("externalDocs"),
        key("parent").since(V3_2).not_generated(),
        key("kind").since(V3_2).not_generated(),
    ],
)
.with(&["rust-name"]);

pub(super) static SECURITY_SCHEME: Kind = Kind::new(
    "a security scheme",
    &[
        key("type"),
        key("description"),
        key("name"),
        key("in"),
        key("scheme"),
        key("bearerFormat"),
        key("flows"),
        key("openIdConnectUrl"),
        key("oauth2MetadataUrl").since(V3_2).not_generated(),
        key("deprecated").since(V3_2),
    ],
)
.with(&["signer"]);

pub(super) static OAUTH_FLOWS: Kind = Kind::new(
    "an OAuth flows object",
    &[
        key("implicit"),
        key("password"),
        key("clientCredentials"),
        key("authorizationCode"),
        key("deviceAuthorization").since(V3_2),
    ],
);

pub(super) static OAUTH_FLOW: Kind = Kind::new(
    "an OAuth flow",
    &[
        key("authorizationUrl"),
        key("deviceAuthorizationUrl").since(V3_2),
        key("tokenUrl"),
        key("refreshUrl"),
        key("scopes"),
    ],
);

pub(super) static SCHEMA: Kind = Kind::new(
    "a schema",
    &[
        key("title"),
        key("multipleOf"),
        key("maximum"),
        key("exclusiveMaximum"),
        key("minimum"),
        key("exclusiveMinimum"),
        key("maxLength"),
        key("minLength"),
        key("pattern"),
        key("maxItems"),
        key("minItems"),
        key("uniqueItems"),
        key("maxProperties"),
        key("minProperties"),
        key("required"),
        key("enum"),
        key("type"),
        key("allOf"),
        key("oneOf"),
        key("anyOf"),
        key("not"),
        key("items"),
        key("properties"),
        key("additionalProperties"),
        key("description"),
        key("format"),
        key("default"),
        key("nullable").until(V3_0),
        key("discriminator"),
        key("readOnly"),
        key("writeOnly"),
        key("xml"),
        key("externalDocs"),
        key("example"),
        key("deprecated"),
        key("examples").since(V3_1),
        key("const").since(V3_1).not_generated(),
        key("prefixItems").since(V3_1).not_generated(),
        key("contains").since(V3_1).not_generated(),
        key("minContains").since(V3_1).not_generated(),
        key("maxContains").since(V3_1).not_generated(),
        key("patternProperties").since(V3_1).not_generated(),
        key("propertyNames").since(V3_1).not_generated(),
        key("unevaluatedItems").since(V3_1).not_generated(),
        key("unevaluatedProperties").since(V3_1).not_generated(),
        key("if").since(V3_1).not_generated(),
        key("then").since(V3_1).not_generated(),
        key("else").since(V3_1).not_generated(),
        key("dependentRequired").since(V3_1).not_generated(),
        key("dependentSchemas").since(V3_1).not_generated(),
        key("contentEncoding").since(V3_1).not_generated(),
        key("contentMediaType").since(V3_1).not_generated(),
        key("contentSchema").since(V3_1).not_generated(),
        key("$schema").since(V3_1),
        key("$comment").since(V3_1),
        key("$defs").since(V3_1),
        key("$id").since(V3_1).not_generated(),
        key("$anchor").since(V3_1).not_generated(),
        key("$dynamicAnchor").since(V3_1).not_generated(),
        key("$dynamicRef").since(V3_1).not_generated(),
        key("$vocabulary").since(V3_1).not_generated(),
    ],
)
.with(&["secret", "rust-name", "rust-type"]);

pub(super) static DISCRIMINATOR: Kind = Kind::new(
    "a discriminator",
    &[key("propertyName"), key("mapping"), key("defaultMapping").since(V3_2).not_generated()],
);

pub(super) static PAGINATION: Kind = Kind::ours(
    "a pagination setting",
    &[
        key("kind"),
        key("parameters"),
        key("items"),
        key("total"),
        key("next"),
        key("next-header"),
        key("more"),
        key("first"),
    ],
);

pub(super) static PAGINATION_ROLES: Kind = Kind::ours(
    "the parameters of a pagination setting",
    &[key("page"), key("size"), key("offset"), key("limit"), key("cursor")],
);

pub(super) static WAIT: Kind = Kind::ours(
    "a wait rule",
    &[key("done"), key("failed"), key("interval"), key("max-interval"), key("deadline"), key("done-message")],
);

pub(super) static CONDITION: Kind =
    Kind::ours("a condition", &[key("status"), key("code"), key("any"), key("pointer"), key("in")]);

pub(super) static BODY_CONDITION: Kind =
    Kind::ours("a condition on the body", &[key("any"), key("pointer"), key("in")]);

pub(super) static ERROR: Kind =
    Kind::ours("an error rule", &[key("code"), key("message"), key("request-id"), key("request-id-header")]);

pub(super) static RETRY: Kind =
    Kind::ours("a retry rule", &[key("statuses"), key("codes"), key("idempotent"), key("idempotency-key")]);
