"""What was typed into a form that is not taken: it is given back on the page that says so, to be copied.

Only what people put into words: never a password, a code or an ID.
"""

from __future__ import annotations

from flask import request

from core.imports.dispatches import COLUMNS

WORDS = ("name", "unit", "title", "phone", "reason", "text", "note")
WHY = "why"  # how the reasons of several decisions begin
CELLS = {name: COLUMNS[name].heading for name in COLUMNS if name != "national_id"}
"""The fields of a dispatch that is typed by itself: so many are given back with their headings."""
TYPED_AT_MOST = 20_000  # characters that are given back


def typed_words() -> str:
    """Return what was typed, a field a line; empty where nothing was."""
    found = (_line(name, value.strip()) for name, value in request.form.items())
    return "\n".join(filter(None, found))[:TYPED_AT_MOST]


def typed_words_of_ours() -> str:
    """Return the same where the browser says that the form was a page of this site.

    A form without a valid token (A62) may be a stranger's, whose words are not shown as if they were the reader's.
    """
    return typed_words() if request.headers.get("Sec-Fetch-Site") == "same-origin" else ""


def _line(name: str, value: str) -> str:
    """Return what is given back of a field; empty for what is not."""
    if value and name in CELLS:
        return f"{CELLS[name]}：{value}"
    return value if name in WORDS or name.startswith(WHY) else ""
