//! Plain creates.

use std::time::Duration;

use dbbackup::emulator::{Fault, IamOperation, Reply};
use dbbackup::model::NewBackup;
use dbbackup::transport::Options;
use dbbackup::{BackupClient, ErrorKind, Service, UnknownOutcome};

use super::{CREATE, LIST, lost_answers, stand};
use crate::support::{Act, Script, http, project_id, time, transport};

const HOUR: Duration = Duration::from_secs(3600);

/// The only backup that the service has.
fn only(emulator: &dbbackup::emulator::Emulator, service: Service) -> String {
    let [backup] = &emulator.backups(service)[..] else {
        panic!("{:?}", emulator.backups(service))
    };
    backup.id.clone()
}

#[tokio::test]
async fn a_backup_whose_answer_is_lost_is_found_and_nothing_is_sent_again() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        for (round, fault) in (1..).zip(lost_answers()) {
            emulator.inject((service, CREATE), fault.clone()).unwrap();
            let backup = client.create(&new).await.unwrap();
            assert_eq!(
                backup.reference.id.as_str(),
                only(&emulator, service),
                "{fault:?}"
            );
            assert_eq!(backup.name, "nightly");
            assert_eq!(
                emulator.calls((service, CREATE)),
                round,
                "{service} {fault:?}"
            );
            // One list before the POST and one after it.
            assert_eq!(
                emulator.calls((service, LIST)),
                2 * round,
                "{service} {fault:?}"
            );
            emulator.remove_backup(service, backup.reference.id.as_str());
        }
    }
}

#[tokio::test]
async fn an_accepted_create_costs_one_list() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        client.create(&new).await.unwrap();
        assert_eq!(emulator.calls((service, LIST)), 1);
    }
}

#[tokio::test]
async fn a_window_has_no_longest_length() {
    let (emulator, client, new) = stand(Service::RdsV3).await;
    let lost = Fault::reset().after_acting();
    emulator.inject((Service::RdsV3, CREATE), lost).unwrap();
    let patient = client.with_visibility_window(Duration::MAX);
    assert_eq!(patient.create(&new).await.unwrap().name, "nightly");
}

#[test]
fn a_backup_that_shows_up_late_is_found_within_the_window() {
    for &service in Service::ALL {
        for seconds in [1, 7, 59, 60] {
            time::run(async {
                let (emulator, client, new) = stand(service).await;
                let client = client.with_visibility_window(Duration::from_secs(60));
                let silent = Options::default().timeout;
                let seconds = Duration::from_secs(seconds);
                let late = Fault::hide(silent + seconds);
                emulator.inject((service, CREATE), late).unwrap();
                // The time is up before the answer comes.
                let silence = Fault::delay(HOUR).after_acting();
                emulator.inject((service, CREATE), silence).unwrap();
                let begun = tokio::time::Instant::now();
                let backup = client.create(&new).await.unwrap();
                assert_eq!(backup.reference.id.as_str(), only(&emulator, service));
                assert!(begun.elapsed() >= silent + seconds);
                assert!(begun.elapsed() < silent + Duration::from_secs(61));
                assert!(emulator.calls((service, LIST)) < 10);
            });
        }
    }
}

#[tokio::test]
async fn an_outcome_that_stays_unknown_is_said_to_be_and_can_be_looked_up_later() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        emulator
            .inject((service, CREATE), Fault::hide(HOUR))
            .unwrap();
        let failed = Reply::new(502).with_header("X-Request-Id", "r-1");
        let failed = Fault::reply(failed).after_acting();
        emulator.inject((service, CREATE), failed).unwrap();
        let error = client.create(&new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        assert_eq!(
            (error.status(), error.request_id()),
            (Some(502), Some("r-1"))
        );
        let text = error.to_string();
        for part in ["nightly", new_instance(&error), "look for it"] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(text.lines().count(), 1);

        // What is known is kept by another process and says the same there.
        let unknown = UnknownOutcome::of(&error).unwrap();
        assert!(unknown.candidates.is_empty());
        let kept = serde_json::to_string(unknown).unwrap();
        let unknown: UnknownOutcome = serde_json::from_str(&kept).unwrap();
        let again = client.look_again(&unknown).await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::OutcomeUnknown);
        emulator.advance(HOUR);
        let backup = client.look_again(&unknown).await.unwrap();
        assert_eq!(backup.reference.id.as_str(), only(&emulator, service));
        assert_eq!(emulator.calls((service, CREATE)), 1);
    }
}

fn new_instance(error: &dbbackup::Error) -> &str {
    UnknownOutcome::of(error).unwrap().instance.as_str()
}

#[tokio::test]
async fn an_older_backup_of_the_same_name_is_not_taken_for_the_new_one() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        let client = client.with_visibility_window(Duration::ZERO);
        client.create(&new).await.unwrap();
        emulator.advance(HOUR);
        emulator.inject((service, CREATE), Fault::reset()).unwrap();
        let error = client.create(&new).await.unwrap_err();
        let unknown = UnknownOutcome::of(&error).unwrap();
        assert!(unknown.candidates.is_empty(), "{unknown:?}");
    }
}

#[tokio::test]
async fn an_older_backup_that_shows_up_late_is_a_candidate_by_its_time() {
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        let (emulator, client, new) = stand(service).await;
        emulator
            .inject((service, CREATE), Fault::hide(HOUR))
            .unwrap();
        let older = client.create(&new).await.unwrap().reference;
        emulator.advance(HOUR / 2);
        emulator.inject((service, CREATE), Fault::reset()).unwrap();
        let error = client.create(&new).await.unwrap_err();
        emulator.advance(HOUR / 2);
        let unknown = UnknownOutcome::of(&error).unwrap();
        let error = client.look_again(unknown).await.unwrap_err();
        let unknown = UnknownOutcome::of(&error).unwrap();
        assert_eq!(unknown.candidates[0].reference, older);
        assert!(error.to_string().contains(older.id.as_str()), "{error}");
    }
}

#[tokio::test]
async fn without_a_list_before_only_time_is_evidence() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        let odd = Reply::new(403).with_body("{}");
        emulator.inject((service, LIST), Fault::reply(odd)).unwrap();
        emulator
            .inject((service, CREATE), Fault::reset().after_acting())
            .unwrap();
        let error = client.create(&new).await.unwrap_err();
        // rds-v1 has to count what is being made.
        let is_v1 = service == Service::RdsV1;
        let (kind, calls) = if is_v1 {
            (ErrorKind::Unauthorized, 0)
        } else {
            (ErrorKind::OutcomeUnknown, 1)
        };
        assert_eq!(
            (error.kind(), emulator.calls((service, CREATE))),
            (kind, calls),
            "{error}"
        );
        if is_v1 {
            assert!(error.to_string().contains("nothing was created"), "{error}");
        } else {
            assert_eq!(UnknownOutcome::of(&error).unwrap().candidates.len(), 1);
        }
    }
}

#[tokio::test]
async fn what_the_service_surely_did_not_do_is_no_doubt() {
    let cases = [
        (400, "DBS.200001", ErrorKind::Refused),
        (401, "APIGW.0301", ErrorKind::Unauthorized),
        (404, "DBS.200002", ErrorKind::NotFound),
        (409, "DBS.201202", ErrorKind::Conflict),
        (409, "DBS.201201", ErrorKind::Conflict),
        (413, "RDS.3003", ErrorKind::Refused),
    ];
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        for (round, (status, code, kind)) in (1..).zip(cases) {
            let field = if service == Service::RdsV1 {
                "errCode"
            } else {
                "error_code"
            };
            let body = format!(r#"{{"{field}": "{code}"}}"#);
            let reply = Reply::new(status).with_body(body);
            emulator
                .inject((service, CREATE), Fault::reply(reply))
                .unwrap();
            let error = client.create(&new).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{service} {error}");
            // No list after the POST.
            assert_eq!(emulator.calls((service, LIST)), round, "{service} {error}");
        }
    }
}

#[tokio::test]
async fn a_list_of_rds_v1_that_is_full_leaves_the_outcome_unknown() {
    let service = Service::RdsV1;
    let (emulator, client, new) = stand(service).await;
    emulator.add_backups(service, &emulator.instances(service)[0], 100);
    emulator.advance(HOUR);
    emulator
        .inject((service, CREATE), Fault::reset().after_acting())
        .unwrap();
    let error = client.create(&new).await.unwrap_err();
    let unknown = UnknownOutcome::of(&error).unwrap();
    assert!(unknown.is_out_of_sight);
    // An older one of this name may have been among those that were not listed before.
    assert_eq!(unknown.candidates.len(), 1);
    assert!(error.to_string().contains("newest 100"), "{error}");
}

#[tokio::test]
async fn an_outcome_of_another_service_is_not_looked_up() {
    let (emulator, client, new) = stand(Service::RdsV3).await;
    emulator
        .inject((Service::RdsV3, CREATE), Fault::reset())
        .unwrap();
    let error = client.create(&new).await.unwrap_err();
    let other: BackupClient = emulator.client(Service::GaussdbV3).unwrap();
    let refused = other.look_again(UnknownOutcome::of(&error).unwrap()).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_login_that_cannot_be_read_leaves_nothing_unknown() {
    let service = Service::RdsV3;
    let (emulator, _, new) = stand(service).await;
    let client = BackupClient::connect(service, &emulator.config())
        .await
        .unwrap();
    emulator.expire_tokens();
    let garbled = Fault::reply(Reply::new(201).with_body("{")).with_times(10);
    emulator.inject(IamOperation::CreateToken, garbled).unwrap();
    let error = client.create(&new).await.unwrap_err();
    assert_ne!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!(emulator.backups(service), []);
}

#[test]
fn a_later_backup_is_not_taken_for_that_of_an_unknown_create() {
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        time::run(async {
            let (emulator, client, new) = stand(service).await;
            emulator.inject((service, CREATE), Fault::reset()).unwrap();
            let error = client.create(&new).await.unwrap_err();
            let unknown = UnknownOutcome::of(&error).unwrap();
            emulator.advance(2 * HOUR);
            let later = client.create(&new).await.unwrap();
            let error = client.look_again(unknown).await.unwrap_err();
            let candidates = &UnknownOutcome::of(&error).unwrap().candidates;
            assert_eq!(candidates.len(), 1, "{error}");
            assert_eq!(candidates[0].reference, later.reference);
        });
    }
}

#[tokio::test]
async fn a_clock_that_is_behind_makes_no_older_backup_the_new_one() {
    let now: jiff::Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
    let hours = jiff::SignedDuration::from_hours;
    // The newest first; the one of the name is on the second page.
    let entry = |place: i64| {
        let begun = now - jiff::SignedDuration::from_mins(place);
        let name = if place == 105 { "nightly" } else { "other" };
        serde_json::json!({
            "id": format!("b{place}"), "name": name, "instance_id": "in07", "type": "manual",
            "status": "COMPLETED", "begin_time": begun.to_string(),
        })
    };
    let page = |places: std::ops::Range<i64>, skew: jiff::SignedDuration| {
        let entries: Vec<_> = places.map(entry).collect();
        let body = serde_json::json!({ "total_count": 106, "backups": entries }).to_string();
        let date = (now + skew).strftime("Date: %a, %d %b %Y %H:%M:%S GMT");
        Act::Answer(http("200 OK", &[&date.to_string()], &body))
    };
    for skew in [hours(-7), hours(0)] {
        // The second page breaks off, and the POST never arrives.
        let lost = [page(0..100, skew), Act::CloseAtOnce, Act::CloseMidway];
        let later = [page(0..100, skew), page(99..106, skew)];
        let server = Script::start(lost.into_iter().chain(later).collect()).await;
        let service = Service::TaurusdbV3;
        let project = project_id(service).parse().unwrap();
        let client = BackupClient::new(service, &server.url, project, transport());
        let client = client.with_visibility_window(Duration::ZERO);
        let new = NewBackup::new("in07".parse().unwrap(), "nightly".parse().unwrap());
        let error = client.create(&new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{skew} {error}");
        assert_eq!(server.requests().len(), 5, "{skew}");
    }
}
