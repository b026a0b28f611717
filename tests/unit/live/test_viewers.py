"""Who is told of what."""

from schedule_app.live.viewers import Viewers


def test_changed_tells_only_tabs_whose_views_depend_on_the_topic():
    viewers = Viewers()
    viewers.show("anna", "board", {"week:1:2026-11-23", "site:1"}, "board.refresh")
    viewers.show("bert", "me", {"employee:7"}, "me.refresh")

    assert viewers.changed(frozenset({"employee:7"})).shown == [("bert", "me.refresh")]
    assert viewers.changed(frozenset({"site:2"})).shown == []


def test_changed_tells_a_view_once_however_many_of_its_topics_changed():
    viewers = Viewers()
    viewers.show("anna", "board", {"week:1:2026-11-23", "site:1"}, "board.refresh")

    assert viewers.changed(frozenset({"site:1", "week:1:2026-11-23"})).shown == [("anna", "board.refresh")]


def test_what_pages_are_there_for_is_told_apart_from_what_stands_beside_it():
    viewers = Viewers()
    for tab in ("anna", "bert", "carl"):
        for view, is_beside in (("shell", True), ("board", False), ("ledger", True)):
            viewers.show(tab, view, {"site:1"}, f"{view}.refresh", is_beside=is_beside)

    told = viewers.changed(frozenset({"site:1"}))

    assert sorted(told.shown) == [(tab, "board.refresh") for tab in ("anna", "bert", "carl")]
    assert {event for _, event in told.beside} == {"shell.refresh", "ledger.refresh"}
    assert len(told.beside) == 6


def test_changed_without_topics_tells_every_view_of_every_tab():
    viewers = Viewers()
    viewers.show("anna", "shell", {"inbox:1"}, "shell.refresh")
    viewers.show("anna", "board", {"site:1"}, "board.refresh")

    assert sorted(viewers.changed(None).shown) == [("anna", "board.refresh"), ("anna", "shell.refresh")]


def test_show_again_replaces_the_topics_of_that_view():
    viewers = Viewers()
    viewers.show("anna", "board", {"week:1:2026-11-23"}, "board.refresh")
    viewers.show("anna", "board", {"week:1:2026-11-30"}, "board.refresh")

    assert viewers.changed(frozenset({"week:1:2026-11-23"})).shown == []
    assert viewers.changed(frozenset({"week:1:2026-11-30"})).shown == [("anna", "board.refresh")]


def test_hide_others_keeps_the_one_view():
    viewers = Viewers()
    viewers.show("anna", "shell", {"inbox:1"}, "shell.refresh")
    viewers.show("anna", "board", {"site:1"}, "board.refresh")
    viewers.hide_others("anna", keep="shell")

    assert viewers.changed(None).shown == [("anna", "shell.refresh")]
    assert viewers.has("anna", "shell.refresh")
    assert not viewers.has("anna", "board.refresh")


def test_leave_forgets_the_tab():
    viewers = Viewers()
    viewers.show("anna", "board", {"site:1"}, "board.refresh")
    viewers.leave("anna")

    assert viewers.changed(frozenset({"site:1"})).shown == []
    assert viewers.tokens() == []


def test_revision_differs_after_a_change_of_one_of_its_topics_and_after_a_reconnection():
    viewers = Viewers()
    topics = {"site:1", "week:1:2026-11-23"}
    first = viewers.revision(topics)
    viewers.changed(frozenset({"site:2"}))
    assert viewers.revision(topics) == first

    viewers.changed(frozenset({"site:1"}))
    second = viewers.revision(topics)
    viewers.changed(None)
    assert len({first, second, viewers.revision(topics)}) == 3


def test_a_transaction_told_of_twice_makes_one_revision():
    viewers = Viewers()
    week, site = "week:1:2026-11-23", "site:1"
    viewers.outdate_by({week, site}, "700")
    own = viewers.revision({week, site})

    viewers.changed(frozenset({week}), {week: {"700"}})
    assert viewers.revision({week, site}) == own
    viewers.outdate_by({week}, "700")
    assert viewers.revision({week, site}) == own

    viewers.changed(frozenset({week}), {week: {"700", "701"}})
    assert viewers.revision({week, site}) != own


def test_a_change_by_nobody_knows_which_transaction_is_always_another():
    viewers = Viewers()
    seen = {viewers.revision({"site:1"})}
    for _ in range(2):
        viewers.outdate_by({"site:1"}, "")
        seen.add(viewers.revision({"site:1"}))
        viewers.changed(frozenset({"site:1"}))
        seen.add(viewers.revision({"site:1"}))
    assert len(seen) == 5
