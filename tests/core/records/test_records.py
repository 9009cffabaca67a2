"""REC-4 to REC-6: what a record needs, carries and says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Broken
from core.records.form import RecordFacts, RecordForm, broken_rules
from core.records.kinds import EducationLight, ProblemType, Schooling, Service, Way
from core.records.names import names_nobody
from core.records.refusals import RecordRefusal as Refused
from core.records.rules import Contact, carried_problems, education_light

ONE_DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
DISPATCHED = date(2026, 9, 1)
FACTS = RecordFacts(DISPATCHED, frozenset({"林曉芳", "學生"}))
RIGHT = RecordForm(
    served_on=date(2026, 11, 19),
    way=Way.PHONE,
    served="林曉芳",
    services=frozenset({Service.BREAKFAST_COUPONS}),
    schooling=Schooling.STABLE,
)


def refused(form: RecordForm) -> list[str]:
    return [each.what for each in broken_rules(form, FACTS, TODAY)]


def test_a_right_record_breaks_nothing() -> None:
    assert broken_rules(RIGHT, FACTS, TODAY) == ()


def test_an_empty_record_breaks_everything_at_once_in_the_forms_order() -> None:
    assert broken_rules(RecordForm(), FACTS, TODAY) == tuple(
        each.broken()
        for each in (Refused.NO_DATE, Refused.NO_WAY, Refused.NOBODY, Refused.NO_SERVICE, Refused.NO_SCHOOLING)
    )


@pytest.mark.parametrize(
    ("served_on", "broken"),
    [
        (TODAY, None),
        (TODAY + ONE_DAY, Refused.IN_FUTURE.broken(served_on="115/11/21", today="115/11/20")),
        (DISPATCHED, None),
        (DISPATCHED - ONE_DAY, Refused.BEFORE_DISPATCH.broken(served_on="115/08/31", dispatched_on="115/09/01")),
    ],
)
def test_the_service_date_lies_between_dispatch_and_today(served_on: date, broken: Broken | None) -> None:
    assert broken_rules(replace(RIGHT, served_on=served_on), FACTS, TODAY) == ((broken,) if broken else ())


@pytest.mark.parametrize("way", Way)
def test_every_way_is_taken_and_another_one_says_which(way: Way) -> None:
    expected = (Refused.NO_OTHER_WAY.broken(),) if way is Way.OTHER else ()
    assert broken_rules(replace(RIGHT, way=way, other_way="無"), FACTS, TODAY) == expected
    assert broken_rules(replace(RIGHT, way=way, other_way="視訊"), FACTS, TODAY) == ()


@pytest.mark.parametrize("service", Service)
def test_one_service_is_enough_and_another_one_says_which(service: Service) -> None:
    form = replace(RIGHT, services=frozenset({service}))
    expected = (Refused.NO_OTHER_SERVICE.broken(),) if service is Service.OTHER else ()
    assert broken_rules(form, FACTS, TODAY) == expected
    assert broken_rules(replace(form, other_service="物資"), FACTS, TODAY) == ()


@pytest.mark.parametrize("schooling", Schooling)
def test_every_schooling_is_taken(schooling: Schooling) -> None:
    assert broken_rules(replace(RIGHT, schooling=schooling), FACTS, TODAY) == ()


@pytest.mark.parametrize(
    "served",
    [
        "個案",
        "案主",
        " 案 主 ",
        "「案主」",
        "案主本人",
        "案主及案弟",
        "該生",
        "學童",
        "同學",
        "個案1",
        "個案Ａ",
        "家長",
    ],
)
def test_the_person_served_is_named(served: str) -> None:
    expected = (Refused.NOT_A_NAME.broken(served=served.strip()),)
    assert broken_rules(replace(RIGHT, served=served), FACTS, TODAY) == expected


@pytest.mark.parametrize(
    "served", ["陳大同", "林學生", "王小孩", "Ali", "A", "白案生", "丁和", "甲乙", "伊斯坦大", "林曉芳 "]
)
def test_a_typed_name_is_taken(served: str) -> None:
    assert broken_rules(replace(RIGHT, served=served), FACTS, TODAY) == ()


def test_a_member_of_the_family_is_taken_whatever_the_name() -> None:
    assert broken_rules(replace(RIGHT, served="學生"), FACTS, TODAY) == ()
    assert refused(replace(RIGHT, served="小孩"))


@pytest.mark.parametrize(("length", "is_long"), [(60, False), (61, True)])
def test_a_name_has_at_most_sixty_characters(length: int, *, is_long: bool) -> None:
    expected = (Refused.LONG_NAME.broken(),) if is_long else ()
    assert broken_rules(replace(RIGHT, served="陳" * length), FACTS, TODAY) == expected


@pytest.mark.parametrize(("length", "is_long"), [(0, False), (1000, False), (1001, True)])
def test_a_note_has_at_most_a_thousand_characters(length: int, *, is_long: bool) -> None:
    expected = (Refused.LONG_NOTE.broken(length=str(length)),) if is_long else ()
    assert broken_rules(replace(RIGHT, note="好" * length), FACTS, TODAY) == expected


def test_a_note_is_counted_in_characters_not_in_bytes() -> None:
    assert broken_rules(replace(RIGHT, note="👨‍👩‍👧‍👦" * 1000), FACTS, TODAY) == ()


@given(
    st.builds(
        RecordForm,
        served_on=st.none() | st.dates(date(2026, 8, 1), date(2026, 12, 31)),
        way=st.none() | st.sampled_from(Way),
        other_way=st.text(max_size=3),
        served=st.text(max_size=70) | st.sampled_from(["案主", "林曉芳"]),
        services=st.frozensets(st.sampled_from(Service), max_size=3),
        other_service=st.text(max_size=3),
        schooling=st.none() | st.sampled_from(Schooling),
        note=st.text(max_size=5) | st.just("好" * 1001),
    )
)
def test_every_refusal_names_the_rule_and_putting_a_field_right_never_breaks_another(form: RecordForm) -> None:
    broken = broken_rules(form, FACTS, TODAY)
    assert {each.rule for each in broken} <= {"REC-4"}
    assert len(set(broken)) == len(broken)
    mended = broken_rules(replace(form, served_on=TODAY), FACTS, TODAY)
    assert set(mended) <= set(broken)


def test_the_forms_choices_are_those_of_the_manual() -> None:
    assert (len(Way), len(Service), len(Schooling), len(ProblemType)) == (5, 20, 3, 15)
    assert [each.label for each in Way] == ["家訪", "電訪", "面談", "書信", "其他"]
    assert Service.of_label("攜手計畫") is Service.HAND_IN_HAND
    assert ProblemType.of_label("照顧者養育疏忽或管教失當") is ProblemType.NEGLECT


def test_a_word_alone_names_nobody_and_a_name_with_it_does() -> None:
    assert names_nobody("案主")
    assert not names_nobody("案主陳大同")
    assert not names_nobody("")


def test_the_reports_problems_are_carried_in_its_order() -> None:
    reported = [ProblemType.NEGLECT, ProblemType.POVERTY, ProblemType.NEGLECT]
    assert carried_problems(reported) == (ProblemType.POVERTY, ProblemType.NEGLECT)
    assert carried_problems([]) == ()


@pytest.mark.parametrize(
    ("schooling", "light"),
    [
        (Schooling.STABLE, EducationLight.G),
        (Schooling.BECOMING_STABLE, EducationLight.Y),
        (Schooling.UNSTABLE, EducationLight.R),
    ],
)
def test_the_light_is_the_latest_records(schooling: Schooling, light: EducationLight) -> None:
    others = [Contact(TODAY - ONE_DAY, each, number=9) for each in Schooling]
    assert education_light([Contact(TODAY, schooling, number=1), *others]) is light
    assert light.label == schooling.label


def test_of_one_day_the_record_typed_last_decides() -> None:
    first, second = Contact(TODAY, Schooling.STABLE, 1), Contact(TODAY, Schooling.UNSTABLE, 2)
    assert education_light([second, first]) is EducationLight.R


def test_a_record_without_a_number_was_typed_before_the_first() -> None:
    without, first = Contact(TODAY, Schooling.STABLE), Contact(TODAY, Schooling.UNSTABLE, 1)
    assert without.number == 0
    assert education_light([without, first]) is EducationLight.R


def test_without_a_record_there_is_no_light() -> None:
    assert education_light([]) is None
