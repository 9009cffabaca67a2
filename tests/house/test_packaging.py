from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("bot", "handlers", "core", "scheduler")
TEST_COMMAND = "make test"


def normal(requirement: str) -> str:
    """The name of a requirement as an index compares it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def lock() -> str:
    return (ROOT / "requirements.lock").read_text()


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for part in PARTS for path in (ROOT / part).rglob("*.py")}
    assert len(folders) > len(PARTS)
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_lock_holds_what_is_asked_for(pyproject: dict[str, Any], lock: str) -> None:
    project = pyproject["project"]
    asked = {normal(each) for each in (*project["dependencies"], *project["optional-dependencies"]["dev"])}
    locked = {normal(line) for line in lock.splitlines() if line[:1].isalnum()}
    assert asked - locked == set()


def test_every_locked_package_has_its_version_and_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    assert len(entries) > 50
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_index(lock: str) -> None:
    assert "://" not in lock
    assert "index" not in lock


def test_the_build_backend_is_the_locked_one(pyproject: dict[str, Any], lock: str) -> None:
    (backend,) = pyproject["build-system"]["requires"]
    assert f"\n{backend} " in lock


def test_the_robot_runs_what_the_readme_says() -> None:
    assert f"\n{TEST_COMMAND} " in (ROOT / ".ci" / "run").read_text()
    assert TEST_COMMAND in (ROOT / "README.md").read_text()
