//! Schemas of several parts, and names that are on the wire.

use serde_json::{Value, json};

use super::{Edit::*, assert_rows, backup, request};

/// A schema that takes a name from two parts.
fn name_in_parts(first: Value, second: Value) -> Value {
    let part = |name: Value| json!({ "type": "object", "properties": { "name": name } });
    json!({ "allOf": [part(first), part(second)] })
}

#[test]
fn what_every_part_says_counts() {
    let text = || json!({ "type": "string", "maxLength": 9 });
    let shorter = || json!({ "type": "string", "maxLength": 5 });
    let tag = request!("/properties/tag");
    let in_parts = |name| json!({ "allOf": [{ "$ref": "#/components/schemas/BackupName" }], "maxLength": name });
    assert_rows(
        "parts-all",
        vec![
            (
                "the looser of two bounds tightened below the other",
                vec![Set(tag, name_in_parts(text(), json!({ "type": "string" })))],
                vec![Set(
                    tag,
                    name_in_parts(shorter(), json!({ "type": "string" })),
                )],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/tag/allOf/0/properties/name/maxLength: `maxLength` went from `9` to `5`.",
                ],
            ),
            (
                "type of the same field in one of two parts",
                vec![Set(tag, name_in_parts(text(), json!({ "minLength": 1 })))],
                vec![Set(
                    tag,
                    name_in_parts(
                        json!({ "type": "integer", "maxLength": 9 }),
                        json!({ "minLength": 1 }),
                    ),
                )],
                &[
                    "breaking request /components/schemas/CreateBackupRequest/properties/tag/allOf/0/properties/name/type: `type` went from `\"string\"` to `\"integer\"`.",
                ],
            ),
            (
                "parts in another order",
                vec![Set(tag, name_in_parts(text(), shorter()))],
                vec![Set(tag, name_in_parts(shorter(), text()))],
                &["documentation - : Only the arrangement changed, or what no operation uses."],
            ),
            (
                "own bound beside a part loosened, up to that of the part",
                vec![Set(tag, in_parts(32))],
                vec![Set(tag, in_parts(80))],
                &[
                    "compatible request /components/schemas/BackupName/maxLength: `maxLength` went from `32` to `64`.",
                ],
            ),
        ],
    );
}

#[test]
fn names_of_schemas_are_on_the_wire_where_a_discriminator_reads_them() {
    let status = || json!({ "oneOf": [{ "$ref": "#/components/schemas/Datastore" }], "discriminator": { "propertyName": "type" } });
    let store = || json!({ "type": "object", "properties": { "type": { "type": "string" } } });
    assert_rows(
        "parts-names",
        vec![
            (
                "schema of a discriminator renamed",
                vec![
                    Set(backup!("/properties/store"), status()),
                    Set("/components/schemas/Datastore", store()),
                ],
                vec![RenameSchema("Datastore", "Store")],
                &[
                    "breaking - /components/schemas/Datastore: The schema Datastore is called Store now.",
                ],
            ),
            (
                "another schema with the same content",
                vec![
                    Set("/components/schemas/Other", json!({ "type": "string" })),
                    Set("/components/schemas/Same", json!({ "type": "string" })),
                    Set(
                        backup!("/properties/other"),
                        json!({ "$ref": "#/components/schemas/Other" }),
                    ),
                ],
                vec![Set(
                    backup!("/properties/other"),
                    json!({ "$ref": "#/components/schemas/Same" }),
                )],
                &[
                    "generated-code response /components/schemas/Backup/properties/other: The schema is Same and was Other.",
                ],
            ),
        ],
    );
}
