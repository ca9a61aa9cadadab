//! Answers that several services give alike: the generated types differ, their fields do not.

/// A backup in a list of API v3, without its size and what only some services tell.
macro_rules! listed {
    ($call:ident, $entry:ident, $asked:expr) => {{
        let mut backup = $call.listed($entry.id, $entry.instance_id, $entry.name, $asked)?;
        backup.engine = $entry.datastore.and_then(|store| store.type_);
        backup.status = $entry.status.unwrap_or(backup.status);
        backup.kind = $entry.type_;
        backup.begin = super::known($entry.begin_time);
        backup.end = super::known($entry.end_time);
        backup
    }};
}

/// An instance, without its nodes and the time at which it was created.
macro_rules! instance {
    ($call:ident, $entry:ident, $store:ident) => {{
        use crate::model::InstanceStatus;
        let Some(id) = $entry.id.and_then(|id| id.try_into().ok()) else {
            let error = $call.unreadable("instance id");
            let name = $entry.name;
            return Err(super::Odd { error, name });
        };
        let store = $entry.$store;
        crate::model::Instance {
            id,
            name: $entry.name.unwrap_or_default(),
            status: $entry
                .status
                .unwrap_or(InstanceStatus::Unknown(String::new())),
            kind: $entry.type_,
            engine: store.as_ref().and_then(|store| store.type_.clone()),
            version: store.and_then(|store| store.version),
            nodes: Vec::new(),
            created: None,
        }
    }};
}

pub(super) use {instance, listed};
