//! Shows and sets the policy for automated backups.

use dbbackup::Service;
use dbbackup::model::Policy;
use jiff::ToSpan;
use jiff::civil::{Time, Weekday};

use crate::confirm::ConfirmArgs;
use crate::exit::{Failure, done_but_unseen};
use crate::output::{Row, text};
use crate::rows::help;
use crate::session::{Invocation, ServiceCommand, Session};
use crate::values;

/// The fields of a policy.
const POLICY: &str = "\
With --output json a policy has these fields, null where nothing is known:
  keep_days               days that automated backups are kept; 0 when there are none
  start                   time of day in UTC at which the hour begins in which a backup starts
  days                    days of the week, 1 for Monday to 7; empty on rds-v1
  differential_minutes, rate_limit, prefetch_pages, file_split_size, on_standby
                          on gaussdb-v3
  level1_backups          on taurusdb-v3";

/// Show or set the policy for automated backups.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Get(Box<Invocation<Get>>),
    Set(Box<Invocation<Set>>),
}

/// Show the policy of an instance.
#[derive(clap::Args)]
#[command(after_long_help = help(POLICY))]
pub(crate) struct Get {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
}

/// That of clap would name all parts.
const USAGE: &str =
    "dbbackup policy set --service <SERVICE> --instance <ID|NAME> <PARTS AND OPTIONS>";

/// Set the policy of an instance; what is not given stays as it is.
///
/// Only what is given is checked here; the rest goes back as the service has returned it.
/// Fewer days to keep delete older automated backups, 0 on rds-v1 all of them: that asks first.
#[derive(clap::Args)]
#[command(after_long_help = help(POLICY), override_usage = USAGE, allow_negative_numbers = true)]
#[command(group(clap::ArgGroup::new("part").required(true).multiple(true)))]
pub(crate) struct Set {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
    /// Days that automated backups are kept, 1 to 732, on rds-v3 and taurusdb-v3 to 3660 where the
    /// service allows it; 0 for none on rds-v1.
    #[arg(long, value_name = "DAYS", group = "part")]
    keep_days: Option<u32>,
    /// Hour in which a backup starts, in UTC, by its beginning or as a whole: 01:00 or 01:00-02:00.
    #[arg(long, value_name = "TIME", group = "part", value_parser = start)]
    start: Option<Time>,
    /// Days of the week, such as mon,thu; not on rds-v1.
    #[arg(long, value_name = "DAYS", group = "part", value_delimiter = ',', value_parser = day)]
    days: Vec<Weekday>,
    /// Minutes between differential backups; gaussdb-v3.
    #[arg(long, value_name = "MINUTES", group = "part")]
    differential_minutes: Option<u32>,
    /// Speed of the upload in MB/s, 0 for no limit; gaussdb-v3.
    #[arg(long, value_name = "MB/S", group = "part")]
    rate_limit: Option<u32>,
    /// Pages that a differential backup prefetches; gaussdb-v3.
    #[arg(long, value_name = "PAGES", group = "part")]
    prefetch_pages: Option<u32>,
    /// Size in GB at which files are split, 0 for no limit; gaussdb-v3.
    #[arg(long, value_name = "GB", group = "part")]
    file_split_size: Option<u32>,
    /// Whether backups are made on a standby node; gaussdb-v3.
    #[arg(long, value_name = "BOOL", group = "part")]
    on_standby: Option<bool>,
    /// Number of backups of level 1 to keep; taurusdb-v3.
    #[arg(long, value_name = "NUMBER", group = "part")]
    level1_backups: Option<u32>,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

impl Row for Policy {
    const HEADINGS: &'static [&'static str] = &["KEEP DAYS", "START (UTC)", "DAYS"];

    fn cells(&self) -> Vec<String> {
        let days = self.days.iter().map(|day| short(*day));
        vec![
            text(self.keep_days),
            text(self.start.map(|start| start.strftime("%H:%M:%S"))),
            days.collect::<Vec<_>>().join(","),
        ]
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        let numbers = [
            ("DIFFERENTIAL MINUTES", self.differential_minutes),
            ("RATE LIMIT (MB/S)", self.rate_limit),
            ("PREFETCH PAGES", self.prefetch_pages),
            ("FILE SPLIT SIZE (GB)", self.file_split_size),
            ("LEVEL 1 BACKUPS", self.level1_backups),
        ];
        let mut details: Vec<_> = numbers
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?.to_string())))
            .collect();
        details.extend(self.on_standby.map(|on| ("ON STANDBY", on.to_string())));
        details
    }
}

impl ServiceCommand for Get {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let client = session.options.connect().await?;
        let instance = client.find_instance(&self.instance).await?;
        let policy = client.policy(&instance).await?;
        Ok(session.out().one(&policy)?)
    }
}

impl ServiceCommand for Set {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        self.check(session.options.service())?;
        let client = session.options.connect_to(self.confirm.change).await?;
        let instance = client.find_instance(&self.instance).await?;
        let old = client.policy(&instance).await?;
        let new = self.over(old.clone());
        // Of a number that is not known, any may be less.
        if let Some(to) = self.keep_days
            && old.keep_days.is_none_or(|from| to < from)
        {
            let from = old
                .keep_days
                .map_or("an unknown number".to_owned(), |from| from.to_string());
            let what = format!(
                "Keep automated backups of {instance} for {to} days in place of {from}, and lose older ones"
            );
            self.confirm.consent()?.to(&what).await?;
        }
        let get = ["--instance", instance.as_str()];
        let look = || {
            format!(
                "look with: {}",
                session.options.command_line("policy get", &get)
            )
        };
        let set = client.set_policy(&instance, &new);
        session.signals.changed(set, look).await?;
        let done = format!("the policy of {instance} is set");
        done_but_unseen(done, || session.out().one(&new))
    }
}

impl Set {
    /// Refuses, before any call, what no policy of the service can have.
    fn check(&self, service: Service) -> Result<(), Failure> {
        let rules = &service.capabilities().policy;
        let days = rules.days.then_some(Weekday::Monday);
        let mut allowed = Policy::new(7, Time::midnight(), days);
        allowed.differential_minutes = rules.differential.then_some(30);
        let checked = self.over(allowed).check(service);
        checked.map_err(|error| Failure::usage(format!("{service}: {error}")))
    }

    /// A policy with what was given in place of what it has.
    fn over(&self, mut policy: Policy) -> Policy {
        policy.keep_days = self.keep_days.or(policy.keep_days);
        policy.start = self.start.or(policy.start);
        if !self.days.is_empty() {
            policy.days.clone_from(&self.days);
            policy.days.sort_by_key(|day| day.to_monday_one_offset());
            policy.days.dedup();
        }
        for (new, part) in [
            (self.differential_minutes, &mut policy.differential_minutes),
            (self.rate_limit, &mut policy.rate_limit),
            (self.prefetch_pages, &mut policy.prefetch_pages),
            (self.file_split_size, &mut policy.file_split_size),
            (self.level1_backups, &mut policy.level1_backups),
        ] {
            *part = new.or(*part);
        }
        policy.on_standby = self.on_standby.or(policy.on_standby);
        policy
    }
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

fn short(day: Weekday) -> &'static str {
    DAYS.iter()
        .find(|(_, known)| *known == day)
        .map_or("", |(name, _)| name)
}

fn day(text: &str) -> anyhow::Result<Weekday> {
    DAYS.iter()
        .find(|(name, _)| text.eq_ignore_ascii_case(name))
        .map(|(_, day)| *day)
        .ok_or_else(|| anyhow::anyhow!("must be mon, tue, wed, thu, fri, sat or sun"))
}

/// The beginning of an hour, which services write as a whole.
fn start(text: &str) -> anyhow::Result<Time> {
    let rule = || {
        anyhow::anyhow!(
            "must be a time of day in UTC, such as 01:00, or its hour, such as 01:00-02:00"
        )
    };
    // Nothing but a time: an offset would be lost.
    let is_time = |c: char| c.is_ascii_digit() || c == ':';
    let time = |text: &str| match text.parse::<Time>() {
        Ok(time) if text.chars().all(is_time) => Ok(time),
        _ => Err(rule()),
    };
    let Some((start, end)) = text.split_once('-') else {
        return time(text);
    };
    let start = time(start)?;
    let is_hour = start.wrapping_add(1.hour()) == time(end)?;
    is_hour.then_some(start).ok_or_else(rule)
}
