"""Two kinds of chart, drawn plainly: columns side by side, and bars one below the other with their words."""

import reflex as rx

from schedule_app.ui.components.types import Item


def columns(chart: Item) -> rx.Component:
    """Columns on a base line; one drawing to a screen reader, named by what it shows."""
    count = chart.columns.length()
    return rx.el.div(
        rx.el.svg(
            rx.foreach(chart.columns, _column(chart)),
            rx.el.line(x1="0", x2="100%", y1=f"{chart.base}%", y2=f"{chart.base}%", class_name="chart-base"),
            view_box=f"0 0 {count} 100",
            preserve_aspect_ratio="none",
            custom_attrs={"role": "img", "aria-label": chart.text, "data-tone": chart.tone},
            class_name="chart-columns",
        ),
        rx.el.div(rx.el.span(chart.first), rx.el.span(chart.last), class_name="chart-ends", aria_hidden="true"),
        class_name="chart-plot",
        style={"--columns": count},
    )


def _column(chart: Item):  # noqa: ANN202 - what foreach takes
    def draw(column: Item, index: Item) -> rx.Component:
        return rx.el.g(
            rx.el.title(column.label),
            _rect(index, 0, 100, width=1, class_name="chart-hit"),
            _rect(index + 0.1, column.top, column.rise, width=0.8, class_name="chart-rise"),
            _rect(index + 0.1, chart.base, column.fall, width=0.8, class_name="chart-fall"),
            key=index.to_string(),
        )

    return draw


def _rect(x: Item, y: Item, height: Item, *, width: float, class_name: str) -> rx.Component:
    # Reflex' own props of a rectangle know whole numbers only.
    return rx.el.rect(custom_attrs={"x": x, "y": y, "width": width, "height": height}, class_name=class_name)


def bars(chart: Item) -> rx.Component:
    """A list of labels and values, each with a bar below."""
    return rx.el.ul(rx.foreach(chart.bars, _bar), class_name="chart-bars")


def _bar(bar: Item) -> rx.Component:
    return rx.el.li(
        rx.el.span(bar.label, class_name="chart-label"),
        rx.el.span(bar.text, class_name="chart-value"),
        rx.el.svg(
            rx.el.rect(width="100%", height="100%", rx="2", class_name="chart-track"),
            rx.el.rect(width=bar.size, height="100%", rx="2", class_name="chart-fill"),
            rx.cond(
                bar.mark != "",
                rx.el.line(x1=bar.mark, x2=bar.mark, y1="0", y2="100%", class_name="chart-mark"),
                rx.fragment(),
            ),
            custom_attrs={"aria-hidden": "true", "data-tone": bar.tone},
            class_name="chart-bar",
        ),
        key=bar.label,
    )
