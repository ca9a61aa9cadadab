//! What a response may newly be, or may no longer be.

use serde_json::json;

use super::{Edit::*, assert_rows, backup, create};

#[test]
fn responses_break_when_readers_find_less() {
    assert_rows(
        "responses-less",
        vec![
            (
                "field removed",
                vec![],
                vec![Remove(backup!("/properties/begin_time"))],
                &[
                    "breaking response /components/schemas/Backup/properties/begin_time: The optional field `begin_time` was removed.",
                ],
            ),
            (
                "field renamed",
                vec![],
                vec![Rename(backup!("/properties/begin_time"), "started")],
                &[
                    "breaking response /components/schemas/Backup/properties/started: The field `begin_time` is called `started` now.",
                ],
            ),
            (
                "mandatory field becomes optional",
                vec![Set(backup!("/required"), json!(["id"]))],
                vec![Remove(backup!("/required"))],
                &[
                    "breaking response /components/schemas/Backup/required/0: The field `id` became optional.",
                ],
            ),
            (
                "header removed",
                vec![],
                vec![Remove("/components/responses/Error/headers/X-Request-Id")],
                &[
                    "breaking response /components/responses/Error/headers/X-Request-Id: The header X-Request-Id was removed.",
                ],
            ),
            (
                "body removed",
                vec![],
                vec![Remove(create!("/responses/200/content"))],
                &[
                    "breaking response /paths/~1v3~1{project_id}~1backups/post/responses/200/content/application~1json: The media type application/json was removed.",
                ],
            ),
        ],
    );
}

#[test]
fn responses_break_when_readers_find_something_else() {
    assert_rows(
        "responses-other",
        vec![
            (
                "field becomes nullable",
                vec![],
                vec![Set(
                    "/components/schemas/BackupStatus/nullable",
                    json!(true),
                )],
                &[
                    "breaking response /components/schemas/BackupStatus/nullable: It may be null now.",
                ],
            ),
            (
                "enum widened",
                vec![],
                vec![Push("/components/schemas/BackupStatus/enum", json!("GONE"))],
                &[
                    "breaking response /components/schemas/BackupStatus/enum: `enum` gained `\"GONE\"`.",
                ],
            ),
            (
                "enum removed",
                vec![],
                vec![Remove("/components/schemas/BackupStatus/enum")],
                &["breaking response /components/schemas/BackupStatus/enum: `enum` was removed."],
            ),
            (
                "type changed",
                vec![],
                vec![Set("/components/schemas/Timestamp/type", json!("integer"))],
                &[
                    "breaking response /components/schemas/Timestamp/type: `type` went from `\"string\"` to `\"integer\"`.",
                ],
            ),
            (
                "alternative added",
                vec![Set(
                    backup!("/properties/tag"),
                    json!({ "oneOf": [{ "type": "string" }] }),
                )],
                vec![Push(
                    backup!("/properties/tag/oneOf"),
                    json!({ "type": "integer" }),
                )],
                &[
                    "breaking response /components/schemas/Backup/properties/tag/oneOf/1: The alternative was added.",
                ],
            ),
        ],
    );
}

#[test]
fn responses_do_not_break_when_readers_find_what_they_know() {
    assert_rows(
        "responses-compatible",
        vec![
            (
                "new field",
                vec![],
                vec![Set(
                    backup!("/properties/size"),
                    json!({ "type": "integer" }),
                )],
                &[
                    "compatible response /components/schemas/Backup/properties/size: The optional field `size` was added.",
                ],
            ),
            (
                "enum narrowed",
                vec![],
                vec![Set(
                    "/components/schemas/BackupStatus/enum",
                    json!(["BUILDING", "COMPLETED", "FAILED"]),
                )],
                &[
                    "compatible response /components/schemas/BackupStatus/enum: `enum` lost `\"DELETING\"`.",
                ],
            ),
            (
                "optional field becomes mandatory",
                vec![],
                vec![Set(backup!("/required"), json!(["id"]))],
                &[
                    "compatible response /components/schemas/Backup/required/0: The field `id` became mandatory.",
                ],
            ),
            (
                "new header",
                vec![],
                vec![Set(
                    "/components/responses/Error/headers/Retry-After",
                    json!({ "schema": { "type": "string" } }),
                )],
                &[
                    "compatible response /components/responses/Error/headers/Retry-After: The header Retry-After was added.",
                ],
            ),
            (
                "bound added",
                vec![],
                vec![Set("/components/schemas/Timestamp/maxLength", json!(30))],
                &[
                    "compatible response /components/schemas/Timestamp/maxLength: `maxLength` was added: `30`.",
                ],
            ),
        ],
    );
}
