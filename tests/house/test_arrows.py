from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_no_import_goes_against_the_arrows(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    holds = lint_imports(config_filename=str(PYPROJECT), cache_dir=None, no_logo=True)
    assert holds, capsys.readouterr().out
