//! Reading the files of a description: the root file, and all that its references reach.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::tree::Repeated;
use super::{FileId, Node, Place, Position, ReadResult, Reading, ReferenceError, SourceFile, Tree, Value};
use super::{json, path, yaml};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// How much is read before a description is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deeply arrays and objects may be nested, aliases expanded. All stages walk the tree with the stack of the
    /// thread: far more than the default needs a larger one.
    pub depth: usize,
    /// How many files may be read.
    pub files: usize,
    /// How many bytes one file may have.
    pub bytes: u64,
    /// How many nodes the aliases of YAML may add, over all files. Long texts count as several.
    pub expansion: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 256, files: 10_000, bytes: 256 * 1024 * 1024, expansion: 10_000_000 }
    }
}

/// Reads the file at `path` and all files that its references reach.
///
/// `None` when that file itself cannot be used; the findings then say why. Findings about the others may forbid going on
/// too: see [`Diagnostics::has_errors`].
pub fn load(path: &Path, limits: Limits, diagnostics: &mut Diagnostics) -> Option<Tree> {
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let absolute_folder = match std::path::absolute(Path::new(".").join(&folder)) {
        Ok(absolute) => path::normalise(&absolute),
        Err(error) => {
            diagnostics.report(
                Code::Unreadable,
                None,
                format!("`{}` cannot be read: {error}", path.display()),
            );
            return None;
        }
    };
    let real_folder = std::fs::canonicalize(&absolute_folder).unwrap_or_else(|_| absolute_folder.clone());
    let key = path.file_name().map(PathBuf::from).unwrap_or_default();
    let tree = Tree::empty(folder, absolute_folder, diagnostics);
    Loader::new(tree, Storage::Folder { real_folder }, limits, diagnostics).run(key, path)
}

/// Reads the file `root` of `files`, which are held in memory as pairs of path and text, and all that its references
/// reach, as [`load`] does. Paths are relative to one folder that has no name.
pub fn load_texts<'text>(
    root: &str,
    files: impl IntoIterator<Item = (&'text str, &'text str)>,
    limits: Limits,
    diagnostics: &mut Diagnostics,
) -> Option<Tree> {
    let files =
        files.into_iter().map(|(name, text)| (path::normalise(Path::new(name)), text.to_owned())).collect();
    let tree = Tree::empty(PathBuf::new(), PathBuf::new(), diagnostics);
    Loader::new(tree, Storage::Memory(files), limits, diagnostics)
        .run(path::normalise(Path::new(root)), Path::new(root))
}

impl Tree {
    /// A description of one file that is held in memory. `None` when it is not YAML (or JSON, which the end of `name` or
    /// the first character decides).
    pub fn from_text(name: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        load_texts(name, [(name, text)], Limits::default(), diagnostics)
    }

    fn empty(folder: PathBuf, absolute_folder: PathBuf, diagnostics: &Diagnostics) -> Self {
        let first = diagnostics.next_file();
        Self { first, files: Vec::new(), loaded: BTreeMap::new(), folder, absolute_folder }
    }
}

/// Where the texts come from.
enum Storage {
    /// The file system; the folder has its symbolic links resolved.
    Folder {
        real_folder: PathBuf,
    },
    Memory(BTreeMap<PathBuf, String>),
}

struct Loader<'a> {
    tree: Tree,
    storage: Storage,
    limits: Limits,
    /// What is left of [`Limits::expansion`].
    expansion_left: usize,
    /// The files by their path without symbolic links, so that none is read under two names.
    real: BTreeMap<PathBuf, FileId>,
    /// Files whose references have not been looked at.
    waiting: VecDeque<FileId>,
    limit_reported: bool,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Loader<'a> {
    fn new(tree: Tree, storage: Storage, limits: Limits, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            tree,
            storage,
            limits,
            expansion_left: limits.expansion,
            real: BTreeMap::new(),
            waiting: VecDeque::new(),
            limit_reported: false,
            diagnostics,
        }
    }

    fn run(mut self, key: PathBuf, shown: &Path) -> Option<Tree> {
        let before = self.diagnostics.iter().count();
        let result = self.read_file(&key, shown, true);
        if let Err(error) = &result {
            // The finding that was made already, where there is one, says more than the error.
            if self.diagnostics.iter().count() == before {
                self.diagnostics.report(Code::Unreadable, None, error.to_string());
            }
            return None;
        }
        self.tree.loaded.insert(key, result);
        while let Some(file) = self.waiting.pop_front() {
            for key in self.files_named_in(file) {
                if self.tree.loaded.contains_key(&key) {
                    continue;
                }
                let shown = self.tree.folder.join(&key);
                let result = self.read_file(&key, &shown, false);
                self.tree.loaded.insert(key, result);
            }
        }
        Some(self.tree)
    }

    /// The keys of all files that references of `file` name.
    fn files_named_in(&self, file: FileId) -> Vec<PathBuf> {
        let Some(file) = self.tree.file(file) else { return Vec::new() };
        let mut references = Vec::new();
        collect_references(&file.root, &mut references);
        references.sort_by_key(|(place, _)| *place);
        references
            .into_iter()
            .map(|(_, reference)| path::split(reference).0)
            .filter(|named| !named.is_empty())
            .filter_map(|named| path::key(&file.key, named, &self.tree.absolute_folder).ok())
            .collect()
    }

    fn read_file(&mut self, key: &Path, shown: &Path, is_root: bool) -> Result<FileId, ReferenceError> {
        let unreadable =
            |reason: String| ReferenceError::Unreadable { path: shown.display().to_string(), reason };
        if self.tree.files.len() >= self.limits.files {
            let message = format!("the description refers to more than {} files", self.limits.files);
            if !self.limit_reported {
                self.limit_reported = true;
                self.diagnostics.report(Code::Limit, None, message.clone());
            }
            return Err(unreadable(message));
        }
        let (bytes, real) = match &self.storage {
            Storage::Memory(files) => {
                let text = files
                    .get(key)
                    .ok_or_else(|| ReferenceError::MissingFile { path: shown.display().to_string() })?;
                (text.clone().into_bytes(), key.to_path_buf())
            }
            Storage::Folder { real_folder } => {
                let real = match std::fs::canonicalize(shown) {
                    Ok(real) => real,
                    // A pipe has no path of its own.
                    Err(_) if is_root => shown.to_path_buf(),
                    Err(error) => return Err(io_error(&error, shown)),
                };
                if !is_root && !real.starts_with(real_folder) {
                    return Err(ReferenceError::Outside { path: shown.display().to_string() });
                }
                if let Some(file) = self.real.get(&real) {
                    return Ok(*file);
                }
                (read_bytes(shown, is_root, self.limits.bytes)?, real)
            }
        };
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > self.limits.bytes {
            let message = format!("`{}` has more than {} bytes", shown.display(), self.limits.bytes);
            self.diagnostics.report(Code::Limit, None, message);
            return Err(unreadable(format!("it has more than {} bytes", self.limits.bytes)));
        }
        let text: Arc<str> = match String::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(&text).into(),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
                let reason = format!("it is not UTF-8 at byte {} (line {line})", valid + 1);
                if is_root || is_description(shown) {
                    let message = format!("`{}` cannot be read: {reason}", shown.display());
                    self.diagnostics.report(Code::Unreadable, None, message).help("save the file as UTF-8");
                }
                return Err(unreadable(reason));
            }
        };

        let number = self.tree.first.saturating_add(u32::try_from(self.tree.files.len()).unwrap_or(u32::MAX));
        let id = FileId(number);
        let reading = self.parse(id, shown, &text);
        // What a file that does not look like a description says of itself is not worth a finding: its reference may
        // stand in an example.
        if reading.is_err() && !is_root && !is_description(shown) {
            return Err(unreadable("it is neither YAML nor JSON".to_owned()));
        }
        self.diagnostics.add_file(id, shown, Arc::clone(&text));
        let start = Position { line: 1, column: 1 };
        let mut root = Node { place: Place { file: id, start, end: start }, value: Value::Null };
        let result = match reading {
            Ok(reading) => {
                self.diagnostics.extend(reading.findings);
                self.waiting.push_back(id);
                self.real.insert(real, id);
                root = reading.root;
                Ok(id)
            }
            Err(finding) => {
                let position =
                    finding.place.map(|place| format!("line {}: ", place.start.line)).unwrap_or_default();
                let error = unreadable(format!("{position}{}", finding.message));
                self.diagnostics.extend([*finding]);
                Err(error)
            }
        };
        self.tree.files.push(SourceFile { path: shown.to_path_buf(), text, root, key: key.to_path_buf() });
        result
    }

    /// JSON when the name says so, or when it looks like it and is; else YAML.
    fn parse(&mut self, file: FileId, path: &Path, text: &str) -> ReadResult<Reading> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return json::read(file, text, &self.limits);
        }
        if text.trim_start().starts_with(['{', '['])
            && let Ok(reading) = json::read(file, text, &self.limits)
        {
            return Ok(reading);
        }
        yaml::read(file, text, &self.limits, &mut self.expansion_left)
    }
}

fn read_bytes(path: &Path, is_root: bool, limit: u64) -> Result<Vec<u8>, ReferenceError> {
    let file = File::open(path).map_err(|error| io_error(&error, path))?;
    let is_file = file.metadata().map_err(|error| io_error(&error, path))?.is_file();
    // The root may be a pipe that the user named; nothing else may block or never end.
    if !is_root && !is_file {
        return Err(ReferenceError::Unreadable {
            path: path.display().to_string(),
            reason: "it is not a regular file".to_owned(),
        });
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| io_error(&error, path))?;
    Ok(bytes)
}

fn io_error(error: &std::io::Error, path: &Path) -> ReferenceError {
    let path = path.display().to_string();
    match error.kind() {
        std::io::ErrorKind::NotFound => ReferenceError::MissingFile { path },
        std::io::ErrorKind::IsADirectory => {
            ReferenceError::Unreadable { path, reason: "it is a folder".to_owned() }
        }
        _ => ReferenceError::Unreadable { path, reason: error.to_string() },
    }
}

/// Whether the name is that of a file of a description.
fn is_description(path: &Path) -> bool {
    let extensions = ["json", "yaml", "yml"];
    path.extension()
        .is_some_and(|extension| extensions.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// The texts of all `$ref` keys, wherever they stand.
fn collect_references<'tree>(node: &'tree Node, references: &mut Vec<(Place, &'tree str)>) {
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, references)),
        Value::Object(object) => {
            for entry in object.entries() {
                match entry.value.as_str() {
                    Some(reference) if entry.key == "$ref" => references.push((entry.value.place, reference)),
                    _ => collect_references(&entry.value, references),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The finding about a key that stands twice.
pub(super) fn repeated_key(repeated: &Repeated) -> Diagnostic {
    let message = format!("the key `{}` stands twice in one object", repeated.entry.key);
    let mut finding = Diagnostic::new(Code::DuplicateKey, repeated.entry.key_place, message);
    finding.related(repeated.first, "it stands here first").help("remove or rename one of the two");
    finding
}

/// The finding about an array or object that is nested too deeply.
pub(super) fn too_deep(place: Place, limit: usize) -> Diagnostic {
    let message = format!("arrays and objects are nested more than {limit} deep");
    Diagnostic::new(Code::Limit, place, message)
}
