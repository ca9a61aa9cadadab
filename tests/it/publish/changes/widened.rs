//! What takes more than before breaks nobody who sends it.

use serde_json::json;

use super::{Edit::*, assert_rows, backup, request};

const AT: &str = "/components/schemas/CreateBackupRequest/properties/count";

#[test]
fn requests_that_take_more_break_nobody() {
    let count = |schema| vec![Set(AT, schema)];
    let whole = || json!({ "type": "integer", "format": "int32", "multipleOf": 4 });
    assert_rows(
        "requests-widened",
        vec![
            (
                "number in place of a whole number",
                count(whole()),
                vec![Set(request!("/properties/count/type"), json!("number"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/type: `type` went from `\"integer\"` to `\"number\"`.",
                ],
            ),
            (
                "any type",
                count(whole()),
                vec![Remove(request!("/properties/count/type"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/type: `type` was removed; it was `\"integer\"`.",
                ],
            ),
            (
                "longer format",
                count(whole()),
                vec![Set(request!("/properties/count/format"), json!("int64"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/format: `format` went from `\"int32\"` to `\"int64\"`.",
                ],
            ),
            (
                "smaller step",
                count(whole()),
                vec![Set(request!("/properties/count/multipleOf"), json!(2))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/multipleOf: `multipleOf` went from `4` to `2`.",
                ],
            ),
            (
                "other forms besides",
                count(json!({ "type": "integer" })),
                count(json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] })),
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/oneOf: It may have other forms now.",
                ],
            ),
            (
                "other forms besides a wider one",
                count(json!({ "type": "integer", "maximum": 3 })),
                count(json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] })),
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/anyOf: It may have other forms now.",
                ],
            ),
            (
                "field that may be sent",
                count(json!({ "type": "integer", "readOnly": true })),
                vec![Remove(request!("/properties/count/readOnly"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/readOnly: `readOnly` was removed; it was `true`.",
                ],
            ),
            (
                "mandatory field of answers alone",
                vec![],
                vec![
                    Set(AT, json!({ "type": "integer", "readOnly": true })),
                    Push(request!("/required"), json!("count")),
                ],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/count: The optional field `count` was added.",
                ],
            ),
            (
                "field of answers alone becomes mandatory",
                count(json!({ "type": "integer", "readOnly": true })),
                vec![Push(request!("/required"), json!("count"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/required/2: The field `count` became mandatory.",
                ],
            ),
        ],
    );
}

#[test]
fn requests_that_take_less_break() {
    let count = |schema| vec![Set(AT, schema)];
    assert_rows(
        "requests-narrowed",
        vec![
            (
                "whole number in place of a number",
                count(json!({ "type": "number" })),
                vec![Set(request!("/properties/count/type"), json!("integer"))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/count/type: `type` went from `\"number\"` to `\"integer\"`.",
                ],
            ),
            (
                "a type",
                count(json!({ "description": "Any." })),
                vec![Set(request!("/properties/count/type"), json!("integer"))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/count/type: `type` was added: `\"integer\"`.",
                ],
            ),
            (
                "step that is no part of the old one",
                count(json!({ "type": "integer", "multipleOf": 4 })),
                vec![Set(request!("/properties/count/multipleOf"), json!(3))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/count/multipleOf: `multipleOf` went from `4` to `3`.",
                ],
            ),
            (
                "one form alone",
                count(json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] })),
                count(json!({ "type": "integer" })),
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/count: It has one of its forms alone now.",
                ],
            ),
            (
                "field that must not be sent",
                count(json!({ "type": "integer" })),
                vec![Set(request!("/properties/count/readOnly"), json!(true))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/count/readOnly: `readOnly` was added: `true`.",
                ],
            ),
        ],
    );
}

#[test]
fn answers_that_may_be_more_break_who_reads_them() {
    const SIZE: &str = "/components/schemas/Backup/properties/count";
    let count = |schema| vec![Set(SIZE, schema)];
    assert_rows(
        "responses-widened",
        vec![
            (
                "other forms besides",
                count(json!({ "type": "integer" })),
                count(json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] })),
                &[
                    "breaking response /components/schemas/Backup/properties/count/oneOf: It may have other forms now.",
                ],
            ),
            (
                "number in place of a whole number",
                count(json!({ "type": "integer" })),
                vec![Set(backup!("/properties/count/type"), json!("number"))],
                &[
                    "breaking response /components/schemas/Backup/properties/count/type: `type` went from `\"integer\"` to `\"number\"`.",
                ],
            ),
            (
                "field of requests alone",
                count(json!({ "type": "integer" })),
                vec![Set(backup!("/properties/count/writeOnly"), json!(true))],
                &[
                    "breaking response /components/schemas/Backup/properties/count/writeOnly: `writeOnly` was added: `true`.",
                ],
            ),
        ],
    );
}

#[test]
fn a_field_that_was_there_is_no_other_by_a_new_name() {
    // Three of the same schema.
    let text = || json!({ "type": "string" });
    assert_rows(
        "fields-removed",
        vec![
            (
                "request",
                vec![
                    Set(request!("/properties/a"), text()),
                    Set(request!("/properties/b"), text()),
                    Set(request!("/properties/c"), text()),
                ],
                vec![Remove(request!("/properties/a"))],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/a: The optional field `a` was removed.",
                ],
            ),
            (
                "response",
                vec![
                    Set(backup!("/properties/a"), text()),
                    Set(backup!("/properties/b"), text()),
                ],
                vec![Remove(backup!("/properties/a"))],
                &[
                    "breaking response /components/schemas/Backup/properties/a: The optional field `a` was removed.",
                ],
            ),
        ],
    );
}
