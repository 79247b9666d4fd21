use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;

use super::drift;
use crate::verify::pages::Pages;

fn pages(texts: &[(&str, &str)]) -> Pages {
    let mut pages = Pages::default();
    for (name, text) in texts {
        pages.add(name, Path::new(name), text, &mut Diagnostics::new());
    }
    pages
}

fn shown(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
    let drift = drift(&pages(old), &pages(new));
    let lines = drift.changes.iter().map(|change| {
        format!(
            "{} ({}, {:?}, {:?}) {change}\n",
            change.endpoint, change.page, change.old_line, change.new_line
        )
    });
    format!("{}{} reworded\n", lines.collect::<String>(), drift.reworded)
}

const OLD: &str = "# List\n\n## URI\n\nGET /v1/{project_id}/orders\n\n**表 1**  查询参数\n\n<table><thead><tr><th>参数</th><th>是否必选</th><th>参数类型</th><th>描述</th></tr></thead>\n<tbody><tr><td>limit</td><td>否</td><td>Integer</td><td>取值范围[1,100]，默认为10。</td></tr>\n<tr><td>name</td><td>否</td><td>String</td><td>A</td></tr></tbody></table>\n\n## 响应消息\n\n**表 2**  响应参数\n\n<table><thead><tr><th>参数</th><th>参数类型</th><th>描述</th></tr></thead>\n<tbody><tr><td>orders</td><td>Array of order objects</td><td>参见<a href=\"#t3\">表3</a></td></tr></tbody></table>\n\n<a name=\"t3\"></a>\n\n**表 3**  order\n\n<table><thead><tr><th>参数</th><th>参数类型</th><th>描述</th></tr></thead>\n<tbody><tr><td>id</td><td>Integer</td><td>A</td></tr></tbody></table>\n\n## 状态码\n\n-   正常\n\n    200\n";

#[test]
fn words_and_anchors_are_no_change() {
    let reworded = OLD.replace("<td>A</td>", "<td>Something else</td>").replace("t3", "elsewhere");
    assert_eq!(shown(&[("a.md", OLD)], &[("a.md", &reworded)]), "1 reworded\n");
    assert_eq!(shown(&[("a.md", OLD)], &[("a.md", OLD)]), "0 reworded\n");
}

#[test]
fn each_aspect_of_a_field_is_told() {
    let changed = OLD
        .replace("<td>limit</td><td>否</td>", "<td>limit</td><td>是</td>")
        .replace("[1,100]，默认为10", "[1,1000]，默认为20")
        .replace(
            "<td>String</td><td>A</td>",
            "<td>String</td><td>枚举值：<ul><li>me</li><li>all</li></ul></td>",
        )
        .replace(
            "<td>id</td><td>Integer</td><td>A</td>",
            "<td>id</td><td>String</td><td>该字段已废弃。长度为1~64</td>",
        );
    insta::assert_snapshot!("aspects", shown(&[("a.md", OLD)], &[("a.md", &changed)]));
}

#[test]
fn an_answer_comes_and_goes_as_a_whole() {
    let accepted = OLD.replace("    200", "    202");
    insta::assert_snapshot!("answers", shown(&[("a.md", OLD)], &[("a.md", &accepted)]));
}

#[test]
fn an_object_comes_and_goes_as_a_whole() {
    let without = OLD.replace(
        "<tr><td>orders</td><td>Array of order objects</td><td>参见<a href=\"#t3\">表3</a></td></tr>",
        "<tr><td>total</td><td>Integer</td><td>A</td></tr>",
    );
    insta::assert_snapshot!("objects", shown(&[("a.md", OLD)], &[("a.md", &without)]));
}

#[test]
fn endpoints_are_known_by_method_and_path() {
    let renamed = OLD.replace("{project_id}", "{project}");
    let other = OLD.replace("/orders", "/invoices");
    insta::assert_snapshot!(
        "endpoints",
        shown(
            &[("a.md", OLD), ("b.md", &other)],
            &[("c.md", &renamed), ("d.md", &OLD.replace("GET", "POST"))]
        )
    );
}
