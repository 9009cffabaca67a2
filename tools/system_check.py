"""See that what the tests need beyond Python is there: PostgreSQL, Chromium, a font with Chinese characters.

python -m tools.system_check

What is missing is installed where that is possible (root on Debian or Ubuntu); elsewhere one line names it with the
command that installs it, and the exit status is 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests import browsers, postgres_server
from tests.databases import SERVER_SETTING

FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts")
CHINESE_FONTS = ("*CJK*", "*wqy*", "*uming*", "*ukai*", "*DroidSansFallback*", "*HanaMin*", "*PingFang*")
INSTALL = ("apt-get", "install", "-y", "-q", "--no-install-recommends")


def has_postgres() -> bool:
    """Return whether the tests have a PostgreSQL server or can start one."""
    if os.environ.get(SERVER_SETTING):
        return True
    try:
        postgres_server.programs()
    except postgres_server.ServerMissing:
        return False
    return True


def has_chromium() -> bool:
    """Return whether the tests have a browser."""
    return browsers.chromium() is not None


def has_chinese_font() -> bool:
    """Return whether Chinese is drawn as characters and not as boxes."""
    places = [Path(place) for place in (*FONT_PLACES, Path.home() / ".fonts", Path.home() / ".local/share/fonts")]
    return any(next(place.rglob(name), None) for place in places for name in CHINESE_FONTS)


NEEDED: dict[str, Callable[[], bool]] = {
    "postgresql": has_postgres,
    "chromium": has_chromium,
    "fonts-noto-cjk": has_chinese_font,
}
"""Debian's packages, and whether what they bring is there."""


def missing() -> list[str]:
    """Return the packages whose content is not there."""
    return [package for package, is_there in NEEDED.items() if not is_there()]


def install(packages: list[str]) -> None:
    """Install packages, where we may; failing is seen by looking again."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"installing {' '.join(packages)} ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "-q"), (*INSTALL, *packages)):
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)  # noqa: S603 (fixed words)


def main() -> int:
    """Look, install, look again; return the exit status."""
    lacking = missing()
    if lacking:
        install(lacking)
        postgres_server.programs.cache_clear()
        lacking = missing()
    if lacking:
        print(f"the tests need {', '.join(lacking)}: sudo apt-get install {' '.join(lacking)}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
