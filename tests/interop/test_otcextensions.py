"""The SDK of Open Telekom Cloud for OpenStack, with a login by password."""

import openstack
import pytest
from otcextensions import sdk


def test_rds(emulator):
    connection = openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_url=f"{emulator['iam']}/v3",
        username=emulator["username"],
        password=emulator["password"],
        user_domain_name=emulator["domain"],
        project_name=emulator["region"],
        project_domain_name=emulator["domain"],
        region_name=emulator["region"],
    )
    sdk.register_otc_extensions(connection)
    instance = connection.rds.get_instance(emulator["instances"]["rds-v3"][0])
    created = connection.rds.create_backup(instance=instance, name="otc-backup")
    assert created.status == "BUILDING"
    done = connection.rds.wait_for_backup(created, interval=1, wait=30)
    assert done.status == "COMPLETED"
    listed = list(connection.rds.backups(instance=instance))
    assert [(backup.id, backup.name) for backup in listed] == [(created.id, "otc-backup")]
    links = list(connection.rds.backup_download_links(created.id))
    assert links
    connection.rds.delete_backup(created, ignore_missing=False)


def test_a_wrong_password_is_refused(emulator):
    connection = openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_url=f"{emulator['iam']}/v3",
        username=emulator["username"],
        password="not-the-password",
        user_domain_name=emulator["domain"],
        project_name=emulator["region"],
        project_domain_name=emulator["domain"],
    )
    with pytest.raises(Exception, match="401"):
        connection.authorize()
