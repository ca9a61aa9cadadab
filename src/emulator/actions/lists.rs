//! Backups, their files, instances and jobs, shown.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Answer;
use crate::emulator::backend::Session;
use crate::emulator::clock::later;
use crate::emulator::operation::Call;
use crate::emulator::parameters;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::render::{self, time_like};
use crate::emulator::state::{Backup, COMPLETED, Instance};
use crate::service::Service;

/// Backups in the list of rds-v1, which has no pages; its list of instances has no end.
const MOST_BACKUPS: usize = 100;
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
/// How long a link for a file is good.
const LINK_LIFETIME: Duration = Duration::from_secs(3600);

/// A page of the backups that match all filters, the newest first.
pub(super) fn backups(session: &mut Session<'_>, call: &Call) -> Answer {
    // Only rds-v3, whose list is that of one instance, has a code for an unknown one.
    if let Some(instance) = call.instance() {
        session.check_form(instance)?;
        if session.knows(Reason::NoInstance) {
            session.need_instance(instance)?;
        }
    }
    let period = parameters::period(&call.arguments)?;
    let backups = session.store.backups.iter().enumerate();
    let mut found: Vec<_> = backups
        .filter(|(_, backup)| is_within(period, backup) && matches(session, call, backup))
        .map(|(place, backup)| (backup.begins, place))
        .collect();
    found.sort_by_key(|key| Reverse(*key));
    let entry = |(_, place): &(_, usize)| {
        let backup = &session.store.backups[*place];
        let instance = session.store.instance(&backup.instance);
        render::backup(&session.backend.listed, backup, instance, session.now)
    };
    let answer = session.operation.example.clone();
    Ok(page(answer, call, "backups", &found, MOST_BACKUPS, entry))
}

/// Whether a backup began in the period.
fn is_within([begin, end]: [Option<Timestamp>; 2], backup: &Backup) -> bool {
    // Times are compared as they are shown, in whole seconds.
    let time = backup.begins.as_second();
    begin.is_none_or(|begin| begin.as_second() <= time)
        && end.is_none_or(|end| time <= end.as_second())
}

/// Whether a backup passes the filters for words.
fn matches(session: &Session<'_>, call: &Call, backup: &Backup) -> bool {
    let is = |filter: &str, value: &str| call.text(filter).is_none_or(|asked| asked == value);
    let instance = session.store.instance(&backup.instance);
    let instance_name = instance.map_or("", |instance| &instance.name);
    let kind = if backup.automated { "auto" } else { "manual" };
    // The list of rds-v1 is one of manual backups.
    let listed = !backup.automated || session.backend.service != Service::RdsV1;
    listed
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
/// `most` holds where the caller cannot say how many there shall be. Only what is on the page is made
/// an `entry`.
fn page<T>(
    mut answer: Value,
    call: &Call,
    member: &str,
    found: &[T],
    most: usize,
    entry: impl Fn(&T) -> Value,
) -> Value {
    let (offset, limit) = (call.number("offset"), call.number("limit"));
    if let Some(count) = answer.get_mut("total_count") {
        *count = json!(found.len());
    }
    let page = found.iter().skip(offset.unwrap_or_default());
    answer[member] = page.take(limit.unwrap_or(most)).map(entry).collect();
    answer
}

/// The files of a backup.
pub(super) fn files(session: &mut Session<'_>, call: &Call) -> Answer {
    let backup = session.need_backup(call.backup().unwrap_or_default())?;
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
pub(super) fn instances(session: &mut Session<'_>, call: &Call) -> Answer {
    let is = |filter: &str, value: &str| call.text(filter).is_none_or(|asked| asked == value);
    let has_name = |name: &str| match call
        .text("name")
        .map(|asked| (asked, asked.strip_prefix('*')))
    {
        None => true,
        Some((_, Some(part))) => name.contains(part),
        Some((asked, None)) => name == asked,
    };
    // The emulated instances have no network, tags or price: these filters find none of them.
    let has_more = ABSENT.iter().any(|filter| call.text(filter).is_some());
    let found = session.store.instances.iter().filter(|instance| {
        !has_more
            && is("id", &instance.id)
            && has_name(&instance.name)
            && is("type", instance.shown["type"].as_str().unwrap_or_default())
            && is("datastore_type", &instance.engine)
    });
    let found: Vec<&Instance> = found.collect();
    let entry = |instance: &&Instance| entry(session, instance);
    let answer = session.operation.example.clone();
    Ok(page(answer, call, "instances", &found, usize::MAX, entry))
}

/// An instance in the list.
fn entry(session: &Session<'_>, instance: &Instance) -> Value {
    let mut shown = instance.shown.clone();
    shown["status"] = json!(
        session
            .backend
            .instance_status(&session.store, instance, session.now)
    );
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
pub(super) fn job(session: &mut Session<'_>, call: &Call) -> Answer {
    let id = call.text("id").unwrap_or_default();
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
        let call = Call {
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
        let answer = page(answer, &call, "backups", &found, 100, entry);
        assert_eq!(answer, json!({ "backups": [2, 3, 4], "total_count": 1000 }));
        assert_eq!(made.get(), 3);
    }
}
