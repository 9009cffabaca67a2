"""Labels with values, steps with what came out, words to type with what they do: who gets how much of a card."""

from __future__ import annotations

import pytest

from bot.channels.json_types import JsonValue, as_list, as_object
from bot.render.blocks import draw_blocks
from bot.render.filled import Filled
from bot.render.pieces import Component
from bot.render.rows import ROOM
from core.cards import Block, Line, Row, Step
from tests.bot.render.samples import a_fill


def drawn(*blocks: Block) -> list[Component]:
    return draw_blocks(blocks, Filled(a_fill()), units=2_000)


def parts(component: Component, field: str) -> list[JsonValue]:
    return [(as_object(each) or {}).get(field) for each in as_list(component.get("contents")) or ()]


@pytest.mark.parametrize(
    ("label", "value", "layout"),
    [
        ("派案日（不算）", "111/07/28（四）", "baseline"),
        ("字" * 4, "111/08/07（日）", "baseline"),
        ("字" * 9, "111/08/07（日）", "vertical"),
        ("字" * 20, "24 小時", "baseline"),
        ("第 1 天", "字" * 30, "vertical"),
    ],
)
def test_a_step_stands_beside_what_came_out_where_one_line_takes_both(label: str, value: str, layout: str) -> None:
    (step,) = drawn(Step(label=label, value=value))
    assert step["layout"] == layout


@pytest.mark.parametrize(
    ("label", "value", "layout", "shares"),
    [
        ("對象", "王○明", "baseline", [8, 28]),
        ("回覆期限", "111/08/07（日）", "baseline", [11, 25]),
        ("字" * 6, "值" * 40, "baseline", [14, 22]),
        ("Number", "WK00728", "baseline", [11, 25]),
        ("字" * 6 + "a", "✓ 符合", "baseline", [25, 11]),
        ("字" * 12, "值" * 8, "baseline", [18, 18]),
        ("字" * 12, "值" * 8 + "a", "vertical", [None, None]),
    ],
)
def test_a_label_takes_the_room_it_needs(label: str, value: str, layout: str, shares: list[int | None]) -> None:
    (row,) = drawn(Row(label=label, value=value))
    assert (row["layout"], parts(row, "flex")) == (layout, shares)


def test_all_labels_of_a_card_end_at_one_edge() -> None:
    rows = drawn(Row(label="對象", value="王○明"), Line(text="一"), Row(label="最早可結案", value="111/08/07"))
    assert parts(rows[0], "flex") == parts(rows[2], "flex") == [13, ROOM - 13]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("「待辦」還有什麼沒回", ["「待辦」", "還有什麼沒回"]),
        ("「待辦」：還有什麼沒回", ["「待辦」", "還有什麼沒回"]),
        ("“Duties” – what is still open", ["“Duties”", "what is still open"]),
        ('"duties" what is still open', ['"duties"', "what is still open"]),
        ("「待辦」" + "字" * 60, ["「待辦」", "字" * 60]),
        ("「待辦」" + "字" * 61, []),
        ("「待辦」、「選單」都可以輸入", []),
        ("「待辦」「選單」都可以輸入", []),
        ("“Cancel”, “Menu”", []),
        ("輸入「待辦」看還有什麼", []),
    ],
)
def test_words_to_type_stand_apart_from_what_they_do(text: str, said: list[str]) -> None:
    first, *_ = drawn(Line(text=text), Line(text="「選單」看全部功能"), Line(text="「客服」找真人"))
    assert parts(first, "text") == said


def test_a_sentence_that_begins_with_a_word_to_type_stays_one() -> None:
    (line,) = drawn(Line(text="「存檔」還可以改。"))
    assert line["text"] == "「存檔」還可以改。"


@pytest.mark.parametrize("line", [Line(text="「待辦」看看", strong=True), Line(text="「待辦」看看", quoted=True)])
def test_what_is_strong_or_quoted_is_no_table(line: Line) -> None:
    assert [each.get("text") for each in drawn(line, line)] == [line.text] * 2
