"""What stands in two columns: labels with their values, steps with what came out, words to type with what they do.

The room of a card is counted in columns of its small type, so that a short label leaves its value the room, a long
one is not broken within a word, and all labels of a card end at one edge. At LINE's largest text size both columns
grow alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil

from bot.render.pieces import Component, box, words
from bot.render.tones import BRAND, LOOKS, QUIET, TEXT, marked
from core.cards import Block, Line, Row, Step, Tone
from core.wording import columns

ROOM = 36  # columns of small type across a card
LABEL = 12  # columns; a label of six characters stands beside its value
SHARES = {4: 8, 6: 9, 8: 11, 10: 13, 14: 14}  # the widest label of a card, in columns, and the columns they all get
LATIN = 0.15  # columns that a Latin letter is wider than half a Chinese one
ANSWER = 16  # columns; a mark with its word, or a count, that may stand at the end of a sentence
ANSWERS_MOST = 14  # columns for an answer that has room to grow
AT_LARGEST = 1.35  # what a text needs where LINE shows it largest
WORD = 8  # columns; a word or a short number, which may stand beside a label that wraps
MIDDLE = 1.25  # how much wider the middle size is than the small one
STEP_LEAST = 6  # columns; a short word in bold
TYPED_MOST = 15  # columns for the words to type
_TYPED = re.compile(r"(「[^」]{1,12}」|[\"“][^\"”]{1,24}[\"”])(?:：| ?– ?|: ?| )?(?![「“、，,。；或和與])(.{2,60})")
"""A line that begins with a word to type, and says what it does."""


def label_share(blocks: Sequence[Block]) -> int:
    """Return the columns for the labels of a card, so that all its values begin at one edge."""
    labels = (each.label for each in blocks if isinstance(each, Row) and columns(each.label) <= LABEL)
    widest = max((columns(each) + LATIN * sum(map(str.isascii, each)) for each in labels), default=0)
    return next(share for most, share in SHARES.items() if widest <= most)


def row(block: Row, share: int, units: int) -> Component:
    """Draw a label and its value; a label that is a sentence takes the room, and the value stands at the end."""
    value = marked(block.tone, block.value)
    if columns(block.label) <= LABEL:
        label = words(block.label, units, size="sm", color=QUIET, flex=share)
        return _beside(label, words(value, units, flex=ROOM - share, **_toned(block.tone)))
    if columns(value) > ANSWER:
        label = words(block.label, units, size="sm", color=QUIET)
        return box("vertical", [label, words(value, units, **_toned(block.tone))], spacing="xs")
    room = min(ceil(columns(value) * AT_LARGEST) + 2, max(columns(value) + 2, ANSWERS_MOST))
    label = words(block.label, units, size="sm", color=TEXT, flex=ROOM - room)
    return _beside(label, words(value, units, size="sm", align="end", flex=room, **_toned(block.tone)))


def step(number: int, given: Step, units: int) -> Component:
    """Draw what came out beside its label, or below it where both do not stand on one line."""
    told, room = f"{number}. {given.label}", max(ceil(columns(given.value) * MIDDLE), STEP_LEAST)
    if columns(given.value) > WORD and columns(told) + room > ROOM + 2:
        head = words(told, units, size="sm", color=QUIET, weight="bold")
        return box("vertical", [head, words(given.value, units)], spacing="xs")
    label = words(told, units, size="sm", color=QUIET, flex=ROOM - room)
    return _beside(label, words(given.value, units, weight="bold", align="end", flex=room))


def words_to_type(block: Block) -> tuple[str, str] | None:
    """Return the word that a line begins with and what it does; None: the block says something else."""
    if not isinstance(block, Line) or block.strong or block.quiet or block.quoted:
        return None
    found = _TYPED.fullmatch(block.text)
    return (found[1], found[2]) if found else None


def table(pairs: Sequence[tuple[str, str]], units: int) -> list[Component]:
    """Draw words to type and what they do under each other."""
    share = min(max(columns(typed) for typed, _ in pairs) + 2, TYPED_MOST)
    return [_typed(typed, does, share, units) for typed, does in pairs]


def _typed(typed: str, does: str, share: int, units: int) -> Component:
    word = words(typed, units, size="sm", color=BRAND, weight="bold", flex=share)
    return box("baseline", [word, words(does, units, size="sm", flex=ROOM - share)], spacing="sm")


def _beside(label: Component, value: Component) -> Component:
    return box("baseline", [label, value], spacing="md")


def _toned(tone: Tone) -> Component:
    return {} if tone is Tone.PLAIN else {"color": LOOKS[tone].ink, "weight": "bold"}
