//! Descriptions that go round in circles.

use clientsmith_generator::diagnostics::Code;

use crate::support::{outcome, outcome_of_files, with_components, with_paths, with_schemas};

/// A reference to a component.
fn to(section: &str, key: &str) -> String {
    format!(r##"{{"$ref":"#/components/{section}/{key}"}}"##)
}

#[test]
fn references_to_references() {
    for section in [
        "schemas",
        "parameters",
        "headers",
        "responses",
        "requestBodies",
        "links",
        "callbacks",
        "examples",
        "securitySchemes",
    ] {
        let (itself, other, back) = (to(section, "A"), to(section, "C"), to(section, "B"));
        let member = format!(r#""{section}":{{"A":{itself},"B":{other},"C":{back}}}"#);
        let outcome = outcome("a.json", with_components(&member, &used(section)));
        // What is not read at all is reported as that.
        let is_reported = outcome.codes.contains(&Code::NotGenerated);
        assert!(
            is_reported || outcome.codes.contains(&Code::ReferenceCycle),
            "{section}: {}",
            outcome.findings
        );
    }
}

/// A path whose operation uses a component, `A`, of the section.
fn used(section: &str) -> String {
    let a = to(section, "A");
    let with = |more: &str, answer: &str| {
        format!(r#""/a":{{"post":{{{more}"responses":{{"200":{{"description":"d"{answer}}}}}}}}}"#)
    };
    match section {
        "parameters" => with(&format!(r#""parameters":[{a}],"#), ""),
        "requestBodies" => with(&format!(r#""requestBody":{a},"#), ""),
        "callbacks" => with(&format!(r#""callbacks":{{"c":{a}}},"#), ""),
        "headers" => with("", &format!(r#","headers":{{"h":{a}}}"#)),
        "links" => with("", &format!(r#","links":{{"l":{a}}}"#)),
        "examples" => with("", &format!(r#","content":{{"application/json":{{"examples":{{"e":{a}}}}}}}"#)),
        "responses" => format!(r#""/a":{{"post":{{"responses":{{"200":{a}}}}}}}"#),
        "securitySchemes" => with(r#""security":[{"A":[]}],"#, ""),
        _ => with("", &format!(r#","content":{{"application/json":{{"schema":{a}}}}}"#)),
    }
}

#[test]
fn schemas_that_hold_themselves() {
    let parts = [
        r#""allOf":[SELF]"#,
        r#""oneOf":[SELF]"#,
        r#""anyOf":[SELF]"#,
        r#""oneOf":[SELF,{"type":"string"}]"#,
        r#""anyOf":[SELF,SELF]"#,
        r#""allOf":[SELF,SELF],"properties":{"a":{}}"#,
        r#""items":SELF"#,
        r#""type":"array","items":SELF"#,
        r#""additionalProperties":SELF"#,
        r#""type":"object","additionalProperties":SELF,"properties":{"a":SELF}"#,
        r#""not":SELF"#,
        r#""properties":{"a":SELF},"required":["a"]"#,
        r#""properties":{"a":{"allOf":[SELF]}},"required":["a"]"#,
        r#""properties":{"a":{"type":"array","items":SELF}}"#,
        r#""oneOf":[SELF],"discriminator":{"propertyName":"a","mapping":{"x":"A"}}"#,
        r#""properties":{"a":{"type":"string"}},"discriminator":{"propertyName":"a"},"allOf":[SELF]"#,
        r#""nullable":true,"allOf":[SELF],"oneOf":[SELF],"anyOf":[SELF],"items":SELF"#,
        r##""$ref":"#/components/schemas/A/properties/a","properties":{"a":{}}"##,
    ];
    for part in parts {
        // By itself, by way of another, and by way of a part of itself.
        let alone = format!(r#""A":{{{}}}"#, part.replace("SELF", &to("schemas", "A")));
        let mutual = format!(
            r#""A":{{{}}},"B":{{{}}}"#,
            part.replace("SELF", &to("schemas", "B")),
            part.replace("SELF", &to("schemas", "A"))
        );
        let aliased =
            format!(r#""A":{{{}}},"B":{}"#, part.replace("SELF", &to("schemas", "B")), to("schemas", "A"));
        for schemas in [alone, mutual, aliased] {
            outcome("a.json", with_components(&format!(r#""schemas":{{{schemas}}}"#), &used("schemas")));
        }
    }
}

#[test]
fn records_in_circles_are_generated() {
    let itself = to("schemas", "A");
    let schemas = format!(r#""A":{{"properties":{{"a":{itself}}},"required":["a"]}}"#);
    assert!(outcome("a.json", with_schemas(&schemas)).file("src/shared.rs").contains("Box<A>"));
}

#[test]
fn parts_that_lead_through_themselves() {
    let schemas = r##""A":{"properties":{"a":{"$ref":"#/components/schemas/A/properties/a/properties/a"}}}"##;
    assert!(!outcome("a.json", with_schemas(schemas)).is_generated());
    let schemas = r##""A":{"$ref":"#/components/schemas/A/properties/a"}"##;
    assert!(!outcome("a.json", with_schemas(schemas)).is_generated());
    // The whole document as a schema of its own.
    outcome("a.json", with_schemas(r##""A":{"$ref":"#"}"##));
    outcome("a.json", with_schemas(r##""A":{"$ref":"#/components"}"##));
    outcome("a.json", with_schemas(r##""A":{"$ref":"a.json"}"##));
}

#[test]
fn path_items_and_operations() {
    for path in ["#/paths/~1a", "#/paths/~1b", "#/paths", "#"] {
        let paths = format!(r##""/a":{{"$ref":"{path}"}},"/b":{{"$ref":"#/paths/~1a"}}"##);
        outcome("a.json", with_paths(&paths));
    }
    let paths = r##""/a":{"get":{"responses":{"200":{"description":"d","links":{"l":{"operationRef":"#/paths/~1a/get"}}}}}}"##;
    outcome("a.json", with_paths(paths)).generated();
    let paths = r##""/a":{"get":{"callbacks":{"c":{"{$request.body}":{"$ref":"#/paths/~1a"}}},"responses":{"200":{"description":"d"}}}}"##;
    outcome("a.json", with_paths(paths)).generated();
}

#[test]
fn files_that_refer_to_each_other() {
    let root = with_schemas(r#""A":{"$ref":"b.json"}"#);
    for back in ["a.json#/components/schemas/A", "b.json", "./b.json#", "c.json"] {
        let files = [
            ("a.json".to_owned(), root.clone()),
            ("b.json".to_owned(), format!(r#"{{"$ref":"{back}"}}"#)),
            ("c.json".to_owned(), r#"{"$ref":"b.json"}"#.to_owned()),
        ];
        outcome_of_files("a.json", files.to_vec()).refused(Code::ReferenceCycle);
    }
}
