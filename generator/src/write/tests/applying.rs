use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::diagnostics::{Code, Diagnostics};
use crate::write::commit::apply_with;
use crate::write::disk::Disk;
use crate::write::{Changes, ForeignKind, OutputFile, Package, WriteError, apply, compare};

const MANIFEST: &str = ".clientsmith.json";

fn files(files: &[(&str, &str)]) -> Vec<OutputFile> {
    files
        .iter()
        .map(|(path, text)| OutputFile { path: (*path).to_owned(), text: (*text).to_owned() })
        .collect()
}

/// Every file below the folder and its text; folders end in `/`.
fn listing(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() && !path.is_symlink() {
                found.insert(format!("{name}/"), String::new());
                folders.push(path);
            } else {
                found.insert(name, fs::read_to_string(path).unwrap_or_default());
            }
        }
    }
    found
}

fn write(out: &Path, files: &[OutputFile]) -> Changes {
    apply(&[Package { out, files }]).unwrap().pop().unwrap()
}

fn old_files() -> Vec<OutputFile> {
    files(&[("Cargo.toml", "old"), ("src/lib.rs", "same"), ("src/a/gone.rs", "gone"), ("src/b.rs", "old b")])
}

fn new_files() -> Vec<OutputFile> {
    files(&[("Cargo.toml", "new"), ("src/lib.rs", "same"), ("src/b.rs", "new b"), ("src/c/d.rs", "added")])
}

#[test]
fn a_second_run_adds_changes_and_removes() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("deep/out");
    let first = write(&out, &old_files());
    assert_eq!(first.added, [MANIFEST, "Cargo.toml", "src/a/gone.rs", "src/b.rs", "src/lib.rs"]);
    fs::write(out.join("Cargo.lock"), "mine").unwrap();

    let new = new_files();
    let announced = compare(Package { out: &out, files: &new }).unwrap();
    let changes = write(&out, &new);
    assert_eq!(changes, announced);
    assert_eq!(changes.added, ["src/c/d.rs"]);
    assert_eq!(changes.changed, [MANIFEST, "Cargo.toml", "src/b.rs"]);
    assert_eq!(changes.removed, ["src/a/gone.rs"]);
    assert_eq!(changes.unchanged, ["src/lib.rs"]);
    let names: Vec<_> = listing(&out).into_keys().collect();
    assert_eq!(
        names,
        [MANIFEST, "Cargo.lock", "Cargo.toml", "src/", "src/b.rs", "src/c/", "src/c/d.rs", "src/lib.rs"]
    );

    let times = |path: &str| fs::metadata(out.join(path)).unwrap().modified().unwrap();
    let before = (times("Cargo.toml"), times(MANIFEST));
    assert!(write(&out, &new).is_empty());
    assert_eq!((times("Cargo.toml"), times(MANIFEST)), before);
}

#[test]
fn the_manifest_is_the_same_for_the_same_files() {
    let (a, b) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut reversed = new_files();
    reversed.reverse();
    write(a.path(), &new_files());
    write(b.path(), &reversed);
    assert_eq!(listing(a.path()), listing(b.path()));
    let manifest = fs::read_to_string(a.path().join(MANIFEST)).unwrap();
    assert!(manifest.contains("\"generator\": \"clientsmith 0."), "{manifest}");
    assert!(manifest.contains("\"src/lib.rs\": \""), "{manifest}");
}

#[test]
fn a_foreign_file_stops_everything() {
    let folder = TempDir::new().unwrap();
    let out = folder.path();
    fs::create_dir(out.join("src")).unwrap();
    fs::write(out.join("src/b.rs"), "mine").unwrap();
    fs::write(out.join("Cargo.toml"), "old").unwrap();
    let before = listing(out);
    let old = old_files();
    let error = apply(&[Package { out, files: &old }]).unwrap_err();
    let WriteError::Foreign(foreign) = &error else { panic!("{error}") };
    assert_eq!(foreign.len(), 1);
    assert_eq!((foreign[0].path.clone(), foreign[0].kind), (out.join("src/b.rs"), ForeignKind::File));
    assert_eq!(listing(out), before);

    let mut diagnostics = Diagnostics::new();
    error.report(&mut diagnostics);
    let found = diagnostics.sorted();
    assert_eq!(found[0].code, Code::ForeignFile);
    assert!(found[0].message.contains("src/b.rs"));

    // A file of the same content is ours without further ado.
    fs::write(out.join("src/b.rs"), "old b").unwrap();
    assert_eq!(write(out, &old).unchanged, ["Cargo.toml", "src/b.rs"]);
}

#[test]
fn one_foreign_file_keeps_all_packages_from_being_written() {
    let folder = TempDir::new().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    fs::create_dir(&b).unwrap();
    fs::write(b.join("Cargo.toml"), "mine").unwrap();
    let before = listing(folder.path());
    let old = old_files();
    apply(&[Package { out: &a, files: &old }, Package { out: &b, files: &old }]).unwrap_err();
    assert_eq!(listing(folder.path()), before);
}

#[test]
fn an_obsolete_file_that_was_edited_is_kept() {
    let folder = TempDir::new().unwrap();
    let out = folder.path();
    write(out, &old_files());
    fs::write(out.join("src/a/gone.rs"), "edited").unwrap();
    let changes = write(out, &new_files());
    assert_eq!((changes.removed.len(), changes.kept), (0, vec!["src/a/gone.rs".to_owned()]));
    assert_eq!(fs::read_to_string(out.join("src/a/gone.rs")).unwrap(), "edited");
    // From now on it is not ours.
    let old = old_files();
    assert!(matches!(compare(Package { out, files: &old }), Err(WriteError::Foreign(_))));
}

#[test]
fn paths_stay_below_the_folder() {
    let folder = TempDir::new().unwrap();
    for path in [
        "../a",
        "/a",
        "a/../../b",
        "",
        "a//b",
        "./a",
        "a\\b",
        "c:/a",
        ".clientsmith.json",
        ".clientsmith.new/0",
    ] {
        let wrong = files(&[("a", "1"), (path, "2")]);
        let result = apply(&[Package { out: folder.path(), files: &wrong }]);
        assert!(matches!(result, Err(WriteError::InvalidPath(_))), "{path}");
    }
    let twice = files(&[("a", "1"), ("a", "2")]);
    assert!(apply(&[Package { out: folder.path(), files: &twice }]).is_err());
    assert!(listing(folder.path()).is_empty());
}

#[test]
fn a_manifest_cannot_lead_out_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(folder.path().join("victim"), "x").unwrap();
    for text in ["{\"files\": {\"../victim\": \"af63f54c86021707\"}}", "{}", "[", "{\"files\": {\"a\": 1}}"] {
        fs::write(out.join(MANIFEST), text).unwrap();
        let new = new_files();
        let result = apply(&[Package { out: &out, files: &new }]);
        assert!(matches!(result, Err(WriteError::BrokenManifest { .. })), "{text}");
    }
    assert!(folder.path().join("victim").exists());
}

#[test]
fn what_is_no_folder_cannot_be_written_to() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    let before = listing(folder.path());
    let new = new_files();
    for out in ["file", "file/below"] {
        let out = folder.path().join(out);
        let error = apply(&[Package { out: &out, files: &new }]).unwrap_err();
        assert!(matches!(error, WriteError::Unwritable { .. }), "{error:?}");
    }
    fs::create_dir(folder.path().join("out")).unwrap();
    fs::write(folder.path().join("out/src"), "mine").unwrap();
    let error = apply(&[Package { out: &folder.path().join("out"), files: &new }]).unwrap_err();
    let WriteError::Foreign(foreign) = error else { panic!("{error}") };
    assert_eq!(foreign.len(), 1);
    assert_eq!(foreign[0].kind, ForeignKind::FileForFolder);
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    assert_eq!(listing(folder.path()), before);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = TempDir::new().unwrap();
    let (out, elsewhere) = (folder.path().join("out"), folder.path().join("elsewhere"));
    for name in ["src", "Cargo.toml", MANIFEST, ".clientsmith.new", ".clientsmith.journal"] {
        fs::create_dir_all(&elsewhere).unwrap();
        fs::create_dir_all(&out).unwrap();
        std::os::unix::fs::symlink(&elsewhere, out.join(name)).unwrap();
        let new = new_files();
        let result = apply(&[Package { out: &out, files: &new }]);
        assert!(matches!(result, Err(WriteError::Foreign(_))), "{name}: {result:?}");
        assert!(listing(&elsewhere).is_empty());
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn leftovers_of_a_killed_run_are_removed_and_others_stay() {
    let folder = TempDir::new().unwrap();
    let staging = folder.path().join(".clientsmith.new");
    fs::create_dir(&staging).unwrap();
    fs::write(staging.join("0"), "half a fi").unwrap();
    fs::write(staging.join("journal"), "{").unwrap();
    write(folder.path(), &new_files());
    assert!(!staging.exists());

    fs::create_dir(&staging).unwrap();
    fs::write(staging.join("notes"), "mine").unwrap();
    write(folder.path(), &old_files());
    assert_eq!(listing(&staging).into_keys().collect::<Vec<_>>(), ["notes"]);
}

/// Writes, and stops before the step with this number as if the process had been killed there.
fn write_until(out: &[&Path], files: &[OutputFile], last: usize) -> bool {
    let mut step = 0;
    let mut before = |_: &Path| {
        step += 1;
        if step > last { Err(io::Error::other("killed")) } else { Ok(()) }
    };
    let packages: Vec<_> = out.iter().map(|out| Package { out, files }).collect();
    apply_with(&packages, &mut Disk::new(&mut before)).is_ok()
}

#[test]
fn a_run_may_be_killed_at_every_step() {
    let expected = |files: Vec<OutputFile>| {
        let folder = TempDir::new().unwrap();
        write(folder.path(), &files);
        fs::write(folder.path().join("src/mine.rs"), "mine").unwrap();
        listing(folder.path())
    };
    let (old, new) = (expected(old_files()), expected(new_files()));
    let third = files(&[("src/b.rs", "third"), ("src/c/e.rs", "third")]);
    let mut interrupted = 0;
    for last in 0.. {
        let folder = TempDir::new().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        for out in [&a, &b] {
            write(out, &old_files());
            fs::write(out.join("src/mine.rs"), "mine").unwrap();
        }
        let finished = write_until(&[&a, &b], &new_files(), last);
        for out in [&a, &b] {
            for (path, text) in listing(out) {
                if path.starts_with(".clientsmith.new") || path == ".clientsmith.journal" {
                    continue;
                }
                assert!(
                    old.get(&path) == Some(&text) || new.get(&path) == Some(&text),
                    "{path} after {last} steps"
                );
            }
            for path in old.keys().filter(|path| new.contains_key(*path)) {
                assert!(out.join(path).exists(), "{path} after {last} steps");
            }
        }
        if finished {
            assert_eq!((listing(&a), listing(&b)), (new.clone(), new.clone()));
            break;
        }
        interrupted += 1;

        // Comparing reads only, and what the killed run wrote is ours.
        let before = listing(folder.path());
        let new_package = new_files();
        compare(Package { out: &a, files: &new_package }).unwrap();
        assert_eq!(listing(folder.path()), before);

        // The run after it may be for other files, and may be killed too.
        write_until(&[&b], &third, last);
        write(&a, &new_files());
        assert_eq!(listing(&a), new, "after {last} steps");
        write(&b, &third);
        assert_eq!(
            listing(&b).into_keys().collect::<Vec<_>>(),
            [MANIFEST, "src/", "src/b.rs", "src/c/", "src/c/e.rs", "src/mine.rs"],
            "after {last} steps"
        );
    }
    assert!(interrupted > 20, "only {interrupted} steps");
}
