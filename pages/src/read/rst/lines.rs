//! The lines of reStructuredText and what their beginnings mean.

/// A line, without blanks at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'source> {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Its text.
    pub(super) text: &'source str,
}

pub(super) fn lines(source: &str) -> Vec<Line<'_>> {
    (1..).zip(source.lines()).map(|(number, text)| Line { number, text: text.trim_end() }).collect()
}

/// How many blanks a line begins with.
pub(super) fn indent(line: &Line<'_>) -> usize {
    line.text.len() - line.text.trim_start_matches([' ', '\t']).len()
}

/// The lines without the indentation that all of them have.
pub(super) fn dedent<'source>(lines: &[Line<'source>]) -> Vec<Line<'source>> {
    let common = lines.iter().filter(|line| !line.text.is_empty()).map(indent).min().unwrap_or(0);
    let without = |line: &Line<'source>| Line { text: line.text.get(common..).unwrap_or_default(), ..*line };
    lines.iter().map(without).collect()
}

/// The character of a line that consists of one punctuation character: `=====`.
pub(super) fn adornment(line: &Line<'_>) -> Option<char> {
    let first = line.text.chars().next().filter(char::is_ascii_punctuation)?;
    (line.text.len() >= 2 && line.text.chars().all(|c| c == first)).then_some(first)
}

/// The column at which the text of an item of a list begins: behind `-  `, `*  `, `1. `, `#. ` or `(a) `.
pub(super) fn item(text: &str) -> Option<usize> {
    let (mark, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_bullet = ["-", "*", "+", "•"].contains(&mark);
    let number = mark.strip_prefix('(').unwrap_or(mark);
    let number = number.strip_suffix(['.', ')']);
    let is_number = number.is_some_and(|number| {
        number == "#"
            || (!number.is_empty() && number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit()))
            || (number.len() == 1 && number.chars().all(|c| c.is_ascii_lowercase()))
    });
    let blanks = rest.len() - rest.trim_start().len();
    (is_bullet || is_number).then_some((mark.len() + 1 + blanks).min(text.len()))
}

/// An option of a directive: name and value.
pub(super) type Setting<'source> = (&'source str, &'source str);

/// The options at the beginning of a directive's body, and what stands behind them.
pub(super) fn options<'lines, 'source>(
    body: &'lines [Line<'source>],
) -> (Vec<Setting<'source>>, &'lines [Line<'source>]) {
    let parsed =
        body.iter().map_while(|line| line.text.strip_prefix(':').and_then(|rest| rest.split_once(':')));
    let options: Vec<Setting<'source>> = parsed.map(|(name, value)| (name, value.trim())).collect();
    let content = body.get(options.len()..).unwrap_or_default();
    (options, content)
}

#[cfg(test)]
mod tests {
    use super::item;

    #[test]
    fn items_begin_with_a_mark() {
        assert_eq!(
            ["-  a", "1. a", "(b) a", "#. a", "*a", "a b", "-"].map(item),
            [Some(3), Some(3), Some(4), Some(3), None, None, Some(1)]
        );
    }
}
