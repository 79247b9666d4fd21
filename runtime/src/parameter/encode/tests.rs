use super::*;

/// The `color` of OpenAPI 3.0.4 §4.7.12.4.
fn blue() -> ParameterValue {
    ParameterValue::from("blue")
}

fn colors() -> ParameterValue {
    vec!["blue", "black", "brown"].into()
}

fn rgb() -> ParameterValue {
    object(&[("R", "100"), ("G", "200"), ("B", "150")])
}

fn object(properties: &[(&str, &str)]) -> ParameterValue {
    let property = |(name, value): &(&str, &str)| ((*name).to_owned(), ParameterValue::from(*value));
    ParameterValue::Object(properties.iter().map(property).collect())
}

fn written(parameter: &Parameter, value: &ParameterValue) -> String {
    let mut text = String::new();
    match parameter.location {
        Location::Path => value.write_path_segment(parameter, &mut text),
        Location::Query => value.write_query(parameter, &mut text),
        Location::Header => text = value.to_header(parameter).into_owned(),
        Location::Cookie => value.write_cookies(parameter, &mut text),
    }
    text
}

/// The table of OpenAPI 3.0.4 §4.7.12.4: nothing, the string, the array and the object.
#[test]
fn the_table_of_the_specification() {
    let table: &[(Style, bool, [&str; 4])] = &[
        (
            Style::Matrix,
            false,
            [";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
        ),
        (
            Style::Matrix,
            true,
            [";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
        ),
        (Style::Label, false, [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"]),
        (Style::Label, true, [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"]),
        (Style::Simple, false, ["", "blue", "blue,black,brown", "R,100,G,200,B,150"]),
        (Style::Simple, true, ["", "blue", "blue,black,brown", "R=100,G=200,B=150"]),
        (
            Style::Form,
            false,
            ["?color=", "?color=blue", "?color=blue,black,brown", "?color=R,100,G,200,B,150"],
        ),
        (
            Style::Form,
            true,
            ["?color=", "?color=blue", "?color=blue&color=black&color=brown", "?R=100&G=200&B=150"],
        ),
    ];
    for (style, explode, expected) in table {
        let location = if *style == Style::Form { Parameter::query } else { Parameter::path };
        let parameter = Parameter { explode: *explode, ..location("color").style(*style) };
        let values = [ParameterValue::from(""), blue(), colors(), rgb()];
        assert_eq!(values.map(|value| written(&parameter, &value)), *expected, "{style:?} {explode}");
    }
    let query = Parameter::query("color");
    assert_eq!(written(&query.space_delimited(), &colors()), "?color=blue%20black%20brown");
    assert_eq!(written(&query.space_delimited(), &rgb()), "?color=R%20100%20G%20200%20B%20150");
    assert_eq!(written(&query.pipe_delimited(), &colors()), "?color=blue%7Cblack%7Cbrown");
    assert_eq!(written(&query.pipe_delimited(), &rgb()), "?color=R%7C100%7CG%7C200%7CB%7C150");
    assert_eq!(written(&query.deep_object(), &rgb()), "?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150");
}

/// The cells of the table that say `n/a`, and values inside of values: nothing is lost.
#[test]
fn what_a_style_cannot_write_is_written_as_form_does() {
    let query = Parameter::query("color");
    for parameter in [query.space_delimited().exploded(), query.pipe_delimited().exploded()] {
        assert_eq!(written(&parameter, &blue()), "?color=blue");
        assert_eq!(written(&parameter, &colors()), "?color=blue&color=black&color=brown");
        assert_eq!(written(&parameter, &rgb()), "?R=100&G=200&B=150");
    }
    let deep = query.deep_object();
    assert_eq!(written(&deep, &blue()), "?color=blue");
    assert_eq!(written(&deep, &colors()), "?color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown");
    let nested = ParameterValue::Object(vec![
        ("a b".to_owned(), vec!["1", "2"].into()),
        ("c".to_owned(), vec![rgb(), object(&[("R", "1")])].into()),
        ("d".to_owned(), object(&[("e", "f")])),
    ]);
    assert_eq!(
        written(&deep, &nested),
        "?color%5Ba%20b%5D%5B%5D=1&color%5Ba%20b%5D%5B%5D=2\
         &color%5Bc%5D%5B0%5D%5BR%5D=100&color%5Bc%5D%5B0%5D%5BG%5D=200&color%5Bc%5D%5B0%5D%5BB%5D=150\
         &color%5Bc%5D%5B1%5D%5BR%5D=1&color%5Bd%5D%5Be%5D=f"
    );
    let list_in_object = ParameterValue::Object(vec![
        ("page".to_owned(), ParameterValue::from("1")),
        ("sort".to_owned(), vec!["a", "b"].into()),
    ]);
    assert_eq!(written(&query, &list_in_object), "?page=1&sort=a&sort=b");
}

#[test]
fn headers_are_not_percent_encoded() {
    let header = Parameter::header("X-Color");
    assert_eq!(written(&header, &ParameterValue::from("a b/ü%")), "a b/ü%");
    assert_eq!(written(&header, &colors()), "blue,black,brown");
    assert_eq!(written(&header, &rgb()), "R,100,G,200,B,150");
    assert_eq!(written(&header.exploded(), &rgb()), "R=100,G=200,B=150");
    assert_eq!(written(&header.exploded(), &vec!["", "", "a"].into()), ",,a");
}

#[test]
fn each_cookie_is_one_pair() {
    let cookie = Parameter::cookie("color");
    assert_eq!(written(&cookie, &ParameterValue::from("a;b c")), "color=a%3Bb%20c");
    assert_eq!(written(&cookie, &colors()), "color=blue; color=black; color=brown");
    assert_eq!(written(&cookie.joined(), &colors()), "color=blue,black,brown");
    assert_eq!(written(&cookie, &rgb()), "R=100; G=200; B=150");
    assert_eq!(written(&cookie.joined(), &rgb()), "color=R,100,G,200,B,150");
    assert_eq!(written(&Parameter::cookie("$a|b=;").text(), &"x y".into()), "$a|b%3D%3B=x y");
    assert_eq!(written(&cookie.json(), &r#"{"a":1}"#.into()), "color=%7B%22a%22%3A1%7D");
}

/// RFC 6570 §3.2.3, with what a query cannot hold.
#[test]
fn reserved_characters_stay_where_they_are_allowed() {
    let query = Parameter::query("q").allow_reserved();
    for (value, expected) in [
        ("a:b/c?d@e!f$g'h(i)j*k,l;m=n", "?q=a:b/c?d@e!f$g'h(i)j*k,l;m=n"),
        ("a#b[c]d&e+f", "?q=a%23b%5Bc%5Dd%26e%2Bf"),
        ("100%", "?q=100%25"),
        ("%41%zz%4", "?q=%41%25zz%254"),
        ("%é", "?q=%25%C3%A9"),
        ("a b\"<>\\^`{|}é", "?q=a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%C3%A9"),
    ] {
        assert_eq!(written(&query, &value.into()), expected);
    }
    assert_eq!(written(&query, &object(&[("a=b", "c=d")])), "?a%3Db=c=d");
}

#[test]
fn all_but_unreserved_characters_are_encoded() {
    let path = Parameter::path("p");
    assert_eq!(written(&path, &"a/b c~é".into()), "a%2Fb%20c~%C3%A9");
    assert_eq!(written(&path, &vec!["a,b", "c"].into()), "a%2Cb,c");
    assert_eq!(written(&Parameter::query("a[]&b"), &"x&y=z+%".into()), "?a%5B%5D%26b=x%26y%3Dz%2B%25");
    let pairs = object(&[("a&b", "c=d"), ("e", "")]);
    assert_eq!(written(&Parameter::query("q"), &pairs), "?a%26b=c%3Dd&e=");
    let matrix = path.matrix().exploded();
    assert_eq!(written(&matrix, &pairs), ";a%26b=c%3Dd;e");
    assert_eq!(written(&path.label().exploded(), &pairs), ".a%26b=c%3Dd.e=");
    assert_eq!(written(&matrix, &vec!["", "b"].into()), ";p;p=b");
}

/// RFC 6570 §2.3: a list or an object without members is undefined.
#[test]
fn without_members_nothing_is_written() {
    let query = Parameter::query("q");
    for empty in [ParameterValue::List(Vec::new()), ParameterValue::Object(Vec::new())] {
        for path in [Parameter::path("p"), Parameter::path("p").label(), Parameter::path("p").matrix()] {
            assert_eq!(written(&path, &empty), "");
        }
        for query in [query, query.joined(), query.space_delimited(), query.deep_object()] {
            assert_eq!(written(&query, &empty), "");
            assert_eq!(written(&query.allow_empty(), &empty), "?q=");
        }
        assert_eq!(written(&Parameter::header("H"), &empty), "");
        assert_eq!(written(&Parameter::cookie("c"), &empty), "");
    }
    assert_eq!(written(&query, &vec![""].into()), "?q=");
}
