//! Answers with a wrong clock and wrong counts.

use fastrand::Rng;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::World;
use super::judge::Judge;

/// What a gateway makes of `Date`.
#[derive(Clone, Copy, Debug)]
enum Clock {
    Right,
    Off(SignedDuration),
    Garbled(&'static str),
    Missing,
}

pub(super) struct Forger {
    clock: Clock,
    /// Whether lists count too few.
    counts_wrong: bool,
}

impl Forger {
    pub(super) fn new(world: &World<'_>, dice: &mut Rng) -> Self {
        // By a clock that is ahead a plain create cannot tell its backup from an older one, and waits.
        let ahead = if world.is_patient { 1 } else { -1 };
        let hours = SignedDuration::from_hours;
        let clocks = [
            Clock::Right,
            Clock::Off(hours(-7)),
            Clock::Off(hours(7 * ahead)),
            Clock::Off(SignedDuration::from_secs(90 * ahead)),
            Clock::Garbled("yesterday"),
            Clock::Garbled("Thu, 32 Jan 1970 25:00:00 GMT"),
            Clock::Missing,
        ];
        Self {
            clock: clocks[dice.usize(..clocks.len())],
            counts_wrong: dice.bool(),
        }
    }

    /// The answer of a service, as a caller gets it.
    pub(super) fn forge(&self, answer: &str, dice: &mut Rng, judge: &Judge) -> String {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut body = body.to_owned();
        if self.counts_wrong
            && let Some(fewer) = counting_fewer(&body, dice)
        {
            body = fewer;
            judge.add("a wrong count");
        }
        let mut forged = String::new();
        for line in head.lines() {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            match name.to_ascii_lowercase().as_str() {
                "content-length" => forged += &format!("{name}: {}\r\n", body.len()),
                "date" => forged += &self.date(name, value, judge),
                _ => forged += &format!("{line}\r\n"),
            }
        }
        format!("{forged}\r\n{body}")
    }

    fn date(&self, name: &str, right: &str, judge: &Judge) -> String {
        if !matches!(self.clock, Clock::Right) {
            judge.add("a wrong date");
        }
        match self.clock {
            Clock::Right => format!("{name}: {right}\r\n"),
            Clock::Garbled(date) => format!("{name}: {date}\r\n"),
            Clock::Missing => String::new(),
            Clock::Off(by) => {
                let date: Timestamp = DateTimeParser::new().parse_timestamp(right).unwrap();
                let date = (date + by).strftime("%a, %d %b %Y %H:%M:%S GMT");
                format!("{name}: {date}\r\n")
            }
        }
    }
}

/// A page of a list that counts no more than its own entries.
fn counting_fewer(body: &str, dice: &mut Rng) -> Option<String> {
    let mut body: Value = serde_json::from_str(body).ok()?;
    let entries = body["backups"].as_array()?.len();
    let count = body.get_mut("total_count")?;
    *count = dice.usize(0..=entries).into();
    Some(body.to_string())
}
