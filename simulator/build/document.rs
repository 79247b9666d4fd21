//! The files of the description, and the references between them.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use yaml_serde::Value;

/// No description refers further than this: what does refers in a circle.
const LONGEST_CHAIN: usize = 32;

/// The files that were read so far.
pub(crate) struct Documents {
    folder: PathBuf,
    files: BTreeMap<PathBuf, Value>,
}

/// A value, and the file that it stands in, which its references are relative to.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    file: PathBuf,
    pub(crate) value: Value,
}

impl Node {
    /// The value of a key, without following a reference.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.with(value))
    }

    /// The entries of an object, in the order of the file. Keys that are numbers are given as their digits.
    pub(crate) fn entries(&self) -> Vec<(String, Self)> {
        let entries = self.value.as_mapping().into_iter().flatten();
        entries
            .filter_map(|(key, value)| {
                let key = key.as_str().map(str::to_owned).or_else(|| Some(key.as_u64()?.to_string()))?;
                Some((key, self.with(value)))
            })
            .collect()
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> Vec<Self> {
        self.value.as_sequence().into_iter().flatten().map(|value| self.with(value)).collect()
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.value.get(key)?.as_str().map(str::to_owned)
    }

    /// Whether a key is `true`.
    pub(crate) fn is_set(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    fn with(&self, value: &Value) -> Self {
        Self { file: self.file.clone(), value: value.clone() }
    }
}

impl Documents {
    /// The files of a folder, none of which is read yet.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, files: BTreeMap::new() }
    }

    /// The whole of a file of the folder.
    pub(crate) fn root(&mut self, name: &str) -> Result<Node, Box<dyn Error>> {
        let file = self.folder.join(name);
        let value = self.read(&file)?.clone();
        Ok(Node { file, value })
    }

    /// The value that a node stands for: itself, or what its reference leads to.
    pub(crate) fn follow(&mut self, node: Node) -> Result<Node, Box<dyn Error>> {
        let mut node = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = node.text("$ref") else { return Ok(node) };
            let (path, pointer) = reference.split_once('#').unwrap_or((&reference, ""));
            let file = match (path, node.file.parent()) {
                ("", _) => node.file.clone(),
                (path, Some(folder)) => without_dots(&folder.join(path)),
                (path, None) => path.into(),
            };
            let mut value = self.read(&file)?;
            for key in pointer.split('/').skip(1) {
                let key = key.replace("~1", "/").replace("~0", "~");
                value = value.get(key).ok_or_else(|| {
                    format!("{}: the reference {reference} leads nowhere", node.file.display())
                })?;
            }
            node = Node { value: value.clone(), file };
        }
        Err(format!("{}: a reference leads back to itself", node.file.display()).into())
    }

    /// The value of a key, after all references.
    pub(crate) fn get(&mut self, node: &Node, key: &str) -> Result<Option<Node>, Box<dyn Error>> {
        node.get(key).map(|node| self.follow(node)).transpose()
    }

    fn read(&mut self, file: &Path) -> Result<&Value, Box<dyn Error>> {
        if !self.files.contains_key(file) {
            let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let value =
                yaml_serde::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            self.files.insert(file.to_owned(), value);
        }
        self.files.get(file).ok_or_else(|| format!("{} was not read", file.display()).into())
    }
}

/// The path without `x/..`, so that each file is read once. The folders of the description are no links.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        let is_name = clean.file_name().is_some();
        if component.as_os_str() == ".." && is_name {
            clean.pop();
        } else {
            clean.push(component);
        }
    }
    clean
}
