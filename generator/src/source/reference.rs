//! Following a `$ref`: from the text of a reference to the node it names.

use super::{FileId, Node, Tree, Value, closest, path};

/// How many references a pointer may lead through on its way; more only a circle has.
const HOPS: u32 = 64;

/// Where a reference leads.
#[derive(Clone, Debug)]
pub struct Location<'tree> {
    /// The file.
    pub file: FileId,
    /// The place inside the file as a JSON Pointer (RFC 6901) without percent-encoding; `""` is the whole file. It leads
    /// through no reference, so that file and pointer identify the node.
    pub pointer: String,
    /// The node itself. It may be a reference again: whether it is, the caller's kind of object decides.
    pub node: &'tree Node,
}

/// Why a reference leads nowhere. `Display` gives the message of the diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The file does not exist.
    #[error("there is no file `{path}`")]
    MissingFile {
        /// The path looked for.
        path: String,
    },
    /// The file is there and could not be used; the findings about it have been reported.
    #[error("the file `{path}` cannot be read: {reason}")]
    Unreadable {
        /// The path.
        path: String,
        /// What the operating system or the reader said.
        reason: String,
    },
    /// The file lies outside the folder of the description.
    #[error("`{path}` lies outside the folder of the description")]
    Outside {
        /// The path.
        path: String,
    },
    /// The reference is a URL.
    #[error("`{url}` is a remote reference, and these are not followed")]
    Remote {
        /// The URL.
        url: String,
    },
    /// The file has no such part.
    #[error("there is nothing at `{pointer}`: `{missing}` is not there")]
    MissingPart {
        /// The whole pointer.
        pointer: String,
        /// The first part of it that does not exist.
        missing: String,
        /// The key that was probably meant.
        suggestion: Option<String>,
    },
    /// Not a URI reference with a JSON Pointer as fragment.
    #[error("`{text}` is not a reference: {reason}")]
    Malformed {
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Tree {
    /// The node that `reference`, the text of a `$ref` in the file `from`, names.
    ///
    /// The file part is relative to the folder of `from`; the fragment is a percent-encoded JSON Pointer (RFC 6901 §6).
    /// A pointer may lead through objects that are references themselves: real descriptions do that.
    ///
    /// # Errors
    ///
    /// Why it leads nowhere; that a file is missing or broken comes to light here.
    pub fn locate(&self, from: FileId, reference: &str) -> Result<Location<'_>, ReferenceError> {
        let mut hops = HOPS;
        self.locate_within(from, reference, &mut hops)
    }

    fn locate_within(
        &self,
        from: FileId,
        reference: &str,
        hops: &mut u32,
    ) -> Result<Location<'_>, ReferenceError> {
        let malformed = |reason: &str| ReferenceError::Malformed {
            text: reference.to_owned(),
            reason: reason.to_owned(),
        };
        let Some(left) = hops.checked_sub(1) else {
            return Err(malformed("it leads through references that go round in a circle"));
        };
        *hops = left;

        let (named, fragment) = path::split(reference);
        let file = if named.is_empty() { from } else { self.file_named(from, named)? };
        if !fragment.is_empty() && !fragment.starts_with('/') && !fragment.starts_with("%2") {
            return Err(malformed("what follows `#` must be a JSON Pointer, which starts with `/`"));
        }
        let Some(pointer) = path::percent_decode(fragment) else {
            return Err(malformed("its percent-encoded part is not UTF-8"));
        };
        match self.walk(file, &pointer, hops) {
            // Some descriptions have keys with percent signs and do not encode those.
            Err(error @ ReferenceError::MissingPart { .. }) if pointer != fragment => {
                self.walk(file, fragment, hops).map_err(|_| error)
            }
            result => result,
        }
    }

    fn file_named(&self, from: FileId, named: &str) -> Result<FileId, ReferenceError> {
        let unread =
            |path: String, reason: &str| ReferenceError::Unreadable { path, reason: reason.to_owned() };
        let Some(file) = self.file(from) else {
            return Err(unread(named.to_owned(), "the reference stands in no file of this description"));
        };
        let key = path::key(&file.key, named, &self.absolute_folder)?;
        match self.loaded.get(&key) {
            Some(result) => result.clone(),
            None => Err(unread(
                self.folder.join(&key).display().to_string(),
                "no `$ref` names it, so it was not read",
            )),
        }
    }

    /// Goes from the root of `file` along `pointer`, which is decoded.
    fn walk(&self, file: FileId, pointer: &str, hops: &mut u32) -> Result<Location<'_>, ReferenceError> {
        let malformed = |reason: &str| ReferenceError::Malformed {
            text: format!("#{pointer}"),
            reason: reason.to_owned(),
        };
        let Some(root) = self.file(file).map(|file| &file.root) else {
            return Err(malformed("its file is not one of this description"));
        };
        let mut reached = Location { file, pointer: String::new(), node: root };
        if pointer.is_empty() {
            return Ok(reached);
        }
        let Some(parts) = pointer.strip_prefix('/') else {
            return Err(malformed("a JSON Pointer starts with `/`"));
        };
        for part in parts.split('/') {
            let Some(token) = unescape(part) else {
                return Err(malformed("in a JSON Pointer `~` is followed by `0` or `1`"));
            };
            let mut next = child(reached.node, &token);
            while next.is_none()
                && let Some(reference) =
                    reached.node.as_object().and_then(|object| object.get("$ref")?.as_str())
            {
                reached = self.locate_within(reached.file, reference, hops)?;
                next = child(reached.node, &token);
            }
            let Some(node) = next else {
                let keys =
                    reached.node.as_object().map(|object| object.entries().map(|entry| entry.key.as_str()));
                let suggestion = keys.and_then(|keys| closest(&token, keys)).map(str::to_owned);
                return Err(ReferenceError::MissingPart {
                    pointer: format!("#{pointer}"),
                    missing: token,
                    suggestion,
                });
            };
            reached.pointer.push('/');
            reached.pointer.push_str(&escape(&token));
            reached.node = node;
        }
        Ok(reached)
    }
}

/// The entry of an object, or the item of an array by its number from 0 (RFC 6901 §4).
fn child<'tree>(node: &'tree Node, token: &str) -> Option<&'tree Node> {
    match &node.value {
        Value::Object(object) => object.get(token),
        Value::Array(items) => {
            let canonical = token == "0" || !token.starts_with(['0', '+']);
            items.get(token.parse::<usize>().ok().filter(|_| canonical)?)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The key that a part of a JSON Pointer stands for (RFC 6901 §4); `None` when a `~` escapes nothing.
fn unescape(part: &str) -> Option<String> {
    let mut pieces = part.split('~');
    let mut token = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (character, rest) = match piece.strip_prefix('0') {
            Some(rest) => ('~', rest),
            None => ('/', piece.strip_prefix('1')?),
        };
        token.push(character);
        token.push_str(rest);
    }
    Some(token)
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::{Location, ReferenceError};
    use crate::diagnostics::Diagnostics;
    use crate::source::{Limits, Tree, load_texts};

    const ROOT: &str = r##"
paths:
  /users/{id}:
    get: {$ref: 'paths/user.yaml#/get'}
components:
  schemas:
    User: {type: object, a~b: {c/d: 1}, list: [zero, one]}
    Alias: {$ref: '#/components/schemas/User'}
    Loop: {$ref: '#/components/schemas/Loop'}
    Ping: {$ref: '#/components/schemas/Pong'}
    Pong: {$ref: '#/components/schemas/Ping'}
    100%: {type: string}
    a%20b: {type: string}
gone: {$ref: gone.yaml}
up: {$ref: ../up.yaml}
remote: {$ref: 'https://example.com/x.yaml#/a'}
broken: {$ref: broken.yaml}
readme: {$ref: README.md}
"##;

    fn tree() -> Tree {
        let files = [
            ("openapi.yaml", ROOT),
            ("paths/user.yaml", "get: {schema: {$ref: '../openapi.yaml#/components/schemas/User'}}\n"),
            ("broken.yaml", "a: [1\nb"),
            ("README.md", "# a: [b\nc: d: e"),
        ];
        load_texts("openapi.yaml", files, Limits::default(), &mut Diagnostics::new()).unwrap()
    }

    fn pointer(tree: &Tree, reference: &str) -> Result<String, ReferenceError> {
        let Location { file, pointer, .. } = tree.locate(tree.root(), reference)?;
        Ok(format!("{}#{pointer}", tree.file(file).unwrap().path.display()))
    }

    #[test]
    fn pointers_reach_objects_and_arrays() {
        let tree = tree();
        let location = tree.locate(tree.root(), "#/components/schemas/User/a~0b/c~1d").unwrap();
        assert_eq!(location.node.scalar_text().as_deref(), Some("1"));
        let location = tree.locate(tree.root(), "#/components/schemas/User/list/1").unwrap();
        assert_eq!(location.node.as_str(), Some("one"));
        assert_eq!(pointer(&tree, "#").as_deref(), Ok("openapi.yaml#"));
        assert_eq!(pointer(&tree, "paths/user.yaml").as_deref(), Ok("paths/user.yaml#"));
    }

    #[test]
    fn a_pointer_is_canonical_however_it_was_written() {
        let tree = tree();
        let expected = Ok("openapi.yaml#/paths/~1users~1{id}/get");
        assert_eq!(pointer(&tree, "#/paths/~1users~1%7Bid%7D/get").as_deref(), expected);
        assert_eq!(pointer(&tree, "#%2Fpaths/~1users~1{id}/get").as_deref(), expected);
        assert_eq!(pointer(&tree, "./paths/../openapi.yaml#/paths/~1users~1{id}/get").as_deref(), expected);
        assert_eq!(
            pointer(&tree, "#/components/schemas/100%").as_deref(),
            Ok("openapi.yaml#/components/schemas/100%")
        );
        assert_eq!(
            pointer(&tree, "#/components/schemas/a%20b").as_deref(),
            Ok("openapi.yaml#/components/schemas/a%20b")
        );
    }

    #[test]
    fn a_pointer_leads_through_references() {
        let tree = tree();
        let user = Ok("openapi.yaml#/components/schemas/User/list");
        assert_eq!(pointer(&tree, "#/components/schemas/Alias/list").as_deref(), user);
        assert_eq!(pointer(&tree, "#/paths/~1users~1{id}/get/schema/list").as_deref(), user);
        for circle in ["#/components/schemas/Loop/a", "#/components/schemas/Ping/a/b"] {
            assert!(matches!(pointer(&tree, circle), Err(ReferenceError::Malformed { .. })), "{circle}");
        }
        // The last node is handed out as it is.
        assert_eq!(
            pointer(&tree, "#/components/schemas/Loop").as_deref(),
            Ok("openapi.yaml#/components/schemas/Loop")
        );
    }

    #[test]
    fn errors_say_why() {
        let tree = tree();
        let error = |reference| pointer(&tree, reference).unwrap_err();
        assert_eq!(
            error("#/components/schemas/Usr"),
            ReferenceError::MissingPart {
                pointer: "#/components/schemas/Usr".to_owned(),
                missing: "Usr".to_owned(),
                suggestion: Some("User".to_owned()),
            }
        );
        for missing in
            ["#/components/schemas/User/list/2", "#/components/schemas/User/list/01", "#/paths/x/y", "#/"]
        {
            assert!(matches!(error(missing), ReferenceError::MissingPart { .. }), "{missing}");
        }
        assert_eq!(error("gone.yaml#/a"), ReferenceError::MissingFile { path: "gone.yaml".to_owned() });
        assert_eq!(error("../up.yaml"), ReferenceError::Outside { path: "../up.yaml".to_owned() });
        assert!(matches!(error("https://example.com/x.yaml#/a"), ReferenceError::Remote { .. }));
        for malformed in ["#Pet", "#/a~2b", "#/%ff"] {
            assert!(matches!(error(malformed), ReferenceError::Malformed { .. }), "{malformed}");
        }
        let ReferenceError::Unreadable { path, reason } = error("broken.yaml") else {
            panic!("is unreadable")
        };
        assert_eq!(path, "broken.yaml");
        assert!(reason.starts_with("line 2: "), "{reason}");
        assert!(matches!(error("README.md"), ReferenceError::Unreadable { .. }));
        assert!(matches!(error("never-named.yaml"), ReferenceError::Unreadable { .. }));
    }
}
