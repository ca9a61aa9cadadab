//! `BackupClient` against the emulator.

mod creation;
mod endurance;
mod jobs;
mod life_cycle;
mod lists;
mod long_lists;
mod policies;
mod readings;
mod refusals;
mod times;
mod waits;

use std::time::Duration;

use dbbackup::Service;
use dbbackup::emulator::{Emulator, Options};
use dbbackup::model::InstanceId;

use crate::support::watch;

/// Time to make a backup; the tests move the clock.
const BUILD: Duration = Duration::from_secs(600);

async fn emulator() -> Emulator {
    watch();
    let options = Options {
        build_time: BUILD,
        delete_time: Duration::from_secs(60),
        ..Options::default()
    };
    Emulator::with(options).await.unwrap()
}

/// The first instance of a service.
fn instance(emulator: &Emulator, service: Service) -> InstanceId {
    emulator.instances(service)[0].parse().unwrap()
}
