//! A snapshot for each feature: the files of its fixture that show it, and what was found in the fixture.

use clientsmith_generator::write::OutputFile;

use super::support::{fixtures, formatted, path_of, shown, understood};

/// Fixtures that other tests show, or only compile.
const ELSEWHERE: [&str; 6] = ["command", "growth", "hostile", "names", "selection", "untyped"];

macro_rules! features {
    ($($(#[doc = $doc:literal])+ $fixture:ident: [$($path:literal),+];)+) => {
        /// The fixtures that have a snapshot here.
        const SHOWN: &[&str] = &[$(stringify!($fixture)),+];

        $(
            $(#[doc = $doc])+
            #[test]
            fn $fixture() {
                insta::assert_snapshot!(stringify!($fixture), shown(stringify!($fixture), &[$($path),+]));
            }
        )+
    };
}

features! {
    /// Required, optional and nullable properties; undeclared ones kept or forbidden; maps and free-form objects.
    records: ["src/things/types.rs", "src/shared.rs"];
    /// A name and nothing else: in records, unions, bodies, failures; and where the name is not used.
    any_json: ["src/reports/types.rs", "src/shared.rs", "src/reports/file.rs", "src/reports/watch.rs", "src/reports/change.rs"];
    /// Formats that have a type, and those that have none.
    formats: ["src/values/types.rs"];
    /// Values that are no names, that collide, and that have names and descriptions.
    text_enums: ["src/paint/types.rs", "src/shared.rs"];
    /// Negative ones and the greatest ones, with names and without.
    integer_enums: ["src/jobs/types.rs"];
    /// Of scalars, of objects, recursive, nullable.
    unions: ["src/shapes/types.rs"];
    /// Properties that are only read or only written: types for answers and for requests.
    directions: ["src/users/types.rs", "src/shared.rs"];
    /// By mapping, by names, of a base and its children, and none.
    discriminators: ["src/animals/types.rs"];
    /// Enums and unions that are written as something else, and members that are told apart by their properties.
    union_forms: ["src/forms/types.rs"];
    /// References to parts of schemas, typed undeclared properties, widths of integers, many properties.
    schema_parts: ["src/shared.rs", "src/orders/get.rs"];
    /// Another name, properties put together, contradictions.
    all_of: ["src/animals/types.rs", "src/shared.rs"];
    /// Pointers where a type contains itself.
    recursion: ["src/trees/types.rs"];
    /// The names of types that stand in place.
    inline_types: ["src/orders/types.rs", "src/shared.rs", "src/orders/create.rs"];
    /// In the path, in the query, in headers; given at each call or on the client; lists of both kinds.
    parameters: ["src/files/get.rs", "src/gifts/take.rs", "src/client.rs"];
    /// Every style, objects and lists in it, cookies, `content`, names in several locations, what has no value.
    parameter_styles: [
        "src/colors/paths.rs", "src/colors/scalar_paths.rs", "src/colors/queries.rs", "src/colors/headers.rs",
        "src/colors/undefined.rs", "src/colors/types.rs", "src/names/names.rs"
    ];
    /// A query or a fragment in the key of a path.
    path_keys: ["src/searches/history.rs", "src/searches/list_jobs.rs", "src/api.rs"];
    /// Four required values, and five.
    arguments: ["src/a/mod.rs", "src/a/four.rs", "src/a/five.rs"];
    /// Required and optional ones, and the types that are made for requests.
    bodies: ["src/notes/types.rs", "src/notes/create.rs", "src/notes/change.rs", "src/notes/replace.rs"];
    /// Forms, parts, text, bytes, and several media types for one body.
    media_types: [
        "src/bodies/send_form.rs", "src/bodies/upload.rs", "src/bodies/upload_any.rs", "src/bodies/send_text.rs",
        "src/bodies/send_bytes.rs", "src/bodies/send_picture.rs", "src/bodies/send_several.rs",
        "src/bodies/patch_several.rs", "src/bodies/send_many.rs", "src/bodies/mod.rs"
    ];
    /// Media types that the answer chooses from, streams, and statuses without a body.
    streams: [
        "src/answers/choice.rs", "src/answers/both.rs", "src/answers/synonyms.rs", "src/answers/events.rs",
        "src/answers/text_events.rs", "src/answers/lines.rs", "src/answers/sequence.rs", "src/answers/import_lines.rs", "src/answers/part.rs",
        "src/answers/download.rs",
        "src/answers/measure.rs", "src/answers/forget.rs"
    ];
    /// Accessors for headers of answers and of failures.
    response_headers: ["src/response_headers.rs", "src/a/first.rs", "src/lib.rs"];
    /// Types that the status chooses, bodies that are no JSON, no body, no documented failure.
    answers: [
        "src/answers/several.rs", "src/answers/same.rs", "src/answers/undocumented_failure.rs", "src/answers/only_failure.rs",
        "src/answers/only_default.rs", "src/answers/text.rs", "src/answers/bytes.rs", "src/answers/any.rs"
    ];
    /// Each scheme that is generated, together with another, as alternatives, and none.
    security: ["src/auth.rs", "src/client.rs", "src/api.rs", "src/doors/both.rs", "src/doors/either.rs", "src/doors/optional.rs", "src/doors/open.rs", "src/doors/granted.rs", "src/doors/crowded.rs", "examples/first_call.rs", "README.md"];
    /// Servers to choose from, of the document and of operations; their variables become settings of the client.
    servers: [
        "src/client.rs", "src/api.rs", "src/lib.rs", "README.md", "src/files/list.rs", "src/files/put.rs",
        "src/files/add.rs"
    ];
    /// What the URL refers to has to be given.
    relative_server: ["src/client.rs", "src/api.rs", "README.md"];
    /// Without a server the endpoint has to be given.
    no_server: ["src/client.rs", "src/api.rs", "README.md", "examples/first_call.rs"];
    /// Groups with and without tags, names without an operationId, types of one group and of two.
    groups: [
        "Cargo.toml", "src/lib.rs", "src/shared.rs", "src/training_jobs/mod.rs", "src/training_jobs/types.rs",
        "src/models/mod.rs", "src/models/types.rs", "src/default_group/mod.rs", "README.md"
    ];
    /// Declared tags first, in their order.
    order_of_tags: ["README.md"];
    /// What can be asked next, also of another group, from answers of every type; and what can be waited for.
    links: [
        "Cargo.toml", "src/api.rs", "src/machines/start.rs", "src/machines/replace.rs", "src/machines/stop.rs",
        "src/machines/list.rs", "src/notes/send_form.rs"
    ];
    /// What the service sends by itself: bodies, parameters and answers as types, also what nothing else uses.
    callbacks: [
        "src/events/mod.rs", "src/events/subscribe_callbacks.rs", "src/events/subscribe.rs", "src/events/types.rs",
        "src/other/subscribe_callbacks_callbacks.rs"
    ];
    /// Of every kind.
    paging: [
        "src/lists/pages.rs", "src/lists/nested.rs", "src/lists/whole.rs", "src/places/list_by_cursor.rs",
        "src/places/list_by_token.rs", "src/places/list_by_link.rs", "src/places/list_by_link_header.rs"
    ];
    /// Rules for failures, of the document and of an operation.
    failures: ["src/api.rs", "src/calls/usual.rs", "src/calls/other.rs"];
    /// What may be made again: rules of the document and of operations, and parameters with the names of the setters.
    retries: ["README.md", "src/api.rs", "src/jobs/create.rs", "src/jobs/search.rs"];
    /// Those that fit are tested, the others are reported.
    examples: ["tests/examples/main.rs", "tests/examples/round_trips.rs"];
    /// Descriptions as they come, in each place where they end up.
    docs: ["README.md", "src/lib.rs", "src/texts/mod.rs", "src/texts/list.rs", "src/texts/types.rs"];
    /// Everything that is reported instead of being generated.
    not_generated: ["src/lib.rs", "src/operations/with_servers.rs"];
    /// Types only.
    no_operation: ["Cargo.toml", "src/lib.rs", "src/shared.rs"];
}

/// Of names that are keywords, reserved or taken, what shows is what callers write.
#[test]
fn names() {
    let (understood, diagnostics) = understood(&path_of("names"));
    let surfaces = formatted(&understood, "names").unwrap();
    let surfaces = surfaces.iter().filter(|file| file.path.starts_with("src/")).map(surface);
    insta::assert_snapshot!(surfaces.collect::<String>() + "==> findings\n\n" + &diagnostics.render(false));
}

/// The lines that declare something public.
fn surface(file: &OutputFile) -> String {
    let lines = file.text.lines().filter(|line| line.trim_start().starts_with("pub "));
    let lines = lines.map(|line| format!("{}\n", line.trim_end_matches(['{', ' '])));
    format!("==> {}\n\n{}\n", file.path, lines.collect::<String>())
}

#[test]
fn every_fixture_is_shown() {
    let missing: Vec<String> = fixtures()
        .into_iter()
        .filter(|name| !SHOWN.contains(&name.as_str()) && !ELSEWHERE.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "fixtures without a snapshot: {missing:?}");
}
