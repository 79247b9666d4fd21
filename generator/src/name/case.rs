//! Words, and the ways of writing them together.

use std::borrow::Cow;

/// The words of a name, in lower case. A word ends at everything that is not a letter or digit, where a small letter or
/// digit is followed by a capital one, and in front of the last of several capitals (`HTTPServer`).
///
/// Letters outside ASCII are transliterated: `straße` is `strasse`, and `红色` is `hong se`. One that nobody knows stands as
/// its code point, so that names stay apart that differ in nothing else.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let text = in_ascii(text);
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut characters = text.chars().peekable();
    let mut previous: Option<char> = None;
    while let Some(character) = characters.next() {
        if !character.is_ascii_alphanumeric() {
            words.extend(finish(&mut current));
            previous = None;
            continue;
        }
        let follows_small = previous.is_some_and(|previous| !previous.is_ascii_uppercase());
        let before_small = characters.peek().is_some_and(char::is_ascii_lowercase);
        if character.is_ascii_uppercase() && previous.is_some() && (follows_small || before_small) {
            words.extend(finish(&mut current));
        }
        current.push(character.to_ascii_lowercase());
        previous = Some(character);
    }
    words.extend(finish(&mut current));
    words
}

/// The text with its letters and digits in ASCII.
fn in_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        // A mark belongs to the letter in front of it.
        let is_mark = ('\u{300}'..='\u{36f}').contains(&character);
        match character {
            _ if is_mark => {}
            _ if character.is_ascii() => ascii.push(character),
            _ if !character.is_alphanumeric() => ascii.push(' '),
            _ => {
                let letters = any_ascii::any_ascii_char(character);
                let letters: String = letters.chars().filter(char::is_ascii_alphanumeric).collect();
                if letters.is_empty() {
                    ascii.push_str(&format!(" u{:x} ", u32::from(character)));
                } else {
                    ascii.push_str(&letters);
                }
            }
        }
    }
    Cow::Owned(ascii)
}

/// What a text without letters and digits is called: its signs.
pub(super) fn signs(text: &str) -> String {
    let names = text.chars().map(|sign| match sign {
        '+' => "plus",
        '-' => "minus",
        '*' => "asterisk",
        '/' => "slash",
        '%' => "percent",
        '=' => "equal",
        '!' => "not",
        '<' => "less",
        '>' => "greater",
        '~' => "tilde",
        '&' => "and",
        '|' => "or",
        '^' => "caret",
        '?' => "question",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '@' => "at",
        '$' => "dollar",
        '_' => "underscore",
        _ => "",
    });
    names.collect::<Vec<_>>().join(" ")
}

fn finish(current: &mut String) -> Option<String> {
    let word = std::mem::take(current);
    (!word.is_empty()).then_some(word)
}

/// `training_job`. Never empty, and never with a digit in front.
#[must_use]
pub fn snake(text: &str) -> String {
    identifier(&words(text), "_", "value_", str::to_owned)
}

/// `TrainingJob`. Never empty, and never with a digit in front.
#[must_use]
pub fn pascal(text: &str) -> String {
    identifier(&words(text), "", "Value", capitalised)
}

/// `TRAINING_JOB`. Never empty, and never with a digit in front.
#[must_use]
pub fn screaming(text: &str) -> String {
    snake(text).to_ascii_uppercase()
}

/// `training-job`. Never empty.
#[must_use]
pub fn kebab(text: &str) -> String {
    snake(text).replace('_', "-")
}

fn identifier(words: &[String], separator: &str, prefix: &str, write: impl Fn(&str) -> String) -> String {
    let mut name = String::new();
    for word in words {
        // Digits of two words would run together: `v1 2` is not `v12`.
        let digits_meet =
            name.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit());
        if !name.is_empty() {
            name.push_str(if digits_meet { "_" } else { separator });
        }
        name.push_str(&write(word));
    }
    match name.chars().next() {
        None => prefix.trim_end_matches('_').to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{prefix}{name}"),
        Some(_) => name,
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_a_reader_ends_them() {
        let cases = [
            ("training-jobs", "training jobs"),
            ("deleteTrainingJob", "delete training job"),
            ("HTTPServer", "http server"),
            ("JOBSTAT_INIT", "jobstat init"),
            ("ModelArts.0104", "model arts 0104"),
            ("sha256Sum", "sha256 sum"),
            ("getV1Jobs", "get v1 jobs"),
            ("OAuth2Token", "o auth2 token"),
            ("café Münster", "cafe munster"),
            ("cafe\u{301}s", "cafes"),
            ("straßeName", "strasse name"),
            ("ÉtatCivil", "etat civil"),
            ("красный цвет", "krasnyy tsvet"),
            ("红色", "hong se"),
            ("a→b", "a b"),
            ("  ", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_always_an_identifier() {
        assert_eq!(snake("3d model"), "value_3d_model");
        assert_eq!(pascal("3d model"), "Value3dModel");
        assert_eq!(pascal(""), "Value");
        assert_eq!(snake("+"), "value");
        assert_eq!(pascal("v1.2"), "V1_2");
        assert_eq!(kebab("listVersions"), "list-versions");
    }
}
