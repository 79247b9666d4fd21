//! Files that are hardly descriptions.

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_generator::understand;

use crate::support::{outcome, with_schemas};

/// A description in YAML with this in it.
fn yaml(more: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n{more}\n")
}

#[test]
fn nothing_at_all() {
    for text in ["", " ", "\n", "\u{feff}", "#", "---", "---\n...\n", "null", "1", "\"a\"", "[]", "~"] {
        for name in ["a.json", "a.yaml"] {
            assert!(!outcome(name, text.to_owned()).is_generated(), "{text:?} as {name}");
        }
    }
}

#[test]
fn bytes_that_are_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let sixteen = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{}", yaml("")).encode_utf16().flat_map(order).collect()
    };
    let texts = [
        sixteen(u16::to_le_bytes),
        sixteen(u16::to_be_bytes),
        b"openapi: \xff".to_vec(),
        b"\xed\xa0\x80".to_vec(),
    ];
    for bytes in texts {
        for name in ["a.yaml", "a.json"] {
            let path = folder.path().join(name);
            std::fs::write(&path, &bytes).unwrap();
            let mut diagnostics = Diagnostics::new();
            assert!(understand(&path, &mut diagnostics).is_none());
            assert!(diagnostics.iter().any(|finding| finding.code == Code::Unreadable));
        }
    }
}

#[test]
fn a_byte_order_mark_and_line_ends_of_every_kind() {
    for text in [yaml(""), with_schemas("")] {
        for name in ["a.yaml", "a.json"].into_iter().filter(|name| text.starts_with('{') || *name == "a.yaml")
        {
            outcome(name, format!("\u{feff}{text}")).generated();
            outcome(name, text.replace('\n', "\r\n")).generated();
            outcome(name, text.replace('\n', "\r")).generated();
        }
    }
}

#[test]
fn tabs_and_tags_and_directives() {
    for (more, is_read) in [
        ("x-a: !!str 1", true),
        ("x-a: !!binary aGk=", true),
        ("x-a: !own {a: 1}", true),
        ("x-a: !!set {a, b}", true),
        ("x-a: !!python/object:os.system [ls]", true),
        ("x-a: !!int a", false),
        ("x-a: !!map []", false),
        ("x-a: !undeclared!b c", false),
        ("x-a: &a [*a]", false),
        ("x-a: *missing", false),
        ("? [a]\n: b", false),
        ("x-a:\n\t- b", false),
        ("---\na: b", false),
        ("x-a: \"\\ud800\"", false),
        ("x-a: \"\\U00110000\"", false),
        ("x-a: 'a\u{0}b'", false),
        ("x-a: 'a\u{85}b'", true),
        ("<<: {x-a: 1}", true),
        ("<<: [1]", true),
        ("...\nmore", false),
    ] {
        let outcome = outcome("a.yaml", yaml(more));
        assert_eq!(outcome.is_generated(), is_read, "{more:?}: {}", outcome.findings);
    }
}

#[test]
fn aliases_that_multiply() {
    let mut text = String::from("x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..30 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("x-{level}: &a{level} [{before}]\n"));
    }
    outcome("a.yaml", yaml(&text)).refused(Code::Limit);
    // One level after the other, each twice the one before, as maps that are merged.
    let mut text = String::from("x-0: &a0 {k0: 1}\n");
    for level in 1..60 {
        text.push_str(&format!(
            "x-{level}: &a{level} {{<<: *a{}, k{level}: {{<<: *a{}}}}}\n",
            level - 1,
            level - 1
        ));
    }
    outcome("a.yaml", yaml(&text)).refused(Code::Limit);
    // A long text is counted by its length.
    let long = "a".repeat(100_000);
    let aliases = vec!["*a"; 10_000].join(", ");
    outcome("a.yaml", yaml(&format!("x-0: &a {long}\nx-1: [{aliases}]"))).refused(Code::Limit);
}

/// An alias of an alias is what the first stands for, so a chain of them adds nothing.
#[test]
fn a_chain_of_aliases() {
    let mut text = String::from("x-0: &a0 1\n");
    for level in 1..20_000 {
        text.push_str(&format!("x-{level}: {{a: &a{level} b, c: *a{}}}\n", level - 1));
    }
    outcome("a.yaml", yaml(&text)).generated();
}

#[test]
fn keys_that_stand_twice() {
    outcome("a.json", with_schemas(r#""A":{},"A":{}"#)).refused(Code::DuplicateKey);
    outcome("a.yaml", yaml("x-a: 1\nx-a: 2")).refused(Code::DuplicateKey);
    let keys: Vec<&str> = vec![r#""A":{}"#; 20_000];
    outcome("a.json", with_schemas(&keys.join(","))).refused(Code::DuplicateKey);
}

#[test]
fn half_surrogates() {
    for text in [r#"\ud800"#, r#"\udc00"#, r#"\ud800\ud800"#, r#"\ud800a"#, r#"\ud83d\u"#] {
        outcome("a.json", with_schemas(&format!(r#""A":{{"description":"{text}"}}"#))).refused(Code::Syntax);
    }
}

#[test]
fn numbers_of_every_size() {
    let digits = "9".repeat(400);
    let numbers = [
        "1e999999",
        "-1e999999",
        "1e-999999",
        "1E400",
        &digits,
        "-0",
        "0.0",
        "1e99999999999999999999",
        "0.1e1",
    ];
    let keys = [
        "minimum",
        "maximum",
        "multipleOf",
        "exclusiveMinimum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "default",
        "example",
    ];
    for number in numbers {
        for ty in ["integer", "number", "string", "array"] {
            let bounds = keys.map(|key| format!(r#""{key}":{number}"#)).join(",");
            outcome(
                "a.json",
                with_schemas(&format!(r#""A":{{"properties":{{"p":{{"type":"{ty}",{bounds}}}}}}}"#)),
            );
        }
        outcome(
            "a.json",
            with_schemas(&format!(
                r#""A":{{"type":"integer","enum":[{number},1]}},"B":{{"type":"number","enum":[{number}]}},"C":{{"enum":[{number}]}}"#
            )),
        );
    }
    for word in [".nan", ".inf", "-.Inf", "NaN", "Infinity", "0x7f", "0o17", "1_000", "+1", ".5", "5."] {
        let schemas = format!(
            "components: {{schemas: {{A: {{properties: {{p: {{type: number, default: {word}, minimum: {word}, enum: [{word}]}}}}}}}}}}"
        );
        outcome("a.yaml", yaml(&schemas));
    }
}
