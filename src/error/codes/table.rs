//! The rows of the table of error codes.

use super::Remedy::{self, Do, LookFirst, Permission, Unknown};
use super::{Meaning, Signal};
use crate::error::ErrorKind::{Conflict, NotFound, Throttled};
use crate::service::Operation::StopBackup;
use crate::service::Service::{self, GaussdbV3, RdsV1, RdsV3, TaurusdbV3};

const ANY: Meaning = Meaning {
    codes: &[],
    on: &[],
    only_for: None,
    kind: None,
    signal: None,
    remedy: Unknown,
};

const RDS: &[Service] = &[RdsV1, RdsV3];
const WAIT: Remedy = Do("wait until the instance is idle; if it stays so, check its status");
const CHECK_INSTANCE: Remedy = Do("check the status of the instance");
const CHECK_BACKUP: Remedy = Do("check the status of the backup");
const CHECK_ID: Remedy = Do("check the id of the backup");

/// The first row that has the code, the service and the operation counts.
#[rustfmt::skip] // Codes that mean the same stand together.
pub(super) const MEANINGS: &[Meaning] = &[
    // The gateway and the identity of the caller.
    Meaning {
        codes: &["APIGW.0101"],
        remedy: Do("check that the endpoint is one of this service"),
        ..ANY
    },
    Meaning {
        codes: &["APIGW.0301"],
        signal: Some(Signal::BadCredentials),
        remedy: Do("check the access key, its secret and the clock, or the token"),
        ..ANY
    },
    Meaning {
        codes: &["APIGW.0302", "APIGW.0303", "APIGW.0304", "APIGW.0305", "APIGW.0306"],
        signal: Some(Signal::BadCredentials),
        ..ANY
    },
    Meaning {
        codes: &["APIGW.0307", "DBS.280056"],
        signal: Some(Signal::StaleToken),
        remedy: Do("the token is not valid, or no longer: get another one"),
        ..ANY
    },
    Meaning {
        codes: &["APIGW.0308"],
        kind: Some(Throttled),
        signal: Some(Signal::Throttled),
        remedy: Do("make fewer calls a minute"),
        ..ANY
    },
    Meaning {
        codes: &[
            "DBS.200010", "DBS.200044", "DBS.200604", "DBS.201003", "DBS.280015", "RDS.0010",
            "RDS.0015",
        ],
        remedy: Permission,
        ..ANY
    },
    // The instance: whether it exists, and what it does.
    Meaning {
        codes: &["RDS.0002", "RDS.0022", "RDS.1103"],
        kind: Some(NotFound),
        remedy: Do("rds-v1 wants the id of the primary node, not of the instance"),
        ..ANY
    },
    Meaning {
        codes: &[
            "DBS.200002", "DBS.200045", "DBS.200602", "DBS.201028", "DBS.280022", "DBS.290005",
            "DBS.290011",
        ],
        kind: Some(NotFound),
        remedy: Do("check the id of the instance, the project and the region"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200408"],
        on: &[GaussdbV3],
        remedy: Do("check the status of the instance and of its nodes"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200408", "RDS.0016"],
        kind: Some(NotFound),
        remedy: Do("check the ids, the project and the region"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280404"],
        remedy: Do("check the id: the service wants that of the instance, not of a node"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200011", "DBS.200019", "DBS.200047", "DBS.201202", "RDS.0011"],
        only_for: Some(StopBackup),
        signal: Some(Signal::Busy),
        remedy: Do("check the status of the instance, and whether a backup is being made"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200011", "DBS.200019", "DBS.200047", "DBS.201202", "RDS.0011"],
        signal: Some(Signal::Busy),
        remedy: WAIT,
        ..ANY
    },
    Meaning {
        codes: &["DBS.201205", "RDS.1002", "RDS.3004"],
        signal: Some(Signal::Busy),
        remedy: Do("the instance is busy: wait until it is idle"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201014"],
        on: &[TaurusdbV3],
        kind: Some(Conflict),
        signal: Some(Signal::Busy),
        remedy: CHECK_INSTANCE,
        ..ANY
    },
    Meaning {
        codes: &["DBS.200086", "DBS.201014"],
        kind: Some(Conflict),
        remedy: CHECK_INSTANCE,
        ..ANY
    },
    Meaning {
        codes: &["RDS.0056"],
        remedy: CHECK_INSTANCE,
        ..ANY
    },
    Meaning {
        codes: &[
            "DBS.01010337", "DBS.01280030", "DBS.200018", "DBS.200076", "DBS.200080", "DBS.200463",
            "DBS.200611", "DBS.201206", "DBS.212033", "DBS.280011", "DBS.280343", "DBS.280816",
        ],
        on: RDS,
        signal: Some(Signal::Busy),
        ..ANY
    },
    Meaning {
        codes: &["DBS.05000084"],
        on: &[TaurusdbV3],
        signal: Some(Signal::Busy),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201015"],
        signal: Some(Signal::Busy),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200316"],
        remedy: Do("the storage is full: free or add some"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280406"],
        remedy: Do("check the type and the status of the instance"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280449"],
        kind: Some(Conflict),
        remedy: Do("the instance is frozen: check the account's balance"),
        ..ANY
    },
    Meaning {
        codes: &["RDS.1100"],
        remedy: Do("the instance is being deleted: check its id"),
        ..ANY
    },
    // The backup and the job.
    Meaning {
        codes: &["DBS.280214"],
        on: &[GaussdbV3],
        remedy: Do("check the retention days (1 to 732)"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201203", "DBS.201010", "DBS.280214", "RDS.3026"],
        kind: Some(NotFound),
        remedy: CHECK_ID,
        ..ANY
    },
    Meaning {
        codes: &["DBS.280124"],
        remedy: CHECK_ID,
        ..ANY
    },
    Meaning {
        codes: &["DBS.200751"],
        kind: Some(NotFound),
        remedy: Do("there is nothing left to do: the backup is gone"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201208", "DBS.301024", "RDS.3016"],
        kind: Some(Conflict),
        remedy: CHECK_BACKUP,
        ..ANY
    },
    Meaning {
        codes: &["DBS.201201", "RDS.0031"],
        signal: Some(Signal::NameTaken),
        remedy: Do("the name exists: choose another one"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201218"],
        remedy: Do("only manual backups can be deleted"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200543"],
        kind: Some(NotFound),
        remedy: Do("check the id of the job: jobs are shown for a month"),
        ..ANY
    },
    Meaning {
        codes: &["RDS.5041"],
        kind: Some(NotFound),
        ..ANY
    },
    Meaning {
        codes: &["RDS.3003", "RDS.0030"],
        remedy: Do("delete backups that are not needed any more"),
        ..ANY
    },
    // The request.
    Meaning {
        codes: &["DBS.200001", "DBS.200004", "DBS.280001", "RDS.0001", "RDS.0040", "RDS.0042"],
        remedy: Do("compare the request with the contract: each field's name, type and limits"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.200006", "RDS.0006"],
        remedy: Do("send a body, with Content-Type: application/json"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201004"],
        remedy: Do("compare the request with the contract, and check the version of the instance"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280128"],
        on: &[RdsV3],
        remedy: Do("check the names of the databases"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280128"],
        remedy: Do("check the id of the instance and the request"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.201210", "DBS.280277", "RDS.5044"],
        remedy: Do("choose a name of 4 to 64 characters: a letter, then letters, digits, - and _"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280127"],
        remedy: Do("choose a description of at most 256 characters without > ! < \" & ' ="),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280439"],
        remedy: Do("check the limit: 1 to 100"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280440"],
        remedy: Do("check the offset: 0 or more"),
        ..ANY
    },
    // The policy.
    Meaning {
        codes: &["DBS.201101", "DBS.201103", "DBS.201106", "DBS.280250", "DBS.280253"],
        remedy: Do(
            "check the days of the week, the start (an hour in UTC) and the retention days (1 to 732, for \
             some engines to 3660)",
        ),
        ..ANY
    },
    Meaning {
        codes: &["RDS.3011", "RDS.5017"],
        remedy: Do("check the retention days (0 to 732)"),
        ..ANY
    },
    Meaning {
        codes: &["RDS.3013", "RDS.5020"],
        remedy: Do("check the start: a time of day in UTC"),
        ..ANY
    },
    Meaning {
        codes: &["DBS.280618"],
        remedy: Do(
            "check the period of differential backups: 15, 30, 60, 180, 360, 720 or 1440 minutes",
        ),
        ..ANY
    },
    // The server.
    Meaning {
        codes: &[
            "DBS.108000", "DBS.200005", "DBS.213004", "DBS.290006", "RDS.0005", "RDS.3005",
            "RDS.9999",
        ],
        remedy: LookFirst,
        ..ANY
    },
];
