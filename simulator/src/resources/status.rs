//! The states of training and visualization jobs, as the numbers that the API documents (0 to 21).

use serde_json::Value;

/// The status of a visualization job or of a version of a training job.
///
/// Any number can be held, as the service can send one that is not documented yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Status(pub(crate) u8);

impl Status {
    pub(crate) const INITIAL: Self = Self(1);
    pub(crate) const SUBMIT_FAILED: Self = Self(5);
    pub(crate) const DELETE_FAILED: Self = Self(6);
    pub(crate) const WAITING: Self = Self(7);
    pub(crate) const RUNNING: Self = Self(8);
    pub(crate) const KILLING: Self = Self(9);
    pub(crate) const COMPLETED: Self = Self(10);
    pub(crate) const FAILED: Self = Self(11);
    pub(crate) const KILLED: Self = Self(12);
    pub(crate) const CANCELED: Self = Self(13);
    pub(crate) const LOST: Self = Self(14);

    /// The highest number that the API documents.
    pub(crate) const HIGHEST: Self = Self(21);

    /// Whether a version in this status has run at all, so that it has a start time and a duration.
    pub(crate) fn has_started(self) -> bool {
        !matches!(self, Self(0..=5) | Self::WAITING | Self(18..=21))
    }

    /// Whether nothing comes after this status unless someone asks for it.
    pub(crate) fn has_ended(self) -> bool {
        matches!(self, Self(3 | 5 | 6 | 10..=14 | 16 | 17 | 21))
    }
}

impl From<Status> for Value {
    fn from(status: Status) -> Self {
        status.0.into()
    }
}
