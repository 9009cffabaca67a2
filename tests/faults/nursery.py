"""Processes of the ``frontdoor`` command by fork: what takes them seconds to load is loaded once, in their parent.

``python -m tests.faults.nursery`` is the parent. It reads ``start web --port 8000``, ``signal PID SIGNAL``, ``end PID
SIGNAL`` and ``wait PID`` from its standard input, a line each, and answers with a number: the child's id, and how it
ended. It has one thread and no connection, so a child begins as a fresh process does. When its input ends, it kills its
children and goes.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

READY = "ready"
PATIENCE = 30.0  # seconds that a child may take to end when it is asked to
LOOK_AGAIN = 0.02


@dataclass(frozen=True)
class Nursery:
    """The parent, as seen from who starts and ends its children."""

    process: subprocess.Popen[str]
    log: Path

    def start(self, *arguments: str) -> int:
        """Start ``frontdoor`` with these arguments; return the process's id."""
        return self._ask("start", *arguments)

    def kill(self, pid: int) -> bool:
        """Kill a child wherever it stands; return whether it was still at it."""
        return self._ask("end", str(pid), str(signal.SIGKILL.value)) == -signal.SIGKILL

    def end(self, pid: int) -> int:
        """Ask a child to end; return its status, below nothing if it was a signal that ended it."""
        return self._ask("end", str(pid), str(signal.SIGTERM.value))

    def wait(self, pid: int) -> int:
        """Wait until a child ends by itself; return its status."""
        return self._ask("wait", str(pid))

    def stop(self, pid: int) -> None:
        """Let a child stand still."""
        self._ask("signal", str(pid), str(signal.SIGSTOP.value))

    def go_on(self, pid: int) -> None:
        """Let a child go on that stood still."""
        self._ask("signal", str(pid), str(signal.SIGCONT.value))

    def last_words(self) -> str:
        """Return the end of what the children logged."""
        return "\n".join(self.log.read_text().splitlines()[-5:])

    def _ask(self, *words: str) -> int:
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(" ".join(words) + "\n")
        pipe_in.flush()
        return int(pipe_out.readline())


@contextmanager
def a_nursery(environment: Mapping[str, str], log: Path) -> Iterator[Nursery]:
    """Give a parent for as long as the block lasts; what its children log goes to the end of ``log``."""
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == READY, log.read_text()
        yield Nursery(process, log)


def main() -> None:
    """Start and end children as asked, until the input ends."""
    _load()
    print(READY, flush=True)  # noqa: T201 (its answers are what it is for)
    children: set[int] = set()
    try:
        for line in sys.stdin:
            word, *rest = line.split()
            if word == "start":
                answer = _start(rest)
                children.add(answer)
            elif word == "signal":
                answer = int(rest[0])
                os.kill(answer, int(rest[1]))
            elif word == "wait":
                pid = int(rest[0])
                answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                children.discard(pid)
            else:
                pid = int(rest[0])
                children.discard(pid)
                answer = _end(pid, signal.Signals(int(rest[1])))
            print(answer, flush=True)  # noqa: T201
    finally:
        for pid in children:
            _end(pid, signal.SIGKILL)


def _load() -> None:
    """Load all that a process loads sooner or later, and keep the collector from copying it in the children."""
    import aiohttp  # noqa: F401, PLC0415
    import linebot.v3.messaging  # type: ignore[import-untyped]  # noqa: F401, PLC0415
    import psycopg  # noqa: F401, PLC0415

    import bot.app  # noqa: PLC0415
    import bot.cli  # noqa: F401, PLC0415
    from bot.commands import data, processes, setup  # noqa: F401, PLC0415
    from core import migrations  # noqa: PLC0415

    migrations.head()
    gc.collect()
    gc.freeze()
    assert threading.active_count() == 1, "a thread would be missing in the children"


def _start(arguments: Sequence[str]) -> int:
    """Start a child that ends in order from its first moment on: who has not begun has nothing to bring to an end."""
    asked_to_end = {signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked_to_end)
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, lambda _signal, _frame: os._exit(0))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, asked_to_end)
    if pid == 0:
        _live(arguments)
    return pid


def _live(arguments: Sequence[str]) -> NoReturn:
    """Be the command; the pipes to the parent are not the child's."""
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        sys.argv = ["frontdoor", *arguments]
        from bot.cli import main as frontdoor  # noqa: PLC0415

        frontdoor()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:  # noqa: BLE001 (whatever it is, the log and the status tell)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _end(pid: int, by: signal.Signals) -> int:
    """End a child of ours, which cannot be another process: it is waited for here only."""
    os.kill(pid, by)
    until = time.monotonic() + PATIENCE
    while by is not signal.SIGKILL and time.monotonic() < until:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(LOOK_AGAIN)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main()
