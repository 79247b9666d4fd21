//! Records, unions, enums and decimals lose nothing, whatever features of `serde_json` are on.

use clientsmith_runtime::record::{self, Record};
use clientsmith_runtime::union::{self, Kinds, Union};
use clientsmith_runtime::{Decimal, Json, Optional, Other, enumeration};
use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

/// A record with a property of each kind that reads numbers.
#[derive(Debug, PartialEq)]
struct Job {
    id: i64,
    price: Option<Decimal>,
    ratio: Optional<f64>,
    core: Option<TextOrNumber>,
    status: Option<Status>,
    parts: Option<Vec<Job>>,
    other: Other,
}

#[derive(Default)]
struct JobPartial {
    id: Option<i64>,
    price: Option<Decimal>,
    ratio: Optional<f64>,
    core: Option<TextOrNumber>,
    status: Option<Status>,
    parts: Option<Vec<Job>>,
    other: Other,
}

impl Record for Job {
    type Partial = JobPartial;
    const NAME: &'static str = "Job";
    const FIELDS: &'static [&'static str] = &["id", "price", "ratio", "core", "status", "parts"];

    fn set<'de, A: MapAccess<'de>>(
        partial: &mut JobPartial,
        index: usize,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match index {
            0 => partial.id = Some(map.next_value()?),
            1 => partial.price = map.next_value()?,
            2 => partial.ratio = map.next_value()?,
            3 => partial.core = map.next_value()?,
            4 => partial.status = map.next_value()?,
            _ => partial.parts = map.next_value()?,
        }
        Ok(())
    }

    fn other(partial: &mut JobPartial) -> Option<&mut Other> {
        Some(&mut partial.other)
    }

    fn finish(partial: JobPartial) -> Result<Self, &'static str> {
        let JobPartial { id, price, ratio, core, status, parts, other } = partial;
        Ok(Self { id: id.ok_or("id")?, price, ratio, core, status, parts, other })
    }
}

impl<'de> Deserialize<'de> for Job {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        record::deserialize(deserializer)
    }
}

impl Serialize for Job {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        record::entry(&mut map, "price", &self.price)?;
        record::entry(&mut map, "ratio", &self.ratio)?;
        record::entry(&mut map, "core", &self.core)?;
        record::entry(&mut map, "status", &self.status)?;
        record::entry(&mut map, "parts", &self.parts)?;
        record::other(&mut map, &self.other)?;
        map.end()
    }
}

#[derive(Debug, PartialEq)]
enum TextOrNumber {
    Text(String),
    Integer(i64),
    Number(f64),
    Job(Box<Job>),
    Unrecognized(Json),
}

impl Union for TextOrNumber {
    const MEMBERS: &'static [union::Member] = &[
        union::Member::new(Kinds::STRING),
        union::Member::new(Kinds::INTEGER),
        union::Member::new(Kinds::NUMBER),
        union::Member::new(Kinds::OBJECT),
    ];

    fn member(index: usize, json: &str) -> Result<Self, serde_json::Error> {
        match index {
            0 => serde_json::from_str(json).map(Self::Text),
            1 => serde_json::from_str(json).map(Self::Integer),
            2 => serde_json::from_str(json).map(Self::Number),
            _ => serde_json::from_str(json).map(Self::Job),
        }
    }

    fn unrecognized(json: Json) -> Self {
        Self::Unrecognized(json)
    }
}

impl<'de> Deserialize<'de> for TextOrNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        union::deserialize(deserializer)
    }
}

impl Serialize for TextOrNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(value) => value.serialize(serializer),
            Self::Integer(value) => value.serialize(serializer),
            Self::Number(value) => value.serialize(serializer),
            Self::Job(value) => value.serialize(serializer),
            Self::Unrecognized(value) => value.serialize(serializer),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Status(i64);

impl From<i64> for Status {
    fn from(value: i64) -> Self {
        Self(value)
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        enumeration::deserialize_integer(deserializer)
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

const JOBS: [&str; 7] = [
    r#"{"id":9007199254740993}"#,
    r#"{"id":1,"price":0.10,"ratio":0.25,"core":8,"status":-3}"#,
    r#"{"id":1,"price":123456789012345678901234567890.50,"ratio":null,"core":"8"}"#,
    r#"{"id":1,"price":1e400,"core":2.5,"status":9007199254740993}"#,
    r#"{"id":1,"core":{"id":2,"price":-0,"big":123456789012345678901234567890}}"#,
    r#"{"id":1,"core":[1,2.50],"other":{"a":1e400,"b":[0.10,{"c":-0.0}]}}"#,
    r#"{"id":1,"parts":[{"id":2,"core":7},{"id":3,"price":3.140}],"z":1}"#,
];

#[test]
fn the_feature_is_on() {
    let value: Value = serde_json::from_str("0.10").unwrap();
    assert_eq!(value.to_string(), "0.10", "without the feature, this number is 0.1");
}

#[test]
fn a_text_comes_back_to_the_digit() {
    for text in JOBS {
        let job: Job = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&job).unwrap(), text);
        let (job, rest): (Job, Vec<i64>) = serde_json::from_str(&format!("[{text},[5]]")).unwrap();
        assert_eq!((serde_json::to_string(&job).unwrap().as_str(), rest), (text, vec![5]));
    }
}

#[test]
fn a_value_comes_back_as_well() {
    for text in JOBS {
        let value: Value = serde_json::from_str(text).unwrap();
        let job: Job = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&job).unwrap(), value, "{text}");
        // `serde_json` writes the exponent of a number in its own way.
        assert_eq!(job, serde_json::from_str(&value.to_string()).unwrap(), "{text}");
    }
}

#[test]
fn the_members_of_unions_are_told_apart() {
    let core =
        |text: &str| serde_json::from_str::<Job>(&format!(r#"{{"id":1,"core":{text}}}"#)).unwrap().core;
    assert_eq!(core("8"), Some(TextOrNumber::Integer(8)));
    assert_eq!(core("8.5"), Some(TextOrNumber::Number(8.5)));
    assert_eq!(core("\"8\""), Some(TextOrNumber::Text("8".to_owned())));
    assert!(matches!(core(r#"{"id":2}"#), Some(TextOrNumber::Job(_))));
    assert!(matches!(core("[8]"), Some(TextOrNumber::Unrecognized(_))));
}

#[test]
fn open_values_take_and_give_numbers() {
    let mut other = Other::default();
    other.insert("n", json!(1.5));
    other.insert("d", Json::from_serialize(&"0.10".parse::<Decimal>().unwrap()).unwrap());
    let texts: Vec<&str> = other.iter().map(|(_, value)| value.text()).collect();
    assert_eq!(texts, ["0.10", "1.5"]);
    let open: Json = serde_json::from_str("[1e400]").unwrap();
    assert_eq!(open.to_value().to_string(), "[1e+400]");
    assert_eq!(open, serde_json::from_str::<Json>("[ 10e399 ]").unwrap());
    assert_eq!(serde_json::from_str::<Json>("2").unwrap().parse::<f64>().unwrap(), 2.0);
}
