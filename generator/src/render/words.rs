//! The sentences that docs are made of.

use crate::ir::{Docs, ExternalDocs, Limits, Parameter, Type};

/// The docs of a part: summary, description, what its values are limited to, its default, and where there is more.
pub(super) fn describe(
    docs: &Docs,
    fallback: &str,
    limits: Option<(&Limits, &Type)>,
    default: Option<&str>,
) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let summary = docs.summary.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let description = docs.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    paragraphs.extend(summary.map(sentence));
    paragraphs.extend(description.filter(|text| Some(*text) != summary).map(str::to_owned));
    if paragraphs.is_empty() {
        paragraphs.push(sentence(fallback));
    }
    let mut facts: Vec<String> = limits.map(|(limits, ty)| limit_sentences(limits, ty)).unwrap_or_default();
    if let Some(default) = default {
        // A text is shown without its quotes, unless nothing would be left.
        let text = serde_json::from_str::<String>(default).ok().filter(|text| !text.trim().is_empty());
        facts.push(format!("Default: `{}`.", code(text.as_deref().unwrap_or(default))));
    }
    if !facts.is_empty() {
        paragraphs.push(facts.join(" "));
    }
    if docs.deprecated {
        paragraphs.push("Deprecated.".to_owned());
    }
    paragraphs.extend(docs.external.as_ref().map(see));
    paragraphs.join("\n\n")
}

/// Where there is more.
pub(super) fn see(ExternalDocs { url, description }: &ExternalDocs) -> String {
    match description {
        Some(text) => format!("{} See <{url}>.", sentence(text)),
        None => format!("See <{url}>."),
    }
}

/// Text with a full stop at its end, unless it ends with a block of code or a table.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let is_block = ["```", "~~~", "|"].iter().any(|end| text.ends_with(end));
    let is_ended = is_block || text.is_empty() || text.ends_with(['.', '!', '?', ':', '>', '。']);
    if is_ended { text.to_owned() } else { format!("{text}.") }
}

/// The first sentence of docs, for one line.
pub(super) fn first_sentence(docs: &Docs, fallback: &str) -> String {
    let text = docs.summary.as_deref().or(docs.description.as_deref()).unwrap_or(fallback);
    let paragraph =
        text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    paragraph.get(..end).unwrap_or_default().to_owned()
}

/// The docs of a parameter.
pub(super) fn describe_parameter(parameter: &Parameter) -> String {
    let fallback = format!("The parameter `{}`", code(&parameter.name));
    describe(
        &parameter.docs,
        &fallback,
        Some((&parameter.limits, &parameter.ty)),
        parameter.default.as_deref(),
    )
}

/// Text that stands between backticks.
fn code(text: &str) -> String {
    text.replace('`', "'").replace(['\r', '\n'], " ")
}

fn limit_sentences(limits: &Limits, ty: &Type) -> Vec<String> {
    let mut sentences = Vec::new();
    match (&limits.minimum, &limits.maximum) {
        (Some((low, false)), Some((high, false))) => sentences.push(format!("Between {low} and {high}.")),
        (minimum, maximum) => {
            let least = |excluded: bool| if excluded { "More than" } else { "At least" };
            let most = |excluded: bool| if excluded { "Less than" } else { "At most" };
            sentences
                .extend(minimum.iter().map(|(bound, excluded)| format!("{} {bound}.", least(*excluded))));
            sentences.extend(maximum.iter().map(|(bound, excluded)| format!("{} {bound}.", most(*excluded))));
        }
    }
    let unit = if matches!(ty, Type::Array(_)) { "items" } else { "characters" };
    match (limits.min_length.filter(|length| *length > 0), limits.max_length) {
        (Some(low), Some(high)) if low == high => sentences.push(format!("Exactly {low} {unit}.")),
        (Some(low), Some(high)) => sentences.push(format!("From {low} to {high} {unit}.")),
        (Some(low), None) => sentences.push(format!("At least {low} {unit}.")),
        (None, Some(high)) => sentences.push(format!("At most {high} {unit}.")),
        (None, None) => {}
    }
    if let Some(pattern) = &limits.pattern {
        sentences.push(format!("Pattern: `{}`.", code(pattern)));
    }
    if let Some(number) = &limits.multiple_of {
        sentences.push(format!("A multiple of {number}."));
    }
    if limits.unique {
        sentences.push("All items differ.".to_owned());
    }
    sentences
}
