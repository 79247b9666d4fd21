//! Values of parameters: what they hold. How they are written is a matter of the parameter's style.

mod encode;
mod read;

pub(crate) use self::encode::{USUAL_LENGTH, write_query_pair};

/// The value of a parameter, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// A single value.
    Single(String),
    /// A list of values.
    List(Vec<ParameterValue>),
    /// The properties of an object, in the order in which they are written.
    Object(Vec<(String, ParameterValue)>),
}

impl ParameterValue {
    /// The value as one text, with commas between the items of a list, and between the names and values of an object.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Single(text) => text.clone(),
            Self::List(items) => items.iter().map(Self::to_text).collect::<Vec<_>>().join(","),
            Self::Object(properties) => {
                let written = properties.iter().map(|(name, value)| format!("{name},{}", value.to_text()));
                written.collect::<Vec<_>>().join(",")
            }
        }
    }
}

impl From<String> for ParameterValue {
    fn from(text: String) -> Self {
        Self::Single(text)
    }
}

impl From<&str> for ParameterValue {
    fn from(text: &str) -> Self {
        Self::Single(text.to_owned())
    }
}

macro_rules! from_display {
    ($($name:ty),+) => {$(
        impl From<$name> for ParameterValue {
            fn from(value: $name) -> Self {
                Self::Single(value.to_string())
            }
        }
    )+};
}

macro_rules! from_integer {
    ($($name:ty),+) => {$(
        impl From<$name> for ParameterValue {
            fn from(value: $name) -> Self {
                Self::Single(itoa::Buffer::new().format(value).to_owned())
            }
        }
    )+};
}

from_display!(bool, f32, f64);
from_integer!(i32, i64, u32, u64);

impl<T: Into<ParameterValue>> From<Vec<T>> for ParameterValue {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
