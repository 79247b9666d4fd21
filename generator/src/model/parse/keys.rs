//! Checking a key against the table of keywords.

use super::Parser;
use crate::diagnostics::Code;
use crate::model::keywords::{Kind, OURS, Verdict};
use crate::source::{Entry, Value};

impl Parser<'_, '_> {
    /// Reports a key that does not belong on an object of the kind, or whose meaning is not generated.
    pub(super) fn check_key(&mut self, entry: &Entry, kind: &'static Kind) {
        let key = &entry.key;
        let place = entry.key_place;
        match kind.judge(key, self.version) {
            // Elsewhere a key without a value counts as absent; our own language ignores nothing.
            Verdict::Known if entry.value.value == Value::Null => {
                if kind.is_ours || key.starts_with(OURS) {
                    let message = format!("`{key}` has no value");
                    self.diagnostics
                        .report(Code::WrongKind, place, message)
                        .help("give it one, or remove it");
                }
            }
            Verdict::Known => {}
            Verdict::NotGenerated => {
                let message = format!("`{key}` on {} is not generated", kind.name);
                self.diagnostics
                    .report(Code::NotGenerated, place, message)
                    .help("everything else is generated, as if it were not there");
            }
            Verdict::OtherVersion(other) => {
                let own = self.version.as_str();
                let message = format!("`{key}` is no key of {} in OpenAPI {own}", kind.name);
                let help = format!("it is one in OpenAPI {}; here it is ignored", other.as_str());
                self.diagnostics.report(Code::UnknownKey, place, message).help(help);
            }
            Verdict::Unknown { suggestion } => {
                let code = if kind.is_ours { Code::UnknownExtension } else { Code::UnknownKey };
                let list = kind.keywords(self.version).collect::<Vec<_>>().join("`, `");
                let help = match suggestion {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if kind.is_ours => format!("the keys are `{list}`"),
                    None => "it is ignored; a key of your own begins with `x-`".to_owned(),
                };
                self.diagnostics
                    .report(code, place, format!("`{key}` is no key of {}", kind.name))
                    .help(help);
            }
            Verdict::MisspeltExtension(meant) => {
                let message = format!("`{key}` is taken for an extension of someone else's");
                let help = format!("did you mean `{OURS}{meant}`?");
                self.diagnostics.report(Code::UnknownKey, place, message).help(help);
            }
            Verdict::Misplaced(homes) => {
                let message = format!("`{key}` does not stand on {}", kind.name);
                let help = format!("it stands on {}", homes.join(", "));
                self.diagnostics.report(Code::UnknownExtension, place, message).help(help);
            }
            Verdict::UnknownExtension { suggestion } => {
                let those = match kind.extensions() {
                    [] => format!("none that begins with `{OURS}` stands on {}", kind.name),
                    own => format!("those on {} are `{OURS}{}`", kind.name, own.join(&format!("`, `{OURS}"))),
                };
                let help = match suggestion {
                    Some(meant) => format!("did you mean `{OURS}{meant}`? ({those})"),
                    None => those,
                };
                self.diagnostics
                    .report(Code::UnknownExtension, place, format!("there is no key `{key}`"))
                    .help(help);
            }
        }
    }
}
