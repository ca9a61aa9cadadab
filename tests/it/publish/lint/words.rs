//! Rules on descriptions, keys, sources, and on what is used.

use super::{Row, assert_found, change, folder, lint, text};

#[test]
fn everything_is_described_in_sentences() {
    const ROWS: [Row; 17] = [
        (
            "rds-v3",
            "    ProjectId:\n      type: string\n      description: Id of a project, which belongs to one region.\n",
            "§    ProjectId:\n      type: string\n",
            "/components/schemas/ProjectId",
            "this schema has no description",
        ),
        (
            "rds-v3",
            "        request_id:\n          type: string\n          description: Id of the request; sent by the gateway alone.\n",
            "§        request_id:\n          type: string\n",
            "/components/schemas/ApiError/properties/request_id",
            "this schema has no description",
        ),
        (
            "rds-v3",
            "        begin_time:\n          allOf:\n            - $ref: '#/components/schemas/Timestamp'\n          description: Time at which the backup was started.\n",
            "§        begin_time:\n          allOf:\n            - $ref: '#/components/schemas/Timestamp'\n",
            "/components/schemas/Backup/properties/begin_time",
            "this schema has no description",
        ),
        (
            "taurusdb-v3",
            "        - type: integer\n        - type: string\n",
            "        - type: integer\n§        - type: string\n          maxLength: 5\n",
            "/components/schemas/Port/oneOf/1",
            "this schema has no description",
        ),
        (
            "rds-v3",
            "      description: Id of the instance.\n",
            "§      description: Id of the instance\n",
            "/components/parameters/InstanceId/description",
            "the description of this parameter has no full stop",
        ),
        (
            "rds-v3",
            "    Tags:\n      name: tags\n      in: query\n      required: false\n      description: Only instances with this tag, as key=value.\n",
            "§    Tags:\n      name: tags\n      in: query\n      required: false\n",
            "/components/parameters/Tags",
            "this parameter has no description",
        ),
        (
            "rds-v3",
            "        X-Request-Id:\n          description: Id of the request.\n",
            "§        X-Request-Id:\n",
            "/components/responses/Error/headers/X-Request-Id",
            "this header has no description",
        ),
        (
            "rds-v3",
            "        '200':\n          description: The job.\n",
            "§        '200':\n          description: ''\n",
            "/paths/~1v3~1{project_id}~1jobs/get/responses/200",
            "this response has no description",
        ),
        (
            "rds-v3",
            "        description: The backup to make.\n",
            "§        description: The backup to make\n",
            "post/requestBody/description",
            "the description of this request body has no full stop",
        ),
        (
            "rds-v3",
            "    description: Open Telekom Cloud.\n",
            "§    description: Open Telekom Cloud\n",
            "/servers/0/description",
            "the description of this server has no full stop",
        ),
        (
            "rds-v3",
            "      region:\n        default: eu-de\n        enum: [eu-de, eu-nl]\n        description: Region whose instances are addressed.\n",
            "§      region:\n        default: eu-de\n        enum: [eu-de, eu-nl]\n",
            "/servers/0/variables/region",
            "this server variable has no description",
        ),
        (
            "rds-v3",
            "  - name: jobs\n    description: Work in progress.\n",
            "§  - name: jobs\n",
            "/tags/2",
            "this tag has no description",
        ),
        (
            "rds-v3",
            "    Token:\n      type: apiKey\n      in: header\n      name: X-Auth-Token\n      description: Token of",
            "§    Token:\n      type: apiKey\n      in: header\n      name: X-Auth-Token\n      description: ''\n      x-availability: Token of",
            "/components/securitySchemes/Token",
            "this security scheme has no description",
        ),
        (
            "rds-v3",
            "      x-source: huaweicloudsdkcore 3.1.219, signer/signer.py",
            "§      x-source: ''",
            "/components/securitySchemes/Signature/x-source",
            "x-source says nothing",
        ),
        (
            "rds-v3",
            "      x-source: huaweicloudsdkcore 3.1.219, signer/signer.py",
            "§      x-source: [signer.py, '']",
            "/components/securitySchemes/Signature/x-source",
            "x-source says nothing",
        ),
        (
            "rds-v3",
            "      x-source: huaweicloudsdkcore 3.1.219, signer/signer.py",
            "§      x-source:\n        from: signer.py",
            "/components/securitySchemes/Signature/x-source",
            "x-source says nothing",
        ),
        (
            "rds-v3",
            "      x-source: huaweicloudsdkcore 3.1.219, signer/signer.py",
            "§      x-source:\n        from: signer.py\n        for: []",
            "/components/securitySchemes/Signature/x-source",
            "x-source says nothing",
        ),
    ];
    assert_found("words", &ROWS);
}

#[test]
fn a_misspelt_key_of_this_project_is_found() {
    const ROWS: [Row; 3] = [
        (
            "rds-v3",
            "      x-source:\n        from: https://support.huaweicloud.com/intl/en-us/api-rds/rds_09_0004.html\n",
            "§      x-sorce:\n        from: https://support.huaweicloud.com\n",
            "/components/schemas/InstanceId/x-sorce",
            "x-sorce is no key of schema objects",
        ),
        (
            "rds-v3",
            "paths:\n",
            "paths:\n§  x-note: None.\n",
            "/paths/x-note",
            "x-note is no key of paths objects",
        ),
        (
            "rds-v3",
            "      responses:\n        '200':\n",
            "      responses:\n§        x-note: None.\n        '200':\n",
            "post/responses/x-note",
            "x-note is no key of responses objects",
        ),
    ];
    assert_found("keys", &ROWS);
}

#[test]
fn constraints_have_a_page_or_a_source() {
    let folder = folder("lint/sources");
    let page =
        "        description: Deleting Manual Backups in Batches (API v3)\n        url: https:";
    let unsafe_page = page.replace("        url: https:", "§        url: http:");
    let line = change(&folder, "rds-v3", page, &unsafe_page);
    let pointer = "/paths/~1v3~1{project_id}~1backups~1batch-delete/post/externalDocs/url";
    let link = "delete_backups has no https link to the vendor's page";
    let link = format!("rds-v3.yaml:{line}: {pointer}: {link}\n");
    let output = lint(&folder, &["rds-v3.yaml"]);
    let found = text(&output.stdout);
    assert!(found.starts_with(&link), "{found}");
    let request = "/components/schemas/DeleteBackupsRequest";
    for key in [
        "required",
        "properties/backup_ids/minItems",
        "properties/backup_ids/maxItems",
    ] {
        let (_, keyword) = key.rsplit_once('/').unwrap_or(("", key));
        let finding = format!("{request}/{key}: {keyword} has neither a page nor a source\n");
        assert!(found.contains(&finding), "{finding}{found}");
    }
    assert_eq!(found.lines().count(), 4, "{found}");

    let file = folder.join("rds-v3.yaml");
    let contract = std::fs::read_to_string(&file).unwrap();
    let schema = "    DeleteBackupsRequest:\n";
    let sourced = contract.replace(schema, &format!("{schema}      x-source: A page.\n"));
    std::fs::write(&file, sourced).unwrap();
    let output = lint(&folder, &["rds-v3.yaml"]);
    assert_eq!(text(&output.stdout), link);
}

#[test]
fn regions_have_a_source() {
    let folder = folder("lint/regions");
    let source = "    x-source: opentelekomcloud-docs/regions-and-endpoints";
    change(&folder, "rds-v3", source, "§    x-availability: A cloud");
    let output = lint(&folder, &["rds-v3.yaml"]);
    let found: Vec<&str> = text(&output.stdout).lines().collect();
    let region = "/servers/0/variables/region";
    for (line, key) in [(21, "default"), (22, "enum")] {
        let words = format!("{key} has neither a page nor a source");
        let finding = format!("rds-v3.yaml:{line}: {region}/{key}: {words}");
        assert!(found.contains(&&*finding), "{finding}: {found:?}");
    }
    assert_eq!(found.len(), 2);
}
