"""Work killed at random moments loses nothing and does nothing twice: the short form of ``make faults`` (A55).

Two thousand kills in all. A machine that is very busy ends each work with fewer, rather than never.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

LONG = 400  # seconds; a tenth of it when the machine has nothing else to do
PATIENCE = "200"  # seconds
KILLS = ("delivery=1250", "talk=100", "sweep=30", "import=30")
ON_POSTGRESQL = ("delivery=500", "talk=50", "sweep=15", "import=15")


def run(*arguments: str) -> None:
    """Run kills in a small process of their own: forks are cheap there, and no thread of the tests is copied."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("work", KILLS)
def test_a55_work_killed_at_any_moment_loses_and_doubles_nothing(work: str) -> None:
    run(work, "--seconds", PATIENCE)


@pytest.mark.timeout(LONG)
def test_a55_a_crash_an_error_and_a_failing_database_at_every_named_moment_lose_and_double_nothing() -> None:
    run("failpoints=1")


@pytest.mark.postgres
@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("work", ON_POSTGRESQL)
def test_a55_work_on_postgresql_killed_at_any_moment_loses_and_doubles_nothing(work: str, postgres_server: str) -> None:
    run(work, "--seconds", PATIENCE, "--server", postgres_server)


@pytest.mark.timeout(LONG)
def test_a55_an_upgrade_killed_at_any_moment_has_not_begun_or_is_whole_and_the_next_one_ends_it() -> None:
    run("upgrade=6", "--seconds", "3")


@pytest.mark.postgres
@pytest.mark.timeout(LONG)
def test_a55_an_upgrade_of_postgresql_killed_at_any_moment_has_not_begun_or_is_whole(postgres_server: str) -> None:
    run("upgrade=4", "--seconds", "3", "--server", postgres_server)


@pytest.mark.timeout(LONG)
def test_a55_the_whole_system_killed_while_people_talk_loses_and_doubles_nothing() -> None:
    run("whole=4", "--seconds", "6")
