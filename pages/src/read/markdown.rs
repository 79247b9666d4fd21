//! Markdown into blocks.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::above::Above;
use super::html;
use super::page::{Block, Content, Link, Table, Text};

/// The blocks of a page.
pub(super) fn blocks(source: &str) -> Vec<Block> {
    let mut reader = Reader::new(source);
    for (event, range) in Parser::new_ext(source, Options::empty()).into_offset_iter() {
        // The inside of a table is HTML, whatever Markdown makes of it behind an empty line.
        if range.start >= reader.skip_to {
            reader.event(event, range);
        }
    }
    reader.flush();
    reader.blocks
}

struct Reader<'source> {
    source: &'source str,
    /// The byte at which each line starts.
    lines: Vec<usize>,
    blocks: Vec<Block>,
    /// The text of the block that is being read.
    text: Text,
    start: Option<usize>,
    heading: Option<u8>,
    code: Option<String>,
    link: Option<Link>,
    /// Up to which byte a quotation goes.
    quoted_to: usize,
    skip_to: usize,
    above: Above,
}

impl<'source> Reader<'source> {
    fn new(source: &'source str) -> Self {
        let lines = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            source,
            lines,
            blocks: Vec::new(),
            text: Text::default(),
            start: None,
            heading: None,
            code: None,
            link: None,
            quoted_to: 0,
            skip_to: 0,
            above: Above::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => {
                self.flush();
                self.quoted_to = self.quoted_to.max(range.end);
            }
            Event::Start(Tag::Heading { level, .. }) => {
                self.flush();
                self.heading = Some(level_number(level));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                self.flush();
                self.code = Some(String::new());
            }
            Event::Start(Tag::HtmlBlock) => {
                self.flush();
                self.html(range);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = Some(Link { target: dest_url.to_string(), text: String::new() });
            }
            Event::End(TagEnd::Link) => self.text.links.extend(self.link.take()),
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_))
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::List(_)
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::BlockQuote(_),
            ) => self.flush(),
            Event::Text(text) | Event::Code(text) => self.push(&text, range.start),
            Event::SoftBreak | Event::HardBreak => self.push("\n", range.start),
            Event::InlineHtml(text) => {
                self.start.get_or_insert(range.start);
                self.text.anchors.extend(html::anchors(&text));
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, at: usize) {
        self.start.get_or_insert(at);
        if let Some(code) = &mut self.code {
            return code.push_str(text);
        }
        self.text.text.push_str(text);
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
        }
    }

    /// Ends the block that is being read.
    fn flush(&mut self) {
        self.text.links.extend(self.link.take());
        let text = std::mem::take(&mut self.text);
        let start = self.start.take();
        if let Some(code) = self.code.take() {
            self.above = Above::default();
            return self.block(start.unwrap_or(0), Content::Code(code));
        }
        let heading = self.heading.take();
        let Some(start) = start else { return };
        if let Some(level) = heading {
            self.above = Above { anchors: text.anchors, ..Above::default() };
            let text = text.text.trim().to_owned();
            return self.block(start, Content::Heading { level, text });
        }
        self.above.anchors.extend(text.anchors.iter().cloned());
        let trimmed = text.text.trim();
        if trimmed.is_empty() {
            return;
        }
        let text = Text { text: trimmed.to_owned(), ..text };
        self.above.add(&text);
        self.block(start, Content::Text(text));
    }

    /// Takes the tables of a block of HTML; it ends for Markdown at an empty line, and a table at its end tag.
    fn html(&mut self, range: std::ops::Range<usize>) {
        let mut at = range.start;
        while let Some(found) = self.source.get(at..range.end).and_then(|block| block.find("<table")) {
            let before = self.source.get(at..at + found).unwrap_or_default();
            self.above.anchors.extend(html::anchors(before));
            let start = at + found;
            let rest = self.source.get(start..).unwrap_or_default();
            let end = start + table_length(rest);
            let text = self.source.get(start..end).unwrap_or_default();
            let above = std::mem::take(&mut self.above);
            let (header, rows) = html::table(text, self.line(start));
            let Above { caption, lead, anchors } = above;
            self.block(start, Content::Table(Table { caption, lead, anchors, header, rows }));
            self.skip_to = end;
            at = end.max(start + 1);
        }
        if at < range.end {
            let rest = self.source.get(at..range.end).unwrap_or_default();
            self.above.anchors.extend(html::anchors(rest));
        }
    }

    fn block(&mut self, start: usize, content: Content) {
        let quoted = start < self.quoted_to;
        self.blocks.push(Block { line: self.line(start), quoted, content });
    }

    fn line(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }
}

/// How many bytes a table takes, tables in its cells included.
fn table_length(text: &str) -> usize {
    const END: &str = "</table>";
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let open = rest.find("<table");
        let Some(close) = rest.find(END) else { return text.len() };
        if let Some(open) = open.filter(|open| *open < close) {
            depth += 1;
            at += open + "<table".len();
        } else {
            depth = depth.saturating_sub(1);
            at += close + END.len();
            if depth == 0 {
                return at;
            }
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, blocks};

    #[test]
    fn blocks_have_their_lines_and_lists_are_opened() {
        let page = "# Title<a name=\"t\"></a>\n\n-   URI格式\n\n    PUT /v1/\\{project\\_id\\}/a\\_b\n\n>note\n\n```\nGET /x\n```\n";
        let found: Vec<(u32, bool, String)> = blocks(page)
            .into_iter()
            .map(|block| {
                let text = match block.content {
                    Content::Heading { text, .. } => format!("# {text}"),
                    Content::Text(text) => text.text,
                    Content::Code(code) => format!("` {code}"),
                    Content::Table(_) => "table".to_owned(),
                };
                (block.line, block.quoted, text)
            })
            .collect();
        let expected = [
            (1, false, "# Title"),
            (3, false, "URI格式"),
            (5, false, "PUT /v1/{project_id}/a_b"),
            (7, true, "note"),
            (10, false, "` GET /x\n"),
        ];
        assert_eq!(found, expected.map(|(line, quoted, text)| (line, quoted, text.to_owned())));
    }

    #[test]
    fn a_table_knows_its_caption_and_anchors_and_goes_on_behind_empty_lines() {
        let page = "-   <a name=\"li1\"></a>volume参数说明\n\n    **表 2**  volume\\_a\n\n    <a name=\"table1\"></a>\n    <table><thead><tr><th>参数</th></tr></thead>\n    <tbody><tr><td><pre>a\n\n    # b</pre></td></tr>\n    <tr><td>c</td></tr></tbody></table>\n\ntail\n";
        let blocks = blocks(page);
        let Some(Content::Table(table)) = blocks.get(2).map(|block| &block.content) else {
            panic!("{blocks:#?}")
        };
        let caption = table.caption.as_ref().unwrap();
        assert_eq!((caption.number, caption.text.as_str()), (2, "volume_a"));
        assert_eq!(table.lead.as_deref(), Some("volume参数说明"));
        assert_eq!(table.anchors, ["li1", "table1"]);
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [7, 10]);
        assert_eq!(blocks.len(), 4, "{blocks:#?}");
    }
}
