//! From the words of the services to ours: ids, units, times, days and percentages.

use std::fmt;

use jiff::civil::{Time, Weekday};
use progenitor_client::ResponseValue;

use super::Odd;
use crate::error::{Error, ErrorKind};
use crate::model::{Backup, BackupRef, InstanceId, Policy, Restore, RestorePoint, Timestamp};
use crate::service::{Operation, Service};

/// A call of a service, for what is said when it fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceCall(pub(super) Service, pub(super) Operation);

impl ServiceCall {
    /// What a generated client returns, with our error.
    pub(super) fn read<T, E>(
        self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<T, Error>
    where
        E: fmt::Debug + Send + Sync + 'static,
    {
        result
            .map(ResponseValue::into_inner)
            .map_err(|error| Error::of_call(self.0, self.1, error))
    }

    /// Whether a call was accepted whose answer says nothing else: also one that cannot be read. What
    /// has answered in place of the service, the transport knows.
    pub(super) fn accepted<T, E>(
        self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<(), Error>
    where
        E: fmt::Debug + Send + Sync + 'static,
    {
        match self.read(result) {
            Err(error) if error.kind() == ErrorKind::UnreadableAnswer => Ok(()),
            other => other.map(drop),
        }
    }

    pub(super) fn error(self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, self.0, self.1, message)
    }

    pub(super) fn unreadable(self, what: &str) -> Error {
        let message = format!("the call was accepted, but its answer has no usable {what}");
        self.error(ErrorKind::UnreadableAnswer, message)
    }

    /// The place of a backup. `asked` is the instance that the call was about; an answer without an
    /// instance is about the same one.
    pub(super) fn reference(
        self,
        id: Option<String>,
        instance: Option<String>,
        asked: Option<&InstanceId>,
    ) -> Result<BackupRef, Error> {
        Ok(BackupRef {
            service: self.0,
            instance: named(instance.as_deref()).or_else(|| asked.cloned()),
            id: id
                .and_then(|id| id.try_into().ok())
                .ok_or_else(|| self.unreadable("backup id"))?,
        })
    }

    /// A backup of a list, of which nothing is known yet but its name, its place, and whether that is
    /// told. Where no instance was asked for, that of one which tells none is unknown.
    pub(super) fn listed(
        self,
        id: Option<String>,
        instance: Option<String>,
        name: Option<String>,
        asked: Option<&InstanceId>,
    ) -> Result<Backup, Odd> {
        let instance_assumed = named(instance.as_deref()).is_none();
        match self.reference(id, instance, asked) {
            Ok(reference) => Ok(Backup {
                instance_assumed,
                name: name.unwrap_or_default(),
                ..Backup::new(reference)
            }),
            Err(error) => Err(Odd { error, name }),
        }
    }

    /// Source and target of a restore.
    pub(super) fn instances(self, restore: &Restore) -> Result<[&InstanceId; 2], Error> {
        let unknown = || {
            let message = "the instance of the backup is not known: name the source and the target";
            self.error(ErrorKind::InvalidInput, message)
        };
        let source = restore.source.as_ref().ok_or_else(unknown)?;
        Ok([source, restore.target.as_ref().unwrap_or(source)])
    }

    /// The id of a job; an answer without one is about the job that was asked for.
    pub(super) fn job(self, id: Option<String>, asked: &str) -> Result<String, Error> {
        match written(id) {
            Some(other) if !other.trim().eq_ignore_ascii_case(asked.trim()) => {
                let message = "the call was accepted, but its answer is about another job";
                Err(self.error(ErrorKind::UnreadableAnswer, message))
            }
            _ => Ok(asked.to_owned()),
        }
    }
}

/// An instance, if an answer names one that can be used.
fn named(instance: Option<&str>) -> Option<InstanceId> {
    instance?.trim().try_into().ok()
}

/// A text, unless it is empty.
pub(super) fn written(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A time, unless it is an empty text.
pub(super) fn known(time: Option<Timestamp>) -> Option<Timestamp> {
    time.filter(|time| !time.as_str().trim().is_empty())
}

pub(super) const KB: f64 = 1024.0;
pub(super) const MB: f64 = 1024.0 * KB;
pub(super) const GB: f64 = 1024.0 * MB;

/// A size in bytes; a negative one is none.
pub(super) fn bytes(size: Option<f64>, unit: f64) -> Option<u64> {
    // The cast saturates, and sizes beyond 2^53 bytes are not known to the byte anyway.
    size.filter(|size| *size >= 0.0)
        .map(|size| (size * unit).round() as u64)
}

/// The hour in which backups start: `hh:mm-HH:MM`, or from rds-v1 `hh:mm:ss` or `hh:mm`. None is known of
/// a text that is no time.
pub(super) fn start(text: Option<&str>) -> Option<Time> {
    let begin = text?.split('-').next()?.trim();
    let time = Time::strptime("%H:%M:%S", begin).or_else(|_| Time::strptime("%H:%M", begin));
    time.ok()
}

/// Days of the week as `1,2,7`, 1 for Monday. None are known of a text that has something else.
pub(super) fn days(text: Option<&str>) -> Vec<Weekday> {
    let numbers = text.unwrap_or_default().split(',').map(str::trim);
    let numbers = numbers.filter(|number| !number.is_empty());
    let day = |number: &str| Weekday::from_monday_one_offset(number.parse().ok()?).ok();
    let days: Option<Vec<_>> = numbers.map(day).collect();
    days.unwrap_or_default()
}

/// A number of a policy; one that is out of any range is none.
pub(super) fn number(value: Option<i64>) -> Option<u32> {
    value.and_then(|value| value.try_into().ok())
}

/// Progress as `60` or `60%`.
pub(super) fn percent(text: Option<String>) -> Option<u8> {
    let number = text?.trim().trim_end_matches('%').trim().parse().ok();
    // The cast drops a fraction.
    number
        .filter(|percent| (0.0..=100.0).contains(percent))
        .map(|percent: f64| percent as u8)
}

/// The start of a policy in the words of the service that has returned it, or as `hh:mm-HH:MM`.
pub(super) fn start_words(service: Service, policy: &Policy) -> String {
    if let Some(words) = policy.returned_start(service) {
        return words.to_owned();
    }
    let start = policy.start.unwrap_or_default();
    let (hour, minute) = (start.hour(), start.minute());
    format!("{hour:02}:{minute:02}-{:02}:{minute:02}", (hour + 1) % 24)
}

/// The days of a policy in the words of the service that has returned them, or as `1,2,7`, each once.
pub(super) fn day_words(service: Service, policy: &Policy) -> String {
    if let Some(words) = policy.returned_days(service) {
        return words.to_owned();
    }
    let has = |n: &i8| {
        policy
            .days
            .iter()
            .any(|day| day.to_monday_one_offset() == *n)
    };
    let numbers = (1..=7).filter(has);
    numbers.map(|n| n.to_string()).collect::<Vec<_>>().join(",")
}

/// Begin and end of a period as the filters of lists want them, to the second: fractions at its ends
/// belong to it.
pub(super) fn period((begin, end): (jiff::Timestamp, jiff::Timestamp)) -> [String; 2] {
    let almost_a_second = jiff::SignedDuration::from_nanos(999_999_999);
    let end = end.checked_add(almost_a_second).unwrap_or(end);
    [begin, end].map(|at| at.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string())
}

/// Id of the backup and milliseconds since 1970; one of them.
pub(super) fn point(point: &RestorePoint) -> (Option<crate::model::BackupId>, Option<i64>) {
    match point {
        RestorePoint::Backup(id) => (Some(id.clone()), None),
        RestorePoint::Time(at) => (None, Some(at.as_millisecond())),
    }
}
