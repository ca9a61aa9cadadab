"""The published contracts: where `dbbackup-spec build` wrote them, and which there have to be."""

import json
import os
import pathlib
import typing

FOLDER = pathlib.Path(os.environ["DBBACKUP_PUBLISHED"])
# The folder `node_modules/.bin` with the commands of npm.
NODE = pathlib.Path(os.environ["DBBACKUP_TEST_NODE"])


class Create(typing.NamedTuple):
    """How a backup is created; written by hand, so that a contract does not vouch for itself."""

    path: str
    status: int


CREATES = {
    "rds-v1": Create("/rds/v1/{project_id}/backups", 200),
    "rds-v3": Create("/v3/{project_id}/backups", 200),
    "taurusdb-v3": Create("/v3/{project_id}/backups/create", 201),
    "gaussdb-v3": Create("/v3/{project_id}/backups", 200),
}
NAMES = ["openapi.yaml", "openapi.json", "openapi.dereferenced.json"]
# A fixed list: one made from what is in the folder would be short without anyone seeing it.
DOCUMENTS = [(service, name) for service in CREATES for name in NAMES]


def folder_of(service):
    """The folder of the newest version of a contract."""
    [listed] = [it for it in read(FOLDER / "index.json")["services"] if it["service"] == service]
    return FOLDER / service / listed["latest"]


def read(path):
    return json.loads(path.read_text())


def operations_of(service):
    """The operations of a contract by their ids, without references."""
    document = read(folder_of(service) / "openapi.dereferenced.json")
    found = [
        operation
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    assert found
    return {operation["operationId"]: operation for operation in found}


def creates_of(service):
    """The bodies of the published examples of creating a backup."""
    found = sorted((folder_of(service) / "examples").glob("create_backup.request.*.json"))
    assert found
    return [read(path) for path in found]


def backup_in(body):
    """The part of a body for creating that describes the backup: rds-v1 has an envelope."""
    return body.get("backup", body)
