"""Where the board's page is: a week, or the span of weeks around it, and where its arrows lead."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias

from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.spans import SpanKind, month_of, span_beside, span_weeks
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.queries.labels import dated_days_label, month_label
from schedule_app.ui import routes
from schedule_app.ui.week_address import ONE_WEEK, WeekAddress

#: What of it is read: one week, or a span.
Span: TypeAlias = SpanKind | Literal[""]


@dataclass(frozen=True, slots=True)
class Week:
    """Where the page is, and where its arrows lead; `starts` are the first days of all weeks shown."""

    site_id: int = 0
    site_name: str = ""
    zone: str = ""
    clock_24h: bool = True
    start: str = ""
    starts: tuple[str, ...] = ()
    label: str = ""
    currency: str = ""
    previous_href: str = ""
    next_href: str = ""
    today_href: str = ""
    coverage_href: str = ""
    versions_href: str = ""
    copy_from: int = 0
    can_create: bool = False


def span_named(view: str) -> Span:
    """The span that the address's view means; a view that is none of them shows the week."""
    match view.strip():
        case "two-weeks":
            return "two-weeks"
        case "month":
            return "month"
    return ""


def week_at(actor: Actor, address: WeekAddress, span: Span, version: str) -> Week:
    """The page of an address, before anything of the plan is read. From span to span the version is kept."""
    site, start = address.site, address.week_start
    customs = site.week_starts_on
    today = week_start_of(local_date(datetime.now(UTC), site.zone), customs)
    plans = can(actor, Permission.VIEW_DRAFT, site_id=site.id)
    before, after, starts = start - ONE_WEEK, start + ONE_WEEK, [start]
    kept = version if span and plans else ""
    if span:
        before, after = (span_beside(span, start, customs, step) for step in (-1, 1))
        starts = span_weeks(span, start, customs)
    last = starts[-1] + timedelta(days=6)
    return Week(
        site_id=site.id,
        site_name=site.name,
        zone=site.zone,
        clock_24h=site.clock_24h,
        start=start.isoformat(),
        starts=tuple(each.isoformat() for each in starts),
        label=month_label(month_of(start)) if span == "month" else dated_days_label(start, last),
        previous_href=routes.schedule(site.id, before, span, version=kept),
        next_href=routes.schedule(site.id, after, span, version=kept),
        today_href=routes.schedule(site.id, today, span, version=kept),
        coverage_href=routes.coverage(site.id, start),
        versions_href=routes.versions(site.id, start) if plans and not span else "",
        can_create=can(actor, Permission.CREATE_SCHEDULE, site_id=site.id),
    )


def cell_address(week: Week, version: str, employee_id: int, day: str) -> str | None:
    """Where a person's day is on the board of its week, if that is one of those shown."""
    for start in map(date.fromisoformat, week.starts):
        after = (date.fromisoformat(day) - start).days if day else -1
        if 0 <= after < 7:
            return f"{routes.schedule(week.site_id, start, version=version)}#cell-{employee_id}-{after + 1}"
    return None
