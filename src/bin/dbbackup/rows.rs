//! How the things of the library look in tables.

use dbbackup::model::{Backup, Instance};
use dbbackup::transport::DryRun;
use indicatif::BinaryBytes;

use crate::output::{Row, text};

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
            self.reference.instance.to_string(),
        ]
    }
}

impl Row for Instance {
    const HEADINGS: &'static [&'static str] =
        &["ID", "NAME", "STATUS", "TYPE", "ENGINE", "VERSION"];

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
