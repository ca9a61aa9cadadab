//! Reasons to refuse a request, and the codes that the services have for them.
//!
//! An action gives a reason. The operation sends the first code of that reason that its contract
//! lists, with the status that the contract's table has for the code.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::services;
use crate::service::Service;

/// Reason to refuse a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A parameter or the body breaks a rule.
    Parameter,
    /// The name of a backup breaks a rule.
    Name,
    /// The description of a backup breaks a rule.
    Description,
    /// The id of an instance cannot be one.
    InstanceId,
    /// The id of an instance has not the form of one, for the operations that have a code for it.
    InstanceForm,
    /// The body is empty.
    Empty,
    /// The size of a page is out of range.
    Limit,
    /// The start of a page is out of range.
    Offset,
    /// The project is another one.
    Project,
    /// There is no such instance.
    NoInstance,
    /// The instance is being backed up.
    BackupRuns,
    /// The instance is being restored.
    Restoring,
    /// The instance cannot do it with its engine.
    Engine,
    /// A backup has this name already.
    NameTaken,
    /// There are as many backups as there can be.
    Full,
    /// There is no such backup.
    NoBackup,
    /// The backup is being deleted.
    Deleting,
    /// The backup is not completed.
    NotCompleted,
    /// The backup was made by the policy.
    NotManual,
    /// No backup is being made that could be stopped.
    NothingToStop,
    /// The time of day of the policy is wrong.
    Window,
    /// The days of the policy are wrong.
    Cycle,
    /// There is no such job.
    NoJob,
}

impl Reason {
    /// The reason to refuse a parameter, or a field of the body.
    pub(crate) fn of(field: &str) -> Self {
        // The envelope of API v1.
        match field.trim_start_matches("backup.") {
            "name" => Self::Name,
            "description" => Self::Description,
            "instance" | "instance_id" => Self::InstanceId,
            "limit" => Self::Limit,
            "offset" => Self::Offset,
            _ => Self::Parameter,
        }
    }

    /// Codes for the reason; precise ones come before those that nearly every operation has.
    pub(crate) const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Parameter => &["DBS.200001", "RDS.0001"],
            Self::Name => &[
                "DBS.201210",
                "DBS.280277",
                "RDS.5044",
                "DBS.200001",
                "RDS.0001",
            ],
            Self::Description => &["DBS.280127", "DBS.200001", "RDS.0001"],
            Self::InstanceId => &["DBS.280404", "DBS.200001", "RDS.0001"],
            Self::InstanceForm => &["DBS.280404"],
            Self::Empty => &["DBS.200006", "RDS.0006"],
            Self::Limit => &["DBS.280439", "DBS.200001"],
            Self::Offset => &["DBS.280440", "DBS.200001"],
            Self::Project => &["DBS.200010", "RDS.0010"],
            Self::NoInstance => &["DBS.200002", "RDS.0002"],
            Self::BackupRuns => &["DBS.201205", "RDS.3004", "DBS.200011", "RDS.0011"],
            Self::Restoring => &["DBS.200011", "RDS.1002"],
            Self::Engine => &["DBS.200001", "RDS.0056"],
            Self::NameTaken => &["DBS.201201"],
            Self::Full => &["DBS.200316", "RDS.3003"],
            Self::NoBackup => &["DBS.201010", "RDS.3026"],
            Self::Deleting => &["DBS.201208", "RDS.3016"],
            Self::NotCompleted => &["DBS.301024", "DBS.201203", "RDS.0056"],
            Self::NotManual => &["DBS.201218", "DBS.200001", "RDS.0056"],
            Self::NothingToStop => &["DBS.200086"],
            Self::Window => &["DBS.201103", "RDS.3013"],
            Self::Cycle => &["DBS.201101"],
            Self::NoJob => &["DBS.200543"],
        }
    }
}

/// Refusal of a request.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    /// Message for people; it does not repeat a value of the caller.
    pub(crate) message: String,
    /// HTTP status for the reason, in place of the status of the code.
    pub(crate) status: Option<StatusCode>,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            status: None,
        }
    }

    /// A parameter or a field that breaks a rule.
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new(Reason::Parameter, message)
    }

    /// A refusal for a reason that HTTP has a status for.
    pub(crate) fn with_status(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status: Some(status),
            ..Self::parameter(message)
        }
    }
}

/// The error body of a service.
pub(crate) fn error_body(service: Service, code: &str, message: &str) -> Value {
    let [code_field, message_field] = services::profile(service).error_fields;
    json!({ code_field: code, message_field: message })
}
