"""A temporary folder that servers can work in."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .commands import give, server_user


@contextlib.contextmanager
def temporary(prefix: str, keep: bool = False) -> Iterator[Path]:
    """Gone with the block, if it is not to be kept. Whoever the servers run as can enter it, and write there."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    give(folder, server_user())
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
