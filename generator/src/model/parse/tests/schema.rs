//! Schemas: their names and identity, what they say, what is wrong with them.

use super::{around, clean, component, findings, schema_of, with_schema};
use crate::model::{AdditionalProperties, Bounds, SchemaType};
use crate::source::Value;

#[test]
fn each_schema_is_read_once_and_may_refer_to_itself() {
    let document = clean(&[(
        "openapi.yaml",
        &around(
            r##"
paths: {}
components:
  schemas:
    Node:
      type: object
      properties:
        next: {$ref: '#/components/schemas/Node'}
        other: {$ref: '#/components/schemas/Alias'}
        inner: {$ref: '#/components/schemas/Node/properties/name'}
        name: {type: string}
    Alias: {$ref: '#/components/schemas/Node'}
"##,
        ),
    )]);
    assert_eq!(document.schemas.iter().count(), 2);
    let node = component(&document, "Node");
    let ids: Vec<_> = node.properties.iter().map(|property| property.schema.id).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[2], ids[3]);
    assert!(node.properties[0].schema.by_reference && !node.properties[3].schema.by_reference);
    let alias = &document.components.schemas[1].value;
    assert!(alias.by_reference);
    assert_eq!(schema_of(&document, alias).origin.name.as_deref(), Some("Node"));
    assert_eq!(node.properties[0].schema.place.start.line, 10);
}

#[test]
fn names_of_schemas() {
    let root = around(
        r##"
paths: {}
components:
  schemas:
    Renamed: {$ref: 'schemas/Cat.yaml'}
    Pet:
      type: object
      properties:
        cat: {$ref: 'schemas/Cat.yaml'}
        dog: {$ref: 'schemas/Dog.yaml'}
        bird: {$ref: 'birds.yaml#/components/schemas/Bird'}
        wing: {$ref: 'birds.yaml#/definitions/Wing'}
        beak: {$ref: 'birds.yaml#/$defs/Be~1ak'}
        song: {$ref: 'birds.yaml#/other/Song'}
        definitions: {type: object, properties: {x: {type: string}}}
"##,
    );
    let birds = "components: {schemas: {Bird: {type: string}}}\ndefinitions: {Wing: {type: string}}\n\
                 $defs: {Be/ak: {type: string}}\nother: {Song: {type: string}}\n";
    let document = clean(&[
        ("openapi.yaml", &root),
        ("schemas/Cat.yaml", "type: string"),
        ("schemas/Dog.yaml", "type: string"),
        ("birds.yaml", birds),
    ]);
    let pet = component(&document, "Pet");
    let name = |at: usize| schema_of(&document, &pet.properties[at].schema).origin.name.as_deref();
    assert_eq!(name(0), Some("Renamed"));
    assert_eq!(name(1), Some("Dog"));
    assert_eq!(name(2), Some("Bird"));
    assert_eq!(name(3), Some("Wing"));
    assert_eq!(name(4), Some("Be/ak"));
    assert_eq!(name(5), None);
    assert_eq!(name(6), None);
    let definitions = schema_of(&document, &pet.properties[6].schema);
    assert_eq!(schema_of(&document, &definitions.properties[0].schema).origin.name, None);
    assert_eq!(definitions.origin.pointer, "/components/schemas/Pet/properties/definitions");
}

#[test]
fn what_a_schema_says() {
    let document = clean(&[(
        "openapi.yaml",
        &with_schema(
            "title: T, description: D, type: string, format: uuid, nullable: true, enum: [a, 1, null],
             x-enum-varnames: [A, One, Nothing], x-enum-descriptions: ['', One., Nothing.], default: null, example: 7,
             readOnly: true, writeOnly: false, deprecated: true, xml: {name: x}, externalDocs: {url: u},
             minimum: 0.10, exclusiveMinimum: true, maximum: 1e3, multipleOf: 3, minLength: 1, maxLength: 2.0,
             pattern: '^a', minItems: 3, maxItems: 99999999999999999999, uniqueItems: true, minProperties: 4, maxProperties: 5,
             x-clientsmith-secret: true, x-clientsmith-rust-name: Thing, x-clientsmith-rust-type: '::my::Thing'",
        ),
    )]);
    let schema = component(&document, "A");
    assert_eq!(schema.types, [SchemaType::String]);
    assert!(schema.nullable && schema.read_only && !schema.write_only && schema.deprecated && schema.secret);
    assert_eq!(schema.format.as_ref().unwrap().value, "uuid");
    let values = schema.values.as_ref().unwrap();
    assert_eq!((values.len(), &values[2].value), (3, &Value::Null));
    assert_eq!(schema.value_names, ["A", "One", "Nothing"]);
    assert_eq!(schema.value_descriptions, ["", "One.", "Nothing."]);
    assert_eq!(schema.default.as_ref().unwrap().value, Value::Null);
    assert_eq!(schema.examples.len(), 1);
    assert!(schema.xml.is_some());
    assert_eq!(schema.rust_name.as_ref().unwrap().value, "Thing");
    assert_eq!(schema.rust_type.as_ref().unwrap().value, "::my::Thing");
    assert_eq!(
        schema.bounds,
        Bounds {
            minimum: Some("0.10".to_owned()),
            exclusive_minimum: true,
            maximum: Some("1e3".to_owned()),
            exclusive_maximum: false,
            multiple_of: Some("3".to_owned()),
            min_length: Some(1),
            max_length: Some(2),
            pattern: Some("^a".to_owned()),
            min_items: Some(3),
            max_items: Some(u64::MAX),
            unique_items: true,
            min_properties: Some(4),
            max_properties: Some(5),
        }
    );
}

#[test]
fn structure() {
    let text = around(
        r##"
paths: {}
components:
  schemas:
    Open: {additionalProperties: true}
    Any: {additionalProperties: {}}
    Closed: {additionalProperties: false}
    Typed: {additionalProperties: {type: integer}}
    Unstated: {required: [a, b], not: {type: string}, items: {type: number}}
    Union:
      oneOf: [{$ref: '#/components/schemas/Open'}, {$ref: '#/components/schemas/Closed'}]
      anyOf: [{type: string}]
      allOf: [{type: object}, {}]
      discriminator:
        propertyName: kind
        mapping: {o: Open, c: '#/components/schemas/Closed', t: 'types.yaml#/T'}
    T: {$ref: 'types.yaml#/T'}
"##,
    );
    let document = clean(&[("openapi.yaml", &text), ("types.yaml", "T: {type: boolean}")]);
    let additional = |name: &str| component(&document, name).additional_properties.clone();
    assert_eq!(additional("Open"), AdditionalProperties::Allowed);
    assert_eq!(additional("Any"), AdditionalProperties::Allowed);
    assert_eq!(additional("Closed"), AdditionalProperties::Forbidden);
    assert_eq!(additional("Unstated"), AdditionalProperties::Unstated);
    let AdditionalProperties::Typed(typed) = additional("Typed") else { panic!("typed") };
    assert_eq!(schema_of(&document, &typed).types, [SchemaType::Integer]);

    let unstated = component(&document, "Unstated");
    assert!(unstated.types.is_empty() && unstated.not.is_some() && unstated.items.is_some());
    assert_eq!(unstated.required.iter().map(|key| key.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);

    let union = component(&document, "Union");
    assert_eq!((union.one_of.len(), union.any_of.len(), union.all_of.len()), (2, 1, 2));
    let discriminator = union.discriminator.as_ref().unwrap();
    assert_eq!(discriminator.property, "kind");
    let named: Vec<_> = discriminator
        .mapping
        .iter()
        .map(|entry| {
            (entry.name.as_str(), schema_of(&document, &entry.value).origin.name.as_deref().unwrap())
        })
        .collect();
    assert_eq!(named, [("o", "Open"), ("c", "Closed"), ("t", "T")]);
}

#[test]
fn what_is_plain_though_not_standard() {
    let of = |schema: &str| findings(&with_schema(schema)).join("\n");
    assert_eq!(
        of("type: [string, 'null']"),
        "CS0210 6:15 `type` is a list, which OpenAPI 3.0 does not have (it is read as OpenAPI 3.1 means it)\n\
         CS0210 6:24 the type `null` is not one of OpenAPI 3.0 (it is taken for `nullable: true`)"
    );
    assert_eq!(
        of("minimum: 1, exclusiveMinimum: 3"),
        "CS0210 6:39 `exclusiveMinimum` must be a boolean in OpenAPI 3.0, and this is a number (it is read as OpenAPI 3.1 means it)"
    );
    assert_eq!(
        of("discriminator: kind"),
        "CS0210 6:24 `discriminator` must be an object (the text is taken for its `propertyName`)"
    );
    assert_eq!(
        of("enum: [a, b], x-enum-varnames: [A]"),
        "CS0309 6:40 `x-enum-varnames` is not a list of 2 texts, one for each value of `enum` (it is ignored)"
    );
    assert_eq!(
        of("const: 1"),
        "CS0204 6:9 `const` is no key of a schema in OpenAPI 3.0 (it is one in OpenAPI 3.1; here it is ignored)"
    );
}

#[test]
fn exclusive_bounds_that_are_numbers() {
    let bounds = |schema: &str| {
        let (document, _) = super::parse_files(&[("openapi.yaml", &with_schema(schema))]);
        component(&document.unwrap(), "A").bounds.clone()
    };
    let tighter = bounds("minimum: 1, exclusiveMinimum: 3");
    assert_eq!((tighter.minimum.as_deref(), tighter.exclusive_minimum), (Some("3"), true));
    let looser = bounds("maximum: 1, exclusiveMaximum: 3");
    assert_eq!((looser.maximum.as_deref(), looser.exclusive_maximum), (Some("1"), false));
    let alone = bounds("exclusiveMaximum: 3");
    assert_eq!((alone.maximum.as_deref(), alone.exclusive_maximum), (Some("3"), true));
}

#[test]
fn wrong_schemas() {
    let of = |schema: &str| findings(&with_schema(schema)).join("\n");
    assert_eq!(of("type: strnig"), "CS0208 6:15 `strnig` is no type (did you mean `string`?)");
    assert_eq!(
        of("type: file"),
        "CS0208 6:15 `file` is no type (a file is `type: string` with `format: binary`)"
    );
    assert_eq!(
        of("type: date-time"),
        "CS0208 6:15 `date-time` is no type (one of `boolean`, `integer`, `number`, `string`, `array`, `object` is expected)"
    );
    assert_eq!(of("minLength: -1"), "CS0208 6:20 `minLength` is `-1` (a whole number from 0 is expected)");
    assert_eq!(of("maximum: much"), "CS0202 6:18 `maximum` must be a number, and this is a string");
    assert_eq!(of("required: true"), "CS0202 6:19 `required` must be an array, and this is a boolean");
    assert_eq!(
        of("properties: {a: 1, b: {type: 2}, c: {$ref: x.yaml}}"),
        "CS0202 6:25 a schema must be an object, and this is a number\n\
         CS0202 6:38 `type` must be a string, and this is a number\n\
         CS0206 6:52 there is no file `x.yaml`"
    );
    assert_eq!(of("discriminator: {}"), "CS0203 6:24 `propertyName` is missing from a discriminator");
    assert_eq!(
        of("discriminator: {propertyName: a, mapping: {b: AB, c: 1}}"),
        "CS0206 6:55 there is no schema `AB` in `components/schemas` (did you mean `A`?)\n\
         CS0202 6:62 a value of `mapping` must be a string, and this is a number"
    );
    assert_eq!(
        of("x-clientsmith-rust-type: 'Vec<u8>'"),
        "CS0208 6:34 `Vec<u8>` is not the path of a type (write it like `::my_types::Money`)"
    );
    assert_eq!(
        of("x-clientsmith-rust-name: 1a"),
        "CS0208 6:34 `1a` is not a name in Rust (letters, digits and `_`, with no digit first, make a name)"
    );
}
