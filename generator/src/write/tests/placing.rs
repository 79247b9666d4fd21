use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::render::RuntimeDependency;
use crate::write::placement::runtime_dependency_from;
use crate::write::{Workspace, WriteError, workspace_of};

fn manifest(folder: &Path, text: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("Cargo.toml"), text).unwrap();
}

/// What a folder `client/api` below a workspace with this manifest is to it.
fn place(text: &str) -> &'static str {
    let folder = TempDir::new().unwrap();
    let root = folder.path().canonicalize().unwrap();
    manifest(&root, text);
    manifest(
        &root.join("app"),
        "[package]\nname = 'app'\n[target.'cfg(unix)'.dependencies]\napi = { path = '../client/api' }",
    );
    manifest(&root.join("tool"), "[package]\nname = 'tool'");
    let at = root.join("Cargo.toml");
    match workspace_of(&root.join("client/api")).unwrap() {
        Workspace::None => "none",
        Workspace::Member(path) if path == at => "member",
        Workspace::Foreign(path) if path == at => "foreign",
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_workspace_knows_its_members() {
    assert_eq!(place("[package]\nname = 'x'"), "none");
    assert_eq!(place("[workspace]"), "foreign");
    assert_eq!(place("[workspace]\nmembers = ['tool', 'client']"), "foreign");
    assert_eq!(place("[workspace]\nmembers = ['client/*']"), "member");
    assert_eq!(place("[workspace]\nmembers = ['*']"), "member");
    assert_eq!(place("[workspace]\nmembers = ['tool*', 'client*']"), "foreign");
    assert_eq!(place("[workspace]\nmembers = ['./client/api/']"), "member");
    assert_eq!(place("[workspace]\nmembers = ['**/api']"), "member");
    assert_eq!(place("[workspace]\nexclude = ['client']"), "none");
    assert_eq!(place("[workspace]\nexclude = ['client']\nmembers = ['client/api']"), "member");
}

#[test]
fn a_dependency_of_a_member_is_a_member() {
    assert_eq!(place("[workspace]\nmembers = ['a*']"), "member");
    assert_eq!(place("[workspace]\n[dependencies]\napi = { path = './client/api' }"), "member");
    assert_eq!(place("[workspace.dependencies]\napi = { path = 'client/api' }"), "member");
    assert_eq!(place("[workspace]\n[dependencies]\napi = { path = 'client' }"), "foreign");
}

#[test]
fn a_broken_manifest_above_is_told() {
    let folder = TempDir::new().unwrap();
    manifest(folder.path(), "[workspace");
    let error = workspace_of(&folder.path().join("out")).unwrap_err();
    assert!(matches!(error, WriteError::BrokenManifest { .. }), "{error}");
}

#[test]
fn the_runtime_is_that_of_the_checkout() {
    let folder = TempDir::new().unwrap();
    let checkout = folder.path().join("checkout");
    manifest(&checkout.join("runtime"), "[package]\nname = 'clientsmith-runtime'");
    manifest(&folder.path().join("other/runtime"), "[package]\nname = 'another-runtime'");
    let dependency = |current: &Path, out: &Path| runtime_dependency_from(current, out, None).unwrap();
    let path = |path: &str| RuntimeDependency::Path(path.to_owned());

    assert_eq!(dependency(folder.path(), &checkout.join("generated")), path("../runtime"));
    assert_eq!(dependency(&checkout, &folder.path().join("out/./x/..")), path("../checkout/runtime"));
    assert_eq!(
        dependency(&checkout.join("runtime"), &folder.path().join("a/b")),
        path("../../checkout/runtime")
    );
    let version = RuntimeDependency::Version(env!("CARGO_PKG_VERSION").to_owned());
    assert_eq!(dependency(&folder.path().join("other"), &folder.path().join("other/out")), version);
}

#[test]
fn a_runtime_can_be_named() {
    let folder = TempDir::new().unwrap();
    let runtime = folder.path().join("vendor/runtime");
    manifest(&runtime, "[package]\nname = 'clientsmith-runtime'");
    let out = folder.path().join("out");
    let absolute = runtime_dependency_from(folder.path(), &out, Some(&runtime)).unwrap();
    assert_eq!(absolute, RuntimeDependency::Path(runtime.to_str().unwrap().replace('\\', "/")));
    let wrong = runtime_dependency_from(folder.path(), &out, Some(folder.path()));
    assert!(matches!(wrong, Err(WriteError::NoRuntime { .. })));
}
