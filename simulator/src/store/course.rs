//! How a status changes by itself.

/// Stages that an object passes, each for the same time, and the one that it stays in, perhaps until it is due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<S: 'static> {
    since: i64,
    passing: &'static [S],
    last: S,
    /// How long the last stage lasts, in milliseconds, and what comes then.
    due: Option<(i64, S)>,
}

impl<S: Copy> Course<S> {
    /// Begins at a time, in milliseconds since 1970. A stage that is listed twice lasts twice as long.
    pub(crate) fn new(since: i64, passing: &'static [S], last: S) -> Self {
        Self { since, passing, last, due: None }
    }

    /// Stays as it is.
    pub(crate) fn settled(since: i64, status: S) -> Self {
        Self::new(since, &[], status)
    }

    /// The last stage ends after so many milliseconds.
    pub(crate) fn until(self, due: Option<i64>, status: S) -> Self {
        Self { due: due.map(|after| (after, status)), ..self }
    }

    pub(crate) fn since(&self) -> i64 {
        self.since
    }

    pub(crate) fn first(&self) -> S {
        self.passing.first().copied().unwrap_or(self.last)
    }

    /// The status at a time, and since when it is that one. `stage` is how long a stage lasts, in milliseconds.
    pub(crate) fn at(&self, now: i64, stage: i64) -> (S, i64) {
        let begin = |index: usize| {
            self.since.saturating_add(stage.saturating_mul(i64::try_from(index).unwrap_or(i64::MAX)))
        };
        let passing = self.passing.iter().enumerate().find(|(index, _)| now < begin(index.saturating_add(1)));
        if let Some((index, status)) = passing {
            return (*status, begin(index));
        }
        let settled = begin(self.passing.len());
        match self.due {
            Some((after, status)) if settled.saturating_add(after) <= now => {
                (status, settled.saturating_add(after))
            }
            _ => (self.last, settled),
        }
    }

    /// When the last stage ends by itself.
    pub(crate) fn due_time(&self, stage: i64) -> Option<i64> {
        let passing = stage.saturating_mul(i64::try_from(self.passing.len()).unwrap_or(i64::MAX));
        self.due.map(|(after, _)| self.since.saturating_add(passing).saturating_add(after))
    }
}
