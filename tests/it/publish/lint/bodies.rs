//! Rules on bodies: examples, and the schemas they are checked by.

use super::{Row, assert_found};

#[test]
fn examples_and_defaults_are_valid_against_their_schemas() {
    const ROWS: [Row; 9] = [
        (
            "rds-v3",
            "        instance_id: d8e6ca5a624745bcb546a227aa3ae1cfin04\n        name: backup\n",
            "        instance_id: d8e6ca5a624745bcb546a227aa3ae1cfin04\n§        name: abc\n",
            "/components/examples/DocumentedRequestSqlServer/value/name",
            "the value breaks its schema: name: ",
        ),
        (
            "rds-v3",
            "      value:\n        instance_id: d8e6ca5a624745bcb546a227aa3ae1cfin04\n",
            "§      value:\n",
            "/components/examples/DocumentedRequestSqlServer/value",
            "\"instance_id\" is a required property",
        ),
        (
            "rds-v3",
            "            begin_time: '2026-01-02T03:04:05+0800'\n",
            "§            begin_time: null\n",
            "/components/examples/HuaweiListBackupsResponse/value/backups/0/begin_time",
            "the value breaks its schema: backups.0.begin_time: ",
        ),
        (
            "rds-v3",
            "                error_code: DBS.200001\n",
            "§                error_code: 7\n",
            "/components/responses/Error/content/application~1json/examples/refused/value/error_code",
            "the value breaks its schema: error_code: ",
        ),
        (
            "rds-v3",
            "      example: en-us\n",
            "§      example: de-de\n",
            "/components/parameters/XLanguage/example",
            "the value breaks its schema: body: ",
        ),
        (
            "rds-v3",
            "        default: 100\n",
            "§        default: 101\n",
            "/components/parameters/Limit/schema/default",
            "the value breaks its schema: body: ",
        ),
        (
            "rds-v3",
            "      minLength: 4\n",
            "§      example: abc\n      minLength: 4\n",
            "/components/schemas/BackupName/example",
            "the value breaks its schema: body: ",
        ),
        (
            "rds-v3",
            "          schema:\n            type: string\n      content:\n",
            "§          example: 7\n          schema:\n            type: string\n      content:\n",
            "/components/responses/Error/headers/X-Request-Id/example",
            "the value breaks its schema: body: ",
        ),
        (
            "rds-v3",
            "    PairedStopBackupResponse:\n      summary: A response\n      value:\n        job_id: ff80808157127d9301571bf8160c001e\n",
            "§    PairedStopBackupResponse:\n      summary: A response\n",
            "/components/examples/PairedStopBackupResponse",
            "this example has no value",
        ),
    ];
    assert_found("examples", &ROWS);
}

#[test]
fn bodies_have_a_schema_and_an_example() {
    const ROWS: [Row; 4] = [
        (
            "rds-v3",
            "          application/json:\n            schema:\n              $ref: '#/components/schemas/CreateBackupRequest'\n",
            "§          application/merge-patch+json:\n            example: {}\n          application/json:\n            schema:\n              $ref: '#/components/schemas/CreateBackupRequest'\n",
            "post/requestBody/content/application~1merge-patch+json",
            "this body has no schema",
        ),
        (
            "rds-v3",
            "          application/json:\n            schema:\n              $ref: '#/components/schemas/CreateBackupRequest'\n",
            "§          application/merge-patch+json:\n            schema:\n              $ref: '#/components/schemas/CreateBackupRequest'\n          application/json:\n            schema:\n              $ref: '#/components/schemas/CreateBackupRequest'\n",
            "post/requestBody/content/application~1merge-patch+json",
            "this body has no example",
        ),
        (
            "rds-v3",
            "          description: The policy was set; there is no body.\n",
            "          description: The policy was set.\n          content:\n§            application/json:\n              schema:\n                type: object\n",
            "/paths/~1v3~1{project_id}~1instances~1{instance_id}~1backups~1policy/put/responses/200/content/application~1json",
            "this body has no example",
        ),
        (
            "rds-v3",
            "      operationId: delete_backup\n",
            "§      requestBody:\n        description: Nothing.\n        content: {}\n      operationId: delete_backup\n",
            "/paths/~1v3~1{project_id}~1backups~1{backup_id}/delete/requestBody",
            "this request body has no content",
        ),
    ];
    assert_found("bodies", &ROWS);
}

#[test]
fn schemas_have_known_formats_and_bounds_that_can_be_met() {
    const ROWS: [Row; 3] = [
        (
            "rds-v3",
            "          format: int64\n",
            "§          format: int46\n",
            "/components/schemas/ListedBackup/properties/size/format",
            "there is no format int46",
        ),
        (
            "rds-v3",
            "          schema:\n            type: string\n      content:\n",
            "          schema:\n            type: string\n§            minLength: 2\n            maxLength: 1\n      content:\n",
            "/components/responses/Error/headers/X-Request-Id/schema/minLength",
            "minLength is above maxLength",
        ),
        (
            "rds-v3",
            "          schema:\n            type: string\n      content:\n",
            "          schema:\n            type: number\n§            minimum: 0.5\n            maximum: -1\n      content:\n",
            "/components/responses/Error/headers/X-Request-Id/schema/minimum",
            "minimum is above maximum",
        ),
    ];
    assert_found("schemas", &ROWS);
}
