//! The output is a function of the description, and a description that grows at its end renames nothing.

use std::collections::BTreeMap;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::ir::{TypeDefinition, TypeKind, TypeName};
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
            TypeKind::Union(union) => union.members.iter().map(|member| format!("{:?}", member.ty)).collect(),
        };
        for (member, name) in members.into_iter().zip(&names.members) {
            found.insert(format!("{key} member {member}"), name.clone());
        }
    }
    found
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
