//! Bounds, patterns and types of what is sent.

use serde_json::json;

use super::{Edit::*, assert_rows, request};

#[test]
fn requests_break_when_a_bound_or_pattern_is_tightened() {
    assert_rows(
        "requests-bounds",
        vec![
            (
                "maxLength lowered",
                vec![],
                vec![Set("/components/schemas/BackupName/maxLength", json!(63))],
                &[
                    "breaking request /components/schemas/BackupName/maxLength: `maxLength` went from `64` to `63`.",
                ],
            ),
            (
                "minLength raised",
                vec![],
                vec![Set("/components/schemas/BackupName/minLength", json!(5))],
                &[
                    "breaking request /components/schemas/BackupName/minLength: `minLength` went from `4` to `5`.",
                ],
            ),
            (
                "maximum lowered",
                vec![],
                vec![Set(
                    "/components/parameters/Limit/schema/maximum",
                    json!(99),
                )],
                &[
                    "breaking request /components/parameters/Limit/schema/maximum: `maximum` went from `100` to `99`.",
                ],
            ),
            (
                "minimum raised",
                vec![],
                vec![Set("/components/parameters/Limit/schema/minimum", json!(2))],
                &[
                    "breaking request /components/parameters/Limit/schema/minimum: `minimum` went from `1` to `2`.",
                ],
            ),
            (
                "bound made exclusive",
                vec![],
                vec![Set(
                    "/components/parameters/Limit/schema/exclusiveMaximum",
                    json!(true),
                )],
                &[
                    "breaking request /components/parameters/Limit/schema/exclusiveMaximum: `exclusiveMaximum` was added: `true`.",
                ],
            ),
            (
                "maxItems lowered",
                vec![],
                vec![Set(
                    "/components/schemas/DeleteBackupsRequest/properties/backup_ids/maxItems",
                    json!(49),
                )],
                &[
                    "breaking request /components/schemas/DeleteBackupsRequest/properties/backup_ids/maxItems: `maxItems` went from `50` to `49`.",
                ],
            ),
            (
                "maxItems added",
                vec![],
                vec![Set(request!("/properties/databases/maxItems"), json!(10))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/databases/maxItems: `maxItems` was added: `10`.",
                ],
            ),
            (
                "items made unique",
                vec![],
                vec![Set(
                    request!("/properties/databases/uniqueItems"),
                    json!(true),
                )],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/databases/uniqueItems: `uniqueItems` was added: `true`.",
                ],
            ),
            (
                "pattern changed",
                vec![],
                vec![Set(
                    "/components/schemas/BackupName/pattern",
                    json!("^[a-z]+$"),
                )],
                &[
                    "breaking request /components/schemas/BackupName/pattern: `pattern` went from `\"^[A-Za-z][A-Za-z0-9_-]*$\"` to `\"^[a-z]+$\"`.",
                ],
            ),
            (
                "multipleOf added",
                vec![],
                vec![Set(
                    "/components/parameters/Limit/schema/multipleOf",
                    json!(10),
                )],
                &[
                    "breaking request /components/parameters/Limit/schema/multipleOf: `multipleOf` was added: `10`.",
                ],
            ),
            (
                "type changed",
                vec![],
                vec![Set(
                    "/components/schemas/BackupDescription/type",
                    json!("integer"),
                )],
                &[
                    "breaking request /components/schemas/BackupDescription/type: `type` went from `\"string\"` to `\"integer\"`.",
                ],
            ),
            (
                "format changed",
                vec![Set(
                    "/components/parameters/Limit/schema/format",
                    json!("int64"),
                )],
                vec![Set(
                    "/components/parameters/Limit/schema/format",
                    json!("int32"),
                )],
                &[
                    "breaking request /components/parameters/Limit/schema/format: `format` went from `\"int64\"` to `\"int32\"`.",
                ],
            ),
            (
                "alternative removed",
                vec![Set(
                    request!("/properties/tag"),
                    json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
                )],
                vec![Remove(request!("/properties/tag/oneOf/1"))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/tag/oneOf/1: The alternative was removed.",
                ],
            ),
            (
                "what nobody knows",
                vec![],
                vec![Set(request!("/not"), json!({ "required": ["databases"] }))],
                &["breaking request /components/schemas/CreateBackupRequest/not: `not` was added."],
            ),
        ],
    );
}
