//! Base URLs by service and region, and those that are given by hand.

use dbbackup::config::Config;
use dbbackup::{ErrorKind, Product, Service};

/// The regions of each host name, as the vendor's SDKs and pages have them.
const HOSTS: [(Service, &str, &str); 9] = [
    (Service::RdsV3, "rds.{}.otc.t-systems.com", "eu-de eu-nl"),
    (
        Service::RdsV3,
        "rds.{}.myhuaweicloud.com",
        "ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 \
         ap-southeast-4 ap-southeast-5 cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 \
         cn-north-2 cn-north-4 cn-north-9 cn-north-11 cn-north-12 cn-south-1 cn-south-2 cn-south-4 \
         cn-southwest-2 cn-southwest-3 eu-west-0 la-north-2 la-south-2 me-east-1 my-kualalumpur-1 \
         na-mexico-1 ru-moscow-1 ru-northwest-2 sa-brazil-1 tr-west-1",
    ),
    (Service::RdsV3, "rds.{}.myhuaweicloud.eu", "eu-west-101"),
    (
        Service::TaurusdbV3,
        "gaussdb-mysql.{}.otc.t-systems.com",
        "eu-de",
    ),
    (
        Service::TaurusdbV3,
        "gaussdb.{}.myhuaweicloud.com",
        "ap-southeast-3 ap-southeast-4 cn-east-3 cn-north-2 cn-north-4 cn-north-9 cn-south-1 \
         cn-south-4 cn-southwest-2 ru-northwest-2 sa-brazil-1",
    ),
    (
        Service::TaurusdbV3,
        "gaussdbformysql.{}.myhuaweicloud.com",
        "ap-southeast-1 ap-southeast-2 cn-north-11 me-east-1 tr-west-1",
    ),
    (
        Service::TaurusdbV3,
        "gaussdb-mysql.{}.myhuaweicloud.com",
        "af-south-1 cn-east-5 cn-southwest-3 la-north-2",
    ),
    (Service::GaussdbV3, "gaussdb.{}.otc.t-systems.com", "eu-de"),
    (
        Service::GaussdbV3,
        "gaussdb.{}.myhuaweicloud.com",
        "af-north-1 ap-southeast-5 cn-east-2 cn-east-4 cn-east-5 cn-north-12 me-east-1 tr-west-1",
    ),
];
const OPENGAUSS: &str = "af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 \
    cn-east-3 cn-north-2 cn-north-4 cn-north-9 cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 \
    la-north-2 la-south-2 ru-northwest-2 sa-brazil-1";

fn in_region(region: &str) -> Config {
    Config::default().with_region(region)
}

#[test]
fn each_region_has_the_documented_hosts() {
    let opengauss = (
        Service::GaussdbV3,
        "gaussdb-opengauss.{}.myhuaweicloud.com",
        OPENGAUSS,
    );
    for (service, host, regions) in HOSTS.into_iter().chain([opengauss]) {
        for region in regions.split_whitespace() {
            let url = format!("https://{}", host.replace("{}", region));
            assert_eq!(in_region(region).url(service).unwrap(), url);
        }
    }
    // Both versions of RDS share a host, and there are 34 regions of Huawei Cloud and 2 of OTC.
    let regions: Vec<&str> = HOSTS[..3]
        .iter()
        .flat_map(|(.., r)| r.split_whitespace())
        .collect();
    assert_eq!(regions.len(), 36);
    for region in regions {
        let config = in_region(region);
        assert_eq!(
            config.url(Service::RdsV1).unwrap(),
            config.url(Service::RdsV3).unwrap()
        );
        let iam = config
            .url(Service::RdsV3)
            .unwrap()
            .replace("//rds.", "//iam.");
        assert_eq!(config.iam_url().unwrap(), iam);
    }
}

#[test]
fn a_region_without_the_service_is_refused_with_the_way_out() {
    for (service, region, field) in [
        (Service::RdsV3, "eu-de-1", "rds_url"),
        (Service::RdsV1, "", "rds_url"),
        (Service::TaurusdbV3, "eu-nl", "taurusdb_url"),
        (Service::GaussdbV3, "cn-north-1", "gaussdb_url"),
    ] {
        let error = in_region(region).url(service).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.contains(&format!("{region:?} has no known endpoint")),
            "{text}"
        );
        assert!(
            text.ends_with(&format!("correct the region (region), or set {field}"))
                && text.contains(service.as_str()),
            "{text}"
        );
    }
    let error = Config::default()
        .url(Service::RdsV3)
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "no region: set region, or the URL of rds-v3 in rds_url"
    );
}

#[test]
fn what_is_to_be_set_counts_with_the_source_of_the_credentials() {
    let error = |variables| {
        let found = super::config(variables).unwrap();
        found.url(Service::RdsV3).unwrap_err().to_string()
    };
    let url = "or set rds_url, DBBACKUP_RDS_URL or OS_RDS_ENDPOINT_OVERRIDE";
    for (variables, words) in [
        (
            &[("DBBACKUP_TOKEN", "t")][..],
            "set region or DBBACKUP_REGION, or the URL of rds-v3 in rds_url or DBBACKUP_RDS_URL",
        ),
        (
            &[("OS_TOKEN", "t")],
            "set region, DBBACKUP_REGION or OS_REGION_NAME, or",
        ),
        (
            &[("OS_TOKEN", "t"), ("OS_REGION_NAME", "mars-1")],
            "correct the region (OS_REGION_NAME), or set rds_url, DBBACKUP_RDS_URL or OS_RDS_ENDPOINT_OVERRIDE",
        ),
        (&[("OS_TOKEN", "t"), ("DBBACKUP_REGION", "mars-1")], url),
    ] {
        let said = error(variables);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn any_endpoint_can_be_overridden() {
    let url = "http://127.0.0.1:8080/prefix//";
    let config = Product::ALL
        .iter()
        .fold(in_region("eu-de"), |config, &product| {
            config.with_url(product, url)
        });
    let config = config.with_iam_url(url);
    for &service in Service::ALL {
        assert_eq!(config.url(service).unwrap(), "http://127.0.0.1:8080/prefix");
    }
    assert_eq!(config.iam_url().unwrap(), "http://127.0.0.1:8080/prefix");
}

#[test]
fn what_cannot_be_a_base_url_is_refused() {
    for (url, rule) in [
        ("rds.example.com", "must be a whole URL"),
        ("", "must be a whole URL"),
        (
            "ftp://rds.example.com",
            "must begin with https:// or http://",
        ),
        ("https:///v3", "must name a host"),
        ("https:/v3", "must name a host"),
        (
            "https://rds.example.com/v3/%(project_id)s",
            "must not have placeholders",
        ),
        (
            "https://user:secret-of-a-test@rds.example.com",
            "must not have a user",
        ),
        ("https://rds.example.com/?a=1", "must end with its path"),
        ("https://rds.example.com/#top", "must end with its path"),
    ] {
        let config = Config::default().with_url(Product::Rds, url);
        let error = config.url(Service::RdsV3).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("rds_url {rule}")),
            "{url}: {text}"
        );
        assert!(!text.contains("secret-of-a-test"), "{text}");
    }
}
