"""Handing out what people sent to the helpdesk: to agents only, as an attachment, without a right to run (A33, A38)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.accounts.models import Role
from core.audit import AuditRow
from core.context import Core
from core.helpdesk.models import EntryKind
from tests.core.helpdesk.sending import PDF, arrives, picture, sends
from tests.handlers.desk.conftest import Place
from tests.handlers.pages.conftest import Browser

AGENTS = (Role.HELPDESK, Role.ADMIN)


def sent(core: Core, place: Place, content: bytes, name: str = "", *, message_id: str = "17") -> str:
    """Let the asker send a file, or a picture, which has no name; return its address."""
    kind = EntryKind.FILE if name else EntryKind.PICTURE
    sends(core, f"person-{place.asker.id}", name, kind, message_id)
    return f"/desk/help/{place.help}/files/{arrives(core, content)}"


@pytest.mark.parametrize("role", Role)
def test_only_agents_get_a_file(core_sqlite: Core, place: Place, seated: Callable[[Role], Browser], role: Role) -> None:
    path = sent(core_sqlite, place, PDF, "a.pdf")
    assert seated(role).opens(path).status_code == (200 if role in AGENTS else 403)


def test_nobody_gets_a_file_unsigned(core_sqlite: Core, place: Place, visitor: Browser) -> None:
    assert visitor.opens(sent(core_sqlite, place, PDF, "a.pdf")).location == "/desk/sign-in"


def test_a_file_is_an_attachment_without_rights_and_its_showing_is_audited(
    core_sqlite: Core, place: Place, seated: Callable[[Role], Browser]
) -> None:
    path = sent(core_sqlite, place, PDF, "畫面\r\nSet-Cookie: a=b\u202efdp.exe")
    answer = seated(Role.HELPDESK).opens(path)
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    offered = answer.headers["Content-Disposition"]
    assert offered.startswith("attachment")
    assert offered.endswith(".pdf")
    assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    assert "%E2%80%AE" not in offered
    with core_sqlite.store.reading() as session:
        shown = session.scalars(select(AuditRow.fields).where(AuditRow.act == "show_help_file")).all()
    assert shown == [f"file:{path.rpartition('/')[2]}"]


@pytest.mark.parametrize(("request_more", "file_more"), [(1, 0), (0, 1), (2**31, 0), (0, 2**31)])
def test_a_file_of_another_request_is_not_there(
    core_sqlite: Core, place: Place, seated: Callable[[Role], Browser], request_more: int, file_more: int
) -> None:
    file = int(sent(core_sqlite, place, PDF).rpartition("/")[2])
    path = f"/desk/help/{place.help + request_more}/files/{file + file_more}"
    assert seated(Role.HELPDESK).opens(path).status_code == 404


def test_a_page_draws_pictures_and_offers_the_rest(
    core_sqlite: Core, place: Place, seated: Callable[[Role], Browser]
) -> None:
    drawn = sent(core_sqlite, place, picture(), message_id="1")
    offered = sent(core_sqlite, place, PDF, "<b>a</b>.pdf", message_id="2")
    sent(core_sqlite, place, b"MZ", "a.exe", message_id="3")
    browser = seated(Role.HELPDESK)
    browser.opens(f"/desk/help/{place.help}")
    sources = re.findall(r'<img src="([^"]+)"', browser.text)
    assert sources == [drawn]
    assert browser.opens(drawn).mimetype == "image/png"
    browser.opens(f"/desk/help/{place.help}")
    assert f'href="{offered}"><bdi>&lt;b&gt;a&lt;/b&gt;.pdf</bdi></a>' in browser.text
    assert "PDF 文件，1 KB" in browser.text
    assert "無法接收（不是可接收的檔案種類）：<bdi>a.exe</bdi>" in browser.text
