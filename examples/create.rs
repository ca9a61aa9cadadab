//! Creates a backup and waits until it is done; credentials and the region come from the environment.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::time::Duration;

use dbbackup::{BackupClient, Service, Wait, config::Config, model::NewBackup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = BackupClient::connect(Service::RdsV3, &Config::from_env()?).await?;
    let instance = "d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?;
    let new = NewBackup::new(instance, "nightly".parse()?);
    let accepted = client.create(&new).await?;
    let limit = Wait::up_to(Duration::from_secs(3600));
    let backup = client.wait(&accepted, limit).await?;
    println!("{} has {:?} bytes", backup.name, backup.size);
    Ok(())
}
