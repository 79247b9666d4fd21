//! Standard output: answers as tables for people or as JSON for programs, and the end of what was waited for.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, ValueEnum};
use serde::Serialize;

use super::document::{Document, Labels};
use super::failure::Failure;
use super::progress::ProgressLine;
use super::table::{self, Layout};
use super::values;
use crate::paging::Items;
use crate::stream::{Download, Events, Lines};
use crate::wait::Wait;

const FORMAT: &str = "output";
const WAIT: &str = "wait";
const INTERVAL: &str = "interval";
const DEADLINE: &str = "deadline";

/// How answers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tables.
    Table,
    /// JSON, indented, with everything that the server said.
    Json,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Table, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Table => PossibleValue::new("table").help("Tables, for people"),
            Self::Json => PossibleValue::new("json").help("All that the server said, for programs"),
        })
    }
}

/// Where and how a command shows what came of its calls.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    format: Format,
    interval: Option<Duration>,
}

impl Output {
    /// Shows answers that way.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self { format, interval: None }
    }

    /// The option that chooses the format, for all subcommands.
    #[must_use]
    pub fn argument() -> Arg {
        Arg::new(FORMAT)
            .long(FORMAT)
            .value_name("FORMAT")
            .help("How answers are shown")
            .value_parser(clap::builder::EnumValueParser::<Format>::new())
            .default_value("table")
            .global(true)
            .help_heading(super::argument::OF_ALL)
    }

    /// What the command line says about the output.
    #[must_use]
    pub fn from_matches(matches: &ArgMatches) -> Self {
        Self::new(values::optional(matches, FORMAT).unwrap_or(Format::Table))
    }

    /// Sets the time between two polls where the command line says nothing about it, instead of the description's.
    #[must_use]
    pub fn poll_interval(self, interval: Duration) -> Self {
        Self { interval: Some(interval), ..self }
    }

    /// Shows an answer.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn answer<T: Serialize>(&self, value: &T, labels: Labels) -> Result<(), Failure> {
        let document = Document::of(value)
            .map_err(|error| Failure::Call(format!("the answer cannot be written as JSON: {error}")))?;
        let text = match (self.format, &document) {
            (Format::Json, _) => format!("{}\n", document.to_pretty()),
            (Format::Table, Document::Scalar(raw)) if raw.get() == "null" => "done\n".to_owned(),
            (Format::Table, _) => table::render(&document, Layout { width: terminal_width(), labels }),
        };
        self.bytes(text.as_bytes())
    }

    /// Shows an answer that is not JSON, as it came.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()?;
        Ok(())
    }

    /// Writes what arrives, as it comes.
    ///
    /// # Errors
    ///
    /// When the connection breaks, and when standard output cannot be written.
    pub async fn download(&self, mut download: Download) -> Result<(), Failure> {
        while let Some(piece) = download.try_next().await? {
            self.bytes(&piece)?;
        }
        Ok(())
    }

    /// Writes the data of events, a line each, as they come.
    ///
    /// # Errors
    ///
    /// When the connection breaks, when an event cannot be read, and when standard output cannot be written.
    pub async fn events<T: Serialize>(&self, mut events: Events<T>) -> Result<(), Failure> {
        while let Some(event) = events.try_next().await? {
            self.line(&event.data)?;
        }
        Ok(())
    }

    /// Writes values, a line each, as they come.
    ///
    /// # Errors
    ///
    /// When the connection breaks, when a value cannot be read, and when standard output cannot be written.
    pub async fn lines<T: Serialize>(&self, mut lines: Lines<T>) -> Result<(), Failure> {
        while let Some(value) = lines.try_next().await? {
            self.line(&value)?;
        }
        Ok(())
    }

    fn line(&self, value: &impl Serialize) -> Result<(), Failure> {
        let json = serde_json::to_string(value)
            .map_err(|error| Failure::Call(format!("the answer cannot be written as JSON: {error}")))?;
        self.bytes(format!("{json}\n").as_bytes())
    }

    /// Shows the items of all pages.
    ///
    /// # Errors
    ///
    /// When a page cannot be had; nothing is shown then. When standard output cannot be written.
    pub async fn items<T, E>(&self, mut items: Items<T, E>, labels: Labels) -> Result<(), Failure>
    where
        T: Serialize + Send + 'static,
        E: Send + 'static,
    {
        let mut all = Vec::new();
        while let Some(item) = items.try_next().await? {
            all.push(item);
        }
        self.answer(&all, labels)
    }

    /// Waits, with a progress line, and shows the answer that started what was waited for.
    ///
    /// # Errors
    ///
    /// Those of the call and of waiting. When standard output cannot be written.
    pub async fn wait<T, E>(
        &self,
        line: ProgressLine,
        matches: &ArgMatches,
        wait: Wait<T, E>,
        labels: Labels,
    ) -> Result<(), Failure>
    where
        T: Serialize + Send + 'static,
        E: Send + 'static,
    {
        let seconds = |id| values::optional::<f64>(matches, id).map(Duration::from_secs_f64);
        let mut wait = wait;
        if let Some(interval) = seconds(INTERVAL).or(self.interval) {
            wait = wait.interval(interval);
        }
        if let Some(deadline) = seconds(DEADLINE) {
            wait = wait.deadline(deadline);
        }
        let outcome = wait.on_progress(move |progress| line.show(progress)).await;
        line.clear();
        let waited = outcome?;
        line.done(&waited);
        self.answer(&**waited, labels)
    }
}

/// The options of a subcommand that can wait: whether, how often to ask, and for how long, in seconds.
///
/// `interval` and `deadline` are what the description says.
#[must_use]
pub fn waiting(what: &str, interval: f64, deadline: f64) -> [Arg; 3] {
    let seconds = |id: &'static str, help: String| {
        Arg::new(id)
            .long(id)
            .value_name("SECONDS")
            .help(help)
            .value_parser(super::argument::seconds)
            .requires(WAIT)
    };
    [
        Arg::new(WAIT).long(WAIT).help(format!("Wait for the {what} to be over")).action(ArgAction::SetTrue),
        seconds(
            INTERVAL,
            format!("The time between two polls while waiting [default: {interval}, and growing]"),
        ),
        seconds(DEADLINE, format!("The time after which waiting is given up [default: {deadline}]")),
    ]
}

/// The columns of the terminal; `None` when the output goes elsewhere, where nothing has to fit.
fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
