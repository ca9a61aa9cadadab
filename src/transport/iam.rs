//! Calls to IAM: logins, and the search for a project.

use reqwest::Request;
use reqwest::header::HeaderValue;
use tokio::time::timeout_at;
use tracing::field::Empty;
use tracing::info_span;

use super::attempts::{Plan, described};
use super::retry::Rule;
use super::{Transport, recorded};
use crate::auth::identity::Identity;
use crate::auth::login::{Login, Session, project_request};
use crate::auth::remedy::{Asked, remedy, unknown_project, unreached, unreadable};
use crate::auth::{NameOrId, iam};
use crate::error::{Error, ErrorKind};

impl Transport {
    /// A token that is not the stale one.
    pub(super) async fn session(
        &self,
        login: &Login,
        stale: Option<&HeaderValue>,
    ) -> Result<Session, Error> {
        let url = iam::url(&login.password.iam_url, Asked::Login);
        let session = login.session(stale, |request| self.ask_iam(Asked::Login, request));
        let late = |_| Error::general(ErrorKind::NoAnswer, "login: no token came in time");
        let session = timeout_at(self.deadline(), session).await.map_err(late)?;
        session.map_err(|error| self.unusable(&url, error))
    }

    /// Id of the wanted project, or of that of the login.
    ///
    /// `place` gives the URL of IAM and a name, in case that the project has to be looked for.
    pub(crate) async fn find_project(
        &self,
        wanted: Option<&NameOrId>,
        place: impl FnOnce() -> Result<(String, String), Error>,
    ) -> Result<String, Error> {
        let Identity::Password(login) = &self.shared.identity else {
            return self.look_for_project(wanted, place).await;
        };
        let of_login = &login.password.project;
        let is_same = wanted.is_none_or(|wanted| wanted == of_login);
        if let (true, NameOrId::Id(id)) = (is_same, of_login) {
            return Ok(id.clone());
        }
        let logged_in = self.session(login, None).await?.project;
        let found = match &logged_in {
            Some(project) if is_same => project.clone(),
            _ => self.look_for_project(wanted, place).await?,
        };
        match logged_in {
            Some(project) if project != found => {
                let message = format!(
                    "the credentials log in to project {project}, but the configuration wants \
                     {found}: make them the same"
                );
                Err(Error::general(ErrorKind::InvalidInput, message))
            }
            _ => Ok(found),
        }
    }

    async fn look_for_project(
        &self,
        wanted: Option<&NameOrId>,
        place: impl FnOnce() -> Result<(String, String), Error>,
    ) -> Result<String, Error> {
        if let Some(NameOrId::Id(id)) = wanted {
            return Ok(id.clone());
        }
        let (iam, name) = place()?;
        let mut request = project_request(&iam, &name)?;
        super::complete(&mut request, self.shared.options.language);
        self.identify(&mut request).await?;
        let search = self.ask_iam(Asked::Project, request);
        let found = iam::project(&name, search.await?.body());
        found.map_err(|error| match error.kind() {
            ErrorKind::UnreadableAnswer => self.unusable(
                &iam::url(&iam, Asked::Project),
                error.with_context(Asked::Project.as_str()),
            ),
            _ => error.or_remedy(|| unknown_project(&self.names)),
        })
    }

    /// A failure with the next step, if an answer is not one of IAM.
    fn unusable(&self, url: &str, error: Error) -> Error {
        match error.kind() {
            ErrorKind::UnreadableAnswer => error.or_remedy(|| unreadable(url, &self.names)),
            _ => error,
        }
    }

    /// Sends a request to IAM and takes only an accepted answer.
    async fn ask_iam(
        &self,
        asked: Asked,
        request: Request,
    ) -> Result<http::Response<Vec<u8>>, Error> {
        let plan = Plan {
            rule: Rule::Read,
            attempts: self.shared.options.attempts.max(1),
            has_identity: asked != Asked::Login,
            deadline: self.deadline(),
        };
        let what = asked.as_str();
        let mut url = request.url().clone();
        url.set_query(None);
        let span = info_span!(
            "iam",
            operation = what,
            status = Empty,
            request_id = Empty,
            duration_ms = Empty,
        );
        // With a record of its own, for it is no attempt of the call that needs it. Boxed, because a call
        // that is repeated may log in, which is such a call again.
        let repeated = recorded(plan.deadline, Box::pin(self.repeat(plan, request)));
        let attempt = described(&span, async { repeated.await.0 }).await;
        let unanswered = |cause| {
            let reach = || unreached(url.as_str(), &self.names);
            self.unanswered(cause).or_remedy(reach).with_context(what)
        };
        let answer = attempt.map_err(unanswered)?;
        let Some(refusal) = answer.refusal(None, Some(url.as_str())) else {
            return Ok(answer.into_http());
        };
        let status = answer.status.as_u16();
        let code = refusal.code().unwrap_or_default().to_owned();
        let next = || remedy(asked, url.path(), status, &code, &self.names);
        Err(refusal.or_remedy(next).with_context(what))
    }
}
