"""The sentences of 匯入 that do not stand in a template."""

from __future__ import annotations

from core.imports.results import Put, Report

DOES = {Put.ADDED: "新增", Put.CHANGED: "更新", Put.SAME: "不變"}
"""What a row of a list would do, in a word."""

NO_KIND = "請選擇這份清單是哪一種。"
DROPPED = "已刪除上傳的檔案，沒有匯入任何資料。"
DROPPED_BEFORE = "這個檔案早已處理過，這次沒有變更。"
MOVED = "您看過之後系統裡的資料有變動，還沒有存檔。請看過下面的結果，再確認一次。"
NOT_ANY_MORE = "預覽之後系統裡的資料有變動，這份清單現在有錯，沒有匯入任何資料。"
BROUGHT_BEFORE = "這份清單早已匯入，這次沒有變更。"

WHAT_IS_PUT = {
    Put.ADDED: "確認後會新增這筆派案。",
    Put.CHANGED: "系統裡已有同一筆派案（案件編號、單位、派案日期相同），確認後會更新它的內容。",
    Put.SAME: "這筆派案早已在系統裡，內容相同，不會有任何變更。",
}
"""What confirming one dispatch would do."""
WAS_PUT = {
    Put.ADDED: "已派案：案件 {number}，{unit}。",
    Put.CHANGED: "已更新派案：案件 {number}，{unit}。",
    Put.SAME: "案件 {number} 的這筆派案早已在系統裡，內容相同，沒有變更。",
}
OWES = "{kind}期限 {due}。"
OWES_NOTHING = "目前沒有待辦期限。"


def counted(report: Report) -> str:
    """Return what a list did, in words."""
    return f"新增 {report.added} 筆、更新 {report.changed} 筆、不變 {report.same} 筆"
