"""All features of the chat, joined: two that claim the same word, button or event do not start."""

from __future__ import annotations

from handlers.chat import (
    binding,
    buckets,
    cancel,
    cases,
    closing,
    codes,
    contacts,
    desk_queue,
    due_when,
    duties,
    email_change,
    extension,
    families,
    faq,
    help_words,
    helpdesk,
    in_time,
    left,
    menu,
    more,
    permissions,
    records,
    registration,
    requests,
    reviews,
    settings,
    tour,
    unit_by_name,
    units,
    urgent,
    welcome,
    workdays,
)
from handlers.chat.buckets import LISTS
from handlers.chat.english import WORDS
from handlers.chat.router import Router
from handlers.chat.words import normal

ROUTER = Router.of(
    urgent.router,
    menu.router,
    tour.router,
    cancel.router,
    welcome.router,
    binding.router,
    duties.router,
    left.router,
    due_when.router,
    units.router,
    unit_by_name.router,
    buckets.router,
    records.router,
    in_time.router,
    more.router,
    codes.router,
    email_change.router,
    extension.router,
    requests.router,
    reviews.router,
    permissions.router,
    registration.router,
    settings.router,
    closing.router,
    families.router,
    cases.router,
    helpdesk.router,
    desk_queue.router,
    help_words.router,
    contacts.router,
    workdays.router,
    faq.router,
)
ROUTER.listen_in_english(WORDS)
TITLES = {normal(name): name for name in LISTS} | {typed: word.title for typed, word in ROUTER.words.items()}
"""What can be typed, as it is compared, and the word under which it is offered: the names of lists, and all words."""
