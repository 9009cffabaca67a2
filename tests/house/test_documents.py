"""What README and docs name is there: files, links, commands and options, targets of make, settings, metrics, words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import click
import pytest

from bot.cli import frontdoor
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
GUIDES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
PARTS = ("bot", "handlers", "core", "scheduler")
SETTING = re.compile(rf"\b{PREFIX}[A-Z_]+\b")
METRIC = re.compile(r"\bfrontdoor_[a-z_]+\b")
FILE = re.compile(r"(?<![\w./-])((?:bot|handlers|core|scheduler|tools|tests|docs)/[\w/.-]*\w(?:\.\w+|/))")
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:`|^ {4,})(?:\.venv/bin/)?frontdoor ((?:\\\n|[^`\n])+)", re.MULTILINE)
TARGET = re.compile(r"(?:`|^ {4,})make ([a-z]+)", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
INVENTED = {"王小明", "颱風停班"}


@cache
def read(guide: str) -> str:
    return (ROOT / guide).read_text("utf-8")


@cache
def sources(*endings: str) -> str:
    files = (path for part in PARTS for ending in endings for path in sorted((ROOT / part).rglob(f"*{ending}")))
    return "\n".join(path.read_text("utf-8") for path in files)


def wrong_words(line: str) -> list[str]:
    """What of a command line the command does not know: a subcommand, or an option."""
    command: click.Command = frontdoor
    context = click.Context(frontdoor)
    words = [word.strip("`,;:") for word in re.split(r"[#<|>]", line)[0].split()]
    names = iter(words)
    for word in names:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(context, word)
        if found is None:
            return [word]
        command = found
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    return [word for word in words if word.startswith("--") and word.split("=")[0] not in known]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_named_is_there(guide: str) -> None:
    named = set(FILE.findall(read(guide)))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_leads_somewhere(guide: str) -> None:
    links = [link for link in LINK.findall(read(guide)) if "://" not in link]
    places = [((ROOT / guide).parent / link.partition("#")[0], link.partition("#")[2]) for link in links]
    assert [str(path) for path, _ in places if not path.exists()] == []
    headings = {path: {heading(line) for line in path.read_text("utf-8").splitlines()} for path, part in places if part}
    assert [part for path, part in places if part and part not in headings[path]] == []


def heading(line: str) -> str:
    """The part of an address that leads to a heading; empty for any other line."""
    return re.sub(r"[^\w-]", "", line.lstrip("# ").lower().replace(" ", "-")) if line.startswith("#") else ""


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_is_one(guide: str) -> None:
    lines = [line.replace("\\\n", " ") for line in COMMAND.findall(read(guide))]
    assert {line: wrong for line in lines if (wrong := wrong_words(line))} == {}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_target_of_make_is_one(guide: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(TARGET.findall(read(guide))) - targets == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_and_metric_is_one(guide: str) -> None:
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(SETTING.findall(read(guide))) - settings == set()
    named = {name.removeprefix("frontdoor_") for name in METRIC.findall(read(guide))}
    assert {name for name in named if f'"{name}"' not in sources(".py")} == set()


@pytest.mark.parametrize("guide", ["README.md", "docs/operating.md", "docs/restore.md"])
def test_every_word_of_the_product_stands_in_the_product(guide: str) -> None:
    said = sources(".py", ".html", ".toml", ".js")
    assert {word for word in CHINESE.findall(read(guide)) if word not in said} - INVENTED == set()


def test_a_guide_that_names_what_is_not_there_is_found() -> None:
    assert wrong_words("acount create AB1234") == ["acount"]
    assert wrong_words("account create AB1234 --nme 王小明") == ["--nme"]
    assert wrong_words("import units units.xlsx --dry-run  # first") == []
    assert heading("## Changing a data key") == "changing-a-data-key"
    assert FILE.findall("see `core/nowhere.py:name` and tests/faults/") == ["core/nowhere.py", "tests/faults/"]


def test_every_picture_that_is_kept_is_shown() -> None:
    said = "\n".join(read(guide) for guide in GUIDES)
    kept = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    assert kept
    assert {name for name in kept if f"docs/pictures/{name}" not in said} == set()
