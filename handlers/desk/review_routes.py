"""The pages of 審核, each with the action it asks of the core."""

from __future__ import annotations

from core.access import Action
from handlers.desk import reviews
from handlers.desk.gate import Gate


def add_to(gate: Gate) -> None:
    """Add the list of what is to be reviewed, and the pages of one form of each kind."""
    gate.page("/reviews", "reviews", Action.REVIEW, reviews.show_list)
    gate.page("/reviews/next", "review_next", Action.REVIEW, reviews.show_next)
    one, may = "/reviews/replies/<int:number>", Action.REVIEW_REPLIES
    gate.page(one, "review_reply", may, reviews.show_reply)
    gate.page(f"{one}/approve", "review_approve_reply", may, reviews.approve_reply, method="POST")
    gate.page(f"{one}/return", "review_return_reply", may, reviews.return_reply, method="POST")
    one, may = "/reviews/closures/<int:number>", Action.REVIEW_CLOSURES
    gate.page(one, "review_closure", may, reviews.show_closure)
    gate.page(f"{one}/approve", "review_approve_closure", may, reviews.approve_closure, method="POST")
    gate.page(f"{one}/return", "review_return_closure", may, reviews.return_closure, method="POST")
    one, may = "/reviews/checks/<path:number>", Action.RETURN_CHECKS
    gate.page(one, "review_check", may, reviews.show_check)
    gate.page(f"{one}/return", "review_return_check", may, reviews.return_check, method="POST")
