"""The sample's units: a city, the Center, four bureaus, and schools and centres that do not exist."""

from __future__ import annotations

from core.accounts.models import UnitKind
from core.accounts.units import UnitFacts

CITY, CENTER, EDUCATION, SOCIAL, HEALTH, CIVIL = "CITY", "CENTER", "EDU", "SOC", "HEA", "CIV"
MAIN_SCHOOL = "EDU01"

_OFFICES = (
    UnitFacts(CITY, "新北市政府", UnitKind.OTHER),
    UnitFacts(CENTER, "高風險家庭服務管理中心", UnitKind.CENTER, CITY),
    UnitFacts(EDUCATION, "教育局", UnitKind.BUREAU, CITY),
    UnitFacts(SOCIAL, "社會局", UnitKind.BUREAU, CITY),
    UnitFacts(HEALTH, "衛生局", UnitKind.BUREAU, CITY),
    UnitFacts(CIVIL, "民政局", UnitKind.BUREAU, CITY),
)
_SCHOOLS = (
    "星禾國民小學", "晴嵐國民小學", "澄溪國民小學", "雲岫國民小學", "楓橋國民小學",
    "曦光國民中學", "松濤國民中學", "青陽國民中學", "望海高級中學", "遠帆高級工商職業學校",
)  # fmt: skip
_CENTRES = ("晨曦社會福利服務中心", "暖陽社會福利服務中心", "同心社會福利服務中心", "築夢社會福利服務中心")

SCHOOLS = tuple(
    UnitFacts(f"{EDUCATION}{number:02}", name, UnitKind.SCHOOL, EDUCATION)
    for number, name in enumerate(_SCHOOLS, start=1)
)
CENTRES = (
    *(
        UnitFacts(f"{SOCIAL}{number:02}", name, UnitKind.WELFARE_CENTRE, SOCIAL)
        for number, name in enumerate(_CENTRES, start=1)
    ),
    UnitFacts(f"{HEALTH}01", "心橋社區心理衛生中心", UnitKind.OTHER, HEALTH),
)
UNITS = (*_OFFICES, *SCHOOLS, *CENTRES)
