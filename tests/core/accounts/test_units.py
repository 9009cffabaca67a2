"""The tree of units keeps its paths right, whatever moves (ACC-10)."""

from __future__ import annotations

import pytest

from core.access import system
from core.accounts.models import Unit, UnitKind
from core.accounts.units import UnitFacts, put_unit
from core.audit import Door
from core.context import Core
from core.errors import InvalidInput
from core.imports.results import Put
from tests.builders import a_unit


def put(core: Core, code: str, parent: str | None = None, name: str = "某單位") -> Put:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return put_unit(ctx, UnitFacts(code, name, UnitKind.OTHER, parent))


def chains(core: Core) -> dict[str, str]:
    """Return each unit's path written in codes."""
    with core.store.reading() as session:
        units = {unit.id: unit for unit in session.query(Unit)}
        return {
            unit.code: "/".join(units[int(part)].code for part in unit.path.strip("/").split("/"))
            for unit in units.values()
        }


def test_a_path_ends_in_the_units_own_place(core: Core) -> None:
    assert [put(core, "A"), put(core, "B", "A"), put(core, "C", "B")] == [Put.ADDED] * 3
    assert chains(core) == {"A": "A", "B": "A/B", "C": "A/B/C"}


def test_the_same_again_changes_nothing(core: Core) -> None:
    put(core, "A")
    put(core, "B", "A")
    assert [put(core, "A"), put(core, "B", "A")] == [Put.SAME] * 2


def test_a_unit_that_moves_takes_everything_below_along(core: Core) -> None:
    for code, parent in [("A", None), ("B", "A"), ("C", "B"), ("D", "C"), ("X", None), ("B2", "A")]:
        put(core, code, parent)
    assert put(core, "B", "X") is Put.CHANGED
    assert chains(core) == {"A": "A", "B": "X/B", "C": "X/B/C", "D": "X/B/C/D", "X": "X", "B2": "A/B2"}


def test_a_unit_may_become_a_root(core: Core) -> None:
    for code, parent in [("A", None), ("B", "A"), ("C", "B")]:
        put(core, code, parent)
    assert put(core, "B") is Put.CHANGED
    assert chains(core) == {"A": "A", "B": "B", "C": "B/C"}


@pytest.mark.parametrize("parent", ["B", "C", "D"])
def test_no_unit_hangs_below_itself(core: Core, parent: str) -> None:
    for code, above in [("A", None), ("B", "A"), ("C", "B"), ("D", "C")]:
        put(core, code, above)
    with pytest.raises(InvalidInput) as refused:
        put(core, "B", parent)
    assert refused.value.field == "上級代碼"
    assert chains(core)["D"] == "A/B/C/D"


def test_an_unknown_parent_is_named(core_sqlite: Core) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(core_sqlite, "A", "NONE")
    assert refused.value.field == "上級代碼"


@pytest.mark.parametrize(
    ("code", "name", "field"),
    [
        ("", "某單位", "單位代碼"),
        ("C" * 41, "某單位", "單位代碼"),
        ("A", " ", "單位名稱"),
        ("A", "名" * 101, "單位名稱"),
    ],
)
def test_blank_and_endless_names_are_refused(core_sqlite: Core, code: str, name: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(core_sqlite, code, name=name)
    assert refused.value.field == field


def test_names_at_the_limit_are_taken(core_sqlite: Core) -> None:
    assert put(core_sqlite, "C" * 40, name="名" * 100) is Put.ADDED


def test_a_tree_too_deep_is_refused_and_nothing_is_kept(core_sqlite: Core) -> None:
    above, refused = None, None
    for number in range(120):
        try:
            put(core_sqlite, f"N{number}", above)
        except InvalidInput as error:
            refused = error
            break
        above = f"N{number}"
    assert refused is not None
    assert refused.field == "上級代碼"
    with core_sqlite.store.reading() as session:
        assert max(len(unit.path) for unit in session.query(Unit)) <= 200


def test_a_new_code_that_would_part_an_address_is_refused_and_one_that_stands_is_left(core: Core) -> None:
    with pytest.raises(InvalidInput, match="不能有「/」"):
        put(core, "A/1")
    a_unit(core, "某單位", code="B/1", kind=UnitKind.OTHER)
    assert put(core, "B/1") is Put.SAME
