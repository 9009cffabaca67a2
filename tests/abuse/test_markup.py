"""A33: markup in a LINE display name, a file's name, a request's first line, a mail's subject is shown as text."""

from __future__ import annotations

from sqlalchemy import select

from bot.render.mail import draw_mail
from core.accounts.models import Role
from core.cards import Answer, Card, Line
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.models import HelpRequest
from tests.bot.render.samples import a_fill
from tests.builders import an_account
from tests.core.helpdesk.sending import PDF
from tests.journeys.browser import Browser
from tests.journeys.town import a_town

NAME, FILE = "安安<script>alert(1)</script>", "<img src=x onerror=alert(2)>.pdf"
ASKED, ADDRESS = "<svg onload=alert(3)> 畫面是白的 {{ 7 * 7 }}", "agent@example.gov.tw"


def test_a33_names_and_words_from_a_phone_are_text_at_the_desk(core_sqlite: Core, clock: FixedClock) -> None:
    agent = an_account(core_sqlite, role=Role.HELPDESK, permissions=(), email=ADDRESS)
    with a_town(core_sqlite, clock) as town:
        town.set_password(agent.code)
        phone = town.phone(NAME).says("報修").says(ASKED)
        town.platform.send_file(phone.user, FILE, PDF)
        town.settle()
        desk = town.sits_down(agent.code, ADDRESS)
        with core_sqlite.store.transaction() as session:
            request = session.scalars(select(HelpRequest)).one()
            request.display_name = core_sqlite.vault.seal(NAME)
            number = request.id
        desk.opens(f"{town.url}/desk/help").sees(NAME, ASKED)
        desk.opens(f"{town.url}/desk/help/{number}").sees(NAME, ASKED, FILE)


def test_a33_a_display_name_is_text_on_the_binding_page(core_sqlite: Core, clock: FixedClock) -> None:
    with a_town(core_sqlite, clock) as town:
        page = Browser().opens(town.phone(NAME).says("綁定").link_url())
        page.sees(NAME)


def test_a33_a_mail_shows_its_subject_and_words_as_text() -> None:
    card = Card(title=NAME, preview=ASKED, blocks=(Line(text=FILE),))
    mail = draw_mail(Answer(messages=(card,)), a_fill())
    assert "<script>" not in mail.html
    assert "<img src=x" not in mail.html
    assert "&lt;script&gt;alert(1)" in mail.html
    assert "&lt;img src=x onerror=alert(2)&gt;" in mail.html
    assert "\n" not in mail.subject
