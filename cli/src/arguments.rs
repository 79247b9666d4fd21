//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clientsmith_generator::Selection;
use clientsmith_pages::{Descriptions, Format};

/// Turns OpenAPI descriptions into Rust client crates.
#[derive(Debug, Parser)]
#[command(name = "clientsmith", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Generate(Generate),
    Check(Check),
    Import(Import),
}

/// Generates client crates from OpenAPI descriptions.
///
/// Without SPEC, the clients are those that clientsmith.toml lists: the file in this folder, or in the nearest one above
/// it.
///
/// Only files that clientsmith wrote are replaced or removed; .clientsmith.json in the output folder lists them. When
/// there are errors, nothing is written.
#[derive(Debug, Args)]
#[command(after_long_help = GENERATE_EXAMPLES)]
pub(crate) struct Generate {
    /// The OpenAPI description, in YAML or JSON; it may refer to other files in its folder
    #[arg(value_name = "SPEC", requires = "out", conflicts_with = "config")]
    pub(crate) spec: Option<PathBuf>,

    /// The folder of the crate; it need not exist
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub(crate) out: Option<PathBuf>,

    /// The name of the package [default: made of the title of the API]
    #[arg(long, value_name = "NAME", requires = "spec")]
    pub(crate) name: Option<String>,

    /// The folder of the clientsmith-runtime that the crate depends on [default: that of the checkout of clientsmith around
    /// DIR or this folder, else the published version]
    #[arg(long, value_name = "PATH", requires = "spec")]
    pub(crate) runtime: Option<PathBuf>,

    /// The licence that the package states, an SPDX expression [default: none]
    #[arg(long, value_name = "LICENSE", requires = "spec")]
    pub(crate) license: Option<String>,

    /// Also write a command with a subcommand per operation: a second package, in the folder DIR-cli
    #[arg(long, requires = "spec")]
    pub(crate) command: bool,

    #[command(flatten)]
    pub(crate) only: Only,

    /// List the schemas that say what their values are and are free JSON all the same, each with its reason
    #[arg(long)]
    pub(crate) report_untyped: bool,

    /// Write nothing; list the files that are stale, and exit with status 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// The configuration file [default: clientsmith.toml, here or in the nearest folder above]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

const GENERATE_EXAMPLES: &str = r#"Examples:
  clientsmith generate
      all clients of clientsmith.toml
  clientsmith generate --check
      fails when one of them is stale: for CI
  clientsmith generate openapi.yaml --out client --name petstore
      one client, without a configuration file
  clientsmith generate openapi.yaml --out client --name petstore --command
      the same, and the command petstore-cli in client-cli
  clientsmith generate openapi.yaml --out client --only-tags pets,owners --only-paths '/v2/*'
      of the operations that have one of these tags and such a path, and what they need

clientsmith.toml, with paths relative to it:
  [[client]]
  spec = "openapi.yaml"     # the description
  out = "client"            # the folder of the crate
  name = "petstore"         # this and all below are optional, as the options above
  license = "MIT"
  runtime = "../runtime"
  command = true
  only-tags = ["pets", "owners"]
  only-operations = ["listPets", "GET /owners/{id}"]
  only-paths = ["/v2/*"]"#;

/// Reads an OpenAPI description and says what is wrong with it, and what would not be generated.
///
/// Nothing is written. The exit status is 1 when there are errors.
#[derive(Debug, Args)]
#[command(after_long_help = CHECK_EXAMPLES)]
pub(crate) struct Check {
    /// The OpenAPI description, in YAML or JSON; it may refer to other files in its folder
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,

    #[command(flatten)]
    pub(crate) only: Only,

    /// List the schemas that say what their values are and are free JSON all the same, each with its reason
    #[arg(long)]
    pub(crate) report_untyped: bool,
}

/// Which operations the client has: those that fit every one of these options that is given. Types and operations are
/// called as in the client of all.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Only {
    /// Only operations with one of these tags; an operation without tags has the name of its group for a tag
    #[arg(long, value_name = "TAG", value_delimiter = ',', requires = "spec")]
    pub(crate) only_tags: Vec<String>,

    /// Only operations with one of these operationIds, or methods and paths as 'GET /jobs/{id}'
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "spec")]
    pub(crate) only_operations: Vec<String>,

    /// Only operations with one of these paths, where * stands for any text, as '/jobs/*'
    #[arg(long, value_name = "PATH", value_delimiter = ',', requires = "spec")]
    pub(crate) only_paths: Vec<String>,
}

impl From<&Only> for Selection {
    fn from(only: &Only) -> Self {
        Self {
            tags: only.only_tags.clone(),
            operations: only.only_operations.clone(),
            paths: only.only_paths.clone(),
        }
    }
}

const CHECK_EXAMPLES: &str = "\
Examples:
  clientsmith check openapi.yaml";

/// Turns API pages in Markdown into drafts of OpenAPI descriptions.
///
/// A draft says what the page says: method, path, parameters, types, nested objects, limits and examples. What the page
/// leaves open or contradicts is reported with its line. Files that are there and differ are never overwritten.
#[derive(Debug, Args)]
#[command(after_long_help = IMPORT_EXAMPLES)]
pub(crate) struct Import {
    /// A page, or a folder of pages, of which those that describe no endpoint are skipped
    #[arg(value_name = "PAGE|DIR")]
    pub(crate) page: PathBuf,

    /// Where the draft goes, or the folder of the drafts [default: the standard output for a page, nowhere for a folder]
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) out: Option<PathBuf>,

    /// The language of the drafts
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ImportFormat,

    /// Whether the drafts have the descriptions of the page, in its words
    #[arg(long, value_enum, default_value_t)]
    pub(crate) descriptions: ImportDescriptions,
}

/// The language of a draft.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum ImportFormat {
    #[default]
    Yaml,
    Json,
}

impl ImportFormat {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }
}

impl From<ImportFormat> for Format {
    fn from(format: ImportFormat) -> Self {
        match format {
            ImportFormat::Yaml => Self::Yaml,
            ImportFormat::Json => Self::Json,
        }
    }
}

/// Whether a draft has the descriptions of its page.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum ImportDescriptions {
    #[default]
    None,
    Keep,
}

impl From<ImportDescriptions> for Descriptions {
    fn from(descriptions: ImportDescriptions) -> Self {
        match descriptions {
            ImportDescriptions::None => Self::None,
            ImportDescriptions::Keep => Self::Keep,
        }
    }
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  clientsmith import page.md > openapi.yaml
      the draft of one page
  clientsmith import pages --out drafts --format json
      a draft of each page of a folder that describes an endpoint";
