//! The three manners of tables: a grid, columns, and a list of lists.

use std::collections::BTreeSet;

use super::lines::{Line, dedent, indent, item};

/// A table as lines of text per cell.
pub(super) struct Drawn<'source> {
    pub(super) header: Option<Vec<Vec<Line<'source>>>>,
    pub(super) rows: Vec<Vec<Vec<Line<'source>>>>,
}

/// Wider and longer grids are no tables.
const MOST_CELLS: usize = 100_000;

/// So many characters are looked at in search of the cells of a grid: lines that meet nowhere lead to many.
const MOST_STEPS: usize = 20_000_000;

/// A table in a grid of `+---+` and `|`, and how many lines it takes.
pub(super) fn grid<'source>(lines: &[Line<'source>]) -> Option<(Drawn<'source>, usize)> {
    let is_part = |line: &&Line<'_>| line.text.starts_with(['+', '|']);
    let taken = lines.iter().take_while(is_part).count();
    let lines = lines.get(..taken)?;
    lines.first().filter(|line| line.text.starts_with("+-") || line.text.starts_with("+="))?;
    let mut picture =
        Picture { rows: lines.iter().map(|line| columns(line.text)).collect(), left: MOST_STEPS };
    let cells = picture.cells()?;
    let (tops, lefts): (BTreeSet<usize>, BTreeSet<usize>) =
        cells.iter().map(|cell| (cell.top, cell.left)).unzip();
    if cells.is_empty() || tops.len().saturating_mul(lefts.len()) > MOST_CELLS {
        return None;
    }
    let mut table = vec![vec![Vec::new(); lefts.len()]; tops.len()];
    for cell in &cells {
        let content: Vec<Line<'source>> = lines
            .iter()
            .take(cell.bottom)
            .skip(cell.top + 1)
            .map(|line| slice(line, cell.left + 1, cell.right))
            .collect();
        for (row, top) in table.iter_mut().zip(&tops) {
            for (place, left) in row.iter_mut().zip(&lefts) {
                if (cell.top..cell.bottom).contains(top) && (cell.left..cell.right).contains(left) {
                    place.clone_from(&content);
                }
            }
        }
    }
    let is_heavy = |line: &Line<'_>| line.text.starts_with("+=");
    let border = lines.iter().skip(1).position(is_heavy).map_or(0, |at| at + 1);
    let headers = tops.iter().filter(|top| **top < border).count();
    let rows = table.split_off(headers.min(table.len()));
    Some((Drawn { header: table.pop(), rows }, taken))
}

/// The characters of a table by column, wide ones in two.
struct Picture {
    rows: Vec<Vec<char>>,
    /// How many characters may still be looked at.
    left: usize,
}

struct Rectangle {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

impl Picture {
    fn at(&self, row: usize, column: usize) -> Option<char> {
        self.rows.get(row)?.get(column).copied()
    }

    /// `None` when it takes too long to find them.
    fn cells(&mut self) -> Option<Vec<Rectangle>> {
        let mut cells = Vec::new();
        for top in 0..self.rows.len() {
            for left in 0..self.rows.get(top)?.len() {
                if self.at(top, left) == Some('+') {
                    cells.extend(self.cell(top, left));
                    (self.left > 0).then_some(())?;
                }
            }
        }
        Some(cells)
    }

    /// The smallest rectangle whose upper left corner is here.
    fn cell(&mut self, top: usize, left: usize) -> Option<Rectangle> {
        let is_edge = |c: Option<char>| c.is_some_and(|c| ['-', '=', '+'].contains(&c));
        let is_side = |c: Option<char>| c.is_some_and(|c| ['|', '+'].contains(&c));
        if !is_side(self.at(top + 1, left)) {
            return None;
        }
        let mut right = left + 1;
        while is_edge(self.at(top, right)) {
            if self.at(top, right) == Some('+') && is_side(self.at(top + 1, right)) {
                let mut bottom = top + 1;
                while is_side(self.at(bottom, left)) && is_side(self.at(bottom, right)) {
                    let corners = self.at(bottom, left) == Some('+') && self.at(bottom, right) == Some('+');
                    if corners && (left..right).all(|column| is_edge(self.at(bottom, column))) {
                        return Some(Rectangle { top, left, bottom, right });
                    }
                    bottom += 1;
                    self.left = self.left.checked_sub(1 + if corners { right - left } else { 0 })?;
                }
            }
            right += 1;
            self.left = self.left.checked_sub(1)?;
        }
        None
    }
}

/// A table in columns under `===  ===`, and how many lines it takes.
pub(super) fn simple<'source>(lines: &[Line<'source>]) -> Option<(Drawn<'source>, usize)> {
    let is_border = |line: &Line<'_>| {
        line.text.starts_with("==")
            && line.text.contains(' ')
            && line.text.chars().all(|c| c == '=' || c == ' ')
    };
    lines.first().filter(|line| is_border(line))?;
    let borders: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| is_border(line)).map(|(at, _)| at).take(3).collect();
    let is_last = |at: usize| lines.get(at + 1).is_none_or(|line| line.text.is_empty());
    let (head, last) = match borders.as_slice() {
        [_, last] => (None, *last),
        [_, second, last] => {
            if is_last(*second) {
                (None, *second)
            } else {
                (Some(*second), *last)
            }
        }
        _ => return None,
    };
    let starts = starts(lines.first()?.text);
    let rows = |from: usize, to: usize| simple_rows(lines.get(from..to).unwrap_or_default(), &starts);
    let header = head.and_then(|head| rows(1, head).pop());
    Some((Drawn { header, rows: rows(head.unwrap_or(0) + 1, last) }, last + 1))
}

/// The columns at which the groups of `=` start.
fn starts(border: &str) -> Vec<usize> {
    let before = std::iter::once(' ').chain(border.chars());
    before
        .zip(border.chars())
        .enumerate()
        .filter(|(_, (before, c))| *before == ' ' && *c == '=')
        .map(|(at, _)| at)
        .collect()
}

/// A row begins where its first column has text.
fn simple_rows<'source>(lines: &[Line<'source>], starts: &[usize]) -> Vec<Vec<Vec<Line<'source>>>> {
    let mut rows: Vec<Vec<Vec<Line<'source>>>> = Vec::new();
    for line in lines {
        if line.text.chars().all(|c| c == '-' || c == ' ') && line.text.contains("--") {
            continue;
        }
        let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
        let parts: Vec<Line<'source>> =
            starts.iter().zip(ends).map(|(start, end)| slice(line, *start, end)).collect();
        let begins = parts.first().is_some_and(|part| !part.text.is_empty());
        match rows.last_mut().filter(|_| !begins) {
            Some(row) => row.iter_mut().zip(parts).for_each(|(cell, part)| cell.push(part)),
            None if begins => rows.push(parts.into_iter().map(|part| vec![part]).collect()),
            None => {}
        }
    }
    rows
}

/// A list of rows, each a list of cells, the first `headers` of which are the header.
pub(super) fn list<'source>(lines: &[Line<'source>], headers: usize) -> Drawn<'source> {
    let mut rows: Vec<Vec<Vec<Line<'source>>>> =
        items(&dedent(lines)).iter().map(|row| items(&dedent(row))).collect();
    let rest = rows.split_off(headers.min(rows.len()));
    Drawn { header: rows.pop(), rows: rest }
}

/// The items of a list, each as its lines.
fn items<'source>(lines: &[Line<'source>]) -> Vec<Vec<Line<'source>>> {
    let mut found: Vec<Vec<Line<'source>>> = Vec::new();
    for line in lines {
        match item(line.text).filter(|_| indent(line) == 0) {
            Some(column) => {
                found.push(vec![Line { text: line.text.get(column..).unwrap_or_default(), ..*line }])
            }
            None => {
                if let Some(last) = found.last_mut() {
                    last.push(*line);
                }
            }
        }
    }
    for lines in &mut found {
        // The first line lost its mark, the others their indentation below it.
        let rest = dedent(lines.get(1..).unwrap_or_default());
        lines.truncate(1);
        lines.extend(rest);
    }
    found
}

/// The characters of a line by column: behind a wide one stands a filler.
fn columns(text: &str) -> Vec<char> {
    text.chars().flat_map(|c| [Some(c), is_wide(c).then_some('\0')]).flatten().collect()
}

/// A part of a line by columns.
fn slice<'source>(line: &Line<'source>, from: usize, to: usize) -> Line<'source> {
    let mut column = 0;
    let (mut start, mut end) = (line.text.len(), line.text.len());
    for (at, c) in line.text.char_indices() {
        if column >= from && start == line.text.len() {
            start = at;
        }
        if column >= to {
            end = at;
            break;
        }
        column += if is_wide(c) { 2 } else { 1 };
    }
    Line { number: line.number, text: line.text.get(start..end.max(start)).unwrap_or_default().trim_end() }
}

/// Whether a character takes two columns.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6)
}
