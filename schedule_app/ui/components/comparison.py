"""Two versions of a week side by side, as tables and as marks in a small week."""

import reflex as rx

from schedule_app.ui.components.badge import status_badge
from schedule_app.ui.components.feedback import alert
from schedule_app.ui.components.icon import IconName, icon
from schedule_app.ui.components.types import Child, Item

_KINDS: dict[str, tuple[IconName, str]] = {
    "added": ("plus", "Added"),
    "removed": ("minus", "Removed"),
    "moved": ("clock", "Other time"),
    "changed": ("pencil", "Changed"),
    "replaced": ("arrow-left-right", "Replaced"),
}


def comparison(view: Item, *, with_grid: bool = True) -> rx.Component:
    """What differs between two versions.

    Args:
        view: A var of a ComparisonView.
        with_grid: Whether to show the days-by-people grid and everybody's hours too.
    """
    return rx.el.div(
        rx.el.p(view.summary, class_name="comparison-summary"),
        _sentences(view.come_back, "Comes back", "warn"),
        _sentences(view.answers, "Declined before", "info"),
        _figures(view),
        _people(view),
        _shifts(view),
        *((_hours(view), _grid(view)) if with_grid else ()),
        rx.cond(
            view.hidden > 0,
            rx.el.p(
                "Only the first 200 rows of each table are shown here; the longest has ",
                view.hidden,
                " more.",
                class_name="small muted",
            ),
            None,
        ),
        class_name="comparison",
    )


def change_mark(kind: rx.Var[str]) -> rx.Component:
    """Added, removed, other time, changed or replaced: icon and word in a colour."""

    def one(key: str) -> rx.Component:
        name, word = _KINDS[key]
        return rx.el.span(icon(name), word, class_name="change", custom_attrs={"data-change": key})

    return rx.fragment(rx.match(kind, *((key, one(key)) for key in _KINDS), rx.fragment()))


def _sentences(sentences: Item, title: str, tone: str) -> rx.Component:
    body = rx.el.ul(rx.foreach(sentences, rx.el.li))
    return rx.cond(sentences.length() > 0, alert(body, tone="warn" if tone == "warn" else "info", title=title), None)


def _figures(view: Item) -> rx.Component:
    return _table(
        "Figures",
        (
            rx.el.th("Figure", scope="col"),
            rx.el.th(view.one.title, status_badge(view.one.status), scope="col", class_name="num"),
            rx.el.th(view.other.title, status_badge(view.other.status), scope="col", class_name="num"),
            rx.el.th("Difference", scope="col", class_name="num"),
        ),
        rx.foreach(view.figures, _figure),
    )


def _figure(row: Item) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row.name, scope="row"),
        rx.el.td(row.one, class_name="num"),
        rx.el.td(row.other, class_name="num"),
        rx.el.td(rx.cond(row.change != "", rx.el.strong(row.change), "same"), class_name="num"),
        key=row.name,
    )


def _people(view: Item) -> rx.Component:
    return rx.cond(
        view.people.length() > 0,
        _table(
            "People",
            (rx.el.th("Change", scope="col"), rx.el.th("Person", scope="col"), rx.el.th("Shift", scope="col")),
            rx.foreach(view.people, _person),
        ),
        None,
    )


def _person(row: Item) -> rx.Component:
    return rx.el.tr(
        rx.el.td(change_mark(row.kind)),
        rx.el.td(row.name),
        rx.el.td(
            row.shift,
            rx.cond(row.detail != "", rx.el.span(row.detail, class_name="comparison-detail"), None),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="comparison-detail comparison-note"), None),
        ),
    )


def _shifts(view: Item) -> rx.Component:
    return rx.cond(
        view.shifts.length() > 0,
        _table(
            "Shifts",
            (rx.el.th("Change", scope="col"), rx.el.th("Shift", scope="col"), rx.el.th("What", scope="col")),
            rx.foreach(view.shifts, _shift),
        ),
        None,
    )


def _shift(row: Item) -> rx.Component:
    return rx.el.tr(
        rx.el.td(change_mark(row.kind)), rx.el.td(row.shift), rx.el.td(rx.foreach(row.details, _detail_line))
    )


def _detail_line(words: Item) -> rx.Component:
    return rx.el.span(words, class_name="comparison-line")


def _grid(view: Item) -> rx.Component:
    return rx.cond(
        view.grid.length() > 0,
        _table(
            "Whose week differs",
            (rx.el.th("Person", scope="col"), rx.foreach(view.days, _day)),
            rx.foreach(view.grid, _grid_row),
            class_name="comparison-grid",
        ),
        None,
    )


def _day(day: Item) -> rx.Component:
    return rx.el.th(rx.el.span(day.label, aria_hidden="true"), rx.el.span(day.long, class_name="sr-only"), scope="col")


def _grid_row(row: Item) -> rx.Component:
    return rx.el.tr(rx.el.th(row.name, scope="row"), rx.foreach(row.cells, _grid_cell), key=row.id.to_string())


def _grid_cell(marks: Item) -> rx.Component:
    return rx.el.td(rx.foreach(marks, _mark))


def _mark(mark: Item) -> rx.Component:
    return rx.el.div(
        change_mark(mark.kind),
        rx.el.span(mark.label, class_name="comparison-when"),
        rx.el.span(mark.text, class_name="small muted"),
        class_name="comparison-mark",
        custom_attrs={"data-change": mark.kind},
    )


def _hours(view: Item) -> rx.Component:
    return rx.cond(
        view.hours.length() > 0,
        _table(
            "Hours of each person",
            (
                rx.el.th("Person", scope="col"),
                rx.el.th(view.one.title, scope="col", class_name="num"),
                rx.el.th(view.other.title, scope="col", class_name="num"),
                rx.el.th("Difference", scope="col", class_name="num"),
            ),
            rx.foreach(view.hours, _figure),
        ),
        None,
    )


def _table(caption: str, head: tuple[Child, ...], body: Child, class_name: str = "") -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="comparison-caption"),
            rx.el.thead(rx.el.tr(*head)),
            rx.el.tbody(body),
            class_name=f"table {class_name}".strip(),
        ),
        role="region",
        aria_label=caption,
        tab_index=0,
        class_name="table-scroll comparison-table",
    )
