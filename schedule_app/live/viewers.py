"""Who is looking at what, in this process. Rebuilt by page loads; nothing here outlives the process or needs to."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: Far more than are ever under way at once.
_NOTED: Final = 10_000
EMPTY: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Watch:
    """One view on one browser tab: what it depends on, the event that re-reads it, whether it `is_beside` others."""

    topics: frozenset[str]
    refresh_event: str
    is_beside: bool


@dataclass(frozen=True, slots=True)
class Outdated:
    """Views to be read anew, each once, as pairs of tab and refresh event.

    Attributes:
        shown: What pages are there for.
        beside: What stands beside or around that.
    """

    shown: list[tuple[str, str]]
    beside: list[tuple[str, str]]


class Viewers:
    """Browser tabs (client tokens) by the topics their views depend on."""

    def __init__(self) -> None:
        self._watches: dict[str, dict[str, Watch]] = {}
        self._tokens: defaultdict[str, set[str]] = defaultdict(set)
        self._revisions: Counter[str] = Counter()
        # What was noted of transactions, the newest last: each is told of twice, by who made it and by the database.
        self._noted: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._epoch = 0

    def show(
        self, token: str, view: str, topics: Iterable[str], refresh_event: str, *, is_beside: bool = False
    ) -> None:
        """Remember that this tab shows this view; a tab shows each view once, so the newest call wins."""
        watch = Watch(frozenset(topics), refresh_event, is_beside)
        self._replace(token, self._watches.get(token, {}) | {view: watch})

    def hide_others(self, token: str, keep: str) -> None:
        """Forget every view of this tab but one: it has gone to another page."""
        self._replace(token, {view: watch for view, watch in self._watches.get(token, {}).items() if view == keep})

    def has(self, token: str, refresh_event: str) -> bool:
        """Whether this tab still shows the view which this event re-reads."""
        return any(watch.refresh_event == refresh_event for watch in self._watches.get(token, {}).values())

    def shows(self, token: str, topic: str) -> bool:
        """Whether a view of this tab depends on this topic."""
        return token in self._tokens.get(topic, ())

    def refreshes(self, token: str, topic: str) -> list[str]:
        """The events that re-read those views of this tab which depend on this topic."""
        return [watch.refresh_event for watch in self._watches.get(token, {}).values() if topic in watch.topics]

    def leave(self, token: str) -> None:
        """Forget the tab."""
        self._replace(token, {})

    def changed(self, topics: frozenset[str] | None, revisions: Mapping[str, Collection[str]] = EMPTY) -> Outdated:
        """Note that these topics (None: all) have changed, and tell whose views depend on them.

        Args:
            topics: Which.
            revisions: The transactions that changed each, where they are known.
        """
        if topics is None:
            self._epoch += 1
            self._noted.clear()
            tokens = set(self._watches)
        else:
            self.outdate({topic for topic in topics if not revisions.get(topic)})
            for topic in topics:
                for revision in revisions.get(topic, ()):
                    self.outdate_by([topic], revision)
            tokens = set().union(*(self._tokens.get(topic, ()) for topic in topics))
        found = [
            (token, watch)
            for token in tokens
            for watch in self._watches[token].values()
            if topics is None or not watch.topics.isdisjoint(topics)
        ]
        return Outdated(
            shown=[(token, watch.refresh_event) for token, watch in found if not watch.is_beside],
            beside=[(token, watch.refresh_event) for token, watch in found if watch.is_beside],
        )

    def outdate(self, topics: Iterable[str]) -> None:
        """Let nobody be shown what was read of these topics so far; the tabs are told when the change is heard of."""
        self._revisions.update(topics)

    def outdate_by(self, topics: Iterable[str], revision: str) -> None:
        """As `outdate`, once for each transaction: whoever has read what it left behind need not read it again."""
        for topic in topics:
            if not revision or (topic, revision) not in self._noted:
                self._revisions[topic] += 1
                self._noted[topic, revision] = None
        while len(self._noted) > _NOTED:
            self._noted.popitem(last=False)

    def revision(self, topics: Iterable[str]) -> Hashable:
        """A value that differs as soon as any of the topics has changed."""
        return (self._epoch, tuple(self._revisions[topic] for topic in sorted(topics)))

    def tokens(self) -> list[str]:
        """Every tab known."""
        return list(self._watches)

    def _replace(self, token: str, watches: dict[str, Watch]) -> None:
        for watch in self._watches.pop(token, {}).values():
            for topic in watch.topics:
                self._tokens[topic].discard(token)
                if not self._tokens[topic]:
                    del self._tokens[topic]
        if watches:
            self._watches[token] = watches
        for watch in watches.values():
            for topic in watch.topics:
                self._tokens[topic].add(token)


viewers = Viewers()
