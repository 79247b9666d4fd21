//! The values that a page lists as all there are, in Chinese words.

use super::{fits, unquoted};
use crate::facts::Shape;
use crate::read::Cell;

/// Words that announce a list of all values.
const OF_LIST: &[&str] = &[
    "枚举值",
    "可选值",
    "可选的有",
    "取值如下",
    "取值范围：\n",
    "取值范围:\n",
    "取值范围\n",
    "取值范围为：\n",
    "取值包括",
    "取值为：\n",
];

/// The values that a list announces, `可选值如下：`, or one in the text: `可选“asc”或“desc”`.
pub(super) fn values(description: &Cell, shape: &Shape) -> Vec<String> {
    // The values of a text that joins several are its parts.
    if matches!(shape, Shape::String) && is_joined(&description.text) {
        return Vec::new();
    }
    let found = match description.items.as_slice() {
        items if !items.is_empty() && is_announced(&description.text) => of_items(items, value_of_item),
        items if !items.is_empty() && is_numbered(items) => {
            items.iter().map(|item| number(item).to_owned()).collect()
        }
        _ => of_text(&description.text, shape),
    };
    let is_one = |value: &String| fits(value, shape) && !is_pattern(value) && !is_pair(value);
    if found.iter().all(is_one) { found } else { Vec::new() }
}

/// Whether a text announces a list of all values. One of what is on offer now is none.
fn is_announced(text: &str) -> bool {
    let is_choice = |sentence: &str| {
        sentence.split_once("可选").is_some_and(|(_, rest)| {
            let rest = rest.trim_end_matches(['：', ':']);
            rest.ends_with("如下") || rest.is_empty()
        })
    };
    let sentences: Vec<&str> = text.split(['。', '，', '\n']).collect();
    !sentences.iter().any(|sentence| sentence.contains("当前版本可选"))
        && (OF_LIST.iter().any(|word| text.contains(word)) || sentences.into_iter().any(is_choice))
}

/// Whether all items begin with a number, and at least two of them say that they explain it: `1代表递增`.
fn is_numbered(items: &[String]) -> bool {
    let behind = |item: &String| item.get(number(item).len()..).unwrap_or_default().to_owned();
    items.iter().all(|item| !number(item).is_empty() && behind(item).starts_with(|c: char| !c.is_ascii()))
        && items.iter().filter(|item| behind(item).starts_with("代表")).count() > 1
}

fn number(item: &str) -> &str {
    item.get(..item.find(|c: char| !c.is_ascii_digit()).unwrap_or(item.len())).unwrap_or_default()
}

/// Whether a text is put together of several values: `通过中划线间隔单个ID`.
fn is_joined(text: &str) -> bool {
    text.split(['。', '；', '\n']).any(|sentence| {
        let is_about_parts = ["间隔", "隔开", "拼接"].iter().any(|word| sentence.contains(word))
            || (sentence.contains("格式为") && sentence.contains('{'));
        is_about_parts && !sentence.contains("分隔符")
    })
}

/// Whether a value stands for many: `yyyyMMdd-yyyyMMdd`, `{id}`.
fn is_pattern(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.contains("yyyy") || lower.contains("xxx") || value.contains(['{', '}', '<', '>', '*', '='])
}

/// Whether a value is told in two spellings: `0/false`.
fn is_pair(value: &str) -> bool {
    let is_literal = |part: &str| part.parse::<i64>().is_ok() || matches!(part, "true" | "false");
    value.split_once('/').is_some_and(|(one, other)| is_literal(one) || is_literal(other))
}

/// The values of the items of a list, each once; none when one item has no value: the list is about something else.
pub(super) fn of_items(items: &[String], value_of_item: fn(&str) -> &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for item in items {
        let value = value_of_item(item);
        if value.is_empty() || !value.is_ascii() {
            return Vec::new();
        }
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

/// The value that an item of a list explains: `asc：递增`, `“asc”为递增`, `1代表递增`.
pub(super) fn value_of_item(item: &str) -> &str {
    for (open, close) in [('“', '”'), ('"', '"')] {
        if let Some((value, _)) = item.trim().strip_prefix(open).and_then(|rest| rest.split_once(close)) {
            return value;
        }
    }
    const EXPLAINING: &[&str] = &["代表", "表示", "为", "是", "指"];
    let end = item.find(['：', ':', '（', '(', '，', '。', '；', ' ', ',']).unwrap_or(item.len());
    let value = item.get(..end).unwrap_or_default();
    let words = value.find(|c: char| !c.is_ascii()).unwrap_or(value.len());
    let is_explained =
        value.get(words..).is_some_and(|rest| EXPLAINING.iter().any(|word| rest.starts_with(word)));
    unquoted(value.get(..words).filter(|_| is_explained).unwrap_or(value))
}

/// Two or more values one after the other behind a word that announces them, up to the end of their clause; else the
/// lines behind such a word, each with a value and what it means.
fn of_text(text: &str, shape: &Shape) -> Vec<String> {
    const ANNOUNCING: &[&str] = &[
        "枚举值",
        "可选值",
        "可选的有",
        "取值可选",
        "取值范围",
        "取值为",
        "取值有",
        "取值包括",
        "可选",
        "取值",
    ];
    for word in ANNOUNCING {
        let Some((before, rest)) = text.split_once(word) else { continue };
        let rest = rest.trim_start_matches(['为', '有', '是', '：', ':', ' ', '\n']);
        let found = listed(rest);
        if found.len() > 1 && !is_conditional(before) && found.iter().all(|value| fits(value, shape)) {
            return found;
        }
    }
    of_clauses(text)
}

/// Whether the sentence that a text ends in is about when something holds: `当“type”取值为…`.
fn is_conditional(before: &str) -> bool {
    let sentence = before.rsplit(['。', '；', '\n']).next().unwrap_or_default();
    ["当“", "如果", "若"].iter().any(|word| sentence.contains(word))
}

/// Clauses that each explain a value in the same words: `0代表不加密，1代表加密`.
fn of_clauses(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut is_over = false;
    for clause in text.split(['，', '。', '；', '\n', '、', ',']) {
        let value = clause.split_once("代表").map(|(value, _)| unquoted(value)).filter(|value| {
            !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        });
        match value {
            Some(value) if !is_over => values.push(value.to_owned()),
            Some(_) => return Vec::new(),
            None => is_over = !values.is_empty() && !clause.trim().is_empty(),
        }
    }
    if values.len() > 1 { values } else { Vec::new() }
}

/// The values that a text begins with; none when it goes on otherwise than a list does.
fn listed(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let Some((value, behind)) = leading_value(rest) else {
            // A comma also ends the clause.
            return values;
        };
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
        rest = behind.trim_start_matches(' ');
        let separators = ["/", "、", "或", "和", "及", "|", "，", ","];
        let separated = separators.iter().find_map(|separator| rest.strip_prefix(separator));
        match separated {
            Some(behind) => rest = behind.trim_start_matches(' '),
            None if rest.is_empty() || rest.starts_with(['。', '；', ';', '\n', '（', '(', '.']) => {
                return values;
            }
            // `等` says that there are others.
            None => return Vec::new(),
        }
    }
}

/// A value in quotes or in letters, and what stands behind it.
fn leading_value(text: &str) -> Option<(&str, &str)> {
    for (open, close) in [('“', '”'), ('"', '"'), ('\'', '\'')] {
        if let Some((value, behind)) = text.strip_prefix(open).and_then(|rest| rest.split_once(close)) {
            return (value.is_ascii() && !value.is_empty()).then_some((value, behind));
        }
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (value, behind) = text.split_at_checked(end)?;
    let value = value.trim_end_matches('.');
    (!value.is_empty()).then_some((value, behind))
}

#[cfg(test)]
mod tests {
    use super::values;
    use crate::facts::Shape;
    use crate::read::Cell;

    fn read(text: &str, items: &[&str], shape: &Shape) -> Vec<String> {
        let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        let text = if items.is_empty() { text.to_owned() } else { format!("{text}\n{}", items.join("\n")) };
        values(&Cell { text, items, ..Cell::default() }, shape)
    }

    #[test]
    fn a_list_that_is_announced_has_all_values() {
        for (text, items, found) in [
            ("导出类型。可选值如下：", vec!["0：已标注", "1: 未标注"], vec!["0", "1"]),
            ("用途。可选的有：", vec!["1代表图像", "2表示文本"], vec!["1", "2"]),
            (
                "样本状态。可选样本状态如下：",
                vec!["__ALL__：全部", "__UNLABELED__：未标注"],
                vec!["__ALL__", "__UNLABELED__"],
            ),
            ("单位，可选：", vec!["DAYS", "HOURS"], vec!["DAYS", "HOURS"]),
            ("用途。", vec!["1代表图像", "2代表文本"], vec!["1", "2"]),
            ("用途。", vec!["1代表图像", "2代表文本", "3图"], vec!["1", "2", "3"]),
            ("导出类型。", vec!["0：已标注", "1：未标注"], vec![]),
            ("规格。当前版本可选：", vec!["small", "large"], vec![]),
            ("状态。取值范围：", vec!["status值为a时停用", "a", "b"], vec![]),
            ("数量。取值范围：", vec!["type=month时，取值为[1,9]", "type=year时"], vec![]),
            // One value in two spellings, and a pattern.
            ("难例。可选值为：", vec!["0/false：非难例", "1/true：难例"], vec![]),
            ("时间。可选值如下：", vec!["month：一月", "yyyyMMdd-yyyyMMdd：一段"], vec![]),
            // Parts of a text.
            ("原因。通过中划线间隔单个ID。ID可选值如下：", vec!["0：无", "1：有"], vec![]),
        ] {
            assert_eq!(read(text, &items, &Shape::String), found, "{text}");
        }
    }

    #[test]
    fn values_stand_in_the_text_too() {
        for (text, found) in [
            ("排序，可选“asc”或“desc”，默认是“desc”。", vec!["asc", "desc"]),
            ("方法，取值为post/get。", vec!["post", "get"]),
            ("单位，可选DAYS/HOURS/MINUTES。", vec!["DAYS", "HOURS", "MINUTES"]),
            ("范围，取值范围：user、group。", vec!["user", "group"]),
            ("类型。可选值有“obs”、“dataset”。二者不可同时出现。", vec!["obs", "dataset"]),
            ("加密，0代表不加密，1代表加密。", vec!["0", "1"]),
            ("编码，取值有UTF-8、GBK等。", vec![]),
            ("取值为“true”时删除。", vec![]),
            ("当“type”取值为a或b，必须填写。", vec![]),
            ("该字段可选，缺省时返回全部。", vec![]),
        ] {
            assert_eq!(read(text, &[], &Shape::String), found, "{text}");
        }
    }
}
