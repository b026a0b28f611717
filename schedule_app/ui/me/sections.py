"""The parts of a person's own shifts."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.answering.sections import answer_form, answered, confirm_all_form
from schedule_app.ui.answering.state import AnswerState
from schedule_app.ui.call_out.dialog import call_out_button
from schedule_app.ui.components import answer_badge, button, empty_state, icon, segmented
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Child, Item, Text
from schedule_app.ui.me.own_zone import own_zone
from schedule_app.ui.me.shift_dialog import details_button
from schedule_app.ui.me.state import MeState
from schedule_app.ui.shell import ShellState
from schedule_app.ui.swaps.propose_dialog import offer_or_swap

_WAITING: Item = MeState.waiting


def clocks() -> rx.Component:
    """By whose clocks times are told, where the browser's differ from those of the place of work."""
    return rx.fragment(
        own_zone(on_zone=MeState.tell_zone),
        rx.cond(
            MeState.own_zone != "",
            rx.el.div(
                segmented(
                    "Times by the clocks of",
                    (
                        ("site", "Times at work", MeState.show_clocks({"clocks": "site"})),
                        ("own", "My own time", MeState.show_clocks({"clocks": "own"})),
                    ),
                    value=MeState.clocks,
                ),
                rx.el.p(rx.cond(MeState.clocks == "own", MeState.own_zone, MeState.zone), class_name="small muted"),
                class_name="row",
            ),
            None,
        ),
    )


def asked() -> rx.Component:
    """What others ask, answered on pages of its own."""
    return rx.fragment(
        _asks(
            MeState.asked_by_planners,
            ("You are asked to take an open shift", "You are asked to take open shifts"),
            routes.OPEN_SHIFTS,
        ),
        _asks(
            MeState.asked_by_colleagues,
            ("A colleague asks you about a shift", "Colleagues ask you about shifts"),
            routes.SWAPS,
        ),
    )


def _asks(count: Item, words: tuple[str, str], href: str) -> rx.Component:
    one, many = words
    return rx.cond(
        count > 0,
        link(
            icon("hand"),
            rx.el.span(rx.cond(count == 1, one, many), class_name="grow"),
            icon("chevron-right"),
            href=href,
            class_name="me-asked",
        ),
        None,
    )


def elsewhere() -> rx.Component:
    """The other pages about one's own time."""
    pages: tuple[tuple[IconName, str, Text], ...] = (
        ("hand", "Open shifts", routes.OPEN_SHIFTS),
        ("arrow-left-right", "Offers and swaps", routes.SWAPS),
        ("calendar-off", "Time off", routes.TIME_OFF),
        ("calendar-clock", "Availability", routes.AVAILABILITY),
        ("calendar-days", "The whole week", ShellState.schedule_href),
    )
    return rx.el.nav(
        *(link(icon(name), words, href=href, class_name="btn") for name, words, href in pages),
        aria_label="More about your time",
        class_name="me-elsewhere section",
    )


def hours() -> rx.Component:
    """Hours of this week and this month, and the small calendar."""
    return rx.el.section(
        rx.el.h2("Your hours and days", id="days-title", class_name="sr-only"),
        rx.el.dl(
            _sum("This week", MeState.week_hours), _sum(MeState.month_label, MeState.month_hours), class_name="me-sums"
        ),
        rx.el.div(
            rx.foreach(MeState.calendar[0].days, _weekday),
            rx.foreach(MeState.calendar, lambda week: rx.fragment(rx.foreach(week.days, _day))),
            class_name="me-calendar",
        ),
        aria_labelledby="days-title",
        class_name="stack section",
    )


def _sum(label: Child, value: Child) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _weekday(day: Item) -> rx.Component:
    return rx.el.span(day.label[0:2], aria_hidden="true", class_name="me-weekday")


def _day(day: Item) -> rx.Component:
    """A day with shifts leads to the first of them in the list below, and says how many more there are."""
    number = rx.el.span(day.number, class_name="me-day-number")
    looks = {"data-today": day.is_today.to_string(), "data-past": day.is_past.to_string()}
    return rx.cond(
        day.shifts.length() > 0,
        rx.el.a(
            number,
            rx.el.span(day.shifts[0].begins, class_name="me-day-time"),
            rx.cond(
                day.shifts.length() > 1,
                rx.el.span("+", (day.shifts.length() - 1).to_string(), class_name="me-day-time"),
                None,
            ),
            href="#shift-" + day.shifts[0].id.to_string(),
            aria_label=day.label + ", " + day.times,
            aria_current=rx.cond(day.is_today, "date", "false"),
            class_name="me-day",
            custom_attrs={**looks, "data-status": day.shifts[0].status},
        ),
        rx.el.span(number, aria_hidden="true", class_name="me-day", custom_attrs=looks),
    )


def next_shift() -> rx.Component:
    """The shift that runs or comes next."""
    return rx.cond(MeState.next_shift, _next_card(MeState.next_shift), None)


def _next_card(shift: Item) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Next shift", id="next-title", class_name="section-title"),
            answer_badge(shift.status),
            class_name="spread",
        ),
        _when(shift, "shift-when"),
        _facts(shift),
        rx.el.div(
            details_button(shift),
            _to_calendar(shift, "Add to your calendar", class_name=""),
            rx.cond(shift.can_call_out, call_out_button(shift.id, shift.day_label, ", ", shift.label), None),
            class_name="row shift-note",
        ),
        aria_labelledby="next-title",
        class_name="shift-card shift-card-next",
        custom_attrs={"data-next-shift": shift.id.to_string()},
    )


def waiting() -> rx.Component:
    """What was answered last, and the shifts still waiting for an answer."""
    return rx.fragment(
        answered(),
        rx.cond(
            MeState.waiting,
            rx.el.section(
                rx.el.div(
                    rx.el.h2("Waiting for your answer", id="waiting-title", class_name="section-title"),
                    rx.cond(
                        _WAITING.length() > 1,
                        confirm_all_form(
                            MeState.waiting_ids, rx.fragment("Confirm all ", _WAITING.length().to_string())
                        ),
                        None,
                    ),
                    class_name="spread",
                ),
                rx.el.ul(rx.foreach(MeState.waiting, _question), class_name="stack"),
                aria_labelledby="waiting-title",
                class_name="stack section",
            ),
            None,
        ),
    )


def _question(shift: Item) -> rx.Component:
    return rx.el.li(
        _when(shift, "shift-day"),
        _facts(shift),
        rx.el.div(
            rx.el.p(icon("clock"), MeState.time_left[shift.id], " left", class_name="deadline"),
            rx.el.p(_deadline(shift), class_name="small muted"),
            class_name="row",
        ),
        answer_form(shift.id, _of(shift)),
        class_name="shift-card",
        custom_attrs={"data-assignment": shift.id.to_string()},
        key=shift.id.to_string(),
    )


def weeks() -> rx.Component:
    """This week and the coming ones, or what it means that there are none."""
    return rx.cond(
        MeState.weeks,
        rx.fragment(rx.foreach(MeState.weeks, _week)),
        empty_state(
            "No shifts yet",
            "Your shifts appear here by themselves as soon as a week is published.",
            link("See the schedule", href=ShellState.schedule_href, class_name="btn"),
            name="calendar-days",
        ),
    )


def _week(week: Item) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(week.label, class_name="section-title"),
            rx.el.p(
                rx.el.span("Hours: ", class_name="sr-only"),
                week.minutes // 60,
                " h",
                rx.cond(week.minutes % 60 > 0, rx.fragment(" ", week.minutes % 60, " min"), None),
                class_name="muted",
            ),
            class_name="spread",
        ),
        rx.el.ul(rx.foreach(week.shifts, _shift), class_name="list"),
        class_name="stack section",
        key=week.label,
    )


def _shift(shift: Item) -> rx.Component:
    is_worked = (shift.status != "declined") & (shift.status != "expired")
    is_over = (~shift.can_confirm & (shift.status == "pending")) | (shift.status == "expired")
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(shift.day_label, class_name="list-item-title"), answer_badge(shift.status), class_name="spread"
            ),
            rx.el.p(rx.el.time(shift.label, date_time=shift.starts_at), " · ", shift.title),
            rx.el.div(
                rx.el.p(_where(shift), class_name="small muted"),
                rx.el.div(
                    details_button(shift),
                    rx.cond(is_worked, _to_calendar(shift, class_name="btn-icon"), None),
                    rx.cond(shift.can_decline & ~shift.can_confirm, _change_of_mind(shift), None),
                    rx.cond(
                        shift.can_call_out & ~shift.can_decline,
                        call_out_button(shift.id, shift.day_label, ", ", shift.label),
                        None,
                    ),
                    class_name="row",
                ),
                class_name="spread",
            ),
            rx.cond(is_over, rx.el.p(icon("clock"), _deadline(shift), class_name="deadline"), None),
            offer_or_swap(shift),
            rx.cond(shift.note != "", rx.el.p("Your note: ", shift.note, class_name="small muted"), None),
            class_name="grow",
        ),
        id="shift-" + shift.id.to_string(),
        class_name="list-item me-shift",
        custom_attrs={"data-shift": shift.id.to_string(), "data-status": shift.status},
        key=shift.id.to_string(),
    )


def _change_of_mind(shift: Item) -> rx.Component:
    return button(
        "Decline",
        _of(shift),
        kind="quiet",
        class_name="me-decline",
        on_click=AnswerState.ask_decline({"assignment_id": shift.id}),
    )


def _to_calendar(shift: Item, *words: Child, class_name: str) -> rx.Component:
    """A file with the shift, for the person's calendar."""
    return rx.el.a(
        icon("calendar-plus"),
        *words,
        href="/me/" + shift.id.to_string() + ".ics",
        download="shift.ics",
        title="Add to your calendar",
        aria_label="Add to your calendar: " + shift.day_label + ", " + shift.label,
        class_name=f"btn btn-quiet {class_name}".strip(),
    )


def _when(shift: Item, size: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(shift.day_label),
        rx.el.p(rx.el.time(shift.label, date_time=shift.starts_at), class_name=size),
    )


def _where(shift: Item) -> rx.Component:
    return rx.fragment(shift.place, rx.cond(shift.department != "", rx.fragment(" · ", shift.department), None))


def _deadline(shift: Item) -> rx.Component:
    return rx.el.time(shift.deadline_text, date_time=shift.confirm_by)


def _facts(shift: Item) -> rx.Component:
    return rx.el.div(
        _fact("calendar-check", shift.title),
        _fact("map-pin", _where(shift)),
        rx.cond(shift.colleagues.length() > 0, _fact("users", rx.fragment("With ", shift.colleagues.join(", "))), None),
        class_name="shift-facts",
    )


def _fact(name: IconName, content: Child) -> rx.Component:
    return rx.el.p(icon(name), rx.el.span(content))


def _of(shift: Item) -> rx.Component:
    return rx.el.span(": ", shift.day_label, ", ", shift.label, class_name="sr-only")
