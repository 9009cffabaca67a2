"""Every card of the chat's own fits LINE, says its preview as a sentence, and offers only words that are known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from bot.channels.limits import problems
from bot.render.flex import draw
from core.access import Actor
from core.accounts.models import Permission, Role
from core.cards import Answer, Say
from core.errors import NotFound
from core.notices.channel import Fill
from handlers.chat.features import ROUTER
from handlers.chat.urgent_signs import Sign
from handlers.chat.views import binding, cases, duties, fallback, menu, urgent, welcome
from handlers.chat.words import asked_case, normal
from tests.handlers.chat.transcript import actions

FILL = Fill(link_url=lambda: "https://phone.example/link?linkToken=token", code=lambda _: "01234567")
EVERYTHING = Actor("AB1234", role=Role.SUPERVISOR, permissions=frozenset(Permission))
NOTHING = Actor("AB1235", role=Role.HELPDESK)
ANSWERS: dict[str, Callable[[], Answer]] = {
    "welcome": welcome.welcome,
    "welcome bound": welcome.welcome_bound,
    "welcome back": welcome.welcome_back,
    "thanks": welcome.thanks,
    "how to bind": binding.how_to_bind,
    "unbound": binding.unbound,
    "account ended": binding.account_ended,
    "bound already": lambda: binding.bound_already("AB1234", "新北市永平國民小學附設幼兒園暨特殊教育資源中心" * 3),
    "unbind question": binding.unbind_question,
    "unbound now": binding.unbound_now,
    "link failed": binding.link_failed,
    "code in chat": binding.code_in_chat,
    "menu of everything": lambda: menu.menu(EVERYTHING),
    "menu of the helpdesk": lambda: menu.menu(NOTHING),
    "menu unbound": lambda: menu.menu(None),
    "case number": cases.number_question,
    "no case number": cases.number_unclear,
    "nothing owed": duties.nothing_owed,
    "guesses": lambda: fallback.not_understood(("待辦", "怎麼算的", "解除綁定")),
    "no guess": lambda: fallback.not_understood(()),
    "twice": fallback.still_not_understood,
    "person": fallback.person,
    "refused": lambda: fallback.refused(NotFound()),
    "again": lambda: fallback.again(cases.NUMBER_EXPECTED, cases.number_question()),
    "dialog over": fallback.dialog_over,
    "cancelled": fallback.cancelled,
    "nothing to cancel": fallback.nothing_to_cancel,
    "button expired": lambda: fallback.button_expired(menu.menu(EVERYTHING)),
    "sticker": lambda: fallback.only_words("sticker"),
    "group": fallback.not_in_groups,
    **{f"danger: {sign}": partial(urgent.call_now, sign) for sign in Sign},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_it_fits_line(name: str) -> None:
    assert problems(draw(ANSWERS[name](), FILL)) == []


@pytest.mark.parametrize("name", ANSWERS)
def test_its_preview_is_a_sentence(name: str) -> None:
    for message in ANSWERS[name]().messages:
        assert message.preview.strip()[-1] in "。？！："


@pytest.mark.parametrize("name", ANSWERS)
def test_the_words_it_offers_are_known(name: str) -> None:
    for action in actions(ANSWERS[name]()):
        if isinstance(action, Say):
            assert normal(action.text) in ROUTER.words or asked_case(normal(action.text))
