"""Colour is never alone, and every pair of colours that carries text can be read."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from bot.render.flex import draw
from bot.render.tones import (
    BRAND,
    DARK,
    DARK_GROUND,
    LIGHTS,
    LOOKS,
    PAPER,
    QUIET,
    SOFT,
    TEXT,
    WHITE,
    light_text,
    marked,
    strip_words,
)
from core.cards import Card, Light, Tone, said
from tests.bot.render.samples import a_fill


def luminance(colour: str) -> float:
    channels = [int(colour[start:end], 16) / 255 for start, end in pairwise((1, 3, 5, 7))]
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


INKS = sorted({look.ink for look in (*LOOKS.values(), *LIGHTS.values())} | {BRAND, QUIET, TEXT})


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", [WHITE, PAPER])
def test_ink_can_be_read_on_white_and_on_paper(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ink", INKS)
def test_every_ink_has_a_colour_that_can_be_read_in_a_dark_mail(ink: str) -> None:
    assert contrast(DARK[ink], DARK_GROUND) >= 4.5


@pytest.mark.parametrize("tone", Tone)
def test_ink_can_be_read_on_its_own_tint_and_white_on_ink(tone: Tone) -> None:
    assert contrast(LOOKS[tone].ink, LOOKS[tone].tint) >= 4.5
    assert contrast(LOOKS[tone].ink, WHITE) >= 4.5


def test_the_text_of_a_button_can_be_read() -> None:
    assert contrast("#111111", SOFT) >= 4.5


def test_the_measure_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("tone", Tone)
def test_each_tone_has_its_own_sign_and_word_on_the_card(tone: Tone) -> None:
    (message,) = draw(said(Card(title="題", preview="請看。", tone=tone)), a_fill())
    assert f'"{LOOKS[tone].sign} {LOOKS[tone].word}"' in json.dumps(message, ensure_ascii=False)


def test_no_two_tones_or_lights_share_a_sign_or_a_word() -> None:
    for looks in (LOOKS.values(), LIGHTS.values()):
        assert len({look.sign for look in looks}) == len({look.word for look in looks}) == len(looks)


@pytest.mark.parametrize(
    ("word", "text"),
    [("", "■ 紅燈"), ("紅燈", "■ 紅燈"), ("逾期", "■ 紅燈：逾期"), ("紅燈（逾期）", "■ 紅燈（逾期）")],
)
def test_a_light_names_itself_once(word: str, text: str) -> None:
    assert light_text("R", word) == text


def test_a_light_is_drawn_with_its_sign() -> None:
    card = Card(title="題", preview="請看。", blocks=(Light(colour="G", word="正常"),))
    assert "● 綠燈：正常" in json.dumps(draw(said(card), a_fill()), ensure_ascii=False)


def test_a_plain_text_carries_no_sign() -> None:
    assert marked(Tone.PLAIN, "一") == "一"
    assert marked(Tone.LATE, "一") == "■ 一"


def test_a_sign_is_not_written_twice() -> None:
    assert marked(Tone.GOOD, "✓ 符合") == "✓ 符合"
    assert marked(Tone.SOON, "✗ 尚未") == "✗ 尚未"


@pytest.mark.parametrize(
    ("tone", "badge", "strip"),
    [
        (Tone.LATE, "", ("■ 已逾期",)),
        (Tone.LATE, "已逾期 2 天", ("■ 已逾期 2 天",)),
        (Tone.SOON, "剩 3 天", ("▲ 請留意", "剩 3 天")),
        (Tone.PLAIN, " ", ("● 社政小幫手",)),
        (Tone.PLAIN, "剩 7 天", ("● 剩 7 天",)),
        (Tone.GOOD, "已綁定", ("✓ 已綁定",)),
    ],
)
def test_the_strip_says_a_word_once(tone: Tone, badge: str, strip: tuple[str, ...]) -> None:
    assert strip_words(tone, badge) == strip
