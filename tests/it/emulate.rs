//! `dbbackup emulate`: its first line, its flags, and how it ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use dbbackup::Service;
use serde_json::Value;

/// The command while it runs; it is ended when dropped.
struct Running {
    process: Child,
    /// The first line on standard output.
    line: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut command = command(arguments);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = process.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        Self { process, line }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.line).unwrap()
    }

    /// Sends a signal, and gives the exit code and what stands on standard error.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let kill = format!("kill {signal} {}", self.process.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
        let code = self.process.wait().unwrap().code();
        let mut log = String::new();
        let mut stderr = self.process.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        (code, log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dbbackup"));
    command
        .arg("emulate")
        .args(arguments)
        .stdout(Stdio::piped());
    command
}

/// What comes of arguments with which it does not start.
fn refused(arguments: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments).output().unwrap();
    let complaint = String::from_utf8(stderr).unwrap();
    assert_eq!((status.code(), stdout.len()), (Some(2), 0), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    complaint
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn status(url: &str, token: &str) -> u16 {
    let request = http().get(url).header("X-Auth-Token", token);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_first_line_is_json_with_all_that_a_client_needs() {
    let running = Running::start(&["--output", "json"]);
    let ready = running.json();
    let text = |key: &str| ready[key].as_str().unwrap();
    let keys = [
        "access_key",
        "secret_key",
        "username",
        "password",
        "domain",
        "region",
        "iam",
    ];
    assert!(keys.iter().all(|key| !text(key).is_empty()), "{ready}");
    for (service, host) in [
        (Service::RdsV3, "rds"),
        (Service::TaurusdbV3, "taurusdb"),
        (Service::GaussdbV3, "gaussdb"),
    ] {
        let url = format!("{}/v3/{}/instances", text(host), text("project_id"));
        assert_eq!(status(&url, text("token")).await, 200);
        let instances = ready["instances"][service.as_str()].as_array().unwrap();
        assert!(!instances.is_empty());
    }
    let url = format!("{}/v3/auth/catalog", text("iam"));
    assert_eq!(status(&url, "wrong").await, 401);
    let (code, log) = running.end("-TERM");
    assert_eq!(code, Some(0));
    assert!(log.contains("GET /v3/auth/catalog 401"), "{log}");
}

#[tokio::test]
async fn the_log_names_what_the_contract_does_not_know() {
    let running = Running::start(&["--output", "json"]);
    let ready = running.json();
    let text = |key: &str| ready[key].as_str().unwrap();
    let url = format!("{}/v3/{}", text("rds"), text("project_id"));
    let listed = format!("{url}/instances?limit=1&odd=1&odd=2");
    assert_eq!(status(&listed, text("token")).await, 200);
    let instance = &ready["instances"]["rds-v3"][0];
    let body = serde_json::json!({ "instance_id": instance, "name": "named", "nmae": "secret" });
    let nested = serde_json::json!({
        "source": { "type": "timestamp", "instance_id": instance, "restore_time": 1, "odd": {} },
        "target": { "instance_id": instance, "of": [{ "secret": 1 }] },
    });
    let create = http().post(format!("{url}/backups"));
    let create = create.header("X-Auth-Token", text("token")).json(&body);
    assert_eq!(create.send().await.unwrap().status(), 200);
    let restore = http().post(format!("{url}/instances/recovery"));
    let restore = restore.header("X-Auth-Token", text("token")).json(&nested);
    // The backup is still being made.
    assert_eq!(restore.send().await.unwrap().status(), 409);
    let (_, log) = running.end("-TERM");
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("WARN")).collect();
    let [list, create, restore] = warnings[..] else {
        panic!("{log}");
    };
    assert!(
        list.contains(r#"list_instances has no parameter "odd""#),
        "{list}"
    );
    assert!(
        create.contains(r#"create_backup has no field "nmae""#),
        "{create}"
    );
    assert!(
        restore.contains(r#"restore_instance has no field "source.odd", field "target.of""#),
        "{restore}"
    );
    assert!(!log.contains("secret"), "{log}");
}

#[tokio::test]
async fn a_log_that_nobody_reads_stops_nothing() {
    let running = Running::start(&["--output", "json"]);
    let url = format!(
        "{}/nowhere/{}",
        running.json()["rds"].as_str().unwrap(),
        "x".repeat(2000)
    );
    let http = http();
    // More than a pipe holds, and more than may wait.
    for _ in 0..1200 {
        let answer = http.get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }
    assert_eq!(running.end("-TERM").0, Some(0));
}

#[tokio::test]
async fn flags_are_what_the_first_line_says() {
    let node = "d8e6ca5a624745bcb546a227aa3ae1cfno01";
    let instance = format!("rds-v1={node}");
    let plan = format!("{}/tests/fixtures/faults.yaml", env!("CARGO_MANIFEST_DIR"));
    // Four ports in a row, below those that the system gives to others.
    let listens = (20_000..30_000).step_by(4);
    let listens = listens.map(|port: u16| format!("127.0.0.1:{port}"));
    let mut started = listens.map(|listen| {
        let flags = [
            "--output=json",
            "--build-time=1h",
            "--speed=10",
            "--seed=7",
            "--rate-limit=1000/1s",
            "--project-id=0123456789abcdef0123456789abcdef",
            "--region=eu-nl",
            "--domain=d",
            "--username=u",
            "--password=p",
            "--access-key=a",
            "--secret-key=s",
            "--security-token=t",
            "--token=k",
        ];
        let others = [
            "--listen",
            &listen,
            "--instance",
            &instance,
            "--faults",
            &plan,
        ];
        (
            Running::start(&[flags.as_slice(), &others].concat()),
            listen,
        )
    });
    let (running, listen) = started
        .find(|(running, _)| !running.line.is_empty())
        .unwrap();
    let ready = running.json();
    for (key, value) in [
        ("project_id", "0123456789abcdef0123456789abcdef"),
        ("region", "eu-nl"),
        ("domain", "d"),
        ("username", "u"),
        ("password", "p"),
        ("access_key", "a"),
        ("secret_key", "s"),
        ("security_token", "t"),
        ("token", "k"),
    ] {
        assert_eq!(ready[key], value, "{key}");
    }
    assert_eq!(ready["instances"]["rds-v1"], serde_json::json!([node]));
    assert_eq!(ready["rds"], format!("http://{listen}"));
    let url = format!(
        "http://{listen}/v3/{}/instances",
        "0123456789abcdef0123456789abcdef"
    );
    // That of the file with faults.
    assert_eq!(status(&url, "k").await, 418);
    assert_eq!(status(&url, "k").await, 200);
    assert_eq!(running.end("-INT").0, Some(0));
}

#[test]
fn without_json_the_first_line_is_for_a_shell() {
    let running = Running::start(&["--secret-key", "it's a $ecret", "--region", "eu-nl"]);
    let script = format!(
        "{} && printf '%s|' \"$DBBACKUP_SECRET_KEY\" \"$DBBACKUP_REGION\" \"$DBBACKUP_IAM_URL\"",
        running.line.trim()
    );
    let shell = Command::new("sh").args(["-c", &script]).output().unwrap();
    let shown = String::from_utf8(shell.stdout).unwrap();
    assert!(
        shown.starts_with("it's a $ecret|eu-nl|http://127.0.0.1:"),
        "{shown}"
    );
}

#[test]
fn an_instance_that_is_given_twice_is_shown_once() {
    let running = Running::start(&[
        "--output=json",
        "--instance=taurusdb-v3=one",
        "--instance=taurusdb-v3=one",
    ]);
    let shown = &running.json()["instances"]["taurusdb-v3"];
    assert_eq!(*shown, serde_json::json!(["one"]));
}

#[tokio::test]
async fn ids_follow_from_the_seed_and_are_others_without_one() {
    let mut first_ids = Vec::new();
    for seed in ["--seed=7", "--seed=7", "--seed=0", "--seed=0"] {
        let running = Running::start(&["--output=json", seed]);
        let url = running.json()["rds"].as_str().unwrap().to_owned();
        let answer = http().get(url).send().await.unwrap();
        first_ids.push(answer.headers()["x-request-id"].clone());
    }
    assert_eq!(first_ids[0], first_ids[1]);
    assert_ne!(first_ids[2], first_ids[3]);
}

#[test]
fn a_full_device_is_named_as_standard_output() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = command(&[]).stdout(full).stderr(Stdio::piped()).spawn();
    let output = output.unwrap().wait_with_output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(
        complaint.starts_with("dbbackup: standard output: "),
        "{complaint}"
    );
    assert_eq!(
        (output.status.code(), complaint.lines().count()),
        (Some(2), 1)
    );
}

#[test]
fn a_wrong_flag_is_named_in_one_line() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let readme = format!("{folder}/README.md");
    for (arguments, words) in [
        (["--listen", "localhost"].as_slice(), "'--listen <LISTEN>'"),
        // An address that is kept for documentation.
        (
            &["--listen", "192.0.2.1:80"],
            "--listen: cannot serve there: 192.0.2.1:80",
        ),
        (
            &["--build-time", "5"],
            "must be a time such as 5s, 10m or 1h30m",
        ),
        (
            &["--build-time", "-1s"],
            "'--build-time <BUILD_TIME>': must not be negative",
        ),
        (&["--speed", "-1"], "'--speed <SPEED>': must be 0 or more"),
        (&["--seed", "-1"], "'--seed <SEED>'"),
        (
            &["--token", ""],
            "'--token <TOKEN>': must have visible characters",
        ),
        (&["--access-key", "a,b"], "must have letters and digits"),
        (&["--password", ""], "'--password <PASSWORD>'"),
        (&["--project-id", "a/b"], "'--project-id <PROJECT_ID>'"),
        (&["--colour"], "unexpected argument '--colour'"),
        (
            &["--rate-limit", "0/1m"],
            "must have the form CALLS/TIME, such as 60/1m",
        ),
        (
            &["--instance", "rds-v2=x"],
            "service must be one of rds-v1, rds-v3",
        ),
        (&["--instance", "rds-v3=a b"], "'--instance <SERVICE=ID>'"),
        (&["--faults", "/nowhere"], "--faults: /nowhere: "),
        (&["--faults", &readme], "README.md: "),
        (&["--faults", "/dev/null"], "neither faults nor rate_limit"),
        (
            &["--faults", "/dev/zero"],
            "--faults: /dev/zero: must not have more than 262144 bytes",
        ),
    ] {
        let complaint = refused(arguments);
        assert!(complaint.contains(words), "{arguments:?}: {complaint}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let complaint = refused(&["--listen", &address]);
    assert!(complaint.contains(&address), "{complaint}");
}
