//! Fields that only requests or only answers have: `writeOnly` and `readOnly`.

use serde_json::{Value, json};

use super::{Edit::*, assert_rows, backup, request};

const SENT: &str = request!("/properties/count");
const READ: &str = backup!("/properties/count");
const SHARED: &str = "/components/schemas/Count";

/// A field that is there, or that messages of the other direction alone have.
fn count(keyword: &str) -> Value {
    match keyword {
        "" => json!({ "type": "integer" }),
        _ => json!({ "type": "integer", keyword: true }),
    }
}

/// The field by a reference, which may be one of several parts.
fn shared(parts: bool) -> Value {
    let reference = json!({ "$ref": "#/components/schemas/Count" });
    if parts {
        json!({ "allOf": [reference] })
    } else {
        reference
    }
}

#[test]
fn a_mandatory_field_that_requests_newly_have_breaks_them() {
    let demanded = || Push(request!("/required"), json!("count"));
    const BECAME: &str = "breaking request /components/schemas/CreateBackupRequest/required/2: The field `count` became mandatory.";
    let by_reference = |parts| {
        (
            "by a reference",
            vec![
                Set(SHARED, count("readOnly")),
                Set(SENT, shared(parts)),
                demanded(),
            ],
            vec![Remove("/components/schemas/Count/readOnly")],
            &[
                BECAME,
                "compatible request /components/schemas/Count/readOnly: `readOnly` was removed; it was `true`.",
            ][..],
        )
    };
    const REMOVED: &str = "compatible request /components/schemas/CreateBackupRequest/properties/count/readOnly: `readOnly` was removed; it was `true`.";
    assert_rows(
        "one-way-demanded",
        vec![
            (
                "mandatory before",
                vec![Set(SENT, count("readOnly")), demanded()],
                vec![Set(SENT, count(""))],
                &[BECAME, REMOVED],
            ),
            (
                "mandatory now",
                vec![Set(SENT, count("readOnly"))],
                vec![Set(SENT, count("")), demanded()],
                &[BECAME, REMOVED],
            ),
            (
                "of requests alone",
                vec![Set(SENT, count("readOnly")), demanded()],
                vec![Set(SENT, count("writeOnly"))],
                &[
                    BECAME,
                    REMOVED,
                    "compatible request /components/schemas/CreateBackupRequest/properties/count/writeOnly: `writeOnly` was added: `true`.",
                ],
            ),
            by_reference(false),
            by_reference(true),
            (
                "of another type",
                vec![Set(SENT, count("readOnly"))],
                vec![Set(SENT, json!({ "type": "string" }))],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/count/type: `type` went from `\"integer\"` to `\"string\"`.",
                    REMOVED,
                ],
            ),
        ],
    );
}

#[test]
fn what_no_request_has_breaks_none() {
    let object = || {
        json!({
            "type": "object",
            "readOnly": true,
            "properties": { "x": { "type": "string" }, "y": { "type": "string" } },
        })
    };
    assert_rows(
        "one-way-requests",
        vec![
            (
                "mandatory below",
                vec![Set(SENT, object())],
                vec![Set(request!("/properties/count/required"), json!(["x"]))],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/count/required/0: The field `x` became mandatory.",
                ],
            ),
            (
                "removed below",
                vec![
                    Set(SENT, object()),
                    Set(
                        request!("/properties/count/additionalProperties"),
                        json!(false),
                    ),
                ],
                vec![Remove(request!("/properties/count/properties/x"))],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/count/properties/x: The optional field `x` was removed.",
                ],
            ),
            (
                "of another type",
                vec![Set(SENT, count("readOnly"))],
                vec![Set(request!("/properties/count/type"), json!("string"))],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/count/type: `type` went from `\"integer\"` to `\"string\"`.",
                ],
            ),
            (
                "called otherwise",
                vec![Set(SENT, count("readOnly"))],
                vec![Rename(SENT, "number")],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/number: The field `count` is called `number` now.",
                ],
            ),
            (
                "gone, where unknown ones are refused",
                vec![
                    Set(SENT, count("readOnly")),
                    Set(request!("/additionalProperties"), json!(false)),
                ],
                vec![Remove(SENT)],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/count: The optional field `count` was removed.",
                ],
            ),
            (
                "the same schema, which a field beside it has, too",
                vec![
                    Set(SHARED, count("")),
                    Set(SENT, json!({ "readOnly": true, "allOf": [shared(false)] })),
                    Set(
                        request!("/properties/sum"),
                        json!({ "allOf": [shared(false)] }),
                    ),
                ],
                vec![Set("/components/schemas/Count/type", json!("string"))],
                &[
                    "breaking request /components/schemas/Count/type: `type` went from `\"integer\"` to `\"string\"`.",
                    "generated-code request /components/schemas/Count/type: `type` went from `\"integer\"` to `\"string\"`.",
                ],
            ),
        ],
    );
}

#[test]
fn what_no_answer_has_breaks_none() {
    let demanded = || Set(backup!("/required"), json!(["count"]));
    assert_rows(
        "one-way-answers",
        vec![
            (
                "gone",
                vec![Set(READ, count("writeOnly"))],
                vec![Remove(READ)],
                &[
                    "generated-code response /components/schemas/Backup/properties/count: The optional field `count` was removed.",
                ],
            ),
            (
                "gone, by a reference",
                vec![
                    Set(SHARED, count("writeOnly")),
                    Set(READ, shared(true)),
                    demanded(),
                ],
                vec![Remove(READ), Remove(backup!("/required"))],
                &[
                    "generated-code response /components/schemas/Backup/properties/count: The optional field `count` was removed.",
                ],
            ),
            (
                "optional",
                vec![Set(READ, count("writeOnly")), demanded()],
                vec![Remove(backup!("/required"))],
                &[
                    "compatible response /components/schemas/Backup/required/0: The field `count` became optional.",
                ],
            ),
            (
                "null",
                vec![Set(READ, count("writeOnly"))],
                vec![Set(backup!("/properties/count/nullable"), json!(true))],
                &[
                    "generated-code response /components/schemas/Backup/properties/count/nullable: It may be null now.",
                ],
            ),
            (
                "added, where unknown ones are refused",
                vec![Set(backup!("/additionalProperties"), json!(false))],
                vec![Set(READ, count("writeOnly"))],
                &[
                    "compatible response /components/schemas/Backup/properties/count: The optional field `count` was added.",
                ],
            ),
            (
                "newly there",
                vec![Set(READ, count("writeOnly")), demanded()],
                vec![Set(READ, count(""))],
                &[
                    "compatible response /components/schemas/Backup/properties/count/writeOnly: `writeOnly` was removed; it was `true`.",
                    "compatible response /components/schemas/Backup/required/0: The field `count` became mandatory.",
                ],
            ),
        ],
    );
}

#[test]
fn a_mandatory_field_that_answers_lose_breaks_who_reads_it() {
    let demanded = || Set(backup!("/required"), json!(["count"]));
    assert_rows(
        "one-way-lost",
        vec![(
            "of requests alone",
            vec![Set(READ, count("")), demanded()],
            vec![Set(READ, count("writeOnly"))],
            &[
                "breaking response /components/schemas/Backup/properties/count/writeOnly: `writeOnly` was added: `true`.",
            ],
        )],
    );
}
