"""Where the focus goes when what had it is gone."""

import reflex as rx


class PassFocus(rx.Component):
    """assets/pass_focus.jsx: shows nothing, and hands the focus of what is removed to what was around it."""

    library = "$/public/pass_focus.jsx"
    tag = "PassFocus"
