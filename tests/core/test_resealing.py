"""Sealing anew with a new data key: batch after batch, to be gone on with, until the old key can go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from sqlalchemy import Column, select, update

from core.accounts.models import Account
from core.audit import AuditRow
from core.audit import verify as first_broken
from core.clock import FixedClock
from core.context import Core
from core.database import SealedText, Store
from core.errors import SetupError
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpDraft, HelpKind
from core.helpdesk.service import Asker, ask
from core.inbox.models import Conversation
from core.migrations.tables import all_tables
from core.policy import Policy
from core.resealing import Resealed, count_left, reseal
from core.secrets import Sealed, Vault, new_key
from tests.builders import a_bound_account, a_check, a_dispatch, an_account, inside

SECRET = "a secret key that stays, and is long enough"
OLD, NEW = new_key(), new_key()
SEALED = [each for table in all_tables().sorted_tables for each in table.columns if isinstance(each.type, SealedText)]


def with_keys(core: Core, *keys: str) -> Core:
    return replace(core, vault=Vault(SECRET, keys))


def filled(core: Core) -> None:
    """Fill tables whose keys are of every kind: numbers, words, and two columns together."""
    bound = a_bound_account(core)
    a_dispatch(core)
    a_check(core, born_on=date(2012, 5, 1))
    with inside(core) as ctx:
        asked = ask(ctx, Asker(account_id=bound.account.id), HelpKind.LOGIN, "", Written("登入不了"))
        draft = HelpDraft(
            request_id=asked.number, account_id=bound.account.id, text=ctx.vault.seal("請重試"), saved_at=ctx.now
        )
        talk = Conversation(person="somebody", line_user=ctx.vault.seal("U1"))
        ctx.session.add_all([draft, talk])


def contents(core: Core) -> dict[Column[object], list[str]]:
    """All that is sealed, as the core's keys open it."""
    with core.store.reading() as session:
        rows = {each: session.scalars(select(each).where(each.is_not(None))).all() for each in SEALED}
    return {column: sorted(core.vault.open(sealed) for sealed in found) for column, found in rows.items()}


def left(core: Core) -> int:
    with core.store.reading() as session:
        return count_left(session, core.vault)


def resealed(core: Core) -> int:
    """Seal anew; how many rows it were."""
    return sum(batch.rows for batch in reseal(core, 100))


def test_what_an_old_key_sealed_is_sealed_anew_and_the_old_key_can_go(core: Core) -> None:
    before = with_keys(core, OLD)
    filled(before)
    both, after = with_keys(core, NEW, OLD), with_keys(core, NEW)
    kept, rows = contents(before), left(both)
    assert (resealed(both), left(both), resealed(both)) == (rows, 0, 0)
    assert contents(after) == kept
    assert {column.table.name for column, found in kept.items() if found} >= {
        "accounts",
        "conversations",
        "help_drafts",
    }


def test_each_batch_is_kept_by_itself_and_noted_and_whoever_was_interrupted_goes_on(core: Core) -> None:
    before, both = with_keys(core, OLD), with_keys(core, NEW, OLD)
    for _ in range(5):
        an_account(before)
    asked = left(both)
    assert list(islice(reseal(both, 2), 1)) == [Resealed("accounts", 2)]
    assert left(both) == asked - 2
    assert list(reseal(both, 2)) == [Resealed("accounts", 2), Resealed("accounts", 1)]
    assert left(both) == 0
    with core.store.reading() as session:
        noted = session.execute(select(AuditRow.subject, AuditRow.fields).where(AuditRow.act == "reseal")).all()
        assert first_broken(session, both.vault) is None
    assert {tuple(row) for row in noted} == {("table:accounts", "name,national_id,email,phone,disabled_why")}
    assert len(noted) == 3


def test_a_row_that_somebody_holds_is_left_to_the_next_time(
    postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock
) -> None:
    core = Core(postgres_store, vault, policy, clock)
    before, both = with_keys(core, OLD), with_keys(core, NEW, OLD)
    held = an_account(before)
    an_account(before)
    with postgres_store.transaction() as session:
        session.execute(select(Account.id).where(Account.id == held.id).with_for_update())
        assert resealed(both) == 1
    assert (left(both), resealed(both), left(both)) == (1, 1, 0)


def test_what_no_key_opens_is_told_and_stops_nothing(core_sqlite: Core) -> None:
    an_account(with_keys(core_sqlite, new_key()))
    an_account(with_keys(core_sqlite, OLD))
    both = with_keys(core_sqlite, NEW, OLD)
    assert (resealed(both), left(both)) == (1, 1)


def test_a_value_that_was_altered_is_not_sealed_anew(core_sqlite: Core) -> None:
    altered = an_account(with_keys(core_sqlite, OLD))
    token = altered.name.token
    with inside(core_sqlite) as ctx:
        ctx.session.execute(update(Account).values(name=Sealed(token[:-1] + bytes([token[-1] ^ 1]))))
    both = with_keys(core_sqlite, NEW, OLD)
    with pytest.raises(SetupError, match="altered"):
        list(reseal(both))
    assert left(both) == 1


def test_with_one_key_nothing_is_to_be_done(core_sqlite: Core) -> None:
    only = with_keys(core_sqlite, OLD)
    an_account(only)
    assert (list(reseal(only)), left(only)) == ([], 0)
