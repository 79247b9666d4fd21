//! What a page says of a field in words, against what the columns of its table say.

use crate::limits::Limits;

/// The contradictions: each says what the field is.
pub(crate) fn against_columns(
    text: &str,
    required: Option<bool>,
    is_sent: bool,
    limits: &Limits,
) -> Vec<&'static str> {
    let mut found = Vec::new();
    match (required, required_in_words(text)) {
        (Some(true), Some(false)) => found.push("required by its column and optional in words"),
        (Some(false), Some(true)) => found.push("optional by its column and required in words"),
        _ => {}
    }
    let has_default = limits.default.is_some() || text.contains("默认为空") || text.contains("默认值为空");
    if is_sent && required == Some(true) && has_default {
        found.push("required by its column and has a default in words");
    }
    if let Some(default) = &limits.default {
        let number = default.parse::<i64>().ok();
        let is_below = number.zip(limits.minimum).is_some_and(|(number, least)| number < least);
        let is_above = number.zip(limits.maximum).is_some_and(|(number, most)| number > most);
        if is_below || is_above {
            found.push("given a default outside of its range");
        }
        if !limits.values.is_empty() && !limits.values.contains(default) {
            found.push("given a default that is none of its values");
        }
    }
    found
}

/// Whether a clause of its own says that a field must be there, or need not. One under a condition says neither.
fn required_in_words(text: &str) -> Option<bool> {
    let mut before = "";
    for clause in text.split(['。', '，', '；', ',', ';', '\n', '（', '）', '(', ')']) {
        let clause = clause.trim();
        let word = clause.trim_start_matches(['该', '此', '参', '数', '字', '段', '为', '是']);
        let word = word.trim_end_matches(['参', '数', '字', '段', '项']);
        let found = match word {
            "必选" | "必填" | "必须填写" => Some(true),
            "可选" | "选填" | "可选填" | "非必选" | "非必填" => Some(false),
            _ => None,
        };
        let is_conditional = ["当", "如果", "若", "仅", "时"].iter().any(|word| before.contains(word));
        if found.is_some() && !is_conditional {
            return found;
        }
        before = clause;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{against_columns, required_in_words};
    use crate::limits::Limits;

    #[test]
    fn words_are_heard_when_they_stand_alone() {
        for (text, required) in [
            ("环境变量，可选填，默认为空。", Some(false)),
            ("该参数必选。", Some(true)),
            ("名称（必填）", Some(true)),
            ("当类型为a时，该参数必选。", None),
            ("与b必填一个。", None),
            ("可选值如下：a", None),
        ] {
            assert_eq!(required_in_words(text), required, "{text}");
        }
    }

    #[test]
    fn a_required_field_has_no_default() {
        let none = Limits::default();
        assert_eq!(against_columns("路径，默认为空。", Some(true), true, &none).len(), 1);
        assert!(against_columns("路径，默认为空。", Some(true), false, &none).is_empty());
        let limits = Limits { default: Some("0".to_owned()), minimum: Some(1), ..none };
        assert_eq!(against_columns("", Some(false), true, &limits), ["given a default outside of its range"]);
    }
}
