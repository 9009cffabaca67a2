"""Change the rules in every small way, and see that the tests notice: ``make mutation``, or AREA=duties for one area.

It works on a clone, so it judges what is committed, and nobody's files are in its way. It fails when fewer than 95 %
of an area's mutants are killed, when one survives that ``tests/mutation/survivors.toml`` does not argue, and when one
argued there is killed by now. ``docs/mutation.md`` says more.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

AT_LEAST = 0.95
ROW = re.compile(r"^\| \S+ \| (\d+) \| (\d+) \|", re.MULTILINE)  # what a file's process says of it
ARGUED = Path(__file__).parents[1] / "tests/mutation/survivors.toml"


@dataclass(frozen=True)
class Area:
    """Files of rules, and the tests that hold them: pure ones only, so a mutant costs a fraction of a second."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "duties": Area(("core/duties/rules.py",), ("tests/core/duties/test_rules.py",)),
    "notices": Area(("core/notices/rules.py",), ("tests/core/notices/test_notice_rules.py",)),
    "otp": Area(("core/otp/rules.py",), ("tests/core/otp/test_otp_rules.py",)),
    "accounts": Area(("core/accounts/rules.py",), ("tests/core/accounts/test_account_rules.py",)),
    "requests": Area(("core/accounts/requests/rules.py",), ("tests/core/accounts/requests/test_request_rules.py",)),
    "registration": Area(
        ("core/accounts/registration/rules.py",), ("tests/core/accounts/registration/test_registration_rules.py",)
    ),
    "helpdesk": Area(
        ("core/helpdesk/rules.py", "core/helpdesk/hours.py"),
        ("tests/core/helpdesk/test_rules.py", "tests/core/helpdesk/test_hours.py"),
    ),
    "machines": Area(("core/machines/rules.py",), ("tests/core/machines/test_machine_rules.py",)),
    "quota": Area(("core/quota/rules.py",), ("tests/core/quota/test_quota_rules.py",)),
    "inbox": Area(("core/inbox/rules.py",), ("tests/core/inbox/test_inbox_rules.py",)),
    "menus": Area(("core/menus/rules.py",), ("tests/core/menus/test_menu_rules.py",)),
    "watch": Area(("core/watch/rules.py",), ("tests/core/watch/test_rules.py",)),
    "exports": Area(("core/exports/rules.py",), ("tests/core/exports/test_rules.py",)),
    "records": Area(
        ("core/records/rules.py", "core/records/form.py"),
        ("tests/core/records/test_windows.py", "tests/core/records/test_records.py"),
    ),
    "closures": Area(
        ("core/closures/rules.py", "core/closures/earliest.py", "core/closures/form.py"),
        (
            "tests/core/closures/test_dates_and_states.py",
            "tests/core/closures/test_form.py",
            "tests/core/closures/test_earliest.py",
            "tests/core/closures/test_earliest_day.py",  # slow, so it comes last
        ),
    ),
    "checks": Area(
        ("core/checks/rules.py", "core/checks/form_rules.py", "core/checks/references.py"),
        (
            "tests/core/checks/test_check_rules.py",
            "tests/core/checks/test_check_form.py",
            "tests/core/checks/test_references.py",
        ),
    ),
    "dispatches": Area(
        ("core/dispatches/rules.py", "core/dispatches/reply_form.py", "core/dispatches/assessment.py"),
        (
            "tests/core/dispatches/test_dispatch_rules.py",
            "tests/core/dispatches/test_reply_form.py",
            "tests/core/dispatches/test_assessment.py",
        ),
    ),
    "calendar": Area(("core/calendar.py",), ("tests/core/test_calendar.py",)),
    "dates": Area(("core/dates.py",), ("tests/core/test_dates.py",)),
}


@dataclass(frozen=True)
class Survivor:
    """A mutant no test noticed, as far as it can be named for good: line numbers move, lines and functions stay."""

    path: str
    place: str
    was: str
    became: str


@dataclass(frozen=True)
class Finding:
    """A survivor of this run."""

    survivor: Survivor
    operator: str
    line: int


@dataclass(frozen=True)
class Figures:
    """What became of the mutants of one file."""

    path: str
    mutants: int
    survived: tuple[Finding, ...]


def argued() -> dict[Survivor, str]:
    """Return the survivors that may be, each with its why."""
    entries = tomllib.loads(ARGUED.read_text(encoding="utf-8"))["survivor"]
    return {
        Survivor(each["file"], each["in"], each["was"], became): each["why"]
        for each in entries
        for became in each["became"]
    }


def measured(path: str, tests: Sequence[str]) -> Figures:
    """Try every mutant of a file."""
    from tools import mutants  # noqa: PLC0415 (loads much that reading the list of areas does not need)

    mutants.load_once(path, tests)
    seconds = mutants.seconds_unchanged(path, tests)
    if seconds is None:
        raise SystemExit(f"{path}: its tests fail without any change")
    found = list(mutants.mutants_of(path))
    survived = [each for each in found if mutants.survives(each, tests, seconds)]
    return Figures(
        path,
        len(found),
        tuple(
            Finding(Survivor(each.path, each.place, each.was, each.became), each.operator, each.line)
            for each in survived
        ),
    )


def complaints(figures: Figures, why: dict[Survivor, str]) -> Iterator[str]:
    """Yield what is wrong with the figures of a file."""
    found = {each.survivor for each in figures.survived}
    for each in figures.survived:
        if each.survivor not in why:
            yield f"{figures.path}:{each.line} {each.operator} in {each.survivor.place or 'the module'}: not argued"
            yield f"    {each.survivor.was}\n    {each.survivor.became}"
    for survivor in why:
        if survivor.path == figures.path and survivor not in found:
            yield f"{figures.path}: argued, but there is no such survivor: {survivor.became}"


def row(name: str, mutants: int, killed: int) -> str:
    """Return a line of the table in ``docs/mutation.md``."""
    return f"| {name} | {mutants} | {killed} | {killed / mutants:.1%} |"


def judge(path: str, tests: Sequence[str]) -> bool:
    """Measure a file and say what came of it; return whether all is well."""
    figures = measured(path, tests)
    wrong = list(complaints(figures, argued()))
    print(row(path, figures.mutants, figures.mutants - len(figures.survived)), *wrong, sep="\n")
    return not wrong


def judge_area(name: str, folder: str) -> bool:
    """Judge every file of an area, each in a process of its own, and the area as a whole."""
    mutants, killed, is_well = 0, 0, True
    for path in AREAS[name].files:
        command = (sys.executable, "-m", "tools.mutation", path, *AREAS[name].tests)
        done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 (names from the table above)
        print(done.stdout, end="", flush=True)
        is_well = is_well and done.returncode == 0
        for found in ROW.finditer(done.stdout):
            mutants, killed = mutants + int(found[1]), killed + int(found[2])
    if not mutants:
        return False
    print(row(f"**{name}**", mutants, killed), flush=True)
    if killed < AT_LEAST * mutants:
        print(f"{name}: fewer than {AT_LEAST:.0%} are killed", flush=True)
    return is_well and killed >= AT_LEAST * mutants


def in_a_clone(names: Sequence[str]) -> int:
    """Judge areas in a clone of this project; return the exit status."""
    with TemporaryDirectory() as folder:
        subprocess.run(("git", "clone", "--quiet", ".", folder), check=True)  # noqa: S603, S607 (fixed words)
        results = [judge_area(name, folder) for name in names]
    return 0 if all(results) else 1


def main(words: Sequence[str]) -> int:
    """Judge one area, all of them, or (in the clone) one file by its tests; return the exit status."""
    match words:
        case [path, *tests] if tests:
            return 0 if judge(path, tests) else 1
        case [name] if name not in AREAS:
            print(f"no such area: {name}; there are {', '.join(AREAS)}", file=sys.stderr)
            return 2
        case _:
            return in_a_clone(words or tuple(AREAS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
