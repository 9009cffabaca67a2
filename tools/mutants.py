"""Mutants of a file of rules, and whether the tests notice them.

cosmic-ray says what can be changed and makes the changed text; it is run here in another way than its own, because its
own starts the tests anew for each mutant. Here the libraries and what stands still are loaded once, and each mutant
lives in a forked process that finds the changed text in place of the file. No file is ever changed.
"""

from __future__ import annotations

import ast
import gc
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from math import ceil
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest
from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec
from hypothesis import Phase, settings

Position = tuple[int, int]

CPU_SECONDS = 60  # of the unchanged file; what takes much longer never ends: it is stopped, and counts as killed
MEMORY_BYTES = 2 << 30
IDENTITY = {"Is", "IsNot"}
NOT_STILL = {"__main__", "tests", "tools"}
PARTS = {"bot", "core", "handlers", "scheduler"}
WARM_YEARS = range(2018, 2032)
NOT_LOADED, FAILED_ITSELF = 99, 98
PLUGINS_OUT = (
    *("randomly", "cacheprovider", "timeout", "socket", "xdist", "schemathesis", "anyio"),
    *("unraisableexception", "threadexception"),  # they collect garbage at each end
)
PYTEST = (
    *("-x", "-q", "--tb=no", "--assert=plain", "--noconftest", "--import-mode=importlib"),
    *("-c", "tests/mutation/pytest.ini", "--rootdir=."),
    *(word for plugin in PLUGINS_OUT for word in ("-p", f"no:{plugin}")),
)


class NotLoaded(Exception):
    """The tests ended without loading the file whose mutants they are to kill."""


@dataclass(frozen=True)
class Mutant:
    """A file with one change; ``was`` and ``became`` are the changed lines, ``place`` the function they stand in."""

    path: str
    operator: str
    place: str
    line: int
    was: str
    became: str
    source: str


def mutants_of(path: str) -> Iterator[Mutant]:
    """Yield every mutant of a file that could matter, from the first line on."""
    source = Path(path).read_text(encoding="utf-8")
    for spec in sorted(_specs(path, source), key=lambda each: (each.start_pos, each.operator_name, each.occurrence)):
        operator = get_operator(spec.operator_name)(**spec.operator_args)
        changed = mutate_code(source, operator, spec.occurrence)
        was, became = _changed_lines(source, changed)
        name = spec.operator_name.removeprefix("core/")
        yield Mutant(path, name, spec.definition_name or "", spec.start_pos[0], was, became, changed)


def unchanged(path: str) -> Mutant:
    """Return a file as it is, in the shape of a mutant: the tests must pass on it."""
    return Mutant(path, "", "", 0, "", "", Path(path).read_text(encoding="utf-8"))


def load_once(path: str, tests: Sequence[str]) -> None:
    """Load into this process what the tests of a file load: libraries, and what does not itself load the file.

    So each mutant finds it loaded. Holidays are computed once as well.
    """
    for module in _still(unchanged(path), tests):
        with suppress(ImportError):  # some libraries' parts cannot be loaded on their own; they are loaded with theirs
            import_module(module)
    if (calendar := sys.modules.get("core.calendar")) is not None:
        for year in WARM_YEARS:
            calendar.WorkCalendar().is_working_day(date(year, 1, 1))
    gc.collect()
    gc.freeze()


def seconds_unchanged(path: str, tests: Sequence[str]) -> float | None:
    """Return the processor's seconds that the tests take on the file as it is, or None when they fail."""
    passed, seconds = _try(unchanged(path), tests, CPU_SECONDS)
    return seconds if passed else None


def survives(mutant: Mutant, tests: Sequence[str], seconds: float) -> bool:
    """Return whether all tests pass in spite of a change, within four times the ``seconds`` they take without it."""
    passed, _ = _try(mutant, tests, ceil(4 * seconds) + 1)
    return passed


def _try(mutant: Mutant, tests: Sequence[str], limit: int) -> tuple[bool, float]:
    """Return whether the tests pass, and after how many seconds; raises ``NotLoaded`` where they never meet it."""
    child = os.fork()
    if child == 0:
        _end_with(mutant, tests, limit)
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code in {NOT_LOADED, FAILED_ITSELF}:
        raise NotLoaded(mutant.path)
    return code == pytest.ExitCode.OK, used.ru_utime + used.ru_stime


def _still(mutant: Mutant, tests: Sequence[str]) -> list[str]:
    """Return the modules that do not change with the file: those whole when it had been loaded, and all libraries."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        _end_with(mutant, tests, CPU_SECONDS, sender)
    os.close(sender)
    with os.fdopen(receiver) as names:
        found = names.read().split()
    os.waitpid(child, 0)
    return found


def _end_with(mutant: Mutant, tests: Sequence[str], limit: int, tell: int | None = None) -> NoReturn:
    """Run the tests on a mutant and end this process with their exit code, whatever happens."""
    code = FAILED_ITSELF
    changed = _Changed(mutant)
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        code = _tried(changed, tests)
        if tell is not None:
            libraries = (name for name in _whole_modules() if name.partition(".")[0] not in PARTS)
            with os.fdopen(tell, "w") as names:
                names.write(" ".join((*changed.whole, *libraries)))
    finally:
        os._exit(code)


class _Changed(MetaPathFinder, Loader):
    """Finds the mutant where the file would be found."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self.whole: list[str] = []
        self._name = mutant.path.removesuffix(".py").replace("/", ".")
        self.is_loaded = False

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Return where the module is found, if it is the changed one."""
        del path, target  # where it lies is known
        return spec_from_loader(fullname, self, origin=self._mutant.path) if fullname == self._name else None

    def create_module(self, _spec: ModuleSpec) -> None:
        """Leave making the module to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed text."""
        self.is_loaded = True
        exec(compile(self._mutant.source, self._mutant.path, "exec"), module.__dict__)  # noqa: S102 (what this is for)
        self.whole = _whole_modules()


def _whole_modules() -> list[str]:
    """Return the modules that stand still here and are loaded to their end."""
    specs = ((name, getattr(module, "__spec__", None)) for name, module in sys.modules.items())
    return [
        name
        for name, spec in specs
        if spec is not None and spec.name == name and not getattr(spec, "_initializing", False)
        if name.partition(".")[0] not in NOT_STILL
    ]


def _tried(found_here: _Changed, tests: Sequence[str]) -> int:
    """Run the tests in this process, which ends with them; return pytest's exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    sys.dont_write_bytecode = True
    sys.meta_path.insert(0, found_here)
    settings.register_profile(
        "mutation", max_examples=50, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
    )
    settings.load_profile("mutation")
    code = pytest.main([*PYTEST, *tests])
    return int(code) if found_here.is_loaded else NOT_LOADED


def _specs(path: str, source: str) -> Iterator[MutationSpec]:
    unheard = tuple(_unheard(ast.parse(source)))
    with use_db(":memory:", WorkDB.Mode.create) as found:
        init([Path(path)], found, {})
        for item in found.work_items:
            (spec,) = item.mutations
            is_unheard = any(begin <= spec.start_pos < end for begin, end in unheard)
            if not (is_unheard or _is_idle(spec.operator_name) or _is_star(source, spec.start_pos)):
                yield spec


def _is_idle(operator: str) -> bool:
    """Return whether a change of a comparison asks nothing: from identity to value, or back.

    ``is`` stands before members of enums and None only, where ``==`` is the same question and ``<`` compares
    spellings. Where values are compared, ``is`` asks no more than the mutant with ``==`` does.
    """
    kind, *ends = operator.removeprefix("core/").split("_")
    return kind == "ReplaceComparisonOperator" and len(IDENTITY.intersection(ends)) == 1


def _is_star(source: str, position: Position) -> bool:
    """Return whether a ``*`` multiplies nothing: it unpacks, or stands before arguments given by name."""
    line, column = position
    lines = source.splitlines(keepends=True)
    before = "".join((*lines[: line - 1], lines[line - 1][:column])).rstrip()
    return lines[line - 1][column] == "*" and before.endswith(("(", "[", "{", ","))


def _unheard(tree: ast.AST) -> Iterator[tuple[Position, Position]]:
    """Yield the stretches that decide nothing when the program runs: annotations, and that a record is frozen."""
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=ast.expr() as found):
                yield _stretch(found)
            case ast.arg(annotation=ast.expr() as found):
                yield _stretch(found)
            case ast.FunctionDef(returns=ast.expr() as found):
                yield _stretch(found)
            case ast.keyword(arg="frozen", value=found):
                yield _stretch(found)


def _stretch(node: ast.expr) -> tuple[Position, Position]:
    return (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0)


def _changed_lines(source: str, changed: str) -> tuple[str, str]:
    """Return the lines a change took away and those it brought, without their indentation."""
    before, after = source.splitlines(), changed.splitlines()
    was: list[str] = []
    became: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            was += (line.strip() for line in before[i:j] if line.strip())
            became += (line.strip() for line in after[k:m] if line.strip())
    return " / ".join(was), " / ".join(became)
