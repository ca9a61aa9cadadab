"""One clouds.yaml, read by openstacksdk (for keys by otcextensions) and by our command: the login on
the wire, the region, the project and the keys are the same, but for what REASONS names."""

import hashlib
import json
import os
import re
import subprocess
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import certifi
import cloud_files
import cloud_logins
import pytest
from clouds import REASONS
from openstack.config import OpenStackConfig
from otcextensions import sdk

COMMAND = os.environ["DBBACKUP"]
CASES = cloud_files.CASES + cloud_logins.CASES
A, B = "a" * 32, "b" * 32


class Recorder(BaseHTTPRequestHandler):
    """An IAM that takes every login, and a service without instances; both note what they hear."""

    protocol_version = "HTTP/1.1"

    def reply(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path = self.path.split("?")[0]
        if "/rds/" in path:
            self.server.heard.append((path, dict(self.headers), None))
            self.reply(200, {"instances": [], "total_count": 0})
        else:
            link = f"http://{self.headers['Host']}{path.rstrip('/')}"
            link = link if link.endswith("/v3") else f"{link}/v3"
            version = {
                "id": "v3.14",
                "status": "stable",
                "links": [{"rel": "self", "href": link}],
            }
            self.reply(200, {"version": version})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.split("?")[0]
        self.server.heard.append((path, dict(self.headers), body))
        if not path.endswith("/v3/auth/tokens"):
            self.reply(404, {})
            return
        project = body["auth"].get("scope", {}).get("project", {})
        name = project.get("name", "none")
        of_name = hashlib.md5(name.encode()).hexdigest()
        token = {
            "methods": ["password"],
            "issued_at": "2020-01-01T00:00:00.000000Z",
            "expires_at": "2099-01-01T00:00:00.000000Z",
            "user": {"id": "u", "name": "u", "domain": {"id": "d", "name": "D"}},
            "project": {"id": project.get("id", of_name), "name": name},
            "catalog": [],
        }
        self.reply(201, {"token": token}, [("X-Subject-Token", "from-iam")])

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Stage:
    """The files and variables of a case, in a folder and for a server."""

    def __init__(self, case, folder, server):
        self.case, self.folder, self.server = case, folder, server
        server.heard.clear()
        base = f"http://127.0.0.1:{server.server_port}"
        self.words = {
            "ONE": f"{base}/one/v3",
            "TWO": f"{base}/two/v3",
            "IAMS": base,
            "CACERT": certifi.where(),
            "OVERRIDE": f"rds_endpoint_override: '{base}/rds'",
            "A": A,
            "B": B,
        }
        places = folder / ".config/openstack"
        places.mkdir(parents=True)
        entry = "clouds: {a: {%s}}"
        texts = {
            "clouds": case.file
            or (entry % f"{case.cloud}, OVERRIDE" if case.cloud else ""),
            "secure": entry % case.secure if case.secure else "",
            "clouds-public": case.public,
        }
        self.files = {}
        for name, text in texts.items():
            self.files[name] = []
            if text:
                path = places / f"{name}.yaml"
                path.write_text(self.filled(text))
                self.files[name] = [str(path)]
        self.env = {key: self.filled(value) for key, value in case.env.items()}
        if case.cloud or case.file:
            self.env.setdefault("OS_CLOUD", "a")
        self.env |= {"HOME": str(folder), "NO_PROXY": "127.0.0.1"}
        # What would leave the machine ends here.
        self.env |= {
            name: "http://127.0.0.1:1" for name in ["HTTPS_PROXY", "HTTP_PROXY"]
        }

    def filled(self, text):
        return re.sub(
            r"\b(%s)\b" % "|".join(self.words), lambda word: self.words[word[0]], text
        )

    def logins(self):
        """What was heard of logins."""
        found = []
        for path, _, body in self.server.heard:
            if body is not None:
                auth = body.get("auth", {})
                identity = auth.get("identity", {})
                if identity.get("methods") == ["token"]:
                    found.append({"token": identity["token"]["id"]})
                else:
                    scope = auth.get("scope", {})
                    # Ours names no domain of the project: IAM takes that of the user.
                    domain = scope.get("project", {}).pop("domain", None)
                    user = identity.get("password", {}).get("user", {})
                    if not self.case.differs:
                        assert domain in (None, user.get("domain")), auth
                    found.append({"at": path, "identity": identity, "scope": scope})
        self.server.heard.clear()
        # One that is repeated, as keystoneauth may do, is no other.
        return found[-1] if found else None


def theirs(stage, monkeypatch):
    """How openstacksdk logs in, or None."""
    for name in list(os.environ):
        if name.startswith("OS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in stage.env.items():
        monkeypatch.setenv(name, value)
    files = {
        "config_files": stage.files["clouds"],
        "secure_files": stage.files["secure"],
        "vendor_files": stage.files["clouds-public"],
    }
    asked = {"region_name": stage.case.region} if stage.case.region else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            region = OpenStackConfig(**files).get_one(**asked)
            session = region.get_session()
            token, project = session.get_token(), session.get_project_id()
        except Exception as failure:  # noqa: BLE001 - whatever it is, nobody is logged in
            print("theirs:", type(failure).__name__, failure)
            return None
    login = stage.logins()
    keys = sdk.get_ak_sk(SimpleNamespace(config=region))
    seen = {"region": region.region_name or None, "project": project, "keys": None}
    if keys[0]:
        return seen | {"keys": [keys[0], keys[2] if len(keys) > 2 else None]}
    if token != "from-iam":
        return None
    return seen | {"login": login}


def ours(stage):
    """How our command logs in, or why it does not."""
    command = [COMMAND, "doctor", "--service", "rds-v3", "--output", "json"]
    if stage.case.region:
        command += ["--region", stage.case.region]
    env = dict(stage.env)
    if not (stage.case.cloud or stage.case.file):
        env["OS_RDS_ENDPOINT_OVERRIDE"] = stage.words["IAMS"] + "/rds"
    done = subprocess.run(
        command, env=env, cwd=stage.folder, capture_output=True, text=True, timeout=60
    )
    print("ours:", done.stdout, done.stderr)
    checks = {check["check"]: check for check in json.loads(done.stdout)}
    if checks["credentials"]["state"] == "failed":
        assert not stage.server.heard, "a call before the refusal"
        return checks["credentials"]["detail"]
    region = checks["endpoint"]["detail"].split(", region ")[1]
    calls = [
        call for call in stage.server.heard if call[2] is None and "/v3/" in call[0]
    ]
    path, headers, _ = calls[0]
    seen = {"region": region.replace("not known", "") or None, "keys": None}
    seen["project"] = path.split("/v3/")[1].split("/")[0]
    login = stage.logins()
    if login:
        return seen | {"login": login}
    headers = {name.lower(): value for name, value in headers.items()}
    if "x-auth-token" in headers:
        return seen | {"login": {"token": headers["x-auth-token"]}}
    key = re.search(r"Access=([^,]+)", headers["authorization"])[1]
    return seen | {"keys": [key, headers.get("x-security-token")]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_the_same_login(case, server, tmp_path, monkeypatch):
    stage = Stage(case, tmp_path, server)
    our = ours(stage)
    server.heard.clear()
    their = theirs(stage, monkeypatch)
    server.heard.clear()
    is_refused = isinstance(our, str)
    if is_refused:
        assert ": " in our or our.endswith("/v3"), f"no remedy: {our}"
    if not case.differs:
        assert (None if is_refused else our) == their
        return
    refuses, reason = REASONS[case.differs]
    assert (None if is_refused else our) != their, f"no difference any more: {reason}"
    assert is_refused == refuses, our


def test_there_are_many_cases_and_no_idle_reason():
    assert len(CASES) >= 90
    assert len({case.name for case in CASES}) == len(CASES)
    assert {case.differs for case in CASES} - {""} == set(REASONS)
