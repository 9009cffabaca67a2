"""The sentences of the machine interface: what is wrong with a request, and what to do."""

from __future__ import annotations

from core.labels import Labelled


class Kind(Labelled):
    """Which problem it is; the value ends the problem's ``type``."""

    UNREADABLE = "unreadable", "看不懂請求內容"
    FIELDS = "fields", "欄位有誤"
    RULES = "rules", "不符規則"
    NO_KEY = "no-key", "需要有效的金鑰"
    NOT_ALLOWED = "not-allowed", "這把金鑰沒有這個範圍"
    NOT_FOUND = "not-found", "查無資料"
    METHOD = "method", "這個網址不支援這種方法"
    CONFLICT = "conflict", "與另一個請求衝突"
    TOO_LARGE = "too-large", "請求內容太大"
    MEDIA = "media-type", "內容類型不對"
    OTHER_BODY = "idempotency", "Idempotency-Key 已用於另一個請求"
    TOO_FAST = "too-fast", "請求太頻繁"
    CLOSED = "closed", "暫時無法處理"
    BROKEN = "broken", "系統發生錯誤"
    REFUSED = "refused", "請求被拒絕"


NO_KEY = "沒有金鑰，或金鑰無效、已撤銷。請在 Authorization 標頭放「Bearer 金鑰」；金鑰請洽系統管理員。"
NO_SCOPE = "這把金鑰沒有「{scope}」範圍。請洽系統管理員另發一把有此範圍的金鑰。"
NOT_JSON = "請求內容不是 JSON 物件，或巢狀太深、編碼不是 UTF-8。請對照說明文件。"
NOT_JSON_TYPE = "請以 Content-Type: application/json 送出 JSON。"
TOO_LARGE = "請求內容最多 {kib} KiB。請縮短後再送。"
TOO_FAST = "這把金鑰每分鐘最多 {calls} 次。請等 Retry-After 的秒數再送。"
NO_SUCH_ADDRESS = "沒有這個網址。請對照說明文件 {docs}。"
NO_SUCH_METHOD = "這個網址只支援 {allowed}。"
UNDER_WAY = (
    "同一個 Idempotency-Key 的請求還在處理。請等 Retry-After 的秒數，再用同一個 Idempotency-Key 送一次，取得結果。"
)
OTHER_BODY = "這個 Idempotency-Key 在 24 小時內已用於內容不同的請求。每個新請求請用新的 Idempotency-Key。"
CLOSED = "資料庫暫時沒有回應，這個請求沒有被處理。請等 Retry-After 的秒數再送。"
BROKEN = "系統發生錯誤，這個請求沒有被處理。請稍後再送；若仍發生，請洽系統管理員。"
FIELDS = "有 {count} 個欄位要更正，見 errors。"
RULES = "違反 {count} 條規則，見 errors。"
BAD_MARK = "應為 1 到 200 個可見的 ASCII 字元，例如 UUID。"

MISSING = "缺少這個欄位。請補上。"
UNKNOWN_FIELD = "沒有這個欄位。請刪除，或對照說明文件的欄位名稱。"
NOT_ONE_OF = "只能是 {expected} 其中之一。"
NOT_ISO_DAY = "日期應為 ISO 8601 西元日期，例如 2026-03-04。"
NOT_ISO_MOMENT = "日期時間應為 ISO 8601 並有時差，例如 2026-03-04T10:00:00+08:00。"
TOO_LONG = "最多 {max_length} 個字。請縮短。"
TOO_MANY = "最多 {max_length} 項。請減少。"
TOO_SHORT = "不可空白。請填寫。"
NOT_OF_FORM = "格式不對。請對照說明文件，例如帳號為 AB1234。"
NOT_TEXT = "應為文字。"
NOT_BOOL = "應為 true 或 false。"
NOT_LIST = "應為陣列。"
NOT_NUMBER = "應為整數。"
OUT_OF_RANGE = "超出可用範圍。請對照說明文件。"
WRONG = "內容不對。請對照說明文件。"

OF_PYDANTIC = {
    "missing": MISSING,
    "extra_forbidden": UNKNOWN_FIELD,
    "enum": NOT_ONE_OF,
    "literal_error": NOT_ONE_OF,
    "iso_day": NOT_ISO_DAY,
    "iso_moment": NOT_ISO_MOMENT,
    "string_too_long": TOO_LONG,
    "string_too_short": TOO_SHORT,
    "too_long": TOO_MANY,
    "string_pattern_mismatch": NOT_OF_FORM,
    "string_type": NOT_TEXT,
    "string_unicode": NOT_TEXT,
    "bool_type": NOT_BOOL,
    "tuple_type": NOT_LIST,
    "frozen_set_type": NOT_LIST,
    "int_parsing": NOT_NUMBER,
    "int_parsing_size": OUT_OF_RANGE,
    "int_type": NOT_NUMBER,
    "greater_than_equal": OUT_OF_RANGE,
    "less_than_equal": OUT_OF_RANGE,
}
"""What is wrong with a field, by the name pydantic gives it."""
