//! Rules on the head of a contract, on operations, their parameters, codes and errata.

use super::{BACKUPS, Row, assert_found, change, folder, lint, text};

#[test]
fn the_head_of_a_contract_is_whole() {
    const ROWS: [Row; 7] = [
        (
            "rds-v3",
            "  version: 1.0.0\n",
            "§  version: 1.0.01\n",
            "/info/version",
            "the version is not MAJOR.MINOR.PATCH",
        ),
        (
            "rds-v3",
            "  version: 1.0.0\n",
            "§  version: ''\n",
            "/info/version",
            "info has no version",
        ),
        (
            "rds-v3",
            "  title: RDS backups, API v3\n",
            "§  title: ' '\n",
            "/info/title",
            "info has no title",
        ),
        (
            "rds-v3",
            "info:\n  title: RDS backups, API v3\n  version: 1.0.0\n  description: |\n",
            "§info:\n  title: RDS backups, API v3\n  version: 1.0.0\n  termsOfService: |\n",
            "/info/description",
            "info has no description",
        ),
        (
            "rds-v3",
            "  contact:\n    name: dbbackup\n",
            "§  contact:\n    email: a@b.example\n",
            "/info/contact/name",
            "info has no contact with a name",
        ),
        (
            "rds-v3",
            "    name: MIT OR Apache-2.0\n",
            "§    name: ''\n",
            "/info/license/name",
            "info has no license with a name",
        ),
        (
            "rds-v3",
            "  - url: https://rds.eu",
            "§  - url: http://rds.eu",
            "/servers/2/url",
            "the URL of the server is not https",
        ),
    ];
    assert_found("head", &ROWS);
}

#[test]
fn operations_have_a_page_and_a_source() {
    const ROWS: [Row; 3] = [
        (
            "rds-v3",
            "    get:\n      operationId: get_job\n      summary: Show a job\n      description: |\n",
            "§    get:\n      operationId: get_job\n      summary: |\n",
            "/paths/~1v3~1{project_id}~1jobs/get",
            "this operation has no description",
        ),
        (
            "rds-v3",
            "Python, StopBackup\n        url: https:",
            "Python, StopBackup\n§        url: http:",
            "/paths/~1v3~1{project_id}~1instances~1{instance_id}~1backups~1stop/post/externalDocs/url",
            "stop_backup has no https link to the vendor's page",
        ),
        (
            "rds-v3",
            "    delete:\n      operationId: delete_backup\n      summary: Delete a manual backup\n      description: Starts to delete the backup. It is listed as DELETING until it is gone.\n      x-source:\n        - opentelekomcloud-docs/relational-database-service, api-ref/source/api_v3_recommended/backup_and_restoration/deleting_a_manual_backup.rst\n        - from: gophertelekomcloud, openstack/rds/v3/backups\n          for: [DELETING]\n",
            "§    delete:\n      operationId: delete_backup\n      summary: Delete a manual backup\n      description: Starts to delete the backup. It is listed as DELETING until it is gone.\n",
            "/paths/~1v3~1{project_id}~1backups~1{backup_id}/delete",
            "delete_backup has no x-source",
        ),
    ];
    assert_found("operations", &ROWS);
}

#[test]
fn errata_are_whole_and_have_ids_of_their_own() {
    const ROWS: [Row; 3] = [
        (
            "rds-v3",
            "        - id: rds-v3/databases-type\n",
            "§        - id: rds-v3/version-in-path\n",
            "post/x-errata/1/id",
            "the id rds-v3/version-in-path stands twice",
        ),
        (
            "rds-v3",
            "        - id: rds-v3/databases-type\n",
            "§        - id: rds-v1/databases-type\n",
            "post/x-errata/1/id",
            "the id of an erratum starts with rds-v3/",
        ),
        (
            "rds-v3",
            "        - id: rds-v3/databases-type\n          page: Tables 2 and 5 declare databases a dictionary.\n",
            "§        - id: rds-v3/databases-type\n",
            "post/x-errata/1",
            "this erratum has no page",
        ),
    ];
    assert_found("ids", &ROWS);
}

#[test]
fn parameters_that_need_others_name_some_that_are_there() {
    const ROWS: [Row; 3] = [
        (
            "rds-v3",
            "      x-requires: [end_time]\n",
            "§      x-requires: [end_tme]\n",
            "/components/parameters/BeginTime/x-requires/0",
            "list_backups has no parameter end_tme",
        ),
        (
            "rds-v3",
            "        - $ref: '#/components/parameters/JobIdQuery'\n",
            "        - $ref: '#/components/parameters/JobIdQuery'\n        - name: since\n          in: query\n          description: Start.\n§          x-requires: [end_time]\n          schema:\n            type: string\n",
            "/paths/~1v3~1{project_id}~1jobs/get/parameters/2/x-requires/0",
            "get_job has no parameter end_time",
        ),
        (
            "rds-v3",
            "      x-requires: [end_time]\n",
            "§      x-requires: end_time\n",
            "/components/parameters/BeginTime/x-requires",
            "x-requires names no parameter",
        ),
    ];
    assert_found("requires", &ROWS);
}

#[test]
fn error_codes_are_explained_and_used() {
    const ROWS: [Row; 8] = [
        (
            "rds-v3",
            "      x-error-codes:\n        [\n          DBS.200001, DBS.200004, DBS.280001, DBS.200010, DBS.200604, DBS.200044, DBS.201003,\n          DBS.280015, DBS.280056, DBS.200005, DBS.108000, DBS.290006, DBS.213004\n        ]\n",
            "§      x-error-codes: []\n",
            "/paths/~1v3~1{project_id}~1instances/get/x-error-codes",
            "list_instances has no x-error-codes",
        ),
        (
            "rds-v3",
            "          DBS.200001, DBS",
            "§          DBS.200001, DBS.200001, DBS",
            "post/x-error-codes/1",
            "create_backup has the error code DBS.200001 twice",
        ),
        (
            "rds-v3",
            "          DBS.200001, DBS",
            "§          DBS.1, DBS.200001, DBS",
            "post/x-error-codes/0",
            "the error code DBS.1 is not in the table",
        ),
        (
            "rds-v3",
            "          DBS.200001, DBS",
            "§          7, DBS.200001, DBS",
            "post/x-error-codes/0",
            "create_backup has an error code that is no text",
        ),
        (
            "rds-v3",
            "      DBS.200001: {",
            "§      DBS.1: {status: 400, meaning: One.}\n      DBS.200001: {",
            "/components/x-error-codes/codes/DBS.1",
            "no operation has the error code DBS.1",
        ),
        (
            "rds-v3",
            "      DBS.200001: {status: 400, meaning: A parameter is wrong.}",
            "§      DBS.200001: {status: 400}",
            "/components/x-error-codes/codes/DBS.200001",
            "the error code DBS.200001 has no meaning",
        ),
        (
            "rds-v3",
            "      DBS.200001: {status: 400",
            "§      DBS.200001: {status: 4000",
            "/components/x-error-codes/codes/DBS.200001",
            "the error code DBS.200001 has no HTTP status",
        ),
        (
            "rds-v3",
            "      DBS.200001: {status: 400",
            "§      DBS.200001: {page: 1, status: 400",
            "/components/x-error-codes/codes/DBS.200001/page",
            "page is no key of error code objects",
        ),
    ];
    assert_found("codes", &ROWS);
}

#[test]
fn statuses_of_all_error_codes_are_documented() {
    let folder = folder("lint/statuses");
    let line = change(
        &folder,
        "rds-v3",
        "      responses:\n        '200':\n",
        "§      responses:\n        '200':\n",
    );
    change(&folder, "rds-v3", "        5XX:\n", "§        3XX:\n");
    let output = lint(&folder, &["rds-v3.yaml"]);
    let found: Vec<&str> = text(&output.stdout).lines().collect();
    let missing = "create_backup has no response for";
    assert_eq!(
        found[0],
        format!("rds-v3.yaml:{line}: {BACKUPS}/post/responses: {missing} failures (5XX)")
    );
    for code in ["DBS.200005", "DBS.108000", "DBS.290006", "DBS.213004"] {
        let words = format!("{missing} 500, the status of {code}");
        assert!(found.iter().any(|line| line.ends_with(&words)), "{words}");
    }
    assert_eq!(found.len(), 5);
}
