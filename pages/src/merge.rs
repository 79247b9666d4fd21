//! Tables that each explain a field in one case, as one.

use crate::facts::{Field, Shape};
use crate::limits::Limits;

/// All fields of some tables. One is required when each table requires it, and has the limits that all give.
pub(crate) fn union(cases: Vec<Vec<Field>>) -> Vec<Field> {
    let mut cases = cases.into_iter();
    let mut all = cases.next().unwrap_or_default();
    for case in cases {
        for known in &mut all {
            if !case.iter().any(|field| field.name == known.name) {
                known.required = known.required.map(|_| false);
            }
        }
        for field in case {
            match all.iter_mut().find(|known| known.name == field.name) {
                Some(known) => merge(known, field),
                None => all.push(Field { required: field.required.map(|_| false), ..field }),
            }
        }
    }
    all
}

fn merge(known: &mut Field, field: Field) {
    known.required = known.required.zip(field.required).map(|(one, other)| one && other);
    if known.limits != field.limits {
        known.limits =
            Limits { deprecated: known.limits.deprecated && field.limits.deprecated, ..Limits::default() };
    }
    known.shape = either(std::mem::replace(&mut known.shape, Shape::Any), field.shape);
}

/// The shape of what has one of two shapes.
fn either(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (one, other) if one == other => one,
        (Shape::Array(one), Shape::Array(other)) => Shape::Array(Box::new(either(*one, *other))),
        (Shape::Object(one), Shape::Object(other)) => Shape::Object(union(vec![one, other])),
        (Shape::Map(one, fields), Shape::Map(other, others)) => {
            Shape::Map(Box::new(either(*one, *other)), union(vec![fields, others]))
        }
        (Shape::Integer(one), Shape::Integer(other)) => Shape::Integer(one.max(other)),
        (Shape::Integer(_), Shape::Number(_)) | (Shape::Number(_), Shape::Integer(_)) => Shape::Number(None),
        (Shape::Number(one), Shape::Number(other)) => Shape::Number(one.max(other)),
        _ => Shape::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::union;
    use crate::facts::{Field, Shape};
    use crate::limits::Limits;

    fn field(name: &str, required: Option<bool>, shape: Shape) -> Field {
        Field {
            name: name.to_owned(),
            line: 1,
            required,
            shape,
            description: String::new(),
            limits: Limits::default(),
        }
    }

    #[test]
    fn only_what_all_cases_require_is_required() {
        let one = vec![
            field("id", Some(true), Shape::String),
            field("weight", Some(true), Shape::Integer(None)),
            field("spec", Some(false), Shape::Object(vec![field("cpu", Some(true), Shape::Number(None))])),
        ];
        let other = vec![
            field("id", Some(true), Shape::String),
            field("spec", Some(true), Shape::Object(vec![field("gpu", None, Shape::Integer(None))])),
            field("nodes", Some(true), Shape::String),
        ];
        let all = union(vec![one, other]);
        let said: Vec<_> = all.iter().map(|field| (field.name.as_str(), field.required)).collect();
        assert_eq!(
            said,
            [("id", Some(true)), ("weight", Some(false)), ("spec", Some(false)), ("nodes", Some(false))]
        );
        let spec: Vec<_> =
            all[2].shape.fields().iter().map(|field| (field.name.as_str(), field.required)).collect();
        assert_eq!(spec, [("cpu", Some(false)), ("gpu", None)]);
    }
}
