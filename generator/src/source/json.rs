//! JSON (RFC 8259) straight into nodes: one pass over the text that keeps count of lines and columns.

use super::{Entry, FileId, Limits, Node, Object, Place, Position, ReadResult, Reading, Value};
use crate::diagnostics::{Code, Diagnostic};

/// Reads one JSON text.
///
/// # Errors
///
/// The first place where the text is not JSON, or is nested more deeply than the limit.
pub(super) fn read(file: FileId, text: &str, limits: &Limits) -> ReadResult<Reading> {
    let mut reader = Reader {
        file,
        text,
        at: 0,
        line: 1,
        line_start: 0,
        depth: 0,
        deepest: limits.depth,
        findings: Vec::new(),
    };
    reader.skip_whitespace();
    let root = reader.value("a value")?;
    reader.skip_whitespace();
    if reader.peek().is_some() {
        return Err(reader.unexpected("the end of the file"));
    }
    Ok(Reading { root, findings: reader.findings })
}

struct Reader<'text> {
    file: FileId,
    text: &'text str,
    /// The byte that comes next.
    at: usize,
    line: u32,
    /// The byte at which the line starts, plus what its characters have taken beyond one byte each: the distance from
    /// here to `at` is a number of characters.
    line_start: usize,
    depth: usize,
    deepest: usize,
    findings: Vec<Diagnostic>,
}

impl<'text> Reader<'text> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn position(&self) -> Position {
        let column = u32::try_from(self.at - self.line_start).unwrap_or(u32::MAX);
        Position { line: self.line, column: column.saturating_add(1) }
    }

    fn place_from(&self, start: Position) -> Place {
        Place { file: self.file, start, end: self.position() }
    }

    fn skip_whitespace(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\n' | b'\r' => {
                    self.at += 1;
                    if byte == b'\r' && self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    self.line = self.line.saturating_add(1);
                    self.line_start = self.at;
                }
                _ => break,
            }
        }
    }

    /// The value that starts right here; `expected` names it for the case that none does.
    fn value(&mut self, expected: &str) -> ReadResult<Node> {
        let start = self.position();
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b'a'..=b'z') => match self.word() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                _ => return Err(self.unexpected(expected)),
            },
            _ => return Err(self.unexpected(expected)),
        };
        if matches!(value, Value::Bool(_) | Value::Null) {
            self.at += self.word().len();
        }
        Ok(Node { place: self.place_from(start), value })
    }

    fn nested(&mut self, read: fn(&mut Self) -> ReadResult<Value>) -> ReadResult<Value> {
        if self.depth >= self.deepest {
            return Err(Box::new(super::load::too_deep(self.place_of_next(1), self.deepest)));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_whitespace();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// What follows `{`, up to and with `}`.
    fn object(&mut self) -> ReadResult<Value> {
        let mut entries = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Object::default()));
        }
        loop {
            let start = self.position();
            if self.peek() != Some(b'"') {
                let expected = if entries.is_empty() {
                    "a key in double quotes or `}`"
                } else {
                    "a key in double quotes"
                };
                return Err(self.unexpected(expected));
            }
            let key = self.string()?;
            let key_place = self.place_from(start);
            self.skip_whitespace();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("`:` after the key"));
            }
            self.at += 1;
            self.skip_whitespace();
            let value = self.value("the value of the key")?;
            entries.push(Entry { key, key_place, value });
            self.skip_whitespace();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("`,` or `}`")),
            }
            self.skip_whitespace();
        }
        self.at += 1;
        let (object, repeated) = Object::new(entries);
        self.findings.extend(repeated.iter().map(super::load::repeated_key));
        Ok(Value::Object(object))
    }

    /// What follows `[`, up to and with `]`.
    fn array(&mut self) -> ReadResult<Value> {
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            let expected = if items.is_empty() { "a value or `]`" } else { "a value" };
            items.push(self.value(expected)?);
            self.skip_whitespace();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("`,` or `]`")),
            }
            self.skip_whitespace();
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    /// A string, from its opening quote to behind its closing one.
    fn string(&mut self) -> ReadResult<String> {
        let opening = self.place_of_next(1);
        self.at += 1;
        let mut text = self.plain_run().to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push(self.escape()?);
                    text.push_str(self.plain_run());
                }
                Some(byte @ (b'\n' | b'\r' | b'\t')) => {
                    let (name, escape) = match byte {
                        b'\t' => ("a tab", "\\t"),
                        _ => ("a line break", "\\n"),
                    };
                    let mut finding = self.syntax(1, format!("found {name} in a string"));
                    finding
                        .help(format!("write it as `{escape}`, or close the string"))
                        .related(opening, "the string starts here");
                    return Err(finding);
                }
                Some(byte) => {
                    let mut finding = self.syntax(1, "found a control character in a string".to_owned());
                    finding.help(format!("write it as `\\u{byte:04x}`"));
                    return Err(finding);
                }
                None => {
                    let message = "found the end of the file in a string, expected `\"`".to_owned();
                    return Err(Box::new(Diagnostic::new(Code::Syntax, opening, message)));
                }
            }
        }
    }

    /// The characters of a string up to the next that is not simply itself.
    fn plain_run(&mut self) -> &'text str {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length =
            rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len());
        let run = self.text.get(self.at..self.at + length).unwrap_or_default();
        self.at += length;
        if !run.is_ascii() {
            self.line_start += run.len() - run.chars().count();
        }
        run
    }

    /// An escape sequence, or the two that make up one character beyond the basic plane.
    fn escape(&mut self) -> ReadResult<char> {
        let character = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                let mut finding =
                    self.syntax(2, "found an escape sequence that JSON does not have".to_owned());
                finding.help("write a backslash that means itself as `\\\\`");
                return Err(finding);
            }
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> ReadResult<char> {
        let Some(first) = self.code_unit(0) else {
            return Err(self.syntax(2, "expected four hexadecimal digits after `\\u`".to_owned()));
        };
        if let Some(character) = char::from_u32(u32::from(first)) {
            self.at += 6;
            return Ok(character);
        }
        let second = self.code_unit(6).unwrap_or_default();
        match char::decode_utf16([first, second]).next() {
            Some(Ok(character)) => {
                self.at += 12;
                Ok(character)
            }
            _ => Err(self.syntax(6, "found half of a surrogate pair, which is no character".to_owned())),
        }
    }

    /// The number in the `\uXXXX` that starts `distance` bytes from here.
    fn code_unit(&self, distance: usize) -> Option<u16> {
        let start = self.at + distance;
        let digits = self.text.get(start..start + 6)?.strip_prefix("\\u")?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u16::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> ReadResult<String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.syntax(1, "found a digit after a leading zero".to_owned()));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default().to_owned())
    }

    fn digits(&mut self) -> ReadResult<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected("a digit")) } else { Ok(()) }
    }

    /// The letters, digits and underscores that come next.
    fn word(&self) -> &'text str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// The place of the next `characters`.
    fn place_of_next(&self, characters: u32) -> Place {
        let start = self.position();
        let end = Position { column: start.column.saturating_add(characters), ..start };
        Place { file: self.file, start, end }
    }

    fn syntax(&self, characters: u32, message: String) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Code::Syntax, self.place_of_next(characters), message))
    }

    /// The finding that something else stands here than what was `expected`.
    fn unexpected(&self, expected: &str) -> Box<Diagnostic> {
        let Some(character) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return self.syntax(0, format!("found the end of the file, expected {expected}"));
        };
        let word = self.word();
        if word.is_empty() {
            let shown = if character.is_control() {
                character.escape_debug().to_string()
            } else {
                character.to_string()
            };
            let mut finding = self.syntax(1, format!("found `{shown}`, expected {expected}"));
            match character {
                '}' | ']' if !expected.contains('`') => {
                    finding.help("remove the comma before it: JSON has none after the last entry");
                }
                '\'' => {
                    finding.help("put strings into double quotes");
                }
                '/' | '#' => {
                    finding.help("remove the comment: JSON has none");
                }
                _ => {}
            }
            return finding;
        }
        let shown: String = word.chars().take(40).collect();
        let characters = u32::try_from(shown.chars().count()).unwrap_or_default();
        self.syntax(characters, format!("found `{shown}`, expected {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::source::{FileId, Limits, Node, Value};

    fn root(text: &str) -> Node {
        read(FileId(0), text, &Limits::default()).unwrap().root
    }

    /// Line and column of the finding, and its message.
    fn error(text: &str) -> (u32, u32, String) {
        let finding = read(FileId(0), text, &Limits::default()).err().unwrap();
        let start = finding.place.unwrap().start;
        (start.line, start.column, finding.message)
    }

    #[test]
    fn numbers_keep_their_text() {
        for text in ["0", "-0", "3.0", "1E400", "-12.50e-7", "123456789012345678901234567890"] {
            assert_eq!(root(text).value, Value::Number(text.to_owned()));
        }
    }

    #[test]
    fn escapes_are_decoded() {
        let text = r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00ü""#;
        assert_eq!(root(text).as_str(), Some("\"\\/\u{8}\u{c}\n\r\té😀ü"));
    }

    #[test]
    fn places_count_characters_and_every_kind_of_line_break() {
        let root = root("{\"ä\": [1,\r\n \"ö😀\", true],\r\"b\": {}}");
        let object = root.as_object().unwrap();
        let place = |node: &Node| {
            let place = node.place;
            (place.start.line, place.start.column, place.end.line, place.end.column)
        };
        let items = object.get("ä").unwrap().as_array().unwrap();
        assert_eq!(items.iter().map(place).collect::<Vec<_>>(), [(1, 8, 1, 9), (2, 2, 2, 6), (2, 8, 2, 12)]);
        assert_eq!(place(object.get("b").unwrap()), (3, 6, 3, 8));
        assert_eq!(place(&root), (1, 1, 3, 9));
        assert_eq!(object.entry("b").unwrap().key_place.start.line, 3);
    }

    #[test]
    fn messages_say_what_was_found_and_what_was_expected() {
        for (text, line, column, message) in [
            ("", 1, 1, "found the end of the file, expected a value"),
            ("{\"a\" 1}", 1, 6, "found `1`, expected `:` after the key"),
            ("{\"a\": 1\n \"b\": 2}", 2, 2, "found `\"`, expected `,` or `}`"),
            ("{a: 1}", 1, 2, "found `a`, expected a key in double quotes or `}`"),
            ("{\"a\": 'x'}", 1, 7, "found `'`, expected the value of the key"),
            ("[1, 2,]", 1, 7, "found `]`, expected a value"),
            ("[1, undefined]", 1, 5, "found `undefined`, expected a value"),
            ("[1 2]", 1, 4, "found `2`, expected `,` or `]`"),
            ("[1", 1, 3, "found the end of the file, expected `,` or `]`"),
            ("[01]", 1, 3, "found a digit after a leading zero"),
            ("[1.]", 1, 4, "found `]`, expected a digit"),
            ("[-x]", 1, 3, "found `x`, expected a digit"),
            ("1 1", 1, 3, "found `1`, expected the end of the file"),
            ("[\"a\nb\"]", 1, 4, "found a line break in a string"),
            ("[\"ab", 1, 2, "found the end of the file in a string, expected `\"`"),
            (r#"["\x"]"#, 1, 3, "found an escape sequence that JSON does not have"),
            (r#"["\u12g4"]"#, 1, 3, "expected four hexadecimal digits after `\\u`"),
            (r#"["\ud800x"]"#, 1, 3, "found half of a surrogate pair, which is no character"),
            ("// no\n{}", 1, 1, "found `/`, expected a value"),
        ] {
            assert_eq!(error(text), (line, column, message.to_owned()), "{text}");
        }
    }

    #[test]
    fn of_a_repeated_key_the_first_stays() {
        let reading = read(FileId(0), r#"{"a": 1, "b": 2, "a": 3}"#, &Limits::default()).unwrap();
        let object = reading.root.as_object().unwrap();
        assert_eq!(object.get("a").unwrap().value, Value::Number("1".to_owned()));
        assert_eq!(object.len(), 2);
        let [finding] = reading.findings.as_slice() else { panic!("one finding") };
        assert_eq!((finding.place.unwrap().start.column, finding.related.len()), (18, 1));
    }
}
