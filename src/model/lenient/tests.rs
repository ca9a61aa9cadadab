//! Forms that are not the documented ones, for each type that answers have.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Number, json};

use super::*;
use crate::model::{BackupStatus, Timestamp};

fn read<T: for<'a> Deserialize<'a> + Serialize>(value: &Value) -> Value {
    let text = value.to_string();
    let from_text = field::<_, T>("field", &mut serde_json::Deserializer::from_str(&text));
    let from_value = field::<_, T>("field", value);
    let [from_text, from_value] = [from_text, from_value].map(|read| {
        read.map(|read| json!(read))
            .map_err(|error| error.to_string())
    });
    assert_eq!(from_text, from_value, "{value}");
    from_text.unwrap_or_else(|error| panic!("{value}: {error}"))
}

#[derive(Deserialize, Serialize)]
struct Thing {
    #[serde(default, deserialize_with = "name")]
    name: Option<String>,
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    field("name", deserializer)
}

#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct Things(#[serde(deserialize_with = "list")] Vec<Thing>);

#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct Words(#[serde(deserialize_with = "list")] Vec<String>);

#[test]
fn a_text_is_read_from_any_scalar_and_from_a_list_of_them() {
    for (value, expected) in [
        (json!("x"), json!("x")),
        (json!(""), json!("")),
        (json!(5), json!("5")),
        (json!(-2.5), json!("-2.5")),
        (json!(true), json!("true")),
        (json!(["x"]), json!("x")),
        (json!(["1", 2]), json!("1,2")),
        (json!(null), json!(null)),
        (json!([]), json!(null)),
        (json!([["x"]]), json!(null)),
        (json!({ "x": 1 }), json!(null)),
    ] {
        assert_eq!(read::<String>(&value), expected, "{value}");
        assert_eq!(read::<Timestamp>(&value), expected, "{value}");
        assert_eq!(read::<BackupStatus>(&value), expected, "{value}");
    }
}

#[test]
fn a_number_is_read_from_a_text_and_from_a_list_of_one() {
    for (value, whole, any) in [
        (json!(7), json!(7), json!(7)),
        (json!("7"), json!(7), json!(7)),
        (json!(" 7 "), json!(7), json!(7)),
        (json!(2803.0), json!(2803), json!(2803.0)),
        (json!("2803.0"), json!(2803), json!(2803.0)),
        (json!(25.2), json!(null), json!(25.2)),
        (json!("25.2"), json!(null), json!(25.2)),
        (json!([7]), json!(7), json!(7)),
        (json!(["7"]), json!(7), json!(7)),
        (json!(1e300), json!(null), json!(1e300)),
        (json!("seven"), json!(null), json!(null)),
        (json!(""), json!(null), json!(null)),
        (json!(true), json!(null), json!(null)),
        (json!([7, 8]), json!(null), json!(null)),
        (json!({}), json!(null), json!(null)),
    ] {
        assert_eq!(read::<i64>(&value), whole, "{value}");
        assert_eq!(read::<Number>(&value), any, "{value}");
        let fraction = any.as_f64().map_or(Value::Null, Value::from);
        assert_eq!(read::<f64>(&value), fraction, "{value}");
    }
    assert_eq!(read::<u64>(&json!(-1)), json!(null));
    assert_eq!(read::<u64>(&json!("-1")), json!(null));
}

#[test]
fn a_boolean_is_read_from_its_words_and_digits() {
    for (value, expected) in [
        (json!(true), json!(true)),
        (json!("False"), json!(false)),
        (json!("true"), json!(true)),
        (json!(1), json!(true)),
        (json!("0"), json!(false)),
        (json!([true]), json!(true)),
        (json!("yes"), json!(null)),
        (json!(2), json!(null)),
        (json!({}), json!(null)),
    ] {
        assert_eq!(read::<bool>(&value), expected, "{value}");
    }
}

#[test]
fn an_object_is_read_from_a_list_of_one_and_never_by_the_order_of_a_list() {
    for (value, expected) in [
        (json!({ "name": "x", "other": [1] }), json!({ "name": "x" })),
        (json!([{ "name": "x" }]), json!({ "name": "x" })),
        (json!(["x"]), json!(null)),
        (json!([{ "name": "x" }, { "name": "y" }]), json!(null)),
        (json!("x"), json!(null)),
        (json!(5), json!(null)),
    ] {
        assert_eq!(read::<Thing>(&value), expected, "{value}");
    }
}

#[test]
fn a_list_is_read_from_one_value_and_keeps_the_number_of_its_entries() {
    let (x, nothing) = (json!({ "name": "x" }), json!({ "name": null }));
    for (value, expected) in [
        (json!([x, x]), json!([x, x])),
        (
            json!([x, null, "y", [], 5, [x]]),
            json!([x, nothing, nothing, nothing, nothing, x]),
        ),
        (x.clone(), json!([x])),
        (json!(""), json!([nothing])),
        (json!("y"), json!([nothing])),
        (json!(5), json!([nothing])),
    ] {
        assert_eq!(read::<Things>(&value), expected, "{value}");
    }
    for (value, expected) in [
        (json!("x"), json!(["x"])),
        (json!(5), json!(["5"])),
        (json!(["x", 5, null, {}, ["y"]]), json!(["x", "5", "y"])),
        (json!({}), json!(null)),
    ] {
        assert_eq!(read::<Words>(&value), expected, "{value}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 6, |inner| {
        let name = prop_oneof![Just("name".to_owned()), ".*"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[test]
fn depth_is_no_hindrance() {
    for (open, close) in [("[", "]"), (r#"{"x":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let mut deserializer = serde_json::Deserializer::from_str(&deep);
        let read = field::<_, String>("deep", &mut deserializer);
        assert!(matches!(read, Ok(None)), "{read:?}");
        assert!(deserializer.end().is_ok());
    }
}

proptest! {
    /// What follows a field is read, whatever the field is.
    #[test]
    fn no_value_takes_others_away(value in any_json()) {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default, deserialize_with = "odd")]
            odd: Option<Things>,
            after: i64,
        }
        fn odd<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Things>, D::Error> {
            field("odd", deserializer)
        }
        let text = format!(r#"{{"odd": {value}, "after": 7}}"#);
        let answer: Answer = serde_json::from_str(&text).map_err(|error| {
            TestCaseError::fail(format!("{text}: {error}"))
        })?;
        prop_assert_eq!(answer.after, 7);
        prop_assert_eq!(answer.odd.is_some(), read::<Things>(&value) != Value::Null);
    }
}
