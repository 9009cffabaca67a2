"""Which English words are a sign of danger (CHK-11), as ``urgent_signs`` knows the Chinese ones: never missed.

A normal text has no spaces and only capitals, so a word is looked for with its neighbours: ABUSE in CHILD ABUSE, but
not in the name of a form, a hotline or an insurance. The price is a false alarm now and then.
"""

from __future__ import annotations

import re

_SELF = "(?:MY|HIM|HER|THEM|YOUR|OUR|ONE|IT)SEL(?:F|VES)"
_WHOSE = "(?:MY|HIS|HER|THEIR|YOUR|OUR|A|AN|THE|THIS|THAT|ONE)"
_CHILD = "(?:CHILD(?:REN)?|PUPILS?|STUDENTS?|KIDS?|BOYS?|GIRLS?|SONS?|DAUGHTERS?|BAB(?:Y|IES)|BROTHERS?|SISTERS?)"
_ME = "(?:ME|US)(?:(?![A-Z])|(?=AND|WITH|NOW|AGAIN|AT|IN|ON|EVERY))"
_PEOPLE = f"(?:{_ME}|HIM|HER|THEM|{_WHOSE}?(?:{_CHILD}|WIFE|HUSBAND|MOTHER|FATHER|MOM|DAD|MUM|PARTNER|TEACHER))"
_PAPER = (
    "(?:PREVENTION|AWARENESS|HOTLINE|HELPLINE|TRAINING|COURSE|HANDBOOK|MANUAL|FORM|STATISTIC|INSURANCE|CLAIM|REPORT)"
)
_NOT = "(?:DON['’]?T|DOESN['’]?T|DIDN['’]?T|NOT|NOLONGER|NEVER)"

SUICIDE = (
    f"SUICID(?!(?:E|AL)?{_PAPER})|KILL(?:ING|ED|S)?{_SELF}|HURT(?:ING|S)?{_SELF}|HARM(?:ING|ED|S)?{_SELF}"
    f"|SELF-?HARM"
    f"|HANG(?:ING|ED|S)?{_SELF}|CUT(?:TING|S)?(?:{_SELF}|{_WHOSE}(?:WRIST|ARM))"
    f"|(?:WANT|WANTS|WANTED|GOING|WISH|WISHES|TRIED|TRYING)TODIE|END(?:ING|S)?{_WHOSE}(?:OWN)?LI(?:FE|VES)"
    f"|{_NOT}(?:WANTS?TO|WANNA)LIVE|BETTEROFFDEAD|JUMP(?:ING|ED|S)?(?:OFF|FROM|OUTOF){_WHOSE}?(?:ROOF|BUILDING"
    f"|BRIDGE|WINDOW)"
    "|OVERDOS|TOOKALL(?:THE|HIS|HER|MY|THEIR)?PILLS"
)
VIOLENCE = (
    f"(?:BEAT(?:S|ING|EN)?|(?<![CT])(?!(?<![A-Z])HITHERE)HIT(?:S|TING)?|PUNCH(?:ES|ING|ED)?|KICK(?:S|ING|ED)?"
    f"|SLAP(?:S|PING|PED)?|ATTACK(?:S|ING|ED)?"
    f"|STAB(?:S|BING|BED)?|KILL(?:S|ING|ED)?|STRANGL(?:E|ES|ING|ED)|CHOK(?:E|ES|ING|ED)|WHIP(?:S|PING|PED)?"
    f"|HURT(?:S|ING)?)"
    f"(?:UP)?{_PEOPLE}(?![A-Z]?SEL)|(?:BEING|BEEN|WAS|WERE|GOT|GETS|GETTING|IS|ARE)(?:BEATEN|HIT(?!S)|STABBED"
    f"|ATTACKED|RAPED|MOLESTED)"
    f"|DOMESTICVIOLENCE(?!{_PAPER})|(?:CHILD|SEXUAL|PHYSICAL)ABUSE(?!{_PAPER})|ABUS(?:ED|ING)(?!{_PAPER})|(?:IS"
    f"|BEING|WAS)RAPE"
    f"|MOLEST|SEXUAL(?:LY)?(?:ASSAULT|ABUS|HARASS)(?!(?:MENT)?{_PAPER})|RAPED|KIDNAP|ABDUCT|WITHAKNIFE"
    f"|HASAKNIFE|HASAGUN|MURDER"
)
INJURY = (
    f"INJUR(?:ED|IES|Y)(?!{_PAPER})|BLEED|UNCONSCIOUS|PASSEDOUT|FAINTED|{_NOT}BREATH|CAN(?:['’]?T|NOT)BREATHE"
    f"|DROWN|SEIZURE"
    "|BROKEN(?:ARM|LEG|BONE|RIB|NECK|SKULL)|BROKE(?:HIS|HER|MY|THEIR)(?:ARM|LEG|NECK)|POISONED|POISONING|OVERDOSE"
    "|(?:BADLY|SEVERELY)(?:BURN|HURT)|WON['’]?TWAKEUP|CAN(?:['’]?T|NOT)WAKE|CALLANAMBULANCE"
)
LOST = (
    f"MISSING{_CHILD}(?!(?:['’]?S)?(?:DATA|RECORD|FORM|FILE|NAME|ID))|{_CHILD}(?:IS|ARE|HAS|HAVE|WENT|GONE)*MISSING"
    f"|{_CHILD}(?:HAS|HAVE|IS|ARE)?(?:DISAPPEARED|LOST(?!(?:HIS|HER|THEIR)))|RANAWAY|RUNAWAY|RUNNINGAWAYFROM"
    f"|CAN(?:['’]?T|NOT)FIND{_WHOSE}?{_CHILD}(?!(?:['’]?S)?(?:DATA|RECORD|FORM|FILE|NAME|ID|CASE|IN))"
    f"|{_CHILD}(?:DID|HAS|HAVE)N[O'’]?TCOMEHOME"
)
_PATTERNS = {name: re.compile(words) for name, words in (
    ("suicide", SUICIDE), ("violence", VIOLENCE), ("injury", INJURY), ("lost", LOST),
)}  # fmt: skip


def english_sign(text: str) -> str | None:
    """Return the name of the gravest sign of danger in a normal text typed in English, or None."""
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(text)), None)
