"""The sentences around the city's sign-on."""

from __future__ import annotations

DOWN = "公務雲登入現在沒有回應"
DOWN_WHY = "請過幾分鐘再試一次，或{instead}。"
REFUSED = "公務雲登入沒有完成"
REFUSED_WHY = "公務雲的回覆無法確認，沒有登入，也沒有任何變更。請重新登入。"
CANCELLED_WHY = "您在公務雲取消了登入，或公務雲沒有同意。請重新登入，或{instead}。"
BY_PASSWORD = "改用帳號與密碼登入"  # noqa: S105 (words)
BY_MAILBOX = "改用公務信箱證明"
LOST = "請從第一步重新登入"
LOST_WHY = "可能是停留超過 10 分鐘、換了瀏覽器，或這個回覆已經用過了。"
