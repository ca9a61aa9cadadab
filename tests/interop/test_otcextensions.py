"""The SDK of Open Telekom Cloud for OpenStack, with a login by password."""

import openstack
import pytest
from openstack.exceptions import SDKException
from otcextensions import sdk


def connect(emulator, password):
    connection = openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_url=f"{emulator['iam']}/v3",
        username=emulator["username"],
        password=password,
        user_domain_name=emulator["domain"],
        project_name=emulator["region"],
        project_domain_name=emulator["domain"],
        region_name=emulator["region"],
    )
    sdk.register_otc_extensions(connection)
    return connection


def test_rds(emulator):
    rds = connect(emulator, emulator["password"]).rds
    instance = rds.get_instance(emulator["instances"]["rds-v3"][0])
    created = rds.create_backup(instance=instance, name="otc-backup")
    assert created.status == "BUILDING"
    done = rds.wait_for_backup(created, interval=1, wait=30)
    assert done.status == "COMPLETED"
    listed = list(rds.backups(instance=instance))
    assert [(backup.id, backup.name) for backup in listed] == [(created.id, "otc-backup")]
    assert list(rds.backup_download_links(created.id))
    rds.delete_backup(created, ignore_missing=False)
    left = [backup.status for backup in rds.backups(instance=instance)]
    assert left in ([], ["DELETING"])


def test_a_wrong_password_is_refused(emulator):
    # Registering asks for the catalog, and so for a token.
    with pytest.raises(SDKException, match="401"):
        connect(emulator, "not-the-password")
