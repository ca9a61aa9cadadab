//! Waits that keep their limit, whatever stalls, and what they say then.

use std::time::Duration;

use dbbackup::emulator::{Fault, IamOperation, Reply, Target};
use dbbackup::{Operation, Service};
use futures_util::TryStreamExt;
use futures_util::future::join_all;
use tokio::time::timeout;

use super::{Ran, Stand};

/// Longer than any wait of these tests may last.
const HOUR: Duration = Duration::from_secs(3600);

/// The end of processes with a limit of half a second, unless they do not keep it.
async fn in_time(runs: impl Future<Output = Vec<()>>) {
    let ended = timeout(Duration::from_secs(20), runs).await;
    ended.expect("a wait outlasts its limit");
}

fn assert_open(ran: &Ran, what: &str) {
    assert_eq!(ran.code, Some(3), "{what}: {ran:?}");
    let last = ran.stderr.lines().last().unwrap();
    assert!(
        last.starts_with("wait again with: dbbackup wait "),
        "{what}: {ran:?}"
    );
    assert!(!ran.stderr.contains("does not exist"), "{what}: {ran:?}");
}

#[tokio::test]
async fn a_wait_keeps_its_limit_whatever_stalls() {
    let by_name = ["b1", "--instance", "orders"];
    let by_id = ["b1", "--instance", "d8e6ca5a624745bcb546a227aa3ae1cfin01"];
    let jobs = ["--job", "j1"];
    let of_service = |operation| Target::Service(Service::RdsV3, operation);
    let login = Target::Iam(IamOperation::CreateToken);
    let rows = [
        (of_service(Operation::ListInstances), &by_name[..]),
        (of_service(Operation::ListBackups), &by_id),
        (of_service(Operation::GetJob), &jobs),
        (login, &by_name),
        (login, &jobs),
        (IamOperation::ListProjects.into(), &by_id),
    ];
    let runs = rows.map(|(target, words)| async move {
        let stand = Stand::new(Service::RdsV3).await;
        let delay = Fault::delay(HOUR).with_times(99);
        stand.emulator.inject(target, delay).unwrap();
        let options = ["wait", "--wait-timeout", "500ms"];
        let mut command = stand.command(&[&options[..], words].concat());
        let options = stand.emulator.options();
        command.env("DBBACKUP_IAM_URL", stand.emulator.iam_url());
        if target == login {
            command.env_remove("DBBACKUP_TOKEN");
            command.env("DBBACKUP_USERNAME", &options.username);
            command.env("DBBACKUP_PASSWORD", &options.password);
            command.env("DBBACKUP_DOMAIN", &options.domain);
        }
        if matches!(target, Target::Iam(_)) {
            command.env_remove("DBBACKUP_PROJECT_ID");
            command.env("DBBACKUP_PROJECT", &options.region);
        }
        let ran = stand.finish(command).await;
        assert_open(&ran, &format!("{target:?}"));
        let again = [" --instance orders b1\n", " --job=j1\n"];
        let has_words = again.iter().any(|words| ran.stderr.ends_with(words));
        assert!(has_words || words == by_id, "{ran:?}");
    });
    in_time(join_all(runs)).await;
}

#[tokio::test]
async fn a_wait_keeps_its_limit_with_a_rate_that_is_used_up() {
    let runs = [false, true].map(|by_name| async move {
        let stand = Stand::new(Service::GaussdbV3).await;
        let client = stand.emulator.client(Service::GaussdbV3).unwrap();
        let first = client.instances().try_next().await.unwrap().unwrap();
        let before = stand.emulator.requests().len();
        let mut wait = vec!["wait", "typo", "--rate", "1", "--wait-timeout", "500ms"];
        if by_name {
            // Whose search takes the one call that is allowed.
            wait.extend(["--instance", &first.name]);
        }
        assert_open(&stand.run(&wait).await, "the rate");
        assert_eq!(stand.emulator.requests().len() - before, 1, "{wait:?}");
    });
    in_time(join_all(runs)).await;
}

#[tokio::test]
async fn a_backup_that_no_list_shows_yet_may_exist() {
    let runs = Service::ALL.iter().map(|&service| async move {
        let stand = Stand::new(service).await;
        let hidden = Fault::hide(Duration::from_secs(20));
        stand
            .emulator
            .inject((service, Operation::CreateBackup), hidden)
            .unwrap();
        let instance = stand.instance();
        let create = ["create", "--instance", &instance, "--name", "nightly"];
        stand.run(&create).await.done();
        let id = stand.emulator.backups(service)[0].id.clone();
        let wait = [
            "wait",
            &id,
            "--instance",
            &instance,
            "--wait-timeout",
            "500ms",
        ];
        assert_open(&stand.run(&wait).await, service.as_str());
    });
    join_all(runs).await;
}

#[tokio::test]
async fn what_was_accepted_decides_when_the_wait_is_refused() {
    let stand = Stand::new(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let inject = |operation| {
        let refused = Fault::reply(Reply::new(401)).with_times(99);
        stand
            .emulator
            .inject((Service::RdsV3, operation), refused)
            .unwrap();
    };
    inject(Operation::ListBackups);
    let create = [
        "create",
        "--instance",
        &instance,
        "--name",
        "nightly",
        "--wait",
    ];
    let ran = stand.run(&create).await;
    assert_open(&ran, "create");
    assert!(ran.stderr.contains("refused with 401"), "{ran:?}");
    assert!(ran.stdout.contains("nightly"), "{ran:?}");

    // Whoever only waits has to be told first of all that he may not.
    let ran = stand.run(&["wait", &backup, "--instance", &instance]).await;
    assert_eq!(ran.code, Some(5), "{ran:?}");

    inject(Operation::GetJob);
    stand.emulator.advance(24 * HOUR);
    let restore = [
        "restore",
        "--instance",
        &instance,
        "--time",
        "2026-01-02T03:04:05Z",
    ];
    let ran = stand
        .run(&[&restore[..], &["--yes", "--wait"]].concat())
        .await;
    assert_open(&ran, "restore");
}
