"""A message as a letter: plain text, and HTML that needs nothing from elsewhere and is readable in the dark."""

from html import escape
from typing import Final

from schedule_app.channels.port import Message

_WHY: Final = "You get this because you are on the schedule."
_CHOOSE: Final = "Choose what you are told, and how"
_OPEN: Final = "Open"

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 24px 16px; background: #f6f6f7; color: #18181b; }}
body, a {{ font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }}
.card {{ max-width: 560px; margin: 0 auto; padding: 24px; background: #ffffff; border: 1px solid #e2e2e6;
  border-radius: 10px; }}
h1 {{ margin: 0 0 16px; font-size: 20px; line-height: 1.3; }}
h2 {{ margin: 16px 0 0; font-size: 16px; }}
p {{ margin: 4px 0 0; overflow-wrap: anywhere; white-space: pre-line; }}
.open {{ display: inline-block; margin-top: 24px; padding: 10px 20px; border-radius: 6px; background: #1d5fd1;
  color: #ffffff; font-weight: 600; text-decoration: none; }}
.foot {{ max-width: 560px; margin: 16px auto 0; font-size: 13px; color: #4f4f58; }}
.foot a {{ font-size: 13px; color: #1a56bf; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #101012; color: #ececee; }}
  .card {{ background: #19191c; border-color: #2d2d32; }}
  .foot {{ color: #b4b4bc; }}
  .foot a {{ color: #8db5f8; }}
}}
</style>
</head>
<body>
<div class="card">
<h1>{subject}</h1>
{items}
<a class="open" href="{url}">{open}</a>
</div>
<p class="foot">{why} <a href="{settings_url}">{choose}</a></p>
</body>
</html>
"""


def text_of(message: Message) -> str:
    """The letter as plain text."""
    told = [line for item in message.items for line in (item.title, item.text or item.body, "")]
    parts = [*told, f"{_OPEN}: {message.url}", "", "-- ", _WHY, f"{_CHOOSE}: {message.settings_url}", ""]
    return "\n".join(parts)


def html_of(message: Message) -> str:
    """The letter as HTML. Of a single thing, the heading is its title."""
    is_single = len(message.items) == 1
    items = "\n".join(
        ("" if is_single else f"<h2>{escape(item.title)}</h2>\n") + f"<p>{escape(item.text or item.body)}</p>"
        for item in message.items
    )
    return _PAGE.format(
        subject=escape(message.subject),
        items=items,
        url=escape(message.url),
        open=_OPEN,
        why=_WHY,
        settings_url=escape(message.settings_url),
        choose=_CHOOSE,
    )
