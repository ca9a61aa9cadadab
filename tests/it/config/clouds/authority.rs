//! Certificates of an authority that a cloud or a variable names.

use dbbackup::{BackupClient, ErrorKind, Service};
use futures_util::TryStreamExt;
use tokio::task::spawn_blocking;

use super::super::config;
use super::Folder;
use crate::command::dbbackup;
use crate::support::http;
use crate::transport::Authority;

#[tokio::test]
async fn a_server_of_the_authority_is_trusted_and_no_other() {
    let authority = Authority::new("of-a-cloud");
    let answer = http("200 OK", &[], r#"{"instances": [], "total_count": 0}"#);
    let url = authority.serve("127.0.0.1", false, answer).await;
    let folder = Folder::new("clouds-trusted");
    let project = "0483b6b16e954cb88930a360d2c4e663";
    let cloud = |rest: &str| {
        format!(
            "clouds: {{a: {{auth: {{token: t, project_id: {project}}}, \
             rds_endpoint_override: '{url}'{rest}}}}}"
        )
    };
    let file = authority.file.to_str().unwrap();
    let with = folder.write("with.yaml", &cloud(&format!(", cacert: {file}")));
    let without = folder.write("without.yaml", &cloud(""));
    for (clouds, variable, is_trusted) in [
        (&with, None, true),
        (&without, Some(file), true),
        (&without, None, false),
    ] {
        // The library without options of its own, and the command.
        let more = variable.map(|file| ("OS_CACERT", file));
        let variables = folder.variables(clouds, more.as_slice());
        let found = config(&variables).unwrap();
        let client = BackupClient::connect(Service::RdsV3, &found).await;
        let client = client.unwrap();
        let listed: Result<Vec<_>, _> = client.instances().try_collect().await;
        assert_eq!(listed.is_ok(), is_trusted, "{listed:?}");
        if let Err(error) = listed {
            assert_eq!(error.kind(), ErrorKind::Unreachable);
        }
        let mut command = dbbackup(&["instances", "--service", "rds-v3"]);
        command.envs(variables);
        let ran = spawn_blocking(move || command.output()).await;
        let ran = ran.unwrap().unwrap();
        assert_eq!(ran.status.success(), is_trusted, "{ran:?}");
    }
}
