//! Paths, methods, statuses and credentials.

use serde_json::json;

use super::{CREATE, Edit::*, assert_rows, create};

#[test]
fn calls_break_when_they_have_no_place_to_go() {
    assert_rows(
        "wire-places",
        vec![
            (
                "path removed",
                vec![],
                vec![Remove("/paths/~1v3~1{project_id}~1backups~1batch-delete")],
                &[
                    "breaking - /paths/~1v3~1{project_id}~1backups~1batch-delete: The path /v3/{project_id}/backups/batch-delete was removed.",
                ],
            ),
            (
                "path renamed",
                vec![],
                vec![Rename(
                    "/paths/~1v3~1{project_id}~1backups~1batch-delete",
                    "/v3/{project_id}/backups/delete",
                )],
                &[
                    "breaking - /paths/~1v3~1{project_id}~1backups~1batch-delete: The path /v3/{project_id}/backups/batch-delete was removed.",
                    "compatible - /paths/~1v3~1{project_id}~1backups~1delete: The path /v3/{project_id}/backups/delete was added.",
                ],
            ),
            (
                "operation removed",
                vec![],
                vec![Remove(
                    "/paths/~1v3~1{project_id}~1instances~1{instance_id}~1backups~1policy/put",
                )],
                &[
                    "breaking - /paths/~1v3~1{project_id}~1instances~1{instance_id}~1backups~1policy/put: PUT /v3/{project_id}/instances/{instance_id}/backups/policy was removed.",
                ],
            ),
            (
                "method renamed",
                vec![],
                vec![Rename(CREATE, "put")],
                &[
                    "breaking - /paths/~1v3~1{project_id}~1backups/post: POST /v3/{project_id}/backups was removed.",
                    "compatible - /paths/~1v3~1{project_id}~1backups/put: PUT /v3/{project_id}/backups was added.",
                ],
            ),
        ],
    );
}

#[test]
fn calls_break_when_the_success_status_changes() {
    assert_rows(
        "wire-statuses",
        vec![
            (
                "status renamed",
                vec![],
                vec![Rename(create!("/responses/200"), "201")],
                &[
                    "breaking response /paths/~1v3~1{project_id}~1backups/post/responses/200: The status 200 was removed.",
                    "breaking response /paths/~1v3~1{project_id}~1backups/post/responses/201: The status 201 was added.",
                ],
            ),
            (
                "second status",
                vec![],
                vec![Set(
                    create!("/responses/202"),
                    json!({ "description": "Accepted." }),
                )],
                &[
                    "breaking response /paths/~1v3~1{project_id}~1backups/post/responses/202: The status 202 was added.",
                ],
            ),
            (
                "error status of the same form",
                vec![],
                vec![Set(
                    create!("/responses/409"),
                    json!({ "$ref": "#/components/responses/Error" }),
                )],
                &[
                    "compatible response /paths/~1v3~1{project_id}~1backups/post/responses/409: The status 409 was added.",
                ],
            ),
            (
                "error status of another form",
                vec![],
                vec![Set(
                    create!("/responses/409"),
                    json!({ "description": "Busy." }),
                )],
                &[
                    "breaking response /components/responses/Error/content/application~1json: The media type application/json was removed.",
                    "breaking response /components/responses/Error/headers/X-Request-Id: The header X-Request-Id was removed.",
                    "compatible response /paths/~1v3~1{project_id}~1backups/post/responses/409: The status 409 was added.",
                ],
            ),
        ],
    );
}

#[test]
fn calls_break_when_other_credentials_are_asked_for() {
    assert_rows(
        "wire-credentials",
        vec![
            (
                "header renamed",
                vec![],
                vec![Set(
                    "/components/securitySchemes/Token/name",
                    json!("X-Token"),
                )],
                &[
                    "breaking request /security: Calls with header x-auth-token are no longer let in.",
                    "compatible request /security: Calls with header x-token are let in now.",
                ],
            ),
            (
                "alternative removed",
                vec![],
                vec![Remove("/security/1")],
                &[
                    "breaking request /security: Calls with header authorization are no longer let in.",
                ],
            ),
            (
                "both needed",
                vec![],
                vec![Set("/security", json!([{ "Token": [], "Signature": [] }]))],
                &[
                    "breaking request /security: Calls with header authorization are no longer let in.",
                    "breaking request /security: Calls with header x-auth-token are no longer let in.",
                ],
            ),
            (
                "alternative added",
                vec![Remove("/security/1")],
                vec![Push("/security", json!({ "Signature": [] }))],
                &["compatible request /security: Calls with header authorization are let in now."],
            ),
            (
                "no credentials",
                vec![],
                vec![Set(create!("/security"), json!([]))],
                &[
                    "compatible request /paths/~1v3~1{project_id}~1backups/post/security: Calls with no credentials are let in now.",
                ],
            ),
        ],
    );
}
