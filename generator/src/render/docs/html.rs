//! HTML in the text of a description: what it says, without the tags.

/// What a stretch of HTML comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Space,
    LineBreak,
    /// The paragraph ends here.
    Paragraph,
    /// An item of a list starts here.
    Item,
    CodeStart,
    CodeEnd,
    LinkStart(String),
    LinkEnd,
}

/// Takes HTML apart. Tags that only shape text are dropped; what is no tag of HTML (`<job-id>`) is text.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (text, markup) =
            rest.split_at_checked(rest.find('<').unwrap_or(rest.len())).unwrap_or((rest, ""));
        if !text.is_empty() {
            pieces.push(Piece::Text(decode(text)));
        }
        rest = match markup_end(markup) {
            Some(end) => {
                let (tag, after) = markup.split_at_checked(end).unwrap_or((markup, ""));
                pieces.extend(piece(tag));
                after
            }
            None if markup.is_empty() => "",
            None => {
                pieces.push(Piece::Text("<".to_owned()));
                markup.strip_prefix('<').unwrap_or_default()
            }
        };
    }
    pieces
}

/// The text of a block of HTML that is one `<pre>` element, whose lines stay as they are.
pub(super) fn preformatted(html: &str) -> Option<String> {
    let html = html.trim();
    let start = html.get(..4)?;
    let end = html.get(html.len().checked_sub(6)?..)?;
    if !start.eq_ignore_ascii_case("<pre") || !end.eq_ignore_ascii_case("</pre>") {
        return None;
    }
    let mut text = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(words) => text.push_str(&words),
            Piece::LineBreak => text.push('\n'),
            _ => {}
        }
    }
    let text = text.trim_matches('\n');
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// The length of the tag, comment or declaration that `markup` starts with.
fn markup_end(markup: &str) -> Option<usize> {
    let after = markup.strip_prefix('<')?;
    if after.starts_with("!--") {
        return Some(markup.find("-->").map_or(markup.len(), |end| end + 3));
    }
    let is_tag =
        after.starts_with(|character: char| character.is_ascii_alphabetic() || "/!?".contains(character));
    if is_tag { markup.find('>').map(|end| end + 1) } else { None }
}

/// What a tag comes to; nothing if it only shapes text.
fn piece(tag: &str) -> Option<Piece> {
    let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    if inner.starts_with(['!', '?']) {
        return None;
    }
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let name_end = inner.find(|character: char| character.is_whitespace()).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at_checked(name_end).unwrap_or((inner, ""));
    match name.to_ascii_lowercase().as_str() {
        "br" => Some(Piece::LineBreak),
        "p" | "div" | "ul" | "ol" | "dl" | "dt" | "dd" | "blockquote" | "table" | "thead" | "tbody"
        | "tr" | "hr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "details" | "summary"
        | "center" => Some(Piece::Paragraph),
        "li" if closing => Some(Piece::Paragraph),
        "li" => Some(Piece::Item),
        "td" | "th" => Some(Piece::Space),
        "code" | "tt" | "kbd" | "samp" if closing => Some(Piece::CodeEnd),
        "code" | "tt" | "kbd" | "samp" => Some(Piece::CodeStart),
        "a" if closing => Some(Piece::LinkEnd),
        "a" => Some(Piece::LinkStart(attribute(attributes, "href").unwrap_or_default())),
        "b" | "i" | "em" | "strong" | "u" | "s" | "del" | "ins" | "small" | "sup" | "sub" | "span"
        | "font" | "img" | "mark" | "cite" | "q" | "abbr" | "wbr" | "nobr" => None,
        _ => Some(Piece::Text(tag.to_owned())),
    }
}

/// The value of an attribute, in quotes or bare.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let at = lower.find(&format!("{name}="))? + name.len() + 1;
    let value = attributes.get(at..)?;
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
        _ => value.split_whitespace().next()?,
    };
    Some(decode(value.trim()))
}

/// Text with its entities resolved; unknown ones stay.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let resolved = after.split_once(';').and_then(|(name, after)| Some((entity(name)?, after)));
        match resolved {
            Some((character, after)) => {
                decoded.push(character);
                rest = after;
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| {
        let character = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)?;
        (!character.is_control()).then_some(character)
    };
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => match name.strip_prefix('#')? {
            hexadecimal if hexadecimal.starts_with(['x', 'X']) => number(hexadecimal.get(1..)?, 16),
            decimal => number(decimal, 10),
        },
    }
}
