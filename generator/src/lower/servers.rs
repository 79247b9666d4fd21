//! Where the API is.

use super::Lowering;
use crate::ir::{Server, ServerVariable};

impl Lowering<'_> {
    /// Takes the first server with an absolute URL.
    pub(super) fn server(&mut self) {
        let servers = &self.document.servers;
        let is_absolute =
            |url: &str| url.starts_with("https://") || url.starts_with("http://") || url.starts_with('{');
        let chosen = servers.iter().position(|server| is_absolute(&server.url.value));
        for (index, server) in servers.iter().enumerate() {
            if Some(index) == chosen {
                self.api.server = Some(Server {
                    url: server.url.value.clone(),
                    variables: server
                        .variables
                        .iter()
                        .map(|variable| ServerVariable {
                            name: variable.name.clone(),
                            default: variable.value.default.clone(),
                            values: variable.value.values.clone(),
                            description: variable.value.description.clone(),
                        })
                        .collect(),
                });
            } else if is_absolute(&server.url.value) {
                self.not_generated(
                    server.url.place,
                    "only the first server is generated",
                    "give this one as the endpoint",
                );
            } else {
                self.not_generated(
                    server.url.place,
                    "a relative server URL is not resolved",
                    "the client has no default endpoint: give one when building it",
                );
            }
        }
    }
}
