//! Very many of one thing. Nothing here is timed: what is not linear in the number does not end within a run of the tests.

use clientsmith_generator::diagnostics::Code;

use crate::support::{outcome, with_paths, with_schemas};

fn listed(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

#[test]
fn a_million_texts_in_an_enum() {
    let values = listed(1_000_000, |number| format!("\"v{number}\""));
    let schemas = format!(r#""E":{{"type":"string","enum":[{values}]}}"#);
    let outcome = outcome("a.json", with_schemas(&schemas)).generated();
    assert!(outcome.findings.contains("an enum of 1000000 values"), "{}", outcome.findings);
}

#[test]
fn a_million_integers_in_an_enum() {
    let values = listed(1_000_000, |number| number.to_string());
    let schemas = format!(r#""E":{{"type":"integer","enum":[{values}]}}"#);
    assert_eq!(outcome("a.json", with_schemas(&schemas)).generated().count(Code::NotGenerated), 1);
}

#[test]
fn a_million_values_of_several_kinds_in_an_enum() {
    let values = listed(250_000, |number| format!("{number},\"{number}\",{number}.5,[{number}]"));
    outcome("a.json", with_schemas(&format!(r#""E":{{"enum":[{values}]}}"#))).generated();
}

#[test]
fn unions_of_enums_with_very_many_texts() {
    let values = |from: &str| listed(20_000, |number| format!("\"{from}{number}\""));
    let (first, second) = (values("a"), values("b"));
    let schemas = format!(
        r#""E":{{"anyOf":[{{"type":"string","enum":[{first}]}},{{"type":"string","enum":[{second}]}}]}}"#
    );
    assert_eq!(outcome("a.json", with_schemas(&schemas)).generated().count(Code::NotGenerated), 1);
}

/// Each of them has to be called otherwise.
#[test]
fn texts_that_have_one_name() {
    let values =
        listed(2_000, |number| format!("\"{}{}\"", "-".repeat(number % 50), "+".repeat(number / 50)));
    let schemas = format!(r#""E":{{"type":"string","enum":[{values}]}}"#);
    outcome("a.json", with_schemas(&schemas)).generated();
}

#[test]
fn very_many_properties() {
    let properties = listed(5_000, |number| format!("\"p{number}\":{{\"type\":\"string\"}}"));
    outcome("a.json", with_schemas(&format!(r#""E":{{"properties":{{{properties}}}}}"#))).generated();
}

#[test]
fn very_many_members_of_all_of() {
    let members = listed(20_000, |number| format!(r#"{{"properties":{{"p{}":{{}}}}}}"#, number % 500));
    outcome("a.json", with_schemas(&format!(r#""E":{{"allOf":[{members}]}}"#))).generated();
}

#[test]
fn very_many_alternatives() {
    let members = listed(100_000, |number| format!(r#"{{"type":"string","maxLength":{number}}}"#));
    outcome("a.json", with_schemas(&format!(r#""E":{{"oneOf":[{members}]}}"#))).generated();
}

#[test]
fn very_many_alternatives_that_are_objects() {
    let members = listed(300, |number| format!(r#"{{"properties":{{"p{number}":{{"type":"string"}}}}}}"#));
    outcome("a.json", with_schemas(&format!(r#""E":{{"oneOf":[{members}]}}"#))).generated();
}

#[test]
fn very_many_operations() {
    let paths = listed(300, |number| {
        format!(r#""/p{number}":{{"get":{{"responses":{{"200":{{"description":"d"}}}}}}}}"#)
    });
    outcome("a.json", with_paths(&paths)).generated();
}

#[test]
fn very_many_parameters() {
    let parameters = listed(3_000, |number| {
        format!(r#"{{"name":"p{number}","in":"query","schema":{{"type":"string"}}}}"#)
    });
    let get = r#""get":{"responses":{"200":{"description":"d"}}}"#;
    outcome("a.json", with_paths(&format!(r#""/a":{{"parameters":[{parameters}],{get}}}"#))).generated();
}

#[test]
fn a_chain_of_a_hundred_thousand_references() {
    let schemas = listed(100_000, |number| {
        format!(r##""S{number}":{{"$ref":"#/components/schemas/S{}"}}"##, number + 1)
    });
    let schemas = format!(r#"{schemas},"S100000":{{"properties":{{"p":{{"type":"string"}}}}}}"#);
    let outcome = outcome("a.json", with_schemas(&schemas)).generated();
    assert_eq!(outcome.file("src/shared.rs").matches("pub struct S").count(), 1);
}

#[test]
fn a_circle_of_a_hundred_thousand_references() {
    let schemas = listed(100_000, |number| {
        format!(r##""S{number}":{{"$ref":"#/components/schemas/S{}"}}"##, (number + 1) % 100_000)
    });
    outcome("a.json", with_schemas(&schemas)).refused(Code::ReferenceCycle);
}

/// As before, but each of them is a schema of its own that is made of the next.
#[test]
fn long_chains_of_compositions() {
    for part in
        [r#""allOf":[NEXT]"#, r#""oneOf":[NEXT]"#, r#""anyOf":[NEXT,{"type":"null"}]"#, r#""items":NEXT"#]
    {
        let schemas = listed(5_000, |number| {
            let next = format!(r##"{{"$ref":"#/components/schemas/S{}"}}"##, number + 1);
            format!(r#""S{number}":{{{}}}"#, part.replace("NEXT", &next))
        });
        outcome("a.json", with_schemas(&format!(r#"{schemas},"S5000":{{"type":"string"}}"#)));
    }
    let part = r#""additionalProperties""#;
    let schemas = listed(5_000, |number| {
        format!(r##""S{number}":{{{part}:{{"$ref":"#/components/schemas/S{}"}}}}"##, number + 1)
    });
    outcome("a.json", with_schemas(&format!(r#"{schemas},"S5000":{{"type":"string"}}"#)));
}

#[test]
fn descriptions_of_two_hundred_kilobytes() {
    const LENGTH: usize = 200_000;
    let pieces = [
        "a",
        "[",
        "]",
        "![",
        "[a](",
        "(",
        "*",
        "**a ",
        "_",
        "`",
        "``` ",
        "~~~\\n",
        "> ",
        "- ",
        "1. ",
        "<",
        "<a>",
        "<!--",
        "&",
        "&#",
        "\\\\",
        "|",
        "| a ",
        "a\\n",
        "# ",
        "\\n",
        " ",
        "    ",
        "https://",
        "*/",
        "\\\"",
        "\\u202e",
        "é",
        "<b><i>",
        "[a]: b\\n",
        "- a\\n  ",
        "|-|\\n",
        "~",
        "a_",
        "$",
    ];
    for piece in pieces {
        let text = piece.repeat(LENGTH / piece.len());
        let schemas = format!(r#""E":{{"properties":{{"p":{{"description":"{text}"}}}}}}"#);
        outcome("a.json", with_schemas(&schemas)).generated();
    }
}

/// Each pair of schemes for one header doubles the ways to choose one of each.
#[test]
fn very_many_schemes_for_very_many_headers() {
    let schemes = listed(80, |number| {
        format!(r#""s{number}":{{"type":"apiKey","in":"header","name":"X-{}"}}"#, number / 2)
    });
    let requirement = listed(80, |number| format!(r#""s{number}":[]"#));
    let text = format!(
        r#"{{"openapi":"3.0.3","info":{{"title":"T","version":"1"}},"security":[{{{requirement}}}],
        "paths":{{"/a":{{"get":{{"responses":{{"204":{{"description":""}}}}}}}}}},
        "components":{{"securitySchemes":{{{schemes}}}}}}}"#
    );
    let outcome = outcome("a.json", text).generated();
    assert!(outcome.findings.contains("only 64 are generated"), "{}", outcome.findings);
}
