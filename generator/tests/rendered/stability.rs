//! The output is a function of the description, and a description that grows at its end renames nothing.

use std::collections::BTreeMap;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::ir::{Type, TypeDefinition, TypeKind, TypeName};
use clientsmith_generator::source::Tree;
use clientsmith_generator::{Understood, lower, model, name};

use super::support::{fixtures, formatted, path_of, understood};

#[test]
fn generating_twice_gives_the_same_bytes() {
    for fixture in fixtures() {
        let [first, second] = [(); 2].map(|()| {
            let (understood, diagnostics) = understood(&path_of(&fixture));
            (formatted(&understood, &fixture).unwrap(), diagnostics.render(false))
        });
        assert_eq!(first, second, "{fixture}");
    }
}

#[test]
fn what_is_added_at_the_end_renames_nothing() {
    let grown = std::fs::read_to_string(path_of("growth")).unwrap();
    let original: Vec<&str> = grown.lines().filter(|line| !line.ends_with("# added")).collect();
    let before = names_by_origin(&understood_text(&original.join("\n")));
    let after = names_by_origin(&understood_text(&grown));

    let renamed: Vec<_> = before.iter().filter(|(origin, name)| after.get(*origin) != Some(*name)).collect();
    assert!(renamed.is_empty(), "{renamed:#?} became {after:#?}");
    assert!(after.len() >= before.len() + 10, "the additions are not there: {after:#?}");
}

/// In every fixture, a sibling in front of each of its kind: a schema, a path, a property, a value, a member, a parameter.
#[test]
fn what_is_added_anywhere_renames_nothing() {
    let mut found = Vec::new();
    for fixture in fixtures() {
        let text = std::fs::read_to_string(path_of(&fixture)).unwrap();
        let Some(before) = understood_quietly(&text) else { continue };
        let before = names_by_origin(&before);
        for (what, grown) in grown(&text) {
            let Some(after) = understood_quietly(&grown) else {
                panic!("{fixture}: {what} breaks it:\n{grown}")
            };
            let after = names_by_origin(&after);
            let renamed: Vec<_> = before
                .iter()
                .filter_map(|(origin, name)| Some((origin, name, after.get(origin)?)))
                .filter(|(_, before, after)| before != after)
                .collect();
            if !renamed.is_empty() {
                found.push(format!("{fixture}: {what} renames {renamed:#?}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The description with a part added in front of others.
fn grown(text: &str) -> Vec<(&'static str, String)> {
    let tries = [
        (
            "a schema",
            "\n  schemas:\n",
            "\n  schemas:\n    AddedSchema: {type: object, properties: {added: {type: string}}}\n",
        ),
        (
            "a path",
            "\npaths:\n",
            "\npaths:\n  /added:\n    get: {operationId: addedOperation, tags: [added group], responses: {'204': {description: Added.}}}\n",
        ),
        (
            "a property",
            "properties: {",
            "properties: {addedProperty: {type: object, properties: {added: {type: string}}}, ",
        ),
        ("a value", "type: string, enum: [", "type: string, enum: [addedValue, "),
        (
            "a member",
            "oneOf: [",
            "oneOf: [{type: object, required: [addedMember], properties: {addedMember: {type: string}}}, ",
        ),
    ];
    let tries = tries.into_iter().filter(|(_, from, _)| text.contains(from));
    tries.map(|(what, from, to)| (what, text.replace(from, to))).collect()
}

/// What is understood of a text, whatever is found in it; `None` when there is an error.
fn understood_quietly(text: &str) -> Option<Understood> {
    let mut diagnostics = Diagnostics::new();
    let tree = Tree::from_text("openapi.yaml", text, &mut diagnostics)?;
    let document = model::parse(&tree, &mut diagnostics)?;
    let api = lower::lower(&document, &mut diagnostics);
    let names = name::name(&api, &mut diagnostics);
    (!diagnostics.has_errors()).then_some(Understood { tree, api, names })
}

fn understood_text(text: &str) -> Understood {
    let mut diagnostics = Diagnostics::new();
    let tree = Tree::from_text("openapi.yaml", text, &mut diagnostics).unwrap();
    let document = model::parse(&tree, &mut diagnostics).unwrap();
    let api = lower::lower(&document, &mut diagnostics);
    let names = name::name(&api, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{}", diagnostics.render(false));
    Understood { tree, api, names }
}

/// Every identifier that callers write, by what it stands for in the description.
fn names_by_origin(understood: &Understood) -> BTreeMap<String, String> {
    let Understood { api, names, .. } = understood;
    let mut found = BTreeMap::new();
    for (group, id) in api.groups.iter().zip(api.group_ids()) {
        let names = names.group(id).unwrap();
        found.insert(format!("group {}", group.name), format!("{} {}", names.module, names.handle));
    }
    for (operation, id) in api.operations.iter().zip(api.operation_ids()) {
        let names = names.operation(id).unwrap();
        let key = format!("operation {}", operation.id);
        found.insert(key.clone(), format!("{} {}", names.method, names.builder));
        for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
            found
                .insert(format!("{key} parameter {:?} {}", parameter.location, parameter.name), name.clone());
        }
    }
    for (definition, id) in api.types.iter().zip(api.type_ids()) {
        let names = names.ty(id).unwrap();
        let key = format!("type {}", origin(understood, definition));
        found.insert(key.clone(), names.name.clone());
        let members: Vec<String> = match &definition.kind {
            TypeKind::Record(record) => record.fields.iter().map(|field| field.name.clone()).collect(),
            TypeKind::TextEnum(values) => values.iter().map(|value| value.value.clone()).collect(),
            TypeKind::IntegerEnum(values) => values.iter().map(|value| value.value.to_string()).collect(),
            TypeKind::Union(union) => {
                union.members.iter().map(|member| described(understood, &member.ty)).collect()
            }
            TypeKind::Any => Vec::new(),
        };
        for (member, name) in members.into_iter().zip(&names.members) {
            found.insert(format!("{key} member {member}"), name.clone());
        }
    }
    found
}

/// A type in words that say nothing about the number that it has.
fn described(understood: &Understood, ty: &Type) -> String {
    match ty {
        Type::Named(id) => origin(understood, understood.api.ty(*id).unwrap()),
        Type::Array(inner) => format!("list of {}", described(understood, inner)),
        Type::Map(inner) => format!("map of {}", described(understood, inner)),
        Type::Nullable(inner) => format!("nullable {}", described(understood, inner)),
        other => format!("{other:?}"),
    }
}

fn origin(understood: &Understood, definition: &TypeDefinition) -> String {
    match &definition.name {
        TypeName::Component(name) => name.clone(),
        TypeName::Part { owner, role } => {
            format!("{} / {role}", origin(understood, understood.api.ty(*owner).unwrap()))
        }
        TypeName::RequestForm(name) => format!("{name} / request"),
        TypeName::OfOperation { operation, role } => format!("{operation} / {role}"),
    }
}
