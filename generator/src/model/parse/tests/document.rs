//! The document, its version, servers, tags, security, and references between files.

use super::{around, clean, findings, lines, parse_files, with_operation};
use crate::model::{ParameterLocation, SecuritySchemeKind};

#[test]
fn a_whole_document() {
    let document = clean(&[(
        "openapi.yaml",
        r#"
openapi: 3.0.4
info:
  title: 2024
  version: 1.0
  description: All of it.
  termsOfService: https://example.com/terms
  contact: {name: Ann, email: ann@example.com, url: https://example.com}
  license: {name: MIT, url: https://example.com/mit}
  x-logo: {url: logo.png}
servers:
  - url: https://{region}.example.com:{port}
    description: All regions.
    variables:
      region: {default: eu, enum: [eu, us], description: The region.}
      port: {default: 443}
tags:
  - {name: users, description: Users., externalDocs: {url: https://example.com/users}, x-clientsmith-rust-name: people}
security:
  - key: []
  - login: [read, write]
    x-other: []
  - {}
externalDocs: {url: https://example.com, description: More.}
paths: {}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key, x-clientsmith-signer: Mine}
    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://example.com/t, scopes: {read: Read.}}}}
    basic: {type: http, scheme: Basic}
    bearer: {type: http, scheme: bearer, bearerFormat: JWT}
    open: {type: openIdConnect, openIdConnectUrl: https://example.com/o}
"#,
    )]);
    assert_eq!(document.version.value, "3.0.4");
    assert_eq!((document.info.title.as_str(), document.info.version.as_str()), ("2024", "1.0"));
    assert_eq!(document.info.license.as_ref().unwrap().name, "MIT");
    assert_eq!(document.info.contact.as_ref().unwrap().email.as_deref(), Some("ann@example.com"));

    let server = &document.servers[0];
    assert_eq!(server.url.value, "https://{region}.example.com:{port}");
    assert_eq!(server.variables[0].value.values, ["eu", "us"]);
    assert_eq!(server.variables[1].value.default, "443");
    assert_eq!(document.tags[0].rust_name.as_ref().unwrap().value, "people");

    let security: Vec<Vec<_>> = document
        .security
        .unwrap()
        .into_iter()
        .map(|requirement| {
            requirement.schemes.into_iter().map(|scheme| (scheme.name, scheme.value)).collect()
        })
        .collect();
    let text = str::to_owned;
    assert_eq!(security[0], [(text("key"), vec![])]);
    assert_eq!(security[1], [(text("login"), vec![text("read"), text("write")]), (text("x-other"), vec![])]);
    assert!(security[2].is_empty());

    let schemes = &document.components.security_schemes;
    let SecuritySchemeKind::ApiKey { name, location } = &schemes[0].value.kind else { panic!("an API key") };
    assert_eq!((name.as_str(), *location), ("X-Key", ParameterLocation::Header));
    assert_eq!(schemes[0].value.signer.as_ref().unwrap().value, "Mine");
    assert!(
        matches!(&schemes[1].value.kind, SecuritySchemeKind::OAuth2 { flows } if flows[0].is_of_client && flows[0].scopes[0].name == "read")
    );
    assert!(
        matches!(&schemes[2].value.kind, SecuritySchemeKind::Http { scheme, .. } if scheme.eq_ignore_ascii_case("basic"))
    );
}

#[test]
fn versions() {
    let version = |text: &str| findings(text).join("\n");
    assert_eq!(
        version("openapi: 3.1.0\ninfo: {}"),
        "CS0201 1:10 OpenAPI `3.1.0` is not supported (OpenAPI 3.0 is supported)"
    );
    assert_eq!(
        version("swagger: '2.0'"),
        "CS0201 1:10 Swagger `2.0` is not supported (OpenAPI 3.0 is supported)"
    );
    assert_eq!(
        version("info: {}"),
        "CS0201 1:1 this is no OpenAPI description: it has no key `openapi` (OpenAPI 3.0 is supported)"
    );
    assert_eq!(version("- 1"), "CS0201 1:1 an OpenAPI description is an object, and this is an array");
    assert_eq!(
        version("openapi: [3]"),
        "CS0201 1:10 `openapi` must be a version such as `3.0.4`, and this is an array (OpenAPI 3.0 is supported)"
    );
    clean(&[("openapi.yaml", "openapi: 3.0\ninfo: {title: a, version: b}\npaths: {}")]);
}

#[test]
fn what_is_missing_and_can_be_done_without() {
    assert_eq!(
        findings("openapi: 3.0.0\ninfo: {license: {}}\nservers: [{url: a, variables: {v: {enum: [x]}}}]"),
        [
            "CS0209 1:1 `paths` is missing from the document (the description has no operations then)",
            "CS0209 2:7 `title` is missing from an info object (it is taken for an empty text)",
            "CS0209 2:7 `version` is missing from an info object (it is taken for an empty text)",
            "CS0209 2:17 `name` is missing from a license object (it is taken for an empty text)",
            "CS0209 3:35 `default` is missing from a server variable (the first value of `enum` is taken)",
        ]
    );
}

#[test]
fn unknown_keys() {
    assert_eq!(
        findings(&around(
            "servres: []\npaths: {}\nnonsense: 1\nwebhooks: {}\nx-clientsmth-retry: {}\ncomponents: {schema: {}}\n"
        )),
        [
            "CS0204 3:1 `servres` is no key of the document (did you mean `servers`?)",
            "CS0204 5:1 `nonsense` is no key of the document (it is ignored; a key of your own begins with `x-`)",
            "CS0204 6:1 `webhooks` is no key of the document in OpenAPI 3.0 (it is one in OpenAPI 3.1; here it is ignored)",
            "CS0204 7:1 `x-clientsmth-retry` is taken for an extension of someone else's (did you mean `x-clientsmith-retry`?)",
            "CS0204 8:14 `schema` is no key of the components object (did you mean `schemas`?)",
        ]
    );
}

#[test]
fn all_errors_are_reported_at_once() {
    let text = around(
        "servers: [{}, 1]
paths: {a: {}, /b: 1}
security: {key: []}
components:
  securitySchemes:
    a: {type: apikey}
    b: {type: mutualTLS}
    c: {type: apiKey, in: path, name: x}
    d: {type: oauth2, flows: {implict: {}}}
    e: {}
",
    );
    assert_eq!(
        findings(&text),
        [
            "CS0203 3:11 `url` is missing from a server",
            "CS0202 3:15 a server must be an object, and this is a number",
            "CS0208 4:9 the path `a` does not begin with `/` (write it as `/a`; a key of your own begins with `x-`)",
            "CS0202 4:20 a path item must be an object, and this is a number",
            "CS0202 5:11 `security` must be an array, and this is an object",
            "CS0208 8:15 `apikey` is no type of a security scheme (did you mean `apiKey`?)",
            "CS0208 9:15 `mutualTLS` is no type of a security scheme (one of `apiKey`, `http`, `oauth2`, `openIdConnect` is expected)",
            "CS0208 10:8 an API key cannot be in the path (`query`, `header` or `cookie` is expected)",
            "CS0204 11:31 `implict` is no key of an OAuth flows object (did you mean `implicit`?)",
            "CS0203 12:8 `type` is missing from a security scheme",
        ]
    );
}

#[test]
fn references_of_every_kind_are_followed() {
    let root = around(
        r##"
paths:
  /a: {$ref: 'parts.yaml#/item'}
components:
  parameters: {P: {$ref: '#/components/parameters/Q'}, Q: {name: q, in: query, schema: {$ref: 'S.yaml'}}}
  responses: {R: {$ref: 'parts.yaml#/response'}}
  headers: {H: {schema: {type: string}}}
  examples: {E: {value: 1}}
  links: {L: {operationId: a}}
  requestBodies: {B: {content: {text/plain: {}}}}
  securitySchemes: {K: {$ref: 'parts.yaml#/scheme'}}
"##,
    );
    let parts = r##"
item:
  post:
    operationId: a
    parameters: [{$ref: 'openapi.yaml#/components/parameters/P'}]
    requestBody: {$ref: 'openapi.yaml#/components/requestBodies/B'}
    responses: {'200': {$ref: 'openapi.yaml#/components/responses/R'}}
response:
  description: It worked.
  headers: {X: {$ref: 'openapi.yaml#/components/headers/H'}}
  content: {application/json: {examples: {e: {$ref: 'openapi.yaml#/components/examples/E'}}}}
  links: {l: {$ref: 'openapi.yaml#/components/links/L'}}
scheme: {type: http, scheme: basic}
"##;
    let document = clean(&[("openapi.yaml", &root), ("parts.yaml", parts), ("S.yaml", "type: integer")]);
    let operation = &document.operations[0];
    assert_eq!(operation.path.value, "/a");
    assert_eq!(operation.parameters[0].name.value, "q");
    assert_eq!(operation.request_body.as_ref().unwrap().component.as_deref(), Some("B"));
    let response = &operation.responses[0].1;
    assert_eq!(response.component.as_deref(), Some("R"));
    assert_eq!((response.headers.len(), response.links.len()), (1, 1));
    let example = &response.content[0].value.examples[0];
    assert_eq!(example.value.as_ref().unwrap().scalar_text().as_deref(), Some("1"));
    assert!(matches!(document.components.security_schemes[0].value.kind, SecuritySchemeKind::Http { .. }));
}

#[test]
fn references_that_lead_nowhere() {
    let text = around(
        r##"paths: {}
components:
  securitySchemes:
    a: {$ref: '#/components/securitySchemes/b'}
    b: {$ref: '#/components/securitySchemes/a'}
    c: {$ref: '#/components/securitySchems/a'}
    d: {$ref: gone.yaml}
    e: {$ref: 1}
    f: {$ref: 'https://example.com/a.yaml'}
"##,
    );
    assert_eq!(
        findings(&text),
        [
            // A circle is reported once.
            "CS0207 6:15 the reference leads back to itself and never to a value",
            "CS0206 8:15 there is nothing at `#/components/securitySchems/a`: `securitySchems` is not there (did you mean `securitySchemes`?)",
            "CS0206 9:15 there is no file `gone.yaml`",
            "CS0202 10:15 `$ref` must be a string, and this is a number",
            "CS0206 11:15 `https://example.com/a.yaml` is a remote reference, and these are not followed (save the file beside this one and refer to it by its path)",
        ]
    );
}

#[test]
fn siblings_of_a_reference() {
    let text = with_operation(
        "responses: {'200': {$ref: '#/x-response', description: Fine., content: {}, x-a: 1, x-clientsmith-secret: true}}",
    ) + "x-response: {description: It worked.}\n";
    let help = "move it to what the reference names, or, with schemas, write the `$ref` into `allOf`";
    assert_eq!(
        findings(&text),
        [
            format!("CS0301 5:73 `content` beside a `$ref` is ignored, as the specification says ({help})"),
            format!("CS0205 5:94 `x-clientsmith-secret` does not stand beside a `$ref` ({help})"),
        ]
    );
}

#[test]
fn findings_show_their_place() {
    let text = "openapi: 3.0.4
info: {title: Test, version: '1'}
paths:
  /users:
    get:
      x-clientsmith-pagnation: {kind: page}
      parameters:
        - {$ref: '#/components/parameters/Pag'}
        - {name: page, in: query, schema: {type: int}}
        - {name: page, in: query, schema: {type: integer}}
      responses: {}
components:
  parameters:
    Page: {$ref: '#/components/parameters/Size'}
    Size: {$ref: '#/components/parameters/Page'}
";
    let (_, diagnostics) = parse_files(&[("openapi.yaml", text)]);
    assert_eq!(lines(&diagnostics).len(), 4);
    insta::assert_snapshot!(diagnostics.render(false));
}
