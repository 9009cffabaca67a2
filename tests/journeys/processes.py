"""Real processes of the command, started and killed by a test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

SERVING = "Serving on http://127.0.0.1:"


@contextmanager
def frontdoor(environment: Mapping[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``frontdoor`` with these settings for as long as the block lasts, if nobody kills it before."""
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, "-m", "bot", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()


def port_of(process: subprocess.Popen[str]) -> int:
    """Return the port a process serves on, once it says so."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith(SERVING), f"the process said {line!r}"
    return int(line.removeprefix(SERVING).split(".")[0])
