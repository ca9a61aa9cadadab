//! What is traced: a span for each call, and one for each attempt within it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{Rule, accepted, call, client};
use crate::support::{Script, http, local};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_call_and_its_attempts_are_traced_with_what_came_of_them() {
    let lines = Lines::default();
    let written = lines.clone();
    let log = tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || written.clone())
        .finish();
    let _here = tracing::subscriber::set_default(log);

    let unavailable = http("503 Service Unavailable", &["x-request-id: r-1"], "");
    let script = Script::start(vec![unavailable, accepted(Rule::Read)]).await;
    call(&client(&script.url, local()), Rule::Read)
        .await
        .unwrap();

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let closed: Vec<&str> = log
        .lines()
        .filter(|line| line.contains(": close "))
        .collect();
    let [first, second, whole] = closed[..] else {
        panic!("{closed:#?}");
    };
    let has = |line: &str, words: &[&str]| words.iter().all(|word| line.contains(word));
    let place = ["service=rds-v3", "operation=\"get_job\"", "duration_ms="];
    let failed = ["attempt{number=1", "status=503", "request_id=\"r-1\""];
    for (line, words) in [
        (first, &failed[..]),
        (second, &["attempt{number=2", "status=200"]),
        (whole, &["call{", "status=200"]),
    ] {
        assert!(has(line, &place) && has(line, words), "{line}");
    }
    assert!(
        log.contains("WARN") && log.contains("is sent again"),
        "{log}"
    );
}
