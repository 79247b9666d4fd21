//! The names of types, and of their fields, values and members.

use super::case::signs;
use super::reserved::TYPES;
use super::{Scope, TypeNames, mint_all, mint_all_pascal, pascal, snake, words};
use crate::diagnostics::{Code, Diagnostics};
use crate::ir::{Api, EnumValue, TextFormat, Type, TypeDefinition, TypeKind, TypeName};

/// Gives types, and what they consist of, their names. What had to be changed is reported.
pub(super) fn types(api: &Api, diagnostics: &mut Diagnostics) -> Vec<TypeNames> {
    let mut scope = Scope::new(&TYPES);
    let mut minted: Vec<Option<String>> = vec![None; api.types.len()];
    for rank in 0..3 {
        for (index, definition) in api.types.iter().enumerate() {
            if naming_rank(definition) != rank {
                continue;
            }
            let wanted = type_name(definition, &minted);
            let name = scope.mint_or(&wanted, &format!("{wanted}Model"));
            if name != wanted && definition.is_selected {
                diagnostics.report(
                    Code::Renamed,
                    definition.place,
                    format!("the type is called `{name}`, for `{wanted}` is taken or reserved"),
                );
            }
            if let Some(slot) = minted.get_mut(index) {
                *slot = Some(name);
            }
        }
    }
    let named = api.types.iter().zip(minted);
    named
        .map(|(definition, name)| {
            let name = name.unwrap_or_default();
            // No caller writes it, so it gives way to all names that callers do write.
            let partial = scope.mint(&format!("{name}Partial"));
            TypeNames { name, partial, members: members(definition) }
        })
        .collect()
}

/// When a type is named: what the description names comes first, so that no other type takes its name; the request forms
/// of such types come before what stands in place.
fn naming_rank(definition: &TypeDefinition) -> u8 {
    match (&definition.name, &definition.rust_name) {
        (TypeName::RequestForm(_), _) => 1,
        (TypeName::Component(_), _) | (_, Some(_)) => 0,
        (TypeName::Part { .. } | TypeName::OfOperation { .. }, None) => 2,
    }
}

fn type_name(definition: &TypeDefinition, minted: &[Option<String>]) -> String {
    match (&definition.rust_name, &definition.name) {
        (Some(name), TypeName::RequestForm(_)) | (None, TypeName::RequestForm(name)) => {
            format!("{}Request", pascal(name))
        }
        (Some(name), _) | (None, TypeName::Component(name)) => pascal(name),
        (None, TypeName::Part { owner, role }) => {
            let owner = minted.get(owner.0).and_then(Option::as_deref).unwrap_or_default();
            format!("{owner}{}", pascal(role))
        }
        (None, TypeName::OfOperation { operation, role }) => pascal(&format!("{operation} {role}")),
    }
}

fn members(definition: &TypeDefinition) -> Vec<String> {
    match &definition.kind {
        TypeKind::Record(record) => {
            let mut scope = Scope::new(&["other", "new"]);
            let fields = record.fields.iter();
            mint_all(
                &mut scope,
                fields.map(|field| snake(field.rust_name.as_ref().unwrap_or(&field.name))),
                "property",
            )
        }
        TypeKind::TextEnum(values) => variants(values, |text| spelled(text)),
        TypeKind::IntegerEnum(values) => variants(values, |value| {
            if *value < 0 { format!("minus {}", value.unsigned_abs()) } else { format!("value {value}") }
        }),
        TypeKind::Union(union) => {
            let mut scope = Scope::new(&["Unrecognized", "Self"]);
            let wanted = union.members.iter().map(|member| match &member.name {
                Some(name) => pascal(name),
                None => kind_name(&member.ty).to_owned(),
            });
            mint_all_pascal(&mut scope, wanted, "Member")
        }
        TypeKind::Any => Vec::new(),
    }
}

/// The words of a text of an enum. Signs count where there is nothing else, and in front of it: `-created` is another value
/// than `created`, wherever the two stand.
fn spelled(text: &str) -> String {
    let text = text.trim();
    match text.chars().next() {
        None => "empty".to_owned(),
        Some(_) if words(text).is_empty() => signs(text),
        Some(sign @ ('-' | '+' | '!' | '<' | '>' | '=' | '~')) => {
            format!("{} {text}", signs(sign.encode_utf8(&mut [0; 4])))
        }
        Some(_) => text.to_owned(),
    }
}

fn variants<T>(values: &[EnumValue<T>], spell: impl Fn(&T) -> String) -> Vec<String> {
    let mut scope = Scope::new(&["Unrecognized", "Self"]);
    let wanted =
        values.iter().map(|value| pascal(&value.name.clone().unwrap_or_else(|| spell(&value.value))));
    mint_all_pascal(&mut scope, wanted, "Value")
}

/// What a member of a union without a name is called: what it is.
fn kind_name(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "Boolean",
        Type::Integer32 | Type::Integer64 | Type::Unsigned64 => "Integer",
        Type::Number | Type::Decimal => "Number",
        Type::Text(TextFormat::Plain | TextFormat::Secret) => "Text",
        Type::Text(TextFormat::DateTime) => "DateTime",
        Type::Text(TextFormat::Date) => "Date",
        Type::Text(TextFormat::Uuid) => "Uuid",
        Type::Text(TextFormat::Decimal) => "Decimal",
        Type::Text(TextFormat::Base64) => "Base64",
        Type::Array(_) => "List",
        Type::Map(_) => "Map",
        Type::Nullable(inner) => kind_name(inner),
        Type::Named(_) => "Value",
        Type::Any => "Any",
    }
}
