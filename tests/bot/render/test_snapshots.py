"""Each sample as it is drawn, byte for byte: a change of look shows as a change of file.

Set ``REWRITE_SNAPSHOTS=1`` to write the files anew, and read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.render.flex import draw
from bot.render.mail import draw_mail
from tests.bot.render.samples import SAMPLES, a_fill

SNAPSHOTS = Path(__file__).parent / "snapshots"


def check(name: str, drawn: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("REWRITE_SNAPSHOTS"):
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_messages_look_as_kept(name: str) -> None:
    messages = draw(SAMPLES[name], a_fill())
    check(f"{name}.json", json.dumps(messages, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_mail_looks_as_kept(name: str) -> None:
    mail = draw_mail(SAMPLES[name], a_fill())
    check(f"{name}.txt", f"{mail.subject}\n\n{mail.text}")
    check(f"{name}.html", mail.html)


def test_every_kept_file_belongs_to_a_sample() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(SAMPLES)
