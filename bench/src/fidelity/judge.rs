//! What is decided about an example: whether it counts, which type has to hold it, and what went wrong.

use std::collections::{BTreeMap, BTreeSet};

use clientsmith_generator::ir::{Type, TypeKind};
use clientsmith_generator::model::{ParameterLocation, ParameterShape, SchemaId};
use clientsmith_generator::source::{FileId, Place};
use serde_json::Value;

use super::examples::{Found, Way};
use super::row::Exception;
use super::validity::{Reading, Validity};
use super::{Client, compare};

/// The headers that no parameter describes, whatever a document says.
const IGNORED: [&str; 3] = ["Accept", "Authorization", "Content-Type"];

/// A valid example, and the type that has to hold it.
pub(super) struct Case<'a> {
    pub(super) found: &'a Found,
    schema: SchemaId,
    is_sent: bool,
    pub(super) ty: Type,
    value: Value,
}

/// What is decided about an example before it is decoded.
pub(super) enum Judged<'a> {
    /// It is valid.
    Case(Case<'a>),
    /// It is not valid against its schema.
    Invalid,
    /// Nobody decodes it, or nobody can say whether it is valid.
    LeftOut(String),
}

/// Decides which examples are valid, and what has to hold them.
pub(super) struct Judge<'a> {
    client: &'a Client,
    json: Value,
    /// The schemas by where they are.
    pointers: BTreeMap<(FileId, &'a str), SchemaId>,
    /// The schemas of properties by where the properties are.
    properties: BTreeMap<Place, SchemaId>,
    /// The schemas of headers that are ignored, as parameters (OpenAPI 3.0.4 §4.7.12.1) and in answers (§4.7.17.1).
    ignored: BTreeSet<SchemaId>,
    /// Made when they are asked for.
    validities: BTreeMap<(Reading, bool), Validity<'a>>,
}

impl<'a> Judge<'a> {
    /// The judge of a document's examples.
    pub(super) fn new(client: &'a Client, json: Value) -> Self {
        let schemas = || client.document.schemas.iter();
        let pointers =
            schemas().map(|(id, schema)| ((schema.origin.file, schema.origin.pointer.as_str()), id));
        let properties = schemas().flat_map(|(_, schema)| &schema.properties);
        let properties = properties.map(|property| (property.place, property.schema.id));
        let parameters = client.document.operations.iter().flat_map(|operation| &operation.parameters);
        let responses = client.document.operations.iter().flat_map(|operation| &operation.responses);
        let headers = responses.flat_map(|(_, response)| &response.headers);
        let headers = headers
            .filter(|header| header.name.eq_ignore_ascii_case("Content-Type"))
            .map(|header| &header.value.shape);
        let parameters = parameters.filter(|parameter| {
            let is_named = |name: &&str| parameter.name.value.eq_ignore_ascii_case(name);
            parameter.location == ParameterLocation::Header && IGNORED.iter().any(is_named)
        });
        let shapes = parameters.map(|parameter| &parameter.shape).chain(headers);
        let ignored = shapes.filter_map(|shape| match shape {
            ParameterShape::Schema { schema, .. } => schema.as_ref().map(|schema| schema.id),
            ParameterShape::Content(_) => None,
        });
        Self {
            client,
            ignored: ignored.collect(),
            json,
            pointers: pointers.collect(),
            properties: properties.collect(),
            validities: BTreeMap::new(),
        }
    }

    /// Decides about one.
    pub(super) fn judge(&mut self, found: &'a Found) -> Judged<'a> {
        let value: Value = match serde_json::from_str(&found.json) {
            Ok(value) => value,
            Err(error) => return Judged::LeftOut(format!("`serde_json` cannot hold it: {error}")),
        };
        let ways: &[bool] = match found.way {
            Way::Sent => &[true],
            Way::Answered => &[false],
            Way::Any => &[false, true],
        };
        let (mut left_out, mut is_part) = (None, false);
        let mut is_valid = false;
        // A part of an `allOf` is no type of its own: its example may be one of what holds its values.
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
            schema = if is_valid { self.holder(id) } else { None };
            is_part |= schema.is_some();
        }
        match left_out {
            Some(reason) => Judged::LeftOut(reason),
            None if is_valid && found.is_plain => {
                Judged::LeftOut("its body is carried as text or bytes, and not decoded".to_owned())
            }
            None if is_valid && self.ignored.contains(&found.schema) => {
                Judged::LeftOut("it is of a header whose description OpenAPI ignores".to_owned())
            }
            None if is_valid && self.goes_one_way(found.schema) => Judged::LeftOut(
                "it is in a request and only read, or in an answer and only written".to_owned(),
            ),
            None if is_valid && is_part => {
                Judged::LeftOut("it is valid as a part of an `allOf`, and not as the whole".to_owned())
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

    /// Whether a schema, or one that it is written inside of, is of what is only read or only written.
    fn goes_one_way(&self, schema: SchemaId) -> bool {
        let Some(origin) = self.client.document.schemas.get(schema).map(|schema| &schema.origin) else {
            return false;
        };
        let mut pointer = origin.pointer.as_str();
        loop {
            let id = self.pointers.get(&(origin.file, pointer));
            let schema = id.and_then(|id| self.client.document.schemas.get(*id));
            if schema.is_some_and(|schema| schema.read_only != schema.write_only) {
                return true;
            }
            let Some((outer, _)) = pointer.rsplit_once('/') else { return false };
            pointer = outer;
        }
    }

    /// The schema whose type holds the values of one that is no type of its own: that of the whole `allOf` which has it as
    /// a part, and for what is inside of such a part that of the same property of the whole.
    fn holder(&self, part: SchemaId) -> Option<SchemaId> {
        let origin = &self.client.document.schemas.get(part)?.origin;
        let at = |pointer: &str| self.pointers.get(&(origin.file, pointer)).copied();
        let (parent, last) = origin.pointer.rsplit_once('/')?;
        if let Some(whole) = parent.strip_suffix("/allOf") {
            return at(whole);
        }
        if last == "items" {
            let list = self.client.document.schemas.get(self.holder(at(parent)?)?)?;
            return list.items.as_ref().map(|items| items.id);
        }
        let mut owner = at(parent.strip_suffix("/properties")?)?;
        let ty = loop {
            match self.client.types.of(owner, false).or_else(|| self.client.types.of(owner, true)) {
                Some(ty) => break ty,
                None => owner = self.holder(owner)?,
            }
        };
        let TypeKind::Record(record) = &self.client.understood.api.ty(ty.named()?)?.kind else { return None };
        let name = last.replace("~1", "/").replace("~0", "~");
        let field = record.fields.iter().find(|field| field.name == name)?;
        self.properties.get(&field.place).copied().filter(|holder| *holder != part)
    }

    /// What is wrong with what came back; `None` when it is equal.
    pub(super) fn exception(&mut self, case: &Case<'_>, result: Result<String, String>) -> Option<Exception> {
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
