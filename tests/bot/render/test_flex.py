"""What an answer becomes in LINE: always within its limits, and nothing lost in the SDK's models."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from linebot.v3.messaging import FlexMessage, TextMessage  # type: ignore[import-untyped]

from bot.channels.json_types import Json, as_list, as_object
from bot.channels.limits import problems
from bot.channels.limits_fields import json_size
from bot.channels.measure import utf16_length
from bot.render.blocks import draw_blocks
from bot.render.buttons import footer
from bot.render.filled import Filled
from bot.render.flex import draw
from core.cards import (
    Answer,
    Card,
    Code,
    Copy,
    CopyCode,
    Deck,
    Figure,
    Line,
    Open,
    OpenAccountLink,
    OpenPage,
    PickDate,
    Press,
    Row,
    Say,
    Text,
    Tone,
    said,
)
from core.notices.channel import Fill
from tests.bot.render.samples import CODE, LINK, ONE_TIME_PASSWORD, SAMPLES, a_fill
from tests.bot.render.strategies import answers


def drawn(answer: Answer) -> list[Json]:
    return draw(answer, a_fill())


def a_card(*actions: Press | Say | Open | Copy | PickDate, lines: int = 1, text: str = "內容") -> Card:
    return Card(title="標題", preview="請開啟查看。", blocks=(Line(text=text),) * lines, actions=actions)


def a_deck(count: int, text: str = "內容") -> Deck:
    return Deck(preview="請開啟查看。", cards=(a_card(text=text),) * count)


def bubbles(message: Json) -> int:
    contents = as_object(message["contents"])
    assert contents is not None
    return len(as_list(contents.get("contents")) or "1")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers)
def test_whatever_is_said_keeps_lines_limits(answer: Answer) -> None:
    assert problems(drawn(answer)) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sdk_models_lose_nothing(name: str) -> None:
    models: Mapping[str, type[FlexMessage | TextMessage]] = {"text": TextMessage, "flex": FlexMessage}
    for message in drawn(SAMPLES[name]):
        assert models[str(message["type"])].from_dict(message).to_dict() == message


def test_an_answer_of_nothing_or_of_six_messages_is_a_mistake() -> None:
    for count in (0, 6):
        with pytest.raises(ValueError, match="1 to 5 messages"):
            drawn(Answer(messages=(Text(text="a"),) * count))


def test_choices_stand_under_the_last_message_only() -> None:
    first, last = drawn(said("一", "二", choices=(Say(label="選單", text="選單"),)))
    assert "quickReply" not in first
    assert last["quickReply"] == {
        "items": [{"type": "action", "action": {"type": "message", "label": "選單", "text": "選單"}}]
    }


@pytest.mark.parametrize(("given", "kept"), [(13, 13), (14, 13)])
def test_thirteen_choices_are_shown(given: int, kept: int) -> None:
    (message,) = drawn(said("一", choices=(Say(label="a", text="a"),) * given))
    quick_reply = as_object(message["quickReply"])
    assert quick_reply is not None
    assert len(as_list(quick_reply["items"]) or ()) == kept


@pytest.mark.parametrize(("length", "parts"), [(5000, 1), (5001, 2), (25000, 5), (25001, 5)])
def test_a_text_of_more_than_5000_units_becomes_several_bubbles(length: int, parts: int) -> None:
    messages = drawn(said("案" * length))
    assert len(messages) == parts
    assert all(utf16_length(str(each["text"])) <= 5000 for each in messages)


def test_a_long_text_is_split_between_paragraphs() -> None:
    first, second = ("一" * 3000, "二" * 3000)
    assert [each["text"] for each in drawn(said(f"{first}\n\n{second}"))] == [first, second]
    assert [each["text"] for each in drawn(said(f"{first}\n{second}"))] == [first, second]


def test_a_long_text_leaves_room_for_what_follows() -> None:
    messages = drawn(said("案" * 30000, "再見"))
    assert len(messages) == 5
    assert str(messages[3]["text"]).endswith("（內容過長，後面省略）")
    assert messages[4]["text"] == "再見"


def test_a_text_of_nothing_still_says_something() -> None:
    assert [each["text"] for each in drawn(said(" \n", "\x00"))] == ["－", "－"]


def test_signs_that_turn_the_writing_are_left_out() -> None:
    assert drawn(said("甲\u202e乙\x07丙"))[0]["text"] == "甲乙丙"


@pytest.mark.parametrize(
    ("count", "per_message"),
    [(1, [1]), (12, [12]), (13, [12, 1]), (60, [12] * 5), (61, [12] * 5)],
)
def test_a_deck_is_spread_over_carousels_of_twelve(count: int, per_message: list[int]) -> None:
    assert [bubbles(each) for each in drawn(said(a_deck(count)))] == per_message


def test_a_deck_too_large_says_how_many_cards_are_left() -> None:
    text = json.dumps(drawn(said(a_deck(100)))[-1], ensure_ascii=False)
    assert "還有 41 筆" in text
    assert '"text": "選單"' in text


def test_a_deck_of_large_cards_keeps_to_fifty_kilobytes() -> None:
    messages = drawn(said(a_deck(12, text="案" * 3000)))
    assert len(messages) > 1
    assert sum(bubbles(each) for each in messages) == 12
    assert all(json_size(each["contents"]) <= 50 * 1024 for each in messages)


def test_two_decks_share_the_five_messages() -> None:
    messages = drawn(said(a_deck(60), a_deck(1)))
    assert [bubbles(each) for each in messages] == [12, 12, 12, 12, 1]
    assert "還有 13 筆" in json.dumps(messages[3], ensure_ascii=False)


def test_an_empty_deck_says_its_preview() -> None:
    assert drawn(said(Deck(preview="目前沒有案件。", cards=()))) == [{"type": "text", "text": "目前沒有案件。"}]


def test_a_card_of_too_many_rows_says_that_some_are_left_out() -> None:
    card = Card(title="題", preview="請看。", blocks=(Row(label="欄", value="值"),) * 300)
    text = json.dumps(drawn(said(card)), ensure_ascii=False)
    assert "這裡只顯示前面的部分" in text


def test_a_card_that_fits_leaves_nothing_out() -> None:
    text = json.dumps(drawn(said(a_card(lines=20, text="案" * 40))), ensure_ascii=False)
    assert "這裡只顯示前面的部分" not in text
    assert text.count("案" * 40) == 20


def test_the_preview_is_cut_to_1500_units() -> None:
    (fits,) = drawn(said(Card(title="題", preview="案" * 1500)))
    (cut,) = drawn(said(Card(title="題", preview="案" * 1501)))
    assert fits["altText"] == "案" * 1500
    assert cut["altText"] == "案" * 1499 + "…"


def test_a_card_without_preview_never_shows_its_title_on_a_locked_phone() -> None:
    (message,) = drawn(said(Card(title="王○明", preview=" ")))
    assert message["altText"] == "您有一則新訊息，請開啟查看。"


def test_the_code_is_shown_large_and_copied_and_never_on_a_locked_phone() -> None:
    (card,) = drawn(ONE_TIME_PASSWORD)
    assert CODE not in str(card["altText"])
    shown = json.dumps(card, ensure_ascii=False)
    assert f'"clipboardText": "{CODE}"' in shown
    assert f'"text": "{CODE}", "size": "3xl"' in shown


def test_link_and_code_are_asked_for_once_however_often_a_card_is_drawn() -> None:
    asked: list[str] = []

    def link() -> str:
        asked.append("link")
        return LINK

    def code(challenge: str) -> str:
        asked.append(challenge)
        return CODE

    card = Card(
        title="題",
        preview="請看。",
        blocks=(Code(challenge="c-1"), *(Line(text="案" * 3000),) * 20),
        actions=(
            OpenAccountLink(label="綁定"),
            OpenAccountLink(label="綁定"),
            CopyCode(label="複製", challenge="c-1"),
        ),
    )
    draw(said(card), Fill(link_url=link, code=code))
    assert sorted(asked) == ["c-1", "link"]


def test_a_page_of_this_server_gets_its_host_when_it_is_sent() -> None:
    card = Card(title="題", preview="請看。", actions=(OpenPage(label="攔下", path="/p/stop/1"),))
    fill = Fill(link_url=str, code=str, page_url=lambda path: f"https://example.test{path}")
    assert '"uri": "https://example.test/p/stop/1"' in json.dumps(draw(said(card), fill))
    with pytest.raises(ValueError, match="scheme"):
        draw(said(card), Fill(link_url=str, code=str))


def test_a_card_without_link_or_code_asks_for_neither() -> None:
    def never(*_: object) -> str:
        raise AssertionError

    assert draw(said(a_card()), Fill(link_url=never, code=never))


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        (Press(label="a", data="d" * 300), Press(label="a", data="d" * 301)),
        (Press(label="a", data="d"), Press(label="a", data="")),
        (Say(label="a", text="t" * 300), Say(label="a", text="t" * 301)),
        (Say(label="a", text="😀" * 150), Say(label="a", text="😀" * 151)),
        (Copy(label="a", text="t" * 1000), Copy(label="a", text="t" * 1001)),
        (Open(label="a", url="https://a.test/" + "a" * 985), Open(label="a", url="https://a.test/" + "a" * 986)),
        (Open(label="a", url="tel:1999"), Open(label="a", url="javascript:alert(1)")),
        (PickDate(label="a", data="d" * 300), PickDate(label="a", data="d" * 301)),
        (PickDate(label="a", data="d", initial="2026-11-21"), PickDate(label="a", data="d", initial="115/11/21")),
    ],
)
def test_what_a_button_carries_is_refused_rather_than_cut(
    fits: Press | Say | Open | Copy | PickDate, breaks: Press | Say | Open | Copy | PickDate
) -> None:
    assert problems(drawn(said(a_card(fits)))) == []
    with pytest.raises(ValueError, match=r"length|non-empty|scheme|is no date"):
        drawn(said(a_card(breaks)))


def test_a_picker_of_a_single_day_keeps_its_first_day() -> None:
    picker = PickDate(label="a", data="d", earliest="2026-11-21", latest="2026-11-21")
    text = json.dumps(drawn(said(a_card(picker))))
    assert '"min": "2026-11-21"' in text
    assert '"max"' not in text


def test_a_card_takes_thirteen_buttons_and_no_more() -> None:
    assert problems(drawn(said(a_card(*(Say(label="a", text="a"),) * 13)))) == []
    with pytest.raises(ValueError, match="at most 13 buttons"):
        drawn(said(a_card(*(Say(label="a", text="a"),) * 14)))


def test_buttons_larger_than_a_bubble_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="buttons of this card alone"):
        drawn(said(a_card(*(Copy(label="a", text="案" * 1000),) * 13)))


def test_a_label_is_cut_to_its_place() -> None:
    press = Press(label="很長的按鈕名稱" * 10, data="d")
    text = json.dumps(drawn(said(a_card(press), choices=(press.model_copy(update={"data": "e"}),))), ensure_ascii=False)
    assert f'"label": "{("很長的按鈕名稱" * 10)[:39]}…"' in text
    assert f'"label": "{("很長的按鈕名稱" * 10)[:19]}…"' in text


def test_counts_stand_in_rows_as_high_as_a_fingertip_with_the_number_last() -> None:
    figures = (Figure(label="已逾期", value=1204, tone=Tone.LATE), Figure(label="處理中", value=0))
    for figure, drawn_figure in zip(figures, draw_blocks(figures, Filled(a_fill()), units=2_000), strict=True):
        (row,) = as_list(drawn_figure["contents"]) or ()
        name, number = as_list(as_object(row)["contents"]) or ()  # type: ignore[index]
        assert as_object(number)["text"] == f"{figure.value:,}"  # type: ignore[index]
        assert figure.label in str(as_object(name)["text"])  # type: ignore[index]


def test_what_is_late_of_a_count_stands_on_a_line_of_its_own() -> None:
    note = "其中 10 件已逾期"
    (drawn_figure,) = draw_blocks((Figure(label="雲岫國民小學", value=12, note=note),), Filled(a_fill()), units=2_000)
    row, below = as_list(drawn_figure["contents"]) or ()
    assert note not in str(row)
    assert as_object(below)["text"] == note  # type: ignore[index]


SHORT, LONG = Say(label="字" * 6, text="a"), Say(label="字" * 6 + "a", text="a")
FIRST = Say(label="首選", text="a", primary=True)


@pytest.mark.parametrize(
    ("actions", "rows"),
    [
        ((SHORT,), [1]),
        ((SHORT, SHORT), [2]),
        ((SHORT, SHORT, SHORT), [1, 2]),
        ((FIRST, SHORT), [1, 1]),
        ((FIRST, SHORT, SHORT), [1, 2]),
        ((LONG, LONG), [1, 1]),
        ((SHORT, LONG, SHORT, SHORT), [1, 1, 2]),
        ((SHORT,) * 13, [1, 2, 2, 2, 2, 2, 2]),
    ],
)
def test_short_buttons_stand_two_by_two_and_none_half_alone(actions: tuple[Say, ...], rows: list[int]) -> None:
    drawn_rows = as_list(footer(actions, Filled(a_fill()), 2_000)["contents"]) or ()
    assert [len(as_list(as_object(each).get("contents")) or "1") for each in drawn_rows] == rows  # type: ignore[union-attr]
