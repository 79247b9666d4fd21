//! Where the API is.

use super::Lowering;
use super::path::placeholders;
use crate::diagnostics::Code;
use crate::ir::{Server, ServerList, ServerVariable};
use crate::model::{self, Named};

impl Lowering<'_> {
    /// The servers of the document.
    pub(super) fn servers(&mut self) {
        let servers = self.usable(&self.document.servers);
        self.api.servers.push(ServerList { operation: None, servers });
    }

    /// The index of the list of an operation's servers, which are its own, those of its path, or those of the document.
    pub(super) fn own_servers(&mut self, operation: &model::Operation, id: &str) -> usize {
        let servers = self.usable(&operation.servers);
        if servers.is_empty() {
            return 0;
        }
        let known = self.api.servers.iter().position(|list| list.servers == servers);
        known.unwrap_or_else(|| {
            self.api.servers.push(ServerList { operation: Some(id.to_owned()), servers });
            self.api.servers.len() - 1
        })
    }

    /// When all operations are known: a list that the document does not have and that no operation needs goes, and the
    /// variables of all that stay are put together.
    pub(super) fn settle_servers(&mut self) {
        let is_needless = self.api.servers.first().is_some_and(|list| list.servers.is_empty())
            && self.api.servers.len() > 1
            && self.api.operations.iter().all(|operation| operation.servers > 0);
        if is_needless {
            self.api.servers.remove(0);
            for operation in &mut self.api.operations {
                operation.servers -= 1;
            }
        }
        let variables =
            self.api.servers.iter().flat_map(|list| &list.servers).flat_map(|server| &server.variables);
        let mut merged: Vec<ServerVariable> = Vec::new();
        for variable in variables {
            match merged.iter_mut().find(|known| known.name == variable.name) {
                Some(known) => merge(known, variable),
                None => merged.push(variable.clone()),
            }
        }
        self.api.server_variables = merged;
    }

    /// The servers to which requests can be sent; the others are reported.
    fn usable(&mut self, servers: &[model::Server]) -> Vec<Server> {
        // Those of a path are met once more with each of its operations.
        let known =
            servers.iter().filter_map(|server| match self.servers_seen.get(&(self.is_heard, server.place)) {
                Some(seen) => seen.clone(),
                None => {
                    let lowered = self.server(server);
                    self.servers_seen.insert((self.is_heard, server.place), lowered.clone());
                    lowered
                }
            });
        known.collect()
    }

    fn server(&mut self, server: &model::Server) -> Option<Server> {
        let url = server.url.value.trim().to_owned();
        let mut variables = Vec::new();
        for name in placeholders(&url) {
            let declared = server.variables.iter().find(|variable| variable.name == name);
            let variable = match declared {
                Some(declared) => self.variable(declared),
                None => {
                    self.diagnostics
                        .report(
                            Code::Incomplete,
                            server.url.place,
                            format!("the variable `{name}` of the server is not declared"),
                        )
                        .help("callers have to give it; declare it in `variables` with a default");
                    ServerVariable {
                        name: name.to_owned(),
                        default: String::new(),
                        values: Vec::new(),
                        description: None,
                    }
                }
            };
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
        for declared in &server.variables {
            if !variables.iter().any(|variable| variable.name == declared.name) {
                self.diagnostics
                    .report(
                        Code::Deviation,
                        declared.place,
                        format!("the variable `{}` does not stand in the URL of the server", declared.name),
                    )
                    .help("it is left out; write it into the URL in braces");
            }
        }
        let place = server.url.place;
        let server = Server { url, description: server.description.clone(), variables };
        if let Some(reason) = unusable(&server.with_defaults()) {
            let message = format!("the server `{}` is not generated: {reason}", server.url);
            self.not_generated(place, message, "give an endpoint when building the client");
            return None;
        }
        Some(server)
    }

    fn variable(&mut self, declared: &Named<model::ServerVariable>) -> ServerVariable {
        let (name, place) = (&declared.name, declared.place);
        let model::ServerVariable { default, values, description } = &declared.value;
        let (mut default, mut values) = (default.clone(), values.clone());
        if default.contains(is_odd) {
            self.diagnostics
                .report(
                    Code::Incomplete,
                    place,
                    format!("the default `{default}` of the variable `{name}` cannot stand in a URL"),
                )
                .help("callers have to give the variable; write a default that works");
            values.retain(|value| *value != default);
            default.clear();
        } else if !values.is_empty() && !values.contains(&default) {
            self.diagnostics
                .report(
                    Code::Deviation,
                    place,
                    format!("the default of the variable `{name}` is none of its values"),
                )
                .help("it is taken as one more value");
            values.push(default.clone());
        }
        ServerVariable { name: name.clone(), default, values, description: description.clone() }
    }
}

/// Whether a character cannot stand in a URL (RFC 3986 §2).
fn is_odd(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '{' | '}' | '<' | '>' | '"' | '\\' | '^' | '`' | '|')
}

/// Why no request can be sent to a URL; `None` when one can.
fn unusable(url: &str) -> Option<&'static str> {
    if url.contains(is_odd) {
        return Some("a character in it cannot stand in a URL");
    }
    if url.contains(['?', '#']) {
        return Some("a query or fragment of a server has no place in a request");
    }
    let rest = match url.split_once("://") {
        Some(("http" | "https", rest)) => rest,
        Some(_) => return Some("only http and https are spoken"),
        None => match url.strip_prefix("//") {
            Some(rest) => rest,
            // A colon before the first slash would make it a scheme.
            None if url.split('/').next().is_some_and(|first| first.contains(':')) => {
                return Some("it has no scheme; write `https://` in front of it");
            }
            None => return None,
        },
    };
    let authority = rest.split('/').next().unwrap_or_default();
    authority.contains('@').then_some("a user name does not belong into it")
}

/// A variable of several servers is set once: it is described by the first that does so, and all values can be given that
/// one of them takes.
fn merge(known: &mut ServerVariable, other: &ServerVariable) {
    if known.values.is_empty() || other.values.is_empty() {
        known.values.clear();
    } else {
        for value in &other.values {
            if !known.values.contains(value) {
                known.values.push(value.clone());
            }
        }
    }
    if known.description.is_none() {
        known.description.clone_from(&other.description);
    }
}
