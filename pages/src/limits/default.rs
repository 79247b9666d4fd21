//! The value that is meant when there is none, in the words of Chinese pages.

use super::numbers::{declared, each_after, quantity};
use super::values::value_of_item;
use super::{fits, unquoted};
use crate::facts::Shape;
use crate::read::Cell;

/// The default that a description gives. What comes back is there or not: a sentence on what stands there in some case, or
/// on a default of something else, gives a default only to what `may_be_left_out` of what is sent.
pub(super) fn default(description: &Cell, shape: &Shape, may_be_left_out: bool) -> Option<String> {
    let text = description.text.as_str();
    let item = of_item(description).map(|value| normal(value, shape)).filter(|value| fits(value, shape));
    item.or_else(|| {
        each_after(text, &["默认", "缺省"]).find_map(|(at, _)| {
            let before = text.get(..at)?;
            let rest = text.get(at + "默认".len()..)?;
            let value = stated(rest, text, shape, may_be_left_out)?;
            (may_be_left_out || !is_conditional(before)).then_some(value)
        })
    })
}

/// Whether the sentence that a text ends in says in which case: `若未创建，`, `未创建时`.
fn is_conditional(before: &str) -> bool {
    let sentence = before.rsplit(['。', '；', '\n']).next().unwrap_or_default();
    let clause = sentence.rsplit('，').next().unwrap_or_default();
    sentence.starts_with('若') || clause.contains('时')
}

/// The value that a text gives behind `默认`.
fn stated(rest: &str, text: &str, shape: &Shape, may_be_left_out: bool) -> Option<String> {
    const LEADING: &[&str] = &["取值为", "取值是", "取值", "值为", "值是", "值", "为", "是"];
    let clause = rest.split(['，', '。', '；', ';', '\n']).next()?;
    let led = LEADING.iter().find_map(|word| clause.strip_prefix(word));
    let value = match led {
        Some(value) => value,
        // `默认的工作空间ID为“0”`, `默认“page”参数值为“0”`.
        None => match clause.split_once('为').filter(|(noun, _)| is_noun(noun, may_be_left_out)) {
            Some((_, value)) => value,
            // `默认15分钟`, `默认“ssh”`.
            None => Some(clause).filter(|clause| {
                clause
                    .trim_start_matches(['：', ':', ' '])
                    .starts_with(|c: char| c == '“' || c.is_ascii_digit())
            })?,
        },
    };
    let value = value.trim_start_matches(|c: char| c == '：' || c == ':' || c.is_whitespace());
    let end = value.find(|c: char| c.is_whitespace() || ",、（(".contains(c)).unwrap_or(value.len());
    let mut found = unquoted(value.get(..end)?.trim_end_matches('.'));
    // `默认为全量收集规则“all”`
    if !found.is_ascii()
        && let Some((_, rest)) = value.split_once('“')
        && let Some((quoted, _)) = rest.split_once('”')
    {
        found = quoted;
    }
    // `默认为UTF-8编码`
    if matches!(shape, Shape::String) {
        found = ["编码", "格式"].iter().find_map(|word| found.strip_suffix(word)).unwrap_or(found);
    }
    let mut found = normal(found, shape);
    if matches!(shape, Shape::Integer(_) | Shape::Number(_)) && !fits(&found, shape) {
        found = quantity(&found, declared(text))?.0.to_string();
    }
    let has_none = found.is_empty() || found.eq_ignore_ascii_case("null");
    (!has_none && found.is_ascii() && fits(&found, shape)).then_some(found)
}

/// Whether what stands between `默认` and `为` names what has the default: the field itself, or one of the things that it
/// names.
fn is_noun(noun: &str, may_be_left_out: bool) -> bool {
    match noun.strip_prefix('的') {
        Some(noun) => may_be_left_out && !noun.contains(['“', '”']),
        None => noun.starts_with('“') && noun.ends_with("参数值"),
    }
}

fn normal(value: &str, shape: &Shape) -> String {
    if matches!(shape, Shape::Boolean) { value.to_lowercase() } else { value.to_owned() }
}

/// The value of the one item that is called the default: `desc：递减（默认值）`.
fn of_item(description: &Cell) -> Option<&str> {
    let is_default = |item: &&String| {
        ["（默认值）", "(默认值)", "（默认）", "(默认)", "：默认值", ":默认值", ": 默认值"]
            .iter()
            .any(|word| item.contains(word))
    };
    let mut items = description.items.iter().filter(is_default);
    let (item, others) = (items.next()?, items.next());
    let value = value_of_item(item);
    (others.is_none() && !value.is_empty() && value.is_ascii()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::default;
    use crate::facts::Shape;
    use crate::read::Cell;

    fn read(text: &str, items: &[&str], shape: &Shape, may_be_left_out: bool) -> Option<String> {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        default(&Cell { text: text.to_owned(), items, ..Cell::default() }, shape, may_be_left_out)
    }

    #[test]
    fn a_default_is_a_word_or_an_item() {
        let (string, integer, boolean) = (Shape::String, Shape::Integer(None), Shape::Boolean);
        for (text, items, shape, found) in [
            ("规则，默认为全量规则“all”。", vec![], &string, Some("all")),
            ("字段，默认是作业id“job_id” ，也可以是名称“name”。", vec![], &string, Some("job_id")),
            ("顺序，递减排序，默认是desc。", vec![], &string, Some("desc")),
            ("提醒，默认是true。", vec![], &boolean, Some("true")),
            ("副本，默认为False，之后生效。", vec![], &boolean, Some("false")),
            ("只读。\ntrue：默认值，只读", vec!["true：默认值，只读", "false：读写"], &boolean, Some("true")),
            ("长度，默认为50行。", vec![], &integer, Some("50")),
            ("大小，缺省值为5GB；否则不填。", vec![], &integer, Some("5")),
            ("时间（单位是分钟），默认15分钟，仅此处使用。", vec![], &integer, Some("15")),
            ("时间，单位为秒。默认10分钟，即600秒。", vec![], &integer, Some("600")),
            ("编码，取值有UTF-8、GBK等，默认为UTF-8编码。", vec![], &string, Some("UTF-8")),
            ("类型，默认“ssh”", vec![], &string, Some("ssh")),
            ("页。默认“page”参数值为“0”，不分页。", vec![], &integer, Some("0")),
            ("排序", vec!["asc：递增", "desc：递减（默认值）"], &string, Some("desc")),
            ("说明，默认为空。", vec![], &string, None),
            ("说明，默认为“NULL”，长度不限。", vec![], &string, None),
            ("标签的默认值。", vec![], &string, None),
            ("默认值：max", vec![], &integer, None),
            ("默认的工作空间ID为“0”。", vec![], &string, Some("0")),
        ] {
            assert_eq!(read(text, &items, shape, true).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn what_comes_back_has_no_default_of_something_else() {
        assert_eq!(read("ID，默认的工作空间ID为“0”。", &[], &Shape::String, false), None);
        assert_eq!(
            read("ID。未创建工作空间时默认值为“0”，以实际取值为准。", &[], &Shape::String, false),
            None
        );
        assert_eq!(read("当前未使用，缺省值为0。", &[], &Shape::Integer(None), false).as_deref(), Some("0"));
        assert_eq!(read("页码，默认为“1”。", &[], &Shape::String, false).as_deref(), Some("1"));
    }
}
