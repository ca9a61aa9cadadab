//! Every byte that a subcommand writes is read, while servers and proxies quote its secrets in all
//! spellings.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::dbbackup;
use crate::support::{SPELLINGS, http, serve, shown_as};

const PASSWORD: &str = "Quo\"te\\Zebra4711 ü%+&<'";
const TOKEN: &str = "MIIC+\"%41/Lemur4712==";
const SECRET_KEY: &str = "sk/\"Okapi4713+";
const SECURITY_TOKEN: &str = "st+&'Tapir4714";
const SESSION: &str = "session\"Dingo4715";
/// As they are written in the URL of a proxy: passwords, tokens in place of a user, and a password of which
/// only the first part is sent.
const PROXIES: [&str; 5] = [
    "nightly:p%22r%40xy%2BHyena4716%C3%BC",
    "tokenHyena4716",
    "token%22Hyena4716:",
    "nightly:Wombat4717@xyHyena4716",
    "Wombat4717@xyHyena4716",
];
/// A word of each, which is read in whatever becomes of the rest.
const WORDS: [&str; 7] = [
    "Zebra4711",
    "Lemur4712",
    "Okapi4713",
    "Tapir4714",
    "Dingo4715",
    "Hyena4716",
    "Wombat4717",
];

const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";
const BACKUP: &str = "43e4feaab48f11e89039fa163ebaa7e4br01";
const PROJECT: &str = "0483b6b16e954cb88930a360d2c4e663";

/// Every subcommand that calls a service.
const COMMANDS: [&[&str]; 16] = [
    &["list", "--instance", INSTANCE],
    &["show", BACKUP, "--instance", INSTANCE],
    &["instances"],
    &["policy", "get", "--instance", INSTANCE],
    &["policy", "set", "--instance", INSTANCE, "--start", "05:00"],
    &["create", "--instance", INSTANCE, "--name", "nightly"],
    &[
        "create",
        "--instance",
        INSTANCE,
        "--name",
        "nightly",
        "--key",
        "42",
    ],
    &[
        "create",
        "--instance",
        INSTANCE,
        "--name",
        "nightly",
        "--wait",
    ],
    &["delete", BACKUP, "--instance", INSTANCE, "--yes"],
    &["files", BACKUP, "--instance", INSTANCE],
    &["files", BACKUP, "--instance", INSTANCE, "--links"],
    &[
        "restore",
        "--instance",
        INSTANCE,
        "--backup",
        BACKUP,
        "--yes",
    ],
    &["stop", "--instance", INSTANCE, "--yes"],
    &["prune", "--instance", INSTANCE, "--keep", "1", "--yes"],
    &["wait", BACKUP, "--instance", INSTANCE],
    &["doctor"],
];

/// What a server does besides quoting the request.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Nothing,
    LogIn,
    All,
}

/// A server that is a proxy, too; each answer has the next spelling.
async fn quoting(does: Does) -> String {
    let count = AtomicUsize::new(0);
    serve(move |request| {
        let count = count.fetch_add(1, Ordering::Relaxed);
        // One of them is never sent.
        let quoted = format!("{request} {SECRET_KEY}");
        let quotes: Vec<String> = SPELLINGS.iter().map(|spell| spell(&quoted)).collect();
        let quote = &quotes[count % quotes.len()];
        let id: String = quote.chars().filter(|c| (' '..='~').contains(c)).collect();
        let id = format!("x-request-id: {id}");
        if request.contains("/v3/auth/tokens") && does != Does::Nothing {
            let token = format!("x-subject-token: {SESSION}");
            return http("201 Created", &[&id, &token], &login(quote));
        }
        if does == Does::All {
            return http("200 OK", &[&id], &accepted(&quotes, count).to_string());
        }
        let status = ["400 No", "401 No", "403 No", "407 No", "409 No"][count / 3 % 5];
        let body = match count % 3 {
            0 => json!({ "error_code": "DBS.1", "error_msg": quote }).to_string(),
            1 => json!({ "error": { "code": quote, "message": "no" }, "request_id": quote })
                .to_string(),
            _ => quote.clone(),
        };
        let id = [&id, "x-request-id: 4711"][count % 2];
        http(status, &[id], &body)
    })
    .await
}

fn login(quote: &str) -> String {
    let project = json!({ "id": PROJECT, "name": quote });
    let token = json!({ "expires_at": "2999-01-02T03:04:05Z", "project": project });
    json!({ "token": token }).to_string()
}

/// An answer to any call; each backup has a spelling of its own.
fn accepted(quotes: &[String], count: usize) -> Value {
    let quote = &quotes[count % quotes.len()];
    let store = json!({ "type": quote, "version": quote });
    let backup = |(place, quote): (usize, &String)| {
        let id = if place == 0 {
            BACKUP.to_owned()
        } else {
            format!("{place:032x}br01")
        };
        let status = if place % 2 == 0 { "COMPLETED" } else { quote };
        json!({
            "id": id, "instance_id": INSTANCE, "name": quote, "description": quote, "status": status,
            "type": "manual", "begin_time": format!("2026-01-{:02}T03:04:05+0000", place + 1),
            "datastore": { "type": quote }, "databases": [{ "name": quote }],
        })
    };
    let backups: Vec<Value> = quotes.iter().enumerate().map(backup).collect();
    json!({
        "backup": backups[0],
        "backups": backups,
        "total_count": backups.len(),
        "job_id": quote,
        "instances": [{
            "id": INSTANCE, "name": quote, "status": quote, "type": quote, "datastore": store,
            "nodes": [{ "id": quote, "name": quote, "role": quote, "status": quote }],
        }],
        "files": [{ "name": quote, "size": 1, "link_expired_time": quote, "database_name": quote,
            "download_link": format!("http://127.0.0.1:1/{count}") }],
        "backup_policy": { "keep_days": 7, "start_time": "01:00-02:00", "period": "1" },
    })
}

/// A subcommand with the credentials of a kind, directly or through a proxy, in some form.
fn command(arguments: &[&str], url: &str, number: usize) -> Command {
    let forms: [&[&str]; 4] = [
        &[],
        &["-v"],
        &["-vv", "--output", "json"],
        &["--output", "json"],
    ];
    let mut command = dbbackup(arguments);
    command.args(forms[number % 4]);
    command.env("DBBACKUP_SERVICE", "rds-v3");
    command.env("DBBACKUP_PROJECT_ID", PROJECT);
    let mut place = url;
    if number / 4 % 2 == 1 {
        let host = url.trim_start_matches("http://");
        let name = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"][number % 4];
        let proxy = PROXIES[number / 8 % PROXIES.len()];
        command.env(name, format!("http://{proxy}@{host}"));
        // Nobody listens there.
        place = "http://127.0.0.1:1";
    }
    command.env("DBBACKUP_RDS_URL", place);
    command.env("DBBACKUP_IAM_URL", place);
    let credentials: &[(&str, &str)] = match number % 3 {
        0 => &[
            ("USERNAME", "nightly"),
            ("DOMAIN", "OTC00"),
            ("PASSWORD", PASSWORD),
        ],
        1 => &[("TOKEN", TOKEN)],
        _ => &[
            ("ACCESS_KEY", "AK"),
            ("SECRET_KEY", SECRET_KEY),
            ("SECURITY_TOKEN", SECURITY_TOKEN),
        ],
    };
    for (name, value) in credentials {
        command.env(format!("DBBACKUP_{name}"), value);
    }
    command
}

/// Runs commands, and reads what they have written; the number of those who had something to hide.
async fn assert_nothing_is_shown(commands: Vec<Command>) -> usize {
    let run = |mut command: Command| async {
        let shown = format!("{command:?}");
        let output = spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        (shown, output)
    };
    // All of them, before anything can fail: without its server a command would not end.
    let outputs = stream::iter(commands).map(run).buffer_unordered(4);
    let mut hiding = 0;
    for (command, output) in outputs.collect::<Vec<_>>().await {
        let text = [&*output.stdout, b"\n", &*output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        for word in WORDS {
            assert_eq!(shown_as(&text, word), None, "{command}: {text}");
        }
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1 | 3 | 4 | 5)), "{command}: {text}");
        hiding += usize::from(text.contains("[hidden]"));
    }
    hiding
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_shows_no_secret() {
    let url = quoting(Does::Nothing).await;
    // The numbers with a password.
    let commands = (0..2 * SPELLINGS.len()).map(|number| {
        let arguments = [&["doctor"][..], &["instances"]][number % 2];
        command(arguments, &url, 3 * number)
    });
    let commands: Vec<_> = commands.collect();
    assert_nothing_is_shown(commands).await;
}

/// What IAM, or a proxy before it, makes of the text of a login that it refuses: nobody knows them all.
const ODD: [&str; 12] = [
    "pass=3A=FC Zebra=34711",
    "=?utf-8?q?Zebra=34711?=",
    "\\5a ebra4711",
    "\\x{5a}ebra4711",
    "5a 65 62 72 61 34 37 31 31",
    "[90, 101, 98, 114, 97, 52, 55, 49, 49]",
    "WldKeVlUUTNNVEU9 in 4 layers",
    "Zebra4711 cut",
    "%u005aebra4711",
    "&#90ebra4711",
    "1174arbeZ",
    "Z-e-b-r-a",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_shows_nothing_of_the_answer() {
    let count = AtomicUsize::new(0);
    let url = serve(move |request| {
        let odd = ODD[count.fetch_add(1, Ordering::Relaxed) % ODD.len()];
        let id = format!("x-request-id: {odd}");
        let status = if request.contains("/v3/auth/tokens") {
            "401 No"
        } else {
            "200 OK"
        };
        let body = json!({ "error": { "code": odd, "message": odd }, "request_id": odd });
        http(status, &[&id], &body.to_string())
    })
    .await;
    let commands = (0..3 * ODD.len()).map(|number| {
        let arguments = [&["doctor"][..], &["instances"]][number % 2];
        command(arguments, &url, 3 * number)
    });
    for mut command in commands {
        let output = spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let text = [&*output.stdout, b"\n", &*output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(output.status.code(), Some(5), "{text}");
        assert!(text.contains("login: refused with 401 by http"), "{text}");
        let odd = ODD.iter().find(|odd| text.contains(*odd));
        assert_eq!(odd, None, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_refuses_shows_nothing_of_its_answer() {
    let url = serve(|request| {
        let odd = "odd spelling of what it was told";
        let body = json!({ "error_code": odd, "error_msg": format!("{odd} {request}") });
        let id = format!("x-request-id: {odd}");
        http(
            "407 Proxy Authentication Required",
            &[&id],
            &body.to_string(),
        )
    })
    .await;
    for (number, arguments) in COMMANDS.iter().enumerate() {
        // Those through a proxy.
        let mut command = command(arguments, &url, 8 * number + 4);
        let output = spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let text = [&*output.stdout, b"\n", &*output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("refused with 407"), "{arguments:?}: {text}");
        assert!(
            text.contains("in the URL of the proxy"),
            "{arguments:?}: {text}"
        );
        assert!(!text.contains("odd spelling"), "{arguments:?}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_call_shows_no_secret() {
    let url = quoting(Does::LogIn).await;
    let commands = (0..3 * COMMANDS.len())
        .map(|number| command(COMMANDS[number % COMMANDS.len()], &url, number));
    let commands: Vec<_> = commands.collect();
    let all = commands.len();
    let hiding = assert_nothing_is_shown(commands).await;
    assert!(2 * hiding > all, "{hiding} of {all}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accepted_call_shows_no_secret() {
    let url = quoting(Does::All).await;
    let commands = (0..3 * COMMANDS.len())
        .map(|number| command(COMMANDS[number % COMMANDS.len()], &url, number));
    let hiding = assert_nothing_is_shown(commands.collect()).await;
    assert!(hiding > COMMANDS.len(), "{hiding}");
}
