//! Backups, their files, instances and jobs, listed.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::emulator::clock::later;
use crate::emulator::operation::CheckedRequest;
use crate::emulator::parameters;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::render::{self, time_like};
use crate::emulator::session::{ActionResult, ServiceSession};
use crate::emulator::store::{COMPLETED, StoredBackup, StoredInstance};

/// Filters for what the emulated instances do not have.
const ABSENT: [&str; 7] = [
    "charge_mode",
    "private_ip",
    "proxy_ip",
    "readonly_private_ip",
    "subnet_id",
    "tags",
    "vpc_id",
];
/// Time until the link of a file expires.
const LINK_LIFETIME: Duration = Duration::from_secs(3600);

/// A page of the backups that match all filters, the newest first.
pub(crate) fn backups(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    // Only a service that lists the backups of one instance has a code for an unknown one.
    if let Some(instance) = session.instance_in(request) {
        session.check_form(instance)?;
        if session.knows(Reason::NoInstance) {
            session.need_instance(instance)?;
        }
    }
    let period = parameters::period(&request.arguments)?;
    let mut found: Vec<_> = session
        .store
        .backups
        .iter()
        .enumerate()
        .filter(|(_, backup)| is_within(period, backup) && matches(session, request, backup))
        .map(|(index, backup)| (backup.begins, index))
        .collect();
    found.sort_by_key(|key| Reverse(*key));
    let entry = |(_, index): &(_, usize)| {
        let backup = &session.store.backups[*index];
        let instance = session.store.instance(&backup.instance);
        render::backup(&session.backend.listed, backup, instance, session.now)
    };
    let newest = session.backend.profile.newest_backups;
    let answer = session.operation.example.clone();
    Ok(page(answer, request, "backups", &found, newest, entry))
}

/// Whether a backup began in the period.
fn is_within([begin, end]: [Option<Timestamp>; 2], backup: &StoredBackup) -> bool {
    // Times are compared as they are shown, in whole seconds.
    let time = backup.begins.as_second();
    begin.is_none_or(|begin| begin.as_second() <= time)
        && end.is_none_or(|end| time <= end.as_second())
}

/// Whether a backup passes the filters for words.
fn matches(session: &ServiceSession<'_>, request: &CheckedRequest, backup: &StoredBackup) -> bool {
    let is = |filter: &str, value: &str| request.text(filter).is_none_or(|asked| asked == value);
    let instance = session.store.instance(&backup.instance);
    let instance_name = instance.map_or("", |instance| &instance.name);
    let kind = if backup.automated { "auto" } else { "manual" };
    let is_listed = !backup.automated || session.backend.profile.lists_automated;
    is_listed
        && backup.listed_from <= session.now
        && is("instance_id", &backup.instance)
        && is("backup_id", &backup.id)
        && is("backup_type", kind)
        && is("status", backup.status(session.now))
        && is("name", &backup.name)
        && is("instance_name", instance_name)
}

/// The documented answer with a page of what was found, and the number of all where it has one.
///
/// `most` is the length of a list without pages, if it has an end. An `entry` is made only of what
/// is on the page.
fn page<T>(
    mut answer: Value,
    request: &CheckedRequest,
    member: &str,
    found: &[T],
    most: Option<usize>,
    entry: impl Fn(&T) -> Value,
) -> Value {
    let offset = request.number("offset").unwrap_or_default();
    let limit = request.number("limit").or(most).unwrap_or(usize::MAX);
    if let Some(count) = answer.get_mut("total_count") {
        *count = json!(found.len());
    }
    answer[member] = found.iter().skip(offset).take(limit).map(entry).collect();
    answer
}

/// The files of a backup.
pub(crate) fn files(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let backup = session.need_backup(session.backup_in(request).unwrap_or_default())?;
    if backup.status(session.now) != COMPLETED {
        let message = "The backup is not completed.";
        return Err(Refusal::new(Reason::NotCompleted, message));
    }
    let listed = render::backup(&session.backend.listed, backup, None, session.now);
    let mut answer = session.operation.example.clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let bucket = text(&answer["bucket"]);
    let file = &mut answer["files"][0];
    let shown = text(&file["name"]);
    let ending = shown.rsplit_once('.').map_or("bak", |(_, ending)| ending);
    let name = format!("{}.{ending}", backup.id);
    let expires = later(session.now, LINK_LIFETIME);
    file["download_link"] = json!(format!("https://obs.example.com/{bucket}/{name}"));
    file["link_expired_time"] = json!(time_like(&text(&file["link_expired_time"]), expires));
    file["name"] = json!(name);
    // The size of a file is a whole number even where that of the backup is not.
    let size = listed["size"].as_f64().unwrap_or_default();
    file["size"] = json!(size as i64);
    Ok(answer)
}

/// A page of the instances that match all filters.
pub(crate) fn instances(
    session: &mut ServiceSession<'_>,
    request: &CheckedRequest,
) -> ActionResult {
    let is = |filter: &str, value: &str| request.text(filter).is_none_or(|asked| asked == value);
    let has_name = |name: &str| {
        request
            .text("name")
            .is_none_or(|asked| match asked.strip_prefix('*') {
                Some(part) => name.contains(part),
                None => name == asked,
            })
    };
    // The emulated instances have no network, tags or price: these filters find none of them.
    let has_more = ABSENT.iter().any(|filter| request.text(filter).is_some());
    let is_found = |instance: &&StoredInstance| {
        !has_more
            && is("id", &instance.id)
            && has_name(&instance.name)
            && is("type", instance.shown["type"].as_str().unwrap_or_default())
            && is("datastore_type", &instance.engine)
    };
    let found: Vec<_> = session.store.instances.iter().filter(is_found).collect();
    let entry = |instance: &&StoredInstance| entry(session, instance);
    let answer = session.operation.example.clone();
    Ok(page(answer, request, "instances", &found, None, entry))
}

/// An instance in the list.
fn entry(session: &ServiceSession<'_>, instance: &StoredInstance) -> Value {
    let mut shown = instance.shown.clone();
    let status = session
        .backend
        .instance_status(&session.store, instance, session.now);
    shown["status"] = json!(status);
    if let Some(strategy) = shown.get_mut("backupStrategy") {
        let time = instance.policy["starttime"].as_str().unwrap_or_default();
        // The list has seconds even where the policy was set without them.
        let seconds = if time.len() == "hh:mm".len() {
            ":00"
        } else {
            ""
        };
        *strategy = json!({
            "startTime": format!("{time}{seconds}"),
            "keepDays": instance.policy["keepday"],
        });
    }
    shown
}

/// A job.
pub(crate) fn job(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let id = request.text("id").unwrap_or_default();
    let Some(job) = session.store.jobs.iter().find(|job| job.id == id) else {
        let message = "The job does not exist.";
        return Err(Refusal::new(Reason::NoJob, message));
    };
    let mut answer = session.operation.example.clone();
    answer["job"] = render::job(&session.backend.job, job, &session.store, session.now);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn only_what_is_on_the_page_is_made_an_entry() {
        let argument = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let request = CheckedRequest {
            arguments: [("offset", "2"), ("limit", "3")].map(argument).into(),
            body: Value::Null,
        };
        let made = Cell::new(0);
        let entry = |number: &i32| {
            made.set(made.get() + 1);
            json!(number)
        };
        let found: Vec<i32> = (0..1000).collect();
        let answer = json!({ "backups": [], "total_count": 0 });
        let answer = page(answer, &request, "backups", &found, Some(100), entry);
        assert_eq!(answer, json!({ "backups": [2, 3, 4], "total_count": 1000 }));
        assert_eq!(made.get(), 3);
    }
}
