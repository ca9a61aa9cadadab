//! What is refused before any call.

use dbbackup::model::{BackupFilter, NewBackup, Policy, Restore};
use dbbackup::{ErrorKind, Operation, Service};
use futures_util::TryStreamExt;
use jiff::civil::{Weekday, time};

use super::{emulator, instance};

/// Whether the service has the operation; if not, the refusal must say so and name who has it.
pub(crate) fn has<T>(
    service: Service,
    operation: Operation,
    result: Result<T, dbbackup::Error>,
) -> Option<T> {
    if service.supports(operation) {
        return Some(result.unwrap_or_else(|error| panic!("{error}")));
    }
    let error = result.err().unwrap();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Unsupported, None),
        "{error}"
    );
    assert_eq!(
        (error.service(), error.operation()),
        (Some(service), Some(operation))
    );
    for other in operation.services() {
        assert!(error.to_string().contains(other.as_str()), "{error}");
    }
    None
}

#[tokio::test]
async fn a_policy_that_breaks_a_rule_is_refused_before_any_call() {
    let emulator = emulator().await;
    let weekly = Policy::new(7, time(1, 0, 0, 0), [Weekday::Monday]);
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let instance = instance(&emulator, service);
        let mut good = weekly.clone();
        match service {
            Service::RdsV1 => good.days.clear(),
            Service::GaussdbV3 => good.differential_minutes = Some(30),
            _ => {}
        }
        let change = |change: fn(&mut Policy)| {
            let mut policy = good.clone();
            change(&mut policy);
            policy
        };
        let rows = [
            (
                "keep_days",
                change(|p| p.keep_days = Some(733)),
                vec![Service::RdsV1, Service::GaussdbV3],
            ),
            (
                "keep_days",
                change(|p| p.keep_days = Some(3661)),
                vec![Service::RdsV3, Service::TaurusdbV3],
            ),
            (
                "keep_days",
                change(|p| p.keep_days = Some(0)),
                vec![Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3],
            ),
            ("start", change(|p| p.start = None), Service::ALL.to_vec()),
            (
                "start",
                change(|p| p.start = Some(time(1, 10, 0, 0))),
                vec![Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3],
            ),
            (
                "start",
                change(|p| p.start = Some(time(1, 15, 0, 0))),
                vec![Service::TaurusdbV3, Service::GaussdbV3],
            ),
            (
                "days",
                change(|p| p.days.clear()),
                vec![Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3],
            ),
            (
                "differential_minutes",
                change(|p| p.differential_minutes = Some(20)),
                vec![Service::GaussdbV3],
            ),
            (
                "differential_minutes",
                change(|p| p.differential_minutes = None),
                vec![Service::GaussdbV3],
            ),
            (
                "rate_limit",
                change(|p| p.rate_limit = Some(1025)),
                vec![Service::GaussdbV3],
            ),
            (
                "prefetch_pages",
                change(|p| p.prefetch_pages = Some(0)),
                vec![Service::GaussdbV3],
            ),
            (
                "file_split_size",
                change(|p| p.file_split_size = Some(6)),
                vec![Service::GaussdbV3],
            ),
            (
                "level1_backups",
                change(|p| p.level1_backups = Some(2)),
                vec![Service::TaurusdbV3],
            ),
        ];
        for (field, policy, services) in rows {
            if services.contains(&service) {
                let error = client.set_policy(&instance, &policy).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
                assert!(error.to_string().contains(field), "{error}");
            }
        }
        if service != Service::GaussdbV3 {
            let policy = change(|p| p.rate_limit = Some(75));
            let error = client.set_policy(&instance, &policy).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(error.to_string().contains("gaussdb-v3"), "{error}");
        }
        assert_eq!(emulator.calls((service, Operation::SetBackupPolicy)), 0);
        client.set_policy(&instance, &good).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_service_lacks_is_refused_before_any_call() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let instance = instance(&emulator, service);
        let ids = emulator.add_backups(service, instance.as_str(), 1);
        let [backup] = &client
            .list(BackupFilter::all())
            .try_collect::<Vec<_>>()
            .await
            .unwrap()[..]
        else {
            panic!("{service}")
        };
        assert_eq!(backup.reference.id.as_str(), ids[0]);

        let new = NewBackup::new(instance.clone(), "databases".parse().unwrap());
        let partial = new.clone().with_databases(["db1"]);
        if matches!(service, Service::TaurusdbV3 | Service::GaussdbV3) {
            let error = client.create(&partial).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(
                error.to_string().ends_with("only on rds-v1, rds-v3"),
                "{error}"
            );
        }
        if service != Service::RdsV3 {
            let error = client
                .create(&partial.with_individual_backups())
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        }
        for names in [&[][..], &[""], &["db1", " "]] {
            let error = client
                .create(&new.clone().with_databases(names.to_vec()))
                .await;
            let kind = error.unwrap_err().kind();
            let expected = match service {
                Service::RdsV1 | Service::RdsV3 => ErrorKind::InvalidInput,
                _ => ErrorKind::Unsupported,
            };
            assert_eq!(kind, expected, "{service} {names:?}");
        }
        assert_eq!(
            emulator.calls((service, Operation::CreateBackup)),
            0,
            "{service}"
        );
        let before = Restore::time(instance.clone(), "1960-01-01T00:00:00Z".parse().unwrap());
        let error = client.restore(&before).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        let nameless = client.job(" ").await.unwrap_err().kind();
        assert!(matches!(
            nameless,
            ErrorKind::InvalidInput | ErrorKind::Unsupported
        ));
        has(
            service,
            Operation::GetJob,
            client.job("unknown").await.map(drop).or_else(not_found),
        );
        has(
            service,
            Operation::StopBackup,
            client.stop(&instance).await.or_else(nothing_runs),
        );
        if !service.supports(Operation::DeleteBackups) {
            has(
                service,
                Operation::DeleteBackups,
                client.delete_many(&[backup]).await,
            );
        }
    }
}

fn not_found(error: dbbackup::Error) -> Result<(), dbbackup::Error> {
    (error.kind() == ErrorKind::NotFound)
        .then_some(())
        .ok_or(error)
}

fn nothing_runs(error: dbbackup::Error) -> Result<Option<String>, dbbackup::Error> {
    (error.kind() == ErrorKind::Conflict)
        .then_some(None)
        .ok_or(error)
}
