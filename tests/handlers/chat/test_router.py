"""The whole chat's routes: nothing without a handler, nothing open by oversight."""

from __future__ import annotations

from typing import get_args

import pytest

from core.buttons import kinds
from core.cards import Answer, said
from handlers.chat.features import ROUTER
from handlers.chat.router import Gate, Router
from handlers.chat.turn import ChatEvent, Pressed, TextSaid, Turn

OPEN_TO_EVERYBODY = {
    "binding.bind",
    "binding.code_in_chat",
    "binding.linked",
    "cancel.cancel",
    "codes.codes",
    "help_words.go_on",
    "help_words.helped",
    "help_words.not_helped",
    "help_words.not_yet",
    "help_words.solved",
    "left.hours_left",
    "desk_queue.queue",
    "helpdesk.cannot_sign_in",
    "helpdesk.end",
    "helpdesk.fault",
    "faq.questions",
    "faq.reply_due",
    "faq.topic_answer",
    "records.missing",
    "helpdesk.go_on",
    "helpdesk.helped",
    "helpdesk.kind_pressed",
    "helpdesk.kind_typed",
    "helpdesk.more",
    "helpdesk.no_text",
    "helpdesk.own",
    "helpdesk.person",
    "helpdesk.person_please",
    "helpdesk.problem_typed",
    "helpdesk.rated",
    "menu.menu",
    "registration.register",
    "settings.ask_language",
    "settings.chinese",
    "settings.english",
    "welcome.followed",
    "welcome.greeted",
    "welcome.thanked",
    "welcome.unfollowed",
    "welcome.unsent",
    "workdays.coming",
    "workdays.workday",
}


def test_every_kind_of_button_has_a_handler() -> None:
    assert set(ROUTER.buttons) == set(kinds().values())


def test_every_event_has_a_handler() -> None:
    assert set(ROUTER.events) == set(get_args(ChatEvent)) - {TextSaid, Pressed}


def test_only_these_routes_are_open_to_everybody() -> None:
    routes = [
        *(word.route for word in ROUTER.words.values()),
        *ROUTER.buttons.values(),
        *ROUTER.events.values(),
        *(pattern.route for pattern in ROUTER.patterns),
        *(step.route for step in ROUTER.steps.values()),
    ]
    assert {route.name for route in routes if route.gate is Gate.EVERYBODY} == OPEN_TO_EVERYBODY


def test_a_route_is_closed_unless_it_says_otherwise() -> None:
    router = Router()

    @router.says("試試")
    def handler(_: Turn) -> Answer:
        return said("好")

    assert router.words["試試"].route.gate is Gate.BOUND
    assert handler.__name__ == "handler"


def test_a_word_claimed_twice_does_not_start() -> None:
    one, other = Router(), Router()
    for router in (one, other):
        router.says("試試")(lambda _: said("好"))
    with pytest.raises(ValueError, match="試試"):
        Router.of(one, other)
