//! Calls to IAM: logins, and the search for a project.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use tokio::time::timeout_at;
use tracing::field::Empty;
use tracing::info_span;

use super::Transport;
use super::answer::Answer;
use super::attempts::{Plan, described};
use super::identity::{Identity, Login, Session, TOKEN, show};
use super::retry::Rule;
use crate::auth::remedy::{Asked, remedy, unreached};
use crate::auth::{NameOrId, iam};
use crate::error::{Error, ErrorKind};
use crate::model::ProjectId;

impl Transport {
    /// Adds the token to a request, if there is one; a signature is made for each attempt.
    pub(super) async fn identify(&self, request: &mut Request) -> Result<(), Error> {
        match &self.shared.identity {
            Identity::Token(token) => show(token, request),
            Identity::Password(login) => {
                let session = self.session(login, None).await?;
                show(&session.header, request);
            }
            Identity::AccessKey { .. } => {}
        }
        Ok(())
    }

    pub(super) fn can_renew(&self) -> bool {
        matches!(self.shared.identity, Identity::Password(_))
    }

    /// Puts another token in the place of the one that was refused.
    pub(super) async fn renew(&self, request: &mut Request) -> Result<(), Error> {
        if let Identity::Password(login) = &self.shared.identity {
            let stale = request.headers().get(TOKEN).cloned();
            let session = self.session(login, stale.as_ref()).await?;
            show(&session.header, request);
        }
        Ok(())
    }

    async fn session(&self, login: &Login, stale: Option<&HeaderValue>) -> Result<Session, Error> {
        let session = login.session(stale, || self.log_in(login));
        let late = |_| Error::general(ErrorKind::Network, "login: no token came in time");
        timeout_at(self.deadline(), session).await.map_err(late)?
    }

    async fn log_in(&self, login: &Login) -> Result<Session, Error> {
        let mut url = iam_url(&login.password.iam_url, Asked::Login)?;
        url.set_query(Some("nocatalog=true"));
        let mut request = Request::new(Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        let body = iam::login_body(&login.password)?;
        *request.body_mut() = Some(Bytes::from_owner(body).into());
        let answer = self.ask_iam(Asked::Login, request).await?;
        let token = iam::token(answer.header("x-subject-token"), answer.body());
        let mut token = token.map_err(|error| error.with_context("login"))?;
        // It becomes part of messages, and there is another way to find it.
        token.project = token.project.filter(|id| id.parse::<ProjectId>().is_ok());
        Session::new(&token)
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
        let mut url = iam_url(&iam, Asked::Project)?;
        url.query_pairs_mut().append_pair("name", &name);
        let mut request = Request::new(Method::GET, url);
        super::complete(&mut request, self.shared.options.language);
        self.identify(&mut request).await?;
        let search = self.ask_iam(Asked::Project, request);
        iam::project(&name, search.await?.body())
    }

    /// Sends a request to IAM and takes only an accepted answer.
    async fn ask_iam(&self, asked: Asked, request: Request) -> Result<Answer, Error> {
        let plan = Plan {
            rule: Rule::Read,
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
        // Boxed, because a call that is repeated may log in, which is such a call again.
        let transport = self.unrecorded();
        let repeated = Box::pin(transport.repeat(plan, request));
        let attempt = described(&span, repeated).await;
        let unanswered = |cause| {
            let reach = || unreached(url.as_str(), &self.names);
            self.unanswered(cause).or_remedy(reach).with_context(what)
        };
        let answer = attempt.map_err(unanswered)?;
        let Some(refusal) = answer.refusal(None, Some(url.as_str())) else {
            return Ok(answer);
        };
        let status = answer.status.as_u16();
        let code = refusal.code().unwrap_or_default().to_owned();
        let next = || remedy(asked, url.path(), status, &code, &self.names);
        Err(refusal.or_remedy(next).with_context(what))
    }
}

/// Without a user, which nobody has there, and nobody should read in a message.
fn iam_url(base: &str, asked: Asked) -> Result<Url, Error> {
    let invalid = |what| {
        let message = format!("the URL of IAM must {what}, such as https://iam.example.com");
        Error::general(ErrorKind::InvalidInput, message)
    };
    let url = Url::parse(&iam::url(base, asked)).map_err(|_| invalid("be a whole one"))?;
    match url.username().is_empty() && url.password().is_none() {
        true => Ok(url),
        false => Err(invalid("not have a user")),
    }
}
