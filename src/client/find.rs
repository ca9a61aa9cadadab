//! From what people write down to what the services want: the id of an instance, a whole reference.

use futures_util::TryStreamExt;

use super::BackupClient;
use crate::error::{Error, ErrorKind};
use crate::model::{BackupId, BackupRef, Instance, InstanceId};
use crate::service::{Operation, Service};
use crate::variants::AddressedBy;

impl BackupClient {
    /// Finds the instance with this id or exactly this name; on rds-v1 gives the id of its primary node.
    ///
    /// What has the form of an id is taken for one, without a call. Otherwise lists the instances; on
    /// rds-v1 those of rds-v3, too, for an instance that it does not list by that name or id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such instance, [`ErrorKind::InvalidInput`] when there
    /// are several; the message has their ids.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, TryStreamExt, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::GaussdbV3)?;
    /// let first = client.instances().try_next().await?.ok_or("there is no instance")?;
    /// assert_eq!(client.find_instance(&first.name).await?, first.id);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn find_instance(&self, id_or_name: &str) -> Result<InstanceId, Error> {
        let of_nodes = match self.capabilities().addressed_by {
            AddressedBy::PrimaryNode(instances) => Some(instances),
            AddressedBy::Instance => None,
        };
        let form = Form::of(id_or_name);
        if id_or_name.trim().is_empty() {
            let reason = "id or name of the instance must not be empty";
            return Err(self.invalid(Operation::ListInstances, reason));
        }
        // A service that wants a node cannot do with an instance.
        if form == Form::Node || form == Form::Instance && of_nodes.is_none() {
            let id = id_or_name.try_into();
            return id.map_err(|refused| self.refuse(Operation::ListInstances, &refused));
        }
        let mut found = Vec::new();
        if form == Form::Other {
            found = self.instances_like(id_or_name).await?;
            // Their names are not names of instances.
            found.retain(|instance| {
                of_nodes.is_none() || instance.kind.as_deref() != Some("readreplica")
            });
        }
        let mut ids: Vec<_> = found.into_iter().map(|instance| instance.id).collect();
        if let (Some(service), true) = (of_nodes, ids.is_empty()) {
            let instances = self.sibling(service).instances_like(id_or_name).await?;
            ids = instances.iter().filter_map(primary_node).collect();
        }
        let failed = |kind, message| {
            Err(Error::new(
                kind,
                self.service(),
                Operation::ListInstances,
                message,
            ))
        };
        match &ids[..] {
            [id] => Ok(id.clone()),
            [] => failed(
                ErrorKind::NotFound,
                format!("no instance of the project has the id or name {id_or_name:?}"),
            ),
            several => {
                let ids: Vec<_> = several.iter().map(InstanceId::as_str).collect();
                let ids = ids.join(", ");
                failed(
                    ErrorKind::InvalidInput,
                    format!("several instances have the name {id_or_name:?}: give one of {ids}"),
                )
            }
        }
    }

    /// The reference of a backup with this id. Without an instance, which rds-v3 needs for its lists,
    /// the reference is good on the other services alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] without an instance on rds-v3.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::GaussdbV3)?;
    /// let instance = &emulator.instances(Service::GaussdbV3)[0];
    /// let id = emulator.add_backups(Service::GaussdbV3, instance, 1)[0].parse()?;
    /// let backup = client.get(client.reference(id, None)?).await?;
    /// assert_eq!(backup.reference.instance, Some(instance.parse()?));
    /// # Ok(())
    /// # }
    /// ```
    pub fn reference(
        &self,
        id: BackupId,
        instance: Option<InstanceId>,
    ) -> Result<BackupRef, Error> {
        if instance.is_none() && self.lists_per_instance() {
            let reason = "the service lists backups per instance: give the instance, too";
            return Err(self.invalid(Operation::ListBackups, reason));
        }
        Ok(BackupRef {
            service: self.service(),
            instance,
            id,
        })
    }

    async fn instances_like(&self, id_or_name: &str) -> Result<Vec<Instance>, Error> {
        let is_it =
            |instance: &Instance| instance.id.as_str() == id_or_name || instance.name == id_or_name;
        let name = id_or_name.to_owned();
        let bounds = self.bounds(Operation::ListInstances);
        // One without an id hides only itself.
        let mut instances =
            self.list_instances(bounds, move |odd| odd.name.as_ref() == Some(&name));
        let mut found = Vec::new();
        while let Some(instance) = instances.try_next().await? {
            if is_it(&instance) {
                found.push(instance);
            }
        }
        Ok(found)
    }

    /// A client of another service at the same URL.
    fn sibling(&self, service: Service) -> Self {
        self.remade(service, self.transport.clone())
    }
}

fn primary_node(instance: &Instance) -> Option<InstanceId> {
    let node = instance.primary_node()?.id.as_deref()?;
    node.try_into().ok()
}

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// An id that ends with `in` and a number.
    Instance,
    /// An id that ends with `no` and a number, or a UUID, which rds-v1 also has.
    Node,
    Other,
}

impl Form {
    fn of(text: &str) -> Self {
        let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
        let groups: Vec<&str> = text.split('-').collect();
        let is_uuid = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
        if is_uuid && groups.into_iter().all(is_hex) {
            return Self::Node;
        }
        let parts = (text.get(..32), text.get(32..34), text.get(34..));
        let (Some(digits), Some(kind), Some(number)) = parts else {
            return Self::Other;
        };
        let is_id =
            is_hex(digits) && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit());
        match kind {
            "in" if is_id => Self::Instance,
            "no" if is_id => Self::Node,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_by_their_form() {
        for (text, form) in [
            ("d8e6ca5a624745bcb546a227aa3ae1cfin01", Form::Instance),
            ("d8e6ca5a624745bcb546a227aa3ae1cfno01", Form::Node),
            ("44b277eb-39be-4921-be31-3d61b43651d7", Form::Node),
            ("d8e6ca5a624745bcb546a227aa3ae1cfin1", Form::Other),
            ("d8e6ca5a624745bcb546a227aa3ae1cfinäb", Form::Other),
            ("44b277eb-39be-4921-be31-3d61b43651dx", Form::Other),
            ("orders", Form::Other),
            ("", Form::Other),
        ] {
            assert_eq!(Form::of(text), form, "{text}");
        }
    }
}
