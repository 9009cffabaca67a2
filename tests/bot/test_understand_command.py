"""``frontdoor understand``: the intent's name first, then what decided; nothing is needed and nothing is kept."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from bot import cli


def lines(text: str) -> list[str]:
    result = CliRunner().invoke(cli.frontdoor, ["understand", text], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output.splitlines()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("沒收到驗證信", "codes"),
        ("那個案子什麼時候要回", "duties"),
        ("WK00017 好了沒", "case"),
        ("我換信箱了", "email"),
        ("權限快到了怎麼辦", "extension"),
        ("待辦", "duties"),
        ("案件 WK00017", "case"),
        ("可以結案嗎 WK00017", "closing"),
        ("回覆期限 111/07/28", "faq_reply_days"),
        ("休學", "faq_leave"),
        ("個案清單", "services"),
        ("結束", "helpdesk.end"),
        ("查 王小明", "case"),
        ("孩子走失了", "urgent"),
        ("我換信箱了，還有權限快到期了", "several"),
        ("今天天氣真好", "none"),
    ],
)
def test_the_first_line_is_the_intents_name(text: str, name: str) -> None:
    assert lines(text)[0] == name


def test_the_reasons_can_be_read() -> None:
    shown = "\n".join(lines("沒收到驗證信"))
    assert "sentence: 驗證碼" in shown
    assert "沒收到 + 驗證信" in shown
    assert "sign of danger: lost" in lines("孩子走失了")[1]
    assert lines("待辦")[1] == "word: 待辦"
    assert lines("案件 WK00017")[1] == "pattern: cases.case"


def test_what_somebody_really_wrote_need_not_be_an_argument() -> None:
    result = CliRunner().invoke(cli.frontdoor, ["understand", "-"], input="查 王小明\n", catch_exceptions=False)
    assert result.output.splitlines()[0] == "case"


def test_nothing_to_understand_is_bad_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["frontdoor", "understand", "  "])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert "understand" in capsys.readouterr().err
