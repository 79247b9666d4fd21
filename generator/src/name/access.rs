//! The names of what leads to the service: its servers, and the scopes of access.

use super::reserved::TYPES;
use super::{Scope, ServerNames, TypeNames, mint_all_pascal, pascal, screaming, snake, words};
use crate::ir::{Api, SchemeKind, Server};

/// What chooses servers: the type of the whole API's is `ApiServer`, that of an operation's is called after the operation.
pub(super) fn servers(api: &Api, types: &[TypeNames], setters: &mut Scope) -> Vec<ServerNames> {
    let mut scope = Scope::new(&TYPES);
    for known in types {
        scope = scope.reserve(&[&known.name, &known.partial]);
    }
    let lists = api.servers.iter().map(|list| {
        let mut variants = Scope::new(&["Self"]);
        let wanted = list.servers.iter().map(server_name);
        ServerNames {
            ty: scope.mint(&pascal(&format!("{} server", list.operation.as_deref().unwrap_or("api")))),
            setter: match &list.operation {
                None => "server".to_owned(),
                Some(id) => setters.mint(&snake(&format!("{id} server"))),
            },
            variants: mint_all_pascal(&mut variants, wanted, "Server"),
        }
    });
    lists.collect()
}

/// What a server is called: its description where that is a name, else its URL.
fn server_name(server: &Server) -> String {
    let described = server.description.as_deref().map(|text| words(text.trim_end_matches(['.', ' '])));
    match described.filter(|words| (1..=4).contains(&words.len())) {
        Some(words) => pascal(&words.join(" ")),
        None => {
            let url = server.url.split_once("://").map_or(server.url.as_str(), |(_, rest)| rest);
            pascal(&url.replace(['{', '}'], " "))
        }
    }
}

/// The constants with the scopes of access of each scheme. A scope that is a URL is called after its end.
pub(super) fn scopes(api: &Api) -> Vec<Vec<String>> {
    let of_schemes = api.schemes.iter().map(|scheme| match &scheme.kind {
        SchemeKind::OAuth2(access) => {
            let mut constants = Scope::new(&[]);
            let names = access.scopes.iter().map(|scope| {
                let is_url = scope.name.contains("://");
                let end = scope.name.trim_end_matches('/').rsplit('/').next().filter(|_| is_url);
                let (short, full) = (screaming(end.unwrap_or(&scope.name)), screaming(&scope.name));
                constants.mint_or(&short, &full)
            });
            names.collect()
        }
        _ => Vec::new(),
    });
    of_schemes.collect()
}
