"""A finished Chinese text in another language: the catalogue's texts are found in it again, all else stays. Pure.

A text is cut where the catalogue knows its pieces, by the cheapest way through it: what is left in Chinese costs most,
then the number of pieces. Names of people and schools, and what somebody typed, are in no catalogue and stay as they
are. A run of Chinese is translated as a whole or not at all, so that no name is taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.language.catalogue import CHINESE_SIGN, Catalogue, Pattern, Rendered
from core.language.days import day_at, holds_day
from core.language.templates import Found

LONGEST = 600  # signs that are looked at together; a longer text is taken line by line
LONGEST_NAME = 6  # signs of Chinese; what is longer and stands in sentences is more than the name of a person
DEEPEST = 4  # templates within templates
SLIGHT = 2  # signs of a template that says so little that it holds only around what is known
A_PIECE = 10  # what a piece that is known costs: much less than a sign that is left in Chinese
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
_SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]*|[。！？\n]+")
_SEVERAL_COUNTS = re.compile(r"、\d+$")
_CLOSING = ",.;:?!)]”’"
_OPENING = "(["


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
        known = self.catalogue.met.get(text) or self._known.get((text, depth))
        if known is None:
            known = self._known[text, depth] = self._looked_up(text, depth)
            if _is_nobodys(text, known):
                self.catalogue.remember(text, known)
        return known

    def _looked_up(self, text: str, depth: int) -> Rendered:
        """Return a text by the cheapest look that says all of it: one template, its sentences, every way through it."""
        if depth > DEEPEST:
            return _left(text)
        if len(text) > LONGEST:
            return self._by_lines(text, depth)
        return self._as_one(text, depth) or self._by_sentences(text, depth) or self._divided(text, depth)

    def _as_one(self, text: str, depth: int) -> Rendered | None:
        """Return a text that is one template, the most literal one, with nothing in its places cut up; else None."""
        opening = (each for each in self.catalogue.open if each.template.may_stand_in(text))
        for pattern in (*self.catalogue.headed_at(text, 0), *opening):
            found = pattern.template.filled(text)
            step = found and self._step(pattern, Found(found, len(text)), depth, is_cut_up=_is_cut_up)
            if step:
                return Rendered(step.text, step.cost)
        return None

    def _by_sentences(self, text: str, depth: int) -> Rendered | None:
        """Return a text whose sentences are all known to the last sign; else None."""
        sentences = _SENTENCE.findall(text)
        if len(sentences) == 1:
            return None
        done = [self._rendered(each, depth) for each in sentences]
        if any(each.left for each in done):
            return None
        return Rendered(joined(text, [(each.text, True) for each in done]), sum(each.cost for each in done))

    def _divided(self, text: str, depth: int) -> Rendered:
        steps = self._best_way(text, depth)
        if _is_somebodys(text, steps) or (_RUN.search(text) and not any(step.is_known for step in steps)):
            return _left(text)
        return Rendered(joined(text, [(step.text, step.is_known) for step in steps]), sum(step.cost for step in steps))

    def _by_lines(self, text: str, depth: int) -> Rendered:
        lines = text.split("\n")
        done = [self._rendered(each, depth) if len(each) <= LONGEST else _left(each) for each in lines]
        return Rendered("\n".join(each.text for each in done), sum(each.cost for each in done))

    def _best_way(self, text: str, depth: int) -> list[_Step]:
        """Return the cheapest steps from the beginning of a text to its end; one sign alone makes no template there."""
        opening = [
            each for each in self.catalogue.open if each.template.weight > 1 and each.template.may_stand_in(text)
        ]
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
            step = self._step(pattern, found, depth)
            if step is not None:
                yield step

    def _step(
        self, pattern: Pattern, found: Found, depth: int, is_cut_up: Callable[[str, Rendered], bool] | None = None
    ) -> _Step | None:
        """Return a template with its places rendered; None: what it says is so short that it has to be all of it.

        One that counts (3 天前) is none around a list that counts itself (3 天前、1 of 3 天前、1 天前).
        """
        if len(pattern.entry.forms) > 1 and any(_SEVERAL_COUNTS.search(part) for part in found.parts.values()):
            return None
        parts = {name: self._rendered(part, depth + 1) for name, part in found.parts.items()}
        if pattern.template.weight <= SLIGHT and any(part.left for part in parts.values()):
            return None
        if is_cut_up and any(is_cut_up(found.parts[name], part) for name, part in parts.items()):
            return None
        said = pattern.entry.said(found.parts, {name: part.text for name, part in parts.items()})
        return _Step(said, found.end, A_PIECE + sum(part.cost for part in parts.values()), is_known=True)


def _is_somebodys(text: str, steps: Sequence[_Step]) -> bool:
    """Return whether a text reads as somebody's own: sentences, and in them more than a name that is not known."""
    has_sentences = any(sign in text for sign in "。！？；") or text.count("，") > 1
    return has_sentences and any(len(step.text) > LONGEST_NAME and _RUN.fullmatch(step.text) for step in steps)


def _is_cut_up(original: str, part: Rendered) -> bool:
    """Return whether a part is known in some of its pieces only: then it may be no part at all."""
    return part.left > 0 and part.text != original


def _is_nobodys(text: str, rendered: Rendered) -> bool:
    """Return whether a text is the same for everybody: known to the last sign, and with no number in it."""
    return not rendered.left and not any(sign.isdigit() for sign in text)


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
        needs_space = (is_known or was_known) and whole[-1:] and _ends_word(whole[-1]) and _begins_word(text[:1])
        whole += f" {text}" if needs_space else text
        was_known = is_known
    tidy = _AFTER_OPENING.sub("", _BEFORE_SIGN.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", whole))))
    tidy = tidy if original[:1].isspace() else tidy.lstrip(" ")
    return tidy if original[-1:].isspace() else tidy.rstrip(" ")


def _begins_word(sign: str) -> bool:
    return sign.isalnum() or (sign != "" and sign in _OPENING)


def _ends_word(sign: str) -> bool:
    return sign.isalnum() or sign in _CLOSING


def _is_inside(text: str, end: int) -> bool:
    return _RUN.match(text, end) is not None and _RUN.match(text, end - 1) is not None


def _left(text: str) -> Rendered:
    return Rendered(text, _cost_left(text))


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
