"""What refers to what was said before: 第二個, 那下一筆呢, 剛剛那個可以結案嗎, 不是，是WK00018, 都不是.

Pure: a text and what was seen in, what would have been typed or pressed in full out. Nothing is reached here that
could not be reached without it, so every gate holds; and nothing is guessed: without something seen nothing is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.chat import half
from handlers.chat.named import SURNAMES
from handlers.chat.seen import CASE, WORKDAYS, Item, Seen, Way
from handlers.chat.understanding import Kind, understand
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.intents import NUMBERED, Intent
from handlers.chat.understanding.spoken_days import is_spoken
from handlers.chat.whose import bare_name
from handlers.chat.words import asked_case, counted, normal, short_number


@dataclass(frozen=True)
class Chosen:
    """An item of the list, and the button of it that is meant, as it types or is packed."""

    place: int
    does: str


@dataclass(frozen=True)
class Reworded:
    """The text as it would have been typed in full."""

    text: str


@dataclass(frozen=True)
class NoneOfThese:
    """Nothing of what was listed is meant."""


@dataclass(frozen=True)
class WhichOne:
    """One of several is meant: what each is shown as, and what it types or is packed as."""

    ways: tuple[Way, ...]


Followed = Chosen | Reworded | NoneOfThese | WhichOne

_COUNT = "[0-9]{1,2}|[一二兩三四五六七八九十]{1,3}"
_LEAD = "(?:那麼?|接著|然後|欸|啊|嗯|喔|哦|請問|請|我?想?要|我?想|幫我|給我|再|選|看|查|點|按|先|就|,|、)*+"
_THING = "(?:一?[個件筆張位間則所名條項])?(?:案子|案件|個案|學生|單位|學校)?的?"
_TAIL = "(?:呢|啊|啦|吧|喔|哦|勒|咧|的話|的|那[個件筆]|怎麼?樣|如何|狀況|情況|情形|是|什麼|看看|看一下|謝謝|好了|,|、)*"
_ORDINAL = re.compile(
    f"{_LEAD}(?:第(?P<nth>{_COUNT})(?=[個件筆張位間則所名條項案呢啊啦吧的]|$)|(?P<first>最[上前]面?)(?=[一那個件筆張])那?|(?P<last>最[後下底]面?)(?=[一那個件筆張])那?|(?P<next>[再接]?下面?)(?=一?[個件筆張位間則])"
    f"|(?P<before>[上前]面?)(?=一[個件筆張位間則])){_THING}(?P<rest>.*)"
)
_PARTICLES = "啊啦呢嗎的"
DUTIES = Intent.DUTIES.word
_NUMBER_ALONE = re.compile(f"(?:我?[選要])?(?P<nth>{_COUNT})[.、)]?")
_POINTS = re.compile(
    "(?:欸|啊|嗯|喔|哦|請問|請|幫我|查|看|,|、)*+(?:(?P<sure>[上前]一?[個件筆]|(?:剛剛|剛才|剛|上面|前面)的?[那這]?一?[個件筆案位張]?|[那這]一?[件筆案]|該案"
    "|同一[件案]|[那這]個(?=案|個案|學生|孩子|小孩)|[那這]位(?=學生))|(?P<weak>[那這]個|它|[他她](?!們)))"
    "(?:案子|案件|個案|學生|孩子|小孩|檢核單)?的?(?P<rest>.*)"
)
_CORRECTS = re.compile(
    "(?:喔|哦|啊|欸|嗯|呃|等等|等一下|抱歉|不好意思|SORRY|,|、)*+"
    "(?:(?:都?不是|不對|[打輸說寫找弄看]?錯了?|更正|改成|是說|我說的?是?|我是說|應該是|我?要?[找查看]的?是)"
    "(?:[他她它]|[這那][個件位])?[了的啦喔啊,、.。]*)++"
    "(?:是|要|找|查|看|:)*+(?P<what>.+?)(?:才對|啦|喔|的?那?[個件])?"
)
_AND = re.compile("那麼?(?P<what>.+?)(?:的話)?[呢勒咧]+")
_AND_DAY = re.compile(
    "(?:那麼?|還有|哪[幾一]?[件張筆個](?:是|要)?)?(?P<what>.+?)(?:那天|當天)?(?P<owed>到期|要[交回])?(?:的話)?的?(?:呢|勒|咧|有什麼|有哪些|有嗎)*"
)
_NONE = re.compile(
    "(?:這?[些裡]?都不[是對]|不是這[些個幾]個?|都沒有?我?要?找?的?|都?(?:不是|沒有)我要[找的]+|以上皆非|NONEOFTHESE|NEITHER)[啦喔啊了]*"
)
_ENGLISH = re.compile(
    r"(?:AND|WHATABOUT|HOWABOUT|SHOW(?:ME)?|IMEAN|OPEN)*(?:THE)?(?P<which>FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH"
    r"|NINTH|TENTH|LAST|NEXT|PREVIOUS)(?:ONE|CASE|ITEM)(?:PLEASE)?"
)
_ENGLISH_COUNT = ("FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH")


def follow(text: str, seen: Seen) -> Followed | None:
    """Return what a text means by what was seen; None: it refers to nothing."""
    folded = fold(text)
    if corrected := _corrected(normal(text), seen):
        return corrected
    if seen.is_fresh and _NONE.fullmatch(folded):
        return NoneOfThese()
    return _of_list(folded, seen) or _half(folded, seen) or _pointed(folded, seen) or _another_day(folded, seen)


def _half(folded: str, seen: Seen) -> Followed | None:
    """Return what half a sentence means by what was seen: 什麼時候到期, 2/25那件, 另一件."""
    meant = half.half(folded, seen)
    if meant is None:
        return None
    if meant.text:
        return Reworded(meant.text)
    if len(meant.places) == 1:
        place = meant.places[0]
        return Chosen(place, half.of(seen.items[place], meant.word)) if meant.word else _meant(seen, place, meant.rest)
    items = (seen.items[place] for place in meant.places)
    return WhichOne(
        tuple(Way(label=each.number or each.ways[0].label, does=half.of(each, meant.word)) for each in items)
    )


def is_pointing_only(text: str) -> bool:
    """Return whether a text points at something and says no more: 下一筆, 第二個呢."""
    found = _ORDINAL.fullmatch(fold(text))
    return bool(found and re.fullmatch(_TAIL, found["rest"]))


def _corrected(typed: str, seen: Seen) -> Reworded | None:
    """Return the last wish with another number or name in it: 不是，是WK00018, 那王小明呢."""
    found = _CORRECTS.fullmatch(typed) or _AND.fullmatch(typed)
    if found is None:
        return None
    what = found["what"]
    if number := asked_case(what):
        return Reworded(f"{seen.wish} {number}")
    if part := short_number(what):
        return Reworded(f"{CASE} {part}")
    if what[0] in SURNAMES and bare_name(what):
        return Reworded(f"查{what}" if seen.wish == CASE else f"{what}{seen.wish}")
    return None


def _another_day(folded: str, seen: Seen) -> Reworded | None:
    """Return the last question about a day with another day in it, else what falls due then: 那明天呢, 3/11.

    17號 may be a case as well, and is one.
    """
    found = _AND_DAY.fullmatch(folded)
    days = found["what"] if found else ""
    if not is_spoken(days) or short_number(days):
        return None
    if found and found["owed"]:
        return Reworded(f"{DUTIES} {days}")
    if seen.topic == Intent.IN_TIME.word:
        return Reworded(seen.topic)
    return Reworded(f"{WORKDAYS if seen.wish == WORKDAYS else DUTIES} {days}")


def _says_enough(rest: str) -> bool:
    """Return whether a text says clearly what is meant, and that it is of no case."""
    reading = understand(rest, {})
    return reading.kind is Kind.CLEAR and not NUMBERED & set(reading.intents)


def _of_list(folded: str, seen: Seen) -> Followed | None:
    if not seen.items:
        return None
    place, rest = _place(folded, seen)
    return _meant(seen, place, rest) if 0 <= place < len(seen.items) else None


def _place(folded: str, seen: Seen) -> tuple[int, str]:
    """Return the place of the item a text begins with, and what it says besides; -1: none."""
    if found := _ENGLISH.fullmatch(normal(folded)):
        return _english_place(found["which"], seen), ""
    alone = _NUMBER_ALONE.fullmatch(folded) if seen.is_fresh else None
    if alone:
        return counted(alone["nth"]) - 1, ""
    found = _ORDINAL.fullmatch(folded)
    if found is None:
        return -1, ""
    if found["nth"]:
        return counted(found["nth"]) - 1, found["rest"]
    ends = {"first": 0, "last": len(seen.items) - 1, "next": seen.chosen + 1}
    return next((place for name, place in ends.items() if found[name]), seen.chosen - 1), found["rest"]


def _english_place(which: str, seen: Seen) -> int:
    if which in _ENGLISH_COUNT:
        return _ENGLISH_COUNT.index(which)
    return {"LAST": len(seen.items) - 1, "NEXT": seen.chosen + 1}.get(which, seen.chosen - 1)


def _meant(seen: Seen, place: int, rest: str) -> Followed:
    """Return what is meant of an item: what is said besides, else what was asked of the last one, else to see it."""
    item = seen.items[place]
    if re.fullmatch(_TAIL, rest):
        return Chosen(place, _again(item, seen) or item.ways[0].does)
    if way := _way(item, rest):
        return Chosen(place, way)
    return Chosen(place, f"{item.number}{rest}") if item.number else Chosen(place, item.ways[0].does)


def _again(item: Item, seen: Seen) -> str:
    """Return what asks of an item what was asked of the one chosen before it; empty: that one was only looked at."""
    if seen.chosen < 0 or seen.wish == CASE:
        return ""
    return _way(item, seen.wish) or (f"{seen.wish} {item.number}" if item.number else "")


def _way(item: Item, label: str) -> str:
    said = label.rstrip(_PARTICLES)
    return next((way.does for way in item.ways if way.label.rstrip(_PARTICLES) == said), "")


def _pointed(folded: str, seen: Seen) -> Reworded | None:
    """Return the text with the number of the case that is spoken of in place of what points at it."""
    found = _POINTS.fullmatch(folded) if seen.about else None
    if found is None:
        return None
    rest = "" if re.fullmatch(_TAIL, found["rest"]) else found["rest"]
    if found["weak"] and rest and _says_enough(rest):
        return None  # 那個待辦還有幾件: a word to begin with, and no case
    return Reworded(f"{seen.about}{rest}" if rest else f"{CASE} {seen.about}")
