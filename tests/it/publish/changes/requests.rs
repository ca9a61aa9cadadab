//! What a request may no longer be, or may newly be.

use serde_json::json;

use super::{Edit::*, assert_rows, create, request};

const HEADERS: &str = create!("/parameters");

#[test]
fn requests_break_when_more_is_demanded() {
    let text = || json!({ "type": "string", "description": "Something." });
    let header = |required: bool| json!({ "name": "X-Sudo", "in": "header", "required": required, "schema": text() });
    assert_rows(
        "requests-demanded",
        vec![
            (
                "new mandatory field",
                vec![],
                vec![
                    Set(request!("/properties/reason"), text()),
                    Push(request!("/required"), json!("reason")),
                ],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/reason: The mandatory field `reason` was added.",
                ],
            ),
            (
                "new mandatory header",
                vec![],
                vec![Push(HEADERS, header(true))],
                &[
                    "breaking request /paths/~1v3~1{project_id}~1backups/post/parameters/2: The mandatory header parameter `X-Sudo` was added.",
                ],
            ),
            (
                "optional header becomes mandatory",
                vec![Push(HEADERS, header(false))],
                vec![Set(create!("/parameters/2/required"), json!(true))],
                &[
                    "breaking request /paths/~1v3~1{project_id}~1backups/post/parameters/2: The header parameter `X-Sudo` became mandatory.",
                ],
            ),
            (
                "optional field becomes mandatory",
                vec![],
                vec![Push(request!("/required"), json!("description"))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/required/2: The field `description` became mandatory.",
                ],
            ),
            (
                "optional body becomes mandatory",
                vec![Set(create!("/requestBody/required"), json!(false))],
                vec![Set(create!("/requestBody/required"), json!(true))],
                &[
                    "breaking request /paths/~1v3~1{project_id}~1backups/post/requestBody: The body became mandatory.",
                ],
            ),
            (
                "nullable field must not be null",
                vec![Set(
                    request!("/properties/reason"),
                    json!({ "type": "string", "nullable": true }),
                )],
                vec![Remove(request!("/properties/reason/nullable"))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/reason/nullable: It must not be null any more.",
                ],
            ),
        ],
    );
}

#[test]
fn requests_break_when_less_is_accepted() {
    assert_rows(
        "requests-accepted",
        vec![
            (
                "mandatory field removed",
                vec![],
                vec![
                    Remove(request!("/properties/instance_id")),
                    Remove(request!("/required/0")),
                ],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/instance_id: The mandatory field `instance_id` was removed.",
                ],
            ),
            (
                "optional field removed, where unknown ones are refused",
                vec![Set(request!("/additionalProperties"), json!(false))],
                vec![Remove(request!("/properties/description"))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/description: The optional field `description` was removed.",
                ],
            ),
            (
                "field renamed",
                vec![],
                vec![Rename(request!("/properties/description"), "comment")],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/comment: The field `description` is called `comment` now.",
                ],
            ),
            (
                "query parameter removed",
                vec![],
                vec![Remove(
                    "/paths/~1v3~1{project_id}~1backups/get/parameters/1",
                )],
                &[
                    "breaking request /paths/~1v3~1{project_id}~1backups/get/parameters/1: The query parameter `instance_id` was removed.",
                ],
            ),
            (
                "enum narrowed",
                vec![],
                vec![Set(
                    "/components/schemas/BackupTypeFilter/enum",
                    json!(["auto", "manual", "fragment"]),
                )],
                &[
                    "breaking request /components/schemas/BackupTypeFilter/enum: `enum` lost `\"incremental\"`.",
                ],
            ),
            (
                "enum added",
                vec![],
                vec![Set(
                    "/components/schemas/BackupName/enum",
                    json!(["nightly"]),
                )],
                &["breaking request /components/schemas/BackupName/enum: `enum` was added."],
            ),
            (
                "unknown fields refused",
                vec![],
                vec![Set(request!("/additionalProperties"), json!(false))],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/additionalProperties: `additionalProperties` was added: `false`.",
                ],
            ),
            (
                "default changed",
                vec![],
                vec![Set(
                    "/components/parameters/Limit/schema/default",
                    json!(50),
                )],
                &[
                    "breaking request /components/parameters/Limit/schema/default: `default` went from `100` to `50`.",
                ],
            ),
            (
                "media type removed",
                vec![],
                vec![Rename(
                    create!("/requestBody/content/application~1json"),
                    "text/json",
                )],
                &[
                    "breaking request /paths/~1v3~1{project_id}~1backups/post/requestBody/content/application~1json: The media type application/json was removed.",
                    "compatible request /paths/~1v3~1{project_id}~1backups/post/requestBody/content/text~1json: The media type text/json was added.",
                ],
            ),
        ],
    );
}

#[test]
fn requests_do_not_break_when_more_is_accepted() {
    assert_rows(
        "requests-compatible",
        vec![
            (
                "new optional field",
                vec![],
                vec![Set(
                    request!("/properties/reason"),
                    json!({ "type": "string" }),
                )],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/reason: The optional field `reason` was added.",
                ],
            ),
            (
                "new optional parameter",
                vec![],
                vec![Push(
                    HEADERS,
                    json!({ "name": "trace", "in": "query", "schema": { "type": "string" } }),
                )],
                &[
                    "compatible request /paths/~1v3~1{project_id}~1backups/post/parameters/2: The optional query parameter `trace` was added.",
                ],
            ),
            (
                "mandatory field becomes optional",
                vec![],
                vec![Remove(request!("/required/0"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/required/0: The field `instance_id` became optional.",
                ],
            ),
            (
                "bound loosened",
                vec![],
                vec![
                    Set("/components/schemas/BackupName/maxLength", json!(65)),
                    Remove("/components/schemas/BackupName/minLength"),
                ],
                &[
                    "compatible request /components/schemas/BackupName/maxLength: `maxLength` went from `64` to `65`.",
                    "compatible request /components/schemas/BackupName/minLength: `minLength` was removed; it was `4`.",
                ],
            ),
            (
                "pattern removed",
                vec![],
                vec![Remove("/components/schemas/BackupDescription/pattern")],
                &[
                    "compatible request /components/schemas/BackupDescription/pattern: `pattern` was removed; it was `\"^[^!<>='&\\\"]*$\"`.",
                ],
            ),
            (
                "enum widened",
                vec![],
                vec![Push(
                    "/components/schemas/BackupTypeFilter/enum",
                    json!("weekly"),
                )],
                &[
                    "compatible request /components/schemas/BackupTypeFilter/enum: `enum` gained `\"weekly\"`.",
                ],
            ),
            (
                "null accepted",
                vec![Set(
                    request!("/properties/reason"),
                    json!({ "type": "string" }),
                )],
                vec![Set(request!("/properties/reason/nullable"), json!(true))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/properties/reason/nullable: It may be null now.",
                ],
            ),
            (
                "unknown fields accepted",
                vec![Set(request!("/additionalProperties"), json!(false))],
                vec![Remove(request!("/additionalProperties"))],
                &[
                    "compatible request /components/schemas/CreateBackupRequest/additionalProperties: `additionalProperties` was removed; it was `false`.",
                ],
            ),
        ],
    );
}
