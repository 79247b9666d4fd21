//! The markup in running text.

use crate::read::page::{Link, Text};

/// How names of targets are compared.
pub(super) fn anchor(target: &str) -> String {
    target.trim().trim_matches('`').to_lowercase()
}

/// A text without its markup, with the links in it.
pub(super) fn text(source: &str) -> Text {
    let mut text = Text::default();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let taken = escaped(rest, &mut text)
            .or_else(|| enclosed(rest, "``", &mut text))
            .or_else(|| interpreted(rest, &mut text))
            .or_else(|| enclosed(rest, "**", &mut text))
            .or_else(|| emphasis(rest, &mut text));
        let taken = taken.unwrap_or_else(|| {
            text.text.push(first);
            first.len_utf8()
        });
        rest = rest.get(taken..).unwrap_or_default();
    }
    text.text = text.text.trim().to_owned();
    text
}

/// `\*` is a star, and `\ ` nothing.
fn escaped(rest: &str, text: &mut Text) -> Option<usize> {
    let next = rest.strip_prefix('\\')?.chars().next()?;
    if !next.is_whitespace() {
        text.text.push(next);
    }
    Some(1 + next.len_utf8())
}

/// What stands between two marks.
fn enclosed(rest: &str, mark: &str, text: &mut Text) -> Option<usize> {
    let inner = rest.strip_prefix(mark)?;
    let end = inner.find(mark).filter(|end| *end > 0)?;
    let inner = inner.get(..end)?;
    if mark == "**" {
        let plain = self::text(inner);
        text.text.push_str(&plain.text);
    } else {
        text.text.push_str(inner);
    }
    Some(2 * mark.len() + end)
}

/// `*text*` at the beginning of a word.
fn emphasis(rest: &str, text: &mut Text) -> Option<usize> {
    let inner = rest.strip_prefix('*').filter(|inner| !inner.starts_with([' ', '*', '\n']))?;
    if text.text.chars().last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let end = inner.find('*').filter(|end| *end > 0)?;
    let inner = inner.get(..end).filter(|inner| !inner.contains('\n') && !inner.ends_with(' '))?;
    text.text.push_str(inner);
    Some(2 + end)
}

/// `` :ref:`text <target>` ``, `` `text <address>`__ `` and the like.
fn interpreted(rest: &str, text: &mut Text) -> Option<usize> {
    let role = rest.strip_prefix(':').and_then(|named| {
        let (role, behind) = named.split_once(":`")?;
        (!role.is_empty() && role.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
            .then_some((role, behind))
    });
    let inner = role.map_or_else(|| rest.strip_prefix('`'), |(_, behind)| Some(behind))?;
    let end = inner.find('`').filter(|end| *end > 0)?;
    let (inner, behind) = (inner.get(..end)?, inner.get(end + 1..).unwrap_or_default());
    let marks = behind.len() - behind.trim_start_matches('_').len();
    let (shown, target) = match inner.strip_suffix('>').and_then(|inner| inner.rsplit_once('<')) {
        Some((shown, target)) => (shown.trim(), Some(target)),
        None => (inner, (marks > 0 || role.is_some_and(|(role, _)| role == "ref")).then_some(inner)),
    };
    let shown = self::text(shown).text;
    if let Some(target) = target {
        let target = if target.contains("://") { target.to_owned() } else { format!("#{}", anchor(target)) };
        text.links.push(Link { target, text: shown.clone() });
    }
    text.text.push_str(&shown);
    let before = role.map_or(1, |(role, _)| role.len() + 3);
    Some(before + end + 1 + marks)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn markup_is_taken_away() {
        let found = text(
            r"The **id** of ``a_b``, *see* :ref:`Table 3 <Evs__t3>` or `x <https://a.b>`__, a\_b 2*3*4 \ **x**",
        );
        assert_eq!(found.text, "The id of a_b, see Table 3 or x, a_b 2*3*4 x");
        let targets: Vec<&str> = found.links.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, ["#evs__t3", "https://a.b"]);
        assert_eq!(text("**open :ref:`a").text, "**open :ref:`a");
    }
}
