"""The published contracts: complete, unharmed, true to their examples, and served by Prism."""

import contextlib
import copy
import hashlib
import json
import queue
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest
from jsonschema import Draft202012Validator
from published import (
    CREATES,
    DOCUMENTS,
    FOLDER,
    NODE,
    backup_in,
    creates_of,
    folder_of,
    operations_of,
    read,
)

PROJECT = "0483b6b16e954cb88930a360d2c4e663"
LIMIT = 60
# The field that may hold anything, in the answer about a job.
FREE_FORM = "entities"


def files():
    """Paths of all published files, as users write them."""
    found = [path for path in FOLDER.rglob("*") if path.is_file()]
    return {path.relative_to(FOLDER).as_posix() for path in found}


def documents():
    """Paths of the documents that there have to be."""
    return {f"{folder_of(service).relative_to(FOLDER)}/{name}" for service, name in DOCUMENTS}


def entries(node):
    """All that an index says about files."""
    if isinstance(node, dict):
        if "sha256" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from entries(part)


def test_every_service_has_its_three_documents():
    assert len(documents()) == len(DOCUMENTS) == 12
    assert documents() <= files()


@pytest.mark.parametrize("service", CREATES)
def test_the_newest_versions_stand_at_a_place_of_their_own(service):
    below = f"latest/{service}/"
    copies = {path.removeprefix(below) for path in files() if path.startswith(below)}
    newest = folder_of(service)
    assert len(copies) > 50
    assert copies == {path.relative_to(newest).as_posix() for path in newest.rglob("*.*")}
    for path in copies:
        assert (FOLDER / below / path).read_bytes() == (newest / path).read_bytes(), path


def test_the_checksums_are_those_of_all_files():
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    run = subprocess.run(check, cwd=FOLDER, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    named = [line.split(maxsplit=1)[1] for line in (FOLDER / "SHA256SUMS").read_text().splitlines()]
    assert sorted(named) == sorted(files() - {"SHA256SUMS"})


def test_the_index_agrees_with_the_files():
    listed = {entry["path"]: entry for entry in entries(read(FOLDER / "index.json"))}
    assert documents() <= listed.keys()
    for path, entry in listed.items():
        content = (FOLDER / path).read_bytes()
        said = (entry["size"], entry["sha256"])
        assert said == (len(content), hashlib.sha256(content).hexdigest()), path


def bodies_of(service):
    """What an operation sends or answers with JSON: names of the published files, and examples."""
    for name, operation in operations_of(service).items():
        request = {"request": operation["requestBody"]} if "requestBody" in operation else {}
        for kind, body in (request | operation["responses"]).items():
            if "content" in body:
                media = body["content"]["application/json"]
                examples = {f"{name}.{kind}.{example}.json" for example in media["examples"]}
                yield f"{name}.{kind}.json", examples


def parameters_of(service):
    """Names of the published examples of parameters."""
    for name, operation in operations_of(service).items():
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                yield f"{name}.parameter.{parameter['name']}.example.json"


@pytest.mark.parametrize("service", CREATES)
def test_every_body_has_its_schema_and_its_examples(service):
    bodies = dict(bodies_of(service))
    published = {path.name for path in (folder_of(service) / "schemas").iterdir()}
    assert published == bodies.keys()
    published = {path.name for path in (folder_of(service) / "examples").iterdir()}
    assert published == set().union(parameters_of(service), *bodies.values())


def leaves(node, path=()):
    """Paths to all that is neither an object nor a list."""
    if isinstance(node, (dict, list)):
        for key, part in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(part, (*path, key))
    else:
        yield path


def spoilt(example):
    """Copies of an example, each with one value of the wrong type."""
    yield (), "a text"
    for path in leaves(example):
        if FREE_FORM not in path:
            copied = copy.deepcopy(example)
            inner = copied
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = {"of": "the wrong type"}
            yield path, copied


@pytest.mark.parametrize("service", CREATES)
def test_the_schemas_take_the_examples_and_nothing_of_a_wrong_type(service):
    refused = 0
    for schema, examples in bodies_of(service):
        schema = read(folder_of(service) / "schemas" / schema)
        assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        assert examples
        for name in examples:
            example = read(folder_of(service) / "examples" / name)
            validator.validate(example)
            for path, wrong in spoilt(example):
                assert not validator.is_valid(wrong), (name, path)
                refused += 1
    assert refused > 50


@contextlib.contextmanager
def prism(document):
    """Serves a document, gives the address, and stops."""
    command = [NODE / "prism", "mock", "--errors", "--host", "127.0.0.1", "--port", "0", document]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = queue.SimpleQueue()

    def listen():
        for line in process.stdout:
            lines.put(line)
        lines.put("")

    # To its end, as Prism would stop where nobody reads.
    reader = threading.Thread(target=listen)
    reader.start()
    try:
        ends = time.monotonic() + LIMIT
        heard = ""
        while "Prism is listening on " not in heard:
            line = lines.get(timeout=max(0, ends - time.monotonic()))
            assert line, heard
            heard += line
        yield heard.rpartition("Prism is listening on ")[2].strip()
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)
        reader.join(timeout=LIMIT)
        process.stdout.close()


def post(url, body, headers):
    """Status, headers and body of an answer."""
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.load(error)


@pytest.mark.parametrize("service, name", DOCUMENTS)
def test_prism_accepts_the_examples_and_refuses_what_breaks_the_contract(service, name):
    token = {"X-Auth-Token": "a-token"}
    with prism(folder_of(service) / name) as address:
        url = address + CREATES[service].path.format(project_id=PROJECT)
        for body in creates_of(service):
            status, _, answer = post(url, body, token)
            assert status == CREATES[service].status
            schema = read(folder_of(service) / "schemas" / f"create_backup.{status}.json")
            Draft202012Validator(schema).validate(answer)
            assert answer["backup"]["id"]

            status, _, _ = post(url, body, {})
            assert status == 401

            backup_in(body)["name"] = "abc"
            status, headers, _ = post(url, body, token)
            assert 400 <= status < 500
            # Refused for this reason and for no other.
            [violation] = json.loads(headers["sl-violations"])
            assert violation["location"][-1] == "name"
            assert violation["code"] == "minLength"
