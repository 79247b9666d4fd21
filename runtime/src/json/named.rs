//! Any JSON value under a name of its own.

/// Makes a type of [`Json`](crate::Json) of a newtype around it: it is read and written as the value is, and gives way to it.
///
/// Generated code uses it for types of which a description says the name alone. `Clone`, `Debug` and `PartialEq` are derived
/// beside the struct.
///
/// ```
/// /// Whatever the service reports.
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Report(clientsmith_runtime::Json);
/// clientsmith_runtime::any_json!(Report);
///
/// let report = Report::from(serde_json::json!({"jobs": 3}));
/// assert_eq!(report.text(), r#"{"jobs":3}"#); // it is a `Json` for who reads it
/// let json: clientsmith_runtime::Json = report.into_inner();
/// ```
#[macro_export]
macro_rules! any_json {
    ($name:ident) => {
        impl $name {
            /// The value without its name.
            #[must_use]
            pub fn into_inner(self) -> $crate::Json {
                self.0
            }
        }

        impl ::std::convert::From<$crate::Json> for $name {
            fn from(json: $crate::Json) -> Self {
                Self(json)
            }
        }

        impl ::std::convert::From<$crate::serde_json::Value> for $name {
            fn from(value: $crate::serde_json::Value) -> Self {
                Self(value.into())
            }
        }

        impl ::std::convert::From<$name> for $crate::Json {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = $crate::Json;

            fn deref(&self) -> &$crate::Json {
                &self.0
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    };
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is for types that callers see")]
mod tests {
    use serde_json::json;

    use crate::{Json, Other};

    /// What a description calls `Report`.
    #[derive(Clone, Debug, PartialEq)]
    struct Report(Json);
    any_json!(Report);

    #[test]
    fn it_is_read_and_written_as_the_value_that_it_is() {
        for json in [
            "null",
            "true",
            "1.10",
            "123456789012345678901234567890",
            r#"" a""#,
            "[ 1 ]",
            r#"{"b":1, "a":1}"#,
        ] {
            let report: Report = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&report).unwrap(), json);
            assert_eq!(report.text(), json);
        }
        let error = serde_json::from_str::<Report>(&"[".repeat(200)).unwrap_err().to_string();
        assert_eq!(error, serde_json::from_str::<Json>(&"[".repeat(200)).unwrap_err().to_string());
    }

    #[test]
    fn null_in_an_option_is_nothing_as_with_json() {
        assert_eq!(serde_json::from_str::<Option<Report>>("null").unwrap(), None);
        assert_eq!(serde_json::from_str::<Option<Report>>("0").unwrap(), Some(json!(0).into()));
    }

    #[test]
    fn it_is_made_of_json_and_becomes_json() {
        let report = Report::from(json!({"jobs": 3}));
        assert_eq!(report, Report::from(Json::from(json!({"jobs": 3.0}))));
        assert_eq!(format!("{report:?}"), r#"Report({"jobs":3})"#);
        assert_eq!(report.to_value(), json!({"jobs": 3}));
        let mut other = Other::default();
        other.insert("report", report.clone());
        assert_eq!(other.get("report"), Some(&*report));
        assert_eq!(report.into_inner(), Json::from(json!({"jobs": 3})));
    }
}
