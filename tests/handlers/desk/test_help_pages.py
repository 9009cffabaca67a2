"""What the helpdesk's pages hold: only text of what was typed, no use of a session by themselves; canned answers."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from core.accounts.models import Permission
from core.audit import AuditRow
from core.clock import FixedClock
from core.context import Core
from tests.handlers.desk.agents import Agent, Sits
from tests.handlers.desk.conftest import Place, a_canned_answer, asked_for_help
from tests.handlers.pages.conftest import Browser

HOSTILE = "<script>alert(1)</script> <b>x</b> javascript:alert(1) \u202egnp.exe {{ 7 * 7 }}"


def test_a33_what_was_typed_is_text_and_nothing_else(core_sqlite: Core, place: Place, ann: Agent) -> None:
    number = asked_for_help(core_sqlite, place.asker, HOSTILE)
    ann.opens(f"/desk/help/{number}")
    ann.posts(f"{number}/note", note=HOSTILE)
    ann.opens(f"/desk/help/{number}")
    ann.posts(f"{number}/draft", text="</textarea><script>alert(2)</script>")
    for path in (f"/desk/help/{number}", "/desk/help", f"/desk/help/{number}/part", "/desk/help/part"):
        ann.opens(path)
        assert "<script>" not in ann.text
        assert "<b>x</b>" not in ann.text
        assert "{{ 7 * 7 }}" in ann.text
        assert 'href="javascript' not in ann.text
        shown = re.findall(r"<(?:bdi(?: class=\"subject\")?|p class=\"said\" dir=\"auto\")>[^<]*\u202e", ann.text)
        assert len(shown) == ann.text.count("\u202e")


def test_a33_https_addresses_can_be_followed_and_tell_nobody_where_from(
    core_sqlite: Core, place: Place, ann: Agent
) -> None:
    typed = 'https://www.ntpc.gov.tw/a?b=1&c="x 和 javascript://x/%0aalert(1) 和 https://ntpс.gov.tw/'
    ann.opens(f"/desk/help/{asked_for_help(core_sqlite, place.asker, typed)}")
    said = re.search(r'<p class="said" dir="auto">(.*?)</p>', ann.text)
    assert said
    assert re.findall(r"<a ([^>]*)>([^<]*)</a>", said[1]) == [
        ('href="https://www.ntpc.gov.tw/a?b=1&amp;c=" target="_blank" rel="noopener noreferrer"',
         "https://www.ntpc.gov.tw/a?b=1&amp;c="),
        ('href="https://xn--ntp-6ed.gov.tw/" target="_blank" rel="noopener noreferrer"', "https://xn--ntp-6ed.gov.tw/"),
    ]  # fmt: skip
    assert "javascript://x/%0aalert(1)" in said[1]


def test_pages_hold_nothing_inline_or_foreign_and_are_small(core_sqlite: Core, place: Place, ann: Agent) -> None:
    for _ in range(20):
        asked_for_help(core_sqlite, place.asker, "長" * 80)
    for path in ("/desk/help", f"/desk/help/{place.help}", "/desk/help/canned", "/desk/help?q=畫面"):
        page = ann.opens(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert ann.text.count("<h1") == 1
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|(?:src|href)=\"(?:https?:)?//", ann.text)
        assert len(ann.text.encode()) + static_size(ann) < 100 * 1024


def static_size(browser: Browser) -> int:
    """How many bytes the page loads beside itself."""
    addresses = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg))"', browser.text)
    assert addresses
    total = 0
    for address in addresses:
        with browser.client.get(address) as answer:
            total += len(answer.get_data())
    return total


def test_the_mark_changes_with_what_the_page_shows_and_only_then(
    core_sqlite: Core, place: Place, ann: Agent, sits: Sits
) -> None:
    bob = sits("張大維")

    def marks() -> tuple[str, str]:
        one, lists = (ann.client.get(f"/desk/help/{path}").get_json() for path in (f"{place.help}/news", "news"))
        return one["mark"], lists["mark"]

    bob.opens(f"/desk/help/{place.help}")
    seen = {marks()[0]}
    assert marks()[0] in seen
    for path, typed in (
        ("note", {"note": "等廠商"}),
        ("take", {}),
        ("answer", {"text": "好的", "seen": "999999"}),
        ("solve", {}),
        ("reopen", {}),
    ):
        bob.opens(f"/desk/help/{place.help}")
        assert bob.posts(f"{place.help}/{path}", **typed) == 303
        assert marks()[0] not in seen, path
        seen.add(marks()[0])
    before = marks()[1]
    assert marks()[1] == before
    asked_for_help(core_sqlite, place.asker)
    assert marks()[1] != before
    assert ann.opens("/desk/help").status_code == 200
    assert f'data-mark="{marks()[1]}"' in ann.text


def test_what_an_open_page_asks_keeps_no_session_alive(
    core_sqlite: Core, place: Place, ann: Agent, clock: FixedClock
) -> None:
    ann.opens(f"/desk/help/{place.help}")
    token = ann.token
    clock.move(timedelta(minutes=59, seconds=59))
    for path in ("news", "part", f"{place.help}/news", f"{place.help}/part"):
        assert ann.client.get(f"/desk/help/{path}").status_code == 200
    assert ann.client.post(f"/desk/help/{place.help}/look", data=token).status_code == 204
    clock.move(timedelta(seconds=1))
    for path in ("news", "part", f"{place.help}/news"):
        answer = ann.client.get(f"/desk/help/{path}")
        assert answer.status_code in (401, 303)
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(AuditRow.act).where(AuditRow.act == "desk.refused")).all() == []


def test_canned_answers_are_changed_by_the_lead(core_sqlite: Core, ann: Agent, sits: Sits) -> None:
    lead = sits("周主管", Permission.SUPERVISOR)
    a_canned_answer(core_sqlite, "第二則", "{單位}")
    ann.opens("/desk/help/canned")
    assert "第二則" in ann.words
    assert "新增" not in ann.words
    assert ann.posts("canned", title="x", text="y") == 403
    lead.opens("/desk/help/canned")
    assert lead.posts("canned", title="第三則", text="{生日}") == 422
    assert "沒有「{生日}」這個欄位" in lead.words
    assert "{生日}</textarea>" in lead.text
    assert lead.posts("canned", title="第三則", text="{姓名}您好") == 303
    lead.opens("/desk/help/canned")
    number = re.search(r'canned/(\d+)/delete".*', lead.text.partition(">第三則</h2>")[2])
    assert number
    assert lead.posts("canned", number=number[1], title="第三則", text="{姓名}早安") == 303
    lead.opens("/desk/help/canned")
    assert "{姓名}早安" in lead.words
    assert lead.posts(f"canned/{number[1]}/delete") == 303
    lead.opens("/desk/help/canned")
    assert "{姓名}早安" not in lead.words
