//! A subscriber of `tracing` that keeps what it hears.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

/// A span or an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) name: String,
    /// The name of the span around it.
    pub(crate) parent: Option<String>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    pub(crate) is_closed: bool,
}

impl Told {
    /// What a field says; empty where it says nothing.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Keeps what is told under the target `clientsmith`.
#[derive(Clone, Default)]
pub(crate) struct Collector(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    spans: Vec<Told>,
    events: Vec<Told>,
    entered: Vec<u64>,
    kinds: Vec<&'static Metadata<'static>>,
    handles: BTreeMap<u64, usize>,
}

impl Collector {
    pub(crate) fn spans(&self) -> Vec<Told> {
        self.0.lock().unwrap().spans.clone()
    }

    pub(crate) fn events(&self) -> Vec<Told> {
        self.0.lock().unwrap().events.clone()
    }
}

impl State {
    fn parent(&self) -> Option<String> {
        let id = self.entered.last()?;
        Some(self.spans[usize::try_from(*id).unwrap() - 1].name.clone())
    }

    fn span(&mut self, id: &Id) -> &mut Told {
        &mut self.spans[usize::try_from(id.into_u64()).unwrap() - 1]
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "clientsmith"
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut state = self.0.lock().unwrap();
        let mut told =
            Told { name: attributes.metadata().name().to_owned(), parent: state.parent(), ..Told::default() };
        attributes.record(&mut told);
        state.spans.push(told);
        state.kinds.push(attributes.metadata());
        let id = u64::try_from(state.spans.len()).unwrap();
        state.handles.insert(id, 1);
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        values.record(self.0.lock().unwrap().span(id));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut state = self.0.lock().unwrap();
        let mut told = Told { parent: state.parent(), ..Told::default() };
        event.record(&mut told);
        told.name = told.fields.remove("message").unwrap_or_default();
        state.events.push(told);
    }

    fn enter(&self, id: &Id) {
        self.0.lock().unwrap().entered.push(id.into_u64());
    }

    fn exit(&self, id: &Id) {
        let left = self.0.lock().unwrap().entered.pop();
        assert_eq!(left, Some(id.into_u64()));
    }

    fn current_span(&self) -> Current {
        let state = self.0.lock().unwrap();
        let Some(id) = state.entered.last() else { return Current::none() };
        Current::new(Id::from_u64(*id), state.kinds[usize::try_from(*id).unwrap() - 1])
    }

    fn clone_span(&self, id: &Id) -> Id {
        *self.0.lock().unwrap().handles.get_mut(&id.into_u64()).unwrap() += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut state = self.0.lock().unwrap();
        let handles = state.handles.get_mut(&id.into_u64()).unwrap();
        *handles -= 1;
        let is_closed = *handles == 0;
        state.span(&id).is_closed = is_closed;
        is_closed
    }
}

impl Visit for Told {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }
}
