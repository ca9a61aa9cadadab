//! Answers in the shape of a documented example, with values of their own.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// Answer to an accepted create: the example, about the backup that was asked for.
pub(super) fn create(example: &Value, request: &Value) -> Value {
    let mut reply = example.clone();
    let asked = request.get("backup").unwrap_or(request);
    let instance = asked.get("instance").unwrap_or(&asked["instance_id"]);
    if let Some(backup) = reply["backup"].as_object_mut() {
        backup.retain(|field, _| field != "databases" || asked.get(field).is_some());
    }
    for (field, value) in reply["backup"].as_object_mut().into_iter().flatten() {
        let shown = value.as_str().unwrap_or_default();
        match field.as_str() {
            "id" => *value = json!(backup_id(shown, instance.as_str().unwrap_or_default())),
            "instance_id" => *value = instance.clone(),
            "name" => *value = asked["name"].clone(),
            "description" => *value = json!(asked["description"].as_str().unwrap_or_default()),
            "databases" => *value = asked["databases"].clone(),
            "begin_time" | "created" => *value = json!(now_like(shown)),
            _ => {}
        }
    }
    for job in ["/job_id", "/extendparam/jobs/0"] {
        if let Some(job) = reply.pointer_mut(job) {
            *job = json!(hex_like(job.as_str().unwrap_or_default()));
        }
    }
    reply
}

/// An id like the one shown; one that names an engine (`…br04`) names that of the instance.
fn backup_id(shown: &str, instance: &str) -> String {
    let Some((digits, engine)) = shown.rsplit_once("br") else {
        return hex_like(shown);
    };
    let engine = instance
        .rsplit_once("in")
        .map_or(engine, |(_, engine)| engine);
    format!("{}br{engine}", hex_like(digits))
}

/// A text like the one shown, with other hexadecimal digits.
pub(super) fn hex_like(shown: &str) -> String {
    let mut digits = String::new();
    while digits.len() < shown.len() {
        digits += &format!("{:016x}", next_number());
    }
    let replace = |(c, digit): (char, char)| if c.is_ascii_hexdigit() { digit } else { c };
    shown.chars().zip(digits.chars()).map(replace).collect()
}

/// Numbers that look random and never repeat within a process (SplitMix64).
fn next_number() -> u64 {
    static STATE: AtomicU64 = AtomicU64::new(0);
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut z = STATE.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The time now, with an offset if the one shown has one.
fn now_like(shown: &str) -> String {
    let has_offset = crate::model::Timestamp::from(shown).offset().is_some();
    let format = if has_offset {
        "%Y-%m-%dT%H:%M:%S%z"
    } else {
        "%Y-%m-%dT%H:%M:%S"
    };
    jiff::Timestamp::now()
        .to_zoned(TimeZone::UTC)
        .strftime(format)
        .to_string()
}
