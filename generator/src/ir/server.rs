//! Where the service is reached.

/// A server's URL, a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The template, absolute: `https://{region}.example.com/v1`.
    pub url: String,
    /// Its variables.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name in the template.
    pub name: String,
    /// What holds when nothing is given.
    pub default: String,
    /// The values that the description names; other values are possible.
    pub values: Vec<String>,
    /// CommonMark.
    pub description: Option<String>,
}
