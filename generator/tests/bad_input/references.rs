//! References to nowhere, and to what they cannot mean.

use clientsmith_generator::diagnostics::Code;

use crate::support::{outcome, with_components, with_schemas};

#[test]
fn references_to_nowhere() {
    let references = [
        "#/components/schemas/Missing",
        "#/components/schemas/A/b/c",
        "#/paths/~1a",
        "#components",
        "#/~2",
        "#/~",
        "#/%",
        "#/%zz",
        "#/%ff",
        "#/%C3%28",
        "#/%00",
        "missing.json",
        "missing.json#/a",
        "../up.json",
        "/etc/passwd",
        "//host/a.json",
        "file:///etc/passwd",
        "http://localhost/a.json#/a",
        "http://[",
        "\\\\\\\\host\\\\share",
        "a.json#/components/schemas/A/../B",
        "\\u0000",
        "\\u202e",
        "*/",
        "\\\"#",
        " ",
        "C:\\\\a.json",
        "./././",
        "#/components/schemas/99999999999999999999",
    ];
    for reference in references {
        let schemas = format!(r#""A":{{"properties":{{"p":{{"$ref":"{reference}"}}}}}}"#);
        let outcome = outcome("a.json", with_schemas(&schemas));
        assert!(!outcome.is_generated(), "{reference} leads somewhere");
    }
}

/// Each kind of object in the place of each other one.
#[test]
fn references_to_another_kind() {
    let sections = [
        ("schemas", r#"{"type":"string"}"#),
        ("parameters", r#"{"name":"p","in":"query","schema":{}}"#),
        ("headers", r#"{"schema":{}}"#),
        ("responses", r#"{"description":"d"}"#),
        ("requestBodies", r#"{"content":{}}"#),
        ("links", r#"{"operationId":"missing"}"#),
        ("callbacks", r#"{"{$url}":{}}"#),
        ("examples", r#"{"value":1}"#),
        ("securitySchemes", r#"{"type":"http","scheme":"basic"}"#),
    ];
    let own: Vec<String> =
        sections.iter().map(|(name, value)| format!(r#""{name}":{{"A":{value}}}"#)).collect();
    for (target, _) in sections {
        let there = format!(r##"{{"$ref":"#/components/{target}/A"}}"##);
        let operation = format!(
            r#""parameters":[{there}],"requestBody":{there},"callbacks":{{"c":{there}}},
            "responses":{{"200":{there},"201":{{"description":"d","headers":{{"h":{there}}},"links":{{"l":{there}}},
            "content":{{"application/json":{{"schema":{there},"examples":{{"e":{there}}}}}}}}}}}"#
        );
        let paths = format!(r#""/a":{{"post":{{{operation}}}}}"#);
        assert!(!outcome("a.json", with_components(&own.join(","), &paths)).is_generated(), "{target}");
    }
}

#[test]
fn references_that_are_no_text() {
    for value in ["1", "null", "true", "[]", "{}", r#"{"$ref":"a"}"#] {
        outcome(
            "a.json",
            with_schemas(&format!(r#""A":{{"$ref":{value}}},"B":{{"items":{{"$ref":{value}}}}}"#)),
        );
    }
    outcome("a.json", with_schemas(r#""A":{"$ref":1}"#)).refused(Code::WrongKind);
}
