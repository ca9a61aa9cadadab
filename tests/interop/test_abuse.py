"""Callers that mean no good: the emulator goes on, and its memory stays bounded."""

import contextlib
import json
import resource
import socket
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

MIB = 1 << 20
# What the emulator may need in all, whatever comes in.
MOST_MEMORY = 256 * MIB


@pytest.fixture(autouse=True)
def many_files():
    """Room for a thousand connections here; the emulator is started with it, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(emulator):
    url = urllib.parse.urlsplit(emulator["rds"])
    return socket.create_connection((url.hostname, url.port), timeout=30)


def call(emulator, method="GET", path="instances", body=None, headers=()):
    """Status and body of an answer."""
    url = f"{emulator['rds']}/v3/{emulator['project_id']}/{path}"
    headers = {"X-Auth-Token": emulator["token"], "Content-Type": "application/json", **dict(headers)}
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def memory(emulator):
    """Bytes of the emulator in memory."""
    with open(f"/proc/{emulator['pid']}/status") as status:
        [line] = [line for line in status if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024


def test_a_large_body(emulator):
    for _ in range(20):
        status, answer = call(emulator, "POST", "backups", b"x" * (20 * MIB))
        assert status == 413
        assert "body" in json.loads(answer)["error_msg"]
    assert memory(emulator) < MOST_MEMORY
    assert call(emulator)[0] == 200


def test_bodies_that_are_just_small_enough(emulator):
    body = b'{"instance_id": "%s"}' % (b"x" * 200_000)
    for _ in range(500):
        assert call(emulator, "POST", "backups", body)[0] == 400
    assert memory(emulator) < MOST_MEMORY
    assert call(emulator)[0] == 200


def test_a_thousand_idle_connections(emulator):
    with contextlib.ExitStack() as connections:
        for _ in range(1000):
            connections.enter_context(connect(emulator))
        assert call(emulator)[0] == 200
        assert memory(emulator) < MOST_MEMORY
    assert call(emulator)[0] == 200


def test_more_connections_than_there_may_be(emulator):
    with contextlib.ExitStack() as connections:
        idle = [connections.enter_context(connect(emulator)) for _ in range(2000)]
        waiting = connections.enter_context(connect(emulator))
        waiting.sendall(b"GET /_emulator/state HTTP/1.1\r\nHost: x\r\n\r\n")
        waiting.settimeout(1)
        with pytest.raises(TimeoutError):
            waiting.recv(1000)
        idle[0].close()
        waiting.settimeout(30)
        assert waiting.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_slow_senders(emulator):
    begun = b"POST /v3/p/backups HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    with contextlib.ExitStack() as connections:
        slow = [connections.enter_context(connect(emulator)) for _ in range(200)]
        for place, connection in enumerate(slow):
            # Half of them are slow with the head, half with the body.
            connection.sendall(begun[:20] if place % 2 else begun)
        assert call(emulator)[0] == 200
        slow[0].settimeout(60)
        assert slow[0].recv(1000).startswith(b"HTTP/1.1 408 ")
        assert call(emulator)[0] == 200


def test_bodies_that_never_end(emulator):
    head = b"POST /v3/p/backups HTTP/1.1\r\nHost: x\r\nContent-Length: 262144\r\n\r\n"
    with contextlib.ExitStack() as connections:
        rests = {}
        for _ in range(1000):
            connection = connections.enter_context(connect(emulator))
            connection.setblocking(False)
            rests[connection] = memoryview(head + b"x" * 262_000)
        # All of it, or as much as finds room in the emulator and on the way to it.
        moved = time.monotonic()
        while time.monotonic() < moved + 2:
            for connection, rest in rests.items():
                # Some are refused while others are sent.
                with contextlib.suppress(OSError):
                    if rest and (sent := connection.send(rest)):
                        rests[connection] = rest[sent:]
                        moved = time.monotonic()
        assert memory(emulator) < MOST_MEMORY
        # Nobody else waits for them, unless with a large body, and then not for ever.
        begun = time.monotonic()
        assert call(emulator)[0] == 200
        assert call(emulator, "POST", "backups", b"{}")[0] == 400
        assert time.monotonic() < begun + 10
        assert call(emulator, "POST", "backups", b" " * 200_000)[0] in (400, 503)
        assert memory(emulator) < MOST_MEMORY
    assert call(emulator, "POST", "backups", b" " * 200_000)[0] == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"H%d: x\r\n" % n for n in range(5000)) + b"\r\n",
        b"GET /" + b"x" * MIB + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_malformed_http(emulator, sent):
    for _ in range(20):
        with connect(emulator) as connection:
            # What is refused at once is not read to its end.
            with contextlib.suppress(ConnectionError):
                connection.sendall(sent)
                # Gone already, where the server was quicker.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                answer = connection.recv(1000)
                assert not answer.startswith(b"HTTP/1.1 2"), answer
    assert call(emulator)[0] == 200
    assert memory(emulator) < MOST_MEMORY


def test_broken_tokens_and_bodies(emulator):
    for body in [b"[" * 100_000, b'{"a":' * 20_000, b"\xff\xfe", b"nul", b'{"a":1e999999}']:
        assert call(emulator, "POST", "backups", body)[0] == 400
    assert call(emulator, headers={"X-Auth-Token": "x" * 8000}.items())[0] == 403
    assert call(emulator, headers={"Authorization": "SDK-HMAC-SHA256 " + "," * 8000}.items())[0] == 401
    assert call(emulator, path="backups?" + "&".join(["instance_id=x"] * 3000))[0] == 400
    assert call(emulator)[0] == 200


def test_logins_do_not_pile_up(emulator):
    identity = {
        "methods": ["password"],
        "password": {
            "user": {
                "name": emulator["username"],
                "password": emulator["password"],
                "domain": {"name": emulator["domain"]},
            }
        },
    }
    body = json.dumps({"auth": {"identity": identity}}).encode()
    url = f"{emulator['iam']}/v3/auth/tokens"
    for _ in range(3000):
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            assert answer.status == 201
    assert memory(emulator) < MOST_MEMORY
