"""Check forms that are right, for tests to change one thing at a time; staff who fill them in and review them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.access import Actor, Units
from core.accounts.models import Permission, Role
from core.checks.form import CheckForm, NeedAnswers, NoNeedAnswers, Report
from core.checks.kinds import Identity, Need, NeedCause, NeedMeasure, NoNeedCause, NoNeedMeasure
from tests.builders import a_national_id
from tests.conftest import PLAIN_DAY

OWN = CheckForm(identity=Identity.OWN, national_id=a_national_id(1))
NEED = NeedAnswers(
    causes=frozenset({NeedCause.NEGLECT}),
    measures=frozenset({NeedMeasure.LUNCH_SUBSIDY}),
    explanation="母親夜間工作，當天沒有準備晚餐；已協助申請午餐補助。",
)
NO_NEED = NoNeedAnswers(
    causes=frozenset({NoNeedCause.MISUNDERSTANDS}),
    measures=frozenset({NoNeedMeasure.EXPLAINED}),
    hardship="無",
    why_taken="以為每位學生都可以領，和同學一起去。",
    meals="有，家長每天準備三餐。",
)
FORM_A = replace(OWN, need=Need.REPORTED, with_need=NEED)
FORM_B = replace(FORM_A, need=Need.TO_REPORT, report=Report(at=PLAIN_DAY - timedelta(hours=1), number="EC115030001"))
FORM_C = replace(OWN, need=Need.NONE, without_need=NO_NEED)


def writes(unit_id: int, name: str = "AB1001") -> Actor:
    """Return somebody of a school who does its checks."""
    permissions = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})
    return Actor(name, None, unit_id, Role.CASEWORKER, permissions, Units(ids=frozenset({unit_id})))


def reviews(*unit_ids: int, name: str = "AB2002") -> Actor:
    """Return a supervisor over some schools, who may do checks as well."""
    permissions = frozenset({Permission.SUPERVISOR, Permission.MEAL_CHECKS})
    return Actor(name, None, unit_ids[0], Role.SUPERVISOR, permissions, Units(ids=frozenset(unit_ids)))
