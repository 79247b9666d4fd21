//! The progress line on standard error while a command waits.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use crate::wait::{Progress, Waited};

/// Up to this number, each poll gets a line where lines cannot be rewritten; after it, each tenth.
const POLLS_WITH_A_LINE: u32 = 10;

/// Back to the margin, and the line wiped.
const CLEAR: &str = "\r\x1b[K";

/// Tells on standard error how waiting goes: on a terminal, one line that is rewritten; else a line now and then.
///
/// What cannot be written is left out: progress is no result.
#[derive(Clone, Copy, Debug)]
pub struct ProgressLine {
    what: &'static str,
    done_message: Option<&'static str>,
    is_terminal: bool,
}

impl ProgressLine {
    /// Progress of what is waited for.
    #[must_use]
    pub fn new(what: &'static str) -> Self {
        Self { what, done_message: None, is_terminal: io::stderr().is_terminal() }
    }

    /// Sets what is said when it is done.
    #[must_use]
    pub fn done_message(self, sentence: &'static str) -> Self {
        Self { done_message: Some(sentence), ..self }
    }

    /// Tells of a poll.
    pub fn show(self, progress: &Progress) {
        if let Some(text) = self.line(progress.polls(), progress.elapsed()) {
            self.write(&text);
        }
    }

    /// Wipes the line, so that other output begins at the margin.
    pub fn clear(self) {
        if self.is_terminal {
            self.write(CLEAR);
        }
    }

    /// Says that it is done.
    pub fn done<T>(self, waited: &Waited<T>) {
        self.write(&self.last_line(waited.polls(), waited.elapsed()));
    }

    fn last_line(self, polls: u32, elapsed: Duration) -> String {
        let plural = if polls == 1 { "" } else { "s" };
        let message = match self.done_message {
            Some(sentence) => sentence.trim_end_matches('.').to_owned(),
            None => format!("{}: done", self.what),
        };
        format!("{message} (after {polls} poll{plural}, {:.1} s)\n", elapsed.as_secs_f64())
    }

    fn line(self, polls: u32, elapsed: Duration) -> Option<String> {
        let text = format!("{}: under way, poll {polls}, {:.1} s", self.what, elapsed.as_secs_f64());
        if self.is_terminal {
            return Some(format!("{CLEAR}{text}"));
        }
        (polls <= POLLS_WITH_A_LINE || polls.is_multiple_of(10)).then(|| format!("{text}\n"))
    }

    fn write(self, text: &str) {
        let mut stderr = io::stderr().lock();
        drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_one_line_that_is_rewritten() {
        let line = ProgressLine { what: "deletion", done_message: None, is_terminal: true };
        let shown = line.line(3, Duration::from_millis(6040)).unwrap();
        assert_eq!(shown, "\r\x1b[Kdeletion: under way, poll 3, 6.0 s");
    }

    #[test]
    fn a_log_gets_a_line_now_and_then() {
        let line = ProgressLine { what: "deletion", done_message: None, is_terminal: false };
        let told: Vec<u32> = (1..=40).filter(|polls| line.line(*polls, Duration::ZERO).is_some()).collect();
        assert_eq!(told, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40]);
        assert_eq!(line.line(1, Duration::ZERO).unwrap(), "deletion: under way, poll 1, 0.0 s\n");
    }

    #[test]
    fn the_end_is_said_in_the_words_of_the_description() {
        let line = ProgressLine::new("deletion");
        let told = line.last_line(1, Duration::from_millis(40));
        assert_eq!(told, "deletion: done (after 1 poll, 0.0 s)\n");
        let told = line.done_message("The job is gone.").last_line(4, Duration::from_secs(6));
        assert_eq!(told, "The job is gone (after 4 polls, 6.0 s)\n");
    }
}
