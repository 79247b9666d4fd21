//! Makes the subcommands from the API's description, and stops when the client is not what the description says.

fn main() {
    clientsmith_generator::Generator::new("spec/modelarts/openapi.yaml")
        .name("huaweicloud-modelarts")
        .license("MIT OR Apache-2.0")
        .build_script("generated", "cargo run -p clientsmith -- generate");
}
