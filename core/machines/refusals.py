"""What is refused to other systems and to who keeps their keys, in words."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import FrontdoorError, InvalidInput
from core.labels import Labelled


class Wrong(Labelled):
    """What is wrong with a key that is to be made or revoked."""

    NAME = "name", "金鑰名稱只能用小寫英文字母、數字、點與連字號，最多 40 個字，例如 main-system。"
    NAME_USED = "name_used", "已有同名而未撤銷的金鑰。請換一個名稱，或先撤銷舊的。"
    NO_SCOPE = "no_scope", "至少要有一項範圍（--scope）。"
    NOT_THERE = "not_there", "沒有這個名稱的有效金鑰。用 frontdoor api-key list 查看。"

    def error(self, field: str) -> InvalidInput:
        """Return the error that says so."""
        return InvalidInput(self.label, field=field)


@dataclass(frozen=True)
class WrongField:
    """A field of facts that came in, by its name there, and what is wrong with it."""

    field: str
    reason: str


class FactsRefused(FrontdoorError):
    """Facts of the main system are wrong somewhere: all wrong fields at once; nothing of them is kept."""

    def __init__(self, fields: tuple[WrongField, ...]) -> None:
        super().__init__("\n".join(f"{each.field}：{each.reason}" for each in fields))
        self.fields = fields


TAKEN_OVER = "這個請求處理太久，已由之後重送的請求接手。請用同一個 Idempotency-Key 再送一次，取得結果。"
