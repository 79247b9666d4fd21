//! The subcommand of an operation: its arguments, from the parameters and the body, and its help.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};

use super::Command;
use crate::ir::{Limits, Operation, OperationId, Parameter, TextFormat, Type, TypeKind};
use crate::name::screaming;
use crate::render::syntax::ident;
use crate::render::words::describe;

/// The option with the body.
pub(super) const BODY: &str = "body";

impl Command<'_> {
    /// The function that makes the subcommand.
    pub(super) fn operation_command(&self, id: OperationId) -> Option<TokenStream> {
        let operation = self.context.api.operation(id)?;
        let (name, functions) = self.operation_names(id)?;
        let function = ident(&functions.command);
        let options = self.names.parameters.get(id.0)?;
        let docs = describe(&operation.docs, &format!("The operation {}", operation.id), None, None);
        let (about, more) = (headline(&docs), prose(&docs));
        let positional = operation.required_parameters().filter(|index| is_positional(operation, *index));
        let named = operation.required_parameters().filter(|index| !is_positional(operation, *index));
        let indexes = positional.chain(named).chain(operation.optional_parameters());
        let arguments = indexes.filter_map(|index| {
            let argument = self.argument(operation.parameters.get(index)?, options.get(index)?);
            Some(quote!(.arg(#argument)))
        });
        let body = operation.body.as_ref().map(|body| {
            let argument = self.body_argument(body);
            quote!(.arg(#argument))
        });
        let waiting = self.wait(id).map(|(what, wait)| {
            let interval = Literal::f64_unsuffixed(wait.interval.as_secs_f64());
            let deadline = Literal::f64_unsuffixed(wait.deadline.as_secs_f64());
            quote!(.args(command::waiting(#what, #interval, #deadline)))
        });
        let all = operation.pagination.as_ref().map(|_| quote!(.arg(command::all_pages())));
        let examples = self.examples(id).map(|text| quote!(.after_help(#text)));
        Some(quote! {
            fn #function() -> Command {
                command::subcommand(#name, #about, #more) #(#arguments)* #body #waiting #all #examples
            }
        })
    }

    fn argument(&self, parameter: &Parameter, option: &str) -> TokenStream {
        let value_name = if is_secret(parameter) { "@FILE|-".to_owned() } else { screaming(&parameter.name) };
        let description = parameter.docs.description.as_deref().or(parameter.docs.summary.as_deref());
        let mut help = description.map(headline).unwrap_or_default();
        if help.is_empty() {
            help = format!("The parameter {}", parameter.name);
        }
        if let Some(default) =
            parameter.default.as_deref().and_then(|default| self.shown_value(&parameter.ty, default))
        {
            help.push_str(&format!(" [default: {default}]"));
        }
        if self.is_object(&parameter.ty) && !is_secret(parameter) {
            help.push_str(" [JSON]");
        }
        let parser = self.parser(parameter);
        let is_list = matches!(parameter.ty, Type::Array(_));
        let argument = match (parameter.required, is_list) {
            (true, false) => quote!(command::positional(#option, #value_name, #help, #parser)),
            (true, true) => quote!(command::option(#option, #value_name, #help, #parser).required(true)),
            (false, _) => quote!(command::option(#option, #value_name, #help, #parser)),
        };
        if is_list { quote!(command::list(#argument)) } else { argument }
    }

    /// Whether a value has no form of its own on a command line, and is given as JSON.
    fn is_object(&self, ty: &Type) -> bool {
        match ty {
            Type::Any | Type::Map(_) => true,
            Type::Array(inner) | Type::Nullable(inner) => self.is_object(inner),
            Type::Named(id) => self
                .context
                .api
                .ty(*id)
                .is_some_and(|ty| matches!(ty.kind, TypeKind::Record(_) | TypeKind::Any)),
            _ => false,
        }
    }

    /// What reads the value, or one of the values, of an argument.
    fn parser(&self, parameter: &Parameter) -> TokenStream {
        let (ty, limits) = match &parameter.ty {
            // The limits of an array are about its length.
            Type::Array(item) => (item.as_ref(), Limits::default()),
            ty => (ty, parameter.limits.clone()),
        };
        if is_secret(parameter) {
            return quote!(command::text());
        }
        match ty {
            Type::Boolean => quote!(command::boolean()),
            Type::Integer32 => {
                let (low, high) = range(&limits, i32::MIN.into(), i32::MAX.into());
                let low = if low == i64::from(i32::MIN) { quote!(i32::MIN) } else { integer(low) };
                let high = if high == i64::from(i32::MAX) { quote!(i32::MAX) } else { integer(high) };
                quote!(command::integer32(#low, #high))
            }
            Type::Integer64 => {
                let (low, high) = range(&limits, i64::MIN, i64::MAX);
                let low = if low == i64::MIN { quote!(i64::MIN) } else { integer(low) };
                let high = if high == i64::MAX { quote!(i64::MAX) } else { integer(high) };
                quote!(command::integer64(#low, #high))
            }
            Type::Number => quote!(command::number()),
            ty => match self.enum_of(ty) {
                Some((id, kind)) => {
                    let values = self.values_name(id);
                    match kind {
                        TypeKind::IntegerEnum(_) => quote!(command::IntegerEnum::new(#values).into()),
                        _ => quote!(command::TextEnum::new(#values).into()),
                    }
                }
                None => quote!(command::text()),
            },
        }
    }

    /// A JSON value as a command line has it: text without quotes, numbers with a name by their name.
    fn shown_value(&self, ty: &Type, json: &str) -> Option<String> {
        let text = match serde_json::from_str(json).ok()? {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
                return None;
            }
            scalar => scalar.to_string(),
        };
        if let Some((id, TypeKind::IntegerEnum(values))) = self.enum_of(ty) {
            let members = &self.context.names.ty(id)?.members;
            let named = values.iter().zip(members).find(|(value, _)| value.value.to_string() == text);
            return Some(named.map_or(text, |(_, member)| crate::name::kebab(member)));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Command lines to begin with, from the examples of the description; `None` where a required value has none.
    fn examples(&self, id: OperationId) -> Option<String> {
        let operation = self.context.api.operation(id)?;
        let group = self.context.names.group(operation.group)?;
        let (name, _) = self.operation_names(id)?;
        let mut line = format!("{} {} {name}", self.program, group.kebab);
        if operation.body.as_ref().is_some_and(|body| body.required) {
            line.push_str(&format!(" --{BODY} @request.json"));
        }
        for index in operation.required_parameters() {
            let parameter = operation.parameters.get(index).filter(|_| is_positional(operation, index))?;
            line.push_str(&format!(" {}", self.example(parameter)?));
        }
        let mut lines = vec![line.clone()];
        let optional = operation.optional_parameters().find_map(|index| {
            let option = self.names.parameters.get(id.0)?.get(index)?;
            Some(format!("{line} --{option} {}", self.example(operation.parameters.get(index)?)?))
        });
        lines.extend(optional);
        if operation.pagination.is_some() {
            lines.push(format!("{line} --all --output json"));
        }
        lines.extend(self.wait(id).map(|_| format!("{line} --wait")));
        let heading = if lines.len() == 1 { "Example" } else { "Examples" };
        Some(format!("{heading}:\n  {}", lines.join("\n  ")))
    }

    /// The example of a parameter as a word of a command line; `None` where it would have to be quoted.
    fn example(&self, parameter: &Parameter) -> Option<String> {
        let shown = self.shown_value(&parameter.ty, parameter.example.as_deref()?)?;
        let is_word = shown
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | ','));
        (is_word && !is_secret(parameter)).then_some(shown)
    }
}

/// Whether a required parameter is given by its place: lists are not, for nobody could tell where they end.
fn is_positional(operation: &Operation, index: usize) -> bool {
    operation.parameters.get(index).is_some_and(|parameter| !matches!(parameter.ty, Type::Array(_)))
}

/// Whether other users of the machine must not see the value.
pub(super) fn is_secret(parameter: &Parameter) -> bool {
    parameter.secret || parameter.ty == Type::Text(TextFormat::Secret)
}

/// The lowest and the highest value that limits allow, within those of the type.
fn range(limits: &Limits, lowest: i64, highest: i64) -> (i64, i64) {
    let bound = |limit: &Option<(String, bool)>, towards: i64, otherwise: i64| {
        let Some((text, is_excluded)) = limit else { return otherwise };
        let Ok(value) = text.parse::<i64>() else { return otherwise };
        let value = if *is_excluded { value.saturating_add(towards) } else { value };
        value.clamp(lowest, highest)
    };
    (bound(&limits.minimum, 1, lowest), bound(&limits.maximum, -1, highest))
}

fn integer(value: i64) -> TokenStream {
    Literal::i64_unsuffixed(value).into_token_stream()
}

/// The first sentence of a text, without its full stop: what stands beside a name in a list.
pub(super) fn headline(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.find(". ").unwrap_or(line.len());
    line.get(..end).unwrap_or_default().trim_end_matches('.').to_owned()
}

/// A text with its paragraphs on one line each, for help that is wrapped where it is shown; empty when it is no more than
/// its headline.
pub(super) fn prose(text: &str) -> String {
    let paragraphs: Vec<&str> = text.trim().split("\n\n").collect();
    let unwrapped = paragraphs.iter().map(|paragraph| {
        // What is set line by line stays so: lists, code, tables.
        let is_plain =
            !paragraph.lines().any(|line| line.starts_with([' ', '-', '*', '|', '`', '\t', '#', '>']));
        if is_plain {
            paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            (*paragraph).to_owned()
        }
    });
    let text = unwrapped.collect::<Vec<_>>().join("\n\n");
    if text.trim_end_matches('.') == headline(&text) { String::new() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_the_first_sentence() {
        assert_eq!(headline("Lists\n jobs. A page at a time.\n\nMore."), "Lists jobs");
        assert_eq!(headline("Version 1.2 of it"), "Version 1.2 of it");
        assert_eq!(prose("Deletes a job."), "");
        assert_eq!(prose("Deletes\na job.\n\n- one\n- two"), "Deletes a job.\n\n- one\n- two");
    }

    #[test]
    fn a_range_stays_within_its_type() {
        let limits = Limits {
            minimum: Some(("0".to_owned(), true)),
            maximum: Some(("9999999999".to_owned(), false)),
            ..Limits::default()
        };
        assert_eq!(range(&limits, i32::MIN.into(), i32::MAX.into()), (1, i32::MAX.into()));
        assert_eq!(range(&limits, i64::MIN, i64::MAX), (1, 9_999_999_999));
        assert_eq!(range(&Limits::default(), -3, 3), (-3, 3));
    }
}
