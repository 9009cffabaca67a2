"""The audit in words, for who reads the trail of an account: acts, what they were about, and fields.

What has no word here shows its own name.
"""

from __future__ import annotations

_LABELS = {
    "account.added": "建立帳號",
    "account.changed": "變更帳號資料",
    "account.chosen": "變更個人設定",
    "account.disabled": "停用帳號",
    "account.extended": "展延期限",
    "account.granted": "核給權限",
    "account.taken": "移除權限",
    "account.succeeded": "移交業務",
    "account.took_over": "接手業務",
    "account.password_set": "設定密碼",
    "password.setup_asked": "申請首次設定密碼",
    "link.begun": "開始綁定 LINE",
    "link.bound": "綁定 LINE",
    "link.ended": "解除 LINE 綁定",
    "otp.sent": "寄出驗證碼",
    "otp.right": "驗證碼正確",
    "otp.wrong": "驗證碼錯誤",
    "otp.reopened": "開通驗證碼",
    "sign_in.password_right": "密碼正確",
    "sign_in.password_wrong": "密碼錯誤",
    "sign_in.city_right": "公務雲登入",
    "session.begun": "登入管理台",
    "session.ended": "登出管理台",
    "session.all_ended": "結束所有登入",
    "request.filed": "送出申請",
    "request.approved": "核准申請",
    "request.refused": "不核准申請",
    "request.withdrawn": "撤回申請",
    "request.stopped": "攔下信箱變更",
    "registration.opened": "開通帳號申請",
    "registration.refused": "不核准帳號申請",
    "show_account": "查看帳號",
    "list_accounts": "查詢帳號清單",
    "show_audit": "查看稽核軌跡",
    "show_request": "查看申請",
    "show_registration": "查看帳號申請",
    "show_case": "查看案件",
    "show_check": "查看檢核單",
    "show_closure": "查看結案單",
    "show_duties": "查看待辦",
    "show_history": "查看服務歷程",
    "show_record": "查看工作紀錄",
    "list_checks": "查看檢核清單",
    "list_dispatches": "查看派案清單",
    "list_records": "查看工作紀錄清單",
    "list_services": "查看服務清單",
    "explain_light": "查看燈號計算",
    "explain_check": "查看檢核歸類",
    "find_families": "查詢案家",
    "open_duty": "產生待辦",
    "move_duty": "調整待辦",
    "end_duty": "結束待辦",
    "submit_reply": "送出回覆單",
    "approve_reply": "核准回覆單",
    "return_reply": "退回回覆單",
    "submit_check": "送出檢核單",
    "return_check": "退回檢核單",
    "submit_assessment": "送出評估單",
    "hand_over": "改派",
    "refused": "被拒絕",
    "desk.refused": "管理台拒絕",
    "import": "匯入名單",
    "list_exported": "匯出清單",
    "export_alarm": "大量匯出警示",
    "show_help": "查看客服案件",
}


def act_label(act: str) -> str:
    """Return an act of the audit in words."""
    return _LABELS.get(act, act)


_SUBJECTS = {
    "account": "帳號",
    "accounts": "帳號清單",
    "audit": "稽核",
    "bucket": "清單",
    "case": "案件",
    "check": "檢核單",
    "closure": "結案單",
    "dispatch": "派案",
    "duties": "待辦",
    "duty": "待辦",
    "export": "匯出",
    "family": "案家",
    "help": "客服問題",
    "import": "名單",
    "opened": "服務",
    "page": "頁面",
    "person": "個人",
    "record": "工作紀錄",
    "registration": "帳號申請",
    "request": "申請",
    "unit": "單位",
}
_FIELDS = {
    "audit": "軌跡",
    "binding": "綁定",
    "certificate_ends_on": "憑證到期日",
    "child_name": "姓名",
    "code_channel": "驗證碼管道",
    "digest_at": "提醒時間",
    "disabled_at": "停用",
    "duties": "待辦",
    "due_at": "期限",
    "email": "電子郵件",
    "ends_on": "到期日期",
    "ended_at": "結束",
    "ending": "結束原因",
    "name": "姓名",
    "national_id": "身分證字號",
    "new_email": "新信箱",
    "number": "編號",
    "password": "密碼",
    "permissions": "權限",
    "phone": "聯絡電話",
    "role": "角色",
    "starts_on": "啟用日期",
    "state": "狀態",
    "title": "職稱",
    "unit_id": "單位",
}


def subject_label(subject: str) -> str:
    """Return what an act was about in words: its kind, and its number where it has one that people know."""
    kind, _, which = subject.partition(":")
    word = _SUBJECTS.get(kind, kind)
    return f"{word} {which}" if which and kind in {"registration", "request", "unit"} else word


def fields_label(fields: str) -> str:
    """Return the fields of an act in words."""
    return "、".join(_FIELDS.get(each, each) for each in fields.split(",") if each)
