//! Reading descriptions, and what the reader says about broken ones.

use std::fs;
use std::path::Path;

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use clientsmith_generator::source::{Limits, Tree, load, load_texts};

/// What is reported about one file, as it is shown.
fn rendered(name: &str, text: &str) -> String {
    let mut diagnostics = Diagnostics::new();
    Tree::from_text(name, text, &mut diagnostics);
    diagnostics.render(false)
}

fn codes(diagnostics: &Diagnostics) -> Vec<Code> {
    diagnostics.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_missing_root_file() {
    let mut diagnostics = Diagnostics::new();
    assert!(load(Path::new("no/such/openapi.yaml"), Limits::default(), &mut diagnostics).is_none());
    insta::assert_snapshot!(diagnostics.render(false));
}

#[test]
fn broken_yaml() {
    insta::assert_snapshot!(rendered(
        "openapi.yaml",
        "openapi: 3.0.3\ninfo:\n  title: A\n version: 1\npaths: {}\n"
    ));
}

#[test]
fn broken_yaml_flow() {
    insta::assert_snapshot!(rendered("openapi.yaml", "openapi: 3.0.3\ntags: [a, b\npaths: {}\n"));
}

#[test]
fn broken_json() {
    insta::assert_snapshot!(rendered("openapi.json", "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {},\n}\n"));
}

#[test]
fn json_that_is_not_closed() {
    insta::assert_snapshot!(rendered("openapi.json", "{\"openapi\": \"3.0.3\", \"paths\": {\"/a"));
}

#[test]
fn repeated_key_in_yaml() {
    insta::assert_snapshot!(rendered(
        "openapi.yaml",
        "openapi: 3.0.3\npaths:\n  /a: {}\n  /b: {}\n  /a:\n    get: {}\n"
    ));
}

#[test]
fn repeated_key_in_json() {
    insta::assert_snapshot!(rendered("openapi.json", r#"{"paths": {"/a": {}, "/a": {}}}"#));
}

#[test]
fn repeated_key_far_away() {
    let between: String = (0..100).map(|number| format!("key{number}: 1\n")).collect();
    insta::assert_snapshot!(rendered("openapi.yaml", &format!("same: 1\n{between}same: 2\n")));
}

#[test]
fn repeated_key_in_a_minified_file() {
    let between: String = (0..50_000).map(|number| format!("\"key{number}\":\"ü\",")).collect();
    let text = format!("{{\"same\":1,{between}\"same\":2,{}\"end\":0}}", between.replace("key", "more"));
    insta::assert_snapshot!(rendered("openapi.json", &text));
}

#[test]
fn second_document() {
    insta::assert_snapshot!(rendered("openapi.yaml", "openapi: 3.0.3\n---\nopenapi: 3.1.0\n"));
}

#[test]
fn key_that_is_a_mapping() {
    insta::assert_snapshot!(rendered("openapi.yaml", "paths:\n  {{ template }}: 1\n"));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let rendered = rendered("openapi.json", "{\"a\": \"\u{9b}\u{1b}[31mred\u{7f}\", \r\"b\": 1}");
    assert!(!rendered.chars().any(|character| character.is_control() && character != '\n'), "{rendered:?}");
    insta::assert_snapshot!(rendered);
}

#[test]
fn nesting_beyond_the_limit() {
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    insta::assert_snapshot!(rendered("openapi.json", &nested));
    for (name, text) in [
        ("openapi.yaml", nested),
        ("openapi.yaml", "- ".repeat(100_000)),
        ("openapi.yaml", "? ".repeat(10_000)),
        ("openapi.yaml", (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()),
    ] {
        let mut diagnostics = Diagnostics::new();
        assert!(Tree::from_text(name, &text, &mut diagnostics).is_none());
        assert!(diagnostics.has_errors());
    }
}

#[test]
fn nesting_up_to_the_limit() {
    let limits = Limits { depth: 5, ..Limits::default() };
    for (name, text, fits) in [
        ("a.json", "[[[[[1]]]]]", true),
        ("a.json", "[[[[[[1]]]]]]", false),
        ("a.yaml", "- - - - - 1", true),
        ("a.yaml", "- - - - - - 1", false),
        ("a.yaml", "a: &a [[1]]\nb: [[*a]]", true),
        ("a.yaml", "a: &a [[[1]]]\nb: [[*a]]", false),
    ] {
        let mut diagnostics = Diagnostics::new();
        assert_eq!(load_texts(name, [(name, text)], limits, &mut diagnostics).is_some(), fits, "{text}");
        assert_eq!(codes(&diagnostics), if fits { Vec::new() } else { vec![Code::Limit] }, "{text}");
    }
}

#[test]
fn alias_bomb() {
    let mut text = "a0: &a0 [lol, lol]\n".to_owned();
    for level in 1..40 {
        let before = level - 1;
        text.push_str(&format!("a{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}]\n"));
    }
    let mut diagnostics = Diagnostics::new();
    let limits = Limits { expansion: 10_000, ..Limits::default() };
    assert!(load_texts("openapi.yaml", [("openapi.yaml", &*text)], limits, &mut diagnostics).is_none());
    insta::assert_snapshot!(diagnostics.render(false));
}

#[test]
fn an_alias_inside_of_its_anchor() {
    insta::assert_snapshot!(rendered("openapi.yaml", "a: &a\n  b: *a\n"));
}

#[test]
fn files_are_followed_in_circles_and_only_inside_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec");
    fs::create_dir_all(spec.join("paths")).unwrap();
    fs::write(folder.path().join("outside.yaml"), "a: 1\n").unwrap();
    fs::write(
        spec.join("openapi.yaml"),
        "a: {$ref: 'paths/a.yaml#/get'}\nb: {$ref: ../outside.yaml}\nc: {$ref: gone.yaml}\nd: {$ref: paths}\n\
         e: {$ref: ../spec/paths/b.json}\n",
    )
    .unwrap();
    fs::write(spec.join("paths/a.yaml"), "get: {$ref: '../openapi.yaml#/a', other: {$ref: b.json}}\n")
        .unwrap();
    fs::write(spec.join("paths/b.json"), "{\"x\": {\"$ref\": \"./a.yaml\"}}").unwrap();

    let mut diagnostics = Diagnostics::new();
    let tree = load(&spec.join("openapi.yaml"), Limits::default(), &mut diagnostics).unwrap();
    assert!(diagnostics.is_empty(), "{}", diagnostics.render(false));
    let shown: Vec<_> =
        tree.files().map(|file| file.path.strip_prefix(&spec).unwrap().to_path_buf()).collect();
    assert_eq!(shown, [Path::new("openapi.yaml"), Path::new("paths/a.yaml"), Path::new("paths/b.json")]);

    let error = |reference| {
        let error = tree.locate(tree.root(), reference).unwrap_err().to_string();
        error.replace(&folder.path().display().to_string(), "<folder>").replace('\\', "/")
    };
    let errors = ["../outside.yaml", "gone.yaml", "paths", "https://example.com/a.yaml", "#/aa"].map(error);
    insta::assert_snapshot!(errors.join("\n"));
    assert!(tree.locate(tree.root(), "paths/b.json#/x").is_ok());
}

#[cfg(unix)]
#[test]
fn symbolic_links_do_not_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec");
    fs::create_dir_all(&spec).unwrap();
    fs::write(folder.path().join("secret.yaml"), "password: 1\n").unwrap();
    fs::write(spec.join("real.yaml"), "a: 1\n").unwrap();
    std::os::unix::fs::symlink("../secret.yaml", spec.join("link.yaml")).unwrap();
    std::os::unix::fs::symlink("real.yaml", spec.join("inner.yaml")).unwrap();
    let root = "a: {$ref: link.yaml}\nb: {$ref: inner.yaml}\nc: {$ref: real.yaml}\n";
    fs::write(spec.join("openapi.yaml"), root).unwrap();

    let mut diagnostics = Diagnostics::new();
    let tree = load(&spec.join("openapi.yaml"), Limits::default(), &mut diagnostics).unwrap();
    let error = tree.locate(tree.root(), "link.yaml").unwrap_err().to_string();
    assert!(error.ends_with("lies outside the folder of the description"), "{error}");
    let inner = tree.locate(tree.root(), "inner.yaml#/a").unwrap();
    let real = tree.locate(tree.root(), "real.yaml#/a").unwrap();
    assert_eq!((inner.file, inner.pointer), (real.file, real.pointer));
}

#[test]
fn a_broken_file_that_is_referred_to_is_shown() {
    let files = [("openapi.yaml", "a: {$ref: b.yaml}\n"), ("b.yaml", "get:\n  a: [1, 2\n  b: 3\n")];
    let mut diagnostics = Diagnostics::new();
    let tree = load_texts("openapi.yaml", files, Limits::default(), &mut diagnostics).unwrap();
    insta::assert_snapshot!(diagnostics.render(false));
    insta::assert_snapshot!(tree.locate(tree.root(), "b.yaml").unwrap_err().to_string());
}

#[test]
fn text_that_is_not_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, b"title: a\ndescription: caf\xe9\n").unwrap();
    let mut diagnostics = Diagnostics::new();
    assert!(load(&path, Limits::default(), &mut diagnostics).is_none());
    let rendered = diagnostics.render(false).replace(&folder.path().display().to_string(), "<folder>");
    insta::assert_snapshot!(rendered.replace('\\', "/"));
}

#[test]
fn limits_of_files_and_bytes() {
    let files = [("a.yaml", "a: {$ref: b.yaml}"), ("b.yaml", "a: {$ref: c.yaml}"), ("c.yaml", "a: 1")];
    let mut diagnostics = Diagnostics::new();
    let limits = Limits { files: 2, ..Limits::default() };
    assert!(load_texts("a.yaml", files, limits, &mut diagnostics).is_some());
    assert_eq!(codes(&diagnostics), [Code::Limit]);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "a: 12345").unwrap();
    for (bytes, expected) in [(8, Vec::new()), (7, vec![Code::Limit])] {
        let mut diagnostics = Diagnostics::new();
        let tree = load(&path, Limits { bytes, ..Limits::default() }, &mut diagnostics);
        assert_eq!((tree.is_some(), codes(&diagnostics)), (expected.is_empty(), expected));
    }
}

const SAMPLE_YAML: &str = "\u{feff}%YAML 1.2\n---\nopenapi: \"3.1.0\"\r\ninfo: {title: 'It''s', version: 1.10, x: [a, 'b', \"\\u00e9\\x41\"]}\r\n\
    base: &base\n  type: object\n  text: |+\n    literal\n\n  folded: >-\n    a\n    b\nmerged:\n  <<: [*base, {a: 1}]\n\
    \u{20} type: !!str 3\n? key\n: - 0x1F\n  - !local {a: ~, ? b : c}\n  - &x 12e4\n  - *x\n# comment\nlast: plain \u{fc} text #c\n...\n";

const SAMPLE_JSON: &str = "{\"a\": [1, -2.5e+10, true, false, null, \"\\u00e9\\ud83d\\ude00\\n\"],\r\n \"\u{fc}\": {\"$ref\": \"#/a\", \"b\": {}}}\n";

/// Texts near to `sample`: cut short, with a character removed, doubled or replaced by one that means something.
fn mutations(sample: &str) -> Vec<String> {
    let characters: Vec<char> = sample.chars().collect();
    let mut texts = Vec::new();
    for at in 0..=characters.len() {
        let (before, behind) = characters.split_at(at);
        let before: String = before.iter().collect();
        texts.push(before.clone());
        let Some((character, behind)) = behind.split_first() else { continue };
        let behind: String = behind.iter().collect();
        texts.push(format!("{before}{behind}"));
        texts.push(format!("{before}{character}{character}{behind}"));
        for replacement in [
            '"',
            '\'',
            '{',
            '}',
            '[',
            ']',
            ':',
            ',',
            '-',
            '?',
            '&',
            '*',
            '!',
            '|',
            '>',
            '%',
            '@',
            '#',
            '\\',
            ' ',
            '\t',
            '\n',
            '\r',
            '\0',
            '~',
            '<',
            '\u{feff}',
            '\u{85}',
            '\u{1f600}',
        ] {
            texts.push(format!("{before}{replacement}{behind}"));
        }
    }
    texts
}

#[test]
fn the_samples_themselves_are_read() {
    for (name, text) in [("a.yaml", SAMPLE_YAML), ("a.json", SAMPLE_JSON), ("a.yaml", SAMPLE_JSON)] {
        assert_eq!(rendered(name, text), "", "{text}");
    }
}

#[test]
fn json_is_what_serde_json_takes_for_json() {
    for text in mutations(SAMPLE_JSON) {
        // Only the byte order mark is treated differently, which RFC 8259 §8.1 leaves open.
        if text.starts_with('\u{feff}') {
            continue;
        }
        let tree = Tree::from_text("a.json", &text, &mut Diagnostics::new());
        let ours = tree.and_then(|tree| tree.file(tree.root()).map(|file| file.root.to_json()));
        let ours = ours.map(|json| serde_json::from_str::<serde_json::Value>(&json).unwrap());
        assert_eq!(ours, serde_json::from_str(&text).ok(), "{text:?}");
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    for (name, sample) in [("a.yaml", SAMPLE_YAML), ("a.json", SAMPLE_JSON)] {
        for text in mutations(sample) {
            let mut diagnostics = Diagnostics::new();
            let tree = Tree::from_text(name, &text, &mut diagnostics);
            // Whoever gets no tree is told why.
            assert!(tree.is_some() || diagnostics.has_errors(), "{text:?}");
            assert_eq!(diagnostics.render(true).is_empty(), diagnostics.is_empty());
        }
    }
}
