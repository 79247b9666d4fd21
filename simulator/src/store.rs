//! Objects that are created, change by themselves as time passes, and are deleted.

mod course;
mod listing;

use serde_json::Value;

pub(crate) use self::{
    course::Course,
    listing::{Filter, Listing, Page, Paging, Sort},
};
use crate::call::Object;

/// An object of a collection.
#[derive(Debug, Clone)]
pub(crate) struct Item<S: 'static> {
    pub(crate) id: String,
    /// What the request said, and what the service made of it.
    pub(crate) fields: Object,
    pub(crate) status: S,
    /// When the status became what it is, in milliseconds since 1970.
    pub(crate) changed_at: i64,
    /// What becomes of the status.
    pub(crate) course: Course<S>,
    /// How many more looks find the object, once its deletion is accepted.
    pub(crate) polls_left: Option<u32>,
}

/// The objects of one kind, oldest first.
#[derive(Debug)]
pub(crate) struct Collection<S: 'static> {
    items: Vec<Item<S>>,
}

impl<S> Default for Collection<S> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<S: Copy> Item<S> {
    /// An object that begins the course now.
    pub(crate) fn new(id: String, fields: Object, course: Course<S>) -> Self {
        Self { id, fields, status: course.first(), changed_at: course.since(), course, polls_left: None }
    }

    /// Takes another course.
    pub(crate) fn turn(&mut self, course: Course<S>) {
        (self.status, self.changed_at, self.course) = (course.first(), course.since(), course);
    }

    /// The value of a field; null when there is none.
    pub(crate) fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }
}

impl<S: Copy + PartialEq> Collection<S> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Item<S>> {
        self.items.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Item<S>> {
        self.items.iter().find(|item| item.id == id)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Item<S>> {
        self.items.iter_mut().find(|item| item.id == id)
    }

    /// Whether an object other than that of the given id has these values in these fields.
    pub(crate) fn is_taken(&self, names: &[&str], fields: &Object, except: &str) -> bool {
        let is_equal = |item: &Item<S>| names.iter().all(|name| item.fields.get(*name) == fields.get(*name));
        self.items.iter().any(|item| item.id != except && is_equal(item))
    }

    pub(crate) fn insert(&mut self, item: Item<S>) {
        self.items.push(item);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Item<S>> {
        let index = self.items.iter().position(|item| item.id == id)?;
        Some(self.items.remove(index))
    }

    /// Looks at an object, which is what moves its deletion on: the look after the last poll finds it gone.
    pub(crate) fn poll(&mut self, id: &str) -> Option<&Item<S>> {
        let item = self.find_mut(id)?;
        match item.polls_left {
            Some(0) => {
                self.remove(id);
            }
            Some(polls) => item.polls_left = Some(polls.saturating_sub(1)),
            None => {}
        }
        self.find(id)
    }

    /// Brings every status to what it is at this time.
    pub(crate) fn pass_time(&mut self, now: i64, stage: i64) {
        for item in self.items.iter_mut().filter(|item| item.polls_left.is_none()) {
            let (status, since) = item.course.at(now, stage);
            if item.status != status {
                (item.status, item.changed_at) = (status, since);
            }
        }
    }
}

#[cfg(test)]
mod tests;
