"""What was typed into a form that is not taken: it is given back on the page that says so, to be copied.

Only what people put into words: never a password, a code or an ID.
"""

from __future__ import annotations

from flask import request

WORDS = ("name", "unit", "title", "phone", "reason", "text", "note")
WHY = "why"  # how the reasons of several decisions begin
TYPED_AT_MOST = 20_000  # characters that are given back


def typed_words() -> str:
    """Return what was typed, a field a line; empty where nothing was."""
    found = (value.strip() for name, value in request.form.items() if name in WORDS or name.startswith(WHY))
    return "\n".join(filter(None, found))[:TYPED_AT_MOST]


def typed_words_of_ours() -> str:
    """Return the same where the browser says that the form was a page of this site.

    A form without a valid token (A62) may be a stranger's, whose words are not shown as if they were the reader's.
    """
    return typed_words() if request.headers.get("Sec-Fetch-Site") == "same-origin" else ""
