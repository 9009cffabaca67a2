"""A reason that a person wrote stays as it is; one of the system's own is said in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

from core.accounts.models import BindingEnd
from core.accounts.notices import disabled_by_mail, unbound_by_mail
from core.language.models import Language
from core.language.service import in_language

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)


def test_why_a_binding_ended_is_said_in_english() -> None:
    told = in_language(unbound_by_mail("AB1234", NOW, BindingEnd.BY_STAFF.label), Language.ENGLISH).to_json()
    assert "Unlinked by an administrator" in told
    assert BindingEnd.BY_STAFF.label not in told


def test_why_an_account_was_disabled_stays_as_it_was_written() -> None:
    told = in_language(disabled_by_mail("AB1234", NOW, "離職"), Language.ENGLISH).to_json()
    assert "Reason: 離職" in told
