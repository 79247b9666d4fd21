//! Very many of one thing.

use crate::support::{outcome, with_schemas};

fn listed(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

#[test]
fn a_million_texts_in_an_enum() {
    let values = listed(n(), |number| format!("\"v{number}\""));
    outcome("a.json", with_schemas(&format!(r#""E":{{"type":"string","enum":[{values}]}}"#))).generated();
}

#[test]
fn a_million_integers_in_an_enum() {
    let values = listed(n(), |number| number.to_string());
    outcome("a.json", with_schemas(&format!(r#""E":{{"type":"integer","enum":[{values}]}}"#))).generated();
}

#[test]
fn a_million_texts_that_have_one_name() {
    let values = listed(n(), |number| format!("\"{}\"", "-".repeat(number % 1000) + &"+".repeat(number / 1000)));
    outcome("a.json", with_schemas(&format!(r#""E":{{"type":"string","enum":[{values}]}}"#))).generated();
}

#[test]
fn a_million_properties() {
    let properties = listed(n(), |number| format!("\"p{number}\":{{\"type\":\"string\"}}"));
    outcome("a.json", with_schemas(&format!(r#""E":{{"type":"object","properties":{{{properties}}}}}"#)));
}

#[test]
fn a_million_alternatives() {
    let members = listed(n(), |number| format!("{{\"type\":\"string\",\"maxLength\":{number}}}"));
    outcome("a.json", with_schemas(&format!(r#""E":{{"oneOf":[{members}]}}"#)));
}

#[test]
fn many_operations() {
    let paths = listed(n(), |number| format!(r#""/p{number}":{{"get":{{"responses":{{"200":{{"description":"d"}}}}}}}}"#));
    outcome("a.json", format!(r#"{{"openapi":"3.0.3","info":{{"title":"t","version":"1"}},"paths":{{{paths}}}}}"#));
}

#[test]
fn many_parameters() {
    let parameters = listed(n(), |number| format!(r#"{{"name":"p{number}","in":"query","schema":{{"type":"string"}}}}"#));
    outcome("a.json", format!(r#"{{"openapi":"3.0.3","info":{{"title":"t","version":"1"}},"paths":{{"/a":{{"get":{{"parameters":[{parameters}],"responses":{{"200":{{"description":"d"}}}}}}}}}}}}"#));
}

#[test]
fn a_chain_of_references() {
    let schemas = listed(n(), |number| format!(r##""S{number}":{{"$ref":"#/components/schemas/S{}"}}"##, number + 1));
    outcome("a.json", with_schemas(&format!(r#"{schemas},"S{}":{{"type":"string"}}"#, n()))).generated();
}
fn n() -> usize { std::env::var("N").unwrap().parse().unwrap() }
