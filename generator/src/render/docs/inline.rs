//! Prose inside one block: escaped, joined, and wrapped into lines.

#[derive(Clone, Copy, Debug, PartialEq)]
enum Gap {
    Space,
    HardBreak,
}

/// What stands between two gaps is never split.
#[derive(Debug)]
struct Word {
    /// The gap before it; none only for a first word.
    gap: Option<Gap>,
    text: String,
}

/// The inline content of a block, written as CommonMark.
#[derive(Debug, Default)]
pub(super) struct Run {
    words: Vec<Word>,
    /// The gap before the word to come.
    gap: Option<Gap>,
}

impl Run {
    /// Adds text that means itself. Bare URLs become links, except inside a link.
    pub(super) fn text(&mut self, text: &str, inside_link: bool) {
        let mut previous = None;
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if !inside_link && let Some(url) = bare_url(rest) {
                self.url(url);
                previous = url.chars().next_back();
                rest = rest.get(url.len()..).unwrap_or_default();
                continue;
            }
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
            if character.is_whitespace() {
                self.space();
            } else {
                if needs_escape(previous, character, rest) {
                    self.add("\\");
                }
                self.add(character.encode_utf8(&mut [0; 4]));
            }
            previous = Some(character);
        }
    }

    /// Adds marks of CommonMark.
    pub(super) fn markup(&mut self, marks: &str) {
        self.add(marks);
    }

    /// Adds a code span. It is never split: a line of it could look like a block.
    pub(super) fn code(&mut self, code: &str) {
        let code = code.replace(char::is_whitespace, " ");
        if code.trim().is_empty() {
            return self.space();
        }
        // Two spans side by side would be one with a longer fence.
        if self.words.last().is_some_and(|word| word.text.ends_with('`')) {
            self.space();
        }
        let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let padded =
            code.starts_with('`') || code.ends_with('`') || (code.starts_with(' ') && code.ends_with(' '));
        let padding = if padded { " " } else { "" };
        self.add(&format!("{fence}{padding}{code}{padding}{fence}"));
    }

    /// Adds a link with `text`; without a target, the text alone.
    pub(super) fn link(&mut self, text: Run, target: Option<&str>) {
        let Some(target) = target else {
            return self.append(text);
        };
        let plain = text.one_line();
        if plain.is_empty() || plain == escaped(target) {
            return self.url(target);
        }
        if self.gap.is_none()
            && let Some(last) = self.words.last_mut()
            && last.text.ends_with('!')
        {
            last.text.pop();
            last.text.push_str("\\!");
        }
        let after = text.gap;
        for (index, word) in text.words.into_iter().enumerate() {
            self.gap = self.gap.or(word.gap);
            if index == 0 {
                self.add("[");
            }
            self.add(&word.text);
        }
        let target = target.replace('\\', "%5C").replace('<', "%3C").replace('>', "%3E");
        let target = target.replace(char::is_whitespace, "%20");
        let target = if target.contains(['(', ')']) { format!("<{target}>") } else { target };
        self.add(&format!("]({target})"));
        self.gap = after;
    }

    /// Adds a URL as a link to itself; one that is a template, or broken, as code.
    fn url(&mut self, url: &str) {
        let odd = |character: char| character.is_whitespace() || "<>{}`\\".contains(character);
        if url.contains(odd) {
            self.code(url);
        } else {
            self.add(&format!("<{url}>"));
        }
    }

    pub(super) fn hard_break(&mut self) {
        if !self.words.is_empty() {
            self.gap = Some(Gap::HardBreak);
        }
    }

    /// Whether a hard break was added last.
    pub(super) fn is_at_hard_break(&self) -> bool {
        self.gap == Some(Gap::HardBreak)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// The content without any break, for headings and table cells.
    pub(super) fn one_line(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }

    /// The content in lines of at most `width` characters, where its words allow that.
    pub(super) fn wrap(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut length = 0;
        for word in &self.words {
            let characters = word.text.chars().count();
            let is_hard = word.gap == Some(Gap::HardBreak) && !line.is_empty();
            if is_hard {
                line.push('\\');
            }
            if is_hard || (length > 0 && length + 1 + characters > width) {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if line.is_empty() {
                line.push_str(&not_a_block(&word.text));
            } else {
                line.push(' ');
                line.push_str(&word.text);
                length += 1;
            }
            length += characters;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    fn append(&mut self, other: Run) {
        for word in other.words {
            self.gap = self.gap.or(word.gap);
            self.add(&word.text);
        }
        self.gap = self.gap.or(other.gap);
    }

    fn space(&mut self) {
        self.gap = self.gap.or(Some(Gap::Space));
    }

    /// Adds to the word at the end, or starts the next one after a gap.
    fn add(&mut self, text: &str) {
        let gap = self.gap.take();
        match self.words.last_mut() {
            Some(last) if gap.is_none() => last.text.push_str(text),
            _ => self.words.push(Word { gap, text: text.to_owned() }),
        }
    }
}

/// Text as [`Run::text`] writes it inside a link.
fn escaped(text: &str) -> String {
    let mut run = Run::default();
    run.text(text, true);
    run.one_line()
}

/// Whether `character`, between `previous` and `rest`, could be taken for a mark.
fn needs_escape(previous: Option<char>, character: char, rest: &str) -> bool {
    let next = rest.chars().next();
    let alphanumeric = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    match character {
        '*' | '`' | '[' | ']' | '~' => true,
        '_' => !(alphanumeric(previous) && alphanumeric(next)),
        '\\' => !alphanumeric(next) || bare_url(rest).is_some(),
        '<' => next.is_none_or(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
        '&' => {
            let name = rest.trim_start_matches(|next: char| next.is_ascii_alphanumeric() || next == '#');
            name.starts_with(';') && name.len() < rest.len()
        }
        _ => false,
    }
}

/// The word at the start of a line: escaped if it would start a block or underline the line before.
fn not_a_block(word: &str) -> String {
    let all = |marks: &str| word.chars().all(|character| marks.contains(character));
    if word == "+" || word.starts_with('>') || all("-:|") || all("#") || all("=") {
        return format!("\\{word}");
    }
    match word.char_indices().next_back() {
        Some((at, mark @ ('.' | ')'))) => match word.get(..at) {
            Some(number) if !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()) => {
                format!("{number}\\{mark}")
            }
            _ => word.to_owned(),
        },
        _ => word.to_owned(),
    }
}

/// The URL that `text` starts with, without the punctuation of the sentence around it.
fn bare_url(text: &str) -> Option<&str> {
    let after = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let scheme = text.len() - after.len();
    let end = |character: char| {
        character.is_whitespace() || !character.is_ascii() || "<>\"`\\|^".contains(character)
    };
    let length = text.find(end).unwrap_or(text.len());
    let mut url = text.get(..length)?;
    loop {
        let unbalanced = |open: char, close: char| url.matches(close).count() > url.matches(open).count();
        let trailing = match url.chars().next_back()? {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => true,
            ')' => unbalanced('(', ')'),
            ']' => unbalanced('[', ']'),
            '}' => unbalanced('{', '}'),
            _ => false,
        };
        if !trailing {
            break;
        }
        url = url.get(..url.len() - 1)?;
    }
    (url.len() > scheme).then_some(url)
}
