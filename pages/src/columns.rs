//! What the columns of a table mean, by the words in its header.

use crate::read::{Cell, Table};

/// The columns of a table of fields, each as its number from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The name of the field.
    pub name: usize,
    /// Its type.
    pub kind: Option<usize>,
    /// Whether it must be there.
    pub required: Option<usize>,
    /// Whether the column of `required` says instead whether the field may be left out.
    pub inverted: bool,
    /// What it is.
    pub description: Option<usize>,
    /// Its default value.
    pub default: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Type,
    Required,
    Optional,
    Description,
    Default,
    Status,
}

/// The words of headers, without spaces and in lower case.
const VOCABULARY: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "参数",
            "参数名称",
            "参数名",
            "名称",
            "属性",
            "属性名",
            "属性名称",
            "字段",
            "字段名",
            "字段名称",
            "消息头名称",
            "header名称",
            "参数项",
            "tag名称",
            "parameter",
            "name",
            "attribute",
            "field",
        ],
    ),
    (Column::Type, &["参数类型", "类型", "数据类型", "字段类型", "属性类型", "取值类型", "type", "datatype"]),
    (
        Column::Required,
        &[
            "是否必选",
            "是否为必选",
            "是否必填",
            "是否必须",
            "必选",
            "必填",
            "是否必需",
            "是否必带",
            "mandatory",
            "required",
        ],
    ),
    (Column::Optional, &["是否可选", "可选", "optional"]),
    (
        Column::Description,
        &["描述", "说明", "备注", "含义", "参数说明", "参数描述", "参数解释", "description", "remarks"],
    ),
    (Column::Default, &["默认值", "缺省值", "default"]),
    (
        Column::Status,
        &[
            "状态码",
            "返回值",
            "正常状态码",
            "错误状态码",
            "返回码",
            "错误码",
            "错误码状态",
            "statuscode",
            "returnedvalue",
            "returnedvalues",
        ],
    ),
];

fn column(cell: &Cell) -> Option<Column> {
    let text: String =
        cell.text.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '。').collect();
    VOCABULARY.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(column, _)| *column)
}

/// The columns of a table of fields; `None` when it is a table of something else.
#[must_use]
pub fn columns(table: &Table) -> Option<Columns> {
    let found: Vec<Option<Column>> = table.header.iter().map(column).collect();
    let at = |wanted: Column| found.iter().position(|column| *column == Some(wanted));
    let optional = at(Column::Optional);
    let columns = Columns {
        name: at(Column::Name)?,
        kind: at(Column::Type),
        required: at(Column::Required).or(optional),
        inverted: at(Column::Required).is_none() && optional.is_some(),
        description: at(Column::Description),
        default: at(Column::Default),
    };
    let says_more = columns.kind.or(columns.required).or(columns.description).is_some();
    (says_more && at(Column::Status).is_none()).then_some(columns)
}

/// The column of statuses, when a table has one.
#[must_use]
pub fn statuses(table: &Table) -> Option<usize> {
    table.header.iter().position(|cell| column(cell) == Some(Column::Status))
}

/// What a cell of a column that asks says: `是`, `否`, `Yes`, `O`; `None` when it says something else.
#[must_use]
pub fn is_yes(text: &str) -> Option<bool> {
    let text = text.trim().to_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if ["m", "y", "√", "true"].contains(&text.as_str())
        || starts(&["是", "必选", "必填", "必须", "yes", "mandatory"])
    {
        return Some(true);
    }
    if ["n", "o", "×", "false", "c"].contains(&text.as_str())
        || starts(&["否", "可选", "非必", "选填", "no", "optional", "条件", "不"])
    {
        return Some(false);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Columns, columns, is_yes, statuses};
    use crate::read::{Cell, Table};

    fn table(header: &[&str]) -> Table {
        let header = header.iter().map(|text| Cell { text: (*text).to_owned(), ..Cell::default() }).collect();
        Table { header, ..Table::default() }
    }

    #[test]
    fn headers_are_known_in_any_order() {
        let found = columns(&table(&["参数", "参数类型", "是 否必选", "说明。"])).unwrap();
        let expected =
            Columns { name: 0, kind: Some(1), required: Some(2), description: Some(3), ..Columns::default() };
        assert_eq!(found, expected);
        assert!(columns(&table(&["参数名称", "是否可选", "参数类型"])).unwrap().inverted);
        assert_eq!(columns(&table(&["操作系统", "版本"])), None);
        assert_eq!(columns(&table(&["名称"])), None);
        assert_eq!(statuses(&table(&["返回值", "描述"])), Some(0));
    }

    #[test]
    fn yes_and_no() {
        assert_eq!(
            ["是", "否", "Yes", "O", "-"].map(is_yes),
            [Some(true), Some(false), Some(true), Some(false), None]
        );
    }
}
