//! Access keys from a file: `~/.huaweicloud/credentials`, in the shape of INI.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::credentials::environment;
use super::{AkSk, CredentialsError};

const FILE_VARIABLE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";
const SECTION: &str = "basic";

/// A profile: a section of a file with `ak`, `sk`, and optionally `security_token`, `project_id`, `domain_id` and `iam_endpoint`.
///
/// ```text
/// [basic]
/// ak = AKFAKEEXAMPLE0000009
/// sk = fake-secret
/// ```
///
/// The file is the one of the environment variable `HUAWEICLOUD_SDK_CREDENTIALS_FILE`, else `.huaweicloud/credentials` in the home
/// directory, and the section is `basic`, if nothing else is set. Lines that begin with `#` or `;` are comments.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    file: Option<PathBuf>,
    section: Option<String>,
}

impl Profile {
    /// The usual profile.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the file.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        Self { file: Some(path.into()), ..self }
    }

    /// Sets the section.
    #[must_use]
    pub fn section(self, name: impl Into<String>) -> Self {
        Self { section: Some(name.into()), ..self }
    }

    /// Reads the file.
    ///
    /// # Errors
    ///
    /// When there is no such file or section, when it is not in the shape of INI, and when the keys in it cannot be used.
    pub fn load(&self) -> Result<AkSk, ProfileError> {
        self.load_with(environment)
    }

    pub(super) fn load_with(&self, variable: impl Fn(&str) -> Option<String>) -> Result<AkSk, ProfileError> {
        let in_variable =
            || variable(FILE_VARIABLE).filter(|path| !path.trim().is_empty()).map(PathBuf::from);
        let in_home = || Some(std::env::home_dir()?.join(".huaweicloud").join("credentials"));
        let path =
            self.file.clone().or_else(in_variable).or_else(in_home).ok_or(ProfileError::NoHomeDirectory)?;
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(ProfileError::NoFile { path });
            }
            Err(source) => return Err(ProfileError::Unreadable { path, source }),
        };
        keys(&text, &path, self.section.as_deref().unwrap_or(SECTION))
    }
}

/// The keys of a section.
fn keys(text: &str, path: &Path, section: &str) -> Result<AkSk, ProfileError> {
    let Some(values) =
        values(text, section).map_err(|line| ProfileError::Syntax { path: path.into(), line })?
    else {
        return Err(ProfileError::NoSection { path: path.into(), section: section.to_owned() });
    };
    // The last one counts, as in the environment; one that is empty counts as not there.
    let value = |name: &str| {
        let of_name = values.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
        of_name.map(|(_, value)| *value).filter(|value| !value.is_empty())
    };
    let missing = |name| ProfileError::MissingKey { path: path.into(), section: section.to_owned(), name };
    let (ak, sk) = match (value("ak"), value("sk")) {
        (Some(ak), Some(sk)) => (ak, sk),
        (None, None) => {
            return Err(ProfileError::NoKeys { path: path.into(), section: section.to_owned() });
        }
        (None, Some(_)) => return Err(missing("ak")),
        (Some(_), None) => return Err(missing("sk")),
    };
    let parts = ["security_token", "project_id", "domain_id", "iam_endpoint"];
    let keys = AkSk::new(ak, sk).and_then(|keys| keys.with(parts.map(|name| value(name).map(str::to_owned))));
    keys.map_err(|source| ProfileError::Unusable { path: path.into(), source })
}

/// A name and what it is set to.
type Pair<'a> = (&'a str, &'a str);

/// What the section sets, `None` where there is no such section; or else the number of the first line that is neither a section, nor
/// sets anything, nor is a comment.
fn values<'a>(text: &'a str, section: &str) -> Result<Option<Vec<Pair<'a>>>, usize> {
    let mut values = None;
    let mut is_in_section = false;
    let mut has_section = false;
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']').ok_or(index + 1)?.trim();
            (has_section, is_in_section) = (true, name == section);
            if is_in_section {
                values.get_or_insert_with(Vec::new);
            }
        } else if let Some((name, value)) = line.split_once('=').filter(|_| has_section) {
            if let (true, Some(values)) = (is_in_section, &mut values) {
                values.push((name.trim(), value.trim()));
            }
        } else {
            return Err(index + 1);
        }
    }
    Ok(values)
}

/// Why a profile gives no keys. Never holds any part of a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Nobody knows where to look.
    #[error("there is no home directory, and {FILE_VARIABLE} is not set")]
    NoHomeDirectory,
    /// There is no such file.
    #[error("there is no file `{}`", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is not in the shape of INI.
    #[error("`{}`, line {line}: a section in brackets or `name = value` within one is expected", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// There is no such section.
    #[error("`{}` has no section `[{section}]`", path.display())]
    NoSection {
        /// The file.
        path: PathBuf,
        /// The section.
        section: String,
    },
    /// The section has neither key.
    #[error("`{}` has neither `ak` nor `sk` in its section `[{section}]`", path.display())]
    NoKeys {
        /// The file.
        path: PathBuf,
        /// The section.
        section: String,
    },
    /// The section has one key of the two.
    #[error("`{}` has no `{name}` in its section `[{section}]`, though the other key is there", path.display())]
    MissingKey {
        /// The file.
        path: PathBuf,
        /// The section.
        section: String,
        /// The name of the key that is missing.
        name: &'static str,
    },
    /// The keys cannot be used.
    #[error("the keys in `{}` cannot be used: {source}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        source: CredentialsError,
    },
}

impl ProfileError {
    /// Whether there simply is no profile, so that keys may well be found elsewhere.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(
            self,
            Self::NoHomeDirectory | Self::NoFile { .. } | Self::NoSection { .. } | Self::NoKeys { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, section: &str) -> Result<AkSk, String> {
        keys(text, Path::new("c"), section).map_err(|error| error.to_string())
    }

    #[test]
    fn a_section_gives_every_part() {
        let text = "\u{feff}# mine\r\n[other]\r\nak = nobody\r\n\r\n[ basic ]\r\n; keys\r\nAK=AKFAKEEXAMPLE0000009\r\n sk = fake=secret \r\n\
            security_token = fake-token\r\nproject_id = p-1\r\ndomain_id = d-1\r\niam_endpoint = https://iam.example.com\r\nregion = x\r\n";
        let keys = read(text, "basic").unwrap();
        assert_eq!((keys.access_key(), keys.secret()), ("AKFAKEEXAMPLE0000009", "fake=secret"));
        assert_eq!(
            (keys.token(), keys.project(), keys.domain()),
            (Some("fake-token"), Some("p-1"), Some("d-1"))
        );
        assert_eq!(keys.iam(), Some("https://iam.example.com"));
        let team = read("[basic]\nak = a\nsk = b\n[team]\nak = AKOFTHETEAM000000001\nsk = c\n", "team");
        assert_eq!(team.unwrap().access_key(), "AKOFTHETEAM000000001");
    }

    #[test]
    fn errors_say_where_and_show_no_secret() {
        let expected = "a section in brackets or `name = value` within one is expected";
        for (text, error) in [
            ("", "`c` has no section `[basic]`"),
            ("[basic]\n", "`c` has neither `ak` nor `sk` in its section `[basic]`"),
            ("[basic]\nak = \nsk = ", "`c` has neither `ak` nor `sk` in its section `[basic]`"),
            ("[basic]\nak = x", "`c` has no `sk` in its section `[basic]`, though the other key is there"),
            ("[basic]\nsk = x", "`c` has no `ak` in its section `[basic]`, though the other key is there"),
            ("# x\n\nsk = hidden\n[basic]", &format!("`c`, line 3: {expected}")),
            ("[basic]\nhidden", &format!("`c`, line 2: {expected}")),
            ("[basic\nak = x", &format!("`c`, line 1: {expected}")),
            (
                "[basic]\nak = x\nsk = hid den",
                "the keys in `c` cannot be used: the secret key has a character that is not allowed there, as number 4: only visible \
                 ASCII is",
            ),
        ] {
            assert_eq!(read(text, "basic").unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn only_what_is_not_there_may_be_found_elsewhere() {
        let absent = |text: &str| keys(text, Path::new("c"), "basic").unwrap_err().is_absent();
        assert!(absent("") && absent("[basic]"));
        assert!(!absent("[basic]\nak = x") && !absent("nonsense"));
        let error = Profile::new().file("/nowhere/at/all").load().unwrap_err();
        assert!(error.is_absent() && error.to_string() == "there is no file `/nowhere/at/all`", "{error}");
        let error = Profile::new().file("/").load().unwrap_err();
        assert!(!error.is_absent(), "{error}");
    }
}
