//! On which line of an example each key stands, for the parser of JSON keeps no positions.

use std::collections::BTreeMap;

/// The number of lines above the first key of each path: `jobs[].name`. The text is JSON.
pub(super) fn keys(json: &str) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    let mut line = 0_u32;
    // The path of the value that is being read, and below it those of the objects and arrays around it.
    let mut path = String::new();
    let mut around: Vec<String> = Vec::new();
    let mut characters = json.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\n' => line += 1,
            '{' => around.push(path.clone()),
            '[' => {
                around.push(path.clone());
                path.push_str("[]");
            }
            '}' | ']' => path = around.pop().unwrap_or_default(),
            '"' => {
                let end = loop {
                    match characters.next() {
                        Some((_, '\\')) => _ = characters.next(),
                        Some((end, '"')) => break end,
                        Some(_) => {}
                        None => return found,
                    }
                };
                let is_key = json.get(end + 1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
                if let (true, Some(object)) = (is_key, around.last()) {
                    let name = json.get(at..=end).and_then(|text| serde_json::from_str::<String>(text).ok());
                    let name = name.unwrap_or_default();
                    path = if object.is_empty() { name } else { format!("{object}.{name}") };
                    found.entry(path.clone()).or_insert(line);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn a_key_is_found_where_its_path_says() {
        let found = keys(
            "{\n\"notes\": {},\n\"spec\": {\n\"at\": \"a:\\\"b\",\n\"notes\": [\n[{\"id\": 1}]]},\n\"end\": []}",
        );
        let lines: Vec<_> = found.iter().map(|(path, line)| (path.as_str(), *line)).collect();
        assert_eq!(
            lines,
            [
                ("end", 6),
                ("notes", 1),
                ("spec", 2),
                ("spec.at", 3),
                ("spec.notes", 4),
                ("spec.notes[][].id", 5)
            ]
        );
        assert_eq!(keys("[{\"a\": 1}]").into_keys().collect::<Vec<_>>(), ["[].a"]);
    }
}
