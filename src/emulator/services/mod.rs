//! Facts about each service that its contract does not say.
//!
//! They are the emulator's own: it shares none with the client, whose mistakes it is there to show.

mod gaussdb_v3;
mod profile;
mod rds_v1;
mod rds_v3;
mod taurusdb_v3;

pub(crate) use profile::{PolicyStart, Profile, RestoreFields};

use crate::service::Service;

/// The facts about a service; every difference that the emulator knows by name is one of them.
pub(crate) fn profile(service: Service) -> &'static Profile {
    match service {
        Service::RdsV1 => &rds_v1::PROFILE,
        Service::RdsV3 => &rds_v3::PROFILE,
        Service::TaurusdbV3 => &taurusdb_v3::PROFILE,
        Service::GaussdbV3 => &gaussdb_v3::PROFILE,
    }
}

/// The services of each host, in the order of their first service.
pub(crate) fn by_host() -> Vec<Vec<Service>> {
    let mut hosts: Vec<Vec<Service>> = Vec::new();
    for service in Service::ALL.iter().copied() {
        let host = profile(service).host;
        match hosts
            .iter_mut()
            .find(|known| profile(known[0]).host == host)
        {
            Some(services) => services.push(service),
            None => hosts.push(vec![service]),
        }
    }
    hosts
}
