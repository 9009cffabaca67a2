"""All tables of the house in one place: what the migrations are compared with."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData

import core
from core.database import Base


def all_tables() -> MetaData:
    """Return the metadata of every table: each area's ``models.py``, and the few tables that stand beside the areas."""
    for each in walk_packages(core.__path__, "core."):
        if each.name.endswith(".models"):
            import_module(each.name)
    for name in ("core.amendments", "core.audit"):
        import_module(name)
    return Base.metadata
