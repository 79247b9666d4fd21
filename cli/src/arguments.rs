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
    Verify(Verify),
    Drift(Drift),
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

/// Turns API pages in Markdown or reStructuredText into drafts of OpenAPI descriptions.
///
/// A draft says what the page says: method, path, parameters, types, nested objects, limits and examples. What the page
/// leaves open or contradicts is reported with its line. Files that are there and differ are never overwritten.
#[derive(Debug, Args)]
#[command(after_long_help = IMPORT_EXAMPLES)]
pub(crate) struct Import {
    /// A page, or a folder of pages with the folders in it; those that describe no endpoint are skipped
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

/// Compares a description with the API pages that it was written from.
///
/// Each operation names its page in x-clientsmith-page: a file, as its path from PAGES on. What page and description say of path,
/// parameters, bodies and answers is compared by meaning: names, types, required flags, ranges, lengths, defaults, values and
/// deprecation. What a page has against itself, such as an example that contradicts its table, is found too, and so are pages
/// that no operation names.
///
/// What is as it should be all the same is excused in a file of exceptions. Each says why, and has a hash of what it excuses:
/// when page or description change there, it holds no more. The exit status is 1 when anything is found that is not excused.
#[derive(Debug, Args)]
#[command(after_long_help = VERIFY_EXAMPLES)]
pub(crate) struct Verify {
    /// The OpenAPI description, in YAML or JSON; it may refer to other files in its folder
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,

    /// The folder of the pages, with the folders in it; those that describe no endpoint are skipped
    #[arg(value_name = "PAGES", required_unless_present = "lock")]
    pub(crate) pages: Option<PathBuf>,

    /// The facts of the pages in a file: they stand for the pages; with PAGES, whether they are still those of the pages
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,

    /// Write the facts of the pages that operations name, without their texts, for --lock
    #[arg(long, value_name = "FILE", requires = "pages", conflicts_with_all = ["lock", "page"])]
    pub(crate) write_lock: Option<PathBuf>,

    /// The file of exceptions, or a folder of such files [default: verify.yaml and those in the folder verify, both beside
    /// SPEC]
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) exceptions: Option<PathBuf>,

    /// Add an exception for each finding, whose reason is yet to be written, to the file of --exceptions or verify.yaml
    #[arg(long)]
    pub(crate) write_exceptions: bool,

    /// Only pages with this name, where * stands for any text
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) page: Vec<String>,

    /// How findings are told: as text on the standard error, or as JSON on the standard output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// How what was found is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    #[default]
    Text,
    Json,
}

const VERIFY_EXAMPLES: &str = r#"Examples:
  clientsmith verify openapi.yaml pages
      all operations and all pages
  clientsmith verify openapi.yaml pages --page 'Create*.md'
      some of them
  clientsmith verify openapi.yaml pages --write-lock pages.lock.json
      also the facts of the pages, which may be committed where the pages may not
  clientsmith verify openapi.yaml --lock pages.lock.json
      the same comparison without the pages: for CI

verify.yaml, beside the description:
  exceptions:
    - page: List.md           # or operation: listJobs; in a page, * stands for any text
      kind: other-type
      at: query status        # in it too; leave it out for the operation itself
      reason: The service takes numbers, as the sample shows.
      hash: 4f1c0a9be2d37785  # as the finding or --write-exceptions give it"#;

/// Says what changed in meaning between two sets of API pages.
///
/// What the pages say of path, parameters, bodies and answers is compared, not their text: new words, another order and other
/// links are no change. An endpoint is found again by its method and path when its page has another name.
#[derive(Debug, Args)]
#[command(after_long_help = DRIFT_EXAMPLES)]
pub(crate) struct Drift {
    /// The folder of the pages as they were
    #[arg(value_name = "OLD_PAGES")]
    pub(crate) old: PathBuf,

    /// The folder of the pages as they are
    #[arg(value_name = "NEW_PAGES")]
    pub(crate) new: PathBuf,

    /// How the changes are told, on the standard output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,

    /// Exit with 1 when anything changed
    #[arg(long)]
    pub(crate) exit_code: bool,
}

const DRIFT_EXAMPLES: &str = "\
Examples:
  clientsmith drift pages-2024 pages-2025
  clientsmith drift pages-2024 pages-2025 --format json --exit-code

A line begins with + for what is new, - for what is gone and ~ for what is different.";
