"""Files that appear whole or not at all, whoever else is making the same one."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def make_once(path: Path, fill: Callable[[Path], None]) -> None:
    """Make `path`, readable by us alone, unless it is there; `fill` writes it beforehand.

    Raises: OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        fill(draft)
        _name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path) -> None:
    """Name the draft; where another process was first, its file stays."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            draft.rename(path)
