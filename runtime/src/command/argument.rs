//! The arguments that parameters and bodies become, and what their values may look like.

use std::time::Duration;

use clap::builder::{BoolValueParser, ValueParser};
use clap::{Arg, ArgAction, Command};

/// A subcommand with what it is about: a line, and more where there is more to say.
#[must_use]
pub fn subcommand(name: &'static str, about: &'static str, more: &'static str) -> Command {
    let command = Command::new(name).about(about).disable_help_subcommand(true);
    if more.is_empty() { command } else { command.long_about(more) }
}

/// A program with subcommands; without one it shows its help.
#[must_use]
pub fn program(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

/// A group of subcommands; without one of them it shows its help.
#[must_use]
pub fn group(name: &'static str, about: &'static str, more: &'static str) -> Command {
    subcommand(name, about, more).subcommand_required(true).arg_required_else_help(true)
}

/// The heading of the options that all subcommands have.
pub(super) const OF_ALL: &str = "Options of all subcommands";

/// An option of the program, that all of its subcommands have.
#[must_use]
pub fn global(id: &'static str, value_name: &'static str, help: &'static str) -> Arg {
    Arg::new(id).long(id).value_name(value_name).help(help).global(true).help_heading(OF_ALL)
}

/// A switch of the program, that all of its subcommands have.
#[must_use]
pub fn global_switch(id: &'static str, help: &'static str) -> Arg {
    Arg::new(id).long(id).help(help).action(ArgAction::SetTrue).global(true).help_heading(OF_ALL)
}

/// The switch of a subcommand whose answers come in pages.
#[must_use]
pub fn all_pages() -> Arg {
    Arg::new("all")
        .long("all")
        .help("List the items of all pages, from this one on")
        .action(ArgAction::SetTrue)
}

/// A value that has to be given, by its place.
#[must_use]
pub fn positional(
    id: &'static str,
    value_name: &'static str,
    help: &'static str,
    parser: ValueParser,
) -> Arg {
    Arg::new(id)
        .value_name(value_name)
        .help(help)
        .value_parser(parser)
        .required(true)
        .allow_negative_numbers(true)
}

/// A value that may be given, by its name.
#[must_use]
pub fn option(id: &'static str, value_name: &'static str, help: &'static str, parser: ValueParser) -> Arg {
    Arg::new(id).long(id).value_name(value_name).help(help).value_parser(parser).allow_negative_numbers(true)
}

/// Makes an argument one that takes several values, each given by itself.
#[must_use]
pub fn list(argument: Arg) -> Arg {
    argument.action(ArgAction::Append)
}

/// A JSON body: as text, from a file or from standard input.
#[must_use]
pub fn body(id: &'static str, help: &'static str, is_required: bool) -> Arg {
    Arg::new(id)
        .long(id)
        .value_name("JSON|@FILE|-")
        .help(help)
        .required(is_required)
        .allow_hyphen_values(true)
}

/// A whole number of 32 bits from `minimum` to `maximum`, both included.
#[must_use]
pub fn integer32(minimum: i32, maximum: i32) -> ValueParser {
    let parse = whole_number(i64::from(minimum), i64::from(maximum));
    ValueParser::new(move |text: &str| {
        parse(text).and_then(|value| i32::try_from(value).map_err(|error| error.to_string()))
    })
}

/// A whole number of 64 bits from `minimum` to `maximum`, both included.
#[must_use]
pub fn integer64(minimum: i64, maximum: i64) -> ValueParser {
    ValueParser::new(whole_number(minimum, maximum))
}

fn whole_number(minimum: i64, maximum: i64) -> impl Fn(&str) -> Result<i64, String> + Clone {
    move |text| {
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(text.strip_prefix('-').unwrap_or(text)) {
            return Err("it has to be a whole number".to_owned());
        }
        let value = text.parse().ok().filter(|value| (minimum..=maximum).contains(value));
        value.ok_or_else(|| format!("it has to be from {minimum} to {maximum}"))
    }
}

/// A number.
#[must_use]
pub fn number() -> ValueParser {
    ValueParser::new(|text: &str| {
        text.parse().ok().filter(|value: &f64| value.is_finite()).ok_or("it has to be a number")
    })
}

/// A text.
#[must_use]
pub fn text() -> ValueParser {
    ValueParser::string()
}

/// `true` or `false`.
#[must_use]
pub fn boolean() -> ValueParser {
    BoolValueParser::new().into()
}

/// A time in seconds, with a fraction where one is wanted.
pub(super) fn seconds(text: &str) -> Result<f64, &'static str> {
    let value: Option<f64> = text.parse().ok();
    let usable = |value: &f64| *value > 0.0 && Duration::try_from_secs_f64(*value).is_ok();
    value.filter(usable).ok_or("it has to be a number of seconds above 0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(parser: ValueParser, text: &str) -> String {
        let command = Command::new("tool").arg(positional("n", "N", "", parser));
        let error = command.try_get_matches_from(["tool", text]).unwrap_err();
        error.render().to_string().lines().next().unwrap().to_owned()
    }

    #[test]
    fn whole_numbers_know_their_range() {
        let parse = whole_number(1, 1000);
        assert_eq!(parse("1000"), Ok(1000));
        for text in ["0", "1001", "-1", "99999999999999999999"] {
            assert_eq!(parse(text), Err("it has to be from 1 to 1000".to_owned()), "{text}");
        }
        for text in ["", "ten", "1.5", "+1", "1e3", "-"] {
            assert_eq!(parse(text), Err("it has to be a whole number".to_owned()), "{text}");
        }
        let from_all = whole_number(i64::MIN, i64::MAX);
        assert_eq!(from_all("-9223372036854775808"), Ok(i64::MIN));
        assert!(from_all("9223372036854775808").is_err());
    }

    #[test]
    fn a_bad_value_is_named_with_its_argument() {
        assert_eq!(
            refusal(integer32(1, 9), "-5"),
            "error: invalid value '-5' for '<N>': it has to be from 1 to 9"
        );
        assert_eq!(refusal(number(), "NaN"), "error: invalid value 'NaN' for '<N>': it has to be a number");
    }

    #[test]
    fn seconds_are_above_zero() {
        assert_eq!(seconds("0.5"), Ok(0.5));
        for text in ["0", "-1", "inf", "NaN", "1e300", "soon"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
