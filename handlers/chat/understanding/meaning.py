"""What the chat makes of a text, told to operators: danger, word, pattern or sentence, and what spoke for it.

It follows the order in which the chat itself looks; no database is asked and nothing is answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.chat.features import ROUTER, TITLES
from handlers.chat.finding import Found, find_text
from handlers.chat.turn import Dialog
from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.reading import Kind, Reading, understand
from handlers.chat.urgent_signs import sign_in
from handlers.chat.words import normal, without_courtesy

__all__ = ["NONE", "SEVERAL", "TITLES", "URGENT", "Meaning", "meaning"]

URGENT, SEVERAL, NONE = "urgent", "several", "none"
_BY_TITLE = {TITLES[normal(intent.word)]: intent for intent in Intent}
_BY_PATTERN = {
    "cases.case": Intent.CASE,
    "families.family": Intent.CASE,
    "families.how_it_stands": Intent.CASE,
    "cases.light_by_number": Intent.CASE,
    "records.missing_of": Intent.RECORDS,
    "unit_by_name.by_name": Intent.DUTIES,
    "due_when.due_when": Intent.DUTIES,
    "left.left_of": Intent.DUTIES,
    "left.most_pressing": Intent.DUTIES,
    "left.most_pressing_asked": Intent.DUTIES,
    "left.late_by": Intent.DUTIES,
    "left.of_day": Intent.DUTIES,
    "left.hours_left": Intent.FAQ_CHECK_HOURS,
    "left.reason_of": Intent.RETURN_REASONS,
    "in_time.of_unit": Intent.IN_TIME,
    "workdays.workday": Intent.WORKDAYS,
    "closing.closing": Intent.CLOSING,
    "faq.reply_due": Intent.FAQ_REPLY_DAYS,
    "buckets.services_by_name": Intent.SERVICES,
    "buckets.checks_by_name": Intent.CHECKS,
    "buckets.dispatches_by_name": Intent.DUTIES,
    "permissions.which_asked": Intent.PERMISSIONS,
    "requests.withdraw": Intent.REQUESTS,
}


@dataclass(frozen=True)
class Meaning:
    """What a text means to the chat."""

    name: str
    """The intent's name; ``urgent``, ``several`` or ``none``; for a word without an intent, its route's name."""
    how: str
    """What decided: a sign of danger, a word, a pattern, or the terms of a sentence."""
    reading: Reading | None = None
    """What was weighed, for a sentence."""


def meaning(text: str) -> Meaning:
    """Return what the chat would make of a text typed outside any dialog."""
    sign = sign_in(normal(text, most=len(text)))
    if sign is not None:
        return Meaning(URGENT, f"sign of danger: {sign}")
    found = find_text(text, Dialog())
    if isinstance(found, Found):
        return _of_router(normal(text), found)
    reading = understand(text, TITLES)
    if reading.kind is Kind.CLEAR:
        name = reading.intents[0] if reading.intents else reading.commands[0]
        return Meaning(name, f"sentence: {reading.commands[0]}", reading)
    name = SEVERAL if reading.kind is Kind.SEVERAL else NONE
    offered = " / ".join(reading.commands) or "nothing"
    return Meaning(name, f"{'asks which' if reading.intents else 'guesses'}: {offered}", reading)


def _of_router(compared: str, found: Found) -> Meaning:
    word = ROUTER.words.get(compared) or ROUTER.words.get(without_courtesy(compared))
    if word and word.route is found.route:
        return Meaning(_BY_TITLE.get(word.title, word.route.name), f"word: {word.title}")
    name = found.route.name
    return Meaning(_BY_PATTERN.get(name, name), f"pattern: {name}")
