from __future__ import annotations

import pytest

from core.wording import characters, columns, is_blank


@pytest.mark.parametrize(
    "text",
    ["", " ", "　", "\n\t", "無", "「無。」", "無 無", "。", "...", "——", "～", "✓", "\u200b", "ㅤ", "()", "\u0301"],
)
def test_white_space_punctuation_and_none_alone_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["好", "無業", "無。已就學", "a", "1", "１", "🙂 好"])
def test_a_word_or_a_number_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("字", 1),
        ("𠮷", 1),
        ("e\u0301", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👩🏽‍❤️‍💋‍👨🏿", 1),
        ("好" * 1000, 1000),
        ("a" + "\u0301" * 14, 1),
        ("a" + "\u0301" * 15, 2),
        ("a" + "\u0301" * 31, 3),
    ],
)
def test_a_text_is_as_long_as_people_count(text: str, length: int) -> None:
    assert characters(text) == length


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("案件", 4), ("第 3 件", 7), ("ＡＢ", 4), ("（日）", 6)]
)
def test_a_chinese_character_is_two_columns_wide(text: str, width: int) -> None:
    assert columns(text) == width
