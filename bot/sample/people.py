"""The sample's accounts: caseworkers of each school and centre, and those who stand over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random
from string import ascii_uppercase

from bot.sample.names import names, national_ids
from bot.sample.units import CENTER, CENTRES, CIVIL, EDUCATION, HEALTH, MAIN_SCHOOL, SCHOOLS, SOCIAL
from core.accounts.models import Permission, Role
from core.accounts.service import AccountFacts

BEGUN_DAYS_AGO = 400
BOTH = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})
REPLIES = frozenset({Permission.CASEWORKER})
CHECKS = frozenset({Permission.MEAL_CHECKS})
ENDS_SOON = {3: 7, 6: 14, 11: 30, 17: -20}
"""Accounts by their place in the list that end in so many days; the others run for most of a year."""


@dataclass(frozen=True)
class Post:
    """A place to fill: what somebody does, where, and with which permissions."""

    unit: str
    role: Role
    title: str
    permissions: frozenset[Permission]


def accounts(today: date, random: Random) -> tuple[AccountFacts, ...]:
    """Return the accounts; the first is the demo's main person."""
    posts = tuple(_posts())
    letters = ("".join(pair) for pair in product("ABCDEFGH", ascii_uppercase))
    who = zip(posts, names(random), national_ids("A"), letters, strict=False)
    return tuple(
        AccountFacts(
            code=prefix + national_id[-4:],
            name=name,
            national_id=national_id,
            email=f"{prefix.lower()}{national_id[-4:]}@{_host(post)}",
            unit_code=post.unit,
            role=post.role,
            title=post.title,
            phone=f"(02) 2960-3456 分機 {9000 + place}",
            starts_on=today - timedelta(days=BEGUN_DAYS_AGO - place),
            ends_on=today + timedelta(days=ENDS_SOON.get(place, 300 + place)),
            permissions=post.permissions,
        )
        for place, (post, name, national_id, prefix) in enumerate(who)
    )


def _posts() -> Iterator[Post]:
    for school in SCHOOLS:
        yield Post(school.code, Role.CASEWORKER, "輔導組長", BOTH)
        yield Post(school.code, Role.CASEWORKER, "專任輔導教師", REPLIES)
        if school.code != MAIN_SCHOOL:
            yield Post(school.code, Role.CASEWORKER, "生教組長", CHECKS)
    for centre in CENTRES:
        yield Post(centre.code, Role.CASEWORKER, "社工員", REPLIES)
        yield Post(centre.code, Role.CASEWORKER, "社工師", REPLIES)
    for bureau in (EDUCATION, SOCIAL, HEALTH, CIVIL):
        yield Post(bureau, Role.SUPERVISOR, "督導", frozenset({Permission.SUPERVISOR}))
        yield Post(bureau, Role.CONTACT, "窗口", frozenset({Permission.CONTACT}))
    yield Post(CENTER, Role.CENTER, "派案社工", frozenset({Permission.CITY}))
    yield Post(CENTER, Role.CENTER, "組長", frozenset({Permission.CITY, Permission.ANALYSIS}))
    yield Post(SOCIAL, Role.HELPDESK, "系統客服", frozenset())
    yield Post(SOCIAL, Role.ADMIN, "系統管理員", frozenset())


def _host(post: Post) -> str:
    return "school.example" if post.unit.startswith(EDUCATION) and post.unit != EDUCATION else "ntpc.example"
