//! What only generated code notices, and what nobody does.

use serde_json::json;

use super::{Edit::*, assert_rows, backup, create, request};

#[test]
fn generated_code_breaks_alone_when_names_change() {
    assert_rows(
        "code-names",
        vec![
            (
                "operationId renamed",
                vec![],
                vec![Set(create!("/operationId"), json!("make_backup"))],
                &[
                    "generated-code - /paths/~1v3~1{project_id}~1backups/post/operationId: operationId is \"make_backup\" and was \"create_backup\".",
                ],
            ),
            (
                "schema renamed",
                vec![],
                vec![RenameSchema("BackupStatus", "State")],
                &[
                    "generated-code - /components/schemas/BackupStatus: The schema BackupStatus is called State now.",
                ],
            ),
            (
                "format added",
                vec![],
                vec![Set(
                    backup!("/properties/begin_time"),
                    json!({ "type": "string", "format": "date-time", "description": "Time at which the backup was started." }),
                )],
                &[
                    "generated-code response /components/schemas/Backup/properties/begin_time/format: `format` was added: `\"date-time\"`.",
                ],
            ),
            (
                "optional field of a request removed",
                vec![],
                vec![Remove(request!("/properties/description"))],
                &[
                    "generated-code request /components/schemas/CreateBackupRequest/properties/description: The optional field `description` was removed.",
                ],
            ),
            (
                "parameter of the path renamed",
                vec![],
                vec![
                    Rename(
                        "/paths/~1v3~1{project_id}~1backups~1{backup_id}",
                        "/v3/{project_id}/backups/{id}",
                    ),
                    Set("/components/parameters/BackupId/name", json!("id")),
                ],
                &[
                    "generated-code - /paths/~1v3~1{project_id}~1backups~1{id}: Parameters are renamed: /v3/{project_id}/backups/{id} was /v3/{project_id}/backups/{backup_id}.",
                ],
            ),
            (
                "schema of no message",
                vec![],
                vec![Set(
                    "/components/schemas/Spare",
                    json!({ "type": "string" }),
                )],
                &["compatible - /components/schemas/Spare: The schema Spare was added."],
            ),
        ],
    );
}

#[test]
fn nobody_notices_words() {
    assert_rows(
        "code-words",
        vec![
            (
                "description",
                vec![],
                vec![Set(request!("/description"), json!("Another one."))],
                &[
                    "documentation - /components/schemas/CreateBackupRequest/description: `description` was changed.",
                ],
            ),
            (
                "example",
                vec![],
                vec![Set(
                    "/components/examples/DocumentedResponse/value/backup/name",
                    json!("other"),
                )],
                &[
                    "documentation - /components/examples/DocumentedResponse: `DocumentedResponse` of `examples` was changed.",
                ],
            ),
            (
                "server",
                vec![],
                vec![Remove("/servers/0")],
                &["documentation - /servers: `servers` was changed."],
            ),
            (
                "extension",
                vec![],
                vec![Remove(create!("/x-error-codes/0"))],
                &[
                    "documentation - /paths/~1v3~1{project_id}~1backups/post/x-error-codes: `x-error-codes` was changed.",
                ],
            ),
            (
                "title",
                vec![],
                vec![Set("/info/title", json!("Backups"))],
                &["documentation - /info/title: `title` of `info` was changed."],
            ),
            (
                "what stands there by default",
                vec![],
                vec![Remove("/components/parameters/Limit/required")],
                &["documentation - : The contract is arranged in another way and says the same."],
            ),
            (
                "version",
                vec![],
                vec![Set("/info/version", json!("9.9.9"))],
                &[],
            ),
        ],
    );
}
