//! Where the service is reached.

/// Servers of which one is chosen; the first is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerList {
    /// The operation whose id tells it from other lists; `None` for that of the whole API.
    pub operation: Option<String>,
    /// The servers. Empty for an API that names none.
    pub servers: Vec<Server>,
}

/// A server's URL, a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The template: `https://{region}.example.com/v1`. It may be relative.
    pub url: String,
    /// CommonMark.
    pub description: Option<String>,
    /// Its variables; each stands in the template, and all that stand there are here.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name in the template.
    pub name: String,
    /// What holds when nothing is given; empty where something has to be given.
    pub default: String,
    /// The values that it can have; empty where any will do.
    pub values: Vec<String>,
    /// CommonMark.
    pub description: Option<String>,
}

impl Server {
    /// Whether the URL is relative to where the description is.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        let url = self.with_defaults();
        !url.starts_with("https://") && !url.starts_with("http://")
    }

    /// The URL with the defaults of its variables.
    #[must_use]
    pub fn with_defaults(&self) -> String {
        self.variables.iter().fold(self.url.clone(), |url, variable| {
            url.replace(&format!("{{{}}}", variable.name), &variable.default)
        })
    }
}
