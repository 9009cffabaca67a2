"""A name with a wish, or a name alone: 王小明可以結案了嗎, 林雅婷什麼時候要回, 王同學還缺什麼, 王小明.

Pure, on texts as people type them. A name is what begins as a surname and holds no term of the house; it is looked
for only where nothing else was understood, and whether it is there, and theirs, decides who looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.chat.named import GIVEN, LOOKS_OR_ASKS, NO_NAME, SURNAMES, TITLE, UNIT_ENDS
from handlers.chat.understanding import Intent, Kind, understand
from handlers.chat.understanding.intents import NUMBERED
from handlers.chat.understanding.matching import terms_in
from handlers.chat.words import AskedPerson, asked_light, normal

LONGEST = 60  # signs of a sentence with a name in it
PLACE = "WK00000"  # stands for the case while it is read what is wished
AND = "跟和與及、"  # before another name
SAYS_WHO = "是叫的,，"  # before a name that answers a question
LITTLE = 4  # signs behind a name that need not say anything
_SIGN = "[\u3400-\u9fff]"
_UNIT = f"(?:{_SIGN}{{2,12}}?(?:{UNIT_ENDS})的?,?)?"
_SURNAME = f"(?:歐陽|范姜|張簡|司馬|諸葛|[{SURNAMES}])"
_BEGINS = re.compile(f"(?P<before>[那先再]?{LOOKS_OR_ASKS}{_UNIT}{LOOKS_OR_ASKS})(?P<surname>{_SURNAME})")
_GIVEN_NAME = re.compile(f"(?P<before>{LOOKS_OR_ASKS})(?P<name>[小阿](?![孩朋學時姐妹弟心組型學姑姨叔伯公嬤]){GIVEN})")
_BEHIND_NAME = re.compile(
    f"(?P<title>{TITLE})?(?:他?家)?的?(?:[那這]一?[個位件]?(?:案子|個案|案|孩子|學生)?|(?:案子|個案|案件|案)(?!由))?的?,?"
)
_ALONE = re.compile(f"[{SURNAMES}](?={TITLE}|$)|{_SURNAME}?{GIVEN}{{2}}|{_SURNAME}{GIVEN}")
_AROUND = re.compile(f"{TITLE}?(?:呢|啊|啦|咧|勒|欸|,|。|、)*")
GIVEN_TWO, GIVEN_ONE = 2, 1


@dataclass(frozen=True)
class NamedWish:
    """Somebody by name, and what is asked about the case."""

    names: tuple[str, ...]
    """As it may be meant, the longest first: 林明可 and 林明 in 林明可以結案嗎."""
    rest: str
    """What is said about it, to stand behind the number."""
    is_sure: bool
    """It is a name whatever is found: surname and given name, or a surname and 同學."""


def bare_name(text: str) -> AskedPerson | None:
    """Return the person whose name is all of a text: 王小明, 小明, 王同學; None: it is none, or more is said."""
    typed = normal(text)
    found = _ALONE.match(typed)
    if found is None or not _AROUND.fullmatch(typed, found.end()) or not _is_name(typed, *found.span()):
        return None
    return AskedPerson(found[0])


def named_wish(text: str) -> NamedWish | None:
    """Return who is named in a text and what is asked about the case; None: nobody is, or something else is asked."""
    if alone := bare_name(text):
        return NamedWish((alone.text,), "", is_sure=len(alone.text) > 1 and alone.text[0] in SURNAMES)
    typed = normal(text)
    if len(typed) > LONGEST:
        return None
    return _with_surname(typed) or _with_given_name(typed)


def _with_surname(typed: str) -> NamedWish | None:
    found = _BEGINS.match(typed)
    if found is None:
        return None
    start, end = found.span("surname")
    titled = re.match(TITLE, typed[end:])
    ends = [end] if titled else [end + length for length in (GIVEN_TWO, GIVEN_ONE) if _given(typed, end, length)]
    named = [each for each in ends if titled or _is_name(typed, start, each)]
    read = [(typed[start:each], rest) for each in named if (rest := _wished(typed, each)) is not None]
    return NamedWish(tuple(name for name, _ in read), read[0][1], is_sure=True) if read else None


def _with_given_name(typed: str) -> NamedWish | None:
    found = _GIVEN_NAME.match(typed)
    if found is None or not _is_name(typed, *found.span("name")):
        return None
    rest = _wished(typed, found.end())
    return None if rest is None else NamedWish((found["name"],), rest, is_sure=False)


def _given(typed: str, start: int, length: int) -> bool:
    return bool(re.fullmatch(f"{GIVEN}{{{length}}}", typed[start : start + length]))


def _is_name(typed: str, start: int, end: int) -> bool:
    """Return whether no term of the house stands where a name is, and it is not a word that only begins like one."""
    if NO_NAME.search(typed[start:end]):
        return False
    return all(match.end <= start or match.start >= end for match in terms_in(typed))


def _wished(typed: str, end: int) -> str | None:
    """Return what is asked behind a name; None where it is not about the case."""
    behind = _BEHIND_NAME.match(typed, end)
    rest = typed[behind.end() if behind else end :]
    if not rest:
        return rest
    if asked_light(f"{PLACE}{rest}"):
        return rest
    reading = understand(f"{PLACE}{rest}", {})
    about = [each for each in reading.intents if each in NUMBERED or each is Intent.RECORDS]
    if reading.kind not in (Kind.CLEAR, Kind.SEVERAL) or not about:
        return None
    says_more = len(reading.candidates) > 0 and len(reading.candidates[0].terms) > 1
    return rest if says_more or about[0] is not Intent.CASE or len(rest) <= LITTLE else None
