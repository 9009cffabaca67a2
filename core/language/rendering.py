"""A finished Chinese text in another language: the catalogue's texts are found in it again, all else stays. Pure.

A text is cut where the catalogue knows its pieces, by the cheapest way through it: what is left in Chinese costs most,
then the number of pieces. Names of people and schools, and what somebody typed, are in no catalogue and stay as they
are. A run of Chinese is translated as a whole or not at all, so that no name is taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.language.catalogue import Catalogue, Pattern
from core.language.days import day_at, holds_day

LONGEST = 1200  # signs that are looked at together; a longer text is taken line by line
DEEPEST = 4  # templates within templates
CHINESE_SIGN, A_PIECE = 1000, 10  # what a sign that is left, and a piece that is known, cost
HAN = r"\u3400-\u9fff\uf900-\ufaff○〇"
WIDE = r"\u3000-\u303f\uff01-\uff65"
_CHINESE = re.compile(rf"[{HAN}{WIDE}]")
_RUN = re.compile(rf"[{HAN}]+")
_OTHER = re.compile(rf"[^{HAN}{WIDE}\s]+")
_SIGNS = {
    "。": ". ", "，": ", ", "、": ", ", "；": "; ", "：": ": ", "？": "? ", "！": "! ", "（": " (", "）": ") ",
    "「": " “", "」": "” ", "『": " ‘", "』": "’ ", "【": " [", "】": "] ", "｜": " | ", "・": " · ", "／": "/",
    "　": " ", "～": "–", "＋": "+", "－": "-",
}  # fmt: skip
_BEFORE_SIGN = re.compile(r"[ \t]+(?=[,.;:?!)\]”’])")
_AFTER_OPENING = re.compile(r"(?<=[(\[“‘])[ \t]+")
_SPACES = re.compile(r"[ \t]{2,}")
_LINE_ENDS = re.compile(r"[ \t]*\n[ \t]*")
_CLOSING = ",.;:?!)]”’"


@dataclass(frozen=True)
class Rendered:
    """A text in the other language, and what the way to it cost."""

    text: str
    cost: int

    @property
    def left(self) -> int:
        """How many signs of Chinese are left in it."""
        return self.cost // CHINESE_SIGN


@dataclass(frozen=True)
class _Step:
    """One piece on the way through a text: what it becomes, where it ends, what it costs."""

    text: str
    end: int
    cost: int
    is_known: bool
    """The catalogue knows it, or it is a date."""


@dataclass(frozen=True)
class _Way:
    """The cheapest way to a place: what it costs in all, and the last step with the place it began at."""

    cost: int
    start: int
    step: _Step
    goes_on: bool
    """It ends within a run of Chinese, which only the catalogue's texts may go on."""


@dataclass
class Reader:
    """Renders texts by one catalogue; what it found of a part it keeps for as long as one answer is rendered."""

    catalogue: Catalogue
    _known: dict[tuple[str, int], Rendered] = field(default_factory=dict)

    def rendered(self, text: str) -> Rendered:
        """Return a text in the other language; what it does not know stays as it is."""
        return self._rendered(text, 0)

    def _rendered(self, text: str, depth: int) -> Rendered:
        entry = self.catalogue.whole.get(text)
        if entry is not None:
            return Rendered(entry.forms[-1], A_PIECE)
        if not is_chinese(text):
            return Rendered(text, 1)
        known = self._known.get((text, depth))
        if known is None:
            known = self._known[text, depth] = self._divided(text, depth)
        return known

    def _divided(self, text: str, depth: int) -> Rendered:
        if depth > DEEPEST:
            return Rendered(text, _cost_left(text))
        if len(text) > LONGEST:
            return self._by_lines(text, depth)
        steps = self._best_way(text, depth)
        if _RUN.search(text) and not any(step.is_known for step in steps):
            return Rendered(text, _cost_left(text))
        return Rendered(joined(text, [(step.text, step.is_known) for step in steps]), sum(step.cost for step in steps))

    def _by_lines(self, text: str, depth: int) -> Rendered:
        lines = text.split("\n")
        done = [self._rendered(each, depth) if len(each) <= LONGEST else Rendered(each, 0) for each in lines]
        return Rendered("\n".join(each.text for each in done), sum(each.cost for each in done))

    def _best_way(self, text: str, depth: int) -> list[_Step]:
        """Return the cheapest steps from the beginning of a text to its end."""
        opening = [each for each in self.catalogue.open if each.template.may_stand_in(text)]
        ways: dict[int, _Way] = {}
        for place in range(len(text)):
            here = ways.get(place)
            if here is None and place:
                continue
            cost, goes_on = (here.cost, here.goes_on) if here else (0, False)
            for step in self._steps(text, place, depth, None if goes_on else opening):
                taken = ways.get(step.end)
                if taken is None or cost + step.cost < taken.cost:
                    ways[step.end] = _Way(cost + step.cost, place, step, step.is_known and _is_inside(text, step.end))
        return _traced(ways, len(text))

    def _steps(self, text: str, place: int, depth: int, opening: list[Pattern] | None) -> Iterator[_Step]:
        """Yield the steps from a place; within a run (no ``opening``) only what begins with a text of its own."""
        day = day_at(text, place)
        if day is not None:
            yield _Step(day[0], day[1], 1, is_known=True)
        for entry in self.catalogue.beginning_at(text, place):
            yield _Step(entry.forms[-1], place + len(entry.chinese), A_PIECE, is_known=True)
        for pattern in (*self.catalogue.headed_at(text, place), *(opening or ())):
            yield from self._filled(pattern, text, place, depth)
        if opening is not None:
            yield _kept(text, place)

    def _filled(self, pattern: Pattern, text: str, place: int, depth: int) -> Iterator[_Step]:
        for found in pattern.template.at(text, place):
            parts = {name: self._rendered(part, depth + 1) for name, part in found.parts.items()}
            said = pattern.entry.said(found.parts, {name: part.text for name, part in parts.items()})
            cost = A_PIECE + sum(part.cost for part in parts.values())
            yield _Step(said, found.end, cost, is_known=True)


def is_chinese(text: str) -> bool:
    """Return whether anything in a text is to be rendered: signs of Chinese, or a date of the ROC calendar."""
    return _CHINESE.search(text) is not None or holds_day(text)


def chinese_runs(text: str) -> list[str]:
    """Return the runs of Chinese that stand in a text."""
    return _RUN.findall(text)


def joined(original: str, pieces: Sequence[tuple[str, bool]]) -> str:
    """Return pieces put together as English is written; each with whether it was translated."""
    whole = ""
    was_known = False
    for text, is_known in pieces:
        needs_space = (is_known or was_known) and whole[-1:] and _ends_word(whole[-1]) and text[:1].isalnum()
        whole += f" {text}" if needs_space else text
        was_known = is_known
    tidy = _AFTER_OPENING.sub("", _BEFORE_SIGN.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", whole))))
    tidy = tidy if original[:1].isspace() else tidy.lstrip(" ")
    return tidy if original[-1:].isspace() else tidy.rstrip(" ")


def _ends_word(sign: str) -> bool:
    return sign.isalnum() or sign in _CLOSING


def _is_inside(text: str, end: int) -> bool:
    return _RUN.match(text, end) is not None and _RUN.match(text, end - 1) is not None


def _cost_left(text: str) -> int:
    return A_PIECE + CHINESE_SIGN * sum(len(each) for each in chinese_runs(text))


def _kept(text: str, place: int) -> _Step:
    """Return the step over what is no business of the catalogue: a sign, a word in letters, a run of Chinese."""
    run = _RUN.match(text, place)
    if run is not None:
        return _Step(run[0], run.end(), _cost_left(run[0]), is_known=False)
    other = _OTHER.match(text, place)
    if other is not None and not holds_day(other[0]):  # 107/12/19–108/01/17 is two dates and a sign, no word
        return _Step(other[0], other.end(), 1, is_known=False)
    return _Step(_SIGNS.get(text[place], text[place]), place + 1, 1, is_known=False)


def _traced(ways: Mapping[int, _Way], end: int) -> list[_Step]:
    steps: list[_Step] = []
    while end:
        way = ways[end]
        steps.append(way.step)
        end = way.start
    return steps[::-1]
