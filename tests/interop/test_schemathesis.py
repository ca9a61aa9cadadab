"""Requests that schemathesis makes from the contracts, good ones and bad ones, with all its checks."""

import json
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
CONTRACTS = HERE.parents[1] / "openapi"
FEWEST = 500


@pytest.mark.parametrize("service", ["rds-v1", "rds-v3", "taurusdb-v3", "gaussdb-v3"])
def test_contract(service, emulator, tmp_path):
    report = tmp_path / "report.json"
    host = service.split("-")[0]
    run = subprocess.run(
        [
            pathlib.Path(sys.executable).with_name("schemathesis"),
            "--no-color",
            f"--config-file={HERE / 'schemathesis.toml'}",
            "run",
            CONTRACTS / f"{service}.yaml",
            f"--url={emulator[host]}",
            f"--header=X-Auth-Token:{emulator['token']}",
            "--checks=all",
            "--max-examples=100",
            "--seed=1",
            "--continue-on-failure",
            "--report=json",
            f"--report-json-path={report}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    result = json.loads(report.read_text())
    assert result["complete"]
    assert result["operations"]["tested"] == result["operations"]["total"] > 0
    assert result["test_cases"]["generated"] >= FEWEST
    print(service, result["test_cases"])
