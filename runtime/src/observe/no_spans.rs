//! What stands for spans where the feature `tracing` is off: nothing.

use std::time::Duration;

use http::{Extensions, StatusCode, Uri};

use crate::call::Call;
use crate::error::Failure;

pub(super) struct AttemptSpan;

impl AttemptSpan {
    pub(super) fn none() -> Self {
        Self
    }

    pub(super) fn begin(_: &Call, _: u32) -> Self {
        Self
    }

    pub(super) fn inside<F>(&self, make: impl FnOnce() -> F) -> F {
        make()
    }

    pub(super) fn enter(&self, run: impl FnOnce()) {
        run();
    }

    pub(super) fn sending(&self, _: &Uri, _: &Extensions) {}

    pub(super) fn answered(&self, _: StatusCode) {}

    pub(super) fn failed(&self, _: &Failure) {}
}

pub(crate) fn call<F>(_: &Call, exchange: F) -> F {
    exchange
}

pub(crate) fn retry(_: &Call, _: &Failure, _: Duration) {}

pub(crate) fn renewal(_: &Call) {}
