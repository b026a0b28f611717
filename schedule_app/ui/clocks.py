"""By whose clocks a page tells times: what is opened from it tells them alike."""

import reflex as rx


class ClocksState(rx.State):
    """The clocks of the open page.

    Attributes:
        zone: Theirs; "" for those of the place of each shift.
    """

    zone: str = ""


async def tell_times_of(page: rx.State, zone: str) -> None:
    """Have whatever is opened from a page tell times by the clocks of a zone; "" for those of the place."""
    (await page.get_state(ClocksState)).zone = zone


async def zone_told(part: rx.State) -> str:
    """The zone by whose clocks the page tells times, or ""."""
    return (await part.get_state(ClocksState)).zone
