"""Why a registration, or a decision on one, is refused, in words for whoever did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.accounts.registration.models import RegistrationState
from core.dates import roc_moment
from core.errors import Broken, Conflict, Expired
from core.refusals import Refusal

HELPDESK = "系統客服 (02)2960-3456 分機 3718"
PRIVATE_SCHOOLS = "私立學校的承辦人，請先致電新北市政府教育局 (02)2960-3456 分機 2633 申請公務雲帳號，取得後再來申請。"


class RegistrationRefusal(Refusal):
    """One way to break ACC-1, ACC-4 or ACC-5."""

    NO_ADDRESS = (
        "no_address",
        "ACC-5",
        "電子郵件",
        "這不是完整的電子郵件地址，或含有不能使用的符號。",
        "請重新輸入，例如 name@ntpc.gov.tw。",
    )
    FOREIGN = (
        "foreign",
        "ACC-5",
        "電子郵件",
        "這個地址用了看起來像英文的其他文字。",
        "請改用只有英文與數字的地址。",
    )
    NOT_GOVERNMENT = (
        "not_government",
        "ACC-5",
        "電子郵件",
        "這不是公務信箱（{hosts}）。",
        f"請改用本人的公務信箱。{PRIVATE_SCHOOLS}",
    )
    CODE_FORM = (
        "code_form",
        "ACC-1",
        "帳號",
        "帳號應為兩個英文字母加四個數字。",
        "請照公務雲帳號填寫，例如 AB1234。",
    )
    OTHER_ACCOUNT = (
        "other_account",
        "ACC-5",
        "帳號",
        "這不是剛才登入公務雲的帳號（{code}）。",
        "請改回該帳號；要申請另一個帳號，請由它本人登入公務雲。",
    )
    CODE_DIGITS = (
        "code_digits",
        "ACC-1",
        "帳號",
        "帳號的四個數字和身分證末四碼不同。",
        "請核對帳號與身分證字號。",
    )
    NATIONAL_ID = (
        "national_id",
        "ACC-1",
        "身分證字號",
        "身分證字號不正確（字母、數字或檢查碼有誤）。",
        "請核對後更正。",
    )
    NAME = "name", "ACC-5", "姓名", "沒有填姓名，或超過 {at_most} 個字。", "請填寫本名。"
    TITLE = "title", "ACC-5", "職稱", "沒有填職稱，或超過 {at_most} 個字。", "請填寫，例如輔導主任。"
    PHONE = (
        "phone",
        "ACC-5",
        "聯絡電話",
        "聯絡電話不完整，或有不能使用的符號。",
        "請填市話加分機或手機，例如 02-29603456#3718。",
    )
    UNIT = "unit", "ACC-5", "單位", "沒有這個單位，或有好幾個同名的單位。", f"請從清單選一個；找不到請洽{HELPDESK}。"
    ROLE = "role", "ACC-5", "角色", "沒有選角色。", "請選一個。"
    ROLE_OF_UNIT = (
        "role_of_unit",
        "ACC-5",
        "角色",
        "「{unit_kind}」的人員不能申請「{role}」這個角色。",
        "學校請選承辦人；「中心」只給高風險家庭服務管理中心。",
    )
    NO_PERMISSION = "no_permission", "ACC-5", "權限", "沒有勾選任何權限。", "請至少勾選一項。"
    SCHOOL = (
        "school",
        "ACC-4",
        "權限",
        "學校不能申請「{permission}」。",
        "學校只能申請 90097（各局處社工）與 2462（幸福保衛站檢核作業）。",
    )
    INTRANET = (
        "intranet",
        "ACC-4",
        "權限",
        "「{permission}」只限市府內網使用，這裡不能申請。",
        "請在市府內網的主系統申請，這裡請取消勾選。",
    )
    PENDING = (
        "pending",
        "ACC-5",
        "電子郵件",
        "這個信箱已經送出過申請（申請 {number}，{filed} 送出），還在審核中。",
        "請等候結果，會寄到這個信箱。",
    )
    UNDECIDED = "undecided", "ACC-5", "{permission}", "這項權限還沒有決定。", "請選「核准」或「不核准」。"
    NO_REASON = "no_reason", "ACC-5", "{permission}", "沒有寫不核准的理由。", "請寫出來，申請人會看到。"
    LONG_REASON = "long_reason", "ACC-5", "{permission}", "理由超過 {at_most} 個字。", "請縮短。"
    CODE_TAKEN = (
        "code_taken",
        "ACC-1",
        "帳號",
        "帳號 {code} 已經有人使用，不能開通。",
        "若是同一個人，請不核准並請他用原帳號；若不是，請不核准並請他換前兩個英文字母重新申請。",
    )
    ID_TAKEN = (
        "id_taken",
        "ACC-1",
        "身分證字號",
        "這個身分證字號已有帳號 {code}，不能再開通一個。",
        "請不核准，並請他用原帳號申請展延或權限。",
    )
    EMAIL_TAKEN = (
        "email_taken",
        "ACC-7",
        "電子郵件",
        "這個信箱已有帳號 {code} 使用，不能開通。",
        "請不核准，並請他改用本人的信箱。",
    )

    def broken(self, **facts: str) -> Broken:
        """Return the broken rule, with ``facts`` put into its field, too: a form of several permissions names each."""
        return Broken(self.rule, self.field.format(**facts), self.what.format(**facts), self.remedy.format(**facts))


PROOF_OVER = "信箱的驗證已經過期（30 分鐘），或已經用過了。請從第一步重新開始。"
CITY_NO_CODE = f"公務雲回覆的不是「兩個英文字母加四個數字」的帳號，不能用來申請。請改用公務信箱證明，或電洽{HELPDESK}。"
CITY_HAS_ACCOUNT = "公務雲帳號 {code} 在這裡已經有帳號，請直接登入；沒有密碼，請首次設定密碼；已到期，請洽客服。"
CROWDED = "現在申請的人太多，暫時不能再寄驗證碼，請一小時後再試。"


def not_government(hosts: Sequence[str]) -> Broken:
    """Return that a mailbox is none of the city's or another office's, and which are."""
    return RegistrationRefusal.NOT_GOVERNMENT.broken(hosts="、".join(f"@…{each}" for each in hosts))


def pending(number: int, filed_at: datetime) -> Broken:
    """Return that this mailbox has asked already."""
    return RegistrationRefusal.PENDING.broken(number=str(number), filed=roc_moment(filed_at))


def proof_over() -> Expired:
    """Return that the mailbox must be proved anew."""
    return Expired(PROOF_OVER)


def decided_already(number: int, state: RegistrationState, by: str, at: datetime | None) -> Conflict:
    """Return who was first, when, and with what outcome (A32)."""
    when = f"在 {roc_moment(at)} " if at else ""
    return Conflict(f"帳號申請 {number} {when}{state.label}（{by}），這次沒有變更。")
