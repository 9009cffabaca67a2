"""單位: the tree of units, each with what is over and below it and who belongs to it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from core.accounts.looking import accounts_of_unit, list_units, unit_of, units_below
from core.context import Context
from core.paging import ROWS_AT_MOST
from handlers.desk import views

LONGEST = 100  # characters of what is looked for: a unit's name


def show_list(ctx: Context) -> Response:
    """Show the units whose name or code holds what was typed; all where nothing was."""
    typed = request.args.get("name", "")[:LONGEST].strip()
    found = list_units(ctx, typed, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("units.html", typed=typed, rows=found.rows, pager=pager)


def show_one(ctx: Context, unit_id: int) -> Response:
    """Show one unit, the units right below it, and its accounts."""
    shown = unit_of(ctx, views.stored_id(unit_id))
    found = accounts_of_unit(ctx, shown.id, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    below = units_below(ctx, shown.id, ROWS_AT_MOST)
    return views.page("unit.html", unit=shown, below=below, rows=found.rows, pager=pager)
