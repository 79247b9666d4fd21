//! The `clientsmith` command.

fn main() {}
