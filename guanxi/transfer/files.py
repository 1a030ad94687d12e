"""Uploaded files: kept under random names below MEDIA_ROOT, never served, forgotten after a while."""

import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Where uploads lie."""
    return Path(settings.MEDIA_ROOT) / "imports"


def keep(chunks: Iterable[bytes]) -> Path:
    """Write an upload under a random name that only the server's own user may read."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder() / uuid.uuid4().hex
    path.touch(mode=0o600)
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return path


def forget(path: str | Path) -> None:
    """Delete an upload; a file that was imported where it lies, by the command, stays."""
    found = Path(path)
    if str(path) and found.parent == folder():
        found.unlink(missing_ok=True)
