//! Answers with values of another form than the documented one: each is read if it has a usable form,
//! is null otherwise, and takes nothing else away.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dbbackup::model::{BackupRef, NewBackup};
use dbbackup::{BackupClient, ErrorKind, Operation, Service, Wait};
use futures_util::StreamExt;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::support::operations::{JOB, all, backup, call, clients, operations};
use crate::support::{bodies, http, serve};

/// A server that gives these bodies: one to every list, another to everything else. What is in a list
/// is given by its offset.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<[Value; 2]>>);

impl Answers {
    async fn serve(&self) -> String {
        let answers = self.clone();
        serve(move |request| {
            let [list, other] = answers.0.lock().unwrap().clone();
            let is_list = ["backups?", "backups ", "instances?", "instances "]
                .iter()
                .any(|end| request.starts_with("GET ") && line(request).contains(end));
            let body = match is_list {
                true => from_offset(list, request),
                false => other,
            };
            http("200 OK", &[], &body.to_string())
        })
        .await
    }

    fn set(&self, operation: Operation, body: &Value) {
        let nothing = json!({ "backups": [], "total_count": 0 });
        let is_list = matches!(operation, Operation::ListBackups | Operation::ListInstances);
        *self.0.lock().unwrap() = match is_list {
            true => [body.clone(), json!({})],
            false => [nothing, body.clone()],
        };
    }
}

fn line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

/// A list from the offset of a request on.
fn from_offset(mut list: Value, request: &str) -> Value {
    let offset = line(request).split("offset=").nth(1).unwrap_or("0");
    let offset: usize = offset.split(['&', ' ']).next().unwrap().parse().unwrap();
    for name in ["backups", "instances"] {
        if let Some(Value::Array(items)) = list.get_mut(name) {
            items.drain(..offset.min(items.len()));
        }
    }
    list
}

fn operation(name: &str) -> Operation {
    let mut all = Operation::ALL.iter().copied();
    all.find(|operation| operation.as_str() == name).unwrap()
}

/// The documented answers of an operation that has any, about what is asked for.
fn documented(service: Service, operation: Operation) -> Vec<Value> {
    let bodies = bodies(service);
    let of_it = |body: &&_| {
        let body: &crate::support::Body = body;
        !body.is_request && body.operation == operation.as_str()
    };
    let examples = bodies.iter().filter(of_it).flat_map(|body| &body.examples);
    let mut answers: Vec<Value> = examples.map(|(_, value)| value.clone()).collect();
    for answer in &mut answers {
        if let Some(id) = answer.pointer_mut("/job/id") {
            *id = json!(JOB);
        }
    }
    answers
}

/// Odd forms: service, operation, place in the answer, what stands there, place in the result, and what
/// is read.
const FORMS: &str = r#"
rds-v1       list_backups       /backups/0/size               "0.25"              /0/size         268435456
rds-v1       list_backups       /backups/0/size               [0.25]              /0/size         268435456
rds-v1       list_backups       /backups/0/size               {}                  /0/size         null
rds-v1       list_backups       /backups/0/backuptype         1                   /0/kind         "manual"
rds-v1       list_backups       /backups/0/created            20160912            /0/begin        "20160912"
rds-v1       list_backups       /backups/0/created            {"at": 1}           /0/begin        null
rds-v1       list_backups       /backups/0/dataStore          "MySQL"             /0/engine       null
rds-v1       list_backups       /backups/0/dataStore          [{"type": "MySQL"}] /0/engine       "MySQL"
rds-v1       list_backups       /backups/0/dataStore          ["MySQL", "5.7"]    /0/engine       null
rds-v1       list_backups       /backups/0/instance_id        7                   /0/instance     "7"
rds-v1       list_backups       /backups/0/instance_id        {}                  /0/instance     null
rds-v1       list_backups       /backups/0/name               5                   /0/name         "5"
rds-v1       list_backups       /backups/0/name               null                /0/name         ""
rds-v1       list_backups       /backups/0/status             ["COMPLETED"]       /0/status       "COMPLETED"
rds-v1       list_backups       /backups/0/status             7                   /0/status       "7"
rds-v1       list_instances     /instances/0/backupStrategy   "daily"             /0/name         "trove-instance-rep3"
rds-v1       list_instances     /instances/0/name             true                /0/name         "true"
rds-v1       create_backup      /backup/size                  "-"                 /size           null
rds-v1       create_backup      /extendparam                  []                  /job_id         null
rds-v1       create_backup      /extendparam/jobs             "j1"                /job_id         "j1"
rds-v1       create_backup      /extendparam/jobs             [7]                 /job_id         "7"
rds-v1       create_backup      /backup/dataStore             7                   /engine         null
rds-v1       restore_instance   /extendparam                  "x"                 /               []
rds-v1       get_backup_policy  /policy/keepday               "7"                 /keep_days      7
rds-v1       get_backup_policy  /policy/keepday               7.0                 /keep_days      7
rds-v1       get_backup_policy  /policy/keepday               7.5                 /keep_days      null
rds-v1       get_backup_policy  /policy/starttime             100                 /start          null
rds-v3       list_backups       /backups/0/size               25.2                /0/size         null
rds-v3       list_backups       /backups/0/size               2803.0              /0/size         2870272
rds-v3       list_backups       /backups/0/size               "2803"              /0/size         2870272
rds-v3       list_backups       /backups/0/size               "2803.0"            /0/size         2870272
rds-v3       list_backups       /backups/0/size               "2.8 MB"            /0/size         null
rds-v3       list_backups       /backups/0/size               [2803]              /0/size         2870272
rds-v3       list_backups       /backups/0/size               true                /0/size         null
rds-v3       list_backups       /backups/0/datastore          "MySQL"             /0/engine       null
rds-v3       list_backups       /backups/0/datastore/type     ["MySQL"]           /0/engine       "MySQL"
rds-v3       list_backups       /backups/0/begin_time         1533530474000       /0/begin        "1533530474000"
rds-v3       list_backups       /backups/0/end_time           []                  /0/end          null
rds-v3       list_backups       /backups/0/type               {}                  /0/kind         null
rds-v3       list_backups       /backups/0/id                 4711                /0/id           "4711"
rds-v3       list_backups       /backups/0/id                 ["b1"]              /0/id           "b1"
rds-v3       list_backups       /backups/0/instance_id        []                  /0/instance     "d8e6ca5a624745bcb546a227aa3ae1cfin01"
rds-v3       list_backups       /total_count                  "1"                 /0/status       "COMPLETED"
rds-v3       list_backups       /total_count                  {}                  /0/status       "COMPLETED"
rds-v3       list_backup_files  /bucket                       7                   /bucket         "7"
rds-v3       list_backup_files  /files/0/size                 "2803"              /files/0/size   2870272
rds-v3       list_backup_files  /files/0/link_expired_time    7                   /files/0/expires "7"
rds-v3       list_backup_files  /files/0/name                 ["a.xxx"]           /files/0/name   "a.xxx"
rds-v3       create_backup      /backup/databases             "orders"            /id             "2f4ddb93-b901-4b08-93d8-1d2e472f30fe"
rds-v3       create_backup      /backup/databases             ["orders"]          /databases      [""]
rds-v3       create_backup      /backup/databases             {"name": "orders"}  /databases      ["orders"]
rds-v3       create_backup      /job_id                       4711                /job_id         "4711"
rds-v3       create_backup      /backup/status                {}                  /status         ""
rds-v3       create_backup      /backup/description           ["a", "b"]          /description    "a,b"
rds-v3       delete_backups     /delete_results/0/error_msg   {}                  /0              null
rds-v3       list_instances     /instances/0/nodes            {"id": "n1"}        /0/nodes/0/id   "n1"
rds-v3       list_instances     /instances/0/nodes            [null, 7]           /0/nodes/1/id   null
rds-v3       list_instances     /instances/0/datastore        []                  /0/engine       null
rds-v3       list_instances     /instances/0/datastore/version 5.7                /0/version      "5.7"
rds-v3       restore_instance   /job_id                       7                   /               ["7"]
rds-v3       get_backup_policy  /backup_policy/period         ["1", 2]            /days           [1, 2]
rds-v3       get_backup_policy  /backup_policy/period         7                   /days           [7]
rds-v3       get_backup_policy  /backup_policy/period         "1-5"               /days           []
rds-v3       get_backup_policy  /backup_policy                [{"keep_days": 9}]  /keep_days      9
rds-v3       stop_backup        /job_id                       ["j1"]              /               "j1"
rds-v3       get_job            /job/process                  60                  /progress       60
rds-v3       get_job            /job/process                  "60.0"              /progress       60
rds-v3       get_job            /job/instance                 "in01"              /instance       null
rds-v3       get_job            /job/fail_reason              {"code": 1}         /fail_reason    null
rds-v3       get_job            /job/entities                 "x"                 /status         "Completed"
taurusdb-v3  list_backups       /backups/0/size               "2803.5"            /0/size         2939682816
taurusdb-v3  list_backups       /backups/0/size               {"mb": 1}           /0/size         null
taurusdb-v3  list_backups       /backups/0/take_up_time       "2 min"             /0/status       "COMPLETED"
taurusdb-v3  list_backups       /backups/0/instance_id        null                /0/instance     "-"
taurusdb-v3  list_instances     /instances/0/port             "3306"              /0/name         "taurusdb-instance01"
taurusdb-v3  set_backup_policy  /status                       5                   /               null
taurusdb-v3  get_backup_policy  /backup_policy/keep_days      "7"                 /keep_days      7
taurusdb-v3  get_job            /job/status                   ["Running"]         /status         "Running"
gaussdb-v3   list_backups       /backups/0/size               "0"                 /0/size         0
gaussdb-v3   list_backups       /backups/0/description        7                   /0/description  "7"
gaussdb-v3   list_backup_files  /files/0/size                 2803.0              /files/0/size_without_unit 2803
gaussdb-v3   get_backup_policy  /backup_policy/enable_standby_backup "true"       /on_standby     true
gaussdb-v3   get_backup_policy  /backup_policy/enable_standby_backup 0            /on_standby     false
gaussdb-v3   get_backup_policy  /backup_policy/rate_limit     "75"                /rate_limit     75
gaussdb-v3   get_backup_policy  /backup_policy/differential_period "30"           /differential_minutes 30
gaussdb-v3   get_backup_policy  /backup_policy/table_list     "all"               /keep_days      7
gaussdb-v3   delete_backup      /backup_id                    {}                  /               null
gaussdb-v3   create_backup      /job_id                       {}                  /job_id         null
gaussdb-v3   get_job            /job/created                  false               /created        "false"
"#;

/// The words of a row; JSON may have spaces.
fn words(row: &str) -> [&str; 6] {
    let (service, rest) = row.split_once(' ').unwrap();
    let (operation, rest) = rest.trim_start().split_once(' ').unwrap();
    let (place, rest) = rest.trim_start().split_once(' ').unwrap();
    let (odd, rest) = rest.rsplit_once(" /").unwrap();
    let (result, expected) = rest.split_once(' ').unwrap();
    [
        service,
        operation,
        place,
        odd.trim(),
        result,
        expected.trim(),
    ]
}

/// Puts a value at a place, also where nothing stands.
fn put(body: &mut Value, place: &str, value: Value) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Object(fields) => fields.insert(key.to_owned(), value).map_or((), drop),
        _ => *body.pointer_mut(place).unwrap() = value,
    }
}

#[tokio::test]
async fn an_odd_form_is_read_if_it_can_be_and_is_null_otherwise() {
    let answers = Answers::default();
    let clients = clients(&answers.serve().await);
    let rows: Vec<_> = FORMS.trim().lines().collect();
    assert!(rows.len() >= 60, "{}", rows.len());
    for row in rows {
        let [service, name, place, odd, result, expected] = words(row);
        let client = clients
            .iter()
            .find(|client| client.service().as_str() == service);
        let (client, operation) = (client.unwrap(), operation(name));
        let mut body = documented(client.service(), operation).remove(0);
        put(&mut body, place, odd.parse().unwrap());
        answers.set(operation, &body);
        let read = call(client, operation)
            .await
            .unwrap_or_else(|error| panic!("{row}: {error}"));
        let at = format!("/{result}");
        let read = read.pointer(at.trim_end_matches('/'));
        assert_eq!(read, Some(&expected.parse().unwrap()), "{row}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        let name = prop_oneof![Just("id".to_owned()), ".{0,8}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// All places in a body but the body itself.
fn places(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => (0..).map(|n: u32| n.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    let below = |(key, child): (String, &Value)| {
        let place = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
        let deeper = places(child)
            .into_iter()
            .map(|rest| format!("{place}{rest}"));
        std::iter::once(place.clone())
            .chain(deeper)
            .collect::<Vec<_>>()
    };
    children.into_iter().flat_map(below).collect()
}

/// Whether an operation cannot do without what stands there: what its answer is about, and its id.
fn is_needed(operation: Operation, place: &str) -> bool {
    use Operation::{
        CreateBackup, DeleteBackups, GetBackupPolicy, GetJob, ListBackupFiles, ListBackups,
        ListInstances,
    };
    let parts: Vec<&str> = place.split('/').skip(1).collect();
    match operation {
        ListBackups | ListInstances => {
            matches!(&parts[..], [_] | [_, _] | [_, _, "id"]) && parts[0] != "total_count"
        }
        CreateBackup => matches!(&parts[..], ["backup"] | ["backup", "id"]),
        GetJob => matches!(&parts[..], ["job"] | ["job", "id"]),
        GetBackupPolicy => parts.len() == 1,
        ListBackupFiles => parts == ["files"],
        DeleteBackups => parts == ["delete_results"],
        _ => false,
    }
}

/// Asserts that nothing but what is needed makes a call fail, and that a backup beside an odd one is
/// found, listed and waited for, and a key makes its own.
async fn assert_borne(
    answers: &Answers,
    client: &BackupClient,
    operation: Operation,
    body: &Value,
    place: &str,
) {
    let service = client.service();
    let what = format!("{service} {operation} {place}: {body}");
    answers.set(operation, body);
    match call(client, operation).await {
        Ok(_) => {}
        Err(error) => {
            let kinds = [ErrorKind::UnreadableAnswer, ErrorKind::OutcomeUnknown];
            assert!(
                is_needed(operation, place) && kinds.contains(&error.kind()),
                "{what}: {error}"
            );
        }
    }
    if operation != Operation::ListBackups || place == "/backups" {
        return;
    }
    let other = other(service);
    let listed: Vec<_> = client.list(all(service)).collect().await;
    let mut listed = listed.iter().flatten();
    assert!(
        listed.any(|backup| backup.reference.id == other.id),
        "{what}"
    );
    client.get(&other).await.expect(&what);
    let wait = Wait::up_to(Duration::from_secs(60)).looking_every(Duration::ZERO, Duration::ZERO);
    client.wait(&other, wait).await.expect(&what);
    let created = documented(service, Operation::CreateBackup).pop().unwrap();
    answers.0.lock().unwrap()[1] = created;
    let new = NewBackup::new(other.instance.clone().unwrap(), "nightly".parse().unwrap());
    let created = client.ensure(&new, "key").await;
    // One without a name may be that of the key, where the service lets two have one.
    let is_guarded = matches!(service, Service::RdsV3 | Service::GaussdbV3);
    let is_nameless = place.ends_with("/name") || place.matches('/').count() == 2;
    match created {
        Err(error) if is_nameless && !is_guarded => {
            assert!(
                error.to_string().contains("nothing was created"),
                "{what}: {error}"
            );
        }
        created => drop(created.expect(&what)),
    }
}

/// A backup that no documented answer has.
fn other(service: Service) -> BackupRef {
    BackupRef {
        id: "another".parse().unwrap(),
        ..backup(service)
    }
}

/// An answer with another backup at the end, which is done.
fn with_other(service: Service, mut body: Value) -> Value {
    let other = other(service);
    let entry = json!({
        "id": other.id, "instance_id": other.instance, "status": "COMPLETED", "name": "another",
    });
    if let Some(Value::Array(items)) = body.get_mut("backups") {
        items.push(entry);
    }
    body
}

#[test]
fn no_value_of_a_field_takes_anything_else_away() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let answers = Answers::default();
    let clients = clients(&runtime.block_on(answers.serve()));
    let bodies: Vec<_> = operations(&clients)
        .into_iter()
        .flat_map(|(client, operation)| {
            let bodies = documented(client.service(), operation).into_iter();
            bodies
                .map(move |body| (client, operation, body))
                .collect::<Vec<_>>()
        })
        .collect();
    let all: Vec<_> = bodies
        .iter()
        .flat_map(|row| places(&row.2).into_iter().map(move |place| (row, place)))
        .collect();
    assert!(all.len() > 300, "{} places", all.len());
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(2)
    };
    for ((client, operation, body), place) in all {
        let mut runner = TestRunner::new(config.clone());
        let borne = runner.run(&any_json(), |odd| {
            let mut body = body.clone();
            *body.pointer_mut(&place).unwrap() = odd;
            let body = with_other(client.service(), body);
            runtime.block_on(assert_borne(&answers, client, *operation, &body, &place));
            Ok(())
        });
        borne.unwrap_or_else(|failure| panic!("{failure}"));
    }
}
