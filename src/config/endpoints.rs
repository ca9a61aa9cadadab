//! Base URLs of the services and of IAM, by region.
//!
//! A host name does not say which product it is: `gaussdb.` means TaurusDB in one region and GaussDB
//! in another. So there is a table, and no guess for a region that is not in it.
//!
//! Sources: Open Telekom Cloud's [regions and endpoints](https://docs.otc.t-systems.com/regions-and-endpoints/index.html),
//! and the regions in the vendor's [SDK](https://github.com/huaweicloud/huaweicloud-sdk-python-v3).

use reqwest::Url;

use crate::error::{Error, ErrorKind};
use crate::service::Product;

/// First parts of a host name, each with the regions where it is that.
type Hosts = [(&'static str, &'static str)];

const RDS: &Hosts = &[(
    "rds",
    "eu-de eu-nl ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 \
     ap-southeast-4 ap-southeast-5 cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-2 \
     cn-north-4 cn-north-9 cn-north-11 cn-north-12 cn-south-1 cn-south-2 cn-south-4 \
     cn-southwest-2 cn-southwest-3 eu-west-0 eu-west-101 la-north-2 la-south-2 me-east-1 \
     my-kualalumpur-1 na-mexico-1 ru-moscow-1 ru-northwest-2 sa-brazil-1 tr-west-1",
)];

const TAURUSDB: &Hosts = &[
    (
        "gaussdb-mysql",
        "eu-de af-south-1 cn-east-5 cn-southwest-3 la-north-2",
    ),
    (
        "gaussdb",
        "ap-southeast-3 ap-southeast-4 cn-east-3 cn-north-2 cn-north-4 cn-north-9 cn-south-1 \
         cn-south-4 cn-southwest-2 ru-northwest-2 sa-brazil-1",
    ),
    (
        "gaussdbformysql",
        "ap-southeast-1 ap-southeast-2 cn-north-11 me-east-1 tr-west-1",
    ),
];

const GAUSSDB: &Hosts = &[
    (
        "gaussdb-opengauss",
        "af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 cn-east-3 \
         cn-north-2 cn-north-4 cn-north-9 cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 \
         la-north-2 la-south-2 ru-northwest-2 sa-brazil-1",
    ),
    (
        "gaussdb",
        "eu-de af-north-1 ap-southeast-5 cn-east-2 cn-east-4 cn-east-5 cn-north-12 me-east-1 \
         tr-west-1",
    ),
];

/// Base URL of a product in a region, if the product is known to be there.
pub(super) fn of_product(product: Product, region: &str) -> Option<String> {
    let hosts = match product {
        Product::Rds => RDS,
        Product::TaurusDb => TAURUSDB,
        Product::GaussDb => GAUSSDB,
    };
    let mut hosts = hosts.iter();
    let (host, _) = hosts.find(|(_, regions)| regions.split(' ').any(|name| name == region))?;
    Some(format!("https://{host}.{region}.{}", domain(region)))
}

/// Base URL of IAM in a region, if one of the products is known to be there.
pub(super) fn iam(region: &str) -> Option<String> {
    let is_there = |product: &Product| of_product(*product, region).is_some();
    let is_known = Product::ALL.iter().any(is_there);
    is_known.then(|| format!("https://iam.{region}.{}", domain(region)))
}

/// The domain of the services in a region.
pub(super) fn domain(region: &str) -> &'static str {
    match region {
        "eu-de" | "eu-nl" => "otc.t-systems.com",
        "eu-west-101" => "myhuaweicloud.eu",
        _ => "myhuaweicloud.com",
    }
}

/// The region in a URL of IAM.
pub(super) fn region_of(iam_url: &str) -> Option<String> {
    let url = Url::parse(iam_url).ok()?;
    let host = url.host_str()?;
    let region = host.strip_prefix("iam.")?.split('.').next()?;
    let known = iam(region)?;
    known
        .ends_with(&format!("//{host}"))
        .then(|| region.to_owned())
}

/// Whether the host of a URL is in the domain of a region.
pub(super) fn is_in_domain_of(url: &str, region: &str) -> bool {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    let below = host.and_then(|host| host.trim_end_matches('.').strip_suffix(domain(region)));
    below.is_some_and(|rest| rest.ends_with('.'))
}

/// Whether two URLs lead to the same IAM.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let base = |url: &str| {
        let url = checked("", url).ok()?;
        Some(url.trim_end_matches("/v3").trim_end_matches('/').to_owned())
    };
    base(one).is_some() && base(one) == base(other)
}

/// A base URL that was given by hand, if it can be one: with or without a path.
pub(super) fn checked(name: &str, text: &str) -> Result<String, Error> {
    let invalid = |rule: &str| {
        let message = format!("{name} must {rule}, such as https://example.com/prefix");
        Error::general(ErrorKind::InvalidInput, message)
    };
    let url = Url::parse(text).map_err(|_| invalid("be a whole URL"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(invalid("begin with https:// or http://"));
    }
    // Such a URL would take its first folder for the host.
    let has_host = |(_, rest): (&str, &str)| rest.starts_with("//") && !rest.starts_with("///");
    if !text.split_once(':').is_some_and(has_host) {
        return Err(invalid("name a host"));
    }
    if text.contains('{') || text.contains("%(") {
        return Err(invalid("not have placeholders"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("not have a user"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("end with its path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
