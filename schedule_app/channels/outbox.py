"""Messages as files, so that they can be read where nothing is really sent."""

import contextlib
import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from schedule_app.channels import OUTBOX
from schedule_app.channels.port import ChannelError
from schedule_app.settings import Settings

#: How long messages stay that are only written down.
KEPT_FOR: Final = timedelta(days=30)

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9@.+-]+")


def put(settings: Settings, *, to: str, key: UUID, content: bytes, ending: str) -> Path:
    """Write a message to the data folder; it is there whole or not at all. Names sort by time.

    Raises:
        ChannelError: It cannot be written there.
    """
    folder = settings.data_dir / OUTBOX
    at = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    path = folder / f"{at}-{_UNSAFE.sub('_', to)[:80]}-{key.hex}-{os.urandom(3).hex()}.{ending}"
    draft = path.with_suffix(".draft")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_bytes(content)
        draft.rename(path)
    except OSError as error:
        reason = f"The message cannot be written to {folder}: {error.strerror}."
        raise ChannelError(reason, is_worth_repeating=True) from error
    return path


def remove_old(settings: Settings) -> None:
    """Remove what was written long ago."""
    before = time.time() - KEPT_FOR.total_seconds()
    for file in (settings.data_dir / OUTBOX).glob("*.*"):
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()
