"""Months of the city, for two minutes in every run; ``make soak`` lives 2,000. A wrong one is printed with its seed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MONTHS, SECONDS = os.environ.get("MONTHS", "50"), os.environ.get("MONTHS_SECONDS", "120")
"""So many, fewer where the machine is slow: after so long none is begun."""


@pytest.mark.timeout(900)
def test_whatever_happens_in_a_month_of_the_city_everything_holds() -> None:
    """In a process of its own, in which strings are hashed alike in every run."""
    command = [sys.executable, "-m", "tests.city", "--months", MONTHS, "--seconds", SECONDS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_seed_is_the_same_month_again() -> None:
    """Else what is found could not be lived again: nothing of it may depend on threads, or on the months before."""
    command = [sys.executable, "-m", "tests.city", "--first", "7", "--months", "1", "--days", "6"]
    alike = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603 (our own)
    first, second = (each.communicate()[0].partition(" wrong; ")[0] for each in alike)
    assert first == second
    assert first.startswith("1 months, ")
