//! The API that the tests call, as a generator would describe it.

use std::time::Duration;

use clientsmith_runtime::operation::{
    Api, ClientValue, Condition, ErrorRule, Link, LinkArgument, LinkSource, Location, Next, Operation,
    Paging, Parameter, RetryRule, Server, ServerVariable, StatusRange, Streamed, WaitRule,
};
use clientsmith_runtime::{Call, Core};
use http::Method;

pub(crate) static API: Api = Api {
    package: "example-jobs",
    version: "1.2.3",
    servers: &[
        &[
            Server {
                url: "https://jobs.{region}.example.com/base/",
                variables: &[ServerVariable { name: "region", default: "north-1", values: &[] }],
            },
            Server { url: "/sandbox", variables: &[] },
            Server {
                url: "https://{host}/{base}",
                variables: &[
                    ServerVariable { name: "host", default: "a.example.com", values: &[] },
                    ServerVariable { name: "base", default: "v1", values: &[] },
                    ServerVariable { name: "region", default: "south", values: &["south", "east"] },
                ],
            },
        ],
        &[Server { url: "https://uploads.example.com", variables: &[] }],
        &[Server { url: "http://plain.example.com", variables: &[] }],
    ],
    variables: &["region", "host", "base"],
    values: &[ClientValue { name: "project_id", required: false }],
    schemes: &["signature", "token", "key"],
    error_rules: &[],
};

pub(crate) const SIGNATURE: usize = 0;
pub(crate) const TOKEN: usize = 1;
pub(crate) const KEY: usize = 2;

static ERRORS: ErrorRule = errors(RetryRule { codes: &["ModelArts.2878"], ..RetryRule::UNSTATED });

const fn errors(retry: RetryRule) -> ErrorRule {
    ErrorRule {
        code: &["/error_code", "/errorCode", "/code"],
        message: &["/error_message", "/error_msg", "/errorMsg", "/message"],
        request_id: &["/request_id"],
        request_id_header: Some("X-Request-Id"),
        error_when: &[Condition {
            statuses: &[],
            codes: &[],
            any: None,
            pointer: Some("/is_success"),
            values: &["false"],
        }],
        retry,
    }
}

const fn parameter(name: &'static str, location: Location, required: bool) -> Parameter {
    let parameter = match location {
        Location::Path => Parameter::path(name),
        Location::Query => Parameter::query(name),
        Location::Header => Parameter::header(name),
        Location::Cookie => Parameter::cookie(name),
    };
    Parameter { required, ..parameter }
}

const PROJECT_ID: Parameter =
    Parameter { client_value: Some(0), ..parameter("project_id", Location::Path, true) };

const SUCCESS: &[StatusRange] = &[StatusRange::new(200, 299)];
const FAILURE: &[StatusRange] = &[StatusRange::new(400, 499)];

const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    parameters: &'static [Parameter],
) -> Operation {
    Operation {
        id,
        method,
        servers: 0,
        path,
        parameters,
        security: &[],
        accept: "application/json",
        content_type: "",
        success: SUCCESS,
        failure: FAILURE,
        errors: &ERRORS,
        streamed: &[],
        keeps_body: false,
    }
}

const fn with_body(mut operation: Operation) -> Operation {
    operation.content_type = "application/json";
    operation.keeps_body = true;
    operation
}

const fn streamed(streamed: &'static [Streamed], mut operation: Operation) -> Operation {
    operation.streamed = streamed;
    operation
}

const fn only_200(mut operation: Operation) -> Operation {
    const ONLY: &[StatusRange] = &[StatusRange::one(200)];
    operation.success = ONLY;
    operation
}

const fn secured(security: &'static [&'static [usize]], mut operation: Operation) -> Operation {
    operation.security = security;
    operation
}

const fn on_servers(servers: usize, mut operation: Operation) -> Operation {
    operation.servers = servers;
    operation
}

/// A body of any kind goes in, and JSON comes out.
pub(crate) static UPLOAD: Operation = {
    let mut operation = operation("upload", Method::POST, "/upload", &[]);
    operation.content_type = "application/octet-stream";
    operation
};

/// One call by each method, with nothing said of repeating it.
pub(crate) static BY_METHOD: [Operation; 7] = [
    operation("get", Method::GET, "/x", &[]),
    operation("head", Method::HEAD, "/x", &[]),
    operation("options", Method::OPTIONS, "/x", &[]),
    operation("put", Method::PUT, "/x", &[]),
    operation("delete", Method::DELETE, "/x", &[]),
    operation("post", Method::POST, "/x", &[]),
    operation("patch", Method::PATCH, "/x", &[]),
];

const fn ruled(errors: &'static ErrorRule, mut operation: Operation) -> Operation {
    operation.errors = errors;
    operation
}

/// Those of which the description says whether they may be repeated, and those that an API knows by a key.
pub(crate) static REPEATABLE_POST: Operation = ruled(
    &errors(RetryRule { idempotent: Some(true), ..RetryRule::UNSTATED }),
    operation("repeatablePost", Method::POST, "/x", &[]),
);
pub(crate) static UNREPEATABLE_GET: Operation = ruled(
    &errors(RetryRule { idempotent: Some(false), ..RetryRule::UNSTATED }),
    operation("unrepeatableGet", Method::GET, "/x", &[]),
);
pub(crate) static KEYED_POST: Operation = ruled(
    &errors(RetryRule { idempotency_key: Some("Idempotency-Key"), ..RetryRule::UNSTATED }),
    operation("keyedPost", Method::POST, "/x", &[parameter("idempotency-key", Location::Header, false)]),
);
/// Only one status is worth a retry.
pub(crate) static BUSY: Operation = ruled(
    &errors(RetryRule { statuses: &[409], ..RetryRule::UNSTATED }),
    operation("busy", Method::GET, "/x", &[]),
);

/// By a signature, in a project.
pub(crate) static SIGNED_JOB: Operation = secured(
    &[&[SIGNATURE]],
    operation(
        "signedJob",
        Method::GET,
        "/v1/{project_id}/jobs/{job_id}",
        &[PROJECT_ID, parameter("job_id", Location::Path, true)],
    ),
);

/// By a signature.
pub(crate) static SIGNED: Operation =
    secured(&[&[SIGNATURE]], operation("signed", Method::POST, "/signed", &[]));

/// An operation with a server of its own, and one whose server is not safe.
pub(crate) static ELSEWHERE: Operation =
    on_servers(1, secured(&[&[TOKEN]], operation("elsewhere", Method::GET, "/elsewhere", &[])));
pub(crate) static INSECURE: Operation =
    on_servers(2, secured(&[&[TOKEN]], operation("insecure", Method::GET, "/insecure", &[])));

/// By a token, by all means, and with nothing as the first choice.
pub(crate) static BY_TOKEN: Operation =
    secured(&[&[TOKEN]], operation("byToken", Method::POST, "/by-token", &[]));
pub(crate) static RATHER_OPEN: Operation =
    secured(&[&[], &[TOKEN]], operation("ratherOpen", Method::GET, "/open", &[]));

/// As [`UPLOAD`], signed.
pub(crate) static SIGNED_UPLOAD: Operation = {
    let mut operation = secured(&[&[SIGNATURE]], operation("signedUpload", Method::PUT, "/upload", &[]));
    operation.content_type = "application/json";
    operation
};

/// The media types of [`DOWNLOAD`].
pub(crate) const DOWNLOADED: &[&str] =
    &["application/json", "application/octet-stream", "text/event-stream", "application/x-ndjson"];

/// JSON comes out, or a stream of one kind or another.
pub(crate) static DOWNLOAD: Operation = streamed(
    &[Streamed { statuses: StatusRange::one(200), media_types: DOWNLOADED, streams: &[1, 2, 3] }],
    operation("download", Method::GET, "/download", &[]),
);

/// Events come out, by each of two methods.
pub(crate) static EVENTS: [Operation; 2] = [
    secured(&[&[TOKEN], &[]], streamed(EVENT_STREAM, operation("listen", Method::GET, "/events", &[]))),
    streamed(EVENT_STREAM, with_body(operation("chat", Method::POST, "/chat", &[]))),
];

const EVENT_STREAM: &[Streamed] =
    &[Streamed { statuses: StatusRange::one(200), media_types: &["text/event-stream"], streams: &[0] }];

/// Bytes come out, and no status is described for a part of them. Parameters: `Range`.
pub(crate) static FILE: Operation = streamed(
    &[Streamed {
        statuses: StatusRange::one(200),
        media_types: &["application/octet-stream"],
        streams: &[0],
    }],
    only_200(operation("getFile", Method::GET, "/file", &[parameter("Range", Location::Header, false)])),
);

/// The indexes of the parameters of [`GET_JOB`].
pub(crate) mod get_job {
    pub(crate) const PROJECT_ID: usize = 0;
    pub(crate) const JOB_ID: usize = 1;
    pub(crate) const TAGS: usize = 2;
    pub(crate) const FIELDS: usize = 3;
    pub(crate) const TRACE: usize = 4;
    pub(crate) const LANGUAGE: usize = 5;
    pub(crate) const PASSWORD: usize = 6;
    pub(crate) const SHARE_KEY: usize = 7;
}

pub(crate) static GET_JOB: Operation = operation(
    "getJob",
    Method::GET,
    "/v1/{project_id}/jobs/{job_id}:describe",
    &[
        PROJECT_ID,
        parameter("job_id", Location::Path, true),
        parameter("tag[]", Location::Query, false),
        Parameter { explode: false, ..parameter("fields", Location::Query, false) },
        parameter("X-Trace", Location::Header, false),
        parameter("Accept-Language", Location::Header, false),
        Parameter { secret: true, ..parameter("X-Password", Location::Header, false) },
        Parameter { secret: true, ..parameter("share_key", Location::Query, false) },
    ],
);

/// The indexes of the parameters of [`GUARDED`].
pub(crate) mod guarded {
    pub(crate) const PASSWORD: usize = 0;
    pub(crate) const SHARE_KEY: usize = 1;
    pub(crate) const SESSION: usize = 2;
    pub(crate) const TRACE: usize = 3;
}

/// What is secret goes with it in every place.
pub(crate) static GUARDED: Operation = ruled(
    &errors(RetryRule { idempotency_key: Some("Idempotency-Key"), ..RetryRule::UNSTATED }),
    secured(
        &[&[TOKEN, KEY], &[SIGNATURE]],
        operation(
            "guarded",
            Method::GET,
            "/guarded",
            &[
                Parameter { secret: true, ..parameter("X-Password", Location::Header, false) },
                Parameter { secret: true, ..parameter("share_key", Location::Query, false) },
                parameter("session", Location::Cookie, false),
                parameter("X-Trace", Location::Header, false),
            ],
        ),
    ),
);

/// The description says what a redirect means: success, or a failure.
pub(crate) static FOUND: Operation = {
    let mut operation = operation("found", Method::GET, "/x", &[]);
    operation.success = &[StatusRange::new(200, 299), StatusRange::one(302)];
    operation
};
pub(crate) static NOT_FOUND_HERE: Operation = {
    let mut operation = operation("notFoundHere", Method::GET, "/x", &[]);
    operation.failure = &[StatusRange::new(300, 399)];
    operation
};

/// Parameters: the body comes with [`Call::json`].
pub(crate) static CREATE_JOB: Operation =
    with_body(operation("createJob", Method::POST, "/v1/{project_id}/jobs", &[PROJECT_ID]));

/// Parameters: project, job.
pub(crate) static DELETE_JOB: Operation = operation(
    "deleteJob",
    Method::DELETE,
    "/v1/{project_id}/jobs/{job_id}",
    &[PROJECT_ID, parameter("job_id", Location::Path, true)],
);

/// Parameters: project, job, note.
pub(crate) static LIST_VERSIONS: Operation = operation(
    "listVersions",
    Method::GET,
    "/v1/{project_id}/jobs/{job_id}/versions",
    &[PROJECT_ID, parameter("job_id", Location::Path, true), parameter("note", Location::Query, false)],
);

/// One alternative needs two schemes, the other one.
pub(crate) static SECURED: Operation =
    secured(&[&[TOKEN, KEY], &[SIGNATURE]], operation("getSecret", Method::GET, "/v1/secret", &[]));

static SIGNED_VERSIONS: Operation =
    secured(&[&[SIGNATURE]], operation("signedVersions", Method::GET, "/v1/jobs/7/versions", &[]));

/// Parameters: page, per_page.
pub(crate) static LIST_JOBS: Operation = operation(
    "listJobs",
    Method::GET,
    "/v1/jobs",
    &[parameter("page", Location::Query, false), parameter("per_page", Location::Query, false)],
);

pub(crate) static BY_PAGE: Paging = Paging::page(0, "/jobs").size(1).default_size(2);

pub(crate) static BY_PAGE_OF_UNKNOWN_SIZE: Paging = Paging::page(0, "/jobs").size(1);

pub(crate) static BY_OFFSET: Paging = Paging::offset(0, "/jobs").size(1).default_size(2);

pub(crate) static BY_OFFSET_FROM_1: Paging = Paging::offset(0, "/jobs").first(1).size(1).default_size(2);

pub(crate) static BY_PAGE_WITH_FLAG: Paging = Paging::page(0, "/jobs").default_size(2).more("/more");

/// Parameters: after, limit, trace.
pub(crate) static LIST_EVENTS: Operation = secured(
    &[&[SIGNATURE], &[]],
    operation(
        "listEvents",
        Method::GET,
        "/v1/events",
        &[
            parameter("after", Location::Query, false),
            parameter("limit", Location::Query, false),
            parameter("X-Trace", Location::Header, false),
        ],
    ),
);

pub(crate) static BY_CURSOR: Paging = Paging::cursor(0, Next::Body("/page/next"), "/jobs").size(1);

pub(crate) static BY_CURSOR_IN_HEADER: Paging = Paging::cursor(0, Next::Header("x-next"), "/jobs");

pub(crate) static BY_CURSOR_WITH_FLAG: Paging = Paging::cursor(0, Next::Body("/last"), "/jobs").more("/more");

pub(crate) static BY_LINK: Paging = Paging::link(Next::Body("/page/next"), "/jobs");

pub(crate) static BY_LINK_HEADER: Paging = Paging::link(Next::Relation, "/jobs");

/// From what was sent to create or delete a job, and from what came back.
pub(crate) static CREATED_TO_VERSIONS: Link = Link {
    name: "createdVersions",
    from: &CREATE_JOB,
    operation: &LIST_VERSIONS,
    arguments: &[
        LinkArgument { parameter: 0, source: LinkSource::Parameter(0) },
        LinkArgument { parameter: 1, source: LinkSource::Body("/job/id") },
        LinkArgument { parameter: 2, source: LinkSource::Header("X-Note") },
    ],
    body: None,
};

pub(crate) static DELETED_TO_VERSIONS: Link = Link {
    name: "deletedVersions",
    from: &DELETE_JOB,
    operation: &LIST_VERSIONS,
    arguments: &[
        LinkArgument { parameter: 0, source: LinkSource::Parameter(0) },
        LinkArgument { parameter: 1, source: LinkSource::Parameter(1) },
        LinkArgument { parameter: 2, source: LinkSource::Constant("polling") },
    ],
    body: None,
};

/// Gone is 404, or 400 with a code; a version of status 6 says that deleting has failed.
pub(crate) static UNTIL_DELETED: WaitRule = WaitRule {
    link: &DELETED_TO_VERSIONS,
    done: &[
        Condition { statuses: &[404], codes: &[], any: None, pointer: None, values: &[] },
        Condition { statuses: &[400], codes: &["ModelArts.2775"], any: None, pointer: None, values: &[] },
    ],
    failed: &[Condition {
        statuses: &[200],
        codes: &[],
        any: Some("/versions"),
        pointer: Some("/status"),
        values: &["6", "\"failed\""],
    }],
    interval: Duration::from_secs(10),
    max_interval: Duration::from_secs(10),
    deadline: Duration::from_secs(60),
    done_message: None,
};

/// The same for versions that are asked for with a signature.
pub(crate) static UNTIL_SIGNED_DELETED: WaitRule = WaitRule {
    link: &Link {
        name: "signedVersions",
        from: &DELETE_JOB,
        operation: &SIGNED_VERSIONS,
        arguments: &[],
        body: None,
    },
    done: UNTIL_DELETED.done,
    failed: UNTIL_DELETED.failed,
    interval: UNTIL_DELETED.interval,
    max_interval: UNTIL_DELETED.max_interval,
    deadline: UNTIL_DELETED.deadline,
    done_message: None,
};

/// A call with all that its path needs.
pub(crate) fn filled(core: &Core, operation: &'static Operation) -> Call {
    let mut call = Call::new(core, operation);
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if parameter.location == Location::Path {
            call.set(index, "7");
        }
    }
    call
}
