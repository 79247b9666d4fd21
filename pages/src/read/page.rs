//! What a page consists of.

use clientsmith_generator::source::{FileId, Place, Position};

/// A page that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The file, as findings name it.
    pub file: FileId,
    /// The text of the first heading.
    pub title: String,
    /// The blocks in their order, those of lists and quotations among them.
    pub blocks: Vec<Block>,
}

/// One block of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The line that it starts on, from 1.
    pub line: u32,
    /// Whether it stands in a quotation: a note.
    pub quoted: bool,
    /// What it is.
    pub content: Content,
}

/// What a [`Block`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        text: String,
    },
    /// A paragraph, or the text of a list item.
    Text(Text),
    /// A block of code, as it stands.
    Code(String),
    /// A table.
    Table(Table),
}

/// Running text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// The text without markup.
    pub text: String,
    /// The links in it.
    pub links: Vec<Link>,
    /// The names by which links lead here.
    pub anchors: Vec<String>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub target: String,
    /// Its text.
    pub text: String,
}

/// The caption of a table: `表 3  server参数信息`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// The number, which is often wrong.
    pub number: u32,
    /// The text behind the number.
    pub text: String,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The caption above it.
    pub caption: Option<Caption>,
    /// The text just above it that is no caption.
    pub lead: Option<String>,
    /// The names by which links lead to it or to what stands just above it.
    pub anchors: Vec<String>,
    /// The cells of its first row, when that is a header.
    pub header: Vec<Cell>,
    /// All other rows; a cell over several rows or columns is in each of them.
    pub rows: Vec<Row>,
}

/// A row of a [`Table`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The line that it starts on, from 1.
    pub line: u32,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A cell of a [`Table`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The line that it starts on, from 1.
    pub line: u32,
    /// The text; paragraphs and list items are lines.
    pub text: String,
    /// The texts of list items.
    pub items: Vec<String>,
    /// The links.
    pub links: Vec<Link>,
}

impl Page {
    /// A line as a place.
    #[must_use]
    pub fn place(&self, line: u32) -> Place {
        let start = Position { line, column: 1 };
        Place { file: self.file, start, end: Position { line, column: u32::MAX } }
    }
}
