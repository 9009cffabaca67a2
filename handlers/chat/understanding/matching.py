"""Which terms stand in a folded text, and what they say together.

A term that lies within a longer one that was found does not count: 不開案 is not 開案. What is found is kept with its
place, so every decision can be read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from core.accounts.rules import is_national_id
from handlers.chat.understanding.folding import sounds
from handlers.chat.understanding.folding_english import fold_english
from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.lexicon import DATE, DAY, FILLER, NUMBER, english_terms, terms, weight
from handlers.chat.understanding.meanings import RULES, Rule
from handlers.chat.understanding.spoken_days import spoken

LEAST_SAID = 2.0  # of a rule that is not met, for its meaning to be asked about
LEAST_SOUNDED = 2  # signs of a term that is found by its sound
CASE_NUMBER = re.compile(r"(?<![A-Z0-9])(?<!帳號)(?<!帳號[:是])[A-Z]{1,4}-?[0-9]{3}[0-9A-Z-]{0,35}(?![0-9A-Z.-]*@)")
_PARTS = re.compile(
    r"^[0-9]{4,7}號?$|^[0-9]{1,5}號$|(?<![0-9月/.-])[0-9]{1,5}號(?=[的那這個]*(?:案|[那這]件))"
    r"|(?<![0-9A-Z月/.-])[0-9]{1,5}(?=[那這](?:件|個?案))"
    r"|(?<![A-Z0-9])[A-Z]{2,4}-?[0-9]{2}(?![0-9A-Z])|(?<=查)[0-9]{3,7}(?![0-9])|(?<=案號)[0-9]{3,7}(?![0-9])"
)
"""Of a number: alone, before 號 and what says that it is a case, with its letters, or looked for."""
_DAY = re.compile(
    r"(?<![0-9A-Z])(?:[0-9]{2,4}[年/.-])?(?:1[0-2]|0?[1-9])[月/.-](?:3[01]|[12][0-9]|0?[1-9])(?:[日號]|(?![0-9]))"
)


@dataclass(frozen=True)
class Match:
    """A term where it was found, and what it stands for."""

    start: int
    end: int
    term: str
    concepts: frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """An intent with the rule that speaks most for it, and the terms found."""

    intent: Intent
    weight: float
    """What the rule's concepts weigh, with its bonus."""
    share: float
    """How much of the text they cover, words that say nothing left out: 0 to 1."""
    terms: tuple[str, ...]

    @property
    def score(self) -> float:
        """Return the weight, and the share that decides between equal ones."""
        return self.weight + self.share


class Index:
    """The terms with their concepts, and how long those are that begin with a sign, longest first."""

    def __init__(
        self, spelt: Callable[[str], str] = str, least: int = 1, listed: Callable[[], Iterable[tuple[str, str]]] = terms
    ) -> None:
        """Index the terms as ``spelt`` writes them; shorter ones than ``least`` are left out."""
        concepts: dict[str, set[str]] = defaultdict(set)
        for term, concept in listed():
            if len(term) >= least:
                concepts[spelt(term)].add(concept)
        self._concepts = {term: frozenset(names) for term, names in concepts.items()}
        lengths: dict[str, set[int]] = defaultdict(set)
        for term in self._concepts:
            lengths[term[0]].add(len(term))
        self._lengths = {sign: tuple(sorted(each, reverse=True)) for sign, each in lengths.items()}

    def matches(self, text: str) -> list[Match]:
        """Return the terms in a text, those within longer ones left out; in order of their place."""
        found: list[Match] = []
        reach = 0
        for place, sign in enumerate(text):
            for length in self._lengths.get(sign, ()):
                end = place + length
                concepts = self._concepts.get(text[place:end]) if reach < end <= len(text) else None
                if concepts:
                    found.append(Match(place, end, text[place:end], concepts))
                    reach = end
                    break
        return found


_BITS = {need: 1 << place for place, need in enumerate(sorted({need for rule in RULES for need in rule.needs}))}
_HEAVIEST_FIRST = tuple(
    (sum(_BITS[need] for need in rule.needs), rule) for rule in sorted(RULES, key=lambda rule: -rule.weight)
)
_WRITTEN = Index()
_SOUNDED = Index(sounds, LEAST_SOUNDED)
_ENGLISH = Index(fold_english, listed=english_terms)


def candidates(text: str, *, by_sound: bool = False) -> list[Candidate]:
    """Return what a folded text may mean, best first; ``by_sound``: slips of the input method are forgiven."""
    looked_at = sounds(text) if by_sound else text
    index = _SOUNDED if by_sound else _WRITTEN
    return _weighed([*index.matches(looked_at), *_forms(text)], len(text))


def terms_in(text: str) -> list[Match]:
    """Return the terms of the house that stand in a folded text, what says nothing among them."""
    return _WRITTEN.matches(text)


def nearest(text: str) -> tuple[Intent, ...]:
    """Return the meanings a folded text says a part of, the nearest first: what is missing of a rule counts against it.

    They are for asking back only: no rule of theirs is met.
    """
    found = _concepts([*_WRITTEN.matches(text), *_forms(text)])
    best: dict[Intent, float] = defaultdict(float)
    for rule in RULES:
        said = sum(weight(each) for each in rule.needs & found.keys())
        if said >= LEAST_SAID and 2 * said >= rule.weight:
            best[rule.intent] = max(best[rule.intent], 2 * said - rule.weight)
    return tuple(sorted(best, key=lambda intent: (-best[intent], intent)))


def english_candidates(text: str) -> list[Candidate]:
    """Return what a folded English text may mean, best first."""
    return _weighed([*_ENGLISH.matches(text), *_forms(text)], len(text))


def case_numbers(text: str) -> tuple[str, ...]:
    """Return the case numbers in a folded text, each once, or else the parts of such numbers.

    A national ID and the name of a mailbox are none.
    """
    found = [each[0] for each in CASE_NUMBER.finditer(text)] or [each[0].rstrip("號") for each in _PARTS.finditer(text)]
    return tuple(dict.fromkeys(each for each in found if not is_national_id(each)))


def day_in(text: str) -> str:
    """Return the first date in a folded text as it is written there; empty: none is."""
    found = _DAY.search(text)
    return found[0] if found else ""


def _forms(text: str) -> Iterable[Match]:
    """Yield what is found by its form: a case number, a date, a day as it is said."""
    days = ((day_in(text), DATE), (spoken(text), DAY))
    for written, concept in (*((each, NUMBER) for each in case_numbers(text)), *(each for each in days if each[0])):
        place = text.index(written)
        yield Match(place, place + len(written), written, frozenset({concept}))


def _concepts(found: list[Match]) -> dict[str, list[Match]]:
    by_concept: dict[str, list[Match]] = defaultdict(list)
    for match in found:
        for concept in match.concepts:
            by_concept[concept].append(match)
    return by_concept


def _weighed(found: list[Match], length: int) -> list[Candidate]:
    by_concept = _concepts(found)
    filler = {place for match in by_concept.pop(FILLER, ()) for place in range(match.start, match.end)}
    best: dict[Intent, Candidate] = {}
    absent = ~sum(_BITS[concept] for concept in by_concept if concept in _BITS)
    for rule in (rule for needs, rule in _HEAVIEST_FIRST if not needs & absent):
        known = best.get(rule.intent)
        if known is not None and rule.weight + 1 <= known.score:
            continue  # not even if it covered the whole text
        candidate = _candidate(rule, by_concept, length, filler)
        if known is None or candidate.score > known.score:
            best[rule.intent] = candidate
    return sorted(best.values(), key=lambda each: (-each.score, each.intent))


def _candidate(rule: Rule, by_concept: Mapping[str, list[Match]], length: int, filler: AbstractSet[int]) -> Candidate:
    used = sorted({match for need in rule.needs for match in by_concept[need]}, key=lambda match: match.start)
    covered = {place for match in used for place in range(match.start, match.end)}
    share = len(covered) / (length - len(filler - covered))
    return Candidate(rule.intent, rule.weight, share, tuple(match.term for match in used))
