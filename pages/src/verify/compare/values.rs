//! What the values of a text, number or boolean may be: ranges, lengths, defaults, values, widths.

use std::collections::BTreeSet;

use super::super::finding::Kind;
use super::super::specification::{Bound, View};
use super::{Comparison, Places};
use crate::facts::{Shape, Width};
use crate::limits::{Limits, between};

impl Comparison<'_> {
    /// `views` are of the type of the page, and one that agrees is enough.
    pub(super) fn values(
        &mut self,
        at: &str,
        page: &Shape,
        limits: Option<&Limits>,
        views: &[View<'_>],
        places: Places,
    ) {
        let at = at.trim_end();
        self.one(Kind::OtherFormat, at, views, places, width(page), |view| narrow(page, view));
        // Elements of arrays and values of maps have no row of their own.
        let Some(limits) = limits else { return };
        let is_number = matches!(page, Shape::Integer(_) | Shape::Number(_));
        if is_number {
            self.one(Kind::OtherRange, at, views, places, limits.range(), |view| {
                between(
                    view.minimum.as_ref().map(|end| bound(end, 1, page)),
                    view.maximum.as_ref().map(|end| bound(end, -1, page)),
                )
            });
        }
        if matches!(page, Shape::String) {
            self.one(Kind::OtherLength, at, views, places, limits.length(), |view| {
                let least = view.min_length.filter(|least| *least > 0);
                between(least.map(|least| least.to_string()), view.max_length.map(|most| most.to_string()))
            });
        }
        let same = |text: &str| if is_number { number(text) } else { text.to_owned() };
        let default = |value: Option<&str>| {
            value.map_or_else(|| "none".to_owned(), |value| format!("`{}`", same(value)))
        };
        self.one(Kind::OtherDefault, at, views, places, default(limits.default.as_deref()), |view| {
            default(view.default.as_deref())
        });
        let listed = |values: &[String]| {
            let values: BTreeSet<String> = values.iter().map(|value| same(value)).collect();
            if values.is_empty() {
                "any".to_owned()
            } else {
                values.into_iter().collect::<Vec<_>>().join(", ")
            }
        };
        // A page that lists no values does not contradict a description that knows them from another page.
        if !limits.values.is_empty() {
            self.one(Kind::OtherEnum, at, views, places, listed(&limits.values), |view| {
                listed(view.values.as_deref().unwrap_or_default())
            });
        }
    }

    fn one(
        &mut self,
        kind: Kind,
        at: &str,
        views: &[View<'_>],
        places: Places,
        page: String,
        spec: impl Fn(&View<'_>) -> String,
    ) {
        let said: BTreeSet<String> = views.iter().map(spec).collect();
        if !said.contains(&page) {
            let said: Vec<String> = said.into_iter().collect();
            self.report(kind, at, page, said.join(" or "), places);
        }
    }
}

/// The end of a range, that of whole numbers so that it counts itself.
fn bound(end: &Bound, inward: i64, page: &Shape) -> String {
    match (end.exclusive, end.number.parse::<i64>()) {
        (true, Ok(whole)) if matches!(page, Shape::Integer(_)) => whole.saturating_add(inward).to_string(),
        (true, _) => format!("{} excluded", number(&end.number)),
        (false, _) => number(&end.number),
    }
}

/// A number in one spelling.
fn number(text: &str) -> String {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.to_string();
    }
    text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
}

/// What the page says of the width of its numbers, when it calls them wide.
fn width(shape: &Shape) -> String {
    match shape {
        Shape::Integer(Some(Width::Bits64)) => "64 bits",
        Shape::Number(Some(Width::Bits64)) => "double precision",
        _ => "any width",
    }
    .to_owned()
}

/// What a description says of the width, when it is too narrow for the page.
fn narrow(page: &Shape, view: &View<'_>) -> String {
    match (page, view.format) {
        (Shape::Integer(Some(Width::Bits64)), Some("int32" | "int16" | "int8" | "uint16" | "uint8")) => {
            "32 bits".to_owned()
        }
        (Shape::Number(Some(Width::Bits64)), Some("float")) => "single precision".to_owned(),
        _ => width(page),
    }
}
