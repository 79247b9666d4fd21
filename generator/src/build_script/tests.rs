use super::*;

const SPEC: &str = r##"{"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders": {"get": {"operationId": "list", "responses": {"200": {"description": "All."}}}}}}"##;

#[test]
fn a_stale_client_stops_the_build_with_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("openapi.json");
    let (client, out_dir) = (folder.path().join("client"), folder.path().join("out"));
    std::fs::create_dir(&out_dir).unwrap();
    std::fs::write(&spec, SPEC).unwrap();
    let generator = Generator::new(&spec).name("shop");
    let say = || generator.instructions(&client, "make client", Some(&out_dir), Some("shopping"));

    let errors: Vec<String> = say().into_iter().filter(|line| line.starts_with("cargo::error=")).collect();
    assert_eq!(errors, [format!("cargo::error={}/ is stale: run `make client`", client.display())]);
    assert!(!out_dir.join(COMMANDS).exists());

    assert!(generator.generate(&client).outcome.is_some());
    let lines = say();
    assert!(lines.iter().all(|line| line.starts_with("cargo::rerun-if-changed=")), "{lines:?}");
    assert!(
        lines.contains(&rerun_if_changed(&client)) && lines.contains(&rerun_if_changed(&spec)),
        "{lines:?}"
    );
    let commands = std::fs::read_to_string(out_dir.join(COMMANDS)).unwrap();
    assert!(
        commands.contains("shopping orders list") && commands.contains("use shop::Client;"),
        "{commands}"
    );
}

#[test]
fn a_broken_description_stops_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("openapi.yaml");
    std::fs::write(&spec, "openapi: [").unwrap();
    let lines = Generator::new(&spec).instructions(folder.path(), "", None, None);
    assert!(lines.iter().any(|line| line.starts_with("cargo::error=")), "{lines:?}");
    assert!(lines.contains(&rerun_if_changed(&spec)), "{lines:?}");
}
