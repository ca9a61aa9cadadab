"""The vendor's Python SDK with permanent and temporary access keys."""

import time

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkgaussdb import v3 as taurusdb
from huaweicloudsdkgaussdbforopengauss import v3 as gaussdb
from huaweicloudsdkiam import v3 as iam
from huaweicloudsdkrds import v3 as rds

LIMIT = 30


@pytest.fixture(params=["permanent", "temporary"])
def keys(request):
    """An emulator, and the credentials for its kind of access key."""
    names = {"permanent": "emulator", "temporary": "emulator_of_temporary_keys"}
    emulator = request.getfixturevalue(names[request.param])
    credentials = BasicCredentials(
        emulator["access_key"], emulator["secret_key"], emulator["project_id"]
    )
    if request.param == "temporary":
        credentials.with_security_token(emulator["security_token"])
    return emulator, credentials


def client(kind, url, credentials):
    return kind.new_builder().with_credentials(credentials).with_endpoint(url).build()


def until_completed(look):
    """Looks at a backup until it is complete."""
    ends = time.monotonic() + LIMIT
    while (backup := look()).status == "BUILDING":
        assert time.monotonic() < ends, backup
        time.sleep(0.2)
    assert backup.status == "COMPLETED", backup
    return backup


def test_rds(keys):
    emulator, credentials = keys
    api = client(rds.RdsClient, emulator["rds"], credentials)
    instance = emulator["instances"]["rds-v3"][1]
    body = rds.CreateManualBackupRequestBody(
        instance_id=instance,
        name="sdk-backup",
        description="before the migration",
        databases=[rds.BackupDatabase(name="db1")],
    )
    created = api.create_manual_backup(rds.CreateManualBackupRequest(body=body)).backup
    assert (created.name, created.status) == ("sdk-backup", "BUILDING")

    def look():
        listed = api.list_backups(rds.ListBackupsRequest(instance_id=instance, limit=10))
        assert listed.total_count == 1
        assert listed.backups[0].id == created.id
        return listed.backups[0]

    assert until_completed(look).type == "manual"
    link = api.show_backup_download_link(
        rds.ShowBackupDownloadLinkRequest(backup_id=created.id)
    )
    assert link.files[0].download_link.startswith("https://")
    body = rds.RestoreToExistingInstanceRequestBody(
        source=rds.RestoreToExistingInstanceRequestBodySource(
            instance_id=instance, type="backup", backup_id=created.id
        ),
        target=rds.RestoreToExistingInstanceRequestBodyTarget(instance_id=instance),
    )
    restored = api.restore_to_existing_instance(
        rds.RestoreToExistingInstanceRequest(body=body)
    )
    # The answer to create has no job.
    job = api.list_job_info(rds.ListJobInfoRequest(id=restored.job_id)).job
    assert (job.id, job.instance.id) == (restored.job_id, instance)
    assert job.status in ("Running", "Completed")
    api.show_backup_policy(rds.ShowBackupPolicyRequest(instance_id=instance))
    assert api.list_instances(rds.ListInstancesRequest(id=instance)).total_count == 1
    api.delete_manual_backup(rds.DeleteManualBackupRequest(backup_id=created.id))
    again = rds.DeleteManualBackupRequest(backup_id="f" * 32 + "br04")
    with pytest.raises(ClientRequestException) as refused:
        api.delete_manual_backup(again)
    assert refused.value.status_code == 404
    assert refused.value.error_code.startswith("DBS.")
    assert len(refused.value.request_id) == 32


def test_taurusdb(keys):
    emulator, credentials = keys
    api = client(taurusdb.GaussDBClient, emulator["taurusdb"], credentials)
    instance = emulator["instances"]["taurusdb-v3"][0]
    body = taurusdb.MysqlCreateBackupRequest(instance_id=instance, name="sdk-backup")
    accepted = api.create_gauss_my_sql_backup(
        taurusdb.CreateGaussMySqlBackupRequest(body=body)
    )
    job = api.show_gauss_my_sql_job_info(
        taurusdb.ShowGaussMySqlJobInfoRequest(id=accepted.job_id)
    )
    assert job.job.status in ("Running", "Completed")

    def look():
        request = taurusdb.ShowGaussMySqlBackupListRequest(
            instance_id=instance, offset="0", limit="10"
        )
        listed = api.show_gauss_my_sql_backup_list(request)
        assert [backup.id for backup in listed.backups] == [accepted.backup.id]
        return listed.backups[0]

    until_completed(look)
    api.delete_gauss_my_sql_backup(
        taurusdb.DeleteGaussMySqlBackupRequest(backup_id=accepted.backup.id)
    )


def test_gaussdb(keys):
    emulator, credentials = keys
    api = client(gaussdb.GaussDBforopenGaussClient, emulator["gaussdb"], credentials)
    instance = emulator["instances"]["gaussdb-v3"][0]
    body = gaussdb.CreateManualBackupRequestBody(
        instance_id=instance, name="sdk-backup", description="before the migration"
    )
    accepted = api.create_manual_backup(gaussdb.CreateManualBackupRequest(body=body))
    job = api.show_job_detail(gaussdb.ShowJobDetailRequest(id=accepted.job_id))
    assert job.job.status in ("Running", "Completed")

    def look():
        request = gaussdb.ListBackupsRequest(instance_id=instance)
        listed = api.list_backups(request)
        assert [backup.id for backup in listed.backups] == [accepted.backup.id]
        return listed.backups[0]

    until_completed(look)
    # The later versions of the list have paths of their own.
    later = api.list_db_backups(gaussdb.ListDbBackupsRequest(instance_id=instance))
    assert later.total_count == 1
    latest = api.list_backups_details(
        gaussdb.ListBackupsDetailsRequest(instance_id=instance)
    )
    assert latest.total_count == 1
    files = api.download_backup(gaussdb.DownloadBackupRequest(backup_id=accepted.backup.id))
    assert files.files[0].download_link.startswith("https://")
    api.delete_manual_backup(
        gaussdb.DeleteManualBackupRequest(backup_id=accepted.backup.id)
    )


def test_iam(keys):
    emulator, given = keys
    # Without a project id the SDK asks IAM, with a signature.
    credentials = BasicCredentials(given.ak, given.sk).with_iam_endpoint(emulator["iam"])
    everywhere = GlobalCredentials(given.ak, given.sk, "domain-of-a-test")
    if given.security_token:
        credentials.with_security_token(given.security_token)
        everywhere.with_security_token(given.security_token)
    region = Region(emulator["region"], emulator["rds"])
    builder = rds.RdsClient.new_builder().with_credentials(credentials)
    api = builder.with_region(region).build()
    assert api.list_instances(rds.ListInstancesRequest()).total_count == 2
    api = client(iam.IamClient, emulator["iam"], everywhere)
    projects = api.keystone_list_projects(
        iam.KeystoneListProjectsRequest(name=emulator["region"])
    )
    assert [project.id for project in projects.projects] == [emulator["project_id"]]
    assert api.keystone_show_version(iam.KeystoneShowVersionRequest()).version.id
    catalog = api.keystone_show_catalog(iam.KeystoneShowCatalogRequest()).catalog
    assert "rdsv3" in [entry.type for entry in catalog]


def test_a_wrong_secret_key_is_refused(emulator):
    credentials = BasicCredentials(
        emulator["access_key"], "another-secret-key", emulator["project_id"]
    )
    api = client(rds.RdsClient, emulator["rds"], credentials)
    with pytest.raises(ClientRequestException) as refused:
        api.list_instances(rds.ListInstancesRequest())
    assert (refused.value.status_code, refused.value.error_code) == (401, "APIGW.0301")
