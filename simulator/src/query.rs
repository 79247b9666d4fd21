//! Query parameters, read and checked against the ranges that the API documents.

use std::{ops::RangeInclusive, str::FromStr};

use percent_encoding::percent_decode_str;

use crate::failure::Failure;

/// The decoded pairs of a query.
#[derive(Debug, Default)]
pub(crate) struct QueryParameters(Vec<(String, String)>);

impl QueryParameters {
    /// Reads what stands after the question mark. A plus sign stands for a space, as in forms.
    pub(crate) fn parse(query: Option<&str>) -> Result<Self, Failure> {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            let decoded = percent_decode_str(&spaced).decode_utf8();
            decoded.map(String::from).map_err(|_| Failure::parameter("The query is not UTF-8."))
        };
        query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| Ok((decode(name)?, decode(value)?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The value of a parameter that may be given once.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Failure::parameter(format!("The parameter {name} is given more than once."))),
        }
    }

    /// Whether a parameter is given, with whatever value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The value of a parameter that is `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        Ok(self.word(name, &[("true", true), ("false", false)])?.unwrap_or(false))
    }

    /// The value of a parameter that is a whole number of a range.
    pub(crate) fn number<N>(&self, name: &str, range: RangeInclusive<N>) -> Result<Option<N>, Failure>
    where
        N: FromStr + PartialOrd + std::fmt::Display,
    {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let number = text.parse::<N>().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (low, high) = (range.start(), range.end());
            Failure::parameter(format!(
                "The parameter {name} is not a whole number from {low} to {high}: {text}."
            ))
        })
    }

    /// The value of a parameter that is one of several words, as what the word stands for.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Failure> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let meaning = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        meaning
            .map(Some)
            .ok_or_else(|| Failure::parameter(format!("The parameter {name} has an unknown value: {text}.")))
    }
}
