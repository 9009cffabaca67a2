"""Promises of the whole house, read off its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from core.duties.plans import DEFAULT_PLANS, DutyKind
from core.labels import Labelled

Finder = Callable[[ast.AST], Iterator[int]]
ROOT = Path(__file__).parents[2]
PARTS = ("bot", "handlers", "core", "scheduler")
LONGEST_FILE = 500
HAN = re.compile(r"[\u3400-\u9fff]")
ENVIRONMENT = {"environ", "environb", "getenv"}
CLOCK_CALLS = {"now", "utcnow", "today", "time", "time_ns"}
CLOCKS = {"datetime", "date", "time"}
SKIPS = re.compile(r"\b(skip|skipif|importorskip|xfail|SkipTest|skipTest)\b")


def modules(*parts: str) -> list[Path]:
    return sorted(path for part in parts for path in (ROOT / part).rglob("*.py"))


def offenders(paths: list[Path], finder: Finder) -> list[str]:
    assert paths, "nothing was looked at"
    return [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in finder(ast.parse(path.read_text()))]


def environment_readings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _owner(node) == "os" and node.attr in ENVIRONMENT:
            yield node.lineno
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and ENVIRONMENT & {each.name for each in node.names}
        ):
            yield node.lineno


def clock_readings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_CALLS and _owner(node) in CLOCKS:
            yield node.lineno


def machine_clocks(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(each.name == "SystemClock" for each in node.names):
            yield node.lineno


def chinese(tree: ast.AST) -> Iterator[int]:
    """Lines with Chinese text that the program uses; docstrings may cite the rule book's words."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation and HAN.search(str(node.value)):
            yield node.lineno


def _owner(node: ast.Attribute) -> str:
    return node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")


@pytest.fixture(scope="module")
def labelled() -> list[type[Labelled]]:
    for part in PARTS:
        package = import_module(part)
        for each in walk_packages(package.__path__, f"{part}."):
            if not each.name.endswith(("__main__", "migrations.env")):
                import_module(each.name)
    return list(Labelled.__subclasses__())


def test_no_file_is_too_long() -> None:
    lengths = {path.relative_to(ROOT): path.read_text().count("\n") for path in modules(*PARTS, "tests", "tools")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_only_the_settings_read_the_environment() -> None:
    product = [path for path in modules(*PARTS) if path != ROOT / "bot" / "settings.py"]
    assert offenders(product, environment_readings) == []


def test_only_the_clock_reads_the_clock() -> None:
    product = [path for path in modules(*PARTS) if path != ROOT / "core" / "clock.py"]
    assert offenders(product, clock_readings) == []


def test_only_bot_chooses_the_machines_clock() -> None:
    ticker = ROOT / "scheduler" / "runner.py"  # it is the machine that ticks, whatever the core's clock shows
    inner = [path for path in modules("core", "handlers", "scheduler") if path != ticker]
    assert offenders(inner, machine_clocks) == []


def test_rules_and_services_hold_no_chinese() -> None:
    decisions = [path for path in modules("core") if path.name in {"rules.py", "service.py"}]
    assert offenders(decisions, chinese) == []


def test_nothing_is_called_utils() -> None:
    names = {"utils", "util", "helpers", "misc", "common"}
    assert [path for path in modules(*PARTS, "tests", "tools") if path.stem in names or path.parent.name in names] == []


def test_no_test_is_skipped() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules("tests")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.lstrip().startswith(("@", "pytest.", "raise ")) and SKIPS.search(line)
    ]
    assert found == []


def test_every_label_says_something(labelled: list[type[Labelled]]) -> None:
    assert len(labelled) > 10
    assert [member for kind in labelled for member in kind if not member.label.strip()] == []


def test_no_two_members_share_a_label(labelled: list[type[Labelled]]) -> None:
    assert [kind for kind in labelled if len({member.label for member in kind}) < len(kind)] == []


def test_every_kind_of_duty_has_a_plan() -> None:
    assert set(DEFAULT_PLANS) == set(DutyKind)


@pytest.mark.parametrize(
    ("finder", "wrong", "right"),
    [
        (environment_readings, "os.environ['A']", "settings.env"),
        (environment_readings, "from os import getenv", "request.environ.get('A')"),
        (clock_readings, "datetime.now(UTC)", "clock.now()"),
        (clock_readings, "datetime.date.today()", "ctx.today"),
        (clock_readings, "time.time()", "time(8, 30)"),
        (machine_clocks, "from core.clock import SystemClock", "from core.clock import Clock"),
        (chinese, "raise NotFound('查無資料')", "'''退件 (CHK-10)'''"),
    ],
)
def test_the_finders_find(finder: Finder, wrong: str, right: str) -> None:
    assert list(finder(ast.parse(wrong)))
    assert not list(finder(ast.parse(right)))
