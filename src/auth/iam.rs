//! What is said to IAM: a login by password, and the search for a project. Pure; the transport sends.
//!
//! Vendor's pages: [login](https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/token_management/obtaining_a_user_token_through_password_authentication.html),
//! [projects](https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/project_management/querying_project_information_based_on_the_specified_criteria.html).

use std::time::Duration;

use jiff::Timestamp;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

use super::remedy::Asked;
use super::{NameOrId, Password};
use crate::error::{Error, ErrorKind};

/// Tokens are renewed this long before they expire, or earlier than that if they live shortly.
const MARGIN: Duration = Duration::from_secs(300);
/// The life of a token that does not tell its end; one that ends before is renewed once it is refused.
const LIFE: Duration = Duration::from_secs(3600);

/// Base URL of IAM, with or without `/v3`, with the path of what is asked for.
pub(crate) fn url(iam_url: &str, asked: Asked) -> String {
    let base = iam_url.trim_end_matches('/').trim_end_matches("/v3");
    format!("{}{}", base.trim_end_matches('/'), asked.path())
}

/// A token of a project.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: SecretString,
    /// Time from its arrival until it should be renewed.
    pub(crate) life: Duration,
    /// Id of its project.
    pub(crate) project: Option<String>,
}

/// Body of a login. It holds the password, so it is made in one piece and wiped when dropped.
pub(crate) fn login_body(login: &Password) -> Result<Zeroizing<Vec<u8>>, Error> {
    let named = |name: &NameOrId| match name {
        NameOrId::Name(name) => json!({ "name": name }),
        NameOrId::Id(id) => json!({ "id": id }),
    };
    if let (NameOrId::Name(_), None) = (&login.user, &login.domain) {
        let message = "a user that is given by name needs a domain, by name or id";
        return Err(Error::general(ErrorKind::InvalidInput, message));
    }
    let mut user = named(&login.user);
    if let (NameOrId::Name(_), Some(domain)) = (&login.user, &login.domain) {
        user["domain"] = named(domain);
    }
    let scope = json!({ "project": named(&login.project) });
    let body = Body {
        auth: Auth {
            identity: Identity {
                methods: ["password"],
                password: WithUser {
                    user: User {
                        name: &user,
                        password: login.password.expose_secret(),
                    },
                },
            },
            scope: &scope,
        },
    };
    // Enough for any escapes, so that the text does not move and leave a copy behind.
    let room = 6 * login.password.expose_secret().len() + user.to_string().len();
    let mut text = Zeroizing::new(Vec::with_capacity(room + scope.to_string().len() + 256));
    match serde_json::to_writer(&mut *text, &body) {
        Ok(()) => Ok(text),
        Err(_) => Err(Error::general(
            ErrorKind::InvalidInput,
            "the login cannot be written as JSON",
        )),
    }
}

#[derive(Serialize)]
struct Body<'a> {
    auth: Auth<'a>,
}

#[derive(Serialize)]
struct Auth<'a> {
    identity: Identity<'a>,
    scope: &'a Value,
}

#[derive(Serialize)]
struct Identity<'a> {
    methods: [&'static str; 1],
    password: WithUser<'a>,
}

#[derive(Serialize)]
struct WithUser<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    #[serde(flatten)]
    name: &'a Value,
    password: &'a str,
}

/// The token in an accepted login.
pub(crate) fn token(header: Option<&str>, body: &[u8]) -> Result<Token, Error> {
    let text = header.map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| unreadable("no header X-Subject-Token"))?;
    let answer = answer(body)?;
    let token = only(&answer["token"]);
    let time = |name| part(token, name)?.trim().parse::<Timestamp>().ok();
    // By the clock of IAM where it can be had: that of this machine may be wrong.
    let issued = time("issued_at").unwrap_or_else(Timestamp::now);
    let life = time("expires_at").map(|expires| expires.duration_since(issued));
    let life = life.map_or(LIFE, |life| Duration::try_from(life).unwrap_or_default());
    Ok(Token {
        text: text.into(),
        life: life - MARGIN.min(life / 10),
        project: part(only(&token["project"]), "id"),
    })
}

/// Id of the project with a name, out of those in an answer.
pub(crate) fn project(name: &str, body: &[u8]) -> Result<String, Error> {
    let answer = answer(body)?;
    let projects = match &answer["projects"] {
        Value::Array(projects) => projects.as_slice(),
        only @ Value::Object(_) => std::slice::from_ref(only),
        _ => return Err(unreadable("no list of projects")),
    };
    let named = projects.iter().filter(|project| {
        // One that has no name, or another form, is not the wanted one.
        part(project, "name").as_deref() == Some(name)
    });
    let mut named = named.filter_map(|project| part(project, "id"));
    match (named.next(), named.next()) {
        (Some(id), None) => Ok(id),
        (None, _) => Err(Error::general(
            ErrorKind::NotFound,
            format!("IAM knows no project {name:?} of these credentials"),
        )),
        (Some(_), Some(_)) => Err(Error::general(
            ErrorKind::InvalidInput,
            format!("IAM knows several projects {name:?}"),
        )),
    }
}

fn answer(body: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(body).map_err(|_| unreadable("a body that is no JSON"))
}

/// A value that may be in a list of its own.
fn only(value: &Value) -> &Value {
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => value,
    }
}

/// A text of an answer; one that has another form is not worth the login.
fn part(of: &Value, name: &str) -> Option<String> {
    match &of[name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn unreadable(what: &str) -> Error {
    let message = format!("the answer of IAM has {what}");
    Error::general(ErrorKind::UnreadableAnswer, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Password {
        Password {
            iam_url: String::new(),
            user: NameOrId::Name("nightly".to_owned()),
            domain: Some(NameOrId::Name("OTC00".to_owned())),
            password: "a\"\u{1}b".into(),
            project: NameOrId::Name("eu-de".to_owned()),
        }
    }

    fn body(login: &Password) -> Value {
        let text = login_body(login).unwrap_or_default();
        assert!(text.len() < text.capacity(), "it has not moved");
        serde_json::from_slice(&text).unwrap_or_default()
    }

    #[test]
    fn a_login_names_user_domain_and_project_by_name_or_id() {
        let mut login = login();
        let user =
            json!({ "name": "nightly", "domain": { "name": "OTC00" }, "password": "a\"\u{1}b" });
        let whole = json!({ "auth": {
            "identity": { "methods": ["password"], "password": { "user": user } },
            "scope": { "project": { "name": "eu-de" } },
        } });
        assert_eq!(body(&login), whole);
        login.domain = Some(NameOrId::Id("d1".to_owned()));
        login.project = NameOrId::Id("p1".to_owned());
        let by_id = body(&login);
        assert_eq!(by_id["auth"]["scope"]["project"], json!({ "id": "p1" }));
        let user = |body: &Value| body["auth"]["identity"]["password"]["user"].clone();
        assert_eq!(user(&by_id)["domain"], json!({ "id": "d1" }));
        login.user = NameOrId::Id("u1".to_owned());
        let with_id = json!({ "id": "u1", "password": "a\"\u{1}b" });
        assert_eq!(user(&body(&login)), with_id);
    }

    #[test]
    fn a_named_user_needs_a_domain() {
        let login = Password {
            domain: None,
            ..login()
        };
        let error = login_body(&login).err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("needs a domain")));
    }

    #[test]
    fn a_token_lives_until_shortly_before_it_expires_by_the_clock_of_iam() {
        let life = |issued: &str, expires: &str| {
            let body = json!({ "token": { "issued_at": issued, "expires_at": expires } });
            token(Some("t"), body.to_string().as_bytes()).map(|token| token.life.as_secs())
        };
        let day = life("2001-01-01T00:00:00.000000Z", "2001-01-02T00:00:00.000000Z");
        assert_eq!(day.ok(), Some(24 * 3600 - 300));
        let minute = life("2001-01-01T00:00:00Z", "2001-01-01T00:01:00Z");
        assert_eq!(minute.ok(), Some(54));
        let never = life("2001-01-01T00:00:00Z", "2000-01-01T00:00:00Z");
        assert_eq!(never.ok(), Some(0));
        assert_eq!(life("", "soon").ok(), Some(3600 - 300));
    }

    #[test]
    fn an_odd_part_of_an_answer_takes_no_other_away() {
        let body = json!({ "token": { "expires_at": ["2001-01-02T00:00:00Z"], "issued_at": {},
            "project": { "id": 4711, "name": {} } } });
        let read = token(Some("t"), body.to_string().as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(
            (read.life.as_secs(), read.project.as_deref()),
            (3600 - 300, Some("4711"))
        );
        let body = json!({ "projects": [null, { "id": "a", "name": [] }, 7, { "id": "b", "name": "eu-de" }] });
        let found = project("eu-de", body.to_string().as_bytes());
        assert_eq!(found.ok().as_deref(), Some("b"));
        let body = json!({ "token": [{ "project": [{ "id": "p1" }] }] });
        let read = token(Some("t"), body.to_string().as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(read.project.as_deref(), Some("p1"));
        let body = json!({ "projects": { "id": "b", "name": "eu-de" } });
        let found = project("eu-de", body.to_string().as_bytes());
        assert_eq!(found.ok().as_deref(), Some("b"));
        for body in [json!([]), json!({ "projects": 7 }), json!(null)] {
            assert!(
                project("eu-de", body.to_string().as_bytes()).is_err(),
                "{body}"
            );
            let read = token(Some("t"), body.to_string().as_bytes());
            assert_eq!(read.ok().and_then(|token| token.project), None);
        }
    }

    #[test]
    fn paths_of_iam_follow_any_spelling_of_its_url() {
        for base in [
            "https://iam",
            "https://iam/",
            "https://iam/v3",
            "https://iam/v3/",
        ] {
            assert_eq!(url(base, Asked::Login), "https://iam/v3/auth/tokens");
        }
    }
}
