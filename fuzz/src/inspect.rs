//! What has to hold of the files of a generated package, whatever the description says.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Fields, ImplItem, Item, ItemImpl};

/// A word for hostile texts. Names are made of words, and none of the ways of writing them together makes this one again:
/// as an identifier it can only be text that escaped from a literal.
pub const MARK: &str = "eScaPed__teXt";

/// Checks the files of a package, pairs of path and text. The error says what is wrong with which file.
///
/// # Errors
///
/// A path leads outside of the package; Rust or TOML does not parse; text of the description stands outside of literals;
/// two things have one name where they must not.
pub fn inspect<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), String> {
    let mut paths = BTreeSet::new();
    for (path, text) in files {
        if !is_plain(path) || !paths.insert(path.to_ascii_lowercase()) {
            return Err(format!("`{path}` leads elsewhere, or stands twice"));
        }
        if let Some(hidden) = text.chars().find(|character| is_hidden(*character)) {
            return Err(format!("{path}: holds {hidden:?} as it is"));
        }
        if path.ends_with(".toml") {
            text.parse::<toml::Table>().map_err(|error| format!("{path}: {error}"))?;
        }
        if path.ends_with(".rs") {
            let file = syn::parse_file(text).map_err(|error| format!("{path}: {error}"))?;
            let tokens: TokenStream = text.parse().map_err(|error| format!("{path}: {error}"))?;
            identifiers(tokens).map_err(|error| format!("{path}: {error}"))?;
            items(&file.items).map_err(|error| format!("{path}: {error}"))?;
        }
    }
    Ok(())
}

fn is_plain(path: &str) -> bool {
    let parts = path.split('/');
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    !path.is_empty()
        && parts
            .into_iter()
            .all(|part| !part.is_empty() && !part.starts_with("..") && part.chars().all(is_allowed))
}

/// Whether a source file may not hold a character: it would change how the text is read, or is not to be seen.
fn is_hidden(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Each identifier is of ASCII and none is text of the description as it was.
fn identifiers(tokens: TokenStream) -> Result<(), String> {
    let mut waiting = vec![tokens.into_iter()];
    while let Some(tokens) = waiting.last_mut() {
        match tokens.next() {
            None => {
                waiting.pop();
            }
            Some(TokenTree::Group(group)) => waiting.push(group.stream().into_iter()),
            Some(TokenTree::Ident(identifier)) => {
                let text = identifier.to_string();
                if text.contains(MARK) || !text.is_ascii() {
                    return Err(format!("`{text}` stands outside of literals"));
                }
            }
            Some(TokenTree::Punct(_) | TokenTree::Literal(_)) => {}
        }
    }
    Ok(())
}

/// Names that may stand once each.
#[derive(Default)]
struct Taken(BTreeSet<String>);

impl Taken {
    fn take(&mut self, kind: &str, name: impl ToString) -> Result<(), String> {
        let name = name.to_string();
        if self.0.insert(format!("{kind} {name}")) {
            Ok(())
        } else {
            Err(format!("two times {kind} `{name}`"))
        }
    }
}

/// The names of one module.
fn items(items: &[Item]) -> Result<(), String> {
    let mut taken = Taken::default();
    let mut methods: BTreeMap<String, Taken> = BTreeMap::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                taken.take("type", &item.ident)?;
                fields(&item.fields)?;
            }
            Item::Enum(item) => {
                taken.take("type", &item.ident)?;
                let mut variants = Taken::default();
                for variant in &item.variants {
                    variants.take("variant", &variant.ident)?;
                    fields(&variant.fields)?;
                }
            }
            Item::Type(item) => taken.take("type", &item.ident)?,
            Item::Trait(item) => taken.take("type", &item.ident)?,
            Item::Mod(item) => {
                taken.take("type", &item.ident)?;
                if let Some((_, inner)) = &item.content {
                    self::items(inner)?;
                }
            }
            Item::Fn(item) => {
                taken.take("value", &item.sig.ident)?;
                arguments(&item.sig)?;
            }
            Item::Const(item) if item.ident != "_" => taken.take("value", &item.ident)?,
            Item::Static(item) => taken.take("value", &item.ident)?,
            Item::Impl(item) => implementation(item, &mut methods)?,
            _ => {}
        }
    }
    Ok(())
}

fn fields(fields: &Fields) -> Result<(), String> {
    let mut taken = Taken::default();
    fields.iter().filter_map(|field| field.ident.as_ref()).try_for_each(|name| taken.take("field", name))
}

fn arguments(signature: &syn::Signature) -> Result<(), String> {
    let mut taken = Taken::default();
    for argument in &signature.inputs {
        if let syn::FnArg::Typed(argument) = argument
            && let syn::Pat::Ident(name) = argument.pat.as_ref()
        {
            taken.take("argument", &name.ident)?;
        }
    }
    Ok(())
}

/// Methods of one type in all of its blocks.
fn implementation(item: &ItemImpl, methods: &mut BTreeMap<String, Taken>) -> Result<(), String> {
    let of = match item.self_ty.as_ref() {
        syn::Type::Path(path) if item.trait_.is_none() => {
            path.path.segments.last().map(|last| last.ident.to_string())
        }
        _ => None,
    };
    let mut own = Taken::default();
    let taken = match of {
        Some(name) => methods.entry(name).or_default(),
        None => &mut own,
    };
    for item in &item.items {
        match item {
            ImplItem::Fn(method) => {
                taken.take("method", &method.sig.ident)?;
                arguments(&method.sig)?;
            }
            ImplItem::Const(item) => taken.take("method", &item.ident)?,
            _ => {}
        }
    }
    Ok(())
}
