"""What /metrics tells of the work beside the pages, read from the database as it is asked."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from schedule_app.queries.operation import Figures


class _Read(Collector):
    """Figures that were read already."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Put them into the form of Prometheus."""
        figures = self._figures
        for name, words, value in (
            ("workers", "Workers that are alive.", figures.workers),
            ("queue_lag_seconds", "For how long the oldest job that is due has waited.", figures.lag),
            ("queue_due", "Jobs that are due and wait.", figures.due),
            ("failed_jobs", "Jobs that failed and wait to be tried again by hand.", figures.failed_jobs),
            ("dead_letters", "Messages that were given up.", figures.dead_letters),
            ("undispatched_notifications", "Notifications that wait to be sent on.", figures.undispatched),
            ("undispatched_age_seconds", "How old the oldest of them is.", figures.undispatched_age),
            ("unwatched_people", "People whose published shifts cannot be judged.", figures.unwatched),
        ):
            yield GaugeMetricFamily(f"schedule_app_{name}", words, value=value)
        if figures.heartbeat_age is not None:
            words = "How long ago a worker was heard of last."
            yield GaugeMetricFamily("schedule_app_worker_heartbeat_age_seconds", words, value=figures.heartbeat_age)
        jobs = GaugeMetricFamily("schedule_app_queue_jobs", "Jobs by status.", labels=["status"])
        for status, count in sorted(figures.jobs.items()):
            jobs.add_metric([status], count)
        yield jobs
        deliveries = GaugeMetricFamily(
            "schedule_app_deliveries",
            "Messages that wait or were given up, by channel and status.",
            labels=["channel", "status"],
        )
        for (channel, status), count in sorted(figures.deliveries.items()):
            deliveries.add_metric([channel, status], count)
        yield deliveries
        sent = GaugeMetricFamily(
            "schedule_app_sent_messages", "Messages that went out in the last 24 hours, by channel.", labels=["channel"]
        )
        for channel, count in sorted(figures.sent.items()):
            sent.add_metric([channel], count)
        yield sent


def exposition(figures: Figures) -> bytes:
    """The figures as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(_Read(figures))
    return generate_latest(registry)
