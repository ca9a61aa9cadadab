//! Servers that quote a login, which nobody may read.

use dbbackup::ErrorKind;
use dbbackup::auth::{Credentials, NameOrId, Password};
use dbbackup::transport::Transport;

use super::{Rule, call, client_of};
use crate::support::{Script, assert_no_secret, http, local};

fn password(iam_url: &str) -> Password {
    Password {
        iam_url: iam_url.to_owned(),
        user: NameOrId::Id("0483b6b16e954cb88930a360d2c4e66a".to_owned()),
        domain: None,
        password: "pass\"ü".into(),
        project: NameOrId::Name("eu-de".to_owned()),
    }
}

fn transport(password: Password) -> Transport {
    Transport::with(Credentials::Password(password), local()).unwrap()
}

#[tokio::test]
async fn of_a_refused_login_only_status_and_code_are_shown() {
    for (shown, code) in [
        (r#"{"error": {"message": "no: pass\"\u00fc"}}"#, None),
        ("no: pass\"ü", None),
        (r#"{"error": {"code": 400, "message": "No."}}"#, None),
        (r#"{"error_code": "PASS\"ü", "error_msg": "No."}"#, None),
        (r#"{"error_code": "iam.0011"}"#, None),
        (r#"{"error_code": "IAM.0011 No."}"#, None),
        (r#"{"error_code": "PASSWORDS.1"}"#, None),
        (
            r#"{"error_code": "IAM.0011", "error_msg": "No."}"#,
            Some("IAM.0011"),
        ),
        (r#"{"error_code": "APIGW.0101"}"#, Some("APIGW.0101")),
    ] {
        let answer = http("400 Bad Request", &["x-request-id: 7061737322c3bc"], shown);
        let script = Script::start(vec![answer]).await;
        let url = &script.url;
        let client = client_of(url, transport(password(url)));
        let error = call(&client, Rule::Read).await.unwrap_err();
        assert_eq!((error.code(), error.request_id()), (code, None), "{error}");
        let code = code.map(|code| format!(" {code}")).unwrap_or_default();
        let said = format!(
            "rds-v3 get_job: login: refused with 400{code} by {url}/v3/auth/tokens; check user, domain \
             and password, and project"
        );
        assert_eq!(error.to_string(), said);
    }
}

#[tokio::test]
async fn a_code_that_is_the_password_is_not_shown() {
    let body = r#"{"error_code": "IAM.0011"}"#;
    let script = Script::start(vec![http("400 Bad Request", &[], body)]).await;
    let password = Password {
        password: "Iam.0011".into(),
        ..password(&script.url)
    };
    let client = client_of(&script.url, transport(password));
    let error = call(&client, Rule::Read).await.unwrap_err();
    assert!(!error.to_string().contains("0011"), "{error}");
}

#[tokio::test]
async fn a_url_of_iam_with_a_user_is_refused_and_not_shown() {
    let password = password("https://nightly:secret-of-a-test@iam.example.com/v3");
    let client = client_of("http://127.0.0.1:1", transport(password));
    let error = call(&client, Rule::Read).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("must not have a user"),
        "{error}"
    );
    assert_no_secret(&format!("{error:?}"));
}
