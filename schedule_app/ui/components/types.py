"""Types the components take."""

from typing import Any

import reflex as rx

Child = rx.Component | rx.Var | str
Text = str | rx.Var[str]
# Reflex accepts handlers, partially applied handlers, lambdas and lists of them; it checks them itself when compiling.
Handler = Any
# What `foreach` hands over: a var of one item, whose attributes Reflex makes up as they are asked for.
Item = Any
# Attributes are handed on to the element, whose own signature knows their types.
Attribute = Any
