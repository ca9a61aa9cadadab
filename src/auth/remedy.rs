//! The next step after a refusal of IAM, by status and code.
//!
//! Codes: [Open Telekom Cloud](https://docs.otc.t-systems.com/identity-access-management/api-ref/appendix/error_codes.html),
//! [Huawei Cloud](https://support.huaweicloud.com/intl/en-us/api-iam/iam_02_0006.html).

use super::Names;

/// What a URL of IAM looks like.
const LIKE: &str = "https://iam.eu-de.otc.t-systems.com/v3";

/// What IAM is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A token, by user and password.
    Login,
    /// The id of a project.
    Project,
}

impl Asked {
    /// Where IAM has it.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Login => "/v3/auth/tokens",
            Self::Project => "/v3/projects",
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Project => "search for the project",
        }
    }
}

/// What to do about a refusal, in the words of the source that the values are from.
pub(crate) fn remedy(asked: Asked, path: &str, status: u16, code: &str, names: &Names) -> String {
    let url = || url(names);
    let project = || format!("check {}", names.of("project"));
    let caller = || match (names.of_credentials(), asked) {
        (Some(names), _) => format!("check {names}"),
        (None, Asked::Login) => "check user, domain and password".to_owned(),
        (None, Asked::Project) => "check the credentials".to_owned(),
    };
    let administrator = |what: &str| format!("{what}: ask the administrator of the account");
    match (status, code) {
        (_, "IAM.0061") => "the user is locked: wait 15 minutes before the next login".to_owned(),
        (_, "IAM.0062") => format!("the password is wrong: {}", caller()),
        (_, "IAM.1061") => "the user needs a second factor: use an access key".to_owned(),
        (_, "IAM.0063" | "IAM.0066" | "IAM.0067") => {
            format!("the token is not valid, or no longer: {}", caller())
        }
        (_, "IAM.0080" | "IAM.0082") => administrator("the user is disabled"),
        (_, "IAM.0081") => administrator("the user may use the console, but no API"),
        (_, "IAM.0083") => administrator("the user may not use this region"),
        (_, "IAM.0002" | "IAM.0003" | "IAM.0064") => {
            format!("the user may not use this project: {}", project())
        }
        (_, "IAM.0004" | "IAM.1109") => format!("there is no such project: {}", project()),
        (_, "IAM.0012" | "APIGW.0308") | (429, _) => "wait a minute, then try again".to_owned(),
        (401, _) if asked == Asked::Login => format!(
            "{}; a user who is locked or needs a second factor is refused, too",
            caller()
        ),
        (401, _) => caller(),
        (403, _) => format!(
            "the user may not use the API or this project: {}",
            project()
        ),
        (404, _) if path == asked.path() => format!("{}, or {}", project(), url()),
        (300..400 | 404 | 405, _) => url(),
        (400..500, _) => format!("{}, and {}", caller(), names.of("project")),
        _ => "try again later".to_owned(),
    }
}

/// What to do about an IAM that does not answer.
pub(crate) fn unreached(url: &str, names: &Names) -> String {
    let names = names.of("iam_url");
    format!("check that {url} can be reached, also by way of a proxy; its host is from {names}")
}

/// What to do about an answer that is not one of IAM.
pub(crate) fn unreadable(url: &str, names: &Names) -> String {
    let names = names.of("iam_url");
    format!(
        "check that {url} is IAM, and no portal or proxy in its place; its host is from {names}"
    )
}

/// What to do about a project that IAM does not know by its name, or not by that alone.
pub(crate) fn unknown_project(names: &Names) -> String {
    let names = names.of("project");
    format!("give a project of the credentials in {names}, or name it by its id")
}

/// What to do about a URL at which there is no IAM.
fn url(names: &Names) -> String {
    let names = names.of("iam_url");
    format!("correct {names}: the URL of IAM has to look like {LIKE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_without_a_code_is_read_by_its_status_and_path() {
        let cloud = |key: &str| format!("{key} of cloud \"a\" in f");
        let mut names = Names::default();
        names.add("iam_url", &cloud("auth.auth_url"), true);
        names.add("project", &cloud("auth.project_name"), true);
        names.set_credentials(&[cloud("auth.username"), cloud("auth.password")]);
        let said = |status, path| remedy(Asked::Login, path, status, "", &names);
        let whole = "/v3/auth/tokens";
        let url = "correct auth.auth_url of cloud \"a\" in f: the URL of IAM has to look like \
                   https://iam.eu-de.otc.t-systems.com/v3";
        for (status, path) in [(404, "/v2.0/v3/auth/tokens"), (307, whole), (405, whole)] {
            assert_eq!(said(status, path), url);
        }
        let caller = "check auth.username and auth.password of cloud \"a\" in f";
        let project = "check auth.project_name of cloud \"a\" in f";
        assert_eq!(said(404, whole), format!("{project}, or {url}"));
        assert!(said(401, whole).starts_with(caller));
        assert!(said(403, whole).ends_with(project));
        assert_eq!(said(503, whole), "try again later");
    }
}
