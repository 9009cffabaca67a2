"""Every command that asks the database says the same of one whose schema is old, before it asks anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import frontdoor
from core.errors import SetupError
from core.secrets import new_key, new_token

ASKING = (
    ("remind", "--dry-run"),
    ("api-key", "list"),
    ("api-key", "revoke", "main-system"),
    ("calendar", "list"),
    ("calendar", "amend", "115/11/25", "published", "--yes"),
    ("audit", "verify"),
    ("account", "disable", "AB1234"),
    ("import", "units", __file__),
    ("db", "reseal"),
    ("tick",),
)


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_an_old_schema_is_named_with_the_command_that_helps(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRONTDOOR_DATABASE_URL", f"sqlite:///{tmp_path}/old.db")
    monkeypatch.setenv("FRONTDOOR_SECRET_KEY", new_token())
    monkeypatch.setenv("FRONTDOOR_DATA_KEY", new_key())
    with pytest.raises(SetupError, match="run `frontdoor db upgrade`"):
        CliRunner().invoke(frontdoor, words, catch_exceptions=False)
