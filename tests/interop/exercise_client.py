"""Imports all modules of a generated Python client and hands it all published examples.

test_published_code.py runs this in a process of its own, where the package `client` can be
imported: `exercise_client.py EXAMPLES`. Prints what it has done as JSON.
"""

import importlib
import inspect
import json
import pathlib
import pkgutil
import sys
import typing

import attrs
import client
import httpx

TOKEN = "a-token"


def operations():
    """Imports everything; the modules of the operations, by name."""
    found = {}
    for module in pkgutil.walk_packages(client.__path__, "client."):
        imported = importlib.import_module(module.name)
        if hasattr(imported, "sync_detailed"):
            found[module.name.rpartition(".")[2]] = imported
    return found


def call(operation, body, status, answer):
    """What the client makes of an answer."""

    def serve(request):
        assert request.headers["X-Auth-Token"] == TOKEN
        return httpx.Response(status, json=answer)

    caller = client.AuthenticatedClient(
        base_url="http://127.0.0.1",
        token=TOKEN,
        prefix="",
        auth_header_name="X-Auth-Token",
        httpx_args={"transport": httpx.MockTransport(serve)},
    )
    parameters = inspect.signature(operation.sync_detailed).parameters.values()
    needed = {given.name: "x" for given in parameters if given.default is given.empty}
    needed |= {"client": caller} | ({"body": body} if body else {})
    return operation.sync_detailed(**needed).parsed


def unknown(value):
    """Fields that came with a value, and that its model has no place of its own for."""
    if isinstance(value, list):
        for part in value:
            yield from unknown(part)
    elif attrs.has(type(value)):
        fields = attrs.asdict(value, recurse=False)
        other = fields.pop("additional_properties", {})
        # A model without fields is one of an object that may hold anything.
        yield from other if fields else {}
        yield from unknown(list(fields.values()))


def main(examples):
    modules = operations()
    sent, read, bodies = [], [], {}
    # Those of parameters are no bodies.
    paths = [path for path in examples.iterdir() if ".parameter." not in path.name]
    # Requests first: each call below needs one.
    paths.sort(key=lambda path: ".request." not in path.name)
    for path in paths:
        name, kind, _ = path.name.split(".", 2)
        example = json.loads(path.read_text())
        operation = modules[name]
        if kind == "request":
            model = typing.get_type_hints(operation.sync_detailed)["body"]
            came = bodies[name] = model.from_dict(example)
            done = sent
        else:
            # Of the ranges, a status that no contract has by itself.
            status = {"4XX": 404, "5XX": 503}.get(kind) or int(kind)
            came = call(operation, bodies.get(name), status, example)
            done = read
        assert came.to_dict() == example, (path.name, came)
        assert not list(unknown(came)), (path.name, came)
        done.append(path.name)
    json.dump({"operations": sorted(modules), "sent": sent, "read": read}, sys.stdout)


main(pathlib.Path(sys.argv[1]))
