"""The palette's parts in the browser: assets/palette.jsx as Reflex components."""

from typing import Any

import reflex as rx


class _PaletteAction(rx.Component):
    """Draws nothing: makes an action known to the palette and to its key for as long as it is on the page.

    Args:
        name: Names it; unique on a page.
        label: What it is called.
        words: More words it is found by.
        icon: Name of its icon.
        href: Where it leads.
        post: Where the browser posts to.
        shortcut: A single character that does it.
        of_page: Belongs to this page, and so comes before what every page has.
    """

    library = "$/public/palette.jsx"
    tag = "PaletteAction"

    name: rx.Var[str]
    label: rx.Var[str]
    words: rx.Var[str]
    icon: rx.Var[str]
    href: rx.Var[str]
    post: rx.Var[str]
    shortcut: rx.Var[str]
    of_page: rx.Var[bool]

    on_run: rx.EventHandler[rx.event.no_args_event_spec]


class _PaletteKeys(rx.Component):
    """Draws nothing: keys of a part of the page, for the help.

    Args:
        title: Names the part.
        keys: Pairs of keys and what they do.
    """

    library = "$/public/palette.jsx"
    tag = "PaletteKeys"

    title: rx.Var[str]
    keys: rx.Var[list[tuple[str, str]]]


class _PaletteButton(rx.Component):
    """Opens the palette."""

    library = "$/public/palette.jsx"
    tag = "PaletteButton"


class _Palette(rx.Component):
    """The palette and the help about keys, both closed at first.

    Args:
        people: FoundPerson with `href`, for the words in `asked`.
        weeks: {"label", "where", "href"}, likewise.
        asked: What the answer is to.
        on_search: Called with {"text"} while somebody types.
    """

    library = "$/public/palette.jsx"
    tag = "Palette"

    people: rx.Var[list[dict[str, Any]]]
    weeks: rx.Var[list[dict[str, Any]]]
    asked: rx.Var[str]

    on_search: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


palette_action = _PaletteAction.create
palette_keys = _PaletteKeys.create
palette_button = _PaletteButton.create
palette_dialogs = _Palette.create
