//! Which of the sources has the credentials, after explicit values and our own variables.

use std::ffi::OsString;

use super::clouds::{self, Asked};
use super::same_login;
use super::settings::{HUAWEICLOUD_SDK, Setting, Settings, Variables, text};
use crate::error::{Error, ErrorKind};

/// What the sources after our own variables say.
pub(super) fn after_ours(
    asked: Asked<'_>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Settings, Error> {
    let vendors = Settings::of_variables(HUAWEICLOUD_SDK, variable)?;
    if vendors.has_credentials() {
        return Ok(vendors);
    }
    let Some(cloud) = text("OS_CLOUD", variable)? else {
        let openstack = clouds::of_variables(asked, variable)?;
        return if openstack.has_credentials() {
            Ok(openstack)
        } else {
            Err(Error::general(ErrorKind::NoCredentials, NOWHERE))
        };
    };
    let cloud = cloud.trim();
    let mut found = clouds::read(cloud, asked, variable)?;
    let beside = Settings::of_variables(BESIDE_CLOUD, variable)?;
    found.or(Setting::CaFile, &beside);
    let complete = [Setting::Password, Setting::Token, Setting::AccessKey];
    if beside.has(Setting::Password) && !complete.iter().any(|setting| found.has(*setting)) {
        same_login::demand(&found, &clouds::said_by_variables(variable)?)?;
        found.or(Setting::Password, &beside);
    }
    if found.has_credentials() {
        return Ok(found);
    }
    let message = format!(
        "cloud {cloud:?} has no credentials in clouds.yaml and secure.yaml: give ak and sk, token, \
         or username and password below auth"
    );
    Err(Error::general(ErrorKind::NoCredentials, message))
}

/// What variables add to a cloud: people keep their password out of the files.
const BESIDE_CLOUD: &Variables = &[
    (Setting::CaFile, &["OS_CACERT"]),
    (Setting::Password, &["OS_PASSWORD"]),
];

const NOWHERE: &str = "no credentials: looked at the explicit values; DBBACKUP_ACCESS_KEY and \
    DBBACKUP_SECRET_KEY, DBBACKUP_TOKEN, DBBACKUP_PASSWORD; HUAWEICLOUD_SDK_AK and \
    HUAWEICLOUD_SDK_SK; OS_CLOUD for clouds.yaml and secure.yaml; OS_ACCESS_KEY and OS_SECRET_KEY, \
    OS_TOKEN, OS_PASSWORD: set one of them";
