//! Things inside of things inside of things.

use clientsmith_generator::diagnostics::Code;

use crate::support::{outcome, with_schemas};

const LEVELS: usize = 100_000;

fn nested(start: &str, middle: &str, end: &str, levels: usize) -> String {
    format!("{}{middle}{}", start.repeat(levels), end.repeat(levels))
}

#[test]
fn json() {
    for (start, end) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]"), ("[", ""), ("{\"a\":", "")] {
        outcome("a.json", nested(start, "1", end, LEVELS)).refused(Code::Limit);
    }
}

#[test]
fn flow_yaml() {
    for (start, end) in
        [("[", "]"), ("{a: ", "}"), ("[{a: ", "}]"), ("[", ""), ("{a: ", ""), ("{? ", "}"), ("!a [", "]")]
    {
        let outcome = outcome("a.yaml", nested(start, "1", end, LEVELS));
        assert!(!outcome.is_generated(), "{start}");
    }
}

#[test]
fn block_yaml() {
    outcome("a.yaml", nested("- ", "1", "", LEVELS)).refused(Code::Limit);
    assert!(!outcome("a.yaml", nested("? ", "1", "", LEVELS)).is_generated());
    // Each level is indented by one more, so that the text grows with the square of the levels.
    let mut text = String::new();
    for level in 0..2_000 {
        text.push_str(&format!("{}a:\n", " ".repeat(level)));
    }
    outcome("a.yaml", text).refused(Code::Limit);
}

#[test]
fn schemas_of_every_kind() {
    let kinds = [
        (r#"{"properties":{"p":"#, "}}"),
        (r#"{"items":"#, "}"),
        (r#"{"type":"array","items":"#, "}"),
        (r#"{"additionalProperties":"#, "}"),
        (r#"{"allOf":["#, "]}"),
        (r#"{"oneOf":["#, "]}"),
        (r#"{"anyOf":["#, "]}"),
        (r#"{"not":"#, "}"),
        (r#"{"oneOf":[{"type":"integer"},"#, "]}"),
        (r#"{"allOf":[{"properties":{"a":{}}},"#, "]}"),
        (r#"{"properties":{"p":{"oneOf":[{"type":"integer"},{"items":"#, "}]}}}"),
    ];
    for (start, end) in kinds {
        let schema =
            |levels| with_schemas(&format!(r#""S":{}"#, nested(start, r#"{"type":"string"}"#, end, levels)));
        outcome("a.json", schema(LEVELS)).refused(Code::Limit);
        // As deep as the reader allows, and a depth that is generated.
        outcome("a.json", schema(120));
        outcome("a.json", schema(40));
        outcome("a.json", schema(8)).generated();
    }
}

/// What is not read as schemas has its own walks.
#[test]
fn values_of_every_kind() {
    for key in ["example", "default", "x-a"] {
        for (start, end) in [("[", "]"), ("{\"a\":", "}")] {
            let schema = |levels| {
                with_schemas(&format!(
                    r#""S":{{"properties":{{"p":{{}}}},"{key}":{}}}"#,
                    nested(start, "1", end, levels)
                ))
            };
            outcome("a.json", schema(LEVELS)).refused(Code::Limit);
            outcome("a.json", schema(240)).generated();
        }
    }
}

/// Schemas that refer to each other are as deep as they are many.
#[test]
fn types_that_are_written_inside_each_other() {
    for part in [
        r#""items":NEXT"#,
        r#""additionalProperties":NEXT"#,
        r#""properties":{"p":NEXT}"#,
        r#""oneOf":[NEXT,{"type":"integer"}]"#,
    ] {
        let schemas: Vec<String> = (0..200)
            .map(|number| {
                let next = format!(r##"{{"$ref":"#/components/schemas/S{}"}}"##, number + 1);
                format!(r#""S{number}":{{{}}}"#, part.replace("NEXT", &next))
            })
            .collect();
        outcome("a.json", with_schemas(&format!(r#"{},"S200":{{"type":"string"}}"#, schemas.join(","))));
    }
}
