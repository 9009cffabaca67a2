"""What people type is hostile: markup, patterns, signs nobody sees, floods (A29, A30, A33, A39, A40).

It is stored as it came and shown harmless. Buttons and cases of others are held beside the chat (A28, A29, A31).
"""

from __future__ import annotations

from dataclasses import fields

import pytest
from sqlalchemy import func, select

from core.access import system
from core.audit import Door
from core.buttons import LIMIT, ButtonData, ShowCase, kinds, unpack
from core.context import Context, Core
from core.errors import RuleBroken
from core.helpdesk import answering, queries
from core.helpdesk.answering import CameBetween, Reply, SaidBefore
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpEntry, HelpKind
from core.helpdesk.rules import TEXT_AT_MOST, Then
from core.helpdesk.service import Asker, ask, write
from core.helpdesk.thread import thread
from core.notices.models import Notice, NoticeKind
from tests.core.helpdesk.conftest import Desk, a_kept_desk
from tests.databases import Beginnings

FAMILY = "👨‍👩‍👧‍👦"
HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{7*7}}${7*7}#{7*7}<%= 7*7 %>{0.__class__}%s%n%(name)s",
    "sql": '\'; DROP TABLE help_entries; -- " OR "1"="1',
    "wildcards": "%_*?[a-z]\\",
    "bidi": "\u202egpj.exe\u202c\u2066\u2069",
    "unseen": "自\u200b殺\u2060防\ufeff治\u00ad",
    "nul": "a\0b",
    "flood of marks": "a" + "\u0301" * 4000,
    "family": FAMILY * 400,
    "half a pair": "\ufffd",
    "controls": "\x1b[2J\x07\x08\r\n\x85\u2028",
    "formula": "=cmd|' /C calc'!A0",
}
UNSEARCHED = {"\ufffd"}
"""Less than two signs are not searched for."""


@pytest.fixture
def desk(core: Core, beginnings: Beginnings) -> Desk:
    return a_kept_desk(core, beginnings)


@pytest.fixture
def desk_sqlite(core_sqlite: Core, beginnings: Beginnings) -> Desk:
    return a_kept_desk(core_sqlite, beginnings)


def written(ctx: Context, desk: Desk, text: str) -> bool:
    return write(ctx, desk.person, Written(text, message_id=str(len(text)))) is not None


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a40_what_is_typed_is_kept_as_it_came_and_found_by_itself(desk: Desk, text: str) -> None:
    number = desk.asks("畫面是白的").number
    with desk.core.transaction(system("chat"), Door.CHAT) as ctx:
        assert written(ctx, desk, text)
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assert thread(ctx, number).entries[-1].text == text
        assert [row.number for row in queries.search(ctx, text[:40])] == ([] if text in UNSEARCHED else [number])
        assert ctx.session.scalar(select(func.count()).select_from(HelpEntry)) == 2


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("字" * TEXT_AT_MOST, True),
        ("字" * (TEXT_AT_MOST + 1), False),
        ("字" + "😀" * (TEXT_AT_MOST - 1), True),
        ("字" + "😀" * TEXT_AT_MOST, False),
        ("a" + "\u0301" * 16 * TEXT_AT_MOST, False),
    ],
    ids=["text", "text+1", "emoji", "emoji+1", "marks"],
)
def test_a40_limits_count_what_people_see_and_no_flood_passes(desk_sqlite: Desk, text: str, is_taken: bool) -> None:
    def asks() -> None:
        with desk_sqlite.core.transaction(system("chat"), Door.CHAT) as ctx:
            ask(ctx, Asker(desk_sqlite.person), HelpKind.OTHER, "", Written(text))

    if is_taken:
        asks()
        return
    with pytest.raises(RuleBroken):
        asks()


@pytest.mark.parametrize("asked", ["%", "__", "%白%", "'; --", ".*", "(a+)+$", "{0}", "[", "\\", "\0\0"])
def test_a39_a_pattern_finds_only_itself(desk_sqlite: Desk, asked: str) -> None:
    number = desk_sqlite.asks("畫面是白的").number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assert queries.search(ctx, asked) == ()
        assert [row.number for row in queries.search(ctx, "畫面")] == [number]


def filled(kind: type[ButtonData]) -> list[str]:
    """Return a right value for each field of a button."""
    return ["1" if field.type in ("int", int) else "a" for field in fields(kind)]


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a29_a_button_is_taken_only_as_it_was_packed(name: str) -> None:
    kind = kinds()[name]
    right = filled(kind)
    whole = unpack("|".join(["1", name, *right]))
    assert isinstance(whole, kind)
    assert unpack(whole.pack()) == whole
    tampered = [
        "|".join(["1", name, *right, "x"]), "|".join(["2", name, *right]), "|".join(["", name, *right]),
        "|".join(["1", f"{name} ", *right]), "|".join(["1", name.upper(), *right]), whole.pack().ljust(LIMIT + 1, "|"),
        f'{{"name": "{name}"}}', f"{whole.pack()}\0",
    ]  # fmt: skip
    for at, value in enumerate(right):
        odd = ["-1", "１", "1.0", "", "0x1", "1 "] if value == "1" else []
        tampered += ["|".join(["1", name, *right[:at], each, *right[at + 1 :]]) for each in odd]
    assert [each for each in tampered if not _is_refused(each, whole)] == []


@pytest.mark.parametrize("number", ["W|1", "|", "100%", "%7C", "%25", "%7c", "%%7C|%", "|" * 40, "案" * 40])
def test_a29_a_button_carries_any_number_that_another_system_may_have_made(number: str) -> None:
    packed = ShowCase(number).pack()
    assert (unpack(packed), packed.count("|")) == (ShowCase(number), 2)
    assert unpack(f"{packed}|x") is None


def test_a29_a_button_is_as_long_as_line_lets_it_be_and_no_longer() -> None:
    number = "x" * (LIMIT - len("1|case|"))
    assert unpack(f"1|case|{number}") == ShowCase(number)
    assert unpack(f"1|case|{number}x") is None


@pytest.mark.parametrize("data", ["1|case|100%", "1|case|%7c", "1|case|%20", "1|case|%"])
def test_a29_what_we_would_have_written_in_another_way_is_no_button(data: str) -> None:
    assert unpack(data) is None


def _is_refused(data: str, whole: ButtonData) -> bool:
    """Return whether a text is no button, or one whose field holds what is looked up like anything that is typed."""
    found = unpack(data)
    return found is None or found != whole


def test_a30_the_same_answer_twice_is_said_once(desk: Desk) -> None:
    number = desk.asks().number
    reply = Reply("請清除 Cookie。", desk.row(number).newest_entry, Then.SOLVE)
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        answering.answer(ctx, number, reply)
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assert isinstance(answering.answer(ctx, number, reply), SaidBefore)
    with desk.core.transaction(desk.bob, Door.DESK) as ctx:
        assert isinstance(answering.answer(ctx, number, reply), CameBetween)
    for agent in (desk.ann, desk.bob):
        with desk.core.transaction(agent, Door.DESK) as ctx:
            answering.solve(ctx, number)
    with desk.core.store.reading() as session:
        said = session.scalars(select(Notice.id).where(Notice.kind == NoticeKind.HELP)).all()
    assert len(said) == 1
