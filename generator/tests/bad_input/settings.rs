//! Settings of ours that name what is not there.

use clientsmith_generator::diagnostics::Code;

use crate::support::{Outcome, outcome};

/// A list that is paged so.
fn paged(setting: &str) -> Outcome {
    outcome(
        "spec.yaml",
        format!(
            r"openapi: 3.0.3
info: {{title: T, version: '1'}}
paths:
  /a:
    get:
      operationId: list
      x-clientsmith-pagination: {{{setting}}}
      parameters:
        - {{name: number, in: query, schema: {{type: integer}}}}
        - {{name: text, in: query, schema: {{type: string}}}}
        - {{name: list, in: query, schema: {{type: array, items: {{type: string}}}}}}
      responses:
        '200':
          description: A page.
          content:
            application/json:
              schema:
                type: object
                properties:
                  items: {{type: array, items: {{type: string}}}}
                  next: {{type: string, nullable: true}}
                  more: {{type: boolean}}
                  free: {{}}
                  links: {{type: object, additionalProperties: {{type: string}}}}
"
        ),
    )
}

#[test]
fn paging_names_what_is_there() {
    for setting in [
        "kind: cursor, parameters: {cursor: text}, items: /items, next: /next, more: /more",
        "kind: cursor, parameters: {cursor: number, limit: number}, items: /items, next: /free/at/0/all",
        "kind: token, parameters: {cursor: text}, items: /items, next-header: X-Next",
        "kind: link, items: /items, next: /links/next",
        "kind: link, items: /items, more: /free",
    ] {
        assert_eq!(paged(setting).generated().codes, [], "{setting}");
    }
}

#[test]
fn paging_that_names_what_is_not_there_is_refused() {
    for (setting, told) in [
        (
            "kind: cursor, parameters: {cursor: gone}, items: /items, next: /next",
            "no scalar parameter `gone`",
        ),
        (
            "kind: cursor, parameters: {cursor: list}, items: /items, next: /next",
            "no scalar parameter `list`",
        ),
        ("kind: page, parameters: {page: text}, items: /items", "no integer parameter `text`"),
        ("kind: link, parameters: {limit: text}, items: /items", "no integer parameter `text`"),
        ("kind: link, items: /items, next: /gone", "`/gone` leads to no property of the answer to `list`"),
        ("kind: link, items: /items, next: /items/x", "`/items/x` leads to no property"),
        ("kind: link, items: /items, next: /items", "`/items` is neither a text nor a number in the answer"),
        ("kind: link, items: /items, next: /more", "`/more` is neither a text nor a number in the answer"),
        ("kind: link, items: /items, more: /next", "`/next` is no boolean in the answer"),
        ("kind: link, items: /next", "`/next` is no array in the answer"),
    ] {
        let outcome = paged(setting);
        assert!(outcome.findings.contains(told), "{setting}: {}", outcome.findings);
        outcome.refused(Code::UnknownTarget);
    }
}
