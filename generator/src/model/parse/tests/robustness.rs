//! Whatever stands anywhere in a description, the parser reports it and goes on.

use super::around;
use crate::diagnostics::Diagnostics;
use crate::model::parse;
use crate::source::{Limits, load_texts};

/// A description that has every kind of object.
fn sample() -> String {
    around(
        r##"
servers: [{url: 'https://{r}', variables: {r: {default: a, enum: [a]}}}]
tags: [{name: t, externalDocs: {url: u}}]
security: [{key: []}]
x-clientsmith-error: {code: [/code], request-id-header: X-Id}
x-clientsmith-error-when: [{pointer: /ok, in: [false]}]
x-clientsmith-retry: {statuses: [429], codes: [a], idempotent: true}
paths:
  /a/{id}:
    summary: s
    parameters: [{$ref: '#/components/parameters/Id'}]
    post:
      operationId: a
      tags: [t]
      deprecated: true
      callbacks: {c: {}}
      x-clientsmith-pagination: {kind: page, parameters: {page: p}, items: /items}
      parameters:
        - {name: p, in: query, schema: {type: integer}, examples: {e: {value: 1}}, x-clientsmith-client-parameter: true}
        - {name: c, in: header, content: {application/json: {schema: {}}}}
      requestBody:
        required: true
        content: {multipart/form-data: {schema: {$ref: '#/components/schemas/A'}, encoding: {f: {contentType: a/b, style: form}}}}
      responses:
        '200': {$ref: '#/components/responses/Ok'}
        default: {description: d}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {type: string}}}
  responses:
    Ok:
      description: d
      headers: {X-Id: {schema: {type: string}}}
      content: {application/json: {schema: {$ref: '#/components/schemas/A'}, example: {}}}
      links:
        next:
          operationRef: '#/paths/~1a~1{id}/post'
          parameters: {id: $response.body#/id}
          x-clientsmith-wait: {done: [{status: [404], code: [x]}], interval: 2s}
  securitySchemes:
    key: {type: apiKey, in: header, name: k}
    login: {type: oauth2, flows: {password: {tokenUrl: u, scopes: {}}}}
  schemas:
    A:
      type: object
      required: [a]
      properties: {a: {type: string, enum: [x], x-enum-varnames: [X]}, b: {type: array, items: {$ref: '#/components/schemas/A'}}}
      additionalProperties: {type: number, minimum: 1, exclusiveMinimum: true}
      discriminator: {propertyName: a, mapping: {x: A}}
    B: {oneOf: [{$ref: '#/components/schemas/A'}], nullable: true, minLength: 1, xml: {}}
"##,
    )
}

/// The ways to every node below `node`.
fn paths(node: &serde_json::Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match node {
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| paths(item, &format!("{here}/{at}"), found));
        }
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                let key = key.replace('~', "~0").replace('/', "~1");
                paths(value, &format!("{here}/{key}"), found);
            }
        }
        _ => {}
    }
}

fn parse_json(value: &serde_json::Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let text = value.to_string();
    let tree =
        load_texts("openapi.json", [("openapi.json", text.as_str())], Limits::default(), &mut diagnostics);
    parse(&tree.unwrap(), &mut diagnostics);
    diagnostics
}

#[test]
fn any_value_anywhere() {
    let mut diagnostics = Diagnostics::new();
    let text = sample();
    let tree =
        load_texts("openapi.yaml", [("openapi.yaml", text.as_str())], Limits::default(), &mut diagnostics);
    let tree = tree.unwrap();
    parse(&tree, &mut diagnostics);
    assert_eq!(super::lines(&diagnostics), Vec::<String>::new());

    let sample: serde_json::Value =
        serde_json::from_str(&tree.file(tree.root()).unwrap().root.to_json()).unwrap();
    let mut all = Vec::new();
    paths(&sample, "", &mut all);
    let values = [
        serde_json::json!(null),
        serde_json::json!(-1.5),
        serde_json::json!("é"),
        serde_json::json!(true),
        serde_json::json!([]),
        serde_json::json!([[null], {}]),
        serde_json::json!({}),
        serde_json::json!({"$ref": "#"}),
        serde_json::json!({"é": {"$ref": 1}}),
    ];
    let (mut reported, mut tried) = (0, 0);
    for path in &all {
        for value in &values {
            let mut changed = sample.clone();
            *changed.pointer_mut(path).unwrap() = value.clone();
            tried += 1;
            reported += usize::from(!parse_json(&changed).is_empty());
        }
    }
    assert!(tried > 1_000 && reported > tried / 2, "{reported} of {tried}");
}

#[test]
fn any_key_may_be_missing() {
    let mut diagnostics = Diagnostics::new();
    let text = sample();
    let tree =
        load_texts("openapi.yaml", [("openapi.yaml", text.as_str())], Limits::default(), &mut diagnostics);
    let sample = tree.map(|tree| tree.file(tree.root()).unwrap().root.to_json()).unwrap();
    let sample: serde_json::Value = serde_json::from_str(&sample).unwrap();
    let mut all = Vec::new();
    paths(&sample, "", &mut all);
    for path in all.iter().filter(|path| !path.is_empty()) {
        let (parent, key) = path.rsplit_once('/').unwrap();
        let mut changed = sample.clone();
        if let Some(object) = changed.pointer_mut(parent).and_then(serde_json::Value::as_object_mut) {
            object.remove(&key.replace("~1", "/").replace("~0", "~"));
            parse_json(&changed);
        }
    }
}

#[test]
fn deep_schemas_need_no_deep_stack() {
    let depth = 100;
    let mut schema = "{type: string}".to_owned();
    for _ in 0..depth {
        schema = format!("{{properties: {{a: {schema}}}}}");
    }
    let document = super::clean(&[(
        "openapi.yaml",
        &around(&format!("paths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}\n")),
    )]);
    assert_eq!(document.schemas.iter().count(), depth + 1);
}
