//! Arguments with values that have names. They are open, like the enums of the client: what has no name is sent as it is.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use super::document::NamedInteger;

/// One of several texts, or any other.
#[derive(Clone, Debug)]
pub struct TextEnum(&'static [DescribedText]);

/// A text and what it means.
pub type DescribedText = (&'static str, &'static str);

impl TextEnum {
    /// The texts, each with what it means.
    #[must_use]
    pub fn new(values: &'static [DescribedText]) -> Self {
        Self(values)
    }
}

impl TypedValueParser for TextEnum {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|(value, help)| described(value, help))))
    }
}

/// One of several numbers, given by its name or as the number, or any other number.
#[derive(Clone, Debug)]
pub struct IntegerEnum(&'static [NamedInteger]);

impl IntegerEnum {
    /// The numbers, each with its name and what it means.
    #[must_use]
    pub fn new(values: &'static [NamedInteger]) -> Self {
        Self(values)
    }
}

impl TypedValueParser for IntegerEnum {
    type Value = i64;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<i64, Error> {
        let text = value.to_string_lossy();
        let named = self.0.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(&text));
        if let Some(number) = named.map(|(number, ..)| *number).or_else(|| text.parse().ok()) {
            return Ok(number);
        }
        let mut error = Error::new(ErrorKind::InvalidValue).with_cmd(command);
        if let Some(argument) = argument {
            error.insert(ContextKind::InvalidArg, ContextValue::String(argument.to_string()));
        }
        error.insert(ContextKind::InvalidValue, ContextValue::String(text.into_owned()));
        let names =
            self.0.iter().map(|(_, name, _)| (*name).to_owned()).chain(["NUMBER".to_owned()]).collect();
        error.insert(ContextKind::ValidValue, ContextValue::Strings(names));
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|(_, name, help)| described(name, help))))
    }
}

fn described(name: &'static str, help: &'static str) -> PossibleValue {
    let value = PossibleValue::new(name);
    if help.is_empty() { value } else { value.help(help) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_given_by_name_or_as_it_is() {
        let status = Arg::new("status")
            .long("status")
            .value_parser(IntegerEnum::new(&[(11, "failed", ""), (8, "running", "")]));
        let command = Command::new("tool").arg(status);
        let read = |text| command.clone().try_get_matches_from(["tool", "--status", text]);
        for (text, number) in [("failed", 11_i64), ("Running", 8), ("11", 11), ("99", 99)] {
            assert_eq!(read(text).unwrap().get_one("status"), Some(&number), "{text}");
        }
        let refusal = read("banana").unwrap_err();
        assert_eq!(refusal.exit_code(), 2);
        let shown = refusal.render().to_string();
        assert!(shown.contains("invalid value 'banana' for '--status <status>'"), "{shown}");
        assert!(shown.contains("[possible values: failed, running, NUMBER]"), "{shown}");
    }

    #[test]
    fn a_text_without_a_name_is_taken() {
        let order = Arg::new("order").value_parser(TextEnum::new(&[("asc", "Ascending."), ("desc", "")]));
        let mut command = Command::new("tool").arg(order);
        assert!(
            command.render_long_help().to_string().contains("- asc:  Ascending."),
            "{}",
            command.render_long_help()
        );
        let matches = command.try_get_matches_from(["tool", "random"]).unwrap();
        assert_eq!(matches.get_one("order"), Some(&"random".to_owned()));
    }
}
