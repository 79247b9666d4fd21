//! Stage read: files become a [`Tree`] whose every node knows its file, line and column.
//!
//! This is the only stage that touches the file system. YAML comes through the events of `saphyr-parser`; JSON has a
//! scanner of its own, since positions then cost nothing and the usual readers give none.
//!
//! # Which files are read
//!
//! The root file, then every file that a `$ref` with a text value names, until no new one turns up; files may refer to
//! each other in circles. Whether such a `$ref` is a reference at all only later stages know (an example may contain
//! one), so a file that is not there is no finding here: [`Tree::locate`] tells, when it is asked for it. A file that is
//! there and is broken is reported at once.

mod json;
mod load;
mod path;
mod reference;
mod scalar;
mod suggest;
mod tree;
mod yaml;

pub use load::{Limits, load, load_texts};
pub use reference::{Location, ReferenceError};
pub(crate) use suggest::closest;
pub use tree::{Entry, FileId, Node, Object, Place, Position, Repeated, SourceFile, Tree, Value};

use crate::diagnostics::Diagnostic;

/// What a reader makes of the text of one file.
struct Reading {
    root: Node,
    /// What is wrong with the text although it can be read: repeated keys.
    findings: Vec<Diagnostic>,
}

/// A reader stops at the first thing that it cannot understand; the finding is boxed because it is large and rare.
type ReadResult<T> = Result<T, Box<Diagnostic>>;
