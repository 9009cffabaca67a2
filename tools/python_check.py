"""Say in one line what this Python lacks for making .venv. It runs on any Python 3, so it is written in old ways."""

import sys

OLDEST = (3, 11)


def lacks() -> str:
    """Return the line, or nothing when all is well."""
    if sys.version_info[:2] < OLDEST:
        line = "Python {}.{} or newer is needed; this is {}.{} (with another one: make PYTHON=python3.12 ...)"
        return line.format(*(OLDEST + sys.version_info[:2]))
    try:
        import ensurepip  # noqa: F401, PLC0415 (Debian keeps it in a package of its own)
    except ImportError:
        return "python3 cannot make environments here: sudo apt-get install python3-venv"
    return ""


if __name__ == "__main__":
    sys.exit(lacks() or 0)
