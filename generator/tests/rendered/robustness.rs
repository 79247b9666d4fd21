//! Descriptions that are broken in every way are refused with findings, or make a client that parses.

use std::panic::{AssertUnwindSafe, catch_unwind};

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::source::Tree;
use clientsmith_generator::{Understood, lower, model, name};
use serde_json::{Value, json};

use super::support::{FIXTURES, fixtures, formatted};

/// How many mutants are tried in the usual run, spread evenly over all of them.
const TRIED: usize = 600;

/// What a part of a description is replaced by.
fn replacements() -> [Option<Value>; 7] {
    [
        None,
        Some(Value::Null),
        Some(json!(-1)),
        Some(json!(true)),
        Some(json!("{\"*/ r#\" \u{0}é")),
        Some(json!([{"$ref": "#/components/schemas/Missing"}])),
        Some(json!({"type": "object", "description": "/**", "$ref": "#"})),
    ]
}

#[test]
fn some_mutants() {
    let mutants = mutants();
    let step = (mutants.len() / TRIED).max(1);
    check(mutants.into_iter().step_by(step));
}

#[test]
#[ignore = "it takes minutes; run it after a change of `lower`, `name` or `render`"]
fn all_mutants() {
    check(mutants().into_iter());
}

/// One description with one part changed.
struct Mutant {
    fixture: String,
    pointer: String,
    replacement: Option<Value>,
}

fn mutants() -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for fixture in fixtures() {
        let mut pointers = Vec::new();
        collect(&read(&fixture), String::new(), &mut pointers);
        for pointer in pointers {
            mutants.extend(replacements().map(|replacement| Mutant {
                fixture: fixture.clone(),
                pointer: pointer.clone(),
                replacement,
            }));
        }
    }
    mutants
}

fn check(mutants: impl Iterator<Item = Mutant>) {
    let (mut tried, mut generated) = (0_usize, 0_usize);
    for mutant in mutants {
        let text = mutant.text();
        let outcome = catch_unwind(AssertUnwindSafe(|| generates(&text)));
        let about = || format!("{} {} -> {:?}", mutant.fixture, mutant.pointer, mutant.replacement);
        match outcome {
            Err(_) => panic!("a panic at {}", about()),
            Ok(Err(error)) => panic!("{error} at {}", about()),
            Ok(Ok(is_generated)) => generated += usize::from(is_generated),
        }
        tried += 1;
    }
    // Both must be common, or the mutants say nothing.
    assert!(generated * 10 > tried && generated < tried, "{generated} of {tried} were generated");
}

/// Whether a client is generated; without errors, its files have to parse.
fn generates(text: &str) -> Result<bool, String> {
    let mut diagnostics = Diagnostics::new();
    let Some(understood) = understood_text(text, &mut diagnostics) else {
        return if diagnostics.has_errors() { Ok(false) } else { Err("refused without an error".to_owned()) };
    };
    formatted(&understood, "mutant").map(|_| true).map_err(|error| error.to_string())
}

fn understood_text(text: &str, diagnostics: &mut Diagnostics) -> Option<Understood> {
    let tree = Tree::from_text("openapi.json", text, diagnostics)?;
    let document = model::parse(&tree, diagnostics)?;
    if diagnostics.has_errors() {
        return None;
    }
    let api = lower::lower(&document, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let names = name::name(&api, diagnostics);
    if diagnostics.has_errors() { None } else { Some(Understood { tree, api, names }) }
}

impl Mutant {
    fn text(&self) -> String {
        let mut description = read(&self.fixture);
        match &self.replacement {
            Some(value) => *description.pointer_mut(&self.pointer).unwrap() = value.clone(),
            None => remove(&mut description, &self.pointer),
        }
        description.to_string()
    }
}

fn remove(description: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match description.pointer_mut(parent).unwrap() {
        Value::Object(object) => {
            object.remove(&key.replace("~1", "/").replace("~0", "~")).unwrap();
        }
        Value::Array(items) => {
            items.remove(key.parse().unwrap());
        }
        _ => panic!("{parent} has no parts"),
    }
}

/// The JSON Pointers of all parts, the whole aside.
fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in parts {
        let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers.push(pointer.clone());
        collect(value, pointer, pointers);
    }
}

fn read(fixture: &str) -> Value {
    let text = std::fs::read_to_string(format!("{FIXTURES}/{fixture}.yaml")).unwrap();
    let mut diagnostics = Diagnostics::new();
    let tree = Tree::from_text("fixture.yaml", &text, &mut diagnostics).unwrap();
    serde_json::from_str(&tree.file(tree.root()).unwrap().root.to_json()).unwrap()
}
