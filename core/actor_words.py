"""Who acted, as people read it: accounts by their code, and whatever acts without one by what it is."""

from __future__ import annotations

from core.accounts.rules import is_account_code

_WORDS = {
    "asker by mail": "提問人（信件）",
    "command line": "維運人員（指令）",
    "demo": "維運人員（示範資料）",
    "import": "維運人員（匯入）",
    "old mailbox": "原信箱",
    "reseal": "維運人員（指令）",
    "sample": "維運人員（示範資料）",
    "visitor": "尚未登入的人",
}
_KINDS = {"api": "介接系統", "line": "LINE 使用者"}
"""What acts under a name of its own: another system by its key's, somebody who is not bound by a part of a hash."""
ITSELF = "系統"


def actor_words(name: str) -> str:
    """Return who an actor's stored name stands for; a job, of which the door tells, is the system itself."""
    if is_account_code(name):
        return name
    kind, _, which = name.partition(":")
    if which and kind in _KINDS:
        return f"{_KINDS[kind]} {which}"
    return _WORDS.get(name, ITSELF)
