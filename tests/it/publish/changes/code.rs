//! What only generated code notices, and what nobody does.

use dbbackup::{Service, contract};
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
fn nobody_notices_another_way_to_say_the_same() {
    const SAME: [&str; 1] =
        ["documentation - : Only the arrangement changed, or what no operation uses."];
    let status = "/components/schemas/BackupStatus";
    let parts = json!({ "allOf": [{ "$ref": "#/components/schemas/BackupStatus" }] });
    let document = contract::document(Service::RdsV3);
    let mut inline = document.pointer(status).unwrap().clone();
    inline.as_object_mut().unwrap().remove("description");
    let rows = [
        vec![Remove("/components/parameters/Limit/required")],
        vec![Set(request!("/additionalProperties"), json!(true))],
        vec![Set(request!("/additionalProperties"), json!({}))],
        vec![Set(
            request!("/properties/databases/nullable"),
            json!(false),
        )],
        vec![Set(backup!("/properties/status"), parts)],
        vec![Set(request!("/required"), json!(["name", "instance_id"]))],
        vec![Set(backup!("/properties/status"), inline)],
    ];
    let row = |change| ("the same", vec![], change, &SAME[..]);
    assert_rows("code-same", rows.into_iter().map(row).collect());
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
                "version",
                vec![],
                vec![Set("/info/version", json!("9.9.9"))],
                &[],
            ),
        ],
    );
}
