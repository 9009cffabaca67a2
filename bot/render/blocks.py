"""The blocks of a card as Flex components.

Neighbouring figures share a grid of two columns, and neighbouring steps are numbered, because a working is read in
its order. Everything else is drawn block by block.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.channels.json_types import JsonValue
from bot.channels.limits_actions import Place
from bot.render.actions import line_action
from bot.render.filled import Filled
from bot.render.pieces import Component, box, line, words
from bot.render.tones import BRAND, LIGHTS, LOOKS, PAPER, QUIET, TEXT, THIN, WHITE, light_text, marked
from core.cards import Block, Code, Figure, Light, Line, Progress, Row, Rule, Step, Tone
from core.wording import columns

COLUMNS = 2  # three numbers side by side do not fit the largest text size
BAR_HEIGHT = "10px"
BESIDE = 18  # columns of a typewriter; a date with its weekday has 15
_EMPTY_CELL = box("vertical", [], flex=1, paddingAll="sm", borderColor=WHITE, borderWidth="normal")


def draw_blocks(blocks: Sequence[Block], filled: Filled, units: int) -> list[Component]:
    """Return the components of these blocks; each text has at most ``units`` UTF-16 units."""
    drawn: list[Component] = []
    for kind, group in groupby(blocks, key=type):
        if kind is Figure:
            drawn += _grid([each for each in group if isinstance(each, Figure)], filled, units)
        elif kind is Step:
            steps = [each for each in group if isinstance(each, Step)]
            drawn += [_step(number, step, units) for number, step in enumerate(steps, start=1)]
        else:
            drawn += [_single(each, filled, units) for each in group]
    return drawn


def _single(block: Block, filled: Filled, units: int) -> Component:
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
        case Figure() | Step():  # pragma: no cover - drawn in groups above
            raise AssertionError(block.kind)


def _line(block: Line, units: int) -> Component:
    size, color = ("sm", QUIET) if block.quiet else ("md", TEXT)
    return words(block.text, units, size=size, color=color, weight="bold" if block.strong else "regular")


def _row(block: Row, units: int) -> Component:
    value: JsonValue = words(marked(block.tone, block.value), units, flex=5, **_toned(block.tone))
    label: JsonValue = words(block.label, units, size="sm", color=QUIET, flex=2)
    return {"type": "box", "layout": "baseline", "spacing": "md", "contents": [label, value]}


def _toned(tone: Tone) -> Component:
    return {} if tone is Tone.PLAIN else {"color": LOOKS[tone].ink, "weight": "bold"}


def _step(number: int, step: Step, units: int) -> Component:
    """Draw what came out beside its label, or below it where it is a sentence and no date or number."""
    told = f"{number}. {step.label}"
    if columns(step.value) > BESIDE:
        head = words(told, units, size="sm", color=QUIET, weight="bold")
        return box("vertical", [head, words(step.value, units)], spacing="xs")
    label = words(told, units, size="sm", color=QUIET, flex=5)
    value = words(step.value, units, weight="bold", align="end", flex=6)
    return box("horizontal", [label, value], spacing="md")


def _grid(figures: Sequence[Figure], filled: Filled, units: int) -> list[Component]:
    cells = [_figure(each, filled, units) for each in figures]
    if len(cells) > 1 and len(cells) % COLUMNS:
        cells.append(_EMPTY_CELL)  # the last number stays as wide as the others
    rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
    return [box("horizontal", row, spacing="md") for row in rows]


def _figure(figure: Figure, filled: Filled, units: int) -> Component:
    ink = LOOKS[figure.tone].ink if figure.tone is not Tone.PLAIN else TEXT
    number = words(f"{figure.value:,}", units, size="xxl", color=ink, weight="bold", align="center")
    name = words(marked(figure.tone, figure.label), units, size="sm", color=ink, align="center")
    cell = box("vertical", [number, name], flex=1, paddingAll="sm", cornerRadius="md", backgroundColor=PAPER)
    if figure.action is None:
        return cell
    action = line_action(figure.action, filled, Place.FLEX, units)
    return {**cell, "borderColor": BRAND, "borderWidth": "normal", "action": action}


def _progress(block: Progress, filled: Filled, units: int) -> Component:
    percent = share(block.done, block.total)
    told = words(filled.say(f"{block.label}　{block.done}／{block.total}（{percent}%）"), units, size="sm")
    full = box("vertical", [], width=f"{percent}%", height=BAR_HEIGHT, backgroundColor=BRAND)
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
