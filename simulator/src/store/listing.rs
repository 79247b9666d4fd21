//! Lists: which objects, in which order, and which page of them, as the parameters of the query say.

use std::cmp::Ordering;

use serde_json::Value;

use crate::{call::Object, failure::Failure, query::QueryParameters};

const HIGHEST_PAGE: usize = 65_535;
const LONGEST_SEARCH: usize = 64;

/// What a list can be asked for.
pub(crate) struct Listing {
    pub(crate) filters: &'static [Filter],
    pub(crate) sort: Sort,
    pub(crate) paging: Paging,
}

/// A parameter that selects.
pub(crate) enum Filter {
    /// The field of the same name has this value.
    Is(&'static str),
    /// The field of the same name is this number, which is a whole one up to the highest.
    IsNumber { parameter: &'static str, highest: u8 },
    /// The field has another value.
    IsNot { parameter: &'static str, field: &'static str },
    /// The field of the same name has this value, or the default when the parameter is not given.
    IsOr { parameter: &'static str, default: &'static str },
    /// One of the fields contains this text, in any case.
    Contains { parameter: &'static str, fields: &'static [&'static str] },
}

/// The parameters `order` and another that names a field. Objects that are equal in it are in the order of their creation.
pub(crate) struct Sort {
    pub(crate) parameter: &'static str,
    /// The fields; the first is the default.
    pub(crate) fields: &'static [&'static str],
    pub(crate) is_descending: bool,
}

/// The parameters that choose a page.
pub(crate) struct Paging {
    pub(crate) page: &'static str,
    /// The number of the first page.
    pub(crate) first: usize,
    pub(crate) size: &'static str,
    pub(crate) default_size: usize,
    pub(crate) largest_size: usize,
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    /// How many objects all pages hold.
    pub(crate) total: usize,
    pub(crate) objects: Vec<Object>,
}

impl Listing {
    /// The page of `objects` that the query asks for.
    pub(crate) fn page_of(
        &self,
        objects: impl Iterator<Item = Object>,
        query: &QueryParameters,
    ) -> Result<Page, Failure> {
        let mut objects = objects.collect::<Vec<_>>();
        for filter in self.filters {
            filter.apply(&mut objects, query)?;
        }
        self.sort.apply(&mut objects, query)?;
        let total = objects.len();
        Ok(Page { total, objects: self.paging.apply(objects, query)? })
    }
}

impl Filter {
    fn apply(&self, objects: &mut Vec<Object>, query: &QueryParameters) -> Result<(), Failure> {
        match *self {
            Self::Is(name) => {
                if let Some(wanted) = query.text(name)? {
                    objects.retain(|object| is(object.get(name), wanted));
                }
            }
            Self::IsNumber { parameter, highest } => {
                if let Some(wanted) = query.number(parameter, 0..=highest)? {
                    objects.retain(|object| object.get(parameter) == Some(&Value::from(wanted)));
                }
            }
            Self::IsNot { parameter, field } => {
                if let Some(unwanted) = query.text(parameter)? {
                    objects.retain(|object| !is(object.get(field), unwanted));
                }
            }
            Self::IsOr { parameter, default } => {
                let wanted = query.text(parameter)?.unwrap_or(default);
                objects.retain(|object| is(object.get(parameter), wanted));
            }
            Self::Contains { parameter, fields } => {
                let Some(wanted) = query.text(parameter)? else { return Ok(()) };
                if wanted.chars().count() > LONGEST_SEARCH {
                    let message =
                        format!("The parameter {parameter} is longer than {LONGEST_SEARCH} characters.");
                    return Err(Failure::parameter(message));
                }
                let wanted = wanted.to_lowercase();
                let contains =
                    |value: &Value| value.as_str().is_some_and(|text| text.to_lowercase().contains(&wanted));
                objects.retain(|object| {
                    wanted.is_empty() || fields.iter().any(|field| object.get(*field).is_some_and(contains))
                });
            }
        }
        Ok(())
    }
}

impl Sort {
    fn apply(&self, objects: &mut [Object], query: &QueryParameters) -> Result<(), Failure> {
        let fields = self.fields.iter().map(|field| (*field, *field)).collect::<Vec<_>>();
        let field = query.word(self.parameter, &fields)?.or(self.fields.first().copied()).unwrap_or_default();
        let is_descending =
            query.word("order", &[("asc", false), ("desc", true)])?.unwrap_or(self.is_descending);
        objects.sort_by(|left, right| {
            let order = compare(left.get(field), right.get(field));
            if is_descending { order.reverse() } else { order }
        });
        Ok(())
    }
}

impl Paging {
    fn apply(&self, objects: Vec<Object>, query: &QueryParameters) -> Result<Vec<Object>, Failure> {
        let size = query.number(self.size, 1..=self.largest_size)?.unwrap_or(self.default_size);
        let page = query.number(self.page, self.first..=HIGHEST_PAGE)?.unwrap_or(self.first);
        let before = page.saturating_sub(self.first).saturating_mul(size);
        Ok(objects.into_iter().skip(before).take(size).collect())
    }
}

/// Whether a value is what a parameter says. Words are told apart without regard to case, as the service mixes it.
fn is(value: Option<&Value>, text: &str) -> bool {
    match value {
        Some(Value::String(value)) => value.eq_ignore_ascii_case(text),
        Some(Value::Null) | None => text.is_empty(),
        Some(Value::Bool(value)) => text == if *value { "true" } else { "false" },
        Some(Value::Number(value)) => value.to_string().as_str() == text,
        Some(Value::Array(_) | Value::Object(_)) => false,
    }
}

/// What is not there comes before numbers, and those before texts.
fn compare(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let rank = |value: Option<&Value>| match value {
        None | Some(Value::Null) => 0,
        Some(Value::Number(_)) => 1,
        Some(_) => 2,
    };
    match (left, right) {
        (Some(Value::Number(left)), Some(Value::Number(right))) => left
            .as_i64()
            .cmp(&right.as_i64())
            .then_with(|| left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Equal)),
        (Some(Value::String(left)), Some(Value::String(right))) => left.cmp(right),
        (left, right) => rank(left).cmp(&rank(right)),
    }
}
