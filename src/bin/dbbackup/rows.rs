//! How the things of the library look in tables.

use dbbackup::model::{Backup, Instance, Job};
use dbbackup::transport::DryRun;
use indicatif::BinaryBytes;

use crate::exit::CODES;
use crate::output::{Row, text};

/// The help of a subcommand whose result has these fields.
pub(crate) fn help(fields: &str) -> String {
    format!("{fields}\n\n{CODES}")
}

/// The fields of a backup.
pub(crate) const BACKUP: &str = "\
With --output json a backup has these fields, null where nothing is known:
  service, instance, id   what it takes to find it again; on rds-v1 the instance is a node
  name, description       as they were given
  status                  BUILDING, COMPLETED, FAILED, DELETING, AVAILABLE, or any other word
  kind                    manual, auto, fragment, incremental
  engine                  such as MySQL
  begin, end              times as the service writes them, on rds-v1 without an offset
  size                    bytes
  databases               of a partial backup; empty if it has all of them
  job_id                  job that makes it
  instance_assumed        true where the service tells no instance, and that of the call stands for
                          it; otherwise left out";

/// The fields of an instance.
pub(crate) const INSTANCE: &str = "\
With --output json an instance has these fields, null where nothing is known:
  id, name                what --instance takes
  status                  ACTIVE, BACKING UP, or any other word
  kind                    such as Ha, Single or Cluster
  engine, version         such as MySQL and 8.0
  nodes                   on rds-v3, each with id, name, role, status and zone
  created                 time";

/// The fields of a job.
pub(crate) const JOB: &str = "\
With --output json a job has these fields, null where nothing is known:
  id, name                its id, and its kind in the words of the service
  status                  Pending, Running, Completed, Failed, or any other word
  progress                percent
  instance                instance that it works on
  created, ended          times
  fail_reason             why it failed";

impl Row for Job {
    const HEADINGS: &'static [&'static str] =
        &["JOB", "KIND", "STATUS", "INSTANCE", "CREATED", "ENDED"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.name.clone(),
            self.status.to_string(),
            text(self.instance.as_ref()),
            text(self.created.as_ref()),
            text(self.ended.as_ref()),
        ]
    }
}

impl Row for Backup {
    const HEADINGS: &'static [&'static str] = &[
        "ID", "NAME", "STATUS", "KIND", "BEGIN", "END", "SIZE", "INSTANCE",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.reference.id.to_string(),
            self.name.clone(),
            self.status.to_string(),
            text(self.kind.as_ref()),
            text(self.begin.as_ref()),
            text(self.end.as_ref()),
            text(self.size.map(BinaryBytes)),
            text(self.reference.instance.as_ref()),
        ]
    }

    fn details(&self) -> Vec<(&'static str, String)> {
        let databases = match &self.databases[..] {
            [] => "all".to_owned(),
            some => some.join(", "),
        };
        vec![
            ("DESCRIPTION", text(self.description.as_ref())),
            ("ENGINE", text(self.engine.as_ref())),
            ("DATABASES", databases),
            ("JOB", text(self.job_id.as_ref())),
        ]
    }
}

impl Row for Instance {
    const HEADINGS: &'static [&'static str] =
        &["ID", "NAME", "STATUS", "KIND", "ENGINE", "VERSION"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            self.status.to_string(),
            text(self.kind.as_ref()),
            text(self.engine.as_ref()),
            text(self.version.as_ref()),
        ]
    }
}

impl Row for DryRun {
    const HEADINGS: &'static [&'static str] = &["METHOD", "URL", "BODY"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.method.clone(),
            self.url.clone(),
            text(self.body.as_ref()),
        ]
    }
}
