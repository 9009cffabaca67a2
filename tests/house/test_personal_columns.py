"""No column holds personal data readable: each is sealed, a keyed hash, or listed with why it is not personal."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Boolean, Column, Integer, String

from core.database import EnumText, SealedText
from core.migrations.tables import all_tables
from tests.house.columns import HEADS, KEYED, OF_PEOPLE, listed

COLUMNS = {f"{table.name}.{column.name}": column for table in all_tables().sorted_tables for column in table.columns}
SHORTER = {"help_words.word": 24, "otp_tallies.key": 100}
"""Keyed hashes that are cut, or stand behind a sign and an account's number."""


def says_by_its_type(column: Column[object]) -> bool:
    """Whether a column's type leaves no room for a person: sealed, a flag, an enum, a number of our own rows."""
    is_ours = column.primary_key and isinstance(column.type, Integer)
    return is_ours or bool(column.foreign_keys) or isinstance(column.type, (SealedText, EnumText, Boolean))


def test_every_column_that_is_not_sealed_is_listed_once_with_why() -> None:
    wanted = {name for name, column in COLUMNS.items() if not says_by_its_type(column)}
    found = Counter(name for head in HEADS for name in listed(head))
    assert {name for name, times in found.items() if times > 1} == set()
    assert (wanted - found.keys(), found.keys() - wanted) == (set(), set())


def test_names_addresses_and_texts_of_people_are_sealed() -> None:
    """By the words they are called by: a new one of them is not listed away as something else."""
    said = {name: column for name, column in COLUMNS.items() if column.name in OF_PEOPLE}
    readable = {name for name, column in said.items() if not isinstance(column.type, SealedText)}
    assert readable == {"units.name", "api_keys.name", "doorways.name"}
    assert {column.name for column in said.values()} == OF_PEOPLE


def test_a_keyed_hash_has_the_length_of_one() -> None:
    kinds = {name: COLUMNS[name].type for name in listed(KEYED)}
    assert all(isinstance(kind, String) for kind in kinds.values())
    lengths = {name: kind.length for name, kind in kinds.items() if isinstance(kind, String)}
    assert {name: length for name, length in lengths.items() if length != 64} == SHORTER
