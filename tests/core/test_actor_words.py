"""Who acted, in words: no name of the program's own stands before people."""

from __future__ import annotations

import pytest

from core.actor_words import actor_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("AB1234", "AB1234"),
        ("command line", "維運人員（指令）"),
        ("import", "維運人員（匯入）"),
        ("api:main system", "介接系統 main system"),
        ("line:1f2e3d", "LINE 使用者 1f2e3d"),
        ("delivery", "系統"),
        ("follow_graduates", "系統"),
        ("ab1234", "系統"),
        ("AB12345", "系統"),
    ],
)
def test_accounts_keep_their_code_and_all_else_is_told_in_words(name: str, words: str) -> None:
    assert actor_words(name) == words
