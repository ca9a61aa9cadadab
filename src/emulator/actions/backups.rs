//! Backups made, stopped and deleted.

use serde_json::{Value, json};

use super::{Answer, asked_backup};
use crate::emulator::backend::Session;
use crate::emulator::clock::later;
use crate::emulator::identity::{backup_id, id_like};
use crate::emulator::operation::Call;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::render;
use crate::emulator::state::{BUILDING, Backup, DELETING, Job};
use crate::service::Service;

/// Code and message of a backup that is being deleted together with others.
const SUCCESS: [&str; 2] = ["0", "Success"];
/// Databases that a backup may name, and the characters of a name: the contracts have no bounds.
const MOST_DATABASES: usize = 100;
const LONGEST_DATABASE: usize = 128;
/// End of the id of a SQL Server instance.
const SQL_SERVER: &str = "in04";

/// Starts a backup.
pub(super) fn create(session: &mut Session<'_>, call: &Call) -> Answer {
    let (instance, asked) = asked_backup(&call.body);
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
    let backup = Backup {
        id: backup_id(shown, instance),
        name,
        description: text("description"),
        databases,
        instance: instance.to_owned(),
        automated: false,
        begins: session.now,
        ends: session.done(),
        failed: session.fate.fails,
        listed_from: later(session.now, session.fate.hidden),
        vanishes: None,
        // However short the work is, the answer comes before its end.
        pinned: Some(BUILDING.to_owned()),
    };
    let mut answer = session.operation.example.clone();
    let of = session.store.instance(instance);
    answer["backup"] = render::backup(&backend.created, &backup, of, session.now);
    start_jobs(session, &mut answer, &backup);
    let pinned = backup.pinned.filter(|_| session.fate.sticks);
    session.store.backups.push(Backup { pinned, ..backup });
    Ok(answer)
}

/// Puts ids of new jobs where the answer to create has them.
fn start_jobs(session: &mut Session<'_>, answer: &mut Value, backup: &Backup) {
    if let Some(shown) = answer.get_mut("job_id") {
        let job = Job {
            id: String::new(),
            name: backup_job(session.backend.service),
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
    session: &Session<'_>,
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
    let names = databases.iter().enumerate().map(|(place, database)| {
        let name = database["name"].as_str().unwrap_or_default();
        if (1..=LONGEST_DATABASE).contains(&name.chars().count()) {
            return Ok(name.to_owned());
        }
        let rule = format!("must have 1 to {LONGEST_DATABASE} characters");
        Err(Refusal::parameter(format!(
            "databases.{place}.name: {rule}"
        )))
    });
    names.collect::<Result<_, _>>().map(Some)
}

/// Name of a job that makes a backup.
fn backup_job(service: Service) -> &'static str {
    match service {
        Service::TaurusdbV3 => "CreateGaussDBforMySQLBackup",
        Service::GaussdbV3 => "BackupSnapshotGaussDBV5InInstance",
        Service::RdsV1 | Service::RdsV3 => "CreateManualBackup",
    }
}

/// Stops the backup that is being made.
pub(super) fn stop(session: &mut Session<'_>, call: &Call) -> Answer {
    let instance = call.instance().unwrap_or_default().to_owned();
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
    let job = Job {
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

/// Starts to delete a backup.
pub(super) fn delete(session: &mut Session<'_>, call: &Call) -> Answer {
    let id = call.backup().unwrap_or_default();
    let name = session.need_backup(id)?.name.clone();
    start_deletion(session, id)?;
    let mut answer = session.operation.example.clone();
    for (field, value) in answer.as_object_mut().into_iter().flatten() {
        match field.as_str() {
            "backup_id" => *value = json!(id),
            "backup_name" => *value = json!(name),
            _ => {}
        }
    }
    Ok(answer)
}

/// Starts to delete several backups, and tells what became of each.
pub(super) fn delete_several(session: &mut Session<'_>, call: &Call) -> Answer {
    let ids = call.body["backup_ids"].as_array().into_iter().flatten();
    let results = ids.map(|id| {
        let deleted = match id.as_str() {
            Some(id) => delete_one_of_several(session, id),
            None => Err(Refusal::parameter("backup_ids: must be texts")),
        };
        let [code, message] = match deleted {
            Ok(()) => SUCCESS.map(str::to_owned),
            Err(refusal) => {
                // The contract lists only codes for the whole call; these are those of one deletion.
                let single = session.backend.operation("delete_backup");
                let code = single.and_then(|single| single.code(refusal.reason));
                [code.unwrap_or_default().to_owned(), refusal.message]
            }
        };
        json!({ "backup_id": id, "error_code": code, "error_msg": message })
    });
    let results: Vec<Value> = results.collect();
    Ok(json!({ "delete_results": results }))
}

fn delete_one_of_several(session: &mut Session<'_>, id: &str) -> Result<(), Refusal> {
    if !session.need_backup(id)?.instance.ends_with(SQL_SERVER) {
        let message = "The backup is not one of a SQL Server instance.";
        return Err(Refusal::parameter(message));
    }
    start_deletion(session, id)
}

fn start_deletion(session: &mut Session<'_>, id: &str) -> Result<(), Refusal> {
    let backup = session.need_backup(id)?;
    let refused = match backup.status(session.now) {
        BUILDING => Some((Reason::BackupRuns, "The backup is being made.")),
        DELETING => Some((Reason::Deleting, "The backup is being deleted.")),
        _ if backup.automated => Some((Reason::NotManual, "The backup was made by the policy.")),
        _ => None,
    };
    if let Some((reason, message)) = refused {
        return Err(Refusal::new(reason, message));
    }
    if session.shows_deleting() {
        let gone = later(session.now, session.backend.shared.options.delete_time);
        if let Some(backup) = session.store.backup_mut(id) {
            backup.delete(gone);
        }
    } else {
        session.store.forget(|backup| backup.id == id);
    }
    Ok(())
}
