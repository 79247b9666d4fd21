//! Examples: those that fit their types become tests of the client; the others are reported.

use std::str::FromStr;

use super::direction::Direction;
use super::operations::statuses;
use super::{Lowering, Once};
use crate::diagnostics::Code;
use crate::ir::{ContentKind, Example, Field, JsonKind, OperationId, Type, TypeKind};
use crate::model::{self, MediaType, StatusKey};
use crate::source::{Node, Place, Value};

impl Lowering<'_> {
    /// Lowers the examples of bodies, parameters and schemas.
    pub(super) fn examples(&mut self) {
        let document = self.document;
        for (index, id) in self.lowered.clone() {
            if let Some(operation) =
                document.operations.get(index).filter(|_| self.selected.has_operation(index))
            {
                self.examples_of_operation(operation, id);
            }
        }
        for (id, schema) in document.schemas.iter() {
            if !self.selected.has_schema(id) {
                continue;
            }
            let Some((ty, nullable)) = self.types.get(&(id, Direction::Answer)).cloned() else { continue };
            let ty = if nullable { Type::Nullable(Box::new(ty)) } else { ty };
            let name = schema.origin.name.clone().unwrap_or_else(|| schema.origin.pointer.clone());
            for example in &schema.examples {
                self.example(format!("schema {name}"), &ty, example);
            }
        }
    }

    fn examples_of_operation(&mut self, operation: &model::Operation, id: OperationId) {
        let Some(lowered) = self.api.operation(id) else { return };
        let name = lowered.id.clone();
        let parameters: Vec<_> =
            lowered.parameters.iter().map(|parameter| (parameter.place, parameter.ty.clone())).collect();
        let contents = lowered.body.iter().flat_map(|body| &body.contents);
        let requests: Vec<(String, Type)> = contents
            .filter_map(|content| match &content.kind {
                ContentKind::Json(ty) => Some((content.media_type.clone(), ty.clone())),
                _ => None,
            })
            .collect();
        let answers: Vec<_> = lowered.success.iter().chain(&lowered.failure).cloned().collect();

        for parameter in &operation.parameters {
            let Some((_, ty)) = parameters.iter().find(|(place, _)| *place == parameter.place) else {
                continue;
            };
            for example in super::parameters::examples(parameter).filter_map(|example| example.value.as_ref())
            {
                self.example(format!("{name} parameter {}", parameter.name.value), ty, example);
            }
        }
        for (media_type, ty) in &requests {
            let content = operation.request_body.iter().flat_map(|body| &body.content);
            let media = content.filter(|media| media.name == *media_type);
            media.for_each(|media| self.examples_of_media(&format!("{name} request"), ty, &media.value));
        }
        for (key, response) in &operation.responses {
            let is_it = |outcome: &&crate::ir::Outcome| match statuses(*key) {
                Some(statuses) => outcome.statuses == statuses && !outcome.is_default,
                None => outcome.is_default,
            };
            for body in
                answers.iter().find(is_it).map(|outcome| outcome.bodies.as_slice()).unwrap_or_default()
            {
                let (Some(ty), media_type) = (body.json(), &body.media_type) else { continue };
                let label = match key {
                    StatusKey::Code(status) => format!("{name} response {status}"),
                    StatusKey::Range(digit) => format!("{name} response {digit}XX"),
                    StatusKey::Default => format!("{name} response default"),
                };
                let media = response.content.iter().filter(|media| media.name == *media_type);
                media.for_each(|media| self.examples_of_media(&label, ty, &media.value));
            }
        }
    }

    fn examples_of_media(&mut self, label: &str, ty: &Type, media: &MediaType) {
        for example in &media.examples {
            if let Some(value) = &example.value {
                self.example(format!("{label} {}", example.name).trim_end().to_owned(), ty, value);
            }
        }
    }

    /// Adds an example, once however often it is referred to.
    fn example(&mut self, name: String, ty: &Type, node: &Node) {
        let json = node.to_json();
        if !self.examples_seen.insert((ty.clone(), json.clone())) {
            return;
        }
        match self.misfit(ty, node, 0) {
            None => self.api.examples.push(Example { name, ty: ty.clone(), json }),
            Some((place, expected)) => {
                if self.is_news(Once::Misfit(place)) {
                    self.diagnostics
                        .report(
                            Code::ExampleMismatch,
                            place,
                            format!("the example does not fit its schema: {expected} is expected"),
                        )
                        .help("the example is not tested");
                }
            }
        }
    }

    /// The first part of a value that the client would refuse, and what it expects there.
    fn misfit(&self, ty: &Type, node: &Node, depth: usize) -> Option<(Place, String)> {
        if depth > 256 {
            return None;
        }
        let expect = |fits: bool, expected: &str| (!fits).then(|| (node.place, expected.to_owned()));
        match (ty, &node.value) {
            (Type::Any, _) => None,
            (Type::Nullable(inner), value) => match value {
                Value::Null => None,
                _ => self.misfit(inner, node, depth + 1),
            },
            (Type::Boolean, value) => expect(matches!(value, Value::Bool(_)), "a boolean"),
            (Type::Integer32, Value::Number(text)) => expect(whole::<i32>(text), "an integer of 32 bits"),
            (Type::Integer64, Value::Number(text)) => expect(whole::<i64>(text), "an integer of 64 bits"),
            (Type::Unsigned64, Value::Number(text)) => {
                expect(whole::<u64>(text), "an integer of 64 bits that is not negative")
            }
            (Type::Integer32 | Type::Integer64 | Type::Unsigned64, _) => expect(false, "an integer"),
            (Type::Number, value) => {
                let fits = matches!(value, Value::Number(text) if is_double(text));
                expect(fits, "a number that a double holds to the last digit")
            }
            (Type::Decimal, value) => expect(matches!(value, Value::Number(_)), "a number"),
            (Type::Text(_), value) => expect(matches!(value, Value::String(_)), "a string"),
            (Type::Array(item), Value::Array(items)) => {
                items.iter().find_map(|node| self.misfit(item, node, depth + 1))
            }
            (Type::Array(_), _) => expect(false, "an array"),
            (Type::Map(values), Value::Object(object)) => {
                object.entries().find_map(|entry| self.misfit(values, &entry.value, depth + 1))
            }
            (Type::Map(_), _) => expect(false, "an object"),
            (Type::Named(id), value) => match self.api.ty(*id).map(|definition| &definition.kind) {
                Some(TypeKind::TextEnum(_)) => expect(matches!(value, Value::String(_)), "a string"),
                Some(TypeKind::IntegerEnum(_)) => {
                    let fits = matches!(value, Value::Number(text) if whole::<i64>(text));
                    expect(fits, "an integer")
                }
                Some(TypeKind::Union(_) | TypeKind::Any) | None => None,
                Some(TypeKind::Record(record)) => match value {
                    Value::Object(object) => {
                        record.fields.iter().find_map(|field| match object.get(&field.name) {
                            None => field.required.then(|| {
                                (node.place, format!("an object with the property `{}`", field.name))
                            }),
                            Some(node) => self.field_misfit(field, node, depth),
                        })
                    }
                    _ => expect(false, "an object"),
                },
            },
        }
    }

    fn field_misfit(&self, field: &Field, node: &Node, depth: usize) -> Option<(Place, String)> {
        let is_null = node.value == Value::Null && !self.kinds(&field.ty, 0).contains(&JsonKind::Null);
        match (is_null, field.nullable) {
            (true, true) => None,
            (true, false) => Some((node.place, "no null".to_owned())),
            (false, _) => self.misfit(&field.ty, node, depth + 1),
        }
    }
}

/// Whether reading a number as a double and writing it again gives the same number.
fn is_double(text: &str) -> bool {
    let exact = text.parse::<f64>().ok().filter(|value| value.is_finite());
    exact.is_some_and(|value| digits(text) == digits(&value.to_string()))
}

/// The significant digits of a number without its sign, and the power of ten of the last of them.
fn digits(text: &str) -> Option<(String, i64)> {
    let unsigned = text.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let written = format!("{whole}{fraction}");
    let significant = written.trim_end_matches('0');
    let zeros_at_the_end = written.len() - significant.len();
    let shift = i64::try_from(zeros_at_the_end).ok()? - i64::try_from(fraction.len()).ok()?;
    let power = exponent.parse::<i64>().ok()?.checked_add(shift)?;
    let significant = significant.trim_start_matches('0');
    // Zero has no digit that its power could be of.
    Some((significant.to_owned(), if significant.is_empty() { 0 } else { power }))
}

/// Whether a number is an integer that fits, also where it is written with a fraction of zero.
fn whole<T: FromStr + TryFrom<i64>>(text: &str) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_exact = |value: &f64| value.fract() == 0.0 && value.abs() < EXACT;
    let from_fraction = || text.parse::<f64>().ok().filter(is_exact).map(|value| value as i64);
    text.parse::<T>().is_ok() || from_fraction().is_some_and(|value| T::try_from(value).is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_double;

    #[test]
    fn a_double_holds_what_it_writes_again() {
        for text in [
            "0",
            "-0.0",
            "1.10",
            "100",
            "1e2",
            "+.5",
            "1.8508440362185578e+25",
            "1e300",
            "0.1",
            "9007199254740992",
        ] {
            assert!(is_double(text), "{text}");
        }
        for text in
            ["9007199254740993", "3.14159265358979323846", "1e999", "0.1234567890123456789", "1e-999", "x"]
        {
            assert!(!is_double(text), "{text}");
        }
    }
}
