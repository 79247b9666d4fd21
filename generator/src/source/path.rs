//! Which file a reference names: paths inside the folder of the description.

use std::path::{Component, Path, PathBuf};

use super::ReferenceError;

/// The file part of a reference and its fragment, both as they are written; the fragment without `#`.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// The key of the file that `named`, the non-empty file part of a reference in the file `from`, names.
///
/// A key is the path from the folder of the root file, without `.` and `..`. `absolute_folder` is that folder; it is
/// empty when the files are in memory.
///
/// # Errors
///
/// `Remote` for a URL, `Outside` for a path that leaves the folder.
pub(super) fn key(from: &Path, named: &str, absolute_folder: &Path) -> Result<PathBuf, ReferenceError> {
    if is_url(named) {
        return Err(ReferenceError::Remote { url: named.to_owned() });
    }
    let named = percent_decode(named).unwrap_or_else(|| named.to_owned());
    let path = normalise(&from.parent().unwrap_or(Path::new("")).join(named));
    if matches!(path.components().next(), Some(Component::Normal(_)) | None) {
        return Ok(path);
    }
    let outside = || ReferenceError::Outside { path: path.display().to_string() };
    if absolute_folder.as_os_str().is_empty() {
        return Err(outside());
    }
    let absolute = normalise(&absolute_folder.join(&path));
    absolute.strip_prefix(normalise(absolute_folder)).map(Path::to_path_buf).map_err(|_| outside())
}

/// The path without `.`, and without `..` where the part before it is known.
pub(super) fn normalise(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match normal.components().next_back() {
                Some(Component::Normal(_)) => {
                    normal.pop();
                }
                Some(Component::RootDir) => {}
                _ => normal.push(".."),
            },
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => normal.push(component),
        }
    }
    normal
}

/// Whether the reference starts with a scheme (RFC 3986 §3.1) or a host. One letter is a drive, not a scheme.
fn is_url(named: &str) -> bool {
    let Some((scheme, _)) = named.split_once(':') else {
        return named.starts_with("//");
    };
    named.starts_with("//")
        || scheme.len() > 1
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// The text with its percent-encoded bytes decoded (RFC 3986 §2.1); a `%` without two digits stays. `None` when the
/// result is not UTF-8.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let encoded = match rest {
            [b'%', high, low, behind @ ..] => {
                hex(*high).zip(hex(*low)).map(|(high, low)| (high * 16 + low, behind))
            }
            _ => None,
        };
        let (byte, behind) = encoded.unwrap_or((*first, behind));
        decoded.push(byte);
        rest = behind;
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ReferenceError, key, normalise, percent_decode, split};

    #[test]
    fn a_reference_is_split_at_its_first_number_sign() {
        assert_eq!(split("a.yaml#/b#c"), ("a.yaml", "/b#c"));
        assert_eq!(split("a.yaml"), ("a.yaml", ""));
        assert_eq!(split("#/b"), ("", "/b"));
    }

    #[test]
    fn percent_signs_are_decoded_where_they_encode() {
        assert_eq!(percent_decode("a%20b%2Fc%c3%bC").as_deref(), Some("a b/cü"));
        assert_eq!(percent_decode("100%, %zz %4").as_deref(), Some("100%, %zz %4"));
        assert_eq!(percent_decode("%ff"), None);
    }

    #[test]
    fn paths_are_normalised_without_the_file_system() {
        let normal = |path: &str| normalise(Path::new(path)).display().to_string().replace('\\', "/");
        assert_eq!(normal("./a/./b/../c"), "a/c");
        assert_eq!(normal("a/../../b"), "../b");
        assert_eq!(normal("/../a"), "/a");
        assert_eq!(normal("."), "");
    }

    #[cfg(unix)]
    #[test]
    fn keys_stay_inside_the_folder() {
        let folder = Path::new("/spec/v1");
        let of = |from: &str, named: &str| {
            key(Path::new(from), named, folder).map(|key| key.display().to_string())
        };
        assert_eq!(of("openapi.yaml", "./paths/a%20b.yaml").as_deref(), Ok("paths/a b.yaml"));
        assert_eq!(of("paths/a.yaml", "../schemas/b.yaml").as_deref(), Ok("schemas/b.yaml"));
        assert_eq!(of("openapi.yaml", "../v1/b.yaml").as_deref(), Ok("b.yaml"));
        assert_eq!(of("openapi.yaml", "/spec/v1/b.yaml").as_deref(), Ok("b.yaml"));
        assert!(matches!(of("openapi.yaml", "../v2/b.yaml"), Err(ReferenceError::Outside { .. })));
        assert!(matches!(of("openapi.yaml", "/etc/passwd"), Err(ReferenceError::Outside { .. })));
        assert!(matches!(
            of("openapi.yaml", "https://example.com/a.yaml"),
            Err(ReferenceError::Remote { .. })
        ));
        assert!(matches!(of("openapi.yaml", "//example.com/a.yaml"), Err(ReferenceError::Remote { .. })));
        assert!(matches!(of("openapi.yaml", "urn:example:a"), Err(ReferenceError::Remote { .. })));
        let in_memory = key(Path::new("a.yaml"), "../b.yaml", Path::new(""));
        assert!(matches!(in_memory, Err(ReferenceError::Outside { .. })));
    }
}
