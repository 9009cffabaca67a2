"""What stands at the head of a file: who took it out, when and why, and what is to be done with it (A64)."""

from __future__ import annotations

from core.dates import roc_moment
from core.exports.models import Export


def marks(account: str, row: Export, reason: str) -> tuple[str, ...]:
    """Return the lines that mark a file."""
    names = "含未遮蔽的姓名" if row.has_names else "姓名已遮蔽"
    return (
        f"匯出編號 {row.id}，匯出者 {account}，{roc_moment(row.at)}，共 {row.rows} 筆，{names}",
        f"理由：{reason}",
        "本檔案由社政小幫手匯出並已記錄。內含公務資料，請勿外流，用畢刪除。",
    )
