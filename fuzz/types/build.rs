//! Generates the types of the ModelArts client, and a table of all of them with their examples.

use std::path::{Path, PathBuf};
use std::{env, fs};

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::ir::Type;
use clientsmith_generator::render::only_types;
use clientsmith_generator::understand;

const DESCRIPTION: &str = "../../spec/modelarts";

fn main() {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut diagnostics = Diagnostics::new();
    let Some(client) = understand(&Path::new(DESCRIPTION).join("openapi.yaml"), &mut diagnostics) else {
        panic!("{}", diagnostics.render(false));
    };
    let types: Vec<Type> = client.api.type_ids().map(Type::Named).collect();
    let (modules, paths) = only_types(&client.api, &client.names, &types);
    let mut text = modules.to_string();
    text.push_str("\n/// All types.\npub static TYPES: &[harness::Decoding] = &[\n");
    for (ty, path) in types.iter().zip(paths) {
        let of_type = client.api.examples.iter().filter(|example| example.ty == *ty);
        let examples: Vec<&str> = of_type.map(|example| example.json.as_str()).collect();
        text.push_str(&format!(
            "harness::Decoding {{ name: {:?}, round_trip: harness::round_trip::<{path}>, examples: &{examples:?} }},\n",
            path.to_string()
        ));
    }
    text.push_str("];\n");
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(folder.join("types.rs"), text).expect("the types can be written");
}
