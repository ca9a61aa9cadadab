//! Whether a password of variables is for the login that a cloud describes.

use super::settings::Setting::{self, DomainId, DomainName, IamUrl, Password, UserId, UserName};
use super::settings::Settings;
use super::{endpoints, invalid};
use crate::error::Error;

/// Refuses a password of variables that name another user, domain or URL than the cloud, or may do so.
pub(super) fn demand(cloud: &Settings, variables: &Settings) -> Result<(), Error> {
    demand_same(cloud, variables, &[IamUrl])?;
    demand_same(cloud, variables, &[UserId, UserName])?;
    if cloud.has(UserId) && variables.has(UserId) {
        return Ok(());
    }
    demand_same(cloud, variables, &[DomainId, DomainName])
}

/// Compares what says the same thing in several forms; one form has to be in both.
fn demand_same(cloud: &Settings, variables: &Settings, forms: &[Setting]) -> Result<(), Error> {
    let said = |settings: &Settings| forms.iter().copied().find(|form| settings.has(*form));
    let (Some(own), Some(other)) = (said(cloud), said(variables)) else {
        return Ok(());
    };
    let both = |form: &&Setting| cloud.has(**form) && variables.has(**form);
    let mut both = forms.iter().filter(both).copied().peekable();
    if both.peek().is_none() {
        return Err(refusal(
            (cloud, own),
            (variables, other),
            "cannot be compared with",
        ));
    }
    for form in both {
        let (Some(own), Some(other)) = (cloud.plain(form), variables.plain(form)) else {
            continue;
        };
        if own != other && !(form == IamUrl && endpoints::are_alike(&own, &other)) {
            return Err(refusal((cloud, form), (variables, form), "is not"));
        }
    }
    Ok(())
}

fn refusal(own: (&Settings, Setting), other: (&Settings, Setting), how: &str) -> Error {
    let missing = own.0.name(Password);
    let (own, other) = (own.0.name(own.1), other.0.name(other.1));
    invalid(format!(
        "{missing} is not set, and OS_PASSWORD is for {other}, which {how} {own}: unset {other}, or \
         write the password into secure.yaml"
    ))
}
