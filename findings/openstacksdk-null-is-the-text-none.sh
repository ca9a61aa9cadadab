#!/usr/bin/env bash
# openstacksdk 4.22.0 takes a value of clouds.yaml that is null for the text "None": with `project_id:`
# left empty beside a project_name, it asks IAM for a token of the project with the id "None", and with
# `project_domain_name: ~` for one of the account named "None". One might expect that an empty key says
# nothing, as it does for `password`, which is missed then.
#
# It hurts whoever keeps empty keys in clouds.yaml, as templates and generators of that file write them
# for what is not known: the login is refused in words about a wrong user or project, which are right, or
# goes to another project where one of that name exists. An empty `region_name:` ends in an AttributeError.
#
# A server on loopback stands for IAM and takes every login.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check \
    openstacksdk==4.22.0 keystoneauth1==5.18.1 PyYAML==6.0.3

cat > logins.py <<'PYTHON'
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openstack.config import OpenStackConfig

heard = []


class Iam(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, body, token=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if token:
            self.send_header("X-Subject-Token", token)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        link = {"rel": "self", "href": f"http://{self.headers['Host']}/v3"}
        self.reply(200, {"version": {"id": "v3.14", "status": "stable", "links": [link]}})

    def do_POST(self):
        heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["auth"])
        user = {"id": "u", "name": "u", "domain": {"id": "d", "name": "D"}}
        times = {"issued_at": "2020-01-01T00:00:00.000000Z", "expires_at": "2099-01-01T00:00:00.000000Z"}
        self.reply(201, {"token": {"methods": ["password"], "user": user, "catalog": []} | times}, "t")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Iam)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["OS_CLIENT_CONFIG_FILE"] = "clouds.yaml"
os.environ["NO_PROXY"] = "127.0.0.1"


def scope(*keys):
    """What a login asks for with these lines below `auth`."""
    fixed = ["username: nightly", "password: open-sesame", "user_domain_name: D", "project_name: orders"]
    url = f"auth_url: 'http://127.0.0.1:{server.server_port}/v3'"
    lines = "".join(f"      {line}\n" for line in [url, *fixed, *keys])
    with open("clouds.yaml", "w") as file:
        file.write(f"clouds:\n  a:\n    auth:\n{lines}")
    heard.clear()
    OpenStackConfig().get_one("a").get_session().get_token()
    return heard[-1]["scope"]


seen = {line: scope(line) for line in ["# nothing more", "project_id:", "project_domain_name: ~"]}
for line, asked in seen.items():
    print(f"{line:24} {json.dumps(asked)}")
assert seen == {
    "# nothing more": {"project": {"name": "orders"}},
    "project_id:": {"project": {"id": "None"}},
    "project_domain_name: ~": {"project": {"name": "orders", "domain": {"name": "None"}}},
}, "this has changed"
PYTHON
python/bin/python logins.py
