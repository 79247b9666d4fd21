use super::doc_lines;

/// What each text becomes; the lines of the result are joined.
fn check(cases: &[(&str, &str)]) {
    for (markdown, expected) in cases {
        assert_eq!(doc_lines(markdown).join("\n"), *expected, "from {markdown:?}");
    }
}

#[test]
fn prose_is_joined_trimmed_and_wrapped() {
    check(&[
        ("", ""),
        (" \n\t\n", ""),
        ("  One\ntwo  \n\n\n three \n", "One two\n\nthree"),
        ("hard  \nbreak\\\nagain", "hard\\\nbreak\\\nagain"),
        ("删除训练作业。\n下一行", "删除训练作业。 下一行"),
        ("\u{feff}a\u{7}b\u{202e}c\rd", "abc d"),
    ]);
    let lines = doc_lines(&"twelve chars ".repeat(40));
    assert!(lines.len() > 1);
    assert!(lines.iter().all(|line| line.len() <= 96 && !line.ends_with(' ')));
    assert_eq!(doc_lines(&"x".repeat(200)), ["x".repeat(200)]);
}

#[test]
fn text_that_looks_like_marks_is_escaped() {
    check(&[
        ("a [Foo] and [a::b] or [`Bar`]", "a \\[Foo\\] and \\[a::b\\] or \\[`Bar`\\]"),
        ("[ ] not a task, [^1] not a note", "\\[ \\] not a task, \\[^1\\] not a note"),
        ("a ` lonely backtick", "a \\` lonely backtick"),
        ("2 * 3 ~ 6 and snake_case_name and _x", "2 \\* 3 \\~ 6 and snake_case_name and \\_x"),
        ("C:\\dir\\ and \\*", "C:\\dir\\\\ and \\*"),
        ("a < b, R&D, &amp;amp; &lt;b&gt;", "a < b, R&D, \\&amp; \\<b>"),
        ("a\\https://example.com", "a\\\\<https://example.com>"),
        ("10. \u{a0}<p>word", "10. word"),
        ("x&#8238;&#10;y&#x202e;", "x y"),
        ("Vec\\<T>", "Vec\\<T>"),
        ("\\# no heading", "\\# no heading"),
        ("1986\\. A year", "1986\\. A year"),
        ("\\- no item", "\\- no item"),
        ("a\n\\=== b", "a === b"),
    ]);
}

#[test]
fn a_wrapped_line_never_starts_a_block() {
    for mark in ["-", "+", "1.", "2)", "#", "##", ">", "---", "===", "|", "|---|", "```", "~~~", "*"] {
        let filler = "y".repeat(90);
        let lines = doc_lines(&format!(
            "x {filler} {} more",
            mark.replace(['*', '`', '~'], "\\$0").replace("$0", mark)
        ));
        let again = doc_lines(&lines.join("\n"));
        assert_eq!(lines, again, "with {mark}");
    }
    let text = format!("{} - more", "y".repeat(95));
    assert_eq!(doc_lines(&text), ["y".repeat(95), "\\- more".to_owned()]);
}

#[test]
fn links_lead_somewhere_or_are_text() {
    check(&[
        ("See https://example.com/a_b?c=d&e=f.", "See <https://example.com/a_b?c=d&e=f>."),
        ("(http://example.com/x(y))", "(<http://example.com/x(y)>)"),
        ("at https://{region}.example.com/v1 now", "at `https://{region}.example.com/v1` now"),
        ("中文https://example.com。后", "中文<https://example.com>。后"),
        ("https:// alone", "https:// alone"),
        ("<https://example.com> <me@example.com>", "<https://example.com> me@example.com"),
        ("[a *b*](https://example.com 'title')", "[a *b*](https://example.com)"),
        ("[https://example.com](https://example.com)", "<https://example.com>"),
        ("[](https://example.com)", "<https://example.com>"),
        ("[x](https://example.com/a%20b_(c))", "[x](<https://example.com/a%20b_(c)>)"),
        ("[text](./other.md) [top](#top) [js](javascript:x)", "text top js"),
        ("[https://example.com](x.md)", "<https://example.com>"),
        ("[`Foo`][bar]\n\n[bar]: ./x.md", "`Foo`"),
        ("![alt](https://example.com/i.png) ![](i.png)", "[alt](https://example.com/i.png)"),
        ("[![alt](https://example.com/i.png)](https://example.com)", "[alt](https://example.com)"),
        ("wow\\![a](https://example.com)", "wow\\![a](https://example.com)"),
        ("**see** [a](https://example.com) , b", "**see** [a](https://example.com) , b"),
    ]);
}

#[test]
fn html_becomes_what_it_says() {
    check(&[
        ("a<br>b<br/>c", "a\\\nb\\\nc"),
        ("a<br><br>b", "a\n\nb"),
        ("<p>One <b>two</b>.</p><p>Three &lt; four&nbsp;five</p>", "One two.\n\nThree < four five"),
        ("the <job-id> of <b>it</b>", "the \\<job-id> of it"),
        ("Set <code>a_b*</code> now", "Set `a_b*` now"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        (
            "see <a href=\"https://example.com/x\">there</a> or <a href='#y'>here</a>",
            "see [there](https://example.com/x) or here",
        ),
        ("a <!-- hidden --> b", "a b"),
        ("<!-- hidden\nlines -->\n\ntext", "text"),
        ("<pre>\nfn  main\n  x &amp;</pre>", "```text\nfn  main\n  x &\n```"),
        ("<p>open <code>never closed", "open `never closed`"),
        ("`a`<code>b</code>", "`a` `b`"),
        ("<pre>a&#8238;b</pre>", "```text\nab\n```"),
        ("<a href=x", "\\<a href=x"),
        ("<br>", ""),
    ]);
}

#[test]
fn code_is_never_rust() {
    check(&[
        ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
        ("```rust,ignore\nx\n```", "```text\nx\n```"),
        ("~~~JSON\n{ \"a\":  1 }  \n~~~", "```json\n{ \"a\":  1 }\n```"),
        ("    indented\n\n      more", "```text\nindented\n\n  more\n```"),
        ("````\n```\nx\n```\n````", "````text\n```\nx\n```\n````"),
        ("```\nnever closed", "```text\nnever closed\n```"),
        ("``a ` b`` and ` `` `", "``a ` b`` and ``` `` ```"),
        ("\tx\n\ty\tz", "```text\nx\ny    z\n```"),
    ]);
}

#[test]
fn lists_are_indented_to_their_text() {
    check(&[
        ("* a\nlazy\n* b\n    * c\n       continued\n", "- a lazy\n- b\n  - c continued"),
        ("10) a\n\n    b\n11) c", "10. a\n\n    b\n\n11. c"),
        ("- a\n\n      code\n- b", "- a\n\n  ```text\n  code\n  ```\n\n- b"),
        ("- a\n- b\n\n* c", "- a\n- b\n\n* c"),
        ("-\n- b", "-\n- b"),
        ("- a\n  > quoted\nlazy\n- b", "- a\n  > quoted lazy\n- b"),
        ("> - a\n>\n> b\n\nc", "> - a\n>\n> b\n\nc"),
        ("text\n- item", "text\n\n- item"),
        ("- ***\n- b", "- ___\n- b"),
    ]);
}

#[test]
fn headings_rules_and_tables_stay() {
    check(&[
        ("Title\n=====\ntext", "# Title\n\ntext"),
        ("## C # #\n***", "## C \\#\n\n___"),
        ("# a\\#", "# a\\#"),
        ("a|b\n:-|-:\n1|`x\\|y` <br>z\n*u*|", "| a | b |\n| :-- | --: |\n| 1 | `x\\|y` z |\n| *u* |  |"),
        ("- a\n\n  |h|\n  |-|\n  |c|", "- a\n\n  | h |\n  | --- |\n  | c |"),
        ("~~gone~~ ***both***", "~~gone~~ ***both***"),
    ]);
}

#[test]
fn what_is_normal_stays_as_it_is() {
    let markdown = "# Title\n\nText with `code`, *emphasis*, a [link](https://example.com) and \\[brackets\\].\n\n\
                    - one\n  - two\n\n    ```json\n    {}\n    ```\n\n> quoted\n>\n> more\n\n| a |\n| --- |\n| b |";
    let lines = doc_lines(markdown);
    assert_eq!(doc_lines(&lines.join("\n")), lines);
}
