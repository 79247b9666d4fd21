//! The rendered command, on a description with every kind of argument.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::render::command::{CommandOptions, module, package};
use clientsmith_generator::render::{FileContent, RenderedFile, RuntimeDependency};
use clientsmith_generator::{Understood, understand};

fn shop() -> Understood {
    let mut diagnostics = Diagnostics::default();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/command.yaml");
    understand(&path, &mut diagnostics).unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn formatted(pieces: &[proc_macro2::TokenStream]) -> String {
    let pieces = pieces.iter().map(|piece| prettyplease::unparse(&syn::parse2(piece.clone()).unwrap()));
    pieces.collect::<Vec<_>>().join("\n")
}

fn shop_package() -> Vec<RenderedFile> {
    let shop = shop();
    package(
        &shop.api,
        &shop.names,
        &CommandOptions {
            name: "shop-cli".to_owned(),
            client: "shop".to_owned(),
            client_path: "../shop".to_owned(),
            runtime: RuntimeDependency::Path("../runtime".to_owned()),
            is_own_workspace: true,
        },
    )
}

#[test]
fn the_subcommands() {
    let shop = shop();
    insta::assert_snapshot!(formatted(&module(&shop.api, &shop.names, "shop", "shop")));
}

#[test]
fn the_package_around_them() {
    let files = shop_package();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["Cargo.toml", "src/main.rs", "src/settings.rs", "src/commands.rs"]);
    let texts = files.iter().filter(|file| file.path != "src/commands.rs").map(|file| match &file.content {
        FileContent::Rust(pieces) => formatted(pieces),
        FileContent::Text(text) => text.clone(),
    });
    insta::assert_snapshot!(texts.collect::<Vec<_>>().join("\n----\n"));
}
