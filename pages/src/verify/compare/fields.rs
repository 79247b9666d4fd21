//! Fields by their paths: families of types, names, required flags; through objects, arrays, maps and unions.

use clientsmith_generator::model::{SchemaRef, SchemaType};

use super::super::finding::Kind;
use super::super::specification::View;
use super::operation::deprecation;
use super::{Comparison, Places};
use crate::facts::{Field, Shape};
use crate::limits::Limits;
use crate::part::{below, described, required};

/// What a page's table is about, which decides what it demands of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demands {
    /// What is sent: required flags are those of the page.
    Request,
    /// What comes back: a description may require less than the page.
    Answer,
    /// What comes back when a call fails: a description may know more fields.
    Failure,
}

impl Comparison<'_> {
    /// A field or parameter, its required flag apart: a description has it beside the schema.
    pub(super) fn field(
        &mut self,
        at: &str,
        page: &Field,
        schemas: &[SchemaRef],
        is_deprecated: bool,
        places: Places,
        demands: Demands,
    ) {
        let specification = self.specification;
        let is_deprecated = is_deprecated || specification.views(schemas).iter().any(|view| view.deprecated);
        if page.limits.deprecated != is_deprecated {
            self.report(
                Kind::OtherDeprecation,
                at,
                deprecation(page.limits.deprecated),
                deprecation(is_deprecated),
                places,
            );
        }
        self.shape(at, &page.shape, Some(&page.limits), schemas, places, demands);
    }

    /// A value: `schemas` are those of which one is enough, none when the description does not say what it is.
    pub(super) fn shape(
        &mut self,
        at: &str,
        page: &Shape,
        limits: Option<&Limits>,
        schemas: &[SchemaRef],
        places: Places,
        demands: Demands,
    ) {
        *self.fields += 1;
        let Some(wanted) = wanted(page) else { return };
        let specification = self.specification;
        let views = specification.views(schemas);
        let (fitting, others): (Vec<View<'_>>, Vec<View<'_>>) =
            views.into_iter().partition(|view| view.types.iter().any(|kind| is_of(page, wanted, *kind)));
        if fitting.is_empty() {
            let mut families: Vec<&str> = others.iter().flat_map(View::families).collect();
            families.sort_unstable();
            families.dedup();
            return self.report(Kind::OtherType, at.trim_end(), page.family(), families.join(" or "), places);
        }
        let items = |views: &[View<'_>]| views.iter().flat_map(|view| view.items.clone()).collect::<Vec<_>>();
        match page {
            Shape::Array(inner) => {
                self.shape(&format!("{at}[]"), inner, None, &items(&fitting), places, demands);
            }
            // Without a table the page says no more than that it is an object.
            Shape::Object(fields) if fields.is_empty() => {}
            Shape::Object(fields) => self.object(at, fields, false, &fitting, places, demands),
            Shape::Map(values, fields) => {
                self.object(at, fields, true, &fitting, places, demands);
                let additional: Vec<SchemaRef> =
                    fitting.iter().flat_map(|view| view.additional.clone()).collect();
                // Of a map with properties instead of values, the properties are told.
                if !additional.is_empty() || fitting.iter().all(|view| view.properties.is_empty()) {
                    self.shape(&format!("{at}{{}}"), values, None, &additional, places, demands);
                }
            }
            _ => self.values(at, page, limits, &fitting, places),
        }
    }

    fn object(
        &mut self,
        at: &str,
        fields: &[Field],
        is_map: bool,
        views: &[View<'_>],
        places: Places,
        demands: Demands,
    ) {
        for field in fields {
            let at = below(at, &field.name);
            let found =
                views.iter().flat_map(|view| &view.properties).filter(|known| known.name == field.name);
            let mut schemas: Vec<SchemaRef> = found.clone().flat_map(|known| known.schemas.clone()).collect();
            let mut places = Places { line: field.line, place: places.place };
            match found.clone().next() {
                Some(known) => {
                    places.place = known.place;
                    self.required(&at, field, views, places, demands);
                }
                // A key that a map takes as any other.
                None if is_map && views.iter().any(|view| !view.additional.is_empty()) => {
                    schemas = views.iter().flat_map(|view| view.additional.clone()).collect();
                }
                None => {
                    self.report(Kind::Missing, &at, described(field), "nothing", places);
                    continue;
                }
            }
            self.field(&at, field, &schemas, false, places, demands);
        }
        if demands == Demands::Failure {
            return;
        }
        let mut reported: Vec<&str> = Vec::new();
        for extra in views.iter().flat_map(|view| &view.properties) {
            if fields.iter().any(|field| field.name == extra.name) || reported.contains(&extra.name) {
                continue;
            }
            reported.push(extra.name);
            // One schema may tell what is sent and what comes back.
            let (comes_back, is_sent) = self.specification.one_way(&extra.schemas);
            if if demands == Demands::Request { comes_back } else { is_sent } {
                continue;
            }
            let families =
                self.specification.views(&extra.schemas).iter().flat_map(View::families).collect::<Vec<_>>();
            let is_required = views.iter().any(|view| view.required.contains(extra.name));
            let said = format!("{}, {}", families.join(" or "), required(is_required));
            let places = Places { line: places.line, place: extra.place };
            self.report(Kind::Extra, &below(at, extra.name), "nothing", said, places);
        }
    }

    fn required(&mut self, at: &str, field: &Field, views: &[View<'_>], places: Places, demands: Demands) {
        let is_in = |view: &&View<'_>| view.properties.iter().any(|known| known.name == field.name);
        let requires = |view: &View<'_>| view.required.contains(field.name.as_str());
        let by_one = views.iter().any(requires);
        // A member of a union that lacks the property does not require it.
        let by_all = views.iter().all(|view| is_in(&view) && requires(view));
        let differs = match field.required {
            Some(true) => demands == Demands::Request && !by_one,
            Some(false) => by_all,
            None => false,
        };
        if differs {
            let said = required(field.required == Some(true));
            self.report(Kind::OtherRequired, at, said, required(by_one), places);
        }
    }
}

/// The type that a schema must have for a value of this shape; `None` when the page does not say what it is.
fn wanted(shape: &Shape) -> Option<SchemaType> {
    Some(match shape {
        Shape::String | Shape::File => SchemaType::String,
        Shape::Integer(_) => SchemaType::Integer,
        Shape::Number(_) => SchemaType::Number,
        Shape::Boolean => SchemaType::Boolean,
        Shape::Array(_) => SchemaType::Array,
        Shape::Map(..) | Shape::Object(_) => SchemaType::Object,
        Shape::Any => return None,
    })
}

/// Whether a schema of a type describes what the page says. Where the page says no more than that it is a number, it may be
/// a whole one.
fn is_of(page: &Shape, wanted: SchemaType, kind: SchemaType) -> bool {
    kind == wanted || (matches!(page, Shape::Number(None)) && kind == SchemaType::Integer)
}
