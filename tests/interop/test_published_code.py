"""TypeScript and Python code that other people's generators make of the published contracts."""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from published import CREATES, DOCUMENTS, NODE, backup_in, creates_of, folder_of, operations_of

HERE = pathlib.Path(__file__).parent

CONSUMER = """\
import type { paths } from "./types";

type Create = paths["%(path)s"]["post"];
type Body = Create["requestBody"]["content"]["application/json"];
type Answer = Create["responses"][%(status)s]["content"]["application/json"];

%(use)s
"""

USE = """\
export const bodies: Body[] = %s;
export const parameters: Create["parameters"] = { path: { project_id: "p" } };
export function idOf(answer: Answer): string | undefined {
    return answer.backup?.id;
}
export function isBeingMade(answer: Answer): boolean {
    return answer.backup?.status === "BUILDING";
}
"""


def run(*command, cwd, **environment):
    """A command that has ended."""
    # openapi-python-client is there, and `ruff`, with which it formats what it has generated.
    beside = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
    # What Node itself warns about is not about the contracts.
    quiet = {"NO_COLOR": "1", "NODE_NO_WARNINGS": "1"}
    environment = os.environ | {"PATH": beside} | quiet | environment
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def for_all(make):
    """What `make` gives for each document, on all processors."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(DOCUMENTS, pool.map(lambda document: make(*document), DOCUMENTS)))


def written(service, use):
    """A TypeScript file that creates a backup."""
    create = CREATES[service]
    return CONSUMER % {"path": create.path, "status": create.status, "use": use}


def body(service, **changes):
    """A constant with the first documented body, changed."""
    body = creates_of(service)[0]
    fields = backup_in(body)
    fields |= changes
    for name in [name for name, value in changes.items() if value is None]:
        del fields[name]
    return f"export const body: Body = {json.dumps(body)};"


def mistakes(service):
    """Uses that must not compile, with the compiler's code for each."""
    return {
        "a-number-for-a-name": ("TS2322", body(service, name=7)),
        "no-name": ("TS2741", body(service, name=None)),
        "a-misspelt-field": ("TS2353", body(service, descripton="a text")),
        "a-number-for-an-id": (
            "TS2322",
            "export const idOf = (answer: Answer): number | undefined => answer.backup?.id;",
        ),
        "an-unknown-status": (
            "TS2367",
            'export const isDone = (answer: Answer) => answer.backup?.status === "DONE";',
        ),
    }


@pytest.fixture(scope="session")
def typescript(tmp_path_factory):
    """The folder with the types of each document, and what the generator said."""
    folder = tmp_path_factory.mktemp("typescript")

    def generate(service, name):
        types = folder / service / name / "types.ts"
        types.parent.mkdir(parents=True)
        # Otherwise a field with a default is one that a request has to have.
        flags = ["--default-non-nullable", "false", "--output", types]
        return run(NODE / "openapi-typescript", folder_of(service) / name, *flags, cwd=folder)

    return folder, for_all(generate)


def compiled(folder, files):
    """How the TypeScript compiler ended, and the errors that it found in each file."""
    assert files
    ended = run(NODE / "tsc", "--strict", "--noEmit", "--pretty", "false", *files, cwd=folder)
    errors = {}
    for line in ended.stdout.splitlines():
        # What goes on about an error is indented.
        if not line.startswith(" "):
            found = re.match(r"(.+?)\(\d+,\d+\): error (TS\d+): ", line)
            assert found, ended.stdout
            file, code = found.groups()
            errors.setdefault(file, []).append(code)
    return ended, errors


@pytest.mark.parametrize("service, name", DOCUMENTS)
def test_openapi_typescript_generates_types_without_a_warning(service, name, typescript):
    folder, generated = typescript
    ended = generated[service, name]
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    types = (folder / service / name / "types.ts").read_text()
    for operation in operations_of(service):
        assert f'operations["{operation}"]' in types


def test_typescript_that_uses_the_types_compiles(typescript):
    folder, _ = typescript
    files = []
    for service, name in DOCUMENTS:
        file = folder / service / name / "consumer.ts"
        file.write_text(written(service, USE % json.dumps(creates_of(service))))
        files.append(file)
    ended, _ = compiled(folder, files)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", ""), ended.stdout


def test_typescript_with_a_mistake_does_not_compile(typescript):
    folder, _ = typescript
    expected = {}
    for service, name in DOCUMENTS:
        for mistake, (code, use) in mistakes(service).items():
            file = f"{service}/{name}/{mistake}.ts"
            (folder / file).write_text(written(service, use))
            expected[file] = [code]
    ended, errors = compiled(folder, expected)
    assert ended.returncode != 0
    assert errors == expected


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """The folder with a client for each document, and what the generator said."""
    folder = tmp_path_factory.mktemp("python")

    def generate(service, name):
        package = pathlib.Path(service, name, "client")
        (folder / package).parent.mkdir(parents=True)
        document = ["--path", folder_of(service) / name]
        target = ["--meta", "none", "--output-path", package]
        # Otherwise it succeeds with warnings, too, and leaves out what they are about.
        strict = "--fail-on-warning"
        return run("openapi-python-client", "generate", strict, *document, *target, cwd=folder)

    return folder, for_all(generate)


@pytest.mark.parametrize("service, name", DOCUMENTS)
def test_openapi_python_client_generates_a_client_without_a_warning(service, name, python):
    folder, generated = python
    ended = generated[service, name]
    said = ended.stdout + ended.stderr
    assert (ended.returncode, said) == (0, f"Generating {service}/{name}/client\n"), said
    modules = {path.stem for path in (folder / service / name / "client/api").glob("*/*.py")}
    assert modules - {"__init__"} == operations_of(service).keys()


@pytest.mark.parametrize("service, name", DOCUMENTS)
def test_the_python_client_sends_and_reads_every_example(service, name, python):
    folder = python[0] / service / name
    ended = run(sys.executable, "-m", "compileall", "-q", "client", cwd=folder)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    examples = folder_of(service) / "examples"
    exercise = [sys.executable, HERE / "exercise_client.py", examples]
    ended = run(*exercise, cwd=folder, PYTHONPATH=str(folder))
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    done = json.loads(ended.stdout)
    assert set(done["operations"]) == operations_of(service).keys()
    bodies = [path.name for path in examples.iterdir() if ".parameter." not in path.name]
    assert sorted(done["sent"] + done["read"]) == sorted(bodies)
    assert "create_backup" in {sent.split(".")[0] for sent in done["sent"]}
