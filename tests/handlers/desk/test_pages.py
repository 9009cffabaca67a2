"""What stands on the desk's pages: numbers as long as their lists, masked names, and an audit of what was shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Role, Unit
from core.audit import AuditRow, Door
from core.context import Core
from core.duties.models import WhyNot
from core.duties.plans import DutyKind
from core.duties.rules import Stage, StageKind
from core.duties.untold import keep_untold
from handlers.desk import views
from handlers.desk.duties import STAGES
from tests.builders import a_bound_account, a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty
from tests.handlers.desk.conftest import Place
from tests.handlers.pages.conftest import Browser

DAY = timedelta(days=1)
Seated = Callable[[Role], Browser]


def number_links(html: str) -> dict[str, int]:
    """Each address behind a number, and the number."""
    links = re.findall(r'<a [^>]*?href="(/desk/[^"]+)"[^>]*>\s*(?:<strong>)?(\d+)', html)
    return {unescape(address): int(number) for address, number in links}


def listed(browser: Browser, address: str) -> int:
    """How many rows a list has, over all its pages."""
    browser.opens(address)
    rows = browser.text.count('data-label="編號"')
    following = re.search(r'href="([^"]+)" rel="next"', browser.text)
    return rows + (listed(browser, unescape(following[1])) if following else 0)


def owes(core: Core, unit: Unit, many: int) -> None:
    for _ in range(many):
        a_duty(core, a_dispatch(core, unit), due_at=core.clock.now() - DAY)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.CONTACT, Role.SUPERVISOR, Role.CENTER])
def test_every_number_leads_to_a_list_as_long(core_sqlite: Core, place: Place, seated: Seated, role: Role) -> None:
    owes(core_sqlite, place.school, 41)
    browser = seated(role)
    browser.opens("/desk/")
    numbers = number_links(browser.text)
    assert 42 in numbers.values()
    assert {address: listed(browser, address) for address in numbers} == numbers


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.ADMIN])
def test_who_answers_starts_from_what_waits(place: Place, seated: Seated, role: Role) -> None:
    browser = seated(role)
    browser.opens("/desk/")
    numbers = number_links(browser.text)
    waiting = {each: numbers[f"/desk/help?list={each}"] for each in ("late", "unassigned", "mine", "waiting")}
    assert waiting == {"late": 0, "unassigned": 1, "mine": 0, "waiting": 0}
    assert {which: listed(browser, f"/desk/help?list={which}") for which in waiting} == waiting
    assert place.help


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_what_stands_in_no_bucket_has_its_number_and_its_list(
    core_sqlite: Core, place: Place, seated: Seated, role: Role
) -> None:
    now = core_sqlite.clock.now()
    a_duty(core_sqlite, a_dispatch(core_sqlite, place.school), kind=DutyKind.FOLLOW_TO_JULY, due_at=now - DAY)
    browser = seated(role)
    browser.opens("/desk/")
    address = "/desk/duties?kind=follow_to_july"
    assert number_links(browser.text)[address] == listed(browser, address) == 1
    assert "待辦清單：追蹤至 7/31" in browser.text
    assert listed(browser, f"{address}&late=1") == 1
    assert listed(browser, "/desk/duties?kind=record_window") == 0


@pytest.mark.parametrize(("days", "is_told"), [(-1, True), (1, False)])
def test_a_number_says_what_of_it_is_late_where_its_word_does_not(
    core_sqlite: Core, place: Place, seated: Seated, days: int, *, is_told: bool
) -> None:
    due_at = core_sqlite.clock.now() + days * DAY
    a_duty(core_sqlite, a_check(core_sqlite, place.school), kind=DutyKind.RETURNED_CHECK, due_at=due_at)
    browser = seated(Role.SUPERVISOR)
    browser.opens("/desk/")
    assert ("退件（已逾期）" in browser.text) is is_told


@pytest.mark.parametrize(("role", "bureaus"), [(Role.SUPERVISOR, False), (Role.CENTER, True)])
def test_a_single_bureau_says_nothing_beside_its_units(
    place: Place, seated: Seated, role: Role, *, bureaus: bool
) -> None:
    browser = seated(role)
    browser.opens("/desk/")
    assert ('<h2 id="bureaus">' in browser.text) is bureaus
    assert '<h2 id="units">' in browser.text
    assert place.school.name in browser.text


def test_a_supervisor_sees_the_numbers_of_their_bureau(place: Place, seated: Seated) -> None:
    browser = seated(Role.SUPERVISOR)
    browser.opens("/desk/")
    assert place.bureau.name in browser.text
    assert place.school.name in browser.text
    assert place.other_bureau.name not in browser.text


def test_the_center_chooses_a_bureau(place: Place, seated: Seated) -> None:
    browser = seated(Role.CENTER)
    browser.opens("/desk/")
    assert place.other_centre.name in browser.text
    browser.opens(f"/desk/?bureau={place.bureau.id}")
    assert place.school.name in browser.text
    assert place.other_centre.name not in browser.text


def test_a_caseworker_sees_their_unit_and_how_a_deadline_is_reckoned(place: Place, seated: Seated) -> None:
    browser = seated(Role.CASEWORKER)
    browser.opens("/desk/")
    assert "王○明" in browser.text
    assert "王小明" not in browser.text
    assert "張○文" not in browser.text
    browser.opens(f"/desk/duties/{place.late.id}")
    assert "REPLY-1" in browser.text
    assert "王○明" in browser.text


def test_the_working_says_what_was_not_told_and_why(core_sqlite: Core, place: Place, seated: Seated) -> None:
    now = core_sqlite.clock.now()
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        stages = [Stage(stage, now, is_urgent=False) for stage in StageKind]
        for stage in stages:
            keep_untold(ctx, [(place.check.id, stage)], WhyNot.MERGED)
        keep_untold(ctx, [(place.check.id, stages[-1])], WhyNot.NOBODY, place.asker.id)
    browser = seated(Role.CASEWORKER)
    browser.opens(f"/desk/duties/{place.check.id}")
    assert browser.text.count("併入較新的提醒") == len(StageKind)
    assert "沒有可以通知的人" in browser.text
    assert place.asker.code in browser.text
    assert set(STAGES) == {*StageKind, None}


def test_the_working_stays_when_the_duty_is_done(core_sqlite: Core, place: Place, seated: Seated) -> None:
    done = a_duty(core_sqlite, a_dispatch(core_sqlite, place.school), due_at=core_sqlite.clock.now(),
                  ended_at=core_sqlite.clock.now())  # fmt: skip
    assert seated(Role.CASEWORKER).opens(f"/desk/duties/{done.id}").status_code == 200


def test_nothing_owed_is_said(seated: Seated) -> None:
    browser = seated(Role.CASEWORKER)
    browser.opens("/desk/checks/returned")
    assert "目前沒有資料" in browser.text


def test_a_page_past_the_end_leads_back(seated: Seated) -> None:
    browser = seated(Role.CASEWORKER)
    browser.opens("/desk/duties?start=400")
    assert "這一頁已經沒有資料了" in browser.text
    assert '<a href="/desk/duties">回上一頁</a>' in browser.text


@pytest.mark.parametrize(
    ("total", "start", "before"), [(45, 40, 20), (45, 60, 40), (40, 60, 20), (41, 400, 40), (0, 40, 0), (9, 5, 0)]
)
def test_the_page_before_holds_rows_however_far_past_the_end_one_is(total: int, start: int, before: int) -> None:
    assert views.before_of(total, start) == before


@pytest.mark.parametrize("start", ["-1", "x", "٣", str(10**30), ""])
def test_a_start_that_is_no_number_is_the_beginning(seated: Seated, start: str) -> None:
    browser = seated(Role.CASEWORKER)
    assert browser.opens(f"/desk/duties?start={start}").status_code == 200
    assert "王○明" in browser.text


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.ADMIN])
def test_who_looks_after_accounts_finds_one_by_its_code(core_sqlite: Core, seated: Seated, role: Role) -> None:
    owner = a_bound_account(
        core_sqlite, a_unit(core_sqlite, "永平國小"), name="周美玲", email="chou@ntpc.gov.tw"
    ).account
    browser = seated(role)
    assert "帳號查詢" in browser.opens("/desk/").get_data(as_text=True)
    assert browser.opens(f"/desk/accounts?code={owner.code.lower()}").status_code == 200
    for shown in (owner.code, "周美玲", "永平國小", "使用中", "90097", "c***@ntpc.gov.tw"):
        assert shown in browser.text
    assert re.search(r"<dt>LINE 綁定</dt><dd>\s*是\s*</dd>", browser.text)
    assert "chou@" not in browser.text


def test_an_account_nobody_bound_or_that_is_locked_says_so(core_sqlite: Core, seated: Seated) -> None:
    until = core_sqlite.clock.now() + timedelta(minutes=30)
    owner = an_account(core_sqlite, locked_until=until)
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/accounts?code={owner.code}")
    assert re.search(r"<dt>LINE 綁定</dt><dd>\s*否\s*</dd>", browser.text)
    assert "鎖定中" in browser.text
    assert "115/03/04 10:30" in browser.text


@pytest.mark.parametrize(("code", "status", "text"), [("ZZ0000", 404, "查無這個帳號"), ("王小明", 404, "完整姓名")])
def test_a_code_that_leads_to_nobody_is_said(seated: Seated, code: str, status: int, text: str) -> None:
    browser = seated(Role.ADMIN)
    assert browser.opens(f"/desk/accounts?code={code}").status_code == status
    assert text in browser.text


def test_what_is_shown_is_in_the_audit(core_sqlite: Core, place: Place, seated: Seated) -> None:
    owner = an_account(core_sqlite)
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/accounts?code={owner.code}")
    seated(Role.SUPERVISOR).opens(f"/desk/duties?unit={place.school.id}")
    with core_sqlite.store.reading() as session:
        rows = session.execute(select(AuditRow.act, AuditRow.subject)).all()
    assert ("show_account", f"account:{owner.id}") in [tuple(row) for row in rows]
    assert ("show_duties", f"duties:{place.late.id},{place.check.id}") in [tuple(row) for row in rows]


@pytest.mark.parametrize("role", Role)
def test_pages_are_whole_documents_without_anything_inline_or_foreign(place: Place, seated: Seated, role: Role) -> None:
    browser = seated(role)
    for path in ("/desk/", "/desk/duties", "/desk/accounts", f"/desk/duties/{place.late.id}", "/desk/dispatches/late"):
        page = browser.opens(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert '<html lang="zh-Hant-TW">' in browser.text
        assert browser.text.count("<h1") == 1
        assert 'href="#content"' in browser.text
        assert not re.search(
            r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|(?:src|href)=\"(?:https?:)?//", browser.text
        )
        assert browser.text.count("<table") == browser.text.count("<caption")
