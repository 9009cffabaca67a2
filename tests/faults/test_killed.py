"""Work killed at random moments loses nothing and does nothing twice: the short form of ``make faults`` (A55).

Two thousand kills in all. A machine that is very busy ends each work with fewer, rather than never.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

PATIENCE = 200  # seconds for each work; a tenth of it when the machine has nothing else to do
KILLS = ("delivery=1250", "talk=100", "sweep=30", "import=30", "upgrade=6")
ON_POSTGRESQL = ("delivery=500", "talk=50", "sweep=15", "import=15", "upgrade=4")
"""The works that are killed most often come first: a fork copies the tables of all that is loaded by then."""
LONG = 2 * len(KILLS) * PATIENCE


def run(*arguments: str) -> None:
    """Run kills in a small process of their own: forks are cheap there, and no thread of the tests is copied.

    One process for several works: to load what they are made of takes longer than most of them.
    """
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(LONG)
def test_a55_work_and_upgrades_killed_at_any_moment_lose_and_double_nothing() -> None:
    run(*KILLS, "--seconds", str(PATIENCE))


@pytest.mark.timeout(LONG)
def test_a55_a_crash_an_error_and_a_failing_database_at_every_named_moment_lose_and_double_nothing() -> None:
    run("failpoints=1")


@pytest.mark.postgres
@pytest.mark.timeout(LONG)
def test_a55_work_and_upgrades_of_postgresql_killed_at_any_moment_lose_and_double_nothing(postgres_server: str) -> None:
    run(*ON_POSTGRESQL, "--seconds", str(PATIENCE), "--server", postgres_server)


@pytest.mark.timeout(LONG)
def test_a55_the_whole_system_killed_while_people_talk_loses_and_doubles_nothing() -> None:
    run("whole=4", "--seconds", "6")
