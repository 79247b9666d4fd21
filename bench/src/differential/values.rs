//! Values that fit a schema, made from a seed: the same ones in every run.
//!
//! Schemas are read as JSON, by nothing of ours. A value is an example of the description, one of the values of an enum, or
//! made up; texts have characters that have to be escaped somewhere.

use serde_json::{Map, Number, Value};

/// How deep optional properties are still filled in.
const OPTIONAL_DEPTH: usize = 2;

/// How deep a value may be; a schema that needs more has none.
const MAX_DEPTH: usize = 12;

/// How many references may lead from one to the next.
const MAX_CHAIN: usize = 16;

/// Texts that fit everywhere: in a path, a query and a header.
const PLAIN_TEXTS: [&str; 8] =
    ["plain", "two words", "a/b?c#d", "50% off", "x&y=z", "semi;colon,comma", "a+b~c", "it's \"so\": [1]"];

/// Texts that no header can carry.
const WIDE_TEXTS: [&str; 2] = ["größe", "日本 語"];

/// Where a value goes, and with it which texts it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A path, a query or a body.
    Anywhere,
    /// A header, which carries no more than ASCII.
    Header,
}

/// Pseudo-random numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Seed(u64);

impl Seed {
    /// The seed that parts of a name make (FNV-1a).
    pub(super) fn of(parts: &[&str]) -> Self {
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    /// A number below `bound`; 0 when that is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(mixed % bound).unwrap_or(0)
    }

    fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }
}

/// Makes values for the schemas of one document.
pub(super) struct Values<'a> {
    document: &'a Value,
    seed: Seed,
    purpose: Purpose,
}

impl<'a> Values<'a> {
    /// Values from a seed.
    pub(super) fn new(document: &'a Value, seed: Seed, purpose: Purpose) -> Self {
        Self { document, seed, purpose }
    }

    /// A value that fits the schema; `None` when none is found.
    pub(super) fn fit(&mut self, schema: &Value) -> Option<Value> {
        self.value(schema, 0)
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let schema = target(self.document, schema)?;
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            let choices: Vec<&Value> = choices.iter().filter(|choice| !choice.is_null()).collect();
            return self.seed.one_of(&choices).map(|choice| (*choice).clone());
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.all_of(schema, parts, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(keyword).and_then(Value::as_array) {
                // The first that has a value: which one is not the point here.
                return choices.iter().find_map(|choice| self.value(choice, depth + 1));
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => self.text(schema),
            Some("integer") => self.integer(schema),
            Some("number") => self.number(schema),
            Some("boolean") => Some(Value::Bool(self.seed.below(2) == 0)),
            Some("array") => self.array(schema, depth),
            Some("object") => self.object(schema, depth),
            None if schema.contains_key("properties") => self.object(schema, depth),
            None if schema.contains_key("items") => self.array(schema, depth),
            None => Some(Value::from("anything")),
            Some(_) => None,
        }
    }

    /// Objects are joined; of anything else, the first part that is more than a remark counts.
    fn all_of(&mut self, schema: &Map<String, Value>, parts: &[Value], depth: usize) -> Option<Value> {
        let mut joined = Map::new();
        for part in parts {
            match self.value(part, depth + 1)? {
                Value::Object(object) => joined.extend(object),
                other if parts.len() == 1 => return Some(other),
                _ => {}
            }
        }
        if schema.contains_key("properties")
            && let Value::Object(own) = self.object(schema, depth)?
        {
            joined.extend(own);
        }
        Some(Value::Object(joined))
    }

    fn text(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        let choices: &[&str] = match format {
            "date-time" => &["2024-02-29T12:34:56Z", "1999-12-31T23:59:59.500Z"],
            "date" => &["2024-02-29", "1970-01-01"],
            "uuid" => &["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "00000000-0000-4000-8000-000000000001"],
            "byte" => &["aGVsbG8=", "/+8="],
            "email" => &["a.b+c@example.com"],
            "uri" | "url" => &["https://example.com/a%20b?c=d&e=f#g"],
            "ipv4" | "ip" => &["192.0.2.1"],
            "ipv6" => &["2001:db8::1"],
            "hostname" => &["example.com"],
            _ if self.purpose == Purpose::Header => &PLAIN_TEXTS,
            _ => return self.free_text(schema),
        };
        let given = self.given(schema).filter(|_| schema.contains_key("pattern"));
        if schema.contains_key("pattern") {
            return given;
        }
        let fits = |text: &&&str| length_fits(schema, text.chars().count());
        let choices: Vec<&str> = choices.iter().filter(fits).copied().collect();
        match self.seed.one_of(&choices) {
            Some(text) => Some(Value::from(*text)),
            None => self.stretched(schema),
        }
    }

    fn free_text(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        if schema.contains_key("pattern") {
            return self.given(schema);
        }
        let all: Vec<&str> = PLAIN_TEXTS.into_iter().chain(WIDE_TEXTS).collect();
        let fitting: Vec<&str> =
            all.into_iter().filter(|text| length_fits(schema, text.chars().count())).collect();
        match self.seed.one_of(&fitting) {
            Some(text) => Some(Value::from(*text)),
            None => self.stretched(schema),
        }
    }

    /// The example or default of the description. That it fits is the description's claim.
    fn given(&self, schema: &Map<String, Value>) -> Option<Value> {
        ["example", "default"]
            .iter()
            .find_map(|key| schema.get(*key))
            .filter(|value| value.is_string())
            .cloned()
    }

    /// A text of just the length that is asked for.
    fn stretched(&self, schema: &Map<String, Value>) -> Option<Value> {
        let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
        let most = schema.get("maxLength").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let length = usize::try_from(least.max(most.min(4))).ok().filter(|length| *length <= 4096)?;
        Some(Value::from("a b/".chars().cycle().take(length).collect::<String>()))
    }

    fn integer(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let (low, high) = (bound("minimum").unwrap_or(1.0), bound("maximum").unwrap_or(f64::MAX));
        // Within what every reader takes for an exact integer.
        let low = low.clamp(-9e15, 9e15).ceil() as i64;
        let step = bound("multipleOf").filter(|step| *step >= 1.0).map_or(1, |step| step as i64);
        let low = low + i64::from(schema.get("exclusiveMinimum") == Some(&Value::Bool(true)));
        let first = low + (step - low.rem_euclid(step)) % step;
        let wanted = first + step * i64::try_from(self.seed.below(100)).unwrap_or(0);
        let value = if (wanted as f64) < high { wanted } else { first };
        Some(Value::from(value))
    }

    fn number(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let low = bound("minimum").unwrap_or(0.0);
        let high = bound("maximum").unwrap_or(low + 1000.0);
        let share = [0.5, 0.25, 0.125].get(self.seed.below(3)).copied().unwrap_or(0.5);
        if bound("multipleOf").is_some() {
            return self.integer(schema);
        }
        Number::from_f64(low + (high - low) * share).map(Value::Number)
    }

    fn array(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let wanted = u64::try_from(1 + self.seed.below(3)).unwrap_or(1);
        let count = wanted.max(least).min(most).min(64);
        let items = schema.get("items").cloned().unwrap_or_else(|| Value::Object(Map::new()));
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..count {
            match self.value(&items, depth + 1) {
                Some(value) if !values.contains(&value) => values.push(value),
                Some(_) => {}
                // An item may need this array again.
                None if least == 0 => return Some(Value::Array(Vec::new())),
                None => return None,
            }
        }
        Some(Value::Array(values))
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        let declared = schema.get("properties").and_then(Value::as_object);
        let mut declared: Vec<(&String, &Value)> = declared.into_iter().flatten().collect();
        // The order of an object's keys is a matter of serde_json's features.
        declared.sort_by_key(|(name, _)| *name);
        for (name, property) in declared {
            let is_required = required.contains(&name.as_str());
            if !is_required && (depth >= OPTIONAL_DEPTH || self.seed.below(4) == 0) {
                continue;
            }
            let is_read_only = target(self.document, property)
                .is_some_and(|property| property.get("readOnly") == Some(&Value::Bool(true)));
            // OpenAPI 3.0.4 §4.7.24.2: it should not be sent.
            if is_read_only {
                continue;
            }
            match self.value(property, depth + 1) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if is_required => return None,
                None => {}
            }
        }
        if object.is_empty()
            && let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object())
            && let Some(value) = self.value(values, depth + 1)
        {
            object.insert("key one".to_owned(), value);
        }
        Some(Value::Object(object))
    }
}

fn length_fits(schema: &Map<String, Value>, length: usize) -> bool {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
    bound("minLength").is_none_or(|least| length >= least)
        && bound("maxLength").is_none_or(|most| length <= most)
}

/// The object that a chain of references into the document leads to.
pub(super) fn target<'a>(document: &'a Value, mut value: &'a Value) -> Option<&'a Map<String, Value>> {
    for _ in 0..MAX_CHAIN {
        let object = value.as_object()?;
        let Some(reference) = object.get("$ref").and_then(Value::as_str) else { return Some(object) };
        let pointer =
            percent_encoding::percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
        value = document.pointer(&pointer)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(schema: Value) -> Option<Value> {
        let document = json!({"components": {"schemas": {
            "Loop": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
            "List": {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/List"}}}}
        }}});
        Values::new(&document, Seed::of(&["a", "b"]), Purpose::Anywhere).fit(&schema)
    }

    #[test]
    fn the_same_seed_gives_the_same_value() {
        let schema = json!({"type": "array", "items": {"type": "string"}, "minItems": 3});
        assert_eq!(value(schema.clone()), value(schema));
        assert_ne!(Seed::of(&["a", "b"]).below(1 << 20), Seed::of(&["ab"]).below(1 << 20));
    }

    #[test]
    fn limits_are_kept() {
        let text = value(json!({"type": "string", "minLength": 40, "maxLength": 41})).unwrap();
        assert_eq!(text.as_str().unwrap().chars().count(), 40);
        let number = value(json!({"type": "integer", "minimum": 7, "maximum": 9, "multipleOf": 4})).unwrap();
        assert_eq!(number, 8);
        assert_eq!(value(json!({"type": "string", "enum": [null, "a"]})).unwrap(), "a");
    }

    #[test]
    fn a_schema_that_needs_itself_has_no_value() {
        assert_eq!(value(json!({"$ref": "#/components/schemas/Loop"})), None);
        assert!(value(json!({"$ref": "#/components/schemas/List"})).is_some());
    }

    #[test]
    fn parts_are_joined_and_what_is_read_only_is_left_out() {
        let schema = json!({"allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}}},
            {"type": "object", "required": ["b", "c"], "properties": {"b": {"type": "boolean"}, "c": {"type": "string", "readOnly": true}}}
        ]});
        let joined = value(schema).unwrap();
        assert_eq!(joined.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "b"]);
    }
}
