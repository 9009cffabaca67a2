"""The addresses of 匯入: the Center's and the administrators' (ACC-10)."""

from __future__ import annotations

from core.access import Action
from handlers.desk import bringing, bringing_one
from handlers.desk.gate import Gate, Prepared


def add_to(gate: Gate) -> None:
    """Add the lists and their previews, and the form for one dispatch."""
    gate.page("/bring", "bring", Action.IMPORT, bringing.show)
    gate.page("/bring", "bring_list", Action.IMPORT, Prepared(bringing.read, bringing.send), method="POST")
    gate.page("/bring/templates/<which>.xlsx", "bring_template", Action.IMPORT, bringing.template)
    one = "/bring/<int:number>"
    preview, confirm = (Prepared(bringing.read_again, each) for each in (bringing.preview, bringing.confirm))
    gate.page(one, "bring_preview", Action.IMPORT, preview)
    gate.page(f"{one}/confirm", "bring_confirm", Action.IMPORT, confirm, method="POST")
    gate.page(f"{one}/drop", "bring_drop", Action.IMPORT, bringing.drop, method="POST")
    gate.page("/bring/dispatch", "bring_dispatch", Action.IMPORT, bringing_one.show)
    gate.page("/bring/dispatch", "bring_dispatch_check", Action.IMPORT, bringing_one.check, method="POST")
    gate.page("/bring/dispatch/put", "bring_dispatch_put", Action.IMPORT, bringing_one.put, method="POST")
