//! Texts that an argument names instead of holding: `@FILE`, and `-` for standard input.

use std::io::Read as _;

use super::failure::Failure;

/// The largest text that is read, in bytes: no API takes more in one request.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The text that an argument stands for, the argument itself where it names no other place.
pub(super) fn read(argument: &str, name: &str) -> Result<String, Failure> {
    let refuse = |what: &str, error: std::io::Error| {
        Failure::usage(format!("--{name}: {what} cannot be read: {error}"))
    };
    match (argument, argument.strip_prefix('@')) {
        ("-", _) => limited(std::io::stdin().lock()).map_err(|error| refuse("standard input", error)),
        (_, Some(path)) => {
            let text = std::fs::File::open(path).and_then(limited);
            text.map_err(|error| refuse(&format!("`{path}`"), error))
        }
        _ => Ok(argument.to_owned()),
    }
}

/// The bytes of standard input.
pub(super) fn read_bytes(name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::usage(format!("--{name}: standard input cannot be read: {error}"))),
    }
}

fn limited(source: impl std::io::Read) -> std::io::Result<String> {
    let mut text = String::new();
    if source.take(LARGEST).read_to_string(&mut text)? as u64 >= LARGEST {
        return Err(std::io::Error::other("it is larger than any request can be"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_or_read() {
        assert_eq!(read("{}", "body").unwrap(), "{}");
        let path = concat!("@", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(read(path, "body").unwrap().contains("clientsmith-runtime"));
        let missing = read("@/no/such/file", "body").unwrap_err().to_string();
        assert!(missing.starts_with("--body: `/no/such/file` cannot be read: "), "{missing}");
    }
}
