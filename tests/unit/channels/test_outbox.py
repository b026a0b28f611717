"""Messages that are only written down."""

import os
import time
from pathlib import Path
from uuid import uuid4

from schedule_app.channels import outbox
from schedule_app.settings import Settings


def test_what_was_written_long_ago_is_removed(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)
    outbox.remove_old(settings)
    old, new = [
        outbox.put(settings, to="bob@example.com", key=uuid4(), content=b"Hello", ending="eml") for _ in range(2)
    ]
    long_ago = time.time() - outbox.KEPT_FOR.total_seconds() - 60
    os.utime(old, (long_ago, long_ago))

    for _ in range(2):
        outbox.remove_old(settings)

    assert list((tmp_path / "outbox").iterdir()) == [new]
