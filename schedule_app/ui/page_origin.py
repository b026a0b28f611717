"""Lets one build serve any host and port: the browser's socket goes to wherever the page came from."""

import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

PLACEHOLDER = "http://page-origin.invalid"
_SOCKET_ADDRESS = re.compile(r"([\"'`])ws://page-origin\.invalid(/[^\"'`]*)\1")
_PAGE_ORIGIN = '((location.protocol==="https:"?"wss://":"ws://")+location.host+"{path}")'


class PageOrigin(Plugin):
    """Replaces the address that Reflex bakes into the bundle by one worked out in the browser."""

    def post_build(self, **context: Any) -> None:  # noqa: ANN401 - the signature is Reflex's
        """Rewrite the built scripts.

        Raises:
            RuntimeError: if the address is not found, because pages would then never connect.
        """
        static_dir: Path = context["static_dir"]
        replaced = 0
        for script in static_dir.rglob("*.js"):
            text = script.read_text(encoding="utf-8")
            changed, count = _SOCKET_ADDRESS.subn(lambda match: _PAGE_ORIGIN.replace("{path}", match[2]), text)
            if count:
                script.write_text(changed, encoding="utf-8")
                replaced += count
        if not replaced:
            raise RuntimeError("The bundle holds no socket address to replace; Reflex has changed how it writes it.")
