"""Completions as bash, zsh and fish load them, and manual pages as groff and mandoc read them."""

import os
import pty
import select
import subprocess
import time

import pytest

LIMIT = 30


@pytest.fixture
def environment(tmp_path):
    """Nothing but a path with the command, and a home of its own."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/dbbackup").symlink_to(os.environ["DBBACKUP"])
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "TERM": "dumb"}


def run(environment, *command, **options):
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        **options,
    )
    assert done.returncode == 0, done
    return done


def bash(environment, *words):
    """What bash offers for the last word."""
    script = """
        source <(dbbackup completions bash)
        complete -p dbbackup >&2
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _dbbackup dbbackup "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = run(
        environment, "bash", "--norc", "-c", script, "bash", "dbbackup", *words
    )
    assert done.stderr.startswith("complete "), done
    assert done.stderr.endswith("dbbackup\n") and done.stderr.count("\n") == 1, done
    return done.stdout.split()


def test_bash(environment):
    assert bash(environment, "cr") == ["create"]
    assert bash(environment, "create", "--wait-t") == ["--wait-timeout"]
    assert "rds-v3" in bash(environment, "list", "--service", "")
    assert bash(environment, "nothing-like-it") == []


def fish(environment, line):
    """What fish offers for a line."""
    script = "dbbackup completions fish | source; complete --do-complete $argv"
    done = run(environment, "fish", "--no-config", "-c", script, line)
    assert done.stderr == "", done
    return [offer.split("\t")[0] for offer in done.stdout.splitlines()]


def test_fish(environment):
    assert fish(environment, "dbbackup cr") == ["create"]
    assert fish(environment, "dbbackup create --wait-t") == ["--wait-timeout"]
    assert "rds-v3" in fish(environment, "dbbackup list --service ")


class Terminal:
    """zsh in a terminal of its own."""

    def __init__(self, environment):
        main, child = pty.openpty()
        self.main = main
        self.shell = subprocess.Popen(
            ["zsh", "-f", "-i"],
            env=environment,
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
        )
        os.close(child)
        self.seen = ""

    def type(self, text):
        os.write(self.main, text.encode())

    def until(self, words):
        """Reads until the words stand there."""
        ends = time.monotonic() + LIMIT
        while words not in self.seen:
            ready, _, _ = select.select([self.main], [], [], ends - time.monotonic())
            assert ready, self.seen
            self.seen += os.read(self.main, 4096).decode(errors="replace")
        self.seen = self.seen.split(words, 1)[1]

    def close(self):
        self.shell.kill()
        self.shell.wait()
        os.close(self.main)


def test_zsh(environment, tmp_path):
    (tmp_path / "functions").mkdir()
    script = run(environment, "dbbackup", "completions", "zsh").stdout
    (tmp_path / "functions/_dbbackup").write_text(script)
    terminal = Terminal(environment)
    try:
        # The words that are waited for are not those that are typed, which the terminal shows, too.
        terminal.type(
            "fpath=(~/functions $fpath); autoload -U compinit; compinit -u -D; "
            "dbbackup() { print -r -- 'ra''n:' \"$@\" 'en''d' }; print 'rea''dy'\n"
        )
        terminal.until("ready")
        for typed, ran in [
            ("dbbackup cr\t", "ran: create end"),
            ("dbbackup create --wait-t\t", "ran: create --wait-timeout end"),
            ("dbbackup list --service taurus\t", "ran: list --service taurusdb-v3 end"),
        ]:
            terminal.type(typed + "\n")
            terminal.until(ran)
    finally:
        terminal.close()


def warnings(environment, page):
    """What groff warns of, in a page."""
    done = run(environment, "groff", "-man", "-ww", "-Tutf8", "-z", input=page)
    return done.stderr


def test_manual_pages(environment, tmp_path):
    assert "macro 'XX' not defined" in warnings(environment, ".TH a 1\n.XX\n")
    run(environment, "dbbackup", "man", "--out", str(tmp_path / "man"))
    pages = sorted((tmp_path / "man").iterdir())
    assert len(pages) > 10 and tmp_path / "man/dbbackup-create.1" in pages
    for page in pages:
        assert warnings(environment, page.read_text()) == "", page
        run(environment, "mandoc", "-T", "lint", "-W", "error", str(page))
        text = run(environment, "mandoc", "-T", "ascii", str(page)).stdout
        plain = run(environment, "col", "-b", input=text).stdout
        assert f"{page.stem} - " in plain, plain
        assert "EXIT" in plain.upper() or page.stem.count("-") == 1, plain
    whole = run(environment, "dbbackup", "man").stdout
    assert whole == (tmp_path / "man/dbbackup.1").read_text()
