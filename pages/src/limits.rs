//! Ranges, lengths, values, defaults and deprecation, out of what a page says of a field.

mod english;

use serde::{Deserialize, Serialize};

use crate::facts::Shape;
use crate::read::Cell;

/// What the values of a field may be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// The least number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// The greatest number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// All values, where the page lists them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The value that is meant when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether the page calls the field outdated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
}

impl Limits {
    /// Whether there are none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads the limits of a field of this shape.
#[must_use]
pub fn limits(description: &Cell, shape: &Shape) -> Limits {
    let text = description.text.as_str();
    if english::is_english(text) {
        return english::limits(description, shape);
    }
    let mut limits = Limits { deprecated: is_deprecated(text), ..Limits::default() };
    match shape {
        Shape::Integer(_) | Shape::Number(_) => {
            let range = after(text, &["取值范围为", "取值范围是", "取值范围", "取值为", "范围为", "范围"])
                .and_then(range);
            limits.minimum =
                after(text, &["最小值为", "最小值"]).and_then(number).or(range.map(|(low, _)| low));
            limits.maximum =
                after(text, &["最大值为", "最大值"]).and_then(number).or(range.map(|(_, high)| high));
        }
        Shape::String => {
            let length = |text| size(text);
            let range = after(
                text,
                &["长度限制为", "长度限制", "长度范围为", "长度范围", "长度为", "长度是", "长度"],
            )
            .and_then(range)
            .and_then(|(low, high)| Some((size(low)?, size(high)?)));
            limits.min_length = after(text, &["最小长度为", "最小长度"])
                .and_then(number)
                .and_then(length)
                .or(range.map(|(low, _)| low));
            limits.max_length =
                after(text, &["最大长度为", "最大长度", "长度不超过", "长度不大于", "长度小于等于"])
                    .and_then(number)
                    .and_then(length)
                    .or(range.map(|(_, high)| high));
        }
        _ => {}
    }
    if matches!(shape, Shape::String | Shape::Integer(_)) {
        limits.values = values(description, shape);
    }
    if matches!(shape, Shape::String | Shape::Integer(_) | Shape::Number(_) | Shape::Boolean) {
        limits.default = default_item(description)
            .map(str::to_owned)
            .or_else(|| default_value(text, shape))
            .filter(|value| fits(value, shape));
    }
    limits
}

fn is_deprecated(text: &str) -> bool {
    ["已废弃", "已经废弃", "该字段废弃", "该参数废弃", "（废弃）", "已过时"]
        .iter()
        .any(|word| text.contains(word))
        || text.trim_start_matches(['【', '[', '(', '（']).starts_with("废弃")
}

/// The values that a list announces as all there are: `枚举值：`, `可选值如下：`, or one in the text:
/// `可选“asc”或“desc”`.
fn values(description: &Cell, shape: &Shape) -> Vec<String> {
    let announced = ["枚举值", "可选值", "取值如下", "取值范围：\n", "取值范围:\n", "取值包括", "取值为：\n"];
    if description.items.is_empty() || !announced.iter().any(|word| description.text.contains(word)) {
        return values_in_text(&description.text, shape);
    }
    let mut values: Vec<String> = Vec::new();
    for item in &description.items {
        let value = value_of_item(item);
        // A list with one item that is no value is about something else.
        if value.is_empty() || !value.is_ascii() || !fits(value, shape) {
            return Vec::new();
        }
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

/// The value that an item of a list explains: `asc：递增`, `“asc”为递增`.
fn value_of_item(item: &str) -> &str {
    if let Some((value, _)) = item.trim().strip_prefix('“').and_then(|rest| rest.split_once('”')) {
        return value;
    }
    let end = item.find(['：', ':', '（', '(', '，', '。', '；', ' ', ',']).unwrap_or(item.len());
    unquoted(item.get(..end).unwrap_or_default())
}

/// Two or more values one after the other behind a word that announces them, up to the end of their clause.
fn values_in_text(text: &str, shape: &Shape) -> Vec<String> {
    const ANNOUNCING: &[&str] =
        &["枚举值", "可选值", "可选的有", "取值可选", "取值为", "取值有", "取值包括", "可选", "取值"];
    for word in ANNOUNCING {
        let Some((_, rest)) = text.split_once(word) else { continue };
        let rest = rest.trim_start_matches(['为', '有', '是', '：', ':', ' ']);
        let found = listed(rest);
        if found.len() > 1 && found.iter().all(|value| fits(value, shape)) {
            return found;
        }
    }
    Vec::new()
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

fn default_value(text: &str, shape: &Shape) -> Option<String> {
    const WORDS: &[&str] = &[
        "缺省值为",
        "缺省值",
        "默认值为",
        "默认值是",
        "默认取值为",
        "默认值",
        "默认为",
        "默认是",
        "默认的工作空间ID为",
    ];
    let rest = after(text, WORDS)?;
    let clause = rest.split(['，', '。', '；', ';', '\n']).next()?;
    let end = clause.find(|c: char| c.is_whitespace() || ",、（(".contains(c)).unwrap_or(clause.len());
    let mut value = unquoted(clause.get(..end)?.trim_end_matches('.'));
    // `默认为全量收集规则“all”`
    if !value.is_ascii()
        && let Some((_, rest)) = clause.split_once('“')
        && let Some((quoted, _)) = rest.split_once('”')
    {
        value = quoted;
    }
    if matches!(shape, Shape::Integer(_)) && !fits(value, shape) {
        value = unit_cut(value);
    }
    let has_none = value.is_empty() || value.eq_ignore_ascii_case("null");
    (!has_none && value.is_ascii()).then(|| value.to_owned())
}

/// The number of `15分钟`.
fn unit_cut(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    if unit.is_ascii() { text } else { number }
}

/// The value of the one item that is called the default: `desc：递减（默认值）`.
fn default_item(description: &Cell) -> Option<&str> {
    let is_default = |item: &&String| {
        ["（默认值）", "(默认值)", "（默认）", "(默认)", "：默认值", ":默认值"]
            .iter()
            .any(|word| item.contains(word))
    };
    let mut items = description.items.iter().filter(is_default);
    let (item, others) = (items.next()?, items.next());
    let value = value_of_item(item);
    (others.is_none() && !value.is_empty() && value.is_ascii()).then_some(value)
}

fn fits(value: &str, shape: &Shape) -> bool {
    match shape {
        Shape::Integer(_) => value.parse::<i64>().is_ok(),
        Shape::Number(_) => value.parse::<f64>().is_ok_and(f64::is_finite),
        Shape::Boolean => matches!(value, "true" | "false"),
        _ => true,
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['“', '”', '"', '\'', '‘', '’', '*'])
}

/// What stands behind the first of `words` and a colon.
fn after<'text>(text: &'text str, words: &[&str]) -> Option<&'text str> {
    let (_, rest) = words.iter().find_map(|word| text.split_once(word))?;
    Some(rest.trim_start_matches(|c: char| c == '：' || c == ':' || c.is_whitespace()))
}

/// `1~128`, `[1,100]`, `1-64`, `1到5`.
fn range(text: &str) -> Option<(i64, i64)> {
    let text = text.trim_start_matches(['[', '【', '为', '是', ' ']);
    let (low, rest) = leading_number(text)?;
    let rest = rest.trim_start();
    let rest =
        ["~", "～", "-", "–", "—", ",", "，", "到", "至"].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let (high, _) = leading_number(rest.trim_start())?;
    (low <= high).then_some((low, high))
}

fn number(text: &str) -> Option<i64> {
    Some(leading_number(text)?.0)
}

fn size(number: i64) -> Option<usize> {
    usize::try_from(number).ok()
}

fn leading_number(text: &str) -> Option<(i64, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, rest) = text.split_at_checked(text.len() - digits.len() + length)?;
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::{Limits, limits};
    use crate::facts::Shape;
    use crate::read::Cell;

    fn read(text: &str, shape: &Shape) -> Limits {
        limits(&Cell { text: text.to_owned(), ..Cell::default() }, shape)
    }

    #[test]
    fn ranges_and_lengths() {
        let found = read("最大条目数，取值范围[1,100]，默认为10。", &Shape::Integer(None));
        assert_eq!(
            (found.minimum, found.maximum, found.default.as_deref()),
            (Some(1), Some(100), Some("10"))
        );
        let found = read("名称，长度为1~128个字符。", &Shape::String);
        assert_eq!((found.min_length, found.max_length), (Some(1), Some(128)));
        let found = read("最小长度：3\n最大长度：9", &Shape::String);
        assert_eq!((found.min_length, found.max_length), (Some(3), Some(9)));
    }

    #[test]
    fn values_are_those_of_a_list_that_says_so() {
        let items = vec!["0：已标注".to_owned(), "1：未标注".to_owned()];
        let cell = Cell {
            text: "导出类型。可选值如下：\n0：已标注\n1：未标注".to_owned(),
            items,
            ..Cell::default()
        };
        assert_eq!(limits(&cell, &Shape::Integer(None)).values, ["0", "1"]);
        let cell = Cell { text: "导出类型。".to_owned(), ..cell };
        assert!(limits(&cell, &Shape::Integer(None)).values.is_empty());
    }

    #[test]
    fn values_stand_in_the_text_too() {
        for (text, values) in [
            ("排序，可选“asc”或“desc”，默认是“desc”。", vec!["asc", "desc"]),
            ("方法，取值为post/get。", vec!["post", "get"]),
            ("类型。可选值有“obs”、“dataset”。二者不可同时出现。", vec!["obs", "dataset"]),
            ("编码，取值有UTF-8、GBK等。", vec![]),
            ("取值为“true”时删除。", vec![]),
            ("该字段可选，缺省时返回全部。", vec![]),
        ] {
            assert_eq!(read(text, &Shape::String).values, values, "{text}");
        }
    }

    #[test]
    fn a_default_is_a_word_or_an_item() {
        assert_eq!(read("规则，默认为全量规则“all”。", &Shape::String).default.as_deref(), Some("all"));
        assert_eq!(read("时间，默认为15分钟。", &Shape::Integer(None)).default.as_deref(), Some("15"));
        assert_eq!(read("说明，缺省值为“NULL”。", &Shape::String).default, None);
        let items = vec!["asc：递增".to_owned(), "desc：递减（默认值）".to_owned()];
        let cell = Cell { text: items.join("\n"), items, ..Cell::default() };
        assert_eq!(limits(&cell, &Shape::String).default.as_deref(), Some("desc"));
    }

    #[test]
    fn a_default_must_be_a_value_of_the_type() {
        assert_eq!(read("默认值为“false”。", &Shape::Boolean).default.as_deref(), Some("false"));
        assert_eq!(read("默认值为空。", &Shape::String).default, None);
        assert_eq!(read("默认值：max", &Shape::Integer(None)).default, None);
        assert!(read("该字段已废弃，请使用x。", &Shape::String).deprecated);
    }
}
