//! Values that must not reach a service, and what the refusal says.

use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, shared, taurusdb_v3};
use dbbackup::auth::Credentials;
use dbbackup::model::{BackupDescription, BackupId, BackupName, InstanceId, NodeId, ProjectId};
use dbbackup::transport::Transport;
use dbbackup::{Service, error::InvalidValue};
use proptest::prelude::{ProptestConfig, prop_assert_eq};
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::support::{documented, named, project_id, schema, transport};

const NAME: &str = "name must be 4 to 64 characters, an ASCII letter first, then ASCII letters, digits, '-' and '_', but it ";
const DESCRIPTION: &str =
    "description must be at most 256 characters without any of ! < > = ' & \", but it ";

fn refusal<T>(parsed: Result<T, InvalidValue>) -> Option<String> {
    parsed.err().map(|refused| refused.to_string())
}

#[test]
fn names_are_checked_by_the_documented_rule() {
    let rows: [(String, Option<&str>); 14] = [
        ("abcd".into(), None),
        ("a".repeat(64), None),
        ("Ab-_9".into(), None),
        ("".into(), Some("has 0 characters")),
        ("abc".into(), Some("has 3 characters")),
        ("a".repeat(65), Some("has 65 characters")),
        ("äöü".into(), Some("has 3 characters")),
        ("1abc".into(), Some("starts with '1'")),
        ("-abc".into(), Some("starts with '-'")),
        ("übermut".into(), Some("starts with 'ü'")),
        ("backüp".into(), Some("has 'ü' as character 5")),
        ("my name".into(), Some("has ' ' as character 3")),
        ("name.1".into(), Some("has '.' as character 5")),
        ("name\n".into(), Some("has '\\n' as character 5")),
    ];
    for (name, fault) in rows {
        let expected = fault.map(|fault| format!("{NAME}{fault}"));
        assert_eq!(refusal(name.parse::<BackupName>()), expected, "{name:?}");
    }
}

#[test]
fn descriptions_are_checked_by_the_documented_rule() {
    let rows: [(String, Option<&str>); 15] = [
        ("".into(), None),
        ("a".repeat(256), None),
        ("ü".repeat(256), None),
        ("💾".repeat(256), None),
        ("two\nlines".into(), None),
        ("a".repeat(257), Some("has 257 characters")),
        ("ü".repeat(257), Some("has 257 characters")),
        ("💾".repeat(257), Some("has 257 characters")),
        ("!".into(), Some("has '!' as character 1")),
        ("a<".into(), Some("has '<' as character 2")),
        ("ü>".into(), Some("has '>' as character 2")),
        ("=".into(), Some("has '=' as character 1")),
        ("it's".into(), Some("has '\\'' as character 3")),
        ("&".into(), Some("has '&' as character 1")),
        ("\"".into(), Some("has '\"' as character 1")),
    ];
    for (description, fault) in rows {
        let expected = fault.map(|fault| format!("{DESCRIPTION}{fault}"));
        assert_eq!(
            refusal(description.parse::<BackupDescription>()),
            expected,
            "{description:?}"
        );
    }
}

#[test]
fn ids_stay_in_their_place_of_the_path() {
    let hostile = [
        "", ".", "..", "%2e%2e", "a/b", "/", "\\", "a?b", "a#b", "a%2fb", "a b", "a\r\nb", "ä",
        "a;b", "a:b", "\0",
    ];
    for id in hostile {
        let refusals = [
            refusal(id.parse::<ProjectId>()),
            refusal(id.parse::<InstanceId>()),
            refusal(id.parse::<NodeId>()),
            refusal(id.parse::<BackupId>()),
        ];
        for (field, refused) in ["project_id", "instance_id", "instance (a pri", "backup_id"]
            .iter()
            .zip(refusals)
        {
            assert!(
                refused.is_some_and(|r| r.starts_with(field) && r.lines().count() == 1),
                "{field} {id:?}"
            );
        }
    }
    let good = [
        "0483b6b16e954cb88930a360d2c4e663",
        "44b277eb-39be-4921-be31-3d61b43651d7",
        "07033b12in07",
        "A_1",
    ];
    for id in good {
        assert_eq!(id.parse::<BackupId>().unwrap().to_string(), id);
    }
    let refused = "a/b".parse::<BackupId>().unwrap_err();
    assert_eq!(refused.field(), "backup_id");
    assert_eq!(
        refused.to_string(),
        "backup_id must be 1 or more ASCII letters, digits, '-' and '_', but it has '/' as character 2"
    );
}

/// The field of a request body that goes wrong, and what reading it into the generated type says.
#[test]
fn a_broken_request_cannot_be_read_into_a_generated_type() {
    for &service in Service::ALL {
        let (request, _) = documented(service);
        let node = if service == Service::RdsV1 {
            "instance"
        } else {
            "instance_id"
        };
        for (field, value, fault) in [
            ("name", json!("abc"), "name must be"),
            ("name", json!(null), "invalid type: null"),
            ("description", json!("a&b"), "description must be"),
            (node, json!("../x"), "must be 1 or more ASCII letters"),
        ] {
            let mut broken = request.clone();
            named(service, &mut broken)[field] = value;
            let refused = match service {
                Service::RdsV1 => {
                    serde_json::from_value::<rds_v1::types::CreateBackupRequest>(broken).err()
                }
                Service::RdsV3 => {
                    serde_json::from_value::<rds_v3::types::CreateBackupRequest>(broken).err()
                }
                _ => serde_json::from_value::<shared::types::CreateBackupRequest>(broken).err(),
            };
            let message = refused.map(|e| e.to_string()).unwrap_or_default();
            assert!(message.contains(fault), "{service} {field}: {message:?}");
        }
    }
}

#[tokio::test]
async fn a_call_with_a_broken_value_says_which_and_why_and_sends_nothing() {
    // Port 1 of loopback: a call that got this far would be a communication error.
    let nowhere = "http://127.0.0.1:1";
    let client = taurusdb_v3::Client::new(nowhere, transport());
    let body = |name: &str| {
        let body = taurusdb_v3::types::CreateBackupRequest::builder();
        body.instance_id("07033b125fd94a8a96896f8bcfee6ddain07")
            .name(name)
    };
    let project = project_id(Service::TaurusdbV3);
    let bad_name = client
        .create_backup()
        .project_id(&*project)
        .body(body("abc"))
        .send()
        .await;
    assert_eq!(
        bad_name.unwrap_err().to_string(),
        format!(
            "Invalid Request: body: error converting supplied value for name: {NAME}has 3 characters"
        )
    );
    let bad_project = client
        .create_backup()
        .project_id("..")
        .body(body("abcd"))
        .send()
        .await;
    assert_eq!(
        bad_project.unwrap_err().to_string(),
        "Invalid Request: project_id: project_id must be 1 or more ASCII letters, digits, '-' and '_', \
         but it has '.' as character 1"
    );
    let bad_language = client
        .create_backup()
        .project_id(&*project)
        .x_language("de-de");
    assert_eq!(
        bad_language
            .body(body("abcd"))
            .send()
            .await
            .unwrap_err()
            .to_string(),
        "Invalid Request: x_language: must be one of: zh-cn, en-us"
    );
    let no_body = client.create_backup().project_id(&*project).send().await;
    assert_eq!(
        no_body.unwrap_err().to_string(),
        "Invalid Request: body was not initialized"
    );
    let no_name = taurusdb_v3::types::CreateBackupRequest::builder().instance_id("a");
    let no_name = client
        .create_backup()
        .project_id(&*project)
        .body(no_name)
        .send()
        .await;
    assert_eq!(
        no_name.unwrap_err().to_string(),
        "Invalid Request: body: no value supplied for name"
    );
}

#[test]
fn a_token_with_a_line_break_is_refused_without_repeating_it() {
    let refused = Transport::new(Credentials::token("secret\nvalue"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "token must be one line of ASCII characters, and not empty"
    );
}

/// The hand-written types and the contracts say the same about any text.
#[test]
fn types_and_contracts_agree() {
    let schemas = |name: &str| {
        let all = Service::ALL.iter().map(|&service| schema(service, name));
        all.collect::<Vec<_>>()
    };
    let (names, descriptions) = (schemas("BackupName"), schemas("BackupDescription"));
    let name = r"[a-zA-Z0-9_ü !-]{0,6}|[a-z][a-zA-Z0-9_-]{60,66}|\PC{0,70}";
    let description = r#"[a-zü!<>='&"\n ]{0,4}|[aü💾]{250,260}|\PC{0,260}"#;
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(&(name, description), |(name, description)| {
            for (names, descriptions) in names.iter().zip(&descriptions) {
                let allowed = names.violations(&json!(name)).is_empty();
                prop_assert_eq!(name.parse::<BackupName>().is_ok(), allowed);
                let allowed = descriptions.violations(&json!(description)).is_empty();
                prop_assert_eq!(description.parse::<BackupDescription>().is_ok(), allowed);
            }
            Ok(())
        })
        .unwrap();
}

/// The four modules name the types that they share.
#[test]
fn shared_types_are_one_type() {
    let request = serde_json::from_value::<gaussdb_v3::types::CreateBackupRequest>(
        documented(Service::GaussdbV3).0,
    );
    let same: taurusdb_v3::types::CreateBackupRequest = request.unwrap();
    assert_eq!(same.name.as_str(), "backupwqwq3");
}
