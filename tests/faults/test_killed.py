"""Work killed at random moments loses nothing and does nothing twice: the short form of ``make faults`` (A55).

How many kills fit into the seconds given here depends on the machine; ``make faults`` kills until the number is full.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

LONG = 400  # seconds; some ten when the machine has nothing else to do


def run(*arguments: str) -> None:
    """Run kills in a small process of their own: forks are cheap there, and no thread of the tests is copied."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(LONG)
def test_a55_work_killed_at_any_moment_loses_and_doubles_nothing() -> None:
    run("delivery=900", "sweep=200", "import=200", "talk=300", "--seconds", "3")  # what is leanest first


@pytest.mark.timeout(LONG)
def test_a55_a_crash_an_error_and_a_failing_database_at_every_named_moment_lose_and_double_nothing() -> None:
    run("failpoints=1")


@pytest.mark.postgres
@pytest.mark.timeout(LONG)
def test_a55_work_on_postgresql_killed_at_any_moment_loses_and_doubles_nothing(postgres_server: str) -> None:
    each = ("delivery=300", "sweep=50", "import=50", "talk=100")
    run(*each, "--seconds", "2", "--server", postgres_server)


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
