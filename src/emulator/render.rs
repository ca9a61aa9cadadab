//! Records as JSON, in the shape of a documented example.
//!
//! A template is one object of an example with the fields that its schema knows. A record offers
//! all that it has; a field under another service's name, or one that the schema has not, is
//! passed over.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::store::{BUILDING, FAILED, Store, StoredBackup, StoredInstance, StoredJob};
use crate::contract;

const RUNNING: &str = "Running";
const JOB_FAILED: &str = "Failed";

/// A field and its value, `None` where there is nothing to say.
type FieldValue = (&'static str, Option<Value>);

/// An object to fill.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) shown: Map<String, Value>,
    /// Fields of the schema, and whether they may be null.
    fields: BTreeMap<String, bool>,
}

impl Template {
    /// The object, or the first object of the list, that an answer holds in `member`.
    pub(crate) fn new(document: &Value, answer: &Value, example: &Value, member: &str) -> Self {
        let property = |schema: &Value| {
            contract::resolve(document, schema)["properties"]
                .as_object()
                .cloned()
        };
        let of_member = property(answer)
            .and_then(|mut properties| properties.remove(member))
            .unwrap_or_default();
        let schema = contract::resolve(document, &of_member);
        let schema = schema.get("items").unwrap_or(schema);
        let shown = example[member].get(0).unwrap_or(&example[member]);
        let fields = property(schema).unwrap_or_default();
        Self {
            shown: shown.as_object().cloned().unwrap_or_default(),
            fields: fields
                .iter()
                .map(|(name, field)| (name.clone(), is_nullable(document, field)))
                .collect(),
        }
    }

    /// The example with these fields in place of its own.
    fn fill(&self, fields: Vec<FieldValue>) -> Value {
        let mut filled = self.shown.clone();
        for (name, value) in fields {
            let Some(nullable) = self.fields.get(name) else {
                continue;
            };
            match value {
                Some(value) => filled.insert(name.to_owned(), value),
                None if *nullable => filled.insert(name.to_owned(), Value::Null),
                None => filled.remove(name),
            };
        }
        Value::Object(filled)
    }

    fn is_nullable(&self, field: &str) -> bool {
        self.fields.get(field).copied().unwrap_or_default()
    }

    /// A time in the form that the example has for this field.
    fn time(&self, field: &str, time: Timestamp) -> Option<Value> {
        let shown = self.shown.get(field).and_then(Value::as_str);
        Some(json!(time_like(shown.unwrap_or_default(), time)))
    }
}

fn is_nullable(document: &Value, property: &Value) -> bool {
    let inherited = &property["allOf"][0];
    [property, inherited]
        .iter()
        .any(|schema| contract::resolve(document, schema)["nullable"] == true)
}

/// A time, with an offset if the one shown has one.
pub(crate) fn time_like(shown: &str, time: Timestamp) -> String {
    let shown = crate::model::Timestamp::from(shown);
    // Only rds-v1 leaves it out, and only where its examples do.
    let format = if shown.civil().is_some() && shown.offset().is_none() {
        "%Y-%m-%dT%H:%M:%S"
    } else {
        "%Y-%m-%dT%H:%M:%S%z"
    };
    time.to_zoned_datetime(TimeZone::UTC)
        .strftime(format)
        .to_string()
}

/// A backup in an answer to create or in a list.
pub(crate) fn backup(
    template: &Template,
    backup: &StoredBackup,
    instance: Option<&StoredInstance>,
    now: Timestamp,
) -> Value {
    let status = backup.status(now);
    let ended = (status != BUILDING).then_some(backup.ends);
    let time = |field| ended.and_then(|ended| template.time(field, ended));
    let description = match &backup.description {
        // Where null is not allowed, the examples have an empty text.
        None if !template.is_nullable("description") => Some(json!("")),
        description => description.as_ref().map(|text| json!(text)),
    };
    let kind = if backup.automated { "auto" } else { "manual" };
    let databases = backup.databases.as_ref().map(|names| {
        let names = names.iter();
        names.map(|name| json!({ "name": name })).collect::<Value>()
    });
    let mut fields = vec![
        ("id", Some(json!(backup.id))),
        ("name", Some(json!(backup.name))),
        ("description", description),
        ("databases", databases.clone()),
        ("instance_id", Some(json!(backup.instance))),
        ("status", Some(json!(status))),
        ("type", Some(json!(kind))),
        ("begin_time", template.time("begin_time", backup.begins)),
        ("created", template.time("created", backup.begins)),
        ("end_time", time("end_time")),
        ("updated", time("updated")),
        ("take_up_time", ended.map(|_| json!(minutes(backup)))),
    ];
    if ended.is_none() && template.is_nullable("size") {
        fields.push(("size", None));
    } else if ended.is_none() || status == FAILED {
        fields.push(("size", Some(json!(0))));
    }
    for name in ["datastore", "dataStore"] {
        let mut datastore = datastore(template, name, instance);
        if name == "dataStore"
            && let Some(databases) = &databases
        {
            datastore["databases"] = databases.clone();
        }
        fields.push((name, Some(datastore)));
    }
    template.fill(fields)
}

/// Minutes that a backup took, any part of one counted in full; 1 at least.
fn minutes(backup: &StoredBackup) -> i64 {
    let seconds = backup.ends.duration_since(backup.begins).as_secs();
    ((seconds + 59) / 60).max(1)
}

/// The engine as an example shows it, with the words for this instance.
fn datastore(template: &Template, field: &str, instance: Option<&StoredInstance>) -> Value {
    let mut datastore = template.shown.get(field).cloned().unwrap_or(json!({}));
    if let Some(instance) = instance {
        datastore["type"] = json!(instance.engine);
        datastore["version"] = json!(instance.version);
    }
    datastore
}

/// A job.
pub(crate) fn job(template: &Template, job: &StoredJob, store: &Store, now: Timestamp) -> Value {
    let status = job_status(job, store, now);
    let (runs, failed) = (status == RUNNING, status == JOB_FAILED);
    let backup = job.backup.as_deref().and_then(|id| store.backup(id));
    let ends = backup.map_or(job.ends, |backup| backup.ends);
    let progress = if runs {
        percent(job, now)
    } else {
        String::new()
    };
    let name = store.instance(&job.instance).map(|instance| &instance.name);
    template.fill(vec![
        ("id", Some(json!(job.id))),
        ("name", Some(json!(job.name))),
        ("status", Some(json!(status))),
        ("created", template.time("created", job.begins)),
        (
            "ended",
            (!runs).then(|| template.time("ended", ends)).flatten(),
        ),
        ("process", Some(json!(progress))),
        ("progress", Some(json!(progress))),
        (
            "instance",
            Some(json!({ "id": job.instance, "name": name })),
        ),
        // Those of the example belong to a job of another kind.
        ("entities", None),
        (
            "fail_reason",
            failed.then(|| json!("The backup was not made.")),
        ),
    ])
}

/// The word for the state of a job.
pub(crate) fn job_status(job: &StoredJob, store: &Store, now: Timestamp) -> &'static str {
    let backup = job.backup.as_deref().and_then(|id| store.backup(id));
    match backup.map(|backup| backup.status(now)) {
        Some(BUILDING) => RUNNING,
        Some(FAILED) => JOB_FAILED,
        None if job.failed => JOB_FAILED,
        None if now < job.ends => RUNNING,
        _ => "Completed",
    }
}

/// Progress of a running job.
fn percent(job: &StoredJob, now: Timestamp) -> String {
    let passed = now.duration_since(job.begins).as_secs_f64();
    let whole = job.ends.duration_since(job.begins).as_secs_f64();
    let share = if whole > 0.0 { passed / whole } else { 0.0 };
    // A job that runs is not done, even when a test holds it in this state.
    format!("{:.0}%", (share * 100.0).clamp(0.0, 99.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_form_of_the_one_shown() {
        let time = Timestamp::UNIX_EPOCH;
        for (shown, form) in [
            ("2016-09-12T01:17:05", "1970-01-01T00:00:00"),
            ("2020-07-07T01:17:05+0800", "1970-01-01T00:00:00+0000"),
            ("2026-01-02T03:04:05Z", "1970-01-01T00:00:00+0000"),
            ("", "1970-01-01T00:00:00+0000"),
        ] {
            assert_eq!(time_like(shown, time), form);
        }
    }
}
