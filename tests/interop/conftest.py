"""An emulator for each test, as a process of its own."""

import contextlib
import json
import os
import subprocess
import tempfile

import pytest

COMMAND = os.environ["DBBACKUP"]


@contextlib.contextmanager
def emulate(*flags):
    """Starts the command, gives the first line that it prints and its pid, and stops it."""
    command = [COMMAND, "emulate", "--output", "json", *flags]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            yield json.loads(process.stdout.readline()) | {"pid": process.pid}
        finally:
            process.terminate()
            process.communicate(timeout=30)
            log.seek(0)
            # pytest shows it when a test fails.
            print(log.read())
    assert process.returncode == 0, process.returncode


@pytest.fixture
def emulator():
    with emulate("--build-time", "1s") as ready:
        yield ready


@pytest.fixture
def emulator_of_temporary_keys():
    with emulate("--build-time", "1s", "--security-token", "temporary") as ready:
        yield ready
