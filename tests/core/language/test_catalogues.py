"""The catalogues hold every text a person can be shown, no other, and each can be told from all the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import cycle

import holidays
import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from core.language.catalogue import Catalogue, Entry, catalogue, entries, read_entries
from core.language.models import Language
from core.language.rendering import SLIGHT, Reader
from core.language.templates import places_of, template_of
from tools.texts import all_texts, missing

ENGLISH = entries(Language.ENGLISH)
SHOWN = [each for each in ENGLISH if not each.context]
TEMPLATES = [each for each in SHOWN if places_of(each.chinese)]
HAN = re.compile("[\u3400-\u9fff]")
WIDE = re.compile("[\u3000-\u303f\uff01-\uff65]")
OTHER_TONGUE = {"中文"}  # the word to type for the way back

NUMBERS = st.integers(0, 9999).map(str)
NAMES = st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=4)
CODES = st.from_regex(r"[A-Z]{2}[0-9]{4,7}", fullmatch=True)
CLOCKS = st.times().map(lambda at: f"{at:%H:%M}")
KNOWN = st.one_of(NUMBERS, CODES, CLOCKS)
FACTS = st.one_of(KNOWN, NAMES)
FOUND = ("3", "WK00017", "08:30")


@pytest.fixture(scope="module")
def english() -> Catalogue:
    return catalogue(Language.ENGLISH)


def test_nothing_is_left_untranslated() -> None:
    assert [f"{each.file}:{each.line} {each.text}" for each in missing()] == []


def test_no_entry_has_lost_its_text() -> None:
    said = {each.text for each in all_texts()} | set(holiday_texts())
    assert [each.chinese for each in SHOWN if each.chinese not in said] == []


def holiday_texts() -> Iterator[str]:
    """Yield the parts of the names of holidays, which a library gives: 補假 beside its day, the day that is made up."""
    for name in holidays.country_holidays("TW", years=range(1998, 2035), language="zh_TW").values():
        yield re.sub("[0-9-]{10}", "{0}", name)
        yield from re.split("[（）]", name)


def test_each_text_has_one_entry() -> None:
    counted = Counter((each.context, each.chinese) for each in ENGLISH)
    assert [key for key, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", sorted(each.name for each in (files("core.language") / "en").iterdir()))
def test_each_file_is_read_without_a_word_lost(name: str) -> None:
    content = (files("core.language") / "en" / name).read_bytes()
    with (files("core.language") / "en" / name).open("rb") as stream:
        messages = [each for each in read_po(stream, locale="en", abort_invalid=True) if each.id]
    assert len(messages) == len(list(read_entries(content, Language.ENGLISH)))
    assert not any(each.fuzzy for each in messages)


def test_the_same_facts_stand_on_both_sides() -> None:
    odd = [
        each.chinese
        for each in ENGLISH
        for form in each.forms
        if not set(places_of(form)) <= set(places_of(each.chinese))
        or set(places_of(each.forms[-1])) != set(places_of(each.chinese)) - UNSAID.get(each.chinese, set())
    ]
    assert odd == []


UNSAID: dict[str, set[str]] = {
    "{0} 是星期{1}，不是星期{2}。請確認後再輸入一次。": {"1", "2"},  # one sign of Chinese each
}
"""Facts that English says without: why is said beside each."""


def test_no_chinese_stands_in_the_english() -> None:
    odd = [
        form
        for each in ENGLISH
        for form in each.forms
        if HAN.search("".join(re.split("|".join(OTHER_TONGUE), form))) or WIDE.search(form)
    ]
    assert odd == []


def test_each_template_is_known_again(english: Catalogue) -> None:
    odd = []
    for entry in TEMPLATES:
        facts = cycle(FOUND if is_slight(entry) else (*FOUND, "王○明"))
        text, said = filled(entry, facts)
        if Reader(english).rendered(text).text != said:
            odd.append(text)
    assert odd == []


@given(entry=st.sampled_from(TEMPLATES), data=st.data())
def test_a_template_is_known_again_with_its_facts(english: Catalogue, entry: Entry, data: st.DataObject) -> None:
    facts = data.draw(st.lists(KNOWN if is_slight(entry) else FACTS, min_size=9, max_size=9))
    text, said = filled(entry, iter(facts))
    assert Reader(english).rendered(text).text == said


def is_slight(entry: Entry) -> bool:
    """Return whether a template says so little that it holds only around what is known: 3 件, but not 王○明 件."""
    template = template_of(entry.chinese)
    return template is not None and template.weight <= SLIGHT


def filled(entry: Entry, facts: Iterator[str]) -> tuple[str, str]:
    """Return a template filled with facts, and what is to be said of it."""
    template = template_of(entry.chinese)
    assert template is not None
    known = {names[0]: next(facts) for names in template.places}
    text = template.literals[0] + "".join(
        known[names[0]] + literal for names, literal in zip(template.places, template.literals[1:], strict=True)
    )
    return text, entry.said(known, known)
