//! reStructuredText into blocks.
//!
//! What API pages use of it: sections, paragraphs, lists, targets, literal blocks, admonitions, and tables as grids, in
//! columns and as lists.

mod inline;
mod lines;
mod tables;

use super::above::Above;
use super::page::{Block, Cell, Content, Row, Table};
use lines::{Line, adornment, dedent, indent, item, lines};

/// Lists and notes that are deeper are read as text.
const DEEPEST: usize = 32;

/// The blocks of a page.
pub(super) fn blocks(source: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    reader.body(&lines(source), Context { depth: 0, quoted: false });
    reader.blocks
}

/// Where lines stand.
#[derive(Clone, Copy)]
struct Context {
    depth: usize,
    quoted: bool,
}

impl Context {
    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    above: Above,
    /// The adornments of headings, the highest level first.
    adornments: Vec<(char, bool)>,
    /// The texts of the items of lists.
    items: Vec<String>,
}

impl Reader {
    /// Reads lines of one indentation, with what is deeper below them.
    fn body(&mut self, lines: &[Line<'_>], context: Context) {
        let mut rest = lines;
        while let Some((first, below)) = rest.split_first() {
            let taken = if first.text.is_empty() {
                1
            } else if context.depth >= DEEPEST {
                self.paragraph(rest, context)
            } else if indent(first) > 0 {
                let taken = block_length(rest, |line| indent(line) > 0);
                self.body(&dedent(rest.get(..taken).unwrap_or_default()), context.deeper());
                taken
            } else {
                self.heading(rest, context)
                    .or_else(|| self.explicit(first, below, context))
                    .or_else(|| self.table(rest, context))
                    .or_else(|| self.list_item(first, below, context))
                    .or_else(|| field_list(first, below))
                    .unwrap_or_else(|| self.paragraph(rest, context))
            };
            rest = rest.get(taken.max(1)..).unwrap_or_default();
        }
    }

    /// A title with a line under it, and maybe one above. How many lines it takes.
    fn heading(&mut self, lines: &[Line<'_>], context: Context) -> Option<usize> {
        if context.depth > 0 {
            return None;
        }
        let (title, mark, taken) = match lines {
            [over, title, under, ..]
                if adornment(over).is_some()
                    && adornment(over) == adornment(under)
                    && !title.text.is_empty() =>
            {
                (title, (adornment(over)?, true), 3)
            }
            [title, under, ..] if adornment(title).is_none() => {
                let width = title.text.chars().count();
                let mark = adornment(under).filter(|_| under.text.chars().count() >= width.min(4))?;
                (title, (mark, false), 2)
            }
            _ => return None,
        };
        let level = self.adornments.iter().position(|known| *known == mark).unwrap_or_else(|| {
            self.adornments.push(mark);
            self.adornments.len() - 1
        });
        // A target above a heading leads to what stands below it.
        let anchors = std::mem::take(&mut self.above.anchors);
        self.above = Above { anchors, ..Above::default() };
        let text = inline::text(title.text.trim()).text;
        let level = u8::try_from(level + 1).unwrap_or(u8::MAX).min(6);
        self.block(title.number, context, Content::Heading { level, text });
        Some(taken)
    }

    /// A target, a directive or a comment. How many lines it takes.
    fn explicit(&mut self, first: &Line<'_>, below: &[Line<'_>], context: Context) -> Option<usize> {
        let text =
            first.text.strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with(' '))?.trim();
        let taken = block_length(below, |line| indent(line) > 0);
        let body = dedent(below.get(..taken).unwrap_or_default());
        if let Some(target) = text.strip_prefix('_').and_then(|rest| rest.strip_suffix(':')) {
            self.above.anchors.push(inline::anchor(target));
            // What is indented below a target in a list belongs to the list.
            self.body(&body, context.deeper());
        } else if let Some((name, argument)) = text.split_once("::") {
            self.directive(first, name.trim(), argument.trim(), &body, context);
        }
        Some(taken + 1)
    }

    fn directive(
        &mut self,
        first: &Line<'_>,
        name: &str,
        argument: &str,
        body: &[Line<'_>],
        context: Context,
    ) {
        let (options, content) = lines::options(body);
        match name {
            "table" | "list-table" => {
                if !argument.is_empty() {
                    self.above.add(&inline::text(argument));
                }
                if name == "table" {
                    self.body(content, context.deeper());
                } else {
                    let headers = options.iter().find(|(name, _)| *name == "header-rows");
                    let headers = headers.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
                    self.take_table(first.number, &tables::list(content, headers), context);
                }
            }
            "code" | "code-block" | "sourcecode" | "parsed-literal" => {
                self.code(first.number, content, context)
            }
            "note" | "important" | "caution" | "warning" | "tip" | "hint" | "attention" | "danger"
            | "admonition" => {
                let quoted = Context { quoted: true, ..context.deeper() };
                if !argument.is_empty() {
                    self.paragraph(&[Line { number: first.number, text: argument }], quoted);
                }
                self.body(content, quoted);
            }
            "image" | "figure" | "toctree" | "contents" | "raw" | "include" | "meta" => {}
            _ => self.body(content, context.deeper()),
        }
    }

    /// A table drawn with lines. How many lines it takes.
    fn table(&mut self, lines: &[Line<'_>], context: Context) -> Option<usize> {
        let (table, taken) = tables::grid(lines).or_else(|| tables::simple(lines))?;
        let number = lines.first().map_or(0, |line| line.number);
        self.take_table(number, &table, context);
        Some(taken)
    }

    fn take_table(&mut self, number: u32, drawn: &tables::Drawn<'_>, context: Context) {
        let Above { caption, lead, anchors } = std::mem::take(&mut self.above);
        let row = |cells: &Vec<Vec<Line<'_>>>| -> Vec<Cell> {
            cells.iter().map(|lines| cell(lines, context.depth + 1)).collect()
        };
        let header = drawn.header.as_ref().map(row).unwrap_or_default();
        let rows = drawn.rows.iter().map(|cells| {
            let line = cells.iter().flatten().map(|line| line.number).min().unwrap_or(number);
            Row { line, cells: row(cells) }
        });
        let table = Table { caption, lead, anchors, header, rows: rows.collect() };
        self.block(number, context, Content::Table(table));
    }

    /// An item of a list. How many lines it takes.
    fn list_item(&mut self, first: &Line<'_>, below: &[Line<'_>], context: Context) -> Option<usize> {
        let column = item(first.text)?;
        let taken = block_length(below, |line| indent(line) > 0);
        let rest = Line { number: first.number, text: first.text.get(column..).unwrap_or_default() };
        let mut body = vec![rest];
        body.extend(dedent(below.get(..taken).unwrap_or_default()));
        let before = self.blocks.len();
        self.body(&body, context.deeper());
        self.items.push(words(self.blocks.get(before..).unwrap_or_default()));
        Some(taken + 1)
    }

    /// Lines up to an empty one; when it ends in `::`, what is indented below is code. How many lines it takes.
    fn paragraph(&mut self, lines: &[Line<'_>], context: Context) -> usize {
        let Some(first) = lines.first() else { return 0 };
        let mut taken = lines.iter().take_while(|line| !line.text.is_empty()).count().max(1);
        // A term, and what is indented below it.
        if let Some(deeper) = lines.iter().take(taken).position(|line| indent(line) > 0).filter(|at| *at > 0)
        {
            taken = deeper;
        }
        let joined: Vec<&str> = lines.iter().take(taken).map(|line| line.text.trim()).collect();
        let joined = joined.join("\n");
        let announced = joined.strip_suffix("::");
        let shown = announced
            .map_or(joined.clone(), |rest| if rest.is_empty() { String::new() } else { format!("{rest}:") });
        let text = inline::text(shown.trim());
        if !text.text.is_empty() {
            self.above.anchors.extend(text.anchors.iter().cloned());
            self.above.add(&text);
            self.block(first.number, context, Content::Text(text));
        }
        if announced.is_some() {
            let below = lines.get(taken..).unwrap_or_default();
            let length = block_length(below, |line| indent(line) > 0);
            if let Some(code) =
                below.get(..length).filter(|code| code.iter().any(|line| !line.text.is_empty()))
            {
                let number = code.iter().find(|line| !line.text.is_empty()).map_or(0, |line| line.number);
                self.code(number, &dedent(code), context);
                return taken + length;
            }
        }
        taken
    }

    fn code(&mut self, number: u32, lines: &[Line<'_>], context: Context) {
        self.above = Above::default();
        let skipped = lines.iter().take_while(|line| line.text.is_empty()).count();
        let lines = lines.get(skipped..).unwrap_or_default();
        let number = lines.first().map_or(number, |line| line.number);
        let mut code = String::new();
        for line in lines {
            code.push_str(line.text);
            code.push('\n');
        }
        self.block(number, context, Content::Code(code));
    }

    fn block(&mut self, line: u32, context: Context, content: Content) {
        self.blocks.push(Block { line, quoted: context.quoted, content });
    }
}

/// How many lines belong to a block: those that do, and the empty ones between them.
fn block_length(lines: &[Line<'_>], belongs: impl Fn(&Line<'_>) -> bool) -> usize {
    let mut length = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.text.is_empty() {
            continue;
        }
        if !belongs(line) {
            break;
        }
        length = at + 1;
    }
    length
}

/// `:original_name: a.html` says nothing of an API. How many lines it takes.
fn field_list(first: &Line<'_>, below: &[Line<'_>]) -> Option<usize> {
    let (name, _) = first.text.strip_prefix(':')?.split_once(": ")?;
    let is_name = !name.is_empty() && !name.contains([':', '`']);
    is_name.then(|| 1 + block_length(below, |line| indent(line) > 0))
}

/// A cell of a table from its lines.
fn cell(lines: &[Line<'_>], depth: usize) -> Cell {
    let mut reader = Reader::default();
    let lines = dedent(lines);
    // Depth 1 at least: no headings in a cell.
    reader.body(&lines, Context { depth: depth.max(1), quoted: false });
    let links = reader.blocks.iter().flat_map(|block| match &block.content {
        Content::Text(text) => text.links.clone(),
        _ => Vec::new(),
    });
    let line =
        lines.iter().find(|line| !line.text.is_empty()).or(lines.first()).map_or(0, |line| line.number);
    Cell { line, links: links.collect(), text: words(&reader.blocks), items: reader.items }
}

/// The words of blocks, one below the other.
fn words(blocks: &[Block]) -> String {
    let texts = blocks.iter().filter_map(|block| match &block.content {
        Content::Heading { text, .. } => Some(text.as_str()),
        Content::Text(text) => Some(text.text.as_str()),
        Content::Code(code) => Some(code.trim_end()),
        Content::Table(_) => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Content, blocks};

    fn shown(page: &str) -> Vec<String> {
        blocks(page)
            .into_iter()
            .map(|block| {
                let mark = if block.quoted { ">" } else { "" };
                let text = match block.content {
                    Content::Heading { level, text } => format!("{} {text}", "#".repeat(level.into())),
                    Content::Text(text) => {
                        let links: Vec<&str> = text.links.iter().map(|link| link.target.as_str()).collect();
                        format!(
                            "{}{}",
                            text.text,
                            if links.is_empty() { String::new() } else { format!(" {links:?}") }
                        )
                    }
                    Content::Code(code) => format!("` {}", code.trim_end()),
                    Content::Table(table) => {
                        let cells = |row: &[super::Cell]| {
                            row.iter()
                                .map(|cell| cell.text.replace('\n', "/"))
                                .collect::<Vec<_>>()
                                .join(" | ")
                        };
                        let rows: Vec<String> = table
                            .rows
                            .iter()
                            .map(|row| format!("{}: {}", row.line, cells(&row.cells)))
                            .collect();
                        let caption =
                            table.caption.map(|caption| format!("{} {}", caption.number, caption.text));
                        format!("table {caption:?} {:?} [{}] {rows:?}", table.anchors, cells(&table.header))
                    }
                };
                format!("{}{mark} {text}", block.line)
            })
            .collect()
    }

    #[test]
    fn a_page_of_all_constructs() {
        insta::assert_snapshot!("blocks", shown(include_str!("rst/page.rst")).join("\n"));
    }

    #[test]
    fn what_is_broken_is_read_as_text() {
        for page in [
            "+---+\n| a\n",
            "====\n",
            "=== ===\na\n",
            "..",
            ".. list-table::\n\n   * a\n",
            "* - a\n",
            "::\n",
            "`a <b",
            "**",
            ":a:`",
        ] {
            let _ = shown(page);
        }
        assert_eq!(shown("+---+\n| a\n"), ["1 +---+\n| a"]);
    }

    #[test]
    fn lines_that_meet_nowhere_end() {
        let mut page = format!("+-{}\n", "+".repeat(1_500));
        page.push_str(&format!("{}\n", "|".repeat(1_500)).repeat(1_500));
        assert!(!blocks(&page).iter().any(|block| matches!(block.content, Content::Table(_))));
    }

    #[test]
    fn deep_lists_end() {
        let mut page = String::new();
        for depth in 0..500 {
            page.push_str(&"  ".repeat(depth));
            page.push_str("- a\n\n");
        }
        assert!(!blocks(&page).is_empty());
    }
}
