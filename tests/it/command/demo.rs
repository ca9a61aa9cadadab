//! `dbbackup demo`.

use std::process::Output;

use serde_json::Value;

use super::dbbackup;

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

const NAMES: [(&str, &str); 4] = [
    ("rds-v1", "backup"),
    ("rds-v3", "backup"),
    ("taurusdb-v3", "backup-1"),
    ("gaussdb-v3", "backupwqwq3"),
];

#[test]
fn demo_prints_a_table_of_four_completed_backups() {
    let output = stdout(&dbbackup(&["demo"]).output().unwrap());
    let lines: Vec<Vec<&str>> = output
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let headings = [
        "SERVICE", "BACKUP", "ID", "NAME", "STATUS", "JOB", "ID", "START", "TIME",
    ];
    assert_eq!(lines[0], headings);
    assert_eq!(lines.len(), 5, "{output}");
    for (line, (service, name)) in lines[1..].iter().zip(NAMES) {
        assert_eq!(
            (line.len(), line[0], line[2], line[3]),
            (6, service, name, "COMPLETED"),
            "{output}"
        );
    }
}

#[test]
fn demo_prints_an_array_of_objects() {
    let rows: Vec<Value> = serde_json::from_str(&stdout(
        &dbbackup(&["demo", "--output", "json"]).output().unwrap(),
    ))
    .unwrap();
    assert_eq!(rows.len(), 4);
    for (row, (service, name)) in rows.iter().zip(NAMES) {
        let mut keys: Vec<_> = row.as_object().unwrap().keys().collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            ["begin_time", "id", "job_id", "name", "service", "status"]
        );
        assert_eq!(
            (&row["service"], &row["name"]),
            (&service.into(), &name.into())
        );
        assert_eq!(row["status"], "COMPLETED");
        assert_eq!(row["id"].as_str().map(str::len), Some(36));
        assert!(row["begin_time"].is_string());
        // rds-v3 gives no job id today.
        assert_eq!(row["job_id"].is_string(), service != "rds-v3");
    }
}
