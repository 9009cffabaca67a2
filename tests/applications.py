"""Web applications that a worker builds once: their routes and templates are the same for every test.

To compile a hundred routes and the templates of a page takes longer than most tests of that page. What a test changes
is behind the core: a kept application gets each test's core by its parts, of which only the clock differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from core.clock import Clock
from core.context import Core

Build = Callable[[Core], Flask]


@dataclass
class ClockOfTheTest:
    """The clock of the test that has the application now."""

    clock: Clock

    def now(self) -> datetime:
        """Return the moment that test stands in."""
        return self.clock.now()


@dataclass
class Kept:
    """An application, how it was built, and on what."""

    build: Build
    core: Core
    clock: ClockOfTheTest
    app: Flask
    config: dict[str, object]

    def fits(self, core: Core, build: Build) -> bool:
        """Return whether building anew would give the same but for the clock."""
        mine = self.core
        is_same = mine.store is core.store and mine.vault is core.vault and mine.policy == core.policy
        return is_same and self.build is build


@dataclass
class Applications:
    """The applications a worker has built so far. Who adds to one or swaps parts of it builds its own."""

    _kept: list[Kept] = field(default_factory=list)

    def on(self, core: Core, build: Build) -> Flask:
        """Return what ``build`` makes on a core, settings as they were built."""
        kept = next((each for each in self._kept if each.fits(core, build)), None) or self._add(core, build)
        kept.clock.clock = core.clock
        kept.app.config.clear()
        kept.app.config.update(kept.config)
        return kept.app

    def _add(self, core: Core, build: Build) -> Kept:
        clock = ClockOfTheTest(core.clock)
        own = replace(core, clock=clock)
        app = build(own)
        kept = Kept(build, own, clock, app, dict(app.config))
        self._kept.append(kept)
        return kept


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a worker; one whose text changed is another."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled of this text before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))  # type: ignore[assignment]  # None: not yet

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._code[bucket.key, bucket.checksum] = bucket.code
