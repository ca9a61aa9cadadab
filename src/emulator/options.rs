//! Options of an emulator: its behavior, and the credentials that it accepts.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::faults::RateLimit;
use crate::service::Service;

/// Behavior of an emulator, and the credentials that it accepts.
///
/// `Debug` does not show the password, the secret key and the tokens.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use dbbackup::emulator::Options;
///
/// let slow = Options { build_time: Duration::from_secs(600), ..Options::default() };
/// assert_eq!(slow.delete_time, Duration::from_secs(1));
/// ```
#[derive(Clone, PartialEq)]
pub struct Options {
    /// The only project whose requests are accepted.
    pub project_id: String,
    /// The region, which is also the name of the project.
    pub region: String,
    /// Name of the domain (account) that the user and the project belong to.
    pub domain: String,
    /// Name of the user.
    pub username: String,
    /// Password of the user.
    pub password: String,
    /// Access key (AK) of the user.
    pub access_key: String,
    /// Secret key (SK) of the user.
    pub secret_key: String,
    /// Security token; if it is set, the access key is a temporary one and needs it as
    /// `X-Security-Token`.
    pub security_token: Option<String>,
    /// A token of the project that never expires.
    pub token: String,
    /// Time until a token from a login expires.
    pub token_lifetime: Duration,
    /// Time for which a backup is BUILDING, and that a restore takes.
    pub build_time: Duration,
    /// Time for which a backup is DELETING, for the services that show this state.
    pub delete_time: Duration,
    /// Ids of the instances of a service, in place of the documented ones.
    pub instances: BTreeMap<Service, Vec<String>>,
    /// Speed of the clock: with 60 it runs a minute in each second.
    pub speed: f64,
    /// Address of the first server, which serves RDS; TaurusDB, GaussDB and IAM use the next ports.
    /// With port 0 each uses a free one.
    pub listen: SocketAddr,
    /// Limit on the requests of each server, if there is one.
    pub rate_limit: Option<RateLimit>,
    /// Seed of the random numbers: the same seed and requests give the same faults. If it is not 0, ids
    /// follow from it, too, for the first emulator of a process.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            project_id: "0483b6b16e954cb88930a360d2c4e663".to_owned(),
            region: "eu-de".to_owned(),
            domain: "emulated-domain".to_owned(),
            username: "emulated-user".to_owned(),
            password: "emulated-password".to_owned(),
            access_key: "EMULATEDACCESSKEY".to_owned(),
            secret_key: "emulated-secret-key".to_owned(),
            security_token: None,
            token: "emulated-token".to_owned(),
            token_lifetime: Duration::from_secs(24 * 3600),
            build_time: Duration::from_secs(2),
            delete_time: Duration::from_secs(1),
            instances: BTreeMap::new(),
            speed: 1.0,
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            rate_limit: None,
            seed: 0,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("project_id", &self.project_id)
            .field("region", &self.region)
            .field("domain", &self.domain)
            .field("username", &self.username)
            .field("access_key", &self.access_key)
            .field("is_temporary_key", &self.security_token.is_some())
            .field("token_lifetime", &self.token_lifetime)
            .field("build_time", &self.build_time)
            .field("delete_time", &self.delete_time)
            .field("instances", &self.instances)
            .field("speed", &self.speed)
            .field("listen", &self.listen)
            .field("rate_limit", &self.rate_limit)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
