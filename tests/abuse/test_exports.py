"""A34 and A64 through the desk: what is typed is no formula in a file, and a file is asked for, marked, and noticed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from prometheus_client import generate_latest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.metrics import registry
from core.access import system
from core.accounts.models import Role
from core.audit import AuditRow, Door, verify
from core.clock import FixedClock
from core.context import Core
from core.exports.models import Export
from core.exports.queries import large_exports
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind
from core.helpdesk.service import Asker, ask
from core.policy import Policy
from tests.builders import a_case, a_check, a_dispatch
from tests.duties import owe
from tests.handlers.desk.conftest import Place, account, app, place, seated, visitor
from tests.handlers.desk.test_pages import owes
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser

__all__ = ["account", "app", "place", "seated", "visitor"]
Seated = Callable[[Role], Browser]
REASON = "三月督導會議"
HEADED = 6
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\x00=1", "＝1+1", "＋1", "－1", "＠1")
LISTS = {
    Role.CASEWORKER: ("duties", "dispatches?bucket=late", "checks?bucket=waiting", "due?first=2026-03-04"),
    Role.CENTER: ("duties?late=1", "bureaus", "late_units", "due?first=2026-03-05&last=2026-03-05",
                  "kept?first=2026-02-01&last=2026-03-04"),
    Role.ADMIN: ("requests", "registrations", "accounts?code=%E6%B8%85%E6%BA%AA%E5%9C%8B%E5%B0%8F", "units",
                 "messages?fate=waiting", "messages?fate=failed", "day_messages?fate=failed&day=2026-03-04",
                 "help", "asked", "asked?kind=fault"),
}  # fmt: skip


@pytest.fixture
def policy() -> Policy:
    return Policy(argon2_memory_kib=8, argon2_passes=1, export_rows_at_most=60, exports_a_day=3, export_alarm_rows=10)


def takes(browser: Browser, path: str, reason: str = REASON, **typed: str) -> Worksheet | int:
    """The sheet, or the status of the refusal."""
    browser.opens("/desk/")
    browser.page = browser.client.post(f"/desk/export/{path}", data=csrf(browser) | {"reason": reason} | typed)
    if browser.page.status_code != 200:
        return browser.page.status_code
    assert browser.page.headers["Content-Disposition"].startswith('attachment; filename="frontdoor-20260304')
    assert browser.page.headers["Cache-Control"] == "no-store"
    return openpyxl.load_workbook(io.BytesIO(browser.page.get_data())).worksheets[0]


def sheet(browser: Browser, path: str, **typed: str) -> Worksheet:
    found = takes(browser, path, **typed)
    assert isinstance(found, Worksheet), found
    return found


def values(page: Worksheet) -> list[list[str]]:
    return [[str(cell or "") for cell in row] for row in page.iter_rows(min_row=HEADED + 1, values_only=True)]


def registered(core: Core) -> list[Export]:
    with core.store.reading() as session:
        return list(session.scalars(select(Export).order_by(Export.id)))


def test_a34_what_somebody_wrote_is_no_formula_in_a_file(core_sqlite: Core, place: Place, seated: Seated) -> None:
    assert place.help
    with core_sqlite.transaction(system("tests"), Door.CHAT) as ctx:
        for text in DANGEROUS:
            ask(ctx, Asker(display_name=text), HelpKind.OTHER, text, Written("內容"))
    page = sheet(seated(Role.ADMIN), "asked")
    cells = [cell for row in page.iter_rows(min_row=HEADED + 1) for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    dangerous = [cell for cell in cells if str(cell.value).lstrip("\t\ufffd")[:1] in set("=+-@＝＋－＠")]
    assert len(dangerous) == 2 * len(DANGEROUS)
    assert all(cell.quotePrefix for cell in dangerous)


def test_a64_a_file_is_marked_with_who_when_and_why_and_audited(
    core_sqlite: Core, place: Place, seated: Seated
) -> None:
    assert place.late.id
    browser = seated(Role.CASEWORKER)
    page = sheet(browser, "duties")
    marks = " ".join(str(page.cell(row, 1).value) for row in range(1, HEADED))
    for mark in ("待辦清單", "115/03/04 10:00", "共 2 筆", REASON, "姓名已遮蔽", "請勿外流"):
        assert mark in marks
    assert [row[1] for row in values(page)] == ["王○明", "林○華"]
    (row,) = registered(core_sqlite)
    assert (row.what, row.rows, row.has_names, row.is_large) == ("duties", 2, False, False)
    with core_sqlite.store.reading() as session:
        (noted,) = session.scalars(select(AuditRow).where(AuditRow.act == "list_exported"))
        assert (noted.subject, noted.fields) == (f"export:{row.id}", "masked")
        assert noted.actor in marks
        assert verify(session, core_sqlite.vault) is None


@pytest.mark.parametrize("reason", ["", "　", "無", "查" * 201])
def test_a64_without_a_reason_nothing_is_taken_out(
    core_sqlite: Core, place: Place, seated: Seated, reason: str
) -> None:
    assert place.late.id
    browser = seated(Role.CASEWORKER)
    assert takes(browser, "duties?late=1", reason) == 422
    assert "理由" in browser.text
    assert reason in browser.text
    assert 'action="/desk/export/duties?late=1"' in browser.text
    assert registered(core_sqlite) == []


def test_a64_a_list_too_long_is_refused_whole(core_sqlite: Core, place: Place, seated: Seated) -> None:
    owes(core_sqlite, place.school, 58)
    browser = seated(Role.CASEWORKER)
    assert len(values(sheet(browser, "duties"))) == 60
    owes(core_sqlite, place.school, 1)
    assert takes(browser, "duties") == 422
    assert "這份清單有 61 筆，一次最多匯出 60 筆" in browser.text
    assert len(registered(core_sqlite)) == 1


def test_a64_so_many_files_a_day_and_tomorrow_again(
    core_sqlite: Core, place: Place, seated: Seated, clock: FixedClock
) -> None:
    assert place.late.id
    browser = seated(Role.CASEWORKER)
    for _ in range(3):
        sheet(browser, "duties")
    assert takes(browser, "duties") == 422
    assert "今天已經匯出 3 次" in browser.text
    sheet(seated(Role.CENTER), "duties")
    clock.at += timedelta(hours=14)
    assert len(registered(core_sqlite)) == 4
    browser = seated(Role.CASEWORKER)
    browser.opens("/desk/")
    answer = browser.client.post("/desk/export/duties", data=csrf(browser) | {"reason": REASON})
    assert answer.status_code == 200


def test_a64_much_raises_the_alarm_in_one_file_or_in_slices(core_sqlite: Core, place: Place, seated: Seated) -> None:
    owes(core_sqlite, place.school, 7)
    browser = seated(Role.CASEWORKER)
    with capture_logs() as logs:
        sheet(browser, "duties")
    assert [each["event"] for each in logs if each["event"] == "export.large"] == []
    with capture_logs() as logs:
        sheet(browser, "checks?bucket=waiting")
    (alarm,) = (each for each in logs if each["event"] == "export.large")
    assert {name: alarm[name] for name in ("log_level", "export", "rows")} == {
        "log_level": "warning", "export": 2, "rows": 1,
    }  # fmt: skip
    assert [row.is_large for row in registered(core_sqlite)] == [False, True]
    with core_sqlite.store.reading() as session:
        now = core_sqlite.clock.now()
        assert large_exports(session, now) == 1
        assert large_exports(session, now + timedelta(hours=24)) == 0
        assert "frontdoor_exports_large 1.0" in generate_latest(registry(core_sqlite)).decode()
        assert "export_alarm" in session.scalars(select(AuditRow.act)).all()


def test_a64_whole_names_only_for_who_may_see_them_and_only_when_asked_for(
    core_sqlite: Core, place: Place, seated: Seated
) -> None:
    owe(core_sqlite, a_dispatch(core_sqlite, place.school, case=a_case(core_sqlite, child="趙小美"), served="趙小強"))
    owe(core_sqlite, a_check(core_sqlite, place.school, child="孫小寶"))
    worker, contact = seated(Role.CASEWORKER), seated(Role.CONTACT)
    path = "dispatches?bucket=waiting"
    assert "列出完整姓名" in worker.opens(f"/desk/export/{path}").get_data(as_text=True)
    assert "列出完整姓名" not in contact.opens(f"/desk/export/{path}").get_data(as_text=True)
    assert [row[1] for row in values(sheet(worker, path))] == ["趙○強"]
    assert [row[1] for row in values(sheet(contact, path, names="1"))] == ["趙○強"]
    named = sheet(worker, path, names="1")
    assert [row[1] for row in values(named)] == ["趙小強"]
    assert "含未遮蔽的姓名" in str(named["A2"].value)
    checks = values(sheet(worker, "checks?bucket=waiting", names="1"))
    assert {row[1] for row in checks} == {"林小華", "孫小寶"}
    assert [row.has_names for row in registered(core_sqlite)] == [False, False, True, True]


@pytest.mark.parametrize("role", LISTS)
def test_duty_2_each_file_is_as_long_as_its_list(core_sqlite: Core, place: Place, seated: Seated, role: Role) -> None:
    assert place.late.id
    for path in LISTS[role]:
        browser = seated(role)
        assert browser.opens(f"/desk/export/{path}").status_code == 200
        said = f"共 {len(values(sheet(browser, path)))} 筆"
        assert said in seated(role).opens(f"/desk/export/{path}").get_data(as_text=True)
    assert len(registered(core_sqlite)) == len(LISTS[role])


@pytest.mark.parametrize("path", ["duties", "dispatches?bucket=late", "checks?bucket=late", "due?first=2026-03-04",
                                  "kept?first=2026-02-01&last=2026-02-28", "bureaus", "late_units"])  # fmt: skip
def test_acc_10_the_helpdesk_takes_no_cases_out(core_sqlite: Core, place: Place, seated: Seated, path: str) -> None:
    assert place.late.id
    assert takes(seated(Role.HELPDESK), path) == 403
    assert registered(core_sqlite) == []


@pytest.mark.parametrize("path", ["accounts", "units", "messages?fate=failed", "help", "asked", "requests",
                                  "registrations", "day_messages?fate=failed&day=2026-03-04"])  # fmt: skip
def test_acc_10_a_supervisor_takes_no_accounts_out(core_sqlite: Core, place: Place, seated: Seated, path: str) -> None:
    assert place.late.id
    assert takes(seated(Role.SUPERVISOR), path) == 403
    assert registered(core_sqlite) == []


@pytest.mark.parametrize("path", ["nothing", "dispatches", "dispatches?bucket=x", "messages?fate=x", "due",
                                  "kept?first=2026-02-01"])  # fmt: skip
def test_a_list_that_is_none_is_not_found(place: Place, seated: Seated, path: str) -> None:
    assert place.late.id
    assert takes(seated(Role.CENTER), path) == 404


def test_acc_10_anothers_list_is_as_if_it_did_not_exist(core_sqlite: Core, place: Place, seated: Seated) -> None:
    assert takes(seated(Role.SUPERVISOR), f"duties?unit={place.other_centre.id}") == 404
    assert takes(seated(Role.SUPERVISOR), f"late_units?bureau={place.other_bureau.id}") == 404
    assert registered(core_sqlite) == []
