"""Route of the page of operation."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import alert, badge, button, icon, page_header, told
from schedule_app.ui.components.types import Child, Handler, Item
from schedule_app.ui.manage.frame import manage_pages
from schedule_app.ui.manage.operation.state import OperationState as State
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.OPERATION, title="Operation", on_load=[ShellState.load, State.load])
def operation() -> rx.Component:
    """Whether the work beside the pages is done, and what was not."""
    return shell(
        "Operation",
        page_header("Operation", actions=(button("Look again", start="rotate-ccw", on_click=State.look_again),)),
        manage_pages("operation", State.site_id),
        told(State.done),
        rx.cond(State.problem != "", alert(State.problem, tone="danger"), None),
        _workers(),
        _queue(),
        _channels(),
        _letters(),
        _failed(),
        current="manage",
        is_ready=State.is_ready,
        narrow=True,
    )


def _section(title: str, name: str, *content: Child) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, id=name, class_name="section-title"),
        *content,
        aria_labelledby=name,
        class_name="stack section",
    )


def _workers() -> rx.Component:
    return _section(
        "Workers",
        "workers-title",
        rx.cond(
            State.alive > 0,
            None,
            alert(
                "Nothing is sent, and nothing happens by itself. Start one with “schedule-app worker”.",
                tone="danger",
                title="No worker is alive.",
            ),
        ),
        rx.cond(
            State.workers,
            rx.el.ul(rx.foreach(State.workers, _worker), class_name="list card", aria_label="Workers"),
            None,
        ),
    )


def _worker(worker: Item) -> rx.Component:
    return rx.el.li(
        rx.cond(
            worker.is_alive,
            badge("Alive", tone="ok", start="circle-check"),
            badge("Gone", tone="danger", start="circle-x"),
        ),
        rx.el.p("Worker ", worker.id, class_name="grow"),
        rx.el.p("Heard of ", worker.heard, class_name="small muted"),
        class_name="list-item",
        key=worker.id.to_string(),
    )


def _queue() -> rx.Component:
    return _section(
        "Queue",
        "queue-title",
        rx.el.dl(
            _fact("Waiting", State.waiting),
            _fact("Of these due now", State.due),
            _fact("Oldest of them waits for", State.lag),
            _fact("Being done", State.doing),
            class_name="facts card",
        ),
    )


def _channels() -> rx.Component:
    return _section(
        "Channels",
        "channels-title",
        rx.el.ul(rx.foreach(State.channels, _channel), class_name="list card", aria_label="Channels"),
    )


def _channel(channel: Item) -> rx.Component:
    return rx.el.li(
        rx.cond(channel.is_on, badge("On", tone="ok", start="circle-check"), badge("Off", start="ban")),
        rx.el.div(
            rx.el.p(channel.name, class_name="list-item-title"),
            rx.el.p(channel.words, class_name="small muted operation-reason"),
            rx.cond(channel.warning != "", badge(channel.warning, tone="warn", start="triangle-alert"), None),
            rx.cond(channel.counts != "", rx.el.p(channel.counts, class_name="small muted"), None),
            class_name="grow",
        ),
        class_name="list-item",
        key=channel.name,
    )


def _letters() -> rx.Component:
    return _section(
        "Messages that were given up",
        "letters-title",
        rx.cond(
            State.letters,
            rx.fragment(
                _head(State.letters_total, "message", "messages", "Send all again", State.resend_all),
                rx.el.ul(rx.foreach(State.letters, _letter), class_name="list card", aria_label="Messages given up"),
                _more(State.letters_total, State.letters),
            ),
            _nothing("Every message has arrived or is on its way."),
        ),
    )


def _letter(letter: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(letter.person, " · ", letter.channel, class_name="list-item-title"),
            rx.el.p(letter.title),
            rx.el.p(letter.reason, class_name="operation-reason"),
            rx.el.p(
                letter.when,
                " · ",
                rx.cond(letter.attempts == 1, "1 attempt", letter.attempts.to_string() + " attempts"),
                class_name="small muted",
            ),
            class_name="grow",
        ),
        button(
            "Send again",
            rx.el.span(": ", letter.title, ", ", letter.person, class_name="sr-only"),
            on_click=State.resend({"delivery_id": letter.id}),
        ),
        class_name="list-item operation-item",
        custom_attrs={"data-letter": letter.id.to_string()},
        key=letter.id.to_string(),
    )


def _failed() -> rx.Component:
    return _section(
        "Jobs that failed",
        "failed-title",
        rx.cond(
            State.failed,
            rx.fragment(
                _head(State.failed_total, "job", "jobs", "Try all again", State.retry_all),
                rx.el.ul(rx.foreach(State.failed, _job), class_name="list card", aria_label="Jobs that failed"),
                _more(State.failed_total, State.failed),
            ),
            _nothing("No job has failed."),
        ),
    )


def _job(job: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(job.task, class_name="list-item-title"),
            rx.cond(job.arguments != "", rx.el.p(job.arguments, class_name="small muted operation-reason"), None),
            rx.el.p(job.reason, class_name="operation-reason"),
            rx.el.p(job.when, " · number ", job.id, class_name="small muted"),
            class_name="grow",
        ),
        button(
            "Try again",
            rx.el.span(": ", job.task, ", ", job.id, class_name="sr-only"),
            on_click=State.retry({"job_id": job.id}),
        ),
        class_name="list-item operation-item",
        custom_attrs={"data-job": job.id.to_string()},
        key=job.id.to_string(),
    )


def _head(total: Item, one: str, many: str, words: str, on_click: Handler) -> rx.Component:
    return rx.el.div(
        rx.el.p(total, rx.cond(total == 1, f" {one}", f" {many}"), class_name="muted"),
        button(words, on_click=on_click),
        class_name="spread",
    )


def _more(total: Item, shown: Item) -> rx.Component:
    return rx.cond(
        total > shown.length(),
        rx.el.p("and ", total - shown.length(), " older.", class_name="muted small"),
        None,
    )


def _nothing(words: str) -> rx.Component:
    return rx.el.p(icon("circle-check"), words, class_name="row muted")


def _fact(term: str, value: Item) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(value))
