//! What the simulator has to know of each operation.

use std::error::Error;

use yaml_serde::Value;

use crate::document::{Documents, Node};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// An operation of the description.
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) status: u16,
    /// The JSON text of the first example of success.
    pub(crate) answer: Option<String>,
}

/// A parameter of an operation.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) is_required: bool,
    pub(crate) example: Option<String>,
}

/// The JSON body of an operation's requests.
pub(crate) struct Body {
    pub(crate) is_required: bool,
    pub(crate) required_fields: Vec<String>,
    /// The JSON text of the first example.
    pub(crate) example: Option<String>,
}

/// The operations of `openapi.yaml`, in the order of its paths.
pub(crate) fn all(documents: &mut Documents) -> Result<Vec<Operation>, Box<dyn Error>> {
    let root = documents.root("openapi.yaml")?;
    let mut operations = Vec::new();
    for (path, item) in root.get("paths").map(|paths| paths.entries()).unwrap_or_default() {
        let item = documents.follow(item)?;
        for method in METHODS {
            if let Some(operation) = documents.get(&item, method)? {
                let read = read(documents, &item, &operation, method, &path);
                operations.push(read.map_err(|error| format!("{method} {path}: {error}"))?);
            }
        }
    }
    Ok(operations)
}

fn read(
    documents: &mut Documents,
    item: &Node,
    operation: &Node,
    method: &str,
    path: &str,
) -> Result<Operation, Box<dyn Error>> {
    let (status, answer) = success(documents, operation)?;
    Ok(Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        id: operation.text("operationId").ok_or("no operationId")?,
        parameters: parameters(documents, item, operation)?,
        body: body(documents, operation)?,
        status,
        answer,
    })
}

/// The parameters of the path, then those of the operation, which win where both have one.
fn parameters(
    documents: &mut Documents,
    item: &Node,
    operation: &Node,
) -> Result<Vec<Parameter>, Box<dyn Error>> {
    let mut parameters = Vec::<Parameter>::new();
    for list in [item, operation].map(|node| node.get("parameters")).into_iter().flatten() {
        for node in list.items() {
            let node = documents.follow(node)?;
            let parameter = Parameter {
                name: node.text("name").ok_or("a parameter without a name")?,
                location: node.text("in").ok_or("a parameter without a place")?,
                is_required: node.is_set("required"),
                example: parameter_example(documents, &node)?,
            };
            parameters
                .retain(|other| (&other.name, &other.location) != (&parameter.name, &parameter.location));
            parameters.push(parameter);
        }
    }
    Ok(parameters)
}

/// A value for a parameter: its example, or what its schema offers.
fn parameter_example(documents: &mut Documents, parameter: &Node) -> Result<Option<String>, Box<dyn Error>> {
    let own = first_example(documents, parameter)?;
    let value = match (own, documents.get(parameter, "schema")?) {
        (Some(example), _) => Some(example),
        (None, Some(schema)) => {
            let listed = schema.get("enum").and_then(|values| values.items().into_iter().next());
            schema.get("example").or_else(|| schema.get("default")).or(listed).map(|node| node.value)
        }
        (None, None) => None,
    };
    Ok(value.and_then(|value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }))
}

fn body(documents: &mut Documents, operation: &Node) -> Result<Option<Body>, Box<dyn Error>> {
    let Some(body) = documents.get(operation, "requestBody")? else { return Ok(None) };
    let Some(media) = json_content(documents, &body)? else { return Ok(None) };
    let mut required_fields = Vec::new();
    if let Some(schema) = documents.get(&media, "schema")? {
        collect_required(documents, &schema, &mut required_fields)?;
    }
    let example = first_example(documents, &media)?.map(|value| serde_json::to_string(&value)).transpose()?;
    Ok(Some(Body { is_required: body.is_set("required"), required_fields, example }))
}

/// The properties that a schema requires, itself or by one of its `allOf`.
fn collect_required(
    documents: &mut Documents,
    schema: &Node,
    required: &mut Vec<String>,
) -> Result<(), Box<dyn Error>> {
    let own = schema.get("required").map(|names| names.items()).unwrap_or_default();
    required.extend(own.iter().filter_map(|name| name.value.as_str()).map(str::to_owned));
    for part in schema.get("allOf").map(|parts| parts.items()).unwrap_or_default() {
        let part = documents.follow(part)?;
        collect_required(documents, &part, required)?;
    }
    Ok(())
}

/// The lowest success status and the first example of its body.
fn success(documents: &mut Documents, operation: &Node) -> Result<(u16, Option<String>), Box<dyn Error>> {
    let responses = operation.get("responses").map(|responses| responses.entries()).unwrap_or_default();
    let statuses = responses.into_iter().filter_map(|(key, node)| Some((key.parse::<u16>().ok()?, node)));
    let (status, response) = statuses
        .filter(|(status, _)| (200..300).contains(status))
        .min_by_key(|(status, _)| *status)
        .ok_or("no success status")?;
    let response = documents.follow(response)?;
    let Some(media) = json_content(documents, &response)? else { return Ok((status, None)) };
    let example = match (first_example(documents, &media)?, documents.get(&media, "schema")?) {
        (Some(example), _) => Some(example),
        (None, Some(schema)) => schema.get("example").map(|node| node.value),
        (None, None) => None,
    };
    let example =
        example.ok_or("the body of its success has no example, which is what the simulator answers")?;
    Ok((status, Some(serde_json::to_string(&example)?)))
}

fn json_content(documents: &mut Documents, node: &Node) -> Result<Option<Node>, Box<dyn Error>> {
    let content = node.get("content").map(|content| content.entries()).unwrap_or_default();
    let media = content.into_iter().find(|(name, _)| name.starts_with("application/json"));
    media.map(|(_, media)| documents.follow(media)).transpose()
}

/// `example`, or the value of the first of `examples`.
fn first_example(documents: &mut Documents, node: &Node) -> Result<Option<Value>, Box<dyn Error>> {
    if let Some(example) = node.get("example") {
        return Ok(Some(example.value));
    }
    let examples = node.get("examples").map(|examples| examples.entries()).unwrap_or_default();
    let Some((_, example)) = examples.into_iter().next() else { return Ok(None) };
    let example = documents.follow(example)?;
    Ok(example.get("value").map(|node| node.value))
}
