//! `bench fidelity`: what is valid as the description says comes back from the generated types as it went in.

mod compare;
mod examples;
mod harness;
mod row;
mod summary;
mod validity;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::ir::Type;
use clientsmith_generator::lower::{self, SchemaTypes};
use clientsmith_generator::model::{self, Document, SchemaId};
use clientsmith_generator::{Understood, name, source};
use serde_json::Value;

use self::examples::{Found, Way};
use self::harness::{Harness, Ran};
use self::row::{Exception, Row};
use self::validity::{Reading, Validity};
use crate::list::Selection;
use crate::package::{Location, target_folder};
use crate::{Failure, Verdict, report};

/// Decodes each example that is valid against its own schema into the generated type, encodes it, and compares.
///
/// The exit status is 1 when less than 99.5 % of the valid examples come back equal.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    location: Location,

    /// Work on every Nth document only
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,

    /// The folder for the programs [default: bench/fidelity in the target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write the rows to this file, after each document
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Also count the valid examples with a part that is none of the members of its union, and is kept as it came; takes
    /// the compiler longer
    #[arg(long)]
    unrecognized: bool,

    /// Keep the rows of the file of --json, and work on the other documents
    #[arg(long, requires = "json")]
    resume: bool,
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let documents = options.selection.documents()?;
    let folder = options.location.documents()?;
    let out = options.out.clone().unwrap_or_else(|| target_folder().join("fidelity"));
    let harness = Harness::prepare(&out, crate::corpus::root().as_path())?;
    let mut known: Vec<Row> = match options.json.as_ref().filter(|file| options.resume && file.exists()) {
        Some(file) => report::read_json(file)?,
        None => Vec::new(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for document in documents.iter().step_by(options.every.max(1)) {
        let row = match known.iter().position(|row| row.document == *document) {
            Some(index) => known.swap_remove(index),
            None => {
                let row = one(document, &folder.join(document), &harness, options.unrecognized)?;
                eprintln!("{}", progress(&row));
                row
            }
        };
        rows.push(row);
        if let Some(file) = &options.json {
            report::write_json(file, &rows)?;
        }
    }
    let tables = [summary::documents(&rows), summary::reasons(&rows), summary::left_out(&rows)];
    if options.unrecognized {
        println!("{}\n", summary::unrecognized(&rows));
    }
    println!("{}\n\n{}", tables.join("\n\n"), summary::totals(&rows));
    Ok(if summary::holds(&rows) { Verdict::Holds } else { Verdict::FallsShort })
}

/// A client with the document that it is made of.
struct Client {
    document: Document,
    types: SchemaTypes,
    understood: Understood,
}

/// A valid example, and the type that has to hold it.
struct Case<'a> {
    found: &'a Found,
    schema: SchemaId,
    is_sent: bool,
    ty: Type,
    value: Value,
}

/// Works on one document.
fn one(document: &str, spec: &Path, harness: &Harness, look: bool) -> Result<Row, Failure> {
    let mut row = Row { document: document.to_owned(), ..Row::default() };
    let client = match client(spec) {
        Ok(client) => client,
        Err(reason) => {
            row.refused = Some(reason);
            return Ok(row);
        }
    };
    let found = examples::find(&client.document);
    row.found = found.len();
    if found.is_empty() {
        return Ok(row);
    }
    let json: Value = report::read_json(spec)?;
    let mut judge = Judge { client: &client, json, validities: BTreeMap::new() };
    let mut cases = Vec::new();
    for found in &found {
        match judge.judge(found) {
            Judged::Case(case) => cases.push(case),
            Judged::Invalid => row.invalid += 1,
            Judged::LeftOut(reason) => {
                row.left_out.entry(reason).or_default().push(found.label.clone());
            }
        }
    }
    row.valid = cases.len();
    if cases.is_empty() {
        return Ok(row);
    }
    let inputs: Vec<(Type, &str)> =
        cases.iter().map(|case| (case.ty.clone(), case.found.json.as_str())).collect();
    match harness.run(&client.understood, &inputs, look)? {
        Ran::Ended(results, cost) => {
            row.cpu_seconds = cost.cpu_seconds;
            for (case, result) in cases.iter().zip(results) {
                if result.is_unrecognized {
                    row.unrecognized.push(case.found.label.clone());
                }
                row.exceptions.extend(judge.exception(case, result.written));
            }
        }
        Ran::Failed(error) => {
            let failed = |case| judge.exception(case, Err(format!("the program: {error}")));
            row.exceptions.extend(cases.iter().filter_map(failed));
        }
    }
    Ok(row)
}

/// Runs the stages of the generator up to names, and keeps the document.
fn client(spec: &Path) -> Result<Client, String> {
    let mut diagnostics = Diagnostics::new();
    let understood = (|| {
        let tree = source::load(spec, source::Limits::default(), &mut diagnostics)?;
        let document = model::parse(&tree, &mut diagnostics).filter(|_| !diagnostics.has_errors())?;
        let (api, types) = lower::lower_with_types(&document, &mut diagnostics);
        let names = name::name(&api, &mut diagnostics);
        Some(Client { document, types, understood: Understood { tree, api, names } })
    })();
    let error = diagnostics
        .sorted()
        .into_iter()
        .find(|finding| finding.code.severity() == clientsmith_generator::diagnostics::Severity::Error);
    match (understood, error) {
        (_, Some(error)) => Err(format!("{} {}", error.code.as_str(), error.message)),
        (Some(client), None) => Ok(client),
        (None, None) => Err("the document cannot be read".to_owned()),
    }
}

/// What is decided about an example before it is decoded.
enum Judged<'a> {
    Case(Case<'a>),
    Invalid,
    LeftOut(String),
}

struct Judge<'a> {
    client: &'a Client,
    json: Value,
    /// Made when they are asked for.
    validities: BTreeMap<(Reading, bool), Validity<'a>>,
}

impl<'a> Judge<'a> {
    fn judge(&mut self, found: &'a Found) -> Judged<'a> {
        let value: Value = match serde_json::from_str(&found.json) {
            Ok(value) => value,
            Err(error) => return Judged::LeftOut(format!("`serde_json` cannot hold it: {error}")),
        };
        let ways: &[bool] = match found.way {
            Way::Sent => &[true],
            Way::Answered => &[false],
            Way::Any => &[false, true],
        };
        let mut left_out = None;
        let mut is_valid = false;
        // What is a part of an `allOf` is no type of its own: its example may be one of the whole.
        let mut schema = Some(found.schema);
        while let Some(id) = schema {
            for is_sent in ways {
                match self.is_valid(id, &value, *is_sent, Reading::Literal) {
                    Err(error) => {
                        left_out = Some(format!("the validator cannot be built: {}", compare::reason(&error)))
                    }
                    Ok(false) => {}
                    Ok(true) => {
                        is_valid = true;
                        if let Some(ty) = self.client.types.of(id, *is_sent) {
                            return Judged::Case(Case { found, schema: id, is_sent: *is_sent, ty, value });
                        }
                    }
                }
            }
            // Only where the example is valid against its own schema is it asked for.
            schema = if is_valid { self.whole(id) } else { None };
        }
        match left_out {
            Some(reason) => Judged::LeftOut(reason),
            None if is_valid && found.is_plain => {
                Judged::LeftOut("its body is carried as text or bytes, and not decoded".to_owned())
            }
            None if is_valid => Judged::LeftOut("its schema is no type of its own".to_owned()),
            None => Judged::Invalid,
        }
    }

    fn is_valid(
        &mut self,
        schema: SchemaId,
        value: &Value,
        is_sent: bool,
        reading: Reading,
    ) -> Result<bool, String> {
        let (client, json) = (self.client, &self.json);
        let validity = self.validities.entry((reading, is_sent)).or_insert_with(|| {
            Validity::new(json, &client.document.schemas, client.understood.tree.root(), is_sent, reading)
        });
        validity.is_valid(schema, value)
    }

    /// The schema that has this one in its `allOf`, where it is written in place.
    fn whole(&self, part: SchemaId) -> Option<SchemaId> {
        let origin = &self.client.document.schemas.get(part)?.origin;
        let whole = origin.pointer.rsplit_once('/')?.0.strip_suffix("/allOf")?;
        let mut schemas = self.client.document.schemas.iter();
        schemas
            .find(|(_, schema)| schema.origin.pointer == whole && schema.origin.file == origin.file)
            .map(|(id, _)| id)
    }

    /// What is wrong with what came back; `None` when it is equal.
    fn exception(&mut self, case: &Case<'_>, result: Result<String, String>) -> Option<Exception> {
        let (reason, detail, written) = match result {
            Err(error) => (compare::reason(&error), error, String::new()),
            Ok(text) => match serde_json::from_str::<Value>(&text) {
                Err(error) => ("what was written is no JSON".to_owned(), error.to_string(), text),
                Ok(written) => {
                    let difference = compare::difference(&case.value, &written)?;
                    (difference.reason, difference.at, text)
                }
            },
        };
        let mut is_meant =
            |reading| self.is_valid(case.schema, &case.value, case.is_sent, reading).unwrap_or(true);
        let reason = if !is_meant(Reading::TypesMeant) {
            "a schema that is about objects or arrays states no `type`, and allows any other".to_owned()
        } else if !is_meant(Reading::FormatsMeant) {
            "an integer is beyond what its `format` holds".to_owned()
        } else {
            reason
        };
        let short = |text: &str| text.chars().take(400).collect::<String>();
        let start = case.found.place.start;
        let schema = self.client.document.schemas.get(case.schema);
        Some(Exception {
            example: case.found.label.clone(),
            place: format!("{}:{}", start.line, start.column),
            schema: schema.map(|schema| schema.origin.pointer.clone()).unwrap_or_default(),
            reason,
            detail: short(&detail),
            texts: [short(&case.found.json), short(&written)],
        })
    }
}

fn progress(row: &Row) -> String {
    match &row.refused {
        Some(reason) => format!("{}: no client: {reason}", row.document),
        None => format!(
            "{}: {} of {} examples are valid, {} come back equal, {:.1} s",
            row.document,
            row.valid,
            row.found,
            row.equal(),
            row.cpu_seconds
        ),
    }
}
