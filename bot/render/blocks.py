"""The blocks of a card as Flex components.

Neighbouring steps are numbered, because a working is read in its order. Everything else is drawn block by block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bot.channels.limits_actions import Place
from bot.render.actions import line_action
from bot.render.filled import Filled
from bot.render.pieces import Component, box, line, words
from bot.render.tones import BRAND, LIGHTS, LOOKS, PAPER, QUIET, TEXT, THIN, WHITE, light_text, marked
from core.cards import Block, Code, Figure, Light, Line, Progress, Row, Rule, Step, Tone
from core.wording import columns

BAR_HEIGHT = "10px"
WHOLE = 100  # per cent
BESIDE = 18  # columns of a typewriter; a date with its weekday has 15
LABEL = 12  # columns; a label of six characters stands beside its value
ANSWER = 16  # columns; a mark with its word, or a count, that may stand at the end of a sentence
WORD = 8  # columns; a word or a short number, which needs little room
_TYPED = re.compile(r"(「[^」]{1,12}」|[\"“][^\"”]{1,24}[\"”]) ?(?![、，。；或])(.{2,40})")
"""A line that begins with a word to type, and says what it does."""


def draw_blocks(blocks: Sequence[Block], filled: Filled, units: int) -> list[Component]:
    """Return the components of these blocks; each text has at most ``units`` UTF-16 units."""
    drawn: list[Component] = []
    for kind, group in groupby(blocks, key=type):
        if kind is Step:
            steps = [each for each in group if isinstance(each, Step)]
            drawn += [_step(number, step, units) for number, step in enumerate(steps, start=1)]
        else:
            drawn += [_single(each, filled, units) for each in group]
    return drawn


def _single(block: Block, filled: Filled, units: int) -> Component:  # noqa: PLR0911 (one a kind of block)
    match block:
        case Line():
            return _line(block, units)
        case Row():
            return _row(block, units)
        case Light():
            return words(
                light_text(block.colour, block.word, filled.say), units, color=LIGHTS[block.colour].ink, weight="bold"
            )
        case Progress():
            return _progress(block, filled, units)
        case Code():
            return _code(block, filled, units)
        case Rule():
            return line()
        case Figure():
            return _figure(block, filled, units)
        case Step():  # pragma: no cover - drawn in groups above
            raise AssertionError(block.kind)


def _line(block: Line, units: int) -> Component:
    size, color = ("sm", QUIET) if block.quiet else ("md", TEXT)
    if not block.strong and not block.quiet and (found := _TYPED.fullmatch(block.text)):
        return _typed_word(found[1], found[2], units)
    return words(block.text, units, size=size, color=color, weight="bold" if block.strong else "regular")


def _typed_word(typed: str, does: str, units: int) -> Component:
    """Draw a word to type and what it does, so that several lines of the kind read as a table."""
    word = words(typed, units, size="sm", color=BRAND, weight="bold", flex=5)
    return box("baseline", [word, words(does, units, size="sm", flex=7)], spacing="sm")


def _row(block: Row, units: int) -> Component:
    """Draw a label and its value; a label that is a sentence takes the room, and the value stands at the end."""
    value = marked(block.tone, block.value)
    if columns(block.label) <= LABEL:
        label = words(block.label, units, size="sm", color=QUIET, flex=4)
        return box("baseline", [label, words(value, units, flex=9, **_toned(block.tone))], spacing="md")
    if columns(value) > ANSWER:
        label = words(block.label, units, size="sm", color=QUIET)
        return box("vertical", [label, words(value, units, **_toned(block.tone))], spacing="xs")
    label = words(block.label, units, size="sm", color=TEXT, flex=8)
    answer = words(value, units, size="sm", align="end", flex=3, **_toned(block.tone))
    return box("baseline", [label, answer], spacing="md")


def _toned(tone: Tone) -> Component:
    return {} if tone is Tone.PLAIN else {"color": LOOKS[tone].ink, "weight": "bold"}


def _step(number: int, step: Step, units: int) -> Component:
    """Draw what came out beside its label, or below it where it is a sentence and no date or number."""
    told = f"{number}. {step.label}"
    if columns(step.value) > BESIDE:
        head = words(told, units, size="sm", color=QUIET, weight="bold")
        return box("vertical", [head, words(step.value, units)], spacing="xs")
    label = words(told, units, size="sm", color=QUIET, flex=5)
    value = words(step.value, units, weight="bold", align="end", flex=2 if columns(step.value) <= WORD else 6)
    return box("baseline", [label, value], spacing="md")


def _figure(figure: Figure, filled: Filled, units: int) -> Component:
    """Draw a count as a row as high as a fingertip, its number at the end, so that numbers stand under each other."""
    ink = LOOKS[figure.tone].ink if figure.tone is not Tone.PLAIN else TEXT
    name = words(marked(figure.tone, figure.label), units, color=ink, weight="bold", flex=1, gravity="center")
    number = words(f"{figure.value:,}", units, size="xl", color=ink, weight="bold", align="end", flex=0, wrap=False)
    row = box("horizontal", [name, number], spacing="md")
    edges: Component = {"paddingTop": "md", "paddingBottom": "md", "paddingStart": "lg", "paddingEnd": "lg"}
    ground = LOOKS[figure.tone].tint if figure.value and figure.tone is not Tone.PLAIN else PAPER
    drawn = box("vertical", [row], cornerRadius="md", backgroundColor=ground, **edges)
    if figure.action is None:
        return drawn
    return {**drawn, "action": line_action(figure.action, filled, Place.FLEX, units)}


def _progress(block: Progress, filled: Filled, units: int) -> Component:
    percent = share(block.done, block.total)
    told = words(filled.say(f"{block.label}　{block.done}／{block.total}（{percent}%）"), units, size="sm")
    ink = LOOKS[Tone.GOOD].ink if percent == WHOLE else BRAND
    full = box("vertical", [], width=f"{percent}%", height=BAR_HEIGHT, backgroundColor=ink, cornerRadius="md")
    bar = box(
        "vertical",
        [full] if percent else [],
        height=BAR_HEIGHT,
        backgroundColor=THIN,
        cornerRadius="md",
    )
    return box("vertical", [told, bar], spacing="sm")


def share(done: int, total: int) -> int:
    """Return how far something is, in whole percent from 0 to 100; nothing to do counts as nothing done."""
    return min(max(done * 100 // total, 0), 100) if total > 0 else 0


def _code(block: Code, filled: Filled, units: int) -> Component:
    code = words(filled.code(block.challenge), units, size="3xl", weight="bold", align="center", color=TEXT)
    return box(
        "vertical",
        [code],
        paddingAll="lg",
        cornerRadius="md",
        backgroundColor=WHITE,
        borderColor=THIN,
        borderWidth="normal",
    )
