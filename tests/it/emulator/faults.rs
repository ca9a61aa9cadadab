//! Requests that go wrong, before and after they have been carried out.

use std::error::Error;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use dbbackup::emulator::{Fault, IamOperation, InvalidFault, Options, Reply};
use dbbackup::{Operation, Service};
use reqwest::RequestBuilder;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::iam::{password_login, project};
use super::{HOUR, Stand, ids, parameter, request};
use crate::support::with_token;

const CREATE: Operation = Operation::CreateBackup;

impl Stand {
    /// A request for a backup of the first instance.
    fn create_request(&self, service: Service) -> RequestBuilder {
        let body = request(service, &self.instance(service), "nightly");
        let request = with_token(&self.emulator, self.request(service, CREATE.as_str(), &[]));
        let request = request.header("Content-Type", "application/json");
        request.body(body.to_string())
    }

    /// Whether the create that went wrong has made a backup.
    async fn has_backup(&self, service: Service) -> bool {
        assert_eq!(self.emulator.calls((service, CREATE)), 1);
        !self.backups(service).await.is_empty()
    }

    fn inject(&self, service: Service, fault: Fault) {
        self.emulator.inject((service, CREATE), fault).unwrap();
    }
}

/// The fault before and after acting.
fn moments(fault: Fault) -> [(Fault, bool); 2] {
    [(fault.clone(), false), (fault.after_acting(), true)]
}

/// Whether an error comes from a reset of the connection.
fn is_reset(error: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && error.kind() == ErrorKind::ConnectionReset
        {
            return true;
        }
        source = error.source();
    }
    false
}

#[tokio::test]
async fn an_answer_is_replaced_before_or_after_acting() {
    for &service in Service::ALL {
        let reply = Reply::new(429)
            .with_header("Retry-After", "7")
            .with_header("Content-Type", "text/plain")
            .with_body("slow down");
        for (fault, acts) in moments(Fault::reply(reply)) {
            let stand = Stand::new().await;
            stand.inject(service, fault);
            let answer = stand.create_request(service).send().await.unwrap();
            assert_eq!(answer.status(), 429);
            assert_eq!(answer.headers()["retry-after"], "7");
            assert_eq!(answer.headers()["content-type"], "text/plain");
            assert_eq!(answer.text().await.unwrap(), "slow down");
            assert_eq!(stand.has_backup(service).await, acts, "{service}");
        }
    }
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_acting() {
    for &service in Service::ALL {
        for (fault, acts) in moments(Fault::reset()) {
            let stand = Stand::new().await;
            stand.inject(service, fault);
            let error = stand.create_request(service).send().await.unwrap_err();
            assert!(is_reset(&error), "{error:?}");
            assert_eq!(stand.has_backup(service).await, acts, "{service}");
        }
    }
}

#[tokio::test]
async fn a_reset_is_one_of_tcp_and_nothing_is_answered_before() {
    let stand = Stand::new().await;
    let service = Service::RdsV3;
    let list = (service, Operation::ListInstances);
    stand.emulator.inject(list, Fault::reset()).unwrap();
    let address = stand.emulator.url(service).trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let path = format!("/v3/{}/instances", stand.emulator.project_id());
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let error = stream.read_to_end(&mut answer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(answer.is_empty());
}

#[tokio::test]
async fn a_delay_comes_before_or_after_acting() {
    for &service in Service::ALL {
        for (fault, acts) in moments(Fault::delay(HOUR)) {
            let stand = Stand::new().await;
            stand.inject(service, fault);
            let waiting = tokio::spawn(stand.create_request(service).send());
            while stand.emulator.calls((service, CREATE)) == 0 {
                tokio::task::yield_now().await;
            }
            assert_eq!(stand.has_backup(service).await, acts, "{service}");
            assert!(!waiting.is_finished());
            waiting.abort();
        }
    }
}

#[tokio::test]
async fn a_delayed_request_is_answered_in_the_end() {
    let delay = Duration::from_millis(20);
    for (fault, _) in moments(Fault::delay(delay)) {
        let stand = Stand::new().await;
        stand.inject(Service::RdsV3, fault);
        let begun = Instant::now();
        let answer = stand.create_request(Service::RdsV3).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(begun.elapsed() >= delay);
        assert!(stand.has_backup(Service::RdsV3).await);
    }
}

#[tokio::test]
async fn a_body_breaks_off_although_its_length_is_announced_in_full() {
    for &service in Service::ALL {
        for (after, expected) in [(0, 0), (10, 10), (usize::MAX, usize::MAX)] {
            let stand = Stand::new().await;
            stand.inject(service, Fault::cut_body(after));
            let mut answer = stand.create_request(service).send().await.unwrap();
            assert!(answer.status().is_success());
            let announced: usize = answer.headers()["content-length"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            let mut got = 0;
            let error = loop {
                match answer.chunk().await {
                    Ok(Some(chunk)) => got += chunk.len(),
                    Ok(None) => panic!("the body has come to its end"),
                    Err(error) => break error,
                }
            };
            assert!(error.is_body() || error.is_decode(), "{error:?}");
            assert_eq!(got, expected.min(announced - 1), "{service}");
            assert!(stand.has_backup(service).await, "{service}");
        }
    }
}

#[tokio::test]
async fn a_new_backup_stays_out_of_lists_until_the_clock_has_moved() {
    for &service in Service::ALL {
        let stand = Stand::new().await;
        stand.inject(service, Fault::hide(HOUR));
        let answer = stand.create_request(service).send().await.unwrap();
        let created: serde_json::Value = answer.json().await.unwrap();
        let id = created["backup"]["id"].as_str().unwrap();
        assert!(stand.backups(service).await.is_empty(), "{service}");
        stand.emulator.advance(HOUR / 2);
        assert!(stand.backups(service).await.is_empty(), "{service}");
        stand.emulator.advance(HOUR / 2);
        assert_eq!(ids(&stand.backups(service).await), [id]);
        let arguments = [(parameter(service, "backup"), id)];
        stand
            .accept(service, "delete_backup", &arguments, None)
            .await;
    }
}

#[tokio::test]
async fn faults_strike_in_their_order_as_often_as_asked_and_then_no_more() {
    let stand = Stand::new().await;
    let (service, list) = (Service::RdsV3, Operation::ListInstances);
    let inject = |status, times| {
        let fault = Fault::reply(Reply::new(status)).with_times(times);
        stand.emulator.inject((service, list), fault).unwrap();
    };
    inject(503, 2);
    inject(500, 0);
    inject(404, 1);
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let answer = stand.send(service, list.as_str(), &[], None).await;
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 404, 200, 200]);
    assert_eq!(stand.emulator.calls((service, list)), 5);
}

#[tokio::test]
async fn chances_follow_from_the_seed() {
    let service = Service::RdsV3;
    let statuses = async |seed| {
        let options = Options {
            seed,
            ..Options::default()
        };
        let stand = Stand::with(options).await;
        for (status, chance) in [(503, 0.0), (500, 0.3), (404, 1.0)] {
            let fault = Fault::reply(Reply::new(status)).with_chance(chance);
            let fault = fault.with_times(if status == 404 { 10 } else { usize::MAX });
            stand
                .emulator
                .inject((service, Operation::ListInstances), fault)
                .unwrap();
        }
        let mut statuses = Vec::new();
        for _ in 0..40 {
            let answer = stand.send(service, "list_instances", &[], None).await;
            statuses.push(answer.status().as_u16());
        }
        statuses
    };
    let first = statuses(1).await;
    assert_eq!(first, statuses(1).await);
    assert_ne!(first, statuses(2).await);
    let count = |wanted| first.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(503), count(404)), (0, 10));
    assert!((4..20).contains(&count(500)), "{first:?}");
}

#[tokio::test]
async fn a_backup_is_hidden_whatever_else_strikes_its_request() {
    let stand = Stand::new().await;
    let service = Service::RdsV3;
    stand.inject(service, Fault::reset().after_acting());
    stand.inject(service, Fault::hide(HOUR));
    assert!(stand.create_request(service).send().await.is_err());
    assert!(!stand.has_backup(service).await);
    let held = stand.emulator.backups(service);
    assert_eq!((held.len(), held[0].status.as_str()), (1, "BUILDING"));
    stand.emulator.advance(HOUR);
    assert!(stand.has_backup(service).await);
}

#[tokio::test]
async fn a_fault_strikes_only_its_operation_of_its_service() {
    let stand = Stand::new().await;
    stand.inject(Service::RdsV3, Fault::reset());
    for &service in Service::ALL {
        stand.accept(service, "list_instances", &[], None).await;
        if service != Service::RdsV3 {
            stand.begin(service).await;
        }
    }
    assert!(stand.create_request(Service::RdsV3).send().await.is_err());
}

#[tokio::test]
async fn logins_go_wrong_too() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let login = password_login(options, project(options));
    let inject = |fault| stand.emulator.inject(IamOperation::CreateToken, fault);
    inject(Fault::reply(Reply::new(503))).unwrap();
    inject(Fault::reset().after_acting()).unwrap();
    let send = || {
        let url = format!("{}/v3/auth/tokens", stand.emulator.iam_url());
        let request = stand.http.post(url).json(&login);
        request.send()
    };
    assert_eq!(send().await.unwrap().status(), 503);
    assert!(is_reset(&send().await.unwrap_err()));
    assert_eq!(send().await.unwrap().status(), 201);
    assert_eq!(stand.emulator.logins(), 3);
}

#[tokio::test]
async fn faults_that_cannot_happen_are_refused() {
    let stand = Stand::new().await;
    let refused = |operation: Operation, fault: Fault| {
        let target = (Service::RdsV1, operation);
        let refused = stand.emulator.inject(target, fault).unwrap_err();
        assert!(!refused.to_string().is_empty());
        refused
    };
    assert_eq!(
        refused(Operation::GetJob, Fault::reset()),
        InvalidFault::UnknownOperation("get_job".to_owned())
    );
    let plan = "faults: [{target: iam, operation: create_backup, effect: reset}]";
    let of_plan = stand.emulator.inject_plan(plan).unwrap_err();
    assert_eq!(
        of_plan.to_string(),
        "faults[0]: there is no operation create_backup"
    );
    let list = Operation::ListBackups;
    let hidden = refused(list, Fault::hide(HOUR));
    let target = (Service::RdsV1, list).into();
    assert_eq!(hidden, InvalidFault::NoBackup(target));
    for status in [0, 99, 101, 1000] {
        let fault = Fault::reply(Reply::new(status));
        assert_eq!(refused(CREATE, fault), InvalidFault::Status(status));
    }
    for chance in [-0.1, 1.1, f64::INFINITY] {
        let fault = Fault::reset().with_chance(chance);
        let expected = InvalidFault::Chance(chance);
        assert_eq!(refused(CREATE, fault), expected);
    }
    let never = Fault::reset().with_chance(f64::NAN);
    assert!(matches!(refused(CREATE, never), InvalidFault::Chance(_)));
    for (name, value) in [("a b", "c"), ("", "c"), ("a", "b\r\nc: d")] {
        let fault = Fault::reply(Reply::new(503).with_header(name, value));
        let expected = InvalidFault::Header(name.to_owned());
        assert_eq!(refused(CREATE, fault), expected);
    }
    let body = request(Service::RdsV1, &stand.instance(Service::RdsV1), "nightly");
    stand
        .accept(Service::RdsV1, CREATE.as_str(), &[], Some(body))
        .await;
    assert_eq!(json!(stand.emulator.calls(IamOperation::CreateToken)), 0);
}
