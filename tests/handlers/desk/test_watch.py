"""統計 at the desk: every number is as long as its list, each role sees its own, and the charts run nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from defusedxml.ElementTree import fromstring
from sqlalchemy import select

from core.access import system
from core.accounts.models import Role, Unit
from core.audit import Door
from core.cards import Tone, said
from core.clock import end_of_day, start_of_day
from core.context import Core
from core.duties.models import Ending
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from handlers.desk.chart_drawing import drawn
from handlers.desk.charts import Chart, Series
from tests.builders import a_dispatch, a_unit, an_account
from tests.duties import a_duty
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_messages import fill
from tests.handlers.desk.test_pages import owes
from tests.handlers.pages.conftest import Browser

Seated = Callable[[Role], Browser]
DAY = timedelta(days=1)
PATH = "/desk/watch"
SVG = "{http://www.w3.org/2000/svg}"
CHARTS = {
    Role.CASEWORKER: {"weeks"},
    Role.CONTACT: {"bureaus", "units", "weeks"},
    Role.SUPERVISOR: {"bureaus", "units", "weeks"},
    Role.CENTER: {"bureaus", "units", "weeks"},
    Role.HELPDESK: {"times", "kinds", "messages"},
    Role.ADMIN: {"times", "kinds", "messages"},
}


def numbers_of(html: str) -> dict[str, int]:
    """Each address behind a number of a table, and the number."""
    found = re.findall(r'<td role="cell" class="number"><a[^>]*? href="([^"]+)"[^>]*>(\d+)<', html)
    return {unescape(address): int(number) for address, number in found}


def listed(browser: Browser, address: str) -> int:
    """How many rows a list has, over all its pages."""
    browser.opens(address)
    rows = len(re.findall(r'<th scope="row"[^>]* data-label', browser.text))
    following = re.search(r'href="([^"]+)" rel="next"', browser.text)
    return rows + (listed(browser, unescape(following[1])) if following else 0)


def charts_of(html: str) -> dict[str, str]:
    return {match[2]: unescape(match[1]) for match in re.finditer(r'<img src="([^"]*/charts/(\w+)\.svg[^"]*)"', html)}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.CONTACT, Role.SUPERVISOR, Role.CENTER])
def test_duty_2_every_number_of_what_is_owed_is_as_long_as_its_list(
    core_sqlite: Core, place: Place, seated: Seated, role: Role
) -> None:
    owes(core_sqlite, place.school, 21)
    for days in (0, 4, 5, 11, 12, 53, 54):
        due_at = core_sqlite.clock.now() + days * DAY
        a_duty(core_sqlite, a_dispatch(core_sqlite, place.school), due_at=due_at)
    browser = seated(role)
    browser.opens(PATH)
    numbers = numbers_of(browser.text)
    weeks = [number for address, number in numbers.items() if "/watch/due" in address]
    assert weeks == [3, 2, 1, 1, 1]
    assert {address: listed(browser, address) for address in numbers} == numbers


def test_how_much_was_done_in_time_is_of_ones_own_units(core_sqlite: Core, place: Place, seated: Seated) -> None:
    day = date(2026, 2, 10)
    for unit, ended_at in (
        (place.school, end_of_day(day)),
        (place.school, end_of_day(day) + DAY),
        (place.school, None),
        (place.other_centre, end_of_day(day)),
    ):
        about = a_dispatch(core_sqlite, unit)
        ending = Ending.MET if ended_at else None
        a_duty(core_sqlite, about, due_at=end_of_day(day), arose_at=start_of_day(day), ended_at=ended_at, ending=ending)
    for role, words in ((Role.SUPERVISOR, "33%（1／3 件）"), (Role.CENTER, "50%（2／4 件）")):
        browser = seated(role)
        browser.opens(PATH)
        assert browser.text.count(f"；上個月 {words}，<a") == len(("全部", "派案回覆"))
        numbers = lates_of(browser.text)
        assert list(numbers.values()) == [2, 2]
        assert {address: listed(browser, address) for address in numbers} == numbers
        for shown in ("逾期 1 天完成", "已逾期 22 天", "115/02/01–115/02/28到期，沒有準時完成"):
            assert shown in browser.text
    browser = seated(Role.HELPDESK)
    browser.opens(PATH)
    assert "準時完成" not in browser.text


def lates_of(html: str) -> dict[str, int]:
    """Each address behind what was not done in time, and the number."""
    found = re.findall(r'href="([^"]+watch/late[^"]+)">(\d+) 件沒有準時', html)
    return {unescape(address): int(number) for address, number in found}


def test_what_was_not_done_in_time_is_taken_out_as_it_is_listed(
    core_sqlite: Core, place: Place, seated: Seated
) -> None:
    day = date(2026, 2, 10)
    for _ in range(21):
        about = a_dispatch(core_sqlite, place.school)
        a_duty(core_sqlite, about, due_at=end_of_day(day), arose_at=start_of_day(day))
    browser = seated(Role.CENTER)
    browser.opens(f"{PATH}/late?first=2026-02-01&last=2026-02-28&kind=reply")
    assert "第 1–20 件，共 21 件" in browser.text
    (address,) = re.findall(r'href="(/desk/export/kept[^"]+)"', browser.text)
    browser.opens(unescape(address))
    assert "沒有準時完成的派案回覆（115/02/01–115/02/28 到期）" in browser.text
    assert "21" in browser.text


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.ADMIN])
def test_duty_2_every_number_of_the_helpdesk_is_as_long_as_its_list(
    core_sqlite: Core, place: Place, seated: Seated, role: Role
) -> None:
    assert place.help
    fill(core_sqlite)
    browser = seated(role)
    browser.opens(PATH)
    numbers = numbers_of(browser.text)
    assert sorted(numbers.values()) == [1, 1, 1, 1, 2, 3]
    assert {address: listed(browser, address) for address in numbers} == numbers


@pytest.mark.parametrize("role", Role)
def test_acc_10_each_role_sees_its_own_charts_and_no_others(place: Place, seated: Seated, role: Role) -> None:
    assert place.school.id
    browser = seated(role)
    browser.opens(PATH)
    assert set(charts_of(browser.text)) == CHARTS[role]
    shown = {
        name: browser.opens(f"{PATH}/charts/{name}.svg").status_code
        for name in ("bureaus", "units", "weeks", "times", "kinds", "messages")
    }
    assert shown == {name: 200 if name in CHARTS[role] else 403 for name in shown}


def test_a_supervisor_sees_the_bureaus_units_and_no_others(place: Place, seated: Seated) -> None:
    browser = seated(Role.SUPERVISOR)
    browser.opens(PATH)
    shown = browser.text + browser.opens(f"{PATH}/charts/units.svg").get_data(as_text=True)
    assert place.school.name in shown
    assert place.other_centre.name not in shown
    for path in (f"{PATH}?bureau={place.other_bureau.id}", f"{PATH}/charts/units.svg?bureau={place.other_bureau.id}"):
        assert browser.opens(path).status_code == 404


@pytest.mark.parametrize(
    ("role", "sees_own", "sees_others"),
    [
        (Role.SUPERVISOR, True, False),
        (Role.CONTACT, True, False),
        (Role.CENTER, True, True),
        (Role.CASEWORKER, False, False),
    ],
)
def test_a49_who_stands_over_units_sees_whom_nothing_reaches_there(
    core_sqlite: Core, place: Place, seated: Seated, role: Role, *, sees_own: bool, sees_others: bool
) -> None:
    own = missed(core_sqlite, place.school)
    other = missed(core_sqlite, place.other_centre)
    shown = seated(role).opens(PATH).get_data(as_text=True)
    assert ("聯絡不上的人" in shown) is sees_own
    assert (own in shown, other in shown) == (sees_own, sees_others)
    assert f"/desk/accounts/{own}" not in shown


def missed(core: Core, unit: Unit) -> str:
    """Let a notice to somebody of a unit reach nobody; return their account."""
    account = an_account(core, unit)
    with core.transaction(system("tests"), Door.JOB) as ctx:
        to, key = ToAccount(account.id), f"missed:{account.id}"
        say(ctx, to=to, answer=said("您好"), kind=NoticeKind.REMINDER, key=key, urgency=Urgency.AT_ONCE)
        notice = ctx.session.scalars(select(Notice).where(Notice.dedupe_key == key)).one()
        notice.state, notice.settled_at = NoticeState.UNREACHABLE, ctx.now
    return account.code


@pytest.mark.parametrize("role", [Role.CENTER, Role.ADMIN])
def test_a_chart_is_a_picture_that_loads_and_runs_nothing(
    core_sqlite: Core, place: Place, seated: Seated, role: Role
) -> None:
    owes(core_sqlite, a_unit(core_sqlite, "<script>alert(1)</script>&\x08\ufffe", parent=place.bureau), 1)
    browser = seated(role)
    browser.opens(PATH)
    for address in charts_of(browser.text).values():
        answer = browser.opens(address)
        assert answer.mimetype == "image/svg+xml"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        tree = fromstring(browser.text)
        assert {each.tag for each in tree.iter()} <= {f"{SVG}{tag}" for tag in ("svg", "defs", "style", "g", "rect",
                                                      "text", "path", "line", "title")}  # fmt: skip
        attributes = {name for each in tree.iter() for name in each.attrib}
        assert not {name for name in attributes if name.startswith("on") or name.endswith("href") or name == "style"}
        assert "url(" not in browser.text
        assert "@import" not in browser.text


def test_a_phone_gets_a_chart_whose_words_are_as_large_as_the_pages(place: Place, seated: Seated) -> None:
    browser = seated(Role.CENTER)
    browser.opens(PATH)
    narrow = re.findall(r'srcset="[^"]*/charts/(\w+)\.svg[^"]*narrow=1"', browser.text)
    assert set(narrow) == set(charts_of(browser.text))
    widths = {
        query: fromstring(browser.opens(f"{PATH}/charts/bureaus.svg{query}").get_data(as_text=True)).get("width")
        for query in ("", "?narrow=1")
    }
    assert widths == {"": "520", "?narrow=1": "340"}
    assert place.school.name


def test_a_chart_of_nothing_says_so() -> None:
    nothing = Chart(("教育局", "社會局"), (Series("已逾期", Tone.LATE, (0, 0)), Series("期限內", Tone.GOOD, (0, 0))))
    assert "沒有資料" in drawn(nothing)
    assert "沒有資料" not in drawn(Chart(("教育局",), (Series("已逾期", Tone.LATE, (1,)),)))


@pytest.mark.parametrize("role", Role)
def test_under_each_chart_stands_a_table(place: Place, seated: Seated, role: Role) -> None:
    assert place.school.id
    browser = seated(role)
    browser.opens(PATH)
    html = browser.text
    assert html.count("<figure") == html.count("<img") == html.count("<table") == html.count("<caption") > 0
    assert not re.search(r"<style|\sstyle=|\son\w+=|(?:src|href)=\"(?:https?:)?//", html)
    assert all(re.findall(r'<img [^>]*alt="([^"]*)"', html))


@pytest.mark.parametrize("path", ["charts/nothing.svg", "due", "due?first=x", "due?first=0001-01-01",
                                  "due?first=2026-03-04&last=9999-12-31", "due?first=2026-13-01",
                                  "late", "late?first=2026-02-01",
                                  "late?first=2026-02-01&last=2026-02-28&kind=x"])  # fmt: skip
def test_an_address_nobody_wrote_is_answered_kindly(seated: Seated, path: str) -> None:
    browser = seated(Role.CENTER)
    assert browser.opens(f"{PATH}/{path}").status_code == 404
    assert "找不到" in browser.text


@pytest.mark.parametrize("path", ["?days=31", "?days=x", "/requests?days=0", "/requests?outcome=x",
                                  "/messages?fate=waiting&day=2026-03-04", "/messages?fate=failed"])  # fmt: skip
def test_numbers_that_are_not_offered_are_answered_kindly(seated: Seated, path: str) -> None:
    assert seated(Role.ADMIN).opens(f"{PATH}{path}").status_code == 404


@pytest.mark.parametrize("steering", ["_scheme=javascript&_external=1", "_method=PUT", "endpoint=x", "_anchor=x",
                                      "which=x"])  # fmt: skip
def test_what_an_address_says_does_not_steer_where_links_lead(
    core_sqlite: Core, place: Place, seated: Seated, steering: str
) -> None:
    owes(core_sqlite, place.school, 21)
    browser = seated(Role.CENTER)
    assert browser.opens(f"/desk/duties?late=1&{steering}").status_code == 200
    assert 'href="/desk/duties?late=1&amp;start=20" rel="next"' in browser.text
    assert 'href="/desk/export/duties?late=1"' in browser.text
