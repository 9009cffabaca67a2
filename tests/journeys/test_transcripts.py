"""Every transcript is played on the running system, and what it says is what people get, line by line.

``REWRITE=1 pytest tests/journeys/test_transcripts.py`` writes anew what came; then read it, as an editor would.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.context import Core
from core.secrets import Vault
from tests.conftest import CHEAP, PLAIN_DAY
from tests.databases import SqliteFiles, kept
from tests.journeys.town import Town, a_town
from tests.journeys.transcripts import script, texts
from tests.journeys.transcripts.judging import check_requests
from tests.journeys.transcripts.stage import Stage
from tests.journeys.transcripts.unsaid import UNSAID

FOLDER = Path(__file__).parent / "transcripts"
REWRITES = bool(os.environ.get("REWRITE"))
PLAYS = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def running(sqlite_files: SqliteFiles, vault: Vault) -> Iterator[tuple[Town, Callable[[], None]]]:
    """One system for all transcripts, and what empties its database: half of a transcript's time went into starting."""
    clock = FixedClock(PLAIN_DAY)
    with sqlite_files.empty() as store, a_town(Core(store, vault, CHEAP, clock), clock) as town:
        yield town, kept(store)


@pytest.fixture
def town(running: tuple[Town, Callable[[], None]]) -> Town:
    """The system as on its first day."""
    town, put_back = running
    put_back()
    town.platform.clear_faults()
    town.platform.sending.quota = None
    return town


@pytest.mark.parametrize("path", PLAYS, ids=lambda path: path.stem)
def test_it_goes_as_it_is_written(path: Path, town: Town) -> None:
    play, before = script.read(path), len(town.platform.accepted())
    stage = Stage(town, play)
    brought: list[tuple[str, ...]] = []
    try:
        for act in play.acts:
            brought.append(stage.play(act))
            assert REWRITES or brought[-1] == act.brought, f"{path.name}:{act.number} {act.words}"
    finally:
        if REWRITES:
            script.write(path, play, brought)
    check_requests(town.platform.accepted()[before:])


@pytest.fixture(scope="module")
def unsaid() -> set[str]:
    """The texts that no transcript says."""
    acts = [act for path in PLAYS for act in script.read(path).acts]
    said = texts.corpus_of(line for act in acts for line in (act.words, *act.brought))
    return {text for text in texts.all_texts() if not texts.is_said(text, said)}


def test_every_text_a_person_can_get_is_said_in_some_transcript(unsaid: set[str]) -> None:
    excused = tuple(beginning for group in UNSAID.values() for beginning in group)
    assert sorted(text for text in unsaid if not text.startswith(excused)) == []


def test_what_is_excused_is_a_text_that_no_transcript_says(unsaid: set[str]) -> None:
    excused = [beginning for group in UNSAID.values() for beginning in group]
    assert [each for each in excused if not any(text.startswith(each) for text in unsaid)] == []
