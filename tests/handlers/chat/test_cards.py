"""Every card of the chat's own fits LINE, says its preview as a sentence, and offers only words that are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial

import pytest

from bot.channels.limits import problems
from bot.render.flex import draw
from core.access import Actor
from core.accounts.models import CodeChannel, Permission, Role
from core.accounts.preferences import Preferences
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.queries import OwnPermissions, OwnRequest, Term
from core.accounts.requests.service import Filed
from core.cards import Answer, Row, Say
from core.errors import InvalidInput, NotFound
from core.helpdesk import notices as help_notices
from core.helpdesk.models import HelpKind, HelpState
from core.helpdesk.queries import OwnHelp
from core.helpdesk.rules import Alarm
from core.helpdesk.service import Asked
from core.helpdesk.words import NOBODY_THERE
from core.language.models import Language
from core.notices.channel import Fill
from core.otp.models import Purpose
from core.otp.queries import LiveCode
from core.otp.service import CodeSent
from core.paging import Page
from core.policy import Policy
from handlers.chat.features import ROUTER
from handlers.chat.router import StepRoute
from handlers.chat.urgent_signs import Sign
from handlers.chat.views import (
    binding,
    cases,
    codes,
    distress,
    duties,
    email_change,
    extension,
    fallback,
    faq,
    helpdesk,
    in_order,
    menu,
    permissions,
    registration,
    requests,
    settings,
    tour,
    urgent,
    welcome,
)
from handlers.chat.views.faq_topics import TOPICS
from handlers.chat.words import normal
from tests.handlers.chat.transcript import actions

FILL = Fill(
    link_url=lambda: "https://phone.example/link?linkToken=token",
    code=lambda _: "01234567",
    page_url=lambda path: f"https://frontdoor.example{path}",
)
EVERYTHING = Actor("AB1234", role=Role.SUPERVISOR, permissions=frozenset(Permission))
NOTHING = Actor("AB1235", role=Role.HELPDESK)
NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
TERM = Term(
    ends_on=date(2026, 12, 31),
    days_left=302,
    first_on=date(2026, 11, 1),
    may_ask=False,
    pending=None,
    unit="教育局/各級學校（永平國民小學）",
    would_end_on=date(2027, 12, 31),
)
BUREAUS = OwnPermissions((), tuple(Permission), is_school=False)
SCHOOLS = OwnPermissions((Permission.CASEWORKER,), (Permission.MEAL_CHECKS,), is_school=True)


def _filed(kind: RequestKind) -> Answer:
    return codes.filed(Filed(7, kind, NOW))


def _request(state: RequestState) -> OwnRequest:
    rows = (Row(label="新信箱", value="n***@ntpc.gov.tw"),)
    return OwnRequest(7, RequestKind.EMAIL, state, NOW, NOW, "理" * 300, rows)


def _help(state: HelpState) -> OwnHelp:
    return OwnHelp(12, HelpKind.FAULT, state, "主" * 80, NOW, NOW, NOW)


def _settings(channel: CodeChannel) -> Answer:
    return settings.shown(Preferences(time(8, 30), channel, "a***@ntpc.gov.tw"))


ANSWERS: dict[str, Callable[[], Answer]] = {
    "welcome": welcome.welcome,
    "welcome bound": lambda: welcome.welcome_bound(EVERYTHING),
    "welcome of the helpdesk": lambda: welcome.welcome_bound(NOTHING),
    "welcome back": lambda: welcome.welcome_back(EVERYTHING),
    "thanks": welcome.thanks,
    "how to bind": binding.how_to_bind,
    "unbound": binding.unbound,
    "account ended": binding.account_ended,
    "bound already": lambda: binding.bound_already("AB1234", "新北市永平國民小學附設幼兒園暨特殊教育資源中心" * 3),
    "live codes": lambda: codes.live([LiveCode(purpose, CodeChannel.MAIL, NOW, NOW, 3) for purpose in Purpose]),
    "no live code": lambda: codes.live(()),
    "code for the unbound": codes.for_unbound,
    "code sent again": lambda: codes.sent_again(CodeSent("c", CodeChannel.LINE, "LINE", NOW)),
    "code not sent": lambda: codes.not_sent("剛剛才寄過驗證碼，請等到 10:01 再按「重新寄送」。"),
    "code question": lambda: codes.code_question("a***@ntpc.gov.tw", NOW),
    "code question again": codes.code_question_again,
    "code not right": lambda: codes.not_right("驗證碼不正確，還可以試 2 次。"),
    **{f"filed: {kind}": partial(_filed, kind) for kind in RequestKind},
    "new address": lambda: email_change.address_question("a***@ntpc.gov.tw"),
    "new address again": email_change.address_question,
    "term early": lambda: extension.term(TERM),
    "term in time": lambda: extension.term(replace(TERM, may_ask=True, days_left=30)),
    "term pending": lambda: extension.term(replace(TERM, pending=7, days_left=0)),
    "extension question": extension.consent_question,
    "register": registration.how_to_register,
    "has account": lambda: registration.has_account("AB1234"),
    "permissions of a bureau": lambda: permissions.askable(BUREAUS),
    "permissions of a school": lambda: permissions.askable(SCHOOLS),
    "no permission left to ask for": lambda: permissions.askable(replace(SCHOOLS, may_ask=())),
    "permissions to give up": lambda: permissions.removable(replace(BUREAUS, held=tuple(Permission))),
    "no permission to give up": lambda: permissions.removable(replace(BUREAUS, held=())),
    "which permission": permissions.which_question,
    "which permission goes": permissions.removed_question,
    "why a permission": permissions.why_question,
    "why it goes": permissions.removal_why_question,
    "no requests": lambda: requests.listed(Page(0, ())),
    "requests": lambda: requests.listed(Page(7, tuple(_request(state) for state in RequestState))),
    "withdrawn": lambda: requests.withdrawn(Filed(7, RequestKind.EMAIL, NOW)),
    **{f"settings: {each}": partial(_settings, each) for each in CodeChannel},
    "languages": settings.languages,
    **{f"language kept: {each}": partial(settings.language_kept, each) for each in Language},
    "digest time": settings.time_question,
    "digest time kept": lambda: settings.time_kept(time(8, 30)),
    "unbind question": binding.unbind_question,
    "unbound now": binding.unbound_now,
    "code in chat": binding.code_in_chat,
    "menu of everything": lambda: menu.menu(EVERYTHING),
    "menu of the helpdesk": lambda: menu.menu(NOTHING),
    "menu unbound": lambda: menu.menu(None),
    "tour of everything": lambda: tour.tour(EVERYTHING),
    "tour of the helpdesk": lambda: tour.tour(NOTHING),
    "case number": cases.number_question,
    "no case number": cases.number_unclear,
    "nothing owed": duties.nothing_owed,
    "guesses": lambda: fallback.not_understood(("待辦", "怎麼算的", "解除綁定")),
    "no guess": lambda: fallback.not_understood(()),
    "several": lambda: fallback.several(("待辦", "案件 WK00017", "改信箱", "展延", "設定")),
    "questions": faq.listed,
    **{f"question: {topic.word}": partial(faq.answered, topic, Policy()) for topic in TOPICS},
    "question: a day": lambda: faq.reply_due(TOPICS[0], date(2022, 7, 28)),
    "twice": fallback.still_not_understood,
    "help kinds": helpdesk.kind_question,
    **{f"help problem: {kind}": partial(helpdesk.problem_question, kind, NOBODY_THERE) for kind in HelpKind},
    "help go on or new": lambda: helpdesk.go_on_or_new(_help(HelpState.WAITING), helpdesk.kind_question()),
    "help login steps": helpdesk.login_steps,
    "help helped": helpdesk.that_helped,
    "help taken in": lambda: helpdesk.taken_in(Asked(12, HelpKind.FAULT, NOW), NOBODY_THERE),
    "help talking": lambda: helpdesk.talking_already(12, NOBODY_THERE),
    "help after hours": lambda: helpdesk.after_hours(12, NOW, NOW, NOBODY_THERE),
    "help go on": lambda: helpdesk.go_on(12, NOW, NOW, NOBODY_THERE),
    "help ended": lambda: helpdesk.ended(12, was_answered=True),
    "help rated well": lambda: helpdesk.rated(12, helped=True),
    "help rated badly": lambda: helpdesk.rated(12, helped=False),
    "no help asked": lambda: helpdesk.listed(Page(0, ()), NOW),
    "help list": lambda: helpdesk.listed(Page(9, tuple(_help(state) for state in HelpState)), NOW),
    "help answer": lambda: help_notices.answered(12, "林小姐", "請清除 Cookie 後再登入一次。" * 200, is_solved=True),
    "help solved": lambda: help_notices.solved(12),
    **{f"help {each}": partial(help_notices.waiting_time, 12, HelpKind.CASE, each, NOW) for each in Alarm},
    "refused": lambda: fallback.refused(NotFound()),
    "again": lambda: fallback.again(cases.NUMBER_EXPECTED, cases.number_question()),
    "dialog over": fallback.dialog_over,
    "cancelled": fallback.cancelled,
    "nothing to cancel": fallback.nothing_to_cancel,
    "button expired": lambda: fallback.button_expired(menu.menu(EVERYTHING)),
    "sticker": lambda: fallback.only_words("sticker", None),
    "group": fallback.not_in_groups,
    **{f"danger: {sign}": partial(urgent.call_now, sign) for sign in Sign},
    "distress": distress.take_care,
    "first, then": lambda: in_order.and_then(fallback.cancelled(), ["待辦", "客服"]),
}


def is_known(text: str) -> bool:
    compared = normal(text)
    patterns = any(pattern.read(compared) is not None for pattern in ROUTER.patterns)
    return compared in ROUTER.words or patterns or any(is_read(step, text) for step in ROUTER.steps.values())


def is_read(step: StepRoute, text: str) -> bool:
    try:
        return bool(step.reads(text))
    except InvalidInput:
        return False


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
            assert is_known(action.text)
