"""What an answer becomes as an e-mail."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings

from bot.render.flex import draw
from bot.render.mail import draw_mail, subject_of
from core.cards import (
    Answer,
    Card,
    CopyCode,
    Deck,
    Figure,
    Line,
    Open,
    OpenAccountLink,
    OpenPage,
    PickDate,
    Press,
    Say,
    Tone,
    from_json,
    said,
)
from core.notices.channel import Fill, Mail
from tests.bot.render.samples import CODE, ONE_TIME_PASSWORD, a_fill
from tests.bot.render.strategies import answers


def mailed(answer: Answer) -> Mail:
    return draw_mail(answer, a_fill())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers)
def test_whatever_is_said_has_a_subject_on_one_line(answer: Answer) -> None:
    mail = mailed(answer)
    assert mail.subject.startswith("社政小幫手：")
    assert len(mail.subject.splitlines()) == 1


def test_a_code_stands_in_the_mail_but_not_in_its_subject() -> None:
    mail = mailed(ONE_TIME_PASSWORD)
    assert mail.subject == "社政小幫手：您的驗證碼"
    assert CODE in mail.text
    assert CODE in mail.html


def test_a_code_that_can_only_be_copied_is_written_out() -> None:
    card = Card(title="碼", preview="請看。", actions=(CopyCode(label="複製", challenge="c-1"),))
    assert mailed(said(card)).text.count(CODE) == 1


def test_only_what_works_from_a_mail_is_offered() -> None:
    actions = (
        Say(label="看待辦", text="待辦"),
        Press(label="按下", data="v1"),
        PickDate(label="選日", data="v1"),
        OpenAccountLink(label="綁定"),
        Open(label="說明", url="https://example.test/?a=1&b=2"),
    )
    mail = mailed(said(Card(title="題", preview="請看。", actions=actions)))
    assert "在 LINE 輸入：待辦" in mail.text
    assert "說明：https://example.test/?a=1&b=2" in mail.text
    assert 'href="https://example.test/?a=1&amp;b=2"' in mail.html
    for label in ("按下", "選日", "綁定"):
        assert label not in mail.text + mail.html


def test_the_binding_page_is_never_asked_for() -> None:
    def never(*_: object) -> str:
        raise AssertionError

    card = Card(title="綁定", preview="請看。", actions=(OpenAccountLink(label="綁定"),))
    assert "綁定" in draw_mail(said(card), Fill(link_url=never, code=never)).text


def test_a_page_of_this_server_gets_its_host_when_it_is_sent() -> None:
    card = Card(title="題", preview="請看。", actions=(OpenPage(label="攔下", path="/p/stop/1"),))
    assert "攔下：https://example.test/p/stop/1" in mailed(said(card)).text
    with pytest.raises(ValueError, match="address"):
        draw_mail(said(card), Fill(link_url=str, code=str))


def test_what_stands_on_a_card_for_a_mail_is_in_the_mail_and_not_in_the_chat() -> None:
    ways = (Say(label="待辦", text="待辦"), OpenPage(label="看進度", path="/p/help/1", in_mail_only=True))
    card = Card(title="客服回覆", preview="請看。", actions=ways)
    assert "看進度：https://example.test/p/help/1" in mailed(said(card)).text
    in_chat = str(draw(said(card), Fill(link_url=str, code=str)))
    assert "待辦" in in_chat
    assert "看進度" not in in_chat
    alone = card.model_copy(update={"actions": ways[1:]})
    assert "footer" not in str(draw(said(alone), Fill(link_url=str, code=str)))
    assert from_json(said(card).to_json()) == said(card)
    assert (
        "in_mail_only"
        not in said(Card(title="題", preview="請看。", actions=(OpenPage(label="a", path="/"),))).to_json()
    )


def test_what_is_late_of_a_count_stands_beside_it() -> None:
    figure = Figure(label="雲岫國民小學", value=12, tone=Tone.LATE, note="其中 10 件已逾期")
    mail = draw_mail(said(Card(title="12 件待辦", preview="這是您的待辦。", blocks=(figure,))), a_fill())
    assert "雲岫國民小學：■ 12（其中 10 件已逾期）" in mail.text


def test_html_is_escaped_and_names_its_language() -> None:
    html = mailed(said(Card(title="<b>", preview="請看。", blocks=(Line(text="<script>&"),)))).html
    assert '<html lang="zh-Hant-TW">' in html
    assert "&lt;script&gt;&amp;" in html
    assert "<script" not in html
    assert "<b>" not in html


def test_an_address_that_runs_a_script_is_refused() -> None:
    card = Card(title="題", preview="請看。", actions=(Open(label="a", url="javascript:alert(1)"),))
    with pytest.raises(ValueError, match=r"open\.url"):
        mailed(said(card))


@pytest.mark.parametrize(
    ("answer", "subject"),
    [
        (said("第一行\n第二行"), "社政小幫手：第一行"),
        (said(Card(title="題\r\nBcc: x", preview="請看。")), "社政小幫手：題 Bcc: x"),
        (said(Card(title="案件 WK00017", preview="這是您要的案件。")), "社政小幫手：這是您要的案件。"),
        (said(Card(title="王○明的服務歷程", preview="這是服務歷程。")), "社政小幫手：這是服務歷程。"),
        (said(Deck(preview="兩筆逾期。", cards=())), "社政小幫手：兩筆逾期。"),
        (said("案" * 60), "社政小幫手：" + "案" * 60),
        (said("案" * 61), "社政小幫手：" + "案" * 59 + "…"),
    ],
)
def test_the_subject_is_the_title_or_the_first_line_and_names_nobody(answer: Answer, subject: str) -> None:
    assert subject_of(answer) == subject


def test_an_empty_deck_says_its_preview() -> None:
    assert mailed(said(Deck(preview="目前沒有案件。", cards=()))).text.startswith("目前沒有案件。")


def test_whose_words_they_are_stands_above_them() -> None:
    answer = said("請清除 Cookie。").model_copy(update={"sender": "林怡君"})
    assert mailed(answer).text.startswith("回覆人：林怡君\n\n請清除 Cookie。")
    assert "林怡君" in mailed(answer).html


def test_a_mail_says_that_it_can_be_dark_and_gives_every_ink_its_own_colour_there() -> None:
    html = mailed(said(Card(title="題", preview="請看。", tone=Tone.LATE, blocks=(Line(text="一", quiet=True),)))).html
    assert '<meta name="color-scheme" content="light dark">' in html
    used = set(re.findall(r'class="ink-(\w{6})"', html))
    given = set(re.findall(r"\.ink-(\w{6}) \{ color: #", html))
    assert used
    assert used <= given
