//! What a type on a page means: `Array of X objects`, `jobs结构数组`, `Map<String,String>`.

use crate::facts::Width;

/// A type as a page gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeExpression {
    /// Text.
    String,
    /// A whole number, and how wide it is where the page says so.
    Integer(Option<Width>),
    /// A number with a fraction, and how wide it is where the page says so.
    Number(Option<Width>),
    /// True or false.
    Boolean,
    /// The content of a file.
    File,
    /// Many of one type.
    Array(Box<TypeExpression>),
    /// Values of one type under keys of the caller's own.
    Map(Box<TypeExpression>),
    /// An object; with its name where the page gives one.
    Object(Option<String>),
    /// Any JSON value: `json`, `null`, or an array whose elements the page does not speak of.
    Any,
}

/// Words for types, in lower case.
const WORDS: &[(&[&str], TypeExpression)] = &[
    (
        &[
            "string",
            "str",
            "strings",
            "sting",
            "text",
            "char",
            "varchar",
            "uuid",
            "enum",
            "password",
            "date",
            "datetime",
            "time",
            "字符串",
            "字符型",
            "字符串类型",
        ],
        TypeExpression::String,
    ),
    (
        &[
            "integer", "int", "interger", "integers", "ints", "intger", "short", "byte", "bigint", "整型",
            "整数", "整形",
        ],
        TypeExpression::Integer(None),
    ),
    (&["int32"], TypeExpression::Integer(Some(Width::Bits32))),
    (&["long", "longs", "int64", "长整型"], TypeExpression::Integer(Some(Width::Bits64))),
    (
        &["number", "numeric", "numbers", "bigdecimal", "decimal", "数字", "数值"],
        TypeExpression::Number(None),
    ),
    (&["float", "floats", "浮点型", "浮点数"], TypeExpression::Number(Some(Width::Bits32))),
    (&["double", "doubles"], TypeExpression::Number(Some(Width::Bits64))),
    (&["boolean", "bool", "booleans", "boolen", "布尔", "布尔型", "布尔类型"], TypeExpression::Boolean),
    (&["file", "binary", "bytes"], TypeExpression::File),
    (&["json", "null", "any", "jsonelement", "none"], TypeExpression::Any),
    (
        &[
            "object",
            "objects",
            "obj",
            "dict",
            "dicts",
            "struct",
            "jsonobject",
            "json object",
            "json对象",
            "对象",
            "结构体",
            "结构",
            "字典",
            "字典数据类型",
            "字典类型",
            "dictionary",
        ],
        TypeExpression::Object(None),
    ),
];

const ARRAYS: &[&str] = &[
    "array",
    "list",
    "jsonarray",
    "json array",
    "arraylist",
    "set",
    "数组",
    "列表",
    "arrays",
    "lists",
    "collection",
];

const MAPS: &[&str] = &["map", "hashmap", "hash", "键值对"];

/// Nobody nests types deeper.
const DEEPEST: usize = 12;

/// Understands a type; `None` when it is none that is known.
#[must_use]
pub fn parse(text: &str) -> Option<TypeExpression> {
    let text = text.replace(['（', '【'], "(").replace(['）', '】'], ")").replace('，', ",");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    expression(text.trim_matches(['.', '。', ',', '-', ' ']), DEEPEST)
}

fn expression(text: &str, depth: usize) -> Option<TypeExpression> {
    let depth = depth.checked_sub(1)?;
    let text = text.trim();
    let lower = text.to_lowercase();
    let lower = lower.as_str();
    if let Some((_, found)) = WORDS.iter().find(|(words, _)| words.contains(&lower)) {
        return Some(found.clone());
    }
    if ARRAYS.contains(&lower) {
        return Some(array(TypeExpression::Any));
    }
    if MAPS.contains(&lower) {
        return Some(map(TypeExpression::Any));
    }
    if let Some(rest) = text.strip_suffix("[]") {
        return Some(array(expression(rest, depth)?));
    }
    generic(text, lower, depth)
        .or_else(|| prefixed(text, lower, depth))
        .or_else(|| suffixed(text, lower, depth))
        .or_else(|| named(text))
}

/// `Array<X>`, `Map<K,V>`, `List(X)`, `Array[X]`.
fn generic(text: &str, lower: &str, depth: usize) -> Option<TypeExpression> {
    let open = text.find(['<', '(', '['])?;
    let head = lower.get(..open)?.trim();
    let inner =
        text.get(open + 1..)?.trim_end_matches(|c: char| c.is_alphabetic() && !c.is_ascii_alphanumeric());
    let inner = inner.trim_end().strip_suffix(['>', ')', ']'])?;
    if head.is_empty() || ARRAYS.contains(&head) {
        return Some(array(expression(inner, depth)?));
    }
    if MAPS.contains(&head) || head == "dict" {
        let value = inner.split_once(',').map_or(inner, |(_, value)| value);
        return Some(map(expression(value, depth)?));
    }
    // `String(36)`, `Integer[0,100]`: the rest is a limit.
    match expression(text.get(..open)?, depth)? {
        TypeExpression::Object(Some(_)) => None,
        found => Some(found),
    }
}

/// `Array of X objects`, `[]X`.
fn prefixed(text: &str, lower: &str, depth: usize) -> Option<TypeExpression> {
    if let Some(rest) = text.strip_prefix("[]") {
        return Some(array(expression(rest, depth)?));
    }
    let (head, _) = lower.split_once(" of ")?;
    let rest = text.get(head.len() + " of ".len()..)?;
    if ARRAYS.contains(&head.trim()) {
        return Some(array(expression(rest, depth)?));
    }
    if MAPS.contains(&head.trim()) {
        return Some(map(expression(rest, depth)?));
    }
    None
}

/// `X数组`, `X[]`, `X list`, `X object`, `X结构体`.
fn suffixed(text: &str, lower: &str, depth: usize) -> Option<TypeExpression> {
    for suffix in ["数组", "列表", "集合", " array", " list"] {
        if let Some(rest) = cut(text, lower, suffix) {
            return Some(array(expression(rest, depth)?));
        }
    }
    // `StringArray`, where the rest is no name: a `JobList` is an object.
    if let Some(rest) = cut(text, lower, "array").or_else(|| cut(text, lower, "list"))
        && let Some(found) = expression(rest, depth)
        && !matches!(found, TypeExpression::Object(Some(_)))
    {
        return Some(array(found));
    }
    for suffix in [
        " objects",
        " object",
        "结构体",
        "结构",
        "对象",
        "数据结构",
        "字段数据结构",
        " structure",
        " struct",
        " dict",
        " map",
    ] {
        if let Some(rest) = cut(text, lower, suffix) {
            let name = rest.trim().trim_end_matches("字段").trim();
            return match expression(name, depth) {
                None => Some(TypeExpression::Object(None)),
                found => found,
            };
        }
    }
    for suffix in ["类型", "型", "格式", " type"] {
        if let Some(rest) = cut(text, lower, suffix) {
            return expression(rest, depth);
        }
    }
    None
}

fn cut<'text>(text: &'text str, lower: &str, suffix: &str) -> Option<&'text str> {
    let rest = lower.strip_suffix(suffix).filter(|rest| !rest.trim().is_empty())?;
    text.get(..rest.len())
}

/// The name of an object alone.
fn named(text: &str) -> Option<TypeExpression> {
    is_name(text).then(|| TypeExpression::Object(Some(text.to_owned())))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-:.".contains(c))
}

fn array(of: TypeExpression) -> TypeExpression {
    TypeExpression::Array(Box::new(of))
}

fn map(of: TypeExpression) -> TypeExpression {
    TypeExpression::Map(Box::new(of))
}

#[cfg(test)]
mod tests {
    use super::{TypeExpression as T, array, map, parse};
    use crate::facts::Width;

    fn object(name: &str) -> T {
        T::Object(Some(name.to_owned()))
    }

    #[test]
    fn types_of_all_manners() {
        let cases = [
            ("String", T::String),
            ("Interger", T::Integer(None)),
            ("Long", T::Integer(Some(Width::Bits64))),
            ("String(36)", T::String),
            ("字典数据类型", T::Object(None)),
            ("JSON", T::Any),
            ("list", array(T::Any)),
            ("JSON Array", array(T::Any)),
            ("Array of strings", array(T::String)),
            ("Array of objects", array(T::Object(None))),
            ("Array of LabelAttribute objects", array(object("LabelAttribute"))),
            ("Array< storageType >", array(object("storageType"))),
            ("List(Dict)", array(T::Object(None))),
            ("StringArray", array(T::String)),
            ("JobList", object("JobList")),
            ("[Long]", array(T::Integer(Some(Width::Bits64)))),
            ("[]String", array(T::String)),
            ("String[]", array(T::String)),
            ("String数组", array(T::String)),
            ("jobs结构数组", array(object("jobs"))),
            ("对应infer_type的config结构数组", array(T::Object(None))),
            ("custom_spec结构体", object("custom_spec")),
            ("Map<String, String>", map(T::String)),
            ("Map<String,Map<String,Array<String>>>", map(map(array(T::String)))),
            ("list<map<String,String>>", array(map(T::String))),
            ("ExportParams object", object("ExportParams")),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in ["", "对应infer_type", "<<<", "Map<"] {
            assert_eq!(parse(text), None, "{text}");
        }
        let _ = parse(&"Array<".repeat(1000));
    }
}
