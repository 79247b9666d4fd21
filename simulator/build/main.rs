//! Makes the table of the API's operations from its description.
//!
//! | stage | from | to |
//! | --- | --- | --- |
//! | [`document`] | the files of `spec/modelarts/` | values, with references followed |
//! | [`operation`] | those | what the simulator has to know of each operation |
//! | [`write`] | that | `catalogue.rs`, which `src/catalogue.rs` includes |
//!
//! The description is read here with code of the simulator's own: what the generator of the client misreads, this does not
//! misread in the same way.

mod document;
mod operation;
mod write;

use std::{env, error::Error, fs, path::PathBuf};

const DESCRIPTION: &str = "../spec/modelarts";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    println!("cargo::rerun-if-changed=build");
    let mut documents = document::Documents::new(DESCRIPTION.into());
    let operations = operation::all(&mut documents)?;
    let output = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(output.join("catalogue.rs"), write::table(&operations))?;
    Ok(())
}
