"""How a sentence is understood: by its terms, as one, and clause by clause where it has several.

A text is read as one, and its clauses each by itself. Where two clauses clearly mean different things it is not
decided for the person which comes first: they are asked. What is not clear is guessed at, and a guess is only offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

from handlers.chat.understanding.folding import fold, sounds
from handlers.chat.understanding.folding_english import fold_english, is_english
from handlers.chat.understanding.intents import DATED, NAMING, SMALL_TALK, Intent
from handlers.chat.understanding.matching import (
    Candidate,
    candidates,
    case_numbers,
    day_in,
    english_candidates,
    nearest,
)
from handlers.chat.understanding.spoken_days import spoken

LOOKED_AT = 200  # signs of a message; a longer one is a story for a person
CLEAR = 3.0  # a score that is enough whatever else stands in the text
SHORT_CLEAR = 2.0  # enough where what was found covers much of the text
MUCH = 0.25
SMALL_TALK_CLEAR = 1.6
SMALL_TALK_COVERS = 0.3
STORY = 60  # signs; so long a text has to be about what was found
STORY_COVERS = 0.12
TOSS_UP = 0.15  # of a score: a meaning that is no further ahead is not taken for the one that is meant
SOUNDS_MORE = 2.0  # so much more a text has to say by sound to be read so
LEAST_GUESS = 1.5
ALIKE = 65.0  # of 100: below it, words that only share their commonest signs are alike
LEAST_ALIKE = 50.0  # enough where half of the text is how the word begins (代班, 選擔)
MOST_GUESSES = 3
NEAREST = 2  # meanings that are asked about where a text says a part of them
LOOKED_ALIKE = 10
LEAST_CLAUSE = 2
MOST_CLAUSES = 6
WORDS_KEPT = 4096  # several times as many as are known
_CLAUSES = re.compile(
    r"[,，。;；!！?？、…\n]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|(?:另外|順便|还有|還有|而且|然後|以及|並且|再給|再幫)"
)
"""White space between Chinese signs is how people on a phone write a comma."""
_ORDERED = re.compile(
    r"先(?P<first>[^先]{2,60}?)[,，。;；、\s]*(?:然後再?|接著再?|之後再?|最後再?|再來?)(?=[^次度])(?P<then>.{2,})",
    re.DOTALL,
)
"""先看待辦再寄驗證碼."""
_BESIDES = re.compile("(?<=[,，。;；!！?？、\\s])(?:另外|順便|还有|還有|而且|然後|以及|並且)")
_GLUED = re.compile(r"([A-Za-z]{1,4}-?[0-9]{3,})\s+(?=[0-9])")
"""A case number, and a date that would grow onto it where white space is taken away."""
_ROUND = " ,，。;；!！?？、…\n"

_TO_COME = re.compile("明|後天|大後|下")
_FALLS_DUE = re.compile("到期|期限|截止|要[交回補]")
_IS_LATE = "逾期"
"""今天還有什麼沒回 asks for all that is owed, 今天到期的 for what falls due; 明天要報哪幾件逾期 for what is late."""

_ENGLISH_CLAUSES = re.compile(r"[,;!?\n]+|\.(?:\s|$)|\b(?:and|also|then|plus)\b", re.IGNORECASE)


class Kind(StrEnum):
    """How sure the reading is."""

    CLEAR = "clear"
    SEVERAL = "several"
    IN_ORDER = "in order"
    """Several, and the text says which comes first."""
    EITHER = "either"
    """One thing, and as much speaks for one meaning as for another."""
    UNCLEAR = "unclear"


_MEANT = (Kind.CLEAR, Kind.SEVERAL)


@dataclass(frozen=True)
class Reading:
    """What a text means, and why."""

    kind: Kind
    commands: tuple[str, ...]
    """What would have been typed: one where it is clear, one for each where several are meant, the guesses else."""
    candidates: tuple[Candidate, ...]
    """All that was weighed over the whole text, best first."""
    intents: tuple[Intent, ...]
    """What the commands mean; empty where guesses are made."""
    unread: str = ""
    """What was said besides, behind a word like 還有, and not understood."""


@dataclass(frozen=True)
class Part:
    """What one clause means: the command for it, and what its rule weighs."""

    command: str
    weight: float


@dataclass(frozen=True)
class Tongue:
    """How the texts of one language are read."""

    folds: Callable[[str], str]
    ranks: Callable[[str], list[Candidate]]
    """Weighs a folded text."""
    ranks_clause: Callable[[str], list[Candidate]]
    clauses: re.Pattern[str]
    """What stands between two clauses."""


def understand(text: str, words: Mapping[str, str]) -> Reading:
    """Return what a text means; ``words`` maps the known words, normal, to the titles guesses are offered under."""
    looked_at = _GLUED.sub(r"\1，", text[:LOOKED_AT])
    if ordered := _in_order(looked_at):
        return ordered
    reading = _read(looked_at, ENGLISH if is_english(looked_at) else CHINESE)
    if reading.kind is not Kind.UNCLEAR:
        return replace(reading, unread=_unread(looked_at))
    if heard := _heard(fold(looked_at), words):
        return heard
    return replace(reading, commands=guesses(fold(looked_at), list(reading.candidates), words))


def _in_order(text: str) -> Reading | None:
    """Return two things of which a text says what comes first, where both are clear by themselves; else None."""
    found = _ORDERED.search(text)
    if found is None:
        return None
    first, then = _read(found["first"], CHINESE), _read(found["then"], CHINESE)
    if first.kind not in _MEANT or then.kind not in _MEANT:
        return None
    commands = tuple(dict.fromkeys((*first.commands, *then.commands)))
    intents = tuple(dict.fromkeys((*first.intents, *then.intents)))
    return Reading(Kind.IN_ORDER, commands, (), intents) if len(commands) > 1 else None


def _read(text: str, tongue: Tongue) -> Reading:
    """Return what a text means, by all of it and by its clauses; nothing is guessed."""
    whole = tongue.folds(text)
    ranked, parts = tongue.ranks(whole), _parts(text, tongue)
    if len(parts) > 1 and not _spans(ranked, parts) and not _asks_of_each(ranked, parts):
        return _of_parts(Kind.SEVERAL, parts, ranked)
    if _is_clear(ranked, whole) and _is_toss_up(ranked):
        return Reading(Kind.EITHER, tuple(each.intent.word for each in ranked[:2]), tuple(ranked), ())
    if _is_clear(ranked, whole):
        commands = _commands(ranked[0].intent, whole)
        kind = Kind.CLEAR if len(commands) == 1 else Kind.SEVERAL
        return Reading(kind, commands, tuple(ranked), (ranked[0].intent,))
    if len(parts) == 1:
        return _of_parts(Kind.CLEAR, parts, ranked)
    return Reading(Kind.UNCLEAR, (), tuple(ranked), ())


def _heard(text: str, words: Mapping[str, str]) -> Reading | None:
    """Return the meaning of a folded text that only sounds like a known word: 客浮 for 客服."""
    heard = sounds(text)
    titles = {title for word, title in words.items() if len(word) > 1 and _sound_of(word) == heard}
    if len(titles) != 1:
        return None
    return Reading(Kind.CLEAR, tuple(titles), (), tuple(each for each in Intent if each.word in titles))


@lru_cache(WORDS_KEPT)
def _sound_of(word: str) -> str:
    return sounds(fold(word))


def _unread(text: str) -> str:
    """Return what stands behind 還有 or 另外 in a text and says nothing that is known, while what is before it does."""
    first, *more = _BESIDES.split(text)
    if not more or _read(first, CHINESE).kind is not Kind.CLEAR:
        return ""
    said = more[-1].strip(_ROUND)
    return said if len(said) > LEAST_CLAUSE and _read(said, CHINESE).kind is Kind.UNCLEAR else ""


def guesses(text: str, ranked: list[Candidate], words: Mapping[str, str]) -> tuple[str, ...]:
    """Return up to three titles that a folded text may mean: by its terms, by likeness to a word, else by a part."""
    found = [each.intent.word for each in ranked if each.score >= LEAST_GUESS and each.intent not in SMALL_TALK]
    alike = process.extract(text, words.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=LOOKED_ALIKE)
    near = (words[word] for word, score, _ in alike if score >= ALIKE or _begins_alike(text, word))
    guessed = tuple(dict.fromkeys([*found, *near]))[:MOST_GUESSES]
    return guessed or tuple(intent.word for intent in nearest(text)[:NEAREST])


def _begins_alike(text: str, word: str) -> bool:
    return not text.isascii() and 2 * Prefix.similarity(text, word) >= len(text)


def _ranked(text: str) -> list[Candidate]:
    """Return the candidates as written, or by sound, where that is clear and says much more (休雪)."""
    written, sounded = candidates(text), candidates(text, by_sound=True)
    if not _is_clear(sounded, text):
        return written
    if _is_clear(written, text) and sounded[0].weight < written[0].weight + SOUNDS_MORE:
        return written
    return sounded


def _is_clear(ranked: list[Candidate], text: str) -> bool:
    if not ranked:
        return False
    best = ranked[0]
    if len(text) > STORY and best.share < STORY_COVERS:
        return False
    if best.intent in SMALL_TALK:
        return best.weight >= SMALL_TALK_CLEAR and best.share >= SMALL_TALK_COVERS
    return best.weight >= CLEAR or (best.weight >= SHORT_CLEAR and best.share >= MUCH)


def _is_toss_up(ranked: list[Candidate]) -> bool:
    return len(ranked) > 1 and ranked[0].score - ranked[1].score < TOSS_UP


def _clause(text: str) -> list[Candidate]:
    """Return the candidates of one folded clause: by sound only where it says nothing as written."""
    written = candidates(text) if len(text) >= LEAST_CLAUSE else []
    return written if _is_clear(written, text) else _ranked(text)


CHINESE = Tongue(fold, _ranked, _clause, _CLAUSES)
ENGLISH = Tongue(fold_english, english_candidates, english_candidates, _ENGLISH_CLAUSES)


def _parts(text: str, tongue: Tongue) -> dict[Intent, Part]:
    """Return what the clauses of a text clearly mean, each by itself."""
    meant: dict[Intent, Part] = {}
    for clause in tongue.clauses.split(text)[:MOST_CLAUSES]:
        folded = tongue.folds(clause)
        ranked = tongue.ranks_clause(folded)
        if _is_clear(ranked, folded) and ranked[0].intent not in SMALL_TALK:
            best = ranked[0]
            meant.setdefault(best.intent, Part(_commands(best.intent, folded)[0], best.weight))
    return meant


def _spans(ranked: list[Candidate], parts: Mapping[Intent, Part]) -> bool:
    """Return whether one meaning takes in what the clauses say: it weighs as much as they do together."""
    return bool(ranked) and ranked[0].weight >= sum(part.weight for part in parts.values())


def _asks_of_each(ranked: list[Candidate], parts: Mapping[Intent, Part]) -> bool:
    """Return whether clauses only name more cases of which one thing is asked: 補 WK00012、WK00013 的紀錄."""
    return bool(ranked) and ranked[0].intent in NAMING and set(parts) <= {ranked[0].intent, Intent.CASE}


def _of_parts(kind: Kind, parts: Mapping[Intent, Part], ranked: list[Candidate]) -> Reading:
    return Reading(kind, tuple(part.command for part in parts.values()), tuple(ranked), tuple(parts))


def _commands(intent: Intent, text: str) -> tuple[str, ...]:
    """Return what would be typed for an intent: with each number, or the days, that stand in the text."""
    numbers = case_numbers(text) if intent in NAMING else ()
    named = (*numbers, *filter(None, [_days(intent, text)]))
    return tuple(f"{intent.word} {each}" for each in named) or (intent.word,)


def _days(intent: Intent, text: str) -> str:
    """Return the days that are asked about: of what is owed only those on which something is still to fall due."""
    if intent is Intent.FAQ_REPLY_DAYS:
        return day_in(text)
    days = spoken(text) if intent in DATED and _IS_LATE not in text else ""
    if intent is Intent.DUTIES and not (_TO_COME.match(days) or (days and _FALLS_DUE.search(text))):
        return ""
    return days
