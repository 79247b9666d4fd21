//! Rows of tables into fields, with the tables that explain them.

use std::collections::BTreeSet;

use clientsmith_generator::diagnostics::{Code, Diagnostics};

use crate::columns::is_yes;
use crate::facts::{Field, Shape};
use crate::limits::limits;
use crate::merge;
use crate::read::{Cell, Page, Row};
use crate::sections::Role;
use crate::tables::{Located, explaining};
use crate::types::{self, TypeExpression};
use crate::words;

/// Objects in objects are not followed deeper: pages that go on lead in circles.
const DEEPEST: usize = 12;

/// The most fields of a page, those of objects once for each place that has them: tables that explain each other's rows
/// multiply.
pub(crate) const MOST_FIELDS: usize = 100_000;

/// Reads the fields of tables.
pub(crate) struct Reader<'page, 'diagnostics> {
    pub(crate) page: &'page Page,
    pub(crate) tables: &'page [Located<'page>],
    pub(crate) diagnostics: &'diagnostics mut Diagnostics,
    /// The tables that explain a field.
    pub(crate) used: BTreeSet<usize>,
    /// How many fields may still be read.
    pub(crate) left: usize,
}

impl Reader<'_, '_> {
    /// The fields of a table; `path` are the tables that it was reached through.
    pub(crate) fn fields(&mut self, at: usize, path: &[usize]) -> Vec<Field> {
        let Some(located) = self.tables.get(at) else { return Vec::new() };
        self.used.insert(at);
        let path = [path, &[at]].concat();
        let mut fields: Vec<Field> = Vec::new();
        for row in &located.table.rows {
            let Some(name) = name(located, row) else { continue };
            if let Some(known) = fields.iter().find(|field| field.name == name) {
                let line = known.line;
                let message = format!("{name} stands twice in one table");
                let finding =
                    self.diagnostics.report(Code::PageContradiction, self.page.place(row.line), message);
                finding
                    .related(self.page.place(line), "the first one, which is taken")
                    .about(name, "twice in one table");
                continue;
            }
            let Some(left) = self.left.checked_sub(1) else { break };
            self.left = left;
            if left == 0 {
                let message = format!("the tables lead to each other in more than {MOST_FIELDS} ways");
                let finding = self.diagnostics.report(Code::Limit, self.page.place(row.line), message);
                finding.help("split the page");
            }
            fields.push(self.field(at, row, name, &path));
        }
        fields
    }

    /// The one field of a table that says that the whole body is an array.
    pub(crate) fn whole(&mut self, at: usize) -> Option<Shape> {
        let located = self.tables.get(at)?;
        let [row] = located.table.rows.as_slice() else { return None };
        let text =
            row.cells.get(located.columns.name)?.text.trim().trim_matches(['[', ']', '<', '>', '-', ' ']);
        if !["数组元素", "数组", "body", "list", "array", "元素"].contains(&text.to_lowercase().as_str())
        {
            return None;
        }
        let kind = row.cells.get(located.columns.kind?)?;
        let expression = types::parse(&kind.text)?;
        self.used.insert(at);
        let nested = self.nested(at, row, text, &expression, &[at]);
        let shape = shape(&expression, nested);
        match shape {
            Shape::Array(_) => Some(shape),
            shape if text.contains("元素") => Some(Shape::Array(Box::new(shape))),
            _ => None,
        }
    }

    fn field(&mut self, at: usize, row: &Row, name: String, path: &[usize]) -> Field {
        let columns = self.tables.get(at).map(|located| located.columns).unwrap_or_default();
        let cell = |column: Option<usize>| column.and_then(|column| row.cells.get(column));
        let kind = cell(columns.kind).map(|cell| cell.text.as_str());
        let expression = match kind.map(|text| (text, types::parse(text))) {
            None => TypeExpression::String,
            Some((_, Some(expression))) => expression,
            Some((text, None)) => {
                let message = format!("the type of {name} is not understood: {text:?}");
                let finding = self.diagnostics.report(Code::UnknownType, self.page.place(row.line), message);
                finding
                    .help("any JSON value is taken for it: write the type into the draft")
                    .about(name.as_str(), text);
                TypeExpression::Any
            }
        };
        let nested = self.nested(at, row, &name, &expression, path);
        let none = Cell::default();
        let description = cell(columns.description).unwrap_or(&none);
        let expression =
            if nested.is_none() && is_of_words(description) { words_for(expression) } else { expression };
        if nested.is_none() && is_unexplained(&expression) {
            let message = format!("no table says what {name} consists of");
            let finding = self.diagnostics.report(Code::MissingTable, self.page.place(row.line), message);
            finding.about(name.as_str(), kind.unwrap_or_default());
        }
        let shape = shape(&expression, nested);
        let required = cell(columns.required).and_then(|cell| is_yes(&cell.text));
        let required = required.map(|required| required != columns.inverted);
        let is_sent =
            self.tables.get(at).is_some_and(|located| matches!(located.role, Role::Request | Role::Uri));
        let mut limits = limits(description, &shape, is_sent && required != Some(true));
        if let Some(default) = cell(columns.default).map(|cell| cell.text.trim()) {
            let has_none = ["", "-", "无", "空", "N/A", "NULL", "null"].contains(&default);
            let in_words = limits.default.take();
            limits.default = (!has_none).then(|| default.to_owned()).or(in_words.clone());
            if limits.default != in_words && in_words.is_some() {
                let fact = "another default in words than in its column";
                self.words(row, &name, format!("{name} has {fact}"), fact);
            }
        }
        for fact in words::against_columns(&description.text, required, is_sent, &limits) {
            self.words(row, &name, format!("{name} is {fact}"), fact);
        }
        Field { name, line: row.line, required, shape, description: description.text.clone(), limits }
    }

    fn words(&mut self, row: &Row, name: &str, message: String, fact: &str) {
        let finding = self.diagnostics.report(Code::WordsAgainstTable, self.page.place(row.line), message);
        finding.help("the columns are taken").about(name, fact);
    }

    /// The fields of the tables that explain a field.
    fn nested(
        &mut self,
        at: usize,
        row: &Row,
        name: &str,
        expression: &TypeExpression,
        path: &[usize],
    ) -> Option<Vec<Field>> {
        let type_name = object_in(expression)?;
        let tables = explaining(self.tables, at, row, name, type_name);
        let mut cases = Vec::new();
        for table in tables {
            if path.contains(&table) || path.len() > DEEPEST {
                let message = format!("{name} is explained by a table that it stands in");
                let finding =
                    self.diagnostics.report(Code::PageContradiction, self.page.place(row.line), message);
                finding
                    .help(
                        "an object without properties is taken for it: give the object a schema of its own in the \
                         draft, and refer to that",
                    )
                    .about(name, "explained in a circle");
                self.used.insert(table);
                return Some(Vec::new());
            }
            cases.push(self.fields(table, path));
        }
        Some(merge::union(cases)).filter(|fields| !fields.is_empty())
    }
}

/// The name of a field; `None` of a row that names none.
pub(crate) fn name(located: &Located<'_>, row: &Row) -> Option<String> {
    let text = row.cells.get(located.columns.name)?.text.replace('\\', "");
    let text = text.trim().trim_start_matches(['-', '>', '»', '•', ' ', '.', '·']);
    let end = text.find(|c: char| c.is_whitespace() || "（(，、：".contains(c)).unwrap_or(text.len());
    let name = text.get(..end)?.trim_matches(['“', '”', '"', ':', ',']);
    let is_name = name.chars().any(|c| c.is_ascii_alphanumeric()) && name.is_ascii();
    is_name.then(|| name.to_owned())
}

/// The name of the object in a type, when there is an object whose table can be looked for. Of maps a table may name
/// keys.
fn object_in(expression: &TypeExpression) -> Option<Option<&str>> {
    match expression {
        TypeExpression::Object(name) => Some(name.as_deref()),
        TypeExpression::Array(inner) | TypeExpression::Map(inner) => match inner.as_ref() {
            TypeExpression::Object(_)
            | TypeExpression::Any
            | TypeExpression::Array(_)
            | TypeExpression::Map(_) => object_in(inner),
            _ if matches!(expression, TypeExpression::Map(_)) => Some(None),
            _ => None,
        },
        TypeExpression::Any => Some(None),
        _ => None,
    }
}

/// Whether a description lists single words, and says nothing of any.
fn is_of_words(description: &Cell) -> bool {
    let is_word = |item: &String| {
        let mut characters = item.trim().chars().peekable();
        characters.peek().is_some() && characters.all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    description.items.len() > 1 && description.items.iter().all(is_word)
}

/// A type whose named elements are words: what is called by a name that no table explains.
fn words_for(expression: TypeExpression) -> TypeExpression {
    match expression {
        TypeExpression::Array(inner) if matches!(*inner, TypeExpression::Object(Some(_))) => {
            TypeExpression::Array(Box::new(TypeExpression::String))
        }
        expression => expression,
    }
}

fn is_unexplained(expression: &TypeExpression) -> bool {
    match expression {
        TypeExpression::Object(_) => true,
        TypeExpression::Array(inner) => is_unexplained(inner),
        _ => false,
    }
}

/// The shape of a type whose object has these fields.
fn shape(expression: &TypeExpression, nested: Option<Vec<Field>>) -> Shape {
    match expression {
        TypeExpression::String => Shape::String,
        TypeExpression::Integer(bits) => Shape::Integer(*bits),
        TypeExpression::Number(bits) => Shape::Number(*bits),
        TypeExpression::Boolean => Shape::Boolean,
        TypeExpression::File => Shape::File,
        TypeExpression::Array(inner) => Shape::Array(Box::new(shape(inner, nested))),
        // What a table says of values of a named type it says of each; of values of any object it names keys.
        TypeExpression::Map(inner)
            if object_in(inner).is_some_and(|name| name.is_some())
                || matches!(**inner, TypeExpression::Array(_) | TypeExpression::Map(_)) =>
        {
            Shape::Map(Box::new(shape(inner, nested)), Vec::new())
        }
        TypeExpression::Map(inner) => Shape::Map(Box::new(shape(inner, None)), nested.unwrap_or_default()),
        TypeExpression::Object(_) => Shape::Object(nested.unwrap_or_default()),
        TypeExpression::Any => nested.map_or(Shape::Any, Shape::Object),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clientsmith_generator::diagnostics::Diagnostics;

    use crate::extract::extract;
    use crate::facts::{Field, Shape};
    use crate::read::read;

    /// A table with a caption and an anchor; a row is name, type and description.
    fn table(caption: &str, anchor: &str, rows: &[[&str; 3]]) -> String {
        let rows: String = rows
            .iter()
            .map(|[name, kind, words]| format!("<tr><td>{name}</td><td>{kind}</td><td>{words}</td></tr>"))
            .collect();
        format!(
            "**表 1**  {caption}\n\n<a name=\"{anchor}\"></a>\n<table><tr><th>参数</th><th>参数类型</th><th>描述</th></tr>{rows}</table>\n\n"
        )
    }

    /// The body of the answer, field by field, and the findings.
    fn answer(tables: &[String]) -> (Vec<String>, String) {
        let text = format!("# A\n\n## URI\n\nGET /v1/a\n\n## 响应消息\n\n{}", tables.concat());
        let mut diagnostics = Diagnostics::new();
        let page = read(Path::new("page.md"), &text, &mut diagnostics);
        let endpoints = extract(&page, &mut diagnostics);
        let mut said = Vec::new();
        for body in
            endpoints.iter().flat_map(|endpoint| &endpoint.responses).filter_map(|one| one.body.as_ref())
        {
            shape("", &body.shape, &mut said);
        }
        (said, diagnostics.render(false))
    }

    fn shape(at: &str, of: &Shape, said: &mut Vec<String>) {
        let fields = |at: &str, fields: &[Field], said: &mut Vec<String>| {
            for field in fields {
                let at = if at.is_empty() { field.name.clone() } else { format!("{at}.{}", field.name) };
                said.push(format!("{at} {}", field.shape.family()));
                shape(&at, &field.shape, said);
            }
        };
        match of {
            Shape::Object(all) => fields(at, all, said),
            Shape::Array(items) => shape(&format!("{at}[]"), items, said),
            Shape::Map(values, all) => {
                fields(at, all, said);
                shape(&format!("{at}{{}}"), values, said);
            }
            _ if at.ends_with("[]") => said.push(format!("{at} {}", of.family())),
            _ => {}
        }
    }

    #[test]
    fn a_link_to_another_page_leads_to_the_copy_of_its_table() {
        let (said, findings) = answer(&[
            table(
                "响应参数",
                "t1",
                &[
                    ["spec", "Object", "如<a href=\"other.md#t7\">表7 note字段说明</a>"],
                    ["disks", "Array&lt;Disk&gt;", "如<a href=\"other.md#t4\">表9</a>"],
                    ["ai_unit", "Object", "单元"],
                ],
            ),
            table("spec字段说明", "t2", &[["engine", "String", ""]]),
            table("note字段说明", "t3", &[["path", "String", ""]]),
            table("volume定义", "t4", &[["size", "Integer", ""]]),
            table("AIUnit", "t5", &[["id", "String", ""]]),
        ]);
        assert_eq!(
            said,
            [
                "spec object",
                "spec.path string",
                "disks array",
                "disks[].size integer",
                "ai_unit object",
                "ai_unit.id string"
            ],
            "{findings}"
        );
    }

    #[test]
    fn all_tables_of_the_cases_of_a_field_explain_it() {
        let (said, findings) = answer(&[
            table("响应参数", "t1", &[["config", "不同type的config结构数组", "配置"]]),
            table("real-time config结构", "t2", &[["id", "String", ""], ["weight", "Integer", ""]]),
            table("edge config结构", "t3", &[["id", "String", ""], ["nodes", "Array&lt;String&gt;", ""]]),
        ]);
        assert_eq!(
            said,
            [
                "config array",
                "config[].id string",
                "config[].weight integer",
                "config[].nodes array",
                "config[].nodes[] string"
            ],
            "{findings}"
        );
        assert!(!findings.contains("no field leads"), "{findings}");
    }

    #[test]
    fn a_table_names_keys_of_a_map_of_any_objects() {
        let (said, _) = answer(&[
            table(
                "响应参数",
                "t1",
                &[
                    ["properties", "Map&lt;String, Object&gt;", "如<a href=\"#t2\">表2</a>"],
                    ["stats", "Map&lt;String, Stat&gt;", "如<a href=\"#t3\">表3</a>"],
                ],
            ),
            table("已有属性", "t2", &[["notice", "String", ""]]),
            table("Stat", "t3", &[["count", "Integer", ""]]),
        ]);
        assert_eq!(
            said,
            ["properties map", "properties.notice string", "stats map", "stats{}.count integer"]
        );
    }

    #[test]
    fn a_list_of_words_is_no_list_of_objects() {
        let words = "<ul><li>obs</li><li>evs</li></ul>";
        let (said, findings) =
            answer(&[table("响应参数", "t1", &[["kinds", "Array&lt; kindType &gt;", words]])]);
        assert_eq!(
            (said.as_slice(), findings.as_str()),
            (["kinds array", "kinds[] string"].map(str::to_owned).as_slice(), "")
        );
    }
}
