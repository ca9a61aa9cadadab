//! The policy for automated backups of an instance, shown and replaced.

use std::mem;

use serde_json::{Map, Value, json};

use crate::emulator::backend::Backend;
use crate::emulator::operation::CheckedRequest;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::services::PolicyStart;
use crate::emulator::session::{ActionResult, ServiceSession};

/// Shows the policy.
pub(crate) fn get(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let instance = session.need_instance(session.instance_in(request).unwrap_or_default())?;
    let mut answer = session.operation.example.clone();
    // The envelope is the only member of the answer.
    if let Some(policy) = answer.as_object_mut().and_then(|a| a.values_mut().next()) {
        *policy = json!(instance.policy);
    }
    Ok(answer)
}

/// Replaces the policy.
pub(crate) fn set(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let id = session.instance_in(request).unwrap_or_default();
    session.need_instance(id)?;
    let backend = session.backend;
    let mut answer = session.operation.example.clone();
    let pointer = backend.profile.policy;
    let asked = request.body.pointer(pointer).unwrap_or(&Value::Null);
    check(backend.profile.policy_start, asked)?;
    let policy = with_defaults(backend, asked);
    let Some(instance) = session.store.instance_mut(id) else {
        return Ok(answer);
    };
    for (field, value) in policy {
        let shown = as_shown(backend, &field, value);
        instance.policy.insert(field, shown);
    }
    for (field, value) in answer.as_object_mut().into_iter().flatten() {
        match field.as_str() {
            "instance_id" => *value = json!(instance.id),
            "instance_name" => *value = json!(instance.name),
            _ => {}
        }
    }
    Ok(answer)
}

/// Checks the rules that the schema cannot express.
fn check(start: PolicyStart, asked: &Value) -> Result<(), Refusal> {
    let text = |field: &str| asked[field].as_str().unwrap_or_default();
    match start {
        PolicyStart::TimeOfDay if is_time_of_day(text("starttime")) => Ok(()),
        PolicyStart::TimeOfDay => {
            let message = "starttime: must be hh:mm or hh:mm:ss";
            Err(Refusal::new(Reason::Window, message))
        }
        PolicyStart::Hour { step } if !is_window(text("start_time"), step) => {
            let message = "start_time: must be hh:mm-HH:MM, one hour with the minutes documented";
            Err(Refusal::new(Reason::Window, message))
        }
        PolicyStart::Hour { .. } if !is_cycle(text("period")) => {
            let message = "period: must be days 1 to 7, each once, separated by commas";
            Err(Refusal::new(Reason::Cycle, message))
        }
        PolicyStart::Hour { .. } => Ok(()),
    }
}

/// The fields of the policy sent that the contract knows, completed by its defaults.
fn with_defaults(backend: &Backend, asked: &Value) -> Map<String, Value> {
    let properties = backend.schema("NewBackupPolicy")["properties"].as_object();
    let value = |(field, schema): (&String, &Value)| {
        let value = asked.get(field).or_else(|| schema.get("default"))?;
        Some((field.clone(), value.clone()))
    };
    properties.into_iter().flatten().filter_map(value).collect()
}

/// A value in the type in which the policy is shown: GaussDB sets a text and shows a number.
fn as_shown(backend: &Backend, field: &str, value: Value) -> Value {
    let shown = &backend.schema("BackupPolicy")["properties"][field];
    let number = value.as_str().and_then(|text| text.parse::<i64>().ok());
    match number {
        Some(number) if shown["type"] == "integer" => json!(number),
        _ => value,
    }
}

/// Hours and minutes, two digits each.
fn hours_and_minutes(text: &str) -> Option<(u8, u8)> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |text: &str, end: u8| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|number| digits && *number < end)
    };
    Some((two_digits(hours, 24)?, two_digits(minutes, 60)?))
}

fn is_time_of_day(text: &str) -> bool {
    match text.split_at_checked("hh:mm".len()) {
        Some((time, "")) => hours_and_minutes(time).is_some(),
        Some((time, seconds)) => {
            let seconds = format!("00{seconds}");
            hours_and_minutes(time).is_some() && hours_and_minutes(&seconds).is_some()
        }
        None => false,
    }
}

/// Whether the text is an hour from a minute that is a multiple of `step`, such as 23:00-00:00.
fn is_window(text: &str, step: u8) -> bool {
    let times = text
        .split_once('-')
        .and_then(|(start, end)| hours_and_minutes(start).zip(hours_and_minutes(end)));
    times.is_some_and(|((from, minute), (to, last))| {
        (from + 1) % 24 == to && minute == last && minute % step == 0
    })
}

/// Whether the text has days of the week, none of them twice.
fn is_cycle(text: &str) -> bool {
    let mut seen = [false; 7];
    text.split(',').all(|day| match day.as_bytes() {
        [day @ b'1'..=b'7'] => !mem::replace(&mut seen[usize::from(day - b'1')], true),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_last_an_hour_and_start_at_a_documented_minute() {
        for (text, quarters, hours) in [
            ("19:00-20:00", true, true),
            ("23:00-00:00", true, true),
            ("19:15-20:15", true, false),
            ("19:10-20:10", false, false),
            ("19:00-21:00", false, false),
            ("19:00-20:15", false, false),
            ("23:00-24:00", false, false),
            ("9:00-10:00", false, false),
            ("+9:00-10:00", false, false),
            ("19:00", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_window(text, 15), quarters, "{text}");
            assert_eq!(is_window(text, 60), hours, "{text}");
        }
    }

    #[test]
    fn times_of_day_have_seconds_or_not() {
        for right in ["00:00", "23:59", "00:00:00", "23:59:59"] {
            assert!(is_time_of_day(right), "{right}");
        }
        for wrong in [
            "", "0:00", "24:00", "00:60", "00:00:60", "00:00:", "00:00:0", "ä0:00",
        ] {
            assert!(!is_time_of_day(wrong), "{wrong}");
        }
    }

    #[test]
    fn cycles_are_days_of_the_week_each_of_them_once() {
        assert!(is_cycle("1,2,3,4,5,6,7") && is_cycle("7") && is_cycle("7,1"));
        for wrong in ["", "0", "8", "1,", "1, 2", "12", "1,1", "1,2,1"] {
            assert!(!is_cycle(wrong), "{wrong}");
        }
    }
}
