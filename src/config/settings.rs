//! What one source says: values by setting, and how the source calls them.

use std::collections::BTreeMap;
use std::ffi::OsString;

use secrecy::{ExposeSecret, SecretString};

use super::invalid;
use crate::auth::{AccessKey, Credentials, NameOrId, Names, Password};
use crate::error::Error;
use crate::service::Product;

/// Something that a source can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Setting {
    AccessKey,
    SecretKey,
    SecurityToken,
    Token,
    UserName,
    UserId,
    Password,
    DomainName,
    DomainId,
    ProjectName,
    ProjectId,
    Region,
    IamUrl,
    Url(Product),
    CaFile,
}

use Setting::{
    AccessKey as Ak, DomainId, DomainName, IamUrl, Password as Pw, ProjectId, ProjectName, Region,
    SecretKey as Sk, SecurityToken, Token, Url, UserId, UserName,
};

/// Settings with the variables that hold them; the first one that is set counts.
pub(super) type Variables = [(Setting, &'static [&'static str])];

/// Our own variables.
pub(super) const DBBACKUP: &Variables = &[
    (Ak, &["DBBACKUP_ACCESS_KEY"]),
    (Sk, &["DBBACKUP_SECRET_KEY"]),
    (SecurityToken, &["DBBACKUP_SECURITY_TOKEN"]),
    (Token, &["DBBACKUP_TOKEN"]),
    (UserName, &["DBBACKUP_USERNAME"]),
    (UserId, &["DBBACKUP_USER_ID"]),
    (Pw, &["DBBACKUP_PASSWORD"]),
    (DomainName, &["DBBACKUP_DOMAIN"]),
    (DomainId, &["DBBACKUP_DOMAIN_ID"]),
    (ProjectName, &["DBBACKUP_PROJECT"]),
    (ProjectId, &["DBBACKUP_PROJECT_ID"]),
    (Region, &["DBBACKUP_REGION"]),
    (IamUrl, &["DBBACKUP_IAM_URL"]),
    (Url(Product::Rds), &["DBBACKUP_RDS_URL"]),
    (Url(Product::TaurusDb), &["DBBACKUP_TAURUSDB_URL"]),
    (Url(Product::GaussDb), &["DBBACKUP_GAUSSDB_URL"]),
];

/// Those of the vendor's SDKs.
pub(super) const HUAWEICLOUD_SDK: &Variables = &[
    (Ak, &["HUAWEICLOUD_SDK_AK"]),
    (Sk, &["HUAWEICLOUD_SDK_SK"]),
    (SecurityToken, &["HUAWEICLOUD_SDK_SECURITY_TOKEN"]),
    (ProjectId, &["HUAWEICLOUD_SDK_PROJECT_ID"]),
    (IamUrl, &["HUAWEICLOUD_SDK_IAM_ENDPOINT"]),
];

/// What one source says.
#[derive(Debug, Default)]
pub(super) struct Settings(BTreeMap<Setting, Said>);

/// What a source says about a setting.
#[derive(Clone, Debug)]
struct Said {
    /// How the source calls it.
    name: String,
    value: Option<SecretString>,
}

impl Settings {
    /// What variables say; one that is empty counts as not set.
    pub(super) fn of_variables(
        variables: &Variables,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        let mut settings = Self::default();
        for (setting, names) in variables {
            let mut said = (names[0], None);
            for name in *names {
                if let Some(value) = text(name, variable)? {
                    said = (name, Some(value.into()));
                    break;
                }
            }
            settings.insert(*setting, said.0.to_owned(), said.1);
        }
        Ok(settings)
    }

    /// Adds a setting with the name that the source has for it.
    pub(super) fn insert(&mut self, setting: Setting, name: String, value: Option<SecretString>) {
        let value = value.and_then(|value| tidy(setting, value));
        self.0.insert(setting, Said { name, value });
    }

    /// Takes a setting of a weaker source if it has none.
    pub(super) fn or(&mut self, setting: Setting, weaker: &Self) {
        if let (None, Some(said)) = (self.value(setting), weaker.0.get(&setting)) {
            self.0.insert(setting, said.clone());
        }
    }

    /// Notes what the source calls a setting.
    pub(super) fn note(&self, names: &mut Names, field: &'static str, setting: Setting) {
        if let Some(said) = self.0.get(&setting) {
            names.add(field, &said.name, said.value.is_some());
        }
    }

    fn value(&self, setting: Setting) -> Option<&SecretString> {
        self.0.get(&setting)?.value.as_ref()
    }

    pub(super) fn has(&self, setting: Setting) -> bool {
        self.value(setting).is_some()
    }

    /// Whether it has any part of credentials.
    pub(super) fn has_credentials(&self) -> bool {
        [Ak, Sk, SecurityToken, Token, UserName, UserId, Pw]
            .iter()
            .any(|s| self.has(*s))
    }

    /// What is not a secret.
    pub(super) fn plain(&self, setting: Setting) -> Option<String> {
        Some(self.value(setting)?.expose_secret().to_owned())
    }

    /// The one of two settings that is there; the id wins.
    pub(super) fn name_or_id(&self, name: Setting, id: Setting) -> Option<NameOrId> {
        let name = || self.plain(name).map(NameOrId::Name);
        self.plain(id).map(NameOrId::Id).or_else(name)
    }

    /// A setting that is needed because of another one.
    fn need(&self, setting: Setting, because: &[Setting]) -> Result<&SecretString, Error> {
        self.value(setting)
            .ok_or_else(|| self.lacks(setting, because))
    }

    fn lacks(&self, setting: Setting, because: &[Setting]) -> Error {
        let there = because.iter().find(|setting| self.has(**setting));
        let there = there.map_or("", |setting| self.name(*setting));
        let missing = self.name(setting);
        invalid(format!(
            "{missing} is not set, but {there} is: set both or neither"
        ))
    }

    /// What the source calls a setting.
    pub(super) fn name(&self, setting: Setting) -> &str {
        self.0.get(&setting).map_or("", |said| &said.name)
    }

    /// What the source calls the parts of [`credentials`](Self::credentials).
    pub(super) fn names_of_credentials(&self) -> Vec<String> {
        let parts: &[Setting] = match () {
            () if self.has(Ak) => &[Ak, Sk, SecurityToken],
            () if self.has(Token) => &[Token],
            () => &[UserId, UserName, Pw, DomainName, DomainId],
        };
        let said = parts.iter().filter_map(|setting| self.0.get(setting));
        let set = said.filter(|said| said.value.is_some());
        set.map(|said| said.name.clone()).collect()
    }

    /// The credentials: a key before a token, and a token before a password.
    ///
    /// `place` gives the URL of IAM and the project, which only a password needs.
    pub(super) fn credentials(
        &self,
        place: impl FnOnce() -> Result<(String, NameOrId), Error>,
    ) -> Result<Credentials, Error> {
        if self.has(Ak) || self.has(Sk) || self.has(SecurityToken) {
            let access_key = self.need(Ak, &[Sk, SecurityToken])?;
            return Ok(Credentials::AccessKey(AccessKey {
                access_key: access_key.expose_secret().to_owned(),
                secret_key: self.need(Sk, &[Ak])?.clone(),
                security_token: self.value(SecurityToken).cloned(),
            }));
        }
        if let Some(token) = self.value(Token) {
            return Ok(Credentials::Token(token.clone()));
        }
        let user = self.name_or_id(UserName, UserId);
        let user = user.ok_or_else(|| self.lacks(UserName, &[Pw]))?;
        let password = self.need(Pw, &[UserId, UserName])?.clone();
        let domain = self.name_or_id(DomainName, DomainId);
        if domain.is_none() && matches!(user, NameOrId::Name(_)) {
            return Err(self.lacks(DomainName, &[UserName]));
        }
        let (iam_url, project) = place()?;
        Ok(Credentials::Password(Password {
            iam_url,
            user,
            domain,
            password,
            project,
        }))
    }
}

/// The value without space around it, which is part of passwords only; none if nothing is left.
fn tidy(setting: Setting, value: SecretString) -> Option<SecretString> {
    let text = value.expose_secret();
    let trimmed = if setting == Pw { text } else { text.trim() };
    match trimmed.len() {
        0 => None,
        length if length == text.len() => Some(value),
        _ => Some(trimmed.into()),
    }
}

/// A variable as text, if it is set and not empty.
pub(super) fn text(
    name: &str,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<String>, Error> {
    let value = variable(name).map(OsString::into_string).transpose();
    // The value itself may be a secret.
    let value = value.map_err(|_| invalid(format!("{name} must be text in UTF-8")))?;
    Ok(value.filter(|value| !value.is_empty()))
}
