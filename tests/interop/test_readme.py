"""The examples of the README that call the command, run as they are written."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

README = pathlib.Path(__file__).parents[2] / "README.md"
INSTANCE = "d8e6ca5a624745bcb546a227aa3ae1cfin01"
LIMIT = 120


def blocks(before, language="sh"):
    """The blocks after some words, up to the next section."""
    section = README.read_text().split("\n## Command\n")[1].split("\n## ")[0]
    text = section.split(before)[1]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(command, environment, folder):
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done
    return done


@pytest.fixture
def home(tmp_path, emulator):
    """A home with the command and the cloud `nightly`."""
    (tmp_path / ".cargo/bin").mkdir(parents=True)
    (tmp_path / ".cargo/bin/dbbackup").symlink_to(os.environ["DBBACKUP"])
    folder = tmp_path / ".config/openstack"
    folder.mkdir(parents=True)
    auth = {
        "auth_url": emulator["iam"],
        "username": emulator["username"],
        "password": emulator["password"],
        "user_domain_name": emulator["domain"],
        "project_name": emulator["region"],
    }
    cloud = {
        "auth": auth,
        "region_name": emulator["region"],
        "rds_endpoint_override": emulator["rds"],
    }
    # JSON is YAML, too.
    (folder / "clouds.yaml").write_text(json.dumps({"clouds": {"nightly": cloud}}))
    return tmp_path


def test_pipeline(emulator, home):
    step = blocks("A step of a pipeline")[0]
    environment = {
        "PATH": f"{home}/.cargo/bin:{os.environ['PATH']}",
        "NO_PROXY": "*",
        "DBBACKUP_SERVICE": "rds-v3",
        "DBBACKUP_TOKEN": emulator["token"],
        "DBBACKUP_PROJECT_ID": emulator["project_id"],
        "DBBACKUP_RDS_URL": emulator["rds"],
        "INSTANCE": INSTANCE,
        "CI_PIPELINE_ID": "4711",
    }
    seen = []
    for _ in range(2):
        done = run(["sh", "-e", "-c", step], environment, home)
        assert "identity" in done.stdout, done
        seen.append(json.loads((home / "backup.json").read_text()))
    first, again = seen
    assert first["status"] == "COMPLETED" and first["instance"] == INSTANCE, first
    assert first["id"] == again["id"], seen


def test_cron(home):
    [crontab] = blocks("A nightly backup by cron", "crontab")
    (home / "crontab").write_text(crontab)
    checks = {"PATH": os.environ["PATH"]}
    run(["crontab", "-n", str(home / "crontab")], checks, home)
    *settings, entry = crontab.splitlines()
    # Five times, and the command, in which cron takes a bare % for the end of a line.
    line = entry.split(maxsplit=5)[5]
    assert not re.search(r"(?<!\\)%", line), line
    environment = {
        "HOME": str(home),
        "LOGNAME": "nightly",
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/sh",
    }
    environment |= dict(setting.split("=", 1) for setting in settings)
    done = run(["/bin/sh", "-c", line.replace("\\%", "%")], environment, home)
    # Cron sends everything that is printed by mail.
    assert (done.stdout, done.stderr) == ("", ""), done
    backup = json.loads((home / "backups.json").read_text())
    assert backup["status"] == "COMPLETED" and backup["instance"] == INSTANCE, backup


def test_container(home):
    """The image is built as written. Where no container can be started but in a chroot, buildah
    takes the place of podman, with the same volume, arguments and the entry point of the image."""
    build, start = blocks("A container needs")
    # Nothing of this is left behind, and no registry is asked.
    (home / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{home}/images"\nrunroot = "{home}/run"\n'
    )
    environment = {
        "PATH": f"{home}/.cargo/bin:{os.environ['PATH']}",
        "HOME": str(home),
        "CONTAINERS_STORAGE_CONF": str(home / "storage.conf"),
        "BUILDAH_ISOLATION": "chroot",
    }
    run(["sh", "-e", "-c", build], environment, home)
    words = shlex.split(start.replace("$HOME", str(home)).replace("\\\n", ""))
    image = words.index("dbbackup")
    assert words[:4] == ["podman", "run", "--rm", "--volume"] and image == 5, words
    inspected = run(
        ["buildah", "inspect", "--type", "image", "dbbackup"], environment, home
    )
    entry_point = json.loads(inspected.stdout)["OCIv1"]["config"]["Entrypoint"]
    container = run(["buildah", "from", "dbbackup"], environment, home).stdout.strip()
    try:
        command = ["buildah", "run", *words[3:image], container, "--", *entry_point]
        done = run(command + words[image + 1 :], environment, home)
    finally:
        run(["buildah", "rm", container], environment, home)
        shutil.rmtree(home / "images")
    assert done.stdout.split()[:2] == ["ID", "NAME"], done


def test_tables_name_what_the_command_has():
    environment = {"PATH": os.environ["PATH"]}
    text = run([os.environ["DBBACKUP"], "--help"], environment, None).stdout
    section = README.read_text().split("\n## Command\n")[1].split("\n## ")[0]
    commands = text.split("Commands:\n")[1].split("\n\n")[0]
    names = set(re.findall(r"^  ([a-z]+)", commands, re.MULTILINE)) - {"help"}
    rows = re.findall(r"^\| (`[a-z`, ]+`) \|", section, re.MULTILINE)
    assert names == set(re.findall(r"[a-z]+", " ".join(rows))), rows
    codes = re.findall(r"^  (\d+)  +(.*)$", text.split("Exit codes:\n")[1], re.MULTILINE)
    assert codes == re.findall(r"^\| (\d+) \| (.*) \|$", section, re.MULTILINE)
