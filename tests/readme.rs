//! What the README shows is what is compiled and run.

const README: &str = include_str!("../README.md");

#[test]
fn the_client_in_ten_lines_is_the_example() {
    let (_, code) = include_str!("../examples/readme.rs").split_once("\n\n").unwrap();
    assert!(
        README.contains(&format!("```rust\n{code}```\n")),
        "README.md does not show examples/readme.rs:\n{code}"
    );
}
