"""The language of a person of the chat: kept where they stand, handed on to the account they bind."""

from __future__ import annotations

from core.access import Actor, system
from core.accounts.links import begin_link, complete_link, remember_link_token
from core.accounts.models import Account
from core.accounts.preferences import choose_language, preferences
from core.audit import Door
from core.cards import from_json, said
from core.context import Core
from core.inbox.models import Conversation
from core.inbox.speaking import language_of, speak
from core.language.models import Language
from core.notices.models import Notice, NoticeKind, Urgency
from core.notices.service import ToAccount, ToAddress, ToPerson, say
from tests.builders import a_unit, an_account

ACTOR = Actor(name="visitor")


def met(core: Core, person: str, language: Language | None = None) -> None:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        ctx.session.add(Conversation(person=person, line_user=ctx.vault.seal(f"U of {person}"), misunderstood=0))
        ctx.session.flush()
        if language:
            speak(ctx, person, language)


def binds(core: Core, account: Account, person: str) -> None:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        remember_link_token(ctx, person, f"token of {person}")
        nonce = begin_link(ctx, account.id, f"token of {person}")
        complete_link(ctx, person, ctx.vault.seal(f"U of {person}"), nonce)


def own_language(core: Core, account: Account) -> Language | None:
    with core.reading(ACTOR, Door.CHAT) as ctx:
        return ctx.session.get_one(Account, account.id).language


def language_said(core: Core, to: ToAccount | ToAddress | ToPerson) -> str:
    with core.transaction(system("test"), Door.JOB) as ctx:
        say(ctx, to=to, answer=said("好的"), kind=NoticeKind.ACCOUNT, key="once", urgency=Urgency.ALWAYS)
        row = ctx.session.query(Notice).where(Notice.dedupe_key == "once").one()
        answer = from_json(ctx.vault.open(row.said))
        ctx.session.delete(row)
        return answer.language


def test_nothing_is_kept_of_somebody_who_never_wrote(core_sqlite: Core) -> None:
    with core_sqlite.transaction(ACTOR, Door.CHAT) as ctx:
        speak(ctx, "nobody", Language.ENGLISH)
        assert language_of(ctx.session, "nobody") is None
    met(core_sqlite, "ann")
    with core_sqlite.transaction(ACTOR, Door.CHAT) as ctx:
        assert language_of(ctx.session, "ann") is None


def test_an_account_takes_the_language_of_who_binds_it_unless_it_has_one(core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite, "永平國民小學")
    one, other, third = (an_account(core_sqlite, unit) for _ in range(3))
    met(core_sqlite, "ann", Language.ENGLISH)
    binds(core_sqlite, one, "ann")
    assert own_language(core_sqlite, one) is Language.ENGLISH
    met(core_sqlite, "ben", Language.CHINESE)
    binds(core_sqlite, one, "ben")
    assert own_language(core_sqlite, one) is Language.ENGLISH
    met(core_sqlite, "cat")
    binds(core_sqlite, other, "cat")
    assert own_language(core_sqlite, other) is own_language(core_sqlite, third) is None


def test_a_choice_is_noted_once(core_sqlite: Core) -> None:
    account = an_account(core_sqlite, a_unit(core_sqlite, "永平國民小學"))
    actor = Actor(name=account.code, account_id=account.id)
    with core_sqlite.transaction(actor, Door.CHAT) as ctx:
        assert preferences(ctx).language is Language.CHINESE
        choose_language(ctx, Language.ENGLISH)
        assert preferences(ctx).language is Language.ENGLISH
    assert own_language(core_sqlite, account) is Language.ENGLISH


def test_who_is_spoken_to_in_which_language(core_sqlite: Core) -> None:
    account = an_account(core_sqlite, a_unit(core_sqlite, "永平國民小學"))
    met(core_sqlite, "ann", Language.ENGLISH)
    sealed = core_sqlite.vault.seal("U of ann")
    unbound, bound = ToPerson("ann", sealed), ToPerson("ann", sealed, account.id)
    assert [language_said(core_sqlite, to) for to in (unbound, bound)] == ["en", "en"]
    assert language_said(core_sqlite, ToAccount(account.id)) == "zh"
    assert language_said(core_sqlite, ToAddress(None, sealed)) == "zh"
    with core_sqlite.transaction(Actor(name=account.code, account_id=account.id), Door.CHAT) as ctx:
        choose_language(ctx, Language.CHINESE)
    assert [language_said(core_sqlite, to) for to in (unbound, bound)] == ["en", "zh"]
    with core_sqlite.transaction(Actor(name=account.code, account_id=account.id), Door.CHAT) as ctx:
        choose_language(ctx, Language.ENGLISH)
    everywhere = (ToAccount(account.id), ToAddress(account.id, sealed), bound)
    assert [language_said(core_sqlite, to) for to in everywhere] == ["en", "en", "en"]
