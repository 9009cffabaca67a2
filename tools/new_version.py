"""Write the next version of the schema from what the models have and the newest version lacks.

make version N=0002 SAYS="What it brings"

The file is a draft: read it, and add what a comparison cannot know (data to move, first rows).
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from core import migrations
from core.database import Store


def main(number: str, message: str) -> None:
    """Compare a migrated, empty database with the models and write the difference as a version."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/empty.db")
        migrations.upgrade(store)
        config = migrations.configuration()
        with store.engine.begin() as connection:
            config.attributes["connection"] = connection
            script = command.revision(config, message, autogenerate=True, rev_id=number)
        store.close()
    for each in script if isinstance(script, list) else [script]:
        if each is not None:
            print(Path(each.path).name)


if __name__ == "__main__":
    main(*sys.argv[1:3])
