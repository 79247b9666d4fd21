//! How a list is read page by page, where the names of parameters and fields say it: `x-clientsmith-pagination`.

use serde_json::{Value, json};

use crate::facts::{Endpoint, Field, Location, Shape};

/// The extension of an operation that lists; `None` where the page does not say enough.
pub(super) fn pagination(endpoint: &Endpoint) -> Option<Value> {
    let fields = answer(endpoint)?;
    let mut lists = fields.iter().filter(|field| is_list(field));
    let (list, others) = (lists.next()?, lists.next());
    if others.is_some() {
        return None;
    }
    let mut pagination = asked_for(endpoint, fields)?;
    let object = pagination.as_object_mut()?;
    object.insert("items".to_owned(), Value::from(pointer(&list.name)));
    if let Some(total) = total(fields) {
        object.insert("total".to_owned(), Value::from(pointer(&total.name)));
    }
    Some(pagination)
}

/// The fields of the answer of a call that does not fail.
fn answer(endpoint: &Endpoint) -> Option<&[Field]> {
    let is_success = |status: u16| (200..300).contains(&status);
    let response = endpoint.responses.iter().find(|response| response.status.is_some_and(is_success))?;
    match &response.body.as_ref()?.shape {
        Shape::Object(fields) => Some(fields),
        _ => None,
    }
}

fn is_list(field: &Field) -> bool {
    matches!(&field.shape, Shape::Array(items) if matches!(**items, Shape::Object(_)))
}

/// The part of the extension that says how the next page is asked for.
fn asked_for(endpoint: &Endpoint, fields: &[Field]) -> Option<Value> {
    let limit = parameter(endpoint, &["limit"]);
    if let Some(page) = parameter(endpoint, &["page", "current-page", "page_no", "page_num", "pageNum"]) {
        let size = parameter(endpoint, &["per_page", "page_size", "page-size", "pageSize", "size", "limit"])?;
        let mut found = json!({"kind": "page", "parameters": {"page": page.name, "size": size.name}});
        if page.limits.minimum == Some(0) && page.limits.default.as_deref() == Some("0") {
            found.as_object_mut()?.insert("first".to_owned(), Value::from(0));
        }
        return Some(found);
    }
    if let (Some(offset), Some(limit)) = (parameter(endpoint, &["offset"]), limit) {
        if !is_number_of_page(offset) {
            return Some(
                json!({"kind": "offset", "parameters": {"offset": offset.name, "limit": limit.name}}),
            );
        }
        let first = offset.limits.default.as_deref().and_then(|text| text.parse::<u32>().ok());
        let first = first.map(i64::from).or(offset.limits.minimum).unwrap_or(0);
        let parameters = json!({"page": offset.name, "size": limit.name});
        return Some(json!({"kind": "page", "parameters": parameters, "first": first.max(0)}));
    }
    let (marker, limit) = (any_parameter(endpoint, "marker")?, limit?);
    let next = next(fields)?;
    Some(json!({
        "kind": "cursor",
        "parameters": {"cursor": marker.name, "limit": limit.name},
        "next": next
    }))
}

/// Whether an offset counts pages: pages call it so, and describe it as the page to begin with.
fn is_number_of_page(offset: &Field) -> bool {
    let text = offset.description.to_lowercase();
    ["起始页", "页码", "页数", "页面", "start page", "page number"].iter().any(|words| text.contains(words))
}

/// The pointer to what the next page is asked for with, where the answer gives it.
fn next(fields: &[Field]) -> Option<String> {
    let is_next = |field: &&Field| field.name == "next_marker" && matches!(field.shape, Shape::String);
    if let Some(field) = fields.iter().find(is_next) {
        return Some(pointer(&field.name));
    }
    fields.iter().find_map(|outer| match &outer.shape {
        Shape::Object(inner) => {
            let inner = inner.iter().find(is_next)?;
            Some(format!("{}{}", pointer(&outer.name), pointer(&inner.name)))
        }
        _ => None,
    })
}

/// The field with the number of all entries. What is only called `count` may count those of the page.
fn total(fields: &[Field]) -> Option<&Field> {
    let is_number = |field: &&Field| matches!(field.shape, Shape::Integer(_) | Shape::Number(None));
    let named = |name: &str| fields.iter().filter(is_number).find(|field| field.name == name);
    ["total", "total_count", "total_number", "totalCount"].iter().find_map(|name| named(name)).or_else(|| {
        named("count").filter(|field| {
            let text = field.description.to_lowercase();
            text.contains('总') || text.contains("total")
        })
    })
}

/// A whole number in the query.
fn parameter<'page>(endpoint: &'page Endpoint, names: &[&str]) -> Option<&'page Field> {
    let found = names.iter().find_map(|name| any_parameter(endpoint, name));
    found.filter(|field| matches!(field.shape, Shape::Integer(_)))
}

fn any_parameter<'page>(endpoint: &'page Endpoint, name: &str) -> Option<&'page Field> {
    let mut query = endpoint.parameters.iter().filter(|parameter| parameter.location == Location::Query);
    query.find(|parameter| parameter.field.name == name).map(|parameter| &parameter.field)
}

/// The JSON pointer of a field (RFC 6901 §3).
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clientsmith_generator::diagnostics::Diagnostics;
    use serde_json::{Value, json};

    use super::pagination;
    use crate::extract::extract;
    use crate::read::read;

    /// The extension of a page whose query and answer have these rows: name, type, description.
    fn of(query: &[[&str; 3]], answer: &[[&str; 3]]) -> Option<Value> {
        let table = |rows: &[[&str; 3]]| {
            let rows: String = rows
                .iter()
                .map(|[name, kind, words]| format!("<tr><td>{name}</td><td>{kind}</td><td>{words}</td></tr>"))
                .collect();
            format!("<table><tr><th>参数</th><th>参数类型</th><th>描述</th></tr>{rows}</table>\n\n")
        };
        let text = format!("# A\n\n## URI\n\nGET /v1/a\n\n{}## 响应消息\n\n{}", table(query), table(answer));
        let mut diagnostics = Diagnostics::new();
        let page = read(Path::new("page.md"), &text, &mut diagnostics);
        pagination(extract(&page, &mut diagnostics).first()?)
    }

    #[test]
    fn names_tell_the_kind() {
        const LIST: [&str; 3] = ["jobs", "Array of objects", ""];
        let pages = of(
            &[["page", "Integer", ""], ["per_page", "Integer", ""]],
            &[LIST, ["total_count", "Integer", ""]],
        );
        assert_eq!(
            pages,
            Some(
                json!({"kind": "page", "parameters": {"page": "page", "size": "per_page"}, "items": "/jobs", "total": "/total_count"})
            )
        );
        let offset = of(
            &[["offset", "Integer", "偏移量"], ["limit", "Integer", ""]],
            &[LIST, ["count", "Integer", "个数"]],
        );
        assert_eq!(
            offset,
            Some(
                json!({"kind": "offset", "parameters": {"offset": "offset", "limit": "limit"}, "items": "/jobs"})
            )
        );
        let numbered = of(
            &[["offset", "Integer", "分页列表的起始页，默认为0。"], ["limit", "Integer", ""]],
            &[LIST, ["count", "Integer", "总数"]],
        );
        assert_eq!(
            numbered,
            Some(
                json!({"kind": "page", "parameters": {"page": "offset", "size": "limit"}, "first": 0, "items": "/jobs", "total": "/count"})
            )
        );
        let marker = [["marker", "String", ""], ["limit", "Integer", ""]];
        assert_eq!(
            of(&marker, &[LIST, ["next_marker", "String", ""]]),
            Some(
                json!({"kind": "cursor", "parameters": {"cursor": "marker", "limit": "limit"}, "next": "/next_marker", "items": "/jobs"})
            )
        );
        // The answer does not say with what to go on, and two lists might be meant.
        assert_eq!(of(&marker, &[LIST]), None);
        let two = [LIST, ["tasks", "Array of objects", ""]];
        assert_eq!(of(&[["offset", "Integer", ""], ["limit", "Integer", ""]], &two), None);
    }
}
