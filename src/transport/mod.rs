//! What happens between a client and the network: credentials, budget, attempts, errors.
//!
//! All clients carry a [`Transport`]. Whether a call is sent again, it decides by this table:
//!
//! | what became of an attempt | read | delete | change |
//! | --- | --- | --- | --- |
//! | no connection: nothing was sent | again | again | again |
//! | a certificate that is not trusted, a URL that cannot be used: nothing was sent | stop | stop | stop |
//! | the connection broke, or the time was up | again | again | stop |
//! | an accepted call whose answer broke off | again | stop | stop |
//! | 500, 502, 503, 504 | again | again | stop |
//! | 3xx, 408 or any other 5xx, whatever the code | as below | as below | stop |
//! | 429, or `APIGW.0308` | again | again | again |
//! | 401, `APIGW.0307` or `DBS.280056`, with a password | again with a new token, once | likewise | likewise |
//! | anything else | stop | stop | stop |
//!
//! Reads are the lists, policies and jobs; a *delete* deletes one backup; everything else is a
//! change, which is sent again only when the service surely did not act. `Retry-After` (seconds or
//! a date) sets the pause, otherwise it grows with each attempt; a pause that would end after the
//! call's time limit is not begun. A backup that is not found counts as deleted after an attempt
//! whose outcome was unknown.
//!
//! After a delete or a change that has failed [`Error::may_have_acted`] says whether the service may have
//! done it all the same: one of the attempts broke off, was lost, or was answered with 3xx, 408 or 5xx,
//! or it was accepted with an answer that cannot be read or has an error in place of a result.

mod answer;
mod attempts;
mod call;
mod dry_run;
mod headers;
mod iam;
mod limit;
mod options;
mod reach;
mod retry;
mod secrets;
mod sources;
mod spellings;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Request;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::auth::identity::{Identity, TOKEN, add_token};
use crate::auth::{Credentials, Names};
use crate::error::Error;
use crate::lock::lock;
use crate::service::{Operation, Service};
use limit::Budget;

pub(crate) use attempts::pauses;
pub(crate) use call::{CallRecord, recorded};
pub use dry_run::DryRun;
pub use options::{Language, Options};
pub use reach::Reached;

/// Connections, credentials and budget, shared by all clients that get a clone.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), dbbackup::Error> {
/// use dbbackup::{api::rds_v3, auth::Credentials, transport::Transport};
///
/// let transport = Transport::new(Credentials::token("a token from IAM"))?;
/// let client = rds_v3::Client::new("https://rds.eu-de.otc.t-systems.com", transport);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Transport {
    shared: Arc<Shared>,
    /// Sent as `X-Project-Id` with a signature.
    project: Option<HeaderValue>,
    attempts: u32,
    time_limit: Duration,
    /// Whether changes are not sent.
    is_dry: bool,
    /// Of what the credentials and URLs are from.
    names: Arc<Names>,
}

#[derive(Debug)]
struct Shared {
    http: reqwest::Client,
    options: Options,
    identity: Identity,
    /// Passwords and tokens for the proxies.
    of_proxies: Vec<SecretString>,
    /// By host.
    budgets: Mutex<HashMap<String, Budget>>,
}

impl Transport {
    /// Transport with the default [`Options`].
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for credentials that cannot be sent, and
    /// [`Unreachable`](crate::ErrorKind::Unreachable) when TLS cannot be set up on this machine.
    pub fn new(credentials: Credentials) -> Result<Self, Error> {
        Self::with(credentials, Options::default())
    }

    /// Transport with other options.
    ///
    /// # Errors
    ///
    /// Like [`Transport::new`], and [`InvalidInput`](crate::ErrorKind::InvalidInput) for a file of
    /// certificates that cannot be used.
    pub fn with(credentials: Credentials, options: Options) -> Result<Self, Error> {
        Ok(Self {
            project: None,
            attempts: options.attempts.max(1),
            time_limit: options.time_limit,
            is_dry: false,
            names: Arc::default(),
            shared: Arc::new(Shared {
                http: options.client()?,
                identity: Identity::new(credentials)?,
                of_proxies: options.proxy_secrets(),
                budgets: Mutex::default(),
                options,
            }),
        })
    }

    /// A transport for the calls of one project.
    ///
    /// A generated client takes the project of its calls from here unless they name one. The project is
    /// also sent as `X-Project-Id` along with signatures, which Huawei Cloud wants where an account has
    /// several. A [`BackupClient`](crate::BackupClient) does this by itself.
    #[must_use]
    pub fn for_project(mut self, project: &crate::model::ProjectId) -> Self {
        // An id has only characters that a header may have.
        self.project = HeaderValue::from_str(project.as_str()).ok();
        self
    }

    /// The project of calls that name none.
    pub(crate) fn project(&self) -> Option<crate::model::ProjectId> {
        self.project.as_ref()?.to_str().ok()?.parse().ok()
    }

    /// A transport whose calls take no longer than this, with all attempts.
    #[must_use]
    pub fn with_time_limit(mut self, time_limit: Duration) -> Self {
        self.time_limit = time_limit;
        self
    }

    /// How long a call may take with all attempts.
    pub(crate) fn time_limit(&self) -> Duration {
        self.time_limit
    }

    /// A transport that makes one attempt for each call.
    #[must_use]
    pub fn without_retries(mut self) -> Self {
        self.attempts = 1;
        self
    }

    /// A transport that reads, but fails with [`DryRun`](crate::ErrorKind::DryRun) in place of the first
    /// request that would change something.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{BackupClient, Operation, Service};
    /// use dbbackup::{emulator::Emulator, model::NewBackup, transport::DryRun};
    ///
    /// let emulator = Emulator::start().await?;
    /// let (service, project) = (Service::TaurusdbV3, emulator.project_id().parse()?);
    /// let transport = emulator.transport()?.dry_run();
    /// let client = BackupClient::new(service, emulator.url(service), project, transport);
    /// let new = NewBackup::new("07033b125fd94a8a96896f8bcfee6ddain07".parse()?, "nightly".parse()?);
    /// let error = client.create(&new).await.unwrap_err();
    /// let request = DryRun::of(&error).ok_or("something else has failed")?;
    /// assert_eq!(request.method, "POST");
    /// assert_eq!(emulator.calls((service, Operation::CreateBackup)), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.is_dry = true;
        self
    }

    /// When what begins now must end: with the call that it belongs to, if there is one.
    fn deadline(&self) -> Instant {
        call::deadline().unwrap_or_else(|| after(self.time_limit))
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// Completes a request that a generated client built, and waits until it may be sent.
    pub(crate) async fn prepare(
        &self,
        service: Service,
        operation_id: &str,
        request: &mut Request,
    ) -> Result<(), String> {
        complete(request, self.shared.options.language);
        let operation = Operation::with_id(operation_id);
        let ready = async {
            if self.is_dry && operation.is_none_or(Operation::changes) {
                return Err(DryRun::instead_of(request));
            }
            self.identify(request).await?;
            self.pause(request, Duration::ZERO, self.deadline()).await
        };
        let Err(failure) = ready.await else {
            return Ok(());
        };
        let failure = match operation {
            Some(operation) => failure.with_call(service, operation),
            None => failure,
        };
        let reason = failure.to_string();
        call::note(|record| record.failure = Some(failure));
        Err(reason)
    }

    /// Adds the token to a request, if there is one; the one that it has was refused. A signature is
    /// made for each attempt.
    pub(super) async fn identify(&self, request: &mut Request) -> Result<(), Error> {
        match &self.shared.identity {
            Identity::Token(token) => add_token(token, request),
            Identity::Password(login) => {
                let stale = request.headers().get(TOKEN).cloned();
                let session = self.session(login, stale.as_ref()).await?;
                add_token(&session.header, request);
            }
            Identity::AccessKey { .. } => {}
        }
        Ok(())
    }
}

impl Shared {
    /// Takes a place in the budget of a host, and gives the time from `now` until then.
    fn reserve(
        &self,
        host: &str,
        now: std::time::Instant,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        let Some(most) = self.options.calls_per_minute.or(limit::documented(host)) else {
            return Ok(Duration::ZERO);
        };
        let mut budgets = lock(&self.budgets);
        let budget = budgets
            .entry(host.to_owned())
            .or_insert_with(|| Budget::new(most));
        budget.reserve(now, patience)
    }
}

/// When a limit that begins now is over.
pub(crate) fn after(limit: Duration) -> Instant {
    // Longer than anybody waits, and short enough to be added to any time.
    const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);
    Instant::now() + limit.min(FOREVER)
}

/// Brings a generated request into the form that the services expect.
fn complete(request: &mut Request, language: Language) {
    let has_no_body = request.method() == reqwest::Method::POST && request.body().is_none();
    // A space travels as the vendor's clients send and sign it.
    if let Some(query) = request.url().query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        request.url_mut().set_query(Some(&query));
    }
    let headers = request.headers_mut();
    // The generator sends the version of the contract, which the services do not know.
    headers.remove("api-version");
    // Some gateways refuse a POST without a body that does not say so.
    if has_no_body {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let language = HeaderValue::from_static(language.as_str());
    headers.entry("x-language").or_insert(language);
}
