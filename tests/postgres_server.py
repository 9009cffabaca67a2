"""A PostgreSQL server for one test run: made, started, and gone with the run even when the run is killed.

python tests/postgres_server.py FOLDER PID [durable]

It stays until it is told to stop (SIGTERM) or the process PID is no more, then it stops the server and removes FOLDER.
Told to start again (SIGUSR1), it ends the server at once, as a crash would, and has it come back a moment later.
The server listens on a Unix socket in FOLDER only, and runs as a user without rights when this one has all of them.
"""

from __future__ import annotations

import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

INSTALL = "PostgreSQL's server programs are missing: apt-get install postgresql (or set TEST_DATABASE_URL)"
READY = "ready"
DURABLE = "durable"
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
LOG = "server.log"
STARTS = "starts"
DOWN_SECONDS = 1.5
OWNER = "frontdoor"
POLL_SECONDS = 0.02
END, AGAIN = b".", b"!"
PATIENCE_SECONDS = 60


class ServerMissing(Exception):
    """The server cannot be started; the text is one line that says what to do."""


def start(folder: Path, run: int, *, durable: bool = False) -> str:
    """Start a server in an empty folder for the process ``run``; return its address without a database's name.

    One that is not ``durable`` forgets what it was told when the machine loses its power, and so need not wait for the
    disk: right for tests, and wrong for what is measured.
    """
    programs()
    errors = (folder / LOG).open("wb")
    with errors:
        command = [sys.executable, __file__, str(folder), str(run), *([DURABLE] if durable else [])]
        guard = subprocess.Popen(  # noqa: S603 (this very file)
            command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True
        )
    for _ in range(round(PATIENCE_SECONDS / POLL_SECONDS)):
        if (folder / READY).exists():
            guard.returncode = 0  # it outlives who started it: nobody waits for it, so no "still running" is wanted
            return f"postgresql://{OWNER}@/{{}}?host={folder}"
        if guard.poll() is not None:
            break
        time.sleep(POLL_SECONDS)
    raise ServerMissing(f"PostgreSQL did not start: {(folder / LOG).read_text(errors='replace')[-2000:]}")


def stop(folder: Path) -> None:
    """Stop the server of a folder, if there is one, and wait until nothing of it is left."""
    if (folder / READY).exists():
        os.kill(int((folder / READY).read_text()), signal.SIGTERM)
        for _ in range(round(PATIENCE_SECONDS / POLL_SECONDS)):
            if not folder.exists():
                return
            time.sleep(POLL_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


def start_again(folder: Path) -> None:
    """End the server of a folder in the midst of everything, and wait until it is back; raises ``ServerMissing``.

    What was committed without waiting for the disk (``FORGETFUL``) may be gone: who restarts asks for better before.
    """
    before = (folder / STARTS).read_text()
    os.kill(int((folder / READY).read_text()), signal.SIGUSR1)
    for _ in range(round(PATIENCE_SECONDS / POLL_SECONDS)):
        if (folder / STARTS).read_text() != before:
            return
        time.sleep(POLL_SECONDS)
    raise ServerMissing("the server did not come back")


@cache
def programs() -> Path:
    """Return the folder of the newest server programs (Debian's places first, then PATH)."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for each in (*places, *([Path(on_path).resolve().parent] if on_path else [])):
        if (each / "postgres").exists() and (each / "initdb").exists():
            return each
    raise ServerMissing(INSTALL)


def _guard(folder: Path, run: int, *, durable: bool) -> None:
    """Run the server until the run is over."""
    user = _user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    server = None
    end = _end_of(run)
    try:
        _make(folder, user)
        kept = {} if durable else FORGETFUL
        server = _serve(folder, user, kept)
        starts = 1
        (folder / STARTS).write_text(str(starts))
        (folder / READY).write_text(str(os.getpid()))
        while _is_to_start_again(end):
            server.send_signal(signal.SIGQUIT)  # PostgreSQL's "immediate" shutdown
            server.wait(PATIENCE_SECONDS)
            time.sleep(DOWN_SECONDS)
            server = _serve(folder, user, kept)
            starts += 1
            _write_whole(folder / STARTS, str(starts))
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            server.wait(PATIENCE_SECONDS)
            shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, user: pwd.struct_passwd | None) -> None:
    _run(
        user,
        str(programs() / "initdb"),
        f"--pgdata={folder / 'data'}",
        f"--username={OWNER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ).wait(PATIENCE_SECONDS)


def _serve(folder: Path, user: pwd.struct_passwd | None, kept: Mapping[str, str]) -> subprocess.Popen[bytes]:
    settings: Mapping[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": 200,
        "shared_buffers": "32MB",
        "autovacuum": "off",
        **kept,
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    server = _run(user, str(programs() / "postgres"), "-D", str(folder / "data"), *options)
    for _ in range(round(PATIENCE_SECONDS / POLL_SECONDS)):
        if "ready" in _status(folder):
            return server
        if server.poll() is not None:
            break
        time.sleep(POLL_SECONDS)
    raise ServerMissing("the server ended while starting")


def _status(folder: Path) -> str:
    try:
        return (folder / "data" / "postmaster.pid").read_text().splitlines()[-1]
    except (FileNotFoundError, IndexError):
        return ""


def _run(user: pwd.struct_passwd | None, *command: str) -> subprocess.Popen[bytes]:
    who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, **who)  # type: ignore[call-overload,no-any-return]  # noqa: S603


def _user() -> pwd.struct_passwd | None:
    """Return whom the server runs as, or None for the user we are: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerMissing("PostgreSQL does not run as root, and there is no user postgres or nobody to run it")


def _end_of(run: int) -> list[int]:
    """Return two descriptors: one speaks when we are told to stop, the other when the run is no more."""
    told, tell = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(tell, END))
    signal.signal(signal.SIGUSR1, lambda *_: os.write(tell, AGAIN))
    return [told, os.pidfd_open(run)]


def _is_to_start_again(end: list[int]) -> bool:
    """Wait until something is to be done; return whether it is to begin anew."""
    told, _ = end
    ready, _, _ = select.select(end, [], [])
    return ready == [told] and os.read(told, 1) == AGAIN


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that who looks meanwhile sees it as it was, or as it is."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]), int(sys.argv[2]), durable=DURABLE in sys.argv[3:])
