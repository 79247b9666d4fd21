//! The one CommonMark normaliser: text of a description becomes the lines of a doc comment.
//!
//! The text is parsed as CommonMark with the tables and strikethrough of GitHub, and written anew in one plain style:
//! what rustdoc and clippy would complain about (bare URLs, brackets that look like links to items, unknown HTML, lazy
//! lists, code that would be compiled as Rust) is gone, and what a reader sees stays.

mod html;
mod inline;

use html::Piece;
use inline::Run;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

/// Where lines of prose are wrapped, markers and indentation included.
const WIDTH: usize = 96;
/// What prose gets at least, however deep it is nested.
const NARROWEST: usize = 40;
/// Languages of code blocks that are kept; rustdoc compiles none of them.
const LANGUAGES: &[&str] = &[
    "bash",
    "console",
    "csv",
    "curl",
    "go",
    "graphql",
    "html",
    "http",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "python",
    "sh",
    "shell",
    "sql",
    "toml",
    "ts",
    "typescript",
    "xml",
    "yaml",
    "yml",
];

/// The lines of a doc comment for `markdown`, without the blank that stands after `///`; none for blank text.
///
/// Prose is wrapped at 96 columns, code is left as it is and never compiled by rustdoc. Links to other places than
/// absolute URLs become their text, since nothing stands at the other end in the crate's documentation.
#[must_use]
pub fn doc_lines(markdown: &str) -> Vec<String> {
    let text = printable(markdown);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer::default();
    for event in TextMergeStream::new(Parser::new_ext(&text, options)) {
        writer.event(event);
    }
    writer.finish()
}

/// The text without what no source file may hold: control characters and marks that change the direction of text.
pub(super) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\n' => clean.push('\n'),
            '\t' => clean.push_str("    "),
            '\u{2028}' | '\u{2029}' => clean.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {}
            other if other.is_control() => {}
            other => clean.push(other),
        }
    }
    clean
}

/// A block that holds other blocks: what stands before its first line, and before all others.
struct Container {
    first: Option<String>,
    rest: String,
    is_item: bool,
}

struct List {
    /// The number of the next item, for an ordered list.
    next: Option<u64>,
    /// What stands after the number, or alone.
    marker: char,
    loose: bool,
}

/// Where a list ended: another one of its kind that starts right there needs another marker to be one of its own.
#[derive(PartialEq)]
struct ListEnd {
    lines: usize,
    depth: usize,
    ordered: bool,
}

/// A link whose text is being collected; the run is what stood before it.
struct OpenLink {
    target: Option<String>,
    before: Run,
    is_html: bool,
}

struct Table {
    alignments: Vec<Alignment>,
    row: Vec<String>,
}

/// Writes blocks, line by line, as their events come.
#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    containers: Vec<Container>,
    lists: Vec<List>,
    last_list: Option<(ListEnd, char)>,
    /// Whether an empty line comes before the next line.
    blank: bool,
    run: Run,
    links: Vec<OpenLink>,
    heading: Option<usize>,
    /// The language and the text of the code block that is open.
    code: Option<(String, String)>,
    /// The text of the HTML block that is open.
    html: Option<String>,
    /// The text of the `<code>` element that is open.
    html_code: Option<String>,
    /// Whether the paragraph at hand is an item of an HTML list.
    html_item: bool,
    /// Where the last item of an HTML list ended.
    html_item_end: Option<usize>,
    table: Option<Table>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => match &mut self.html_code {
                Some(code) => code.push_str(&printable(&text)),
                None => self.run.code(&printable(&text)),
            },
            Event::Html(text) => match &mut self.html {
                Some(html) => html.push_str(&text),
                None => self.pieces(&text),
            },
            Event::InlineHtml(text) => self.pieces(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.hard_break(),
            Event::Rule => {
                self.flush();
                self.line("___");
                self.end_block();
            }
            // Extensions that are not enabled.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text)
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        // Entities may stand for anything.
        let text = &printable(text);
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
        } else if let Some(html) = &mut self.html {
            html.push_str(text);
        } else if let Some(code) = &mut self.html_code {
            code.push_str(text);
        } else {
            let inside_link = self.links.iter().any(|link| link.target.is_some());
            self.run.text(text, inside_link);
        }
    }

    fn markup(&mut self, mark: &str) {
        if self.html_code.is_none() {
            self.run.markup(mark);
        }
    }

    fn hard_break(&mut self) {
        if self.table.is_some() || self.heading.is_some() || self.html_code.is_some() {
            self.text(" ");
        } else if self.run.is_at_hard_break() && self.links.is_empty() {
            // Two in a row are how HTML is used to set paragraphs apart.
            self.end_paragraph();
        } else {
            self.run.hard_break();
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.flush();
                if self.in_item()
                    && let Some(list) = self.lists.last_mut()
                {
                    list.loose = true;
                }
            }
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level as usize);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.containers.push(Container {
                    first: Some("> ".to_owned()),
                    rest: "> ".to_owned(),
                    is_item: false,
                });
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.code = Some((language(&kind), String::new()));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(String::new());
            }
            Tag::List(next) => self.start_list(next),
            Tag::Item => self.start_item(),
            Tag::Table(alignments) => {
                self.flush();
                // A header row right after a line of prose would belong to the prose.
                self.blank |= self.containers.last().is_none_or(|container| container.first.is_none());
                self.table = Some(Table { alignments, row: Vec::new() });
            }
            Tag::Emphasis => self.markup("*"),
            Tag::Strong => self.markup("**"),
            Tag::Strikethrough => self.markup("~~"),
            Tag::Link { dest_url, .. } => self.start_link(&dest_url, false),
            Tag::Image { dest_url, .. } => self.start_link(&dest_url, false),
            // The rest of tables is written at their ends; the others are extensions that are not enabled.
            Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) => self.flush(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.containers.pop();
                self.blank = false;
                self.end_block();
            }
            TagEnd::CodeBlock => {
                if let Some((language, text)) = self.code.take() {
                    self.code_block(&language, &text);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html_block(&html);
                }
            }
            TagEnd::List(ordered) => self.end_list(ordered),
            TagEnd::Item => {
                self.flush();
                if self.containers.last().is_some_and(|item| item.first.is_some()) {
                    self.line("");
                }
                self.containers.pop();
            }
            TagEnd::TableCell => {
                self.close_inlines();
                let cell = std::mem::take(&mut self.run).one_line().replace('|', "\\|");
                if let Some(table) = &mut self.table {
                    table.row.push(cell);
                }
            }
            TagEnd::TableHead => {
                self.table_row();
                self.table_rule();
            }
            TagEnd::TableRow => self.table_row(),
            TagEnd::Table => {
                self.table = None;
                self.end_block();
            }
            TagEnd::Emphasis => self.markup("*"),
            TagEnd::Strong => self.markup("**"),
            TagEnd::Strikethrough => self.markup("~~"),
            TagEnd::Link | TagEnd::Image => self.end_link(false),
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn start_list(&mut self, next: Option<u64>) {
        self.flush();
        let markers = if next.is_some() { ('.', ')') } else { ('-', '*') };
        let here = ListEnd { lines: self.lines.len(), depth: self.containers.len(), ordered: next.is_some() };
        let marker = match &self.last_list {
            Some((end, marker)) if *end == here && *marker == markers.0 => markers.1,
            _ => markers.0,
        };
        self.lists.push(List { next, marker, loose: false });
    }

    fn start_item(&mut self) {
        let Some(list) = self.lists.last_mut() else { return };
        let first = match &mut list.next {
            Some(number) => {
                let marker = format!("{number}{} ", list.marker);
                *number += 1;
                marker
            }
            None => format!("{} ", list.marker),
        };
        self.blank |= list.loose;
        let rest = " ".repeat(first.len());
        self.containers.push(Container { first: Some(first), rest, is_item: true });
    }

    fn end_list(&mut self, ordered: bool) {
        if let Some(list) = self.lists.pop() {
            let end = ListEnd { lines: self.lines.len(), depth: self.containers.len(), ordered };
            self.last_list = Some((end, list.marker));
        }
        self.blank = false;
        self.end_block();
    }

    fn start_link(&mut self, target: &str, is_html: bool) {
        let lower = target.to_ascii_lowercase();
        let absolute = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
        // A link inside a link (an image, mostly) is text.
        let target = (absolute && self.links.is_empty()).then(|| printable(target));
        let before = std::mem::take(&mut self.run);
        self.links.push(OpenLink { target, before, is_html });
    }

    /// Ends the innermost link of its kind; one of HTML inside one of Markdown ends with that.
    fn end_link(&mut self, is_html: bool) {
        if is_html && !self.links.last().is_some_and(|link| link.is_html) {
            return;
        }
        while let Some(link) = self.links.pop() {
            let text = std::mem::replace(&mut self.run, link.before);
            self.run.link(text, link.target.as_deref());
            if link.is_html == is_html {
                break;
            }
        }
    }

    /// Ends what HTML left open.
    fn close_inlines(&mut self) {
        if let Some(code) = self.html_code.take() {
            self.run.code(&code);
        }
        while let Some(link) = self.links.pop() {
            let text = std::mem::replace(&mut self.run, link.before);
            self.run.link(text, link.target.as_deref());
        }
    }

    fn pieces(&mut self, html: &str) {
        for piece in html::pieces(html) {
            match piece {
                Piece::Text(text) => self.text(&text),
                Piece::Space => self.text(" "),
                Piece::LineBreak => self.hard_break(),
                // Inside a heading or a table there is one line only.
                Piece::Paragraph | Piece::Item if self.heading.is_some() || self.table.is_some() => {
                    self.text(" ")
                }
                Piece::Paragraph => self.end_paragraph(),
                Piece::Item => {
                    self.flush();
                    self.html_item = true;
                }
                Piece::CodeStart if self.html_code.is_none() => self.html_code = Some(String::new()),
                Piece::CodeStart => {}
                Piece::CodeEnd => {
                    if let Some(code) = self.html_code.take() {
                        self.run.code(&code);
                    }
                }
                Piece::LinkStart(_) if self.html_code.is_some() => {}
                Piece::LinkStart(target) => self.start_link(&target, true),
                Piece::LinkEnd => self.end_link(true),
            }
        }
    }

    fn html_block(&mut self, html: &str) {
        match html::preformatted(html) {
            Some(text) => self.code_block("text", &printable(&text)),
            None => self.pieces(html),
        }
        self.flush();
    }

    fn code_block(&mut self, language: &str, text: &str) {
        let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(3.max(longest + 1));
        self.line(&format!("{fence}{language}"));
        for line in text.trim_end().lines() {
            self.line(line);
        }
        self.line(&fence);
        self.end_block();
    }

    fn table_row(&mut self) {
        if let Some(table) = &mut self.table {
            let row = format!("| {} |", std::mem::take(&mut table.row).join(" | "));
            self.line(&row);
        }
    }

    fn table_rule(&mut self) {
        if let Some(table) = &self.table {
            let cells = table.alignments.iter().map(|alignment| match alignment {
                Alignment::None => " --- |",
                Alignment::Left => " :-- |",
                Alignment::Center => " :-: |",
                Alignment::Right => " --: |",
            });
            let rule = format!("|{}", cells.collect::<String>());
            self.line(&rule);
        }
    }

    /// Ends a paragraph inside what CommonMark takes for one, or for a block of HTML.
    fn end_paragraph(&mut self) {
        let lines = self.lines.len();
        self.flush();
        self.blank |= self.lines.len() > lines;
    }

    /// Writes the paragraph or heading at hand.
    fn flush(&mut self) {
        self.close_inlines();
        let run = std::mem::take(&mut self.run);
        let heading = self.heading.take();
        let html_item = std::mem::take(&mut self.html_item);
        if run.is_blank() {
            return;
        }
        if let Some(level) = heading {
            let text = run.one_line();
            let text = match text.strip_suffix('#') {
                Some(before) => format!("{before}\\#"),
                None => text,
            };
            self.line(&format!("{} {text}", "#".repeat(level)));
            self.end_block();
            return;
        }
        if html_item {
            if self.html_item_end == Some(self.lines.len()) {
                self.blank = false;
            }
            self.containers.push(Container {
                first: Some("- ".to_owned()),
                rest: "  ".to_owned(),
                is_item: true,
            });
        }
        let indentation: usize = self.containers.iter().map(|container| container.rest.len()).sum();
        for line in run.wrap(WIDTH.saturating_sub(indentation).max(NARROWEST)) {
            self.line(&line);
        }
        if html_item {
            self.containers.pop();
            self.html_item_end = Some(self.lines.len());
            self.blank = true;
        } else {
            self.end_block();
        }
    }

    fn in_item(&self) -> bool {
        self.containers.last().is_some_and(|container| container.is_item)
    }

    /// Blocks are set apart by an empty line, except for those in the items of a tight list.
    fn end_block(&mut self) {
        let tight = self.in_item() && self.lists.last().is_some_and(|list| !list.loose);
        self.blank |= !tight;
    }

    fn line(&mut self, text: &str) {
        if self.blank && !self.lines.is_empty() {
            let started = self.containers.iter().take_while(|container| container.first.is_none());
            let prefix: String = started.map(|container| container.rest.as_str()).collect();
            self.lines.push(prefix.trim_end().to_owned());
        }
        self.blank = false;
        let mut line = String::new();
        for container in &mut self.containers {
            match container.first.take() {
                Some(first) => line.push_str(&first),
                None => line.push_str(&container.rest),
            }
        }
        line.push_str(text);
        line.truncate(line.trim_end().len());
        self.lines.push(line);
    }

    fn finish(mut self) -> Vec<String> {
        self.flush();
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines
    }
}

/// The language that a code block is marked with: one that rustdoc does not take for Rust.
fn language(kind: &CodeBlockKind<'_>) -> String {
    let CodeBlockKind::Fenced(information) = kind else { return "text".to_owned() };
    let end = |character: char| character.is_whitespace() || character == ',' || character == '{';
    let language = information.split(end).next().unwrap_or_default().to_ascii_lowercase();
    if LANGUAGES.contains(&language.as_str()) { language } else { "text".to_owned() }
}

#[cfg(test)]
mod tests;
