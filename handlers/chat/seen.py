"""What stands on somebody's phone: the things of the last list in their order, and the case that is spoken of.

With it 第二個, 下一筆 and 剛剛那個 mean something. It is read off the answer itself, whatever feature gave it: a button
is kept as it is packed, a case or check by its number, never a name. It is kept beside the dialog and as long as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.cards import Action, Answer, Card, Deck, Figure, Message, Press, Row, Say
from core.list_words import MORE
from handlers.chat.understanding.matching import CASE_NUMBER
from handlers.chat.words import normal

KEY = "seen"  # among what a dialog has gathered
ITEMS_AT_MOST = 12  # what a deck holds
CASE, CLOSING, WORKING, WORKDAYS = "案件", "可以結案嗎", "怎麼算的", "上班日"
_DAY = re.compile("[0-9]{2,3}/[0-9]{2}/[0-9]{2}")
_ALWAYS_THERE = frozenset({"選單", "客服", "取消"})
_NUMBER_ROWS = frozenset({"編號", "案件"})
_WISHES = {
    "closing.closing": CLOSING, "closing.closing_pressed": CLOSING, "closing.ask_number": CLOSING,
    "duties.explained": WORKING, "duties.one_explained": WORKING, "duties.worst_explained": WORKING,
    "workdays.workday": WORKDAYS, "workdays.coming": WORKDAYS,
}  # fmt: skip
"""What was asked of a case, or of a day, by the route that answered; anything else only looked at it."""


class Way(BaseModel):
    """A button of a thing: its label, and what it types or carries."""

    model_config = ConfigDict(frozen=True)

    label: str
    does: str


class Item(BaseModel):
    """One thing of a list."""

    model_config = ConfigDict(frozen=True)

    number: str = ""
    """Of the case or check it shows; empty: it shows none."""
    ways: tuple[Way, ...]
    """Its buttons, the first of which shows it."""
    days: tuple[str, ...] = ()
    """The days that stand on it, as they stand there: 115/02/25."""


class Seen(BaseModel):
    """What stands on somebody's phone."""

    model_config = ConfigDict(frozen=True)

    items: tuple[Item, ...] = ()
    chosen: int = -1
    """The place of the item that was chosen last; -1: none yet."""
    about: str = ""
    """The number of the case or check that was shown last."""
    wish: str = CASE
    """The word for what was asked of it."""
    is_fresh: bool = False
    """The list, or something chosen from it, was the last that was answered: a bare number is a choice."""
    is_about: bool = False
    """The last that was answered was about the one case or check of ``about``: 什麼時候到期 asks for it."""
    topic: str = ""
    """The word of what was answered last, where a word leads there: 那打錯呢 asks on about it."""


_SEEN = TypeAdapter(Seen)


def load(collected: dict[str, str]) -> Seen:
    """Take what was seen out of what a dialog has gathered."""
    stored = collected.pop(KEY, "")
    return _SEEN.validate_json(stored) if stored else Seen()


def packed(seen: Seen) -> str:
    """Return what was seen as it is kept; empty where there is nothing."""
    return "" if seen == Seen() else seen.model_dump_json(exclude_defaults=True)


def asked_by(seen: Seen, route: str, topic: str = "") -> Seen:
    """Return what is seen with what a route was asked for; ``topic`` is the word that leads to it, if one does."""
    return seen.model_copy(update={"wish": _WISHES.get(route, CASE), "topic": topic, "is_about": False})


def after(before: Seen, said: Answer, *, was_chosen: bool) -> Seen:
    """Return what is seen once an answer is given: a new list takes the place of the old one."""
    items, numbers = items_of(said), _numbers(said)
    is_about = len(numbers) == 1 or (not numbers and before.is_about)
    now = before.model_copy(
        update={"about": numbers.pop() if len(numbers) == 1 else before.about, "is_about": is_about}
    )
    if len(items) > 1 or (items and any(isinstance(each, Deck) for each in said.messages)):
        return now.model_copy(update={"items": items, "chosen": -1, "is_fresh": True})
    return now.model_copy(update={"is_fresh": was_chosen})


def listed(seen: Seen) -> tuple[str, ...]:
    """Return the numbers on the list that was answered last, each once; none where it was not the last."""
    return tuple(dict.fromkeys(item.number for item in seen.items if item.number)) if seen.is_fresh else ()


def stands_on(item: Item, written: str) -> bool:
    """Return whether a day stands on an item, whatever its year: 2/25, 115/02/25."""
    month, day = (int(each) for each in re.findall("[0-9]+", written)[-2:])
    return any(each.endswith(f"/{month:02}/{day:02}") for each in item.days)


def items_of(said: Answer) -> tuple[Item, ...]:
    """Return what an answer lists: the cards of its deck, else the buttons that are choices of one kind."""
    decks = [each for each in said.messages if isinstance(each, Deck)]
    if decks and not _only_words(decks[-1].cards):
        return tuple(item for card in decks[-1].cards if (item := _of_card(card)))[:ITEMS_AT_MOST]
    cards = [card for each in said.messages for card in _cards(each)]
    figures = [block.action for card in cards for block in card.blocks if isinstance(block, Figure) and block.action]
    offered = figures or [action for card in cards for action in card.actions if _is_choice(action, card)]
    return tuple(_of_action(each) for each in offered if _does(each))[:ITEMS_AT_MOST]


def _only_words(cards: Iterable[Card]) -> bool:
    return all(isinstance(action, Say) for card in cards for action in card.actions)


def _cards(message: Message) -> Sequence[Card]:
    return message.cards if isinstance(message, Deck) else (message,) if isinstance(message, Card) else ()


def _is_choice(action: Action, card: Card) -> bool:
    """Return whether a button is one of several alike: words to type, or buttons of one kind of postback."""
    kinds = {_kind(each) for each in card.actions if _does(each)}
    return bool(_does(action)) and len(kinds) == 1


def _kind(action: Action) -> str:
    return action.data.split("|")[1] if isinstance(action, Press) else action.do


def _does(action: Action) -> str:
    """Return what a button types or carries; empty for what leads out of the chat, to the next page, or is anywhere."""
    if isinstance(action, Say):
        return "" if action.text in _ALWAYS_THERE else action.text
    return action.data if isinstance(action, Press) and action.shown != MORE else ""


def _of_card(card: Card) -> Item | None:
    ways = tuple(Way(label=each.label, does=_does(each)) for each in card.actions if _does(each))
    days = tuple(day for block in card.blocks if isinstance(block, Row) for day in _DAY.findall(block.value))
    return Item(number=_first_number(_texts(card)), ways=ways, days=days) if ways else None


def _of_action(action: Action) -> Item:
    shown = action.text if isinstance(action, Say) else action.label
    return Item(number=_first_number([shown]), ways=(Way(label=action.label, does=_does(action)),))


def _numbers(said: Answer) -> set[str]:
    """Return the numbers of the cases and checks that cards of an answer are about."""
    cards = (card for each in said.messages for card in _cards(each))
    return {number for card in cards if (number := _first_number(_texts(card)))}


def _texts(card: Card) -> Iterator[str]:
    """Yield where the number of what a card is about stands."""
    yield from (card.title, card.badge)
    yield from (block.value for block in card.blocks if isinstance(block, Row) and block.label in _NUMBER_ROWS)


def _first_number(texts: Iterable[str]) -> str:
    found = (CASE_NUMBER.search(normal(each)) for each in texts)
    return next((each[0] for each in found if each), "")
