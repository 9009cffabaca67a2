"""The blocks of a card as Flex components.

Neighbouring steps are numbered, because a working is read in its order, and several words to type stand as a table.
Everything else is drawn block by block.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.channels.limits_actions import Place
from bot.render.actions import line_action
from bot.render.filled import Filled
from bot.render.pieces import Component, box, line, words
from bot.render.rows import label_share, row, step, table, words_to_type
from bot.render.tones import BRAND, LIGHTS, LOOKS, PAPER, QUIET, TEXT, THIN, WHITE, light_text, marked
from core.cards import Block, Code, Figure, Light, Line, Progress, Row, Rule, Step, Tone

BAR_HEIGHT = "10px"
WHOLE = 100  # per cent


def draw_blocks(blocks: Sequence[Block], filled: Filled, units: int) -> list[Component]:
    """Return the components of these blocks; each text has at most ``units`` UTF-16 units."""
    drawn: list[Component] = []
    share = label_share(blocks)
    for _, grouped in groupby(blocks, key=_belongs):
        group = list(grouped)
        steps = [each for each in group if isinstance(each, Step)]
        pairs = [pair for each in group if (pair := words_to_type(each))]
        if steps:
            drawn += [step(number, each, units) for number, each in enumerate(steps, start=1)]
        elif len(pairs) > 1:
            drawn += table(pairs, units)
        else:
            drawn += [_single(each, filled, units, share) for each in group]
    return drawn


def _belongs(block: Block) -> tuple[bool, bool]:
    """Return what sets a block off from its neighbours: a step, a word to type, or neither."""
    return isinstance(block, Step), words_to_type(block) is not None


def _single(block: Block, filled: Filled, units: int, share: int) -> Component:  # noqa: PLR0911 (one a kind of block)
    match block:
        case Line():
            return _line(block, units)
        case Row():
            return row(block, share, units)
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
    return words(block.text, units, size=size, color=color, weight="bold" if block.strong else "regular")


def _figure(figure: Figure, filled: Filled, units: int) -> Component:
    """Draw a count as a row as high as a fingertip, its number at the end, so that numbers stand under each other."""
    ink = LOOKS[figure.tone].ink if figure.tone is not Tone.PLAIN else TEXT
    name = words(marked(figure.tone, figure.label), units, color=ink, weight="bold", flex=1, gravity="center")
    number = words(f"{figure.value:,}", units, size="xl", color=ink, weight="bold", align="end", flex=0, wrap=False)
    named = box("horizontal", [name, number], spacing="md")
    note = [words(figure.note, units, size="sm", color=ink)] if figure.note else []
    edges: Component = {"paddingTop": "md", "paddingBottom": "md", "paddingStart": "lg", "paddingEnd": "lg"}
    ground = LOOKS[figure.tone].tint if figure.value and figure.tone is not Tone.PLAIN else PAPER
    drawn = box("vertical", [named, *note], cornerRadius="md", backgroundColor=ground, **edges)
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
