"""The number of one intent, in the form that sends it."""

import reflex as rx


class IntentKey(rx.Component):
    """assets/intent_key.jsx: a hidden field `key`, so that what is sent twice is done once; see `services.once`."""

    library = "$/public/intent_key.jsx"
    tag = "IntentKey"


intent_key = IntentKey.create
