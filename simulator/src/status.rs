//! The states of a training job, as the numbers that the API documents (0 to 21).

/// The status of a version of a training job.
///
/// Any number can be held, as the service can send one that is not documented yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Status(pub(crate) u8);

impl Status {
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
}
