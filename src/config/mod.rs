//! Where a client goes and who it is: explicit values, the environment, and OpenStack's files.
//!
//! Credentials are taken from the first of these sources that has any part of them:
//!
//! 1. explicit values in [`Config`]
//! 2. `DBBACKUP_ACCESS_KEY`, `DBBACKUP_SECRET_KEY` and `DBBACKUP_SECURITY_TOKEN`; `DBBACKUP_TOKEN`;
//!    `DBBACKUP_USERNAME` or `DBBACKUP_USER_ID`, `DBBACKUP_PASSWORD`, and `DBBACKUP_DOMAIN` or
//!    `DBBACKUP_DOMAIN_ID`
//! 3. `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK` and `HUAWEICLOUD_SDK_SECURITY_TOKEN`
//! 4. with `OS_CLOUD`, this cloud of `clouds.yaml` and `secure.yaml`; without it `OS_ACCESS_KEY`,
//!    `OS_SECRET_KEY` and `OS_SECURITY_TOKEN`; `OS_TOKEN`; `OS_USERNAME`, `OS_PASSWORD` and
//!    `OS_USER_DOMAIN_NAME`, or their ids
//!
//! Within a source a key wins over a token, and a token over a password. A source that has only a
//! part is an error: it was meant, and another one may belong to another account.
//!
//! The project, the region and URLs come from the same source, because they belong to the
//! credentials; explicit values and `DBBACKUP_PROJECT`, `DBBACKUP_PROJECT_ID`, `DBBACKUP_REGION`,
//! `DBBACKUP_IAM_URL`, `DBBACKUP_RDS_URL`, `DBBACKUP_TAURUSDB_URL` and `DBBACKUP_GAUSSDB_URL` win.
//! A project that is not named is the one with the name of the region, and a region that is not
//! named is the one in the URL of IAM.
//!
//! A password or a token of `clouds.yaml` or `OS_*` goes only to an `auth_url` that stands with it, or
//! in the values of the region, or in the profile, and to the services in its domain or at a URL that is
//! given. A project by id with a token needs no `auth_url`, and for an access key, whose signatures are
//! no secrets, the region may stand for it. What else these may say about the login is obeyed or refused.
//!
//! Variables that are empty count as not set.

mod clouds;
mod endpoints;
mod same_login;
mod settings;
mod sources;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::auth::{Credentials, NameOrId, Names};
use crate::error::{Error, ErrorKind};
use crate::service::{Product, Service};
use clouds::Asked;
use settings::{DBBACKUP, Setting, Settings};

/// Where a client goes and who it is.
///
/// # Examples
///
/// ```
/// use dbbackup::{Service, auth::Credentials, config::Config};
///
/// # fn main() -> Result<(), dbbackup::Error> {
/// let config = Config::default()
///     .with_credentials(Credentials::access_key("AK", "SK"))
///     .with_region("eu-de");
/// assert_eq!(config.url(Service::RdsV3)?, "https://rds.eu-de.otc.t-systems.com");
/// assert_eq!(config.iam_url()?, "https://iam.eu-de.otc.t-systems.com");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// Who calls.
    pub credentials: Option<Credentials>,
    /// What the environment calls the parts of the credentials: variables, or keys of a cloud with its
    /// file. Empty for explicit ones; never a value.
    pub found_in: Vec<String>,
    /// What the sources call these values, for messages that say what to correct.
    pub names: Names,
    /// The project of the instances.
    pub project: Option<NameOrId>,
    /// The region of the instances, such as `eu-de` or `cn-north-4`.
    pub region: Option<String>,
    /// Base URL of IAM, with or without `/v3`, in place of that of the region.
    pub iam_url: Option<String>,
    /// Base URLs of products, without the version, in place of those of the region; they may have a
    /// path. Errors name them [as the environment does](Product::url_setting).
    pub urls: BTreeMap<Product, String>,
    /// PEM file with certificates that are trusted besides those of the system: `cacert` of a cloud, or
    /// `OS_CACERT`. A transport of your own takes it as [`Options::ca_file`](crate::transport::Options).
    pub ca_file: Option<PathBuf>,
    /// Where a secret of OpenStack's files or variables may go.
    bound: Option<Bound>,
}

/// A token, or a password that gets one, of OpenStack's files or variables, and the cloud it is for.
#[derive(Clone, Debug)]
struct Bound {
    /// What the source calls the secret and the URL of IAM.
    secret: String,
    iam_name: String,
    iam_url: Option<String>,
}

impl Config {
    /// With credentials.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self.bound = None;
        self
    }

    /// With a region, such as `eu-de`.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// With a project.
    #[must_use]
    pub fn with_project(mut self, project: NameOrId) -> Self {
        self.project = Some(project);
        self
    }

    /// With a base URL of a product, in place of that of the region.
    #[must_use]
    pub fn with_url(mut self, product: Product, url: impl Into<String>) -> Self {
        self.urls.insert(product, url.into());
        self
    }

    /// With a base URL of IAM, in place of that of the region.
    #[must_use]
    pub fn with_iam_url(mut self, url: impl Into<String>) -> Self {
        self.iam_url = Some(url.into());
        self
    }

    /// What the environment says, in the [documented order](self). It reads files, which blocks the
    /// thread for as long as they take.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoCredentials`] when there are none, and [`ErrorKind::InvalidInput`] when some
    /// are incomplete, a file cannot be read, or the region is missing that a password needs.
    pub fn from_env() -> Result<Self, Error> {
        Self::default().or_env()
    }

    /// These values, completed by what the environment says.
    ///
    /// # Errors
    ///
    /// Like [`Config::from_env`].
    pub fn or_env(self) -> Result<Self, Error> {
        self.or_variables(|name| std::env::var_os(name))
    }

    /// Like [`Config::or_env`], with variables that are looked up in another way.
    ///
    /// # Errors
    ///
    /// Like [`Config::from_env`].
    ///
    /// # Examples
    ///
    /// ```
    /// use dbbackup::config::Config;
    ///
    /// # fn main() -> Result<(), dbbackup::Error> {
    /// let config = Config::default().or_variables(|name| match name {
    ///     "OS_TOKEN" => Some("a token from IAM".into()),
    ///     "OS_REGION_NAME" => Some("eu-de".into()),
    ///     _ => None,
    /// })?;
    /// assert_eq!(config.region.as_deref(), Some("eu-de"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn or_variables(
        mut self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        let ours = Settings::of_variables(DBBACKUP, &variable)?;
        self.fill(&ours);
        if self.credentials.is_none() {
            let is_ours = ours.has_credentials();
            let found = if is_ours {
                ours
            } else {
                sources::after_ours(self.asked(), &variable)?
            };
            self.fill(&found);
            self.learn_region();
            self.credentials = Some(found.credentials(|| {
                if !is_ours {
                    self.demand_iam_of(&found)?;
                }
                self.place_of_login()
            })?);
            if !is_ours {
                self.bound = self.bound_by(&found);
            }
            self.found_in = found.names_of_credentials();
            self.names.set_credentials(&self.found_in);
        }
        self.learn_region();
        let iam_url = self.iam_url.as_mut().map(|url| ("iam_url", url));
        let urls = self.urls.iter_mut();
        let urls = urls.map(|(product, url)| (product.url_setting(), url));
        for (name, url) in iam_url.into_iter().chain(urls) {
            *url = endpoints::checked(&self.names.of(name), url)?;
        }
        Ok(self)
    }

    /// Takes what is not there yet, but for credentials.
    fn fill(&mut self, settings: &Settings) {
        for (field, value, setting) in [
            ("region", &mut self.region, Setting::Region),
            ("iam_url", &mut self.iam_url, Setting::IamUrl),
        ] {
            if value.is_none() {
                *value = settings.plain(setting);
                settings.note(&mut self.names, field, setting);
            }
        }
        for &product in Product::ALL {
            if !self.urls.contains_key(&product) {
                let setting = Setting::Url(product);
                let url = settings.plain(setting);
                self.urls.extend(url.map(|url| (product, url)));
                settings.note(&mut self.names, product.url_setting(), setting);
            }
        }
        if self.ca_file.is_none() {
            self.ca_file = settings.plain(Setting::CaFile).map(Into::into);
            settings.note(&mut self.names, "ca_file", Setting::CaFile);
        }
        if self.project.is_none() {
            self.project = settings.name_or_id(Setting::ProjectName, Setting::ProjectId);
            // The id wins.
            for setting in [Setting::ProjectName, Setting::ProjectId] {
                if self.project.is_none() || settings.has(setting) {
                    settings.note(&mut self.names, "project", setting);
                }
            }
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            names: &self.names,
            region: self.region.as_deref(),
            project: self.project.as_ref(),
        }
    }

    fn learn_region(&mut self) {
        if let (None, Some(url)) = (&self.region, &self.iam_url) {
            self.region = endpoints::region_of(url);
        }
    }

    fn place_of_login(&self) -> Result<(String, NameOrId), Error> {
        let project = self.project.clone().or_else(|| self.region_as_project());
        let names = || self.names.of("project");
        let project =
            project.ok_or_else(|| invalid(format!("a login needs a project: set {}", names())))?;
        Ok((self.iam_url()?, project))
    }

    /// Refuses to send a password of OpenStack's files or variables to a host that they do not name.
    fn demand_iam_of(&self, found: &Settings) -> Result<(), Error> {
        let (name, password) = (found.name(Setting::IamUrl), found.name(Setting::Password));
        let Some(own) = found.plain(Setting::IamUrl) else {
            return Err(invalid(format!(
                "{name} is not set, but {password} is: a password goes only to the auth_url that \
                 stands with it: give one, such as https://iam.eu-de.otc.t-systems.com/v3"
            )));
        };
        endpoints::checked(name, &own)?;
        match &self.iam_url {
            Some(other) if !endpoints::are_alike(other, &own) => Err(invalid(format!(
                "{password} is for {name}, and not for another iam_url or DBBACKUP_IAM_URL: unset \
                 this, or set DBBACKUP_USERNAME and DBBACKUP_PASSWORD, too"
            ))),
            _ => Ok(()),
        }
    }

    /// What binds credentials of OpenStack's files or variables; a signature is no secret.
    fn bound_by(&self, found: &Settings) -> Option<Bound> {
        let secret = match self.credentials {
            Some(Credentials::Token(_)) => Setting::Token,
            Some(Credentials::Password(_)) => Setting::Password,
            _ => return None,
        };
        Some(Bound {
            secret: found.name(secret).to_owned(),
            iam_name: found.name(Setting::IamUrl).to_owned(),
            iam_url: found.plain(Setting::IamUrl),
        })
    }

    /// Refuses the host of a region for a secret of another cloud.
    fn demand_own_domain(&self, url_name: &str, region: &str) -> Result<(), Error> {
        let Some(bound) = &self.bound else {
            return Ok(());
        };
        match &bound.iam_url {
            Some(url) if !endpoints::is_in_domain_of(url, region) => Err(invalid(format!(
                "{} is outside of the domain {} of the region {region:?}, to which {} would go: give \
                 the URL of the service in {url_name}",
                bound.iam_name,
                endpoints::domain(region),
                bound.secret,
            ))),
            _ => Ok(()),
        }
    }

    /// The project that each region has from the beginning.
    pub(crate) fn region_as_project(&self) -> Option<NameOrId> {
        self.region.clone().map(NameOrId::Name)
    }

    /// Base URL of a service, without a slash at its end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when there is neither a URL nor a region that has the service,
    /// or the URL cannot be a base URL. Likewise when a token, or a password, of OpenStack's files or
    /// variables has an `auth_url` in another domain than the region.
    pub fn url(&self, service: Service) -> Result<String, Error> {
        let product = service.product();
        let url = self.urls.get(&product).map(String::as_str);
        let name = product.url_setting();
        let in_region = |region: &str| endpoints::of_product(product, region);
        let base = self.base(name, url, service.as_str(), in_region)?;
        if let (None, Some(region)) = (url, &self.region) {
            self.demand_own_domain(&self.names.of(name), region)?;
        }
        Ok(base)
    }

    /// Base URL of IAM, without a slash at its end.
    ///
    /// # Errors
    ///
    /// Like [`Config::url`], and when a token of OpenStack's files or variables has no `auth_url`.
    pub fn iam_url(&self) -> Result<String, Error> {
        if let (None, Some(bound)) = (&self.iam_url, &self.bound) {
            let (name, secret) = (&bound.iam_name, &bound.secret);
            return Err(invalid(format!(
                "{name} is not set, but {secret} is: it goes only to the auth_url that stands with \
                 it: give one, such as https://iam.eu-de.otc.t-systems.com/v3, or the project by its \
                 id, which needs none"
            )));
        }
        self.base("iam_url", self.iam_url.as_deref(), "IAM", endpoints::iam)
    }

    fn base(
        &self,
        name: &'static str,
        url: Option<&str>,
        what: &str,
        in_region: impl FnOnce(&str) -> Option<String>,
    ) -> Result<String, Error> {
        let [in_url, of_region] = [name, "region"].map(|field| self.names.of(field));
        if let Some(url) = url {
            return endpoints::checked(&in_url, url);
        }
        let Some(region) = &self.region else {
            let message = format!("no region: set {of_region}, or the URL of {what} in {in_url}");
            return Err(invalid(message));
        };
        in_region(region).ok_or_else(|| {
            invalid(format!(
                "region {region:?} has no known endpoint of {what}: correct the region ({of_region}), \
                 or set {in_url}"
            ))
        })
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::general(ErrorKind::InvalidInput, message)
}
