"""Addresses in what somebody wrote: only https and line, and never to elsewhere than they read (A33)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.linked import linked


def links(text: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.address) for piece in linked(text) if piece.address]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("請看https://www.ntpc.gov.tw/a?b=1#c，謝謝", "https://www.ntpc.gov.tw/a?b=1#c"),
        ("（https://www.ntpc.gov.tw/查詢）。", "https://www.ntpc.gov.tw/查詢"),
        ("https://www.ntpc.gov.tw:8443/x.", "https://www.ntpc.gov.tw:8443/x"),
        ("HTTPS://WWW.NTPC.GOV.TW/A", "https://www.ntpc.gov.tw/A"),
        ("line://ti/p/@help 加這個", "line://ti/p/@help"),
    ],
)
def test_a33_https_and_line_addresses_lead_there(text: str, address: str) -> None:
    assert links(text) == [(address, address)]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "javascript://www.ntpc.gov.tw/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://www.ntpc.gov.tw",
        "xhttps://www.ntpc.gov.tw",
        "ftp://www.ntpc.gov.tw",
        "//www.ntpc.gov.tw",
        "https://",
        "https://localhost/x",
        "https://[::1]/x",
        "https://[x",
        "https://www.ntpc.gov.tw:99999/",
        "https://www.ntpc.gov.tw@evil.example/",
        "https://user:secret@evil.example/",
        "https://www.ntpc.gov.tw\u202e/gpj.exe",
        "https://www.ntpc\u200b.gov.tw/",
        "https://..example/",
        f"https://{'長' * 70}.example/",
    ],
)
def test_a33_everything_else_stays_text(text: str) -> None:
    assert links(text) == []
    assert "".join(piece.text for piece in linked(text)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ntpс.gov.tw/", "https://xn--ntp-6ed.gov.tw/"),
        ("https://www.新北.台灣/x", "https://www.xn--djrr64b.xn--kpry57d/x"),
    ],
)
def test_a33_a_host_in_other_letters_is_shown_as_the_network_knows_it(text: str, shown: str) -> None:
    assert [piece.text for piece in linked(text)] == [shown]


def test_several_stand_in_their_order_with_the_text_between() -> None:
    text = "先 https://a.example/1 再\nhttps://b.example/2)"
    assert [piece.text for piece in linked(text)] == ["先 ", "https://a.example/1", " 再\n", "https://b.example/2", ")"]


@given(st.text(alphabet="https:/line.@ab(ｗ\u202e\n<\"'") | st.text())
def test_whatever_is_written_stays_and_leads_nowhere_else(text: str) -> None:
    pieces = linked(text)
    for piece in pieces:
        assert not piece.address or piece.address.lower().startswith(("https://", "line://"))
    if not any(piece.address for piece in pieces):
        assert "".join(piece.text for piece in pieces) == text
