//! Ranges of numbers and lengths of texts, in the words of Chinese pages.

use super::Limits;
use crate::facts::Shape;

/// A range; `open` ends do not count themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) low: Option<i64>,
    pub(super) high: Option<i64>,
    pub(super) is_low_open: bool,
    pub(super) is_high_open: bool,
}

/// What joins the two ends of a range.
const JOINTS: &[&str] = &["~", "～", "-", "–", "—", "到", "至"];

/// Units of time, in milliseconds; the longer names first.
const TIMES: &[(&str, i64)] =
    &[("毫秒", 1), ("秒", 1_000), ("分钟", 60_000), ("小时", 3_600_000), ("天", 86_400_000)];

/// Units that may stand behind a number and change nothing.
const OTHERS: &[&str] = &["GB", "MB", "KB", "个", "行", "条", "页", "次", "%"];

/// Sets the ends of the range of a number.
pub(super) fn range(text: &str, shape: &Shape, limits: &mut Limits) {
    const ANNOUNCING: &[&str] = &["取值范围", "取值区间", "取值必须", "取值需要", "取值", "范围"];
    let declared = declared(text);
    let found = each_after(text, ANNOUNCING).find_map(|(_, rest)| interval(rest, declared));
    let mut found = found.unwrap_or_default();
    let end =
        |words: &[&str]| each_after(text, words).find_map(|(_, rest)| Some(quantity(rest, declared)?.0));
    if let Some(low) = end(&["最小值", "最小为", "最少为", "至少为", "不小于", "不少于"]) {
        (found.low, found.is_low_open) = (Some(low), false);
    }
    if let Some(high) = end(&["最大值", "最大为", "不超过", "不大于"]) {
        (found.high, found.is_high_open) = (Some(high), false);
    }
    if matches!(shape, Shape::Integer(_)) {
        found = found.closed();
    }
    (limits.minimum, limits.maximum) = (found.low, found.high);
    (limits.exclusive_minimum, limits.exclusive_maximum) = (found.is_low_open, found.is_high_open);
}

impl Interval {
    /// The same whole numbers, by ends that count themselves.
    fn closed(self) -> Self {
        Self {
            low: self.low.map(|low| if self.is_low_open { low.saturating_add(1) } else { low }),
            high: self.high.map(|high| if self.is_high_open { high.saturating_sub(1) } else { high }),
            ..Self::default()
        }
    }
}

/// Sets the ends of the length of a text.
pub(super) fn length(text: &str, limits: &mut Limits) {
    let size = |number: i64| usize::try_from(number).ok();
    let number = |words: &[&str]| {
        each_after(text, words).filter(|(at, _)| !is_of_a_part(text, *at)).find_map(|(_, rest)| {
            let (number, behind) = leading_number(rest)?;
            // `1024*1024` is no number.
            (!behind.starts_with('*')).then_some(number)
        })
    };
    let announced = each_after(text, &["长度限制", "长度范围", "长度"])
        .filter(|(at, _)| !is_of_a_part(text, *at))
        .filter(|(_, rest)| !is_of_bytes(rest))
        .find_map(|(_, rest)| interval(rest, None).map(Interval::closed));
    let mut found = announced.unwrap_or_default();
    for clause in
        text.split(['，', '。', '；', ';', '\n', ',']).filter(|clause| !is_of_a_part(clause, clause.len()))
    {
        let in_clause = characters(clause);
        found.low = found.low.or(in_clause.low);
        found.high = found.high.or(in_clause.high);
    }
    let least = number(&["最小长度"]).or(found.low);
    let most = number(&["最大长度", "长度不超过", "长度不大于", "长度小于等于"]).or(found.high);
    (limits.min_length, limits.max_length) = (least.and_then(size), most.and_then(size));
}

/// Whether the clause that ends at a byte is advice, or about a part of the text alone.
fn is_of_a_part(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let clause = before.rsplit(['，', '。', '；', ';', '\n', ',']).next().unwrap_or_default();
    ["建议", "其中", "key", "value"].iter().any(|word| clause.contains(word))
}

/// Whether a clause counts bytes, of which a character has several.
fn is_of_bytes(text: &str) -> bool {
    text.split(['。', '；', ';', '\n']).next().is_some_and(|clause| clause.contains("字节"))
}

/// What a clause says of the number of characters: `支持1-64位字符`, `不超过100个字符`, `长度限制为64个字符`.
fn characters(clause: &str) -> Interval {
    let counted = |text: &str| {
        let (number, behind) = leading_number(text.trim_start())?;
        is_of_characters(behind).then_some(number)
    };
    let mut at = 0;
    while let Some(digit) = clause.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        at += digit;
        let rest = clause.get(at..).unwrap_or_default();
        if let Some((found, behind)) = pair(rest, None)
            && is_of_characters(behind)
        {
            return found.closed();
        }
        at += rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    }
    const MOST: &[&str] = &[
        "不超过",
        "不能超过",
        "不可超过",
        "不得超过",
        "不大于",
        "小于等于",
        "最多允许",
        "最多",
        "最长",
        "长度限制为",
    ];
    const LEAST: &[&str] = &["不少于", "不能少于", "不小于", "大于等于", "至少", "最少"];
    Interval {
        low: each_after(clause, LEAST).find_map(|(_, rest)| counted(rest)),
        high: each_after(clause, MOST).find_map(|(_, rest)| counted(rest)),
        ..Interval::default()
    }
}

/// Whether a text begins with what says that the number before it counts characters: `个字符`, `位可见字符`, `位`.
fn is_of_characters(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix('个').unwrap_or(text).trim_start();
    if let Some(rest) = text.strip_prefix('位') {
        // `1-2位正整数` counts digits.
        return !["正整", "整数", "小数", "数字", "十", "二"].iter().any(|word| rest.starts_with(word));
    }
    ["字符", "可见字符", "Unicode字符", "unicode字符", "长度"].iter().any(|unit| text.starts_with(unit))
}

/// A range that a text begins with: `[1,100]`, `(0,1]`, `1~128`, `大于等于0`.
fn interval(text: &str, declared: Option<i64>) -> Option<Interval> {
    let text = lead(text);
    if let Some(inside) = text.strip_prefix(['[', '【', '(', '（']) {
        let end = inside.find([']', '】', ')', '）'])?;
        let (inside, close) = inside.split_at_checked(end)?;
        let (low, rest) = quantity(inside, declared)?;
        let rest = rest.trim_start();
        let rest = [",", "，", "、"].iter().chain(JOINTS).find_map(|joint| rest.strip_prefix(joint))?;
        if ["∞", "+∞", "无穷大"].contains(&rest.trim()) {
            let is_low_open = text.starts_with(['(', '（']);
            return Some(Interval { low: Some(low), is_low_open, ..Interval::default() });
        }
        let (high, rest) = quantity(rest, declared)?;
        let found = Interval {
            low: Some(low),
            high: Some(high),
            is_low_open: text.starts_with(['(', '（']),
            is_high_open: close.starts_with([')', '）']),
        };
        return (low <= high && rest.trim().is_empty()).then_some(found);
    }
    pair(text, declared).map(|(found, _)| found).or_else(|| comparison(text, declared))
}

/// `1~128`, and what stands behind it.
fn pair(text: &str, declared: Option<i64>) -> Option<(Interval, &str)> {
    let (low, rest) = quantity(text, declared)?;
    let rest = rest.trim_start();
    let rest = JOINTS.iter().find_map(|joint| rest.strip_prefix(joint))?;
    let (high, rest) = quantity(rest, declared)?;
    let found = Interval { low: Some(low), high: Some(high), ..Interval::default() };
    (low <= high).then_some((found, rest))
}

/// `大于等于0`, `大于0且小于等于10`.
fn comparison(text: &str, declared: Option<i64>) -> Option<Interval> {
    let behind = |text, words: &[&str]| {
        words.iter().find_map(|word| quantity(str::strip_prefix(text, word)?, declared))
    };
    let mut found = Interval::default();
    let at_least = behind(text, &["大于等于", "大于或等于", "不小于", "≥", ">="]);
    let above = behind(text, &["大于", ">"]);
    found.is_low_open = at_least.is_none() && above.is_some();
    let low = at_least.or(above);
    found.low = low.map(|(number, _)| number);
    let rest = low.map_or(text, |(_, rest)| rest.trim_start_matches(['且', '，', ' ', '并']));
    let at_most = behind(rest, &["小于等于", "小于或等于", "不大于", "不超过", "≤", "<="]);
    let below = behind(rest, &["小于", "<"]);
    found.is_high_open = at_most.is_none() && below.is_some();
    found.high = at_most.or(below).map(|(number, _)| number);
    (found.low.is_some() || found.high.is_some()).then_some(found)
}

/// The unit of time that a text gives for its numbers, in milliseconds.
pub(super) fn declared(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once("单位")?;
    let rest = lead(rest).trim_start_matches(['“', '"']);
    TIMES.iter().find(|(name, _)| rest.starts_with(name)).map(|(_, unit)| *unit)
}

/// A number with its unit, in the unit that is declared, and what stands behind it.
pub(super) fn quantity(text: &str, declared: Option<i64>) -> Option<(i64, &str)> {
    let (number, rest) = leading_number(lead(text))?;
    // A fraction is no whole number of this unit.
    if rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let unit = rest.trim_start();
    if let Some((rest, time)) = TIMES.iter().find_map(|(name, time)| Some((unit.strip_prefix(name)?, *time)))
    {
        let Some(declared) = declared else { return Some((number, rest)) };
        let number = number.checked_mul(time)?;
        return (number % declared == 0).then_some((number / declared, rest));
    }
    let rest = OTHERS.iter().find_map(|name| unit.strip_prefix(name)).unwrap_or(rest);
    Some((number, rest))
}

/// A text without what leads to a value.
pub(super) fn lead(text: &str) -> &str {
    text.trim_start_matches(|c: char| matches!(c, '：' | ':' | '为' | '是' | '在') || c.is_whitespace())
}

/// What stands behind each of the places of some words, in the order of the text; with the place's first byte.
pub(super) fn each_after<'text>(
    text: &'text str,
    words: &[&str],
) -> impl Iterator<Item = (usize, &'text str)> {
    let mut found: Vec<(usize, usize)> =
        words.iter().flat_map(|word| text.match_indices(word).map(|(at, word)| (at, word.len()))).collect();
    // Of two words at one place the longer one.
    found.sort_unstable_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)));
    found.into_iter().filter_map(move |(at, length)| Some((at, lead(text.get(at + length..)?))))
}

pub(super) fn leading_number(text: &str) -> Option<(i64, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, rest) = text.split_at_checked(text.len() - digits.len() + length)?;
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::{length, range};
    use crate::facts::Shape;
    use crate::limits::Limits;

    #[test]
    fn ranges_are_told_in_many_words() {
        for (text, low, high) in [
            ("条数，取值范围[1,100]，默认为10。", Some(1), Some(100)),
            ("条数，取值范围[1, 65535)。", Some(1), Some(65_534)),
            ("盘的大小，最小为5GB，最大为4096GB，缺省值为5GB。", Some(5), Some(4096)),
            ("个数。取值必须大于0。", Some(1), None),
            ("行数。取值范围大于等于-1，其中-1代表全部。", Some(-1), None),
            ("次数。取值范围：-1或大于0。", None, None),
            ("时长，单位为秒。取值范围：15分钟 ~ 2小时。", Some(900), Some(7200)),
            ("取值范围：1，2。", None, None),
            ("页码，至少为1。", Some(1), None),
            ("人数，最少为1。", Some(1), None),
            ("条数，取值范围(0,∞)，默认值为“0”。", Some(1), None),
        ] {
            let mut limits = Limits::default();
            range(text, &Shape::Integer(None), &mut limits);
            assert_eq!((limits.minimum, limits.maximum), (low, high), "{text}");
        }
        let mut limits = Limits::default();
        range("比例，取值范围为(0,1]。", &Shape::Number(None), &mut limits);
        assert_eq!((limits.minimum, limits.maximum), (Some(0), Some(1)));
        assert!(limits.exclusive_minimum && !limits.exclusive_maximum);
    }

    #[test]
    fn lengths_are_told_in_many_words() {
        for (text, low, high) in [
            ("名称，支持1～64位可见字符（含中文）。", Some(1), Some(64)),
            ("名称。限制为1-20位只含数字的名称。", Some(1), Some(20)),
            ("名称，1~64长度，只能包含字母。", Some(1), Some(64)),
            ("名称，长度限制为64个字符，支持字母。", None, Some(64)),
            ("说明，长度限制为512字符。", None, Some(512)),
            ("描述，默认为空，不超过100个字符。", None, Some(100)),
            ("说明，长度限制为[0，256]。", Some(0), Some(256)),
            ("名称。不少于3字符，不能超过70个字符。", Some(3), Some(70)),
            ("语句。长度限制：1024*1024个字符。", None, None),
            ("版本，格式为“数.数”，其中数为1-2位正整数。", None, None),
            ("说明，建议长度设置不超过64个字符。", None, None),
            ("名称，长度大于0小于256字节。", None, None),
            ("例如：“20190901-2019091501”表示两天。", None, None),
        ] {
            let mut limits = Limits::default();
            length(text, &mut limits);
            assert_eq!((limits.min_length, limits.max_length), (low, high), "{text}");
        }
    }
}
