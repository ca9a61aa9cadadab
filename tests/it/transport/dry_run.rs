//! Dry runs: whatever would change something is shown, and not sent.

use dbbackup::emulator::Emulator;
use dbbackup::model::{BackupRef, NewBackup, Restore};
use dbbackup::transport::DryRun;
use dbbackup::{BackupClient, Error, ErrorKind, Operation, Service};

use crate::support::watch;

/// Tries everything that changes something.
async fn changes(client: &BackupClient, backup: &BackupRef) -> [(Operation, Error); 6] {
    let instance = backup.instance.as_ref().unwrap();
    let new = NewBackup::new(instance.clone(), "nightly".parse().unwrap());
    let policy = client.policy(instance).await.unwrap();
    let restore = Restore::backup(backup);
    [
        (Operation::CreateBackup, client.create(&new).await.map(drop)),
        (Operation::DeleteBackup, client.delete(backup).await),
        (
            Operation::DeleteBackups,
            client.delete_many(&[backup]).await.map(drop),
        ),
        (Operation::StopBackup, client.stop(instance).await.map(drop)),
        (
            Operation::SetBackupPolicy,
            client.set_policy(instance, &policy).await,
        ),
        (
            Operation::RestoreInstance,
            client.restore(&restore).await.map(drop),
        ),
    ]
    .map(|(operation, result)| (operation, result.unwrap_err()))
}

#[tokio::test]
async fn every_change_of_every_service_is_shown_in_place_of_sending_it() {
    watch();
    let emulator = Emulator::start().await.unwrap();
    for &service in Service::ALL {
        let instance = &emulator.instances(service)[0];
        let id = &emulator.add_backups(service, instance, 1)[0];
        let backup = BackupRef {
            service,
            instance: Some(instance.parse().unwrap()),
            id: id.parse().unwrap(),
        };
        let project = emulator.project_id().parse().unwrap();
        let transport = emulator.transport().unwrap().dry_run();
        let client = BackupClient::new(service, emulator.url(service), project, transport);
        let tried = changes(&client, &backup).await;
        assert!(Operation::ALL.iter().filter(|o| o.changes()).count() == tried.len());
        for (operation, error) in tried {
            if !service.supports(operation) {
                assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
                continue;
            }
            assert_eq!(error.kind(), ErrorKind::DryRun, "{error}");
            assert_eq!(error.operation(), Some(operation));
            let request = DryRun::of(&error).unwrap();
            assert!(request.url.starts_with(emulator.url(service)), "{request}");
            assert_ne!(request.method, "GET");
        }
    }
    let sent = emulator.requests();
    assert!(
        !sent.is_empty() && sent.iter().all(|request| request.method == "GET"),
        "{sent:?}"
    );
}
