"""``frontdoor demo``: where its data goes. What it shows is walked through in ``tests/journeys``."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from bot.commands import demo
from core.errors import SetupError


def test_a_folder_that_is_not_there_is_made_and_left_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[Path] = []

    def stopped(place: Path, _: demo.Ports) -> NoReturn:
        places.append(place)
        raise SetupError("port 8000 is in use")

    monkeypatch.setattr(demo, "running", stopped)
    monkeypatch.setattr(demo, "set_up_logs", lambda **_: None)
    folder = tmp_path / "not" / "there"
    found = CliRunner().invoke(demo.demo, ["--folder", str(folder)])
    assert isinstance(found.exception, SetupError)
    assert [each.parent for each in places] == [folder]
    assert list(folder.iterdir()) == []
