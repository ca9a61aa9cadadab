//! Backups made and stopped.

use serde_json::{Value, json};

use crate::emulator::clock::later;
use crate::emulator::identity::{backup_id, id_like};
use crate::emulator::operation::{CheckedRequest, new_backup};
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::render;
use crate::emulator::session::{ActionResult, ServiceSession};
use crate::emulator::store::{BUILDING, StoredBackup, StoredJob};

/// Databases that a backup may name, and the characters of a name: the contracts have no bounds.
const MOST_DATABASES: usize = 100;
const LONGEST_DATABASE: usize = 128;

/// Starts a backup.
pub(crate) fn create(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let (instance, asked) = new_backup(session.backend.profile, &request.body);
    session.need_idle(instance)?;
    let databases = databases(session, instance, asked)?;
    let text = |field: &str| asked[field].as_str().map(str::to_owned);
    let name = text("name").unwrap_or_default();
    let taken = session.store.backups.iter().any(|b| b.name == name);
    if taken && session.knows(Reason::NameTaken) {
        let message = "A backup of this name exists.";
        return Err(Refusal::new(Reason::NameTaken, message));
    }
    if session.store.is_full() {
        let message = "The emulator holds as many backups, or names of databases, as it can.";
        return Err(Refusal::new(Reason::Full, message));
    }
    let backend = session.backend;
    let shown = backend.created.shown["id"].as_str().unwrap_or_default();
    let backup = StoredBackup {
        id: backup_id(shown, instance),
        name,
        description: text("description"),
        databases,
        instance: instance.to_owned(),
        automated: false,
        begins: session.now,
        ends: session.done(),
        failed: session.outcome.fails,
        listed_from: later(session.now, session.outcome.hidden),
        vanishes: None,
        // However short the work is, the answer comes before its end.
        pinned: Some(BUILDING.to_owned()),
    };
    let mut answer = session.operation.example.clone();
    let of = session.store.instance(instance);
    answer["backup"] = render::backup(&backend.created, &backup, of, session.now);
    start_jobs(session, &mut answer, &backup);
    let pinned = backup.pinned.filter(|_| session.outcome.sticks);
    session
        .store
        .backups
        .push(StoredBackup { pinned, ..backup });
    Ok(answer)
}

/// Puts ids of new jobs where the answer to create has them.
fn start_jobs(session: &mut ServiceSession<'_>, answer: &mut Value, backup: &StoredBackup) {
    if let Some(shown) = answer.get_mut("job_id") {
        let job = StoredJob {
            id: String::new(),
            name: session.backend.profile.backup_job,
            instance: backup.instance.clone(),
            backup: Some(backup.id.clone()),
            begins: session.now,
            ends: backup.ends,
            failed: false,
        };
        *shown = session.start_job(shown, job);
    }
    // The jobs of rds-v1 have an id, but there is no call that shows them.
    if let Some(shown) = answer.pointer_mut("/extendparam/jobs/0") {
        *shown = json!(id_like(shown.as_str().unwrap_or_default()));
    }
}

/// Names of the databases to back up; fails when the instance cannot back them up by themselves.
fn databases(
    session: &ServiceSession<'_>,
    instance: &str,
    asked: &Value,
) -> Result<Option<Vec<String>>, Refusal> {
    let engine = session.need_instance(instance)?.engine.as_str();
    let Some(databases) = asked.get("databases").and_then(Value::as_array) else {
        if asked["backup_database_individually"] == true {
            let message = "backup_database_individually: needs databases";
            return Err(Refusal::parameter(message));
        }
        return Ok(None);
    };
    if !matches!(engine, "SQLServer" | "PostgreSQL") {
        let message = "databases: only for SQL Server and PostgreSQL";
        return Err(Refusal::new(Reason::Engine, message));
    }
    if databases.len() > MOST_DATABASES {
        let message = format!("databases: must not have more than {MOST_DATABASES} items");
        return Err(Refusal::parameter(message));
    }
    let name = |(index, database): (usize, &Value)| {
        let name = database["name"].as_str().unwrap_or_default();
        if (1..=LONGEST_DATABASE).contains(&name.chars().count()) {
            return Ok(name.to_owned());
        }
        let rule = format!("must have 1 to {LONGEST_DATABASE} characters");
        Err(Refusal::parameter(format!(
            "databases.{index}.name: {rule}"
        )))
    };
    let names: Result<_, _> = databases.iter().enumerate().map(name).collect();
    names.map(Some)
}

/// Stops the backup that is being made.
pub(crate) fn stop(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let instance = session.instance_in(request).unwrap_or_default().to_owned();
    session.need_instance(&instance)?;
    let now = session.now;
    let running = session.store.running_backup(&instance, now);
    let Some(id) = running.map(|backup| backup.id.clone()) else {
        let message = "No backup of the instance is being made.";
        return Err(Refusal::new(Reason::NothingToStop, message));
    };
    if let Some(backup) = session.store.backup_mut(&id) {
        backup.stop(now);
    }
    let mut answer = session.operation.example.clone();
    let job = StoredJob {
        id: String::new(),
        name: "StopBackup",
        instance,
        backup: None,
        begins: now,
        ends: now,
        failed: false,
    };
    answer["job_id"] = session.start_job(&answer["job_id"], job);
    Ok(answer)
}
