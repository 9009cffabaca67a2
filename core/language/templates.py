"""Texts with places in them, known again in what was said: ``剩 {0} 天`` in 剩 3 天. Pure.

A template is what an f-string or a ``format`` text looks like in the code. It is matched by its literal parts, each
taken at its first place after the one before: with no more than one place between two literals that finds a match
wherever there is one, and never has to go back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

SENTENCE_ENDS = "。！？!?\n"
PAUSES = "，、；：・｜）」』　 "
ENDS_TRIED = 4  # how many pauses are tried as the end of a template that ends in a place


@dataclass(frozen=True)
class Found:
    """A template where it stands in a text: what fills its places, and where it ends."""

    parts: Mapping[str, str]
    end: int


@dataclass(frozen=True)
class Template:
    """A text cut at its places: ``literals`` stand around ``places``, one more than there are places."""

    literals: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    """The names of the places between two literals; several where nothing parts them."""

    @cached_property
    def weight(self) -> int:
        """How many signs of it are given: the more, the surer it is the one that was meant."""
        return sum(len(each) for each in self.literals)

    @property
    def head(self) -> str:
        """What it begins with; empty where that is a place."""
        return self.literals[0]

    def may_stand_in(self, text: str) -> bool:
        """Return whether all its literals stand in a text, in whatever order: the cheap question before the dear."""
        return all(each in text for each in self.literals)

    def at(self, text: str, start: int) -> Iterator[Found]:
        """Yield where it stands in a text from ``start`` on, within a sentence; and once to the very end."""
        if not text.startswith(self.head, start):
            return
        yield from self._within(text, start, _sentence_end(text, start + self._reach))
        if start == 0 and (whole := self.filled(text)) is not None:
            yield Found(whole, len(text))

    @cached_property
    def _reach(self) -> int:
        """How far into itself it holds the last end of a sentence that is its own."""
        reach, length = 0, 0
        for literal in self.literals:
            if any(sign in SENTENCE_ENDS for sign in literal[:-1]):
                reach = length + len(literal)
            length += len(literal)
        return reach

    def filled(self, text: str) -> Mapping[str, str] | None:
        """Return what fills its places where it is the whole text; None: it is not."""
        return self._parts(text, 0, len(text))

    def _within(self, text: str, start: int, limit: int) -> Iterator[Found]:
        if self.literals[-1]:
            end = self._last_literal_end(text, start, limit)
            ends: tuple[int, ...] = () if end is None else (end,)
        else:
            ends = _pauses(text, start + len(self.head), limit)
        for end in ends:
            parts = self._parts(text, start, end)
            if parts is not None:
                yield Found(parts, end)

    def _last_literal_end(self, text: str, start: int, limit: int) -> int | None:
        position = start + len(self.head)
        for literal in self.literals[1:]:
            found = text.find(literal, position, limit + len(literal))
            if found < 0:
                return None
            position = found + len(literal)
        return position

    def _parts(self, text: str, start: int, end: int) -> Mapping[str, str] | None:
        last = self.literals[-1]
        stop = end - len(last)
        position = start + len(self.head)
        if position > stop or not text.startswith(self.head, start) or not text.startswith(last, stop):
            return None
        parts: dict[str, str] = {}
        for names, literal in zip(self.places[:-1], self.literals[1:-1], strict=True):
            found = text.find(literal, position, stop)
            if found < 0:
                return None
            parts |= _shared(names, text[position:found])
            position = found + len(literal)
        return parts | _shared(self.places[-1], text[position:stop])


def template_of(text: str) -> Template | None:
    """Return the template a text of the catalogue is; None: it has no place. Raises ``ValueError`` for odd braces."""
    literals, places, number = [""], list[tuple[str, ...]](), 0
    for literal, name, _, _ in Formatter().parse(text):
        literals[-1] += literal
        if name is None:
            continue
        if not name:
            name, number = str(number), number + 1  # noqa: PLW2901 (an unnamed place is named by its number)
        if places and not literals[-1]:
            places[-1] = (*places[-1], name)
        else:
            places.append((name,))
            literals.append("")
    return Template(tuple(literals), tuple(places)) if places else None


def places_of(text: str) -> tuple[str, ...]:
    """Return the names of a text's places, in order, each once."""
    template = template_of(text)
    return tuple(dict.fromkeys(name for names in template.places for name in names)) if template else ()


def plain(text: str) -> str:
    """Return a text without places as it is said: doubled braces are single ones."""
    return text.replace("{{", "{").replace("}}", "}")


def _shared(names: tuple[str, ...], value: str) -> dict[str, str]:
    """Return what fills places that nothing parts: the first has it all."""
    return dict.fromkeys(names, "") | {names[0]: value}


def _sentence_end(text: str, start: int) -> int:
    found = (text.find(sign, start) for sign in SENTENCE_ENDS)
    return min((each + 1 for each in found if each >= 0), default=len(text))


def _pauses(text: str, start: int, limit: int) -> tuple[int, ...]:
    """Return the next pauses, and the end of the sentence with and without its sign."""
    found = [place for place in range(start, limit) if text[place] in PAUSES][:ENDS_TRIED]
    before_sign = [limit - 1] if limit > start and text[limit - 1] in SENTENCE_ENDS else []
    return tuple(dict.fromkeys([*found, *before_sign, limit]))
