"""The numbers of the insight page, downloaded."""

import csv
import io
from datetime import date, timedelta

import httpx
import pytest

from schedule_app.queries.insight_tables import PARTS, Table
from schedule_app.web.exports import csv_of
from tests.db.services.scene import WEEK, Scene, execute, make_week, writing
from tests.support.builders import build_employee
from tests.web.conftest import Browsers, sign_in

UNTIL = WEEK + timedelta(days=6)


async def ask(browser: httpx.AsyncClient, site: object, part: str, **query: object) -> httpx.Response:
    wanted: dict[str, object] = {"from": WEEK, "to": UNTIL} | query
    params = {name: str(value) for name, value in wanted.items()}
    return await browser.get(f"/insight/{site}/{part}.csv", params=params)


def cells(answer: httpx.Response) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_what_a_spreadsheet_would_reckon_is_made_inert():
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a "quote", and a comma', "Łukasz", " =1"]
    sent = csv_of(Table(("=Heading",), tuple((each,) for each in words)))
    read = [row[0] for row in csv.reader(io.StringIO(sent.decode("utf-8-sig"), newline=""))]

    assert read == ["'=Heading", "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", *words[6:]]


async def test_every_part_is_a_table_of_its_own(scene: Scene, browsers: Browsers):
    async with writing() as session:
        cook = await build_employee(session, scene.site, name="=cmd|' /C calc'!A0", contracted_minutes=2400)
    await make_week(scene, {"required_staff": 2}, held={0: [cook]}, status="published")
    await execute("UPDATE employees SET hourly_rate_cents = 1500 WHERE id = :id", id=cook.id)
    browser = browsers()
    await sign_in(browser, scene.manager.email)
    tables = {}
    for part in PARTS:
        answer = await ask(browser, scene.site.id, part)
        assert answer.status_code == 200, part
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="{part}-{WEEK}-to-{UNTIL}.csv"'
        tables[part] = cells(answer)

    assert tables["coverage"][:2] == [
        ["Day", "Needed (min)", "Short (min)", "Over (min)"],
        [WEEK.isoformat(), "960", "480", "0"],
    ]
    assert len(tables["coverage"]) == 8
    assert tables["hours"][1:] == [["'=cmd|' /C calc'!A0", "", "40.00", "8.00", "0.00", "32.00"]]
    assert [row[2:] for row in tables["cost"]] == [["Department", "Cost (EUR)"], ["No department", "120.00"]]


async def test_drafts_count_when_asked_for(scene: Scene, browsers: Browsers):
    await make_week(scene, {"required_staff": 2})
    browser = browsers()
    await sign_in(browser, scene.supervisor.email)

    assert len(cells(await ask(browser, scene.site.id, "coverage"))) == 1
    assert cells(await ask(browser, scene.site.id, "coverage", drafts=1))[1][2] == "960"


async def test_who_may_download_what(scene: Scene, browsers: Browsers):
    expected = {
        "admin": dict.fromkeys(PARTS, 200),
        "manager": dict.fromkeys(PARTS, 200),
        "supervisor": {part: 403 if part == "cost" else 200 for part in PARTS},
        "bob": dict.fromkeys(PARTS, 403),
        "stranger": dict.fromkeys(PARTS, 404),
    }
    for who, statuses in expected.items():
        browser = browsers()
        await sign_in(browser, getattr(scene, who).email)
        assert {part: (await ask(browser, scene.site.id, part)).status_code for part in PARTS} == statuses, who
    assert (await ask(browsers(), scene.site.id, "hours")).status_code == 401


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"from": UNTIL, "to": WEEK}, "The last day comes before the first one."),
        ({"from": WEEK, "to": WEEK + timedelta(days=3650)}, "That is 522 weeks. Choose at most 26."),
        ({"from": "x"}, "The address does not say from which day to which."),
        ({"from": ""}, "The address does not say from which day to which."),
        ({"from": date.min, "to": date.max}, "Choose days between 2000 and 2099."),
    ],
)
async def test_weeks_that_make_no_sense_are_refused_in_words(
    scene: Scene, browsers: Browsers, query: dict[str, object], words: str
):
    browser = browsers()
    await sign_in(browser, scene.manager.email)
    answer = await ask(browser, scene.site.id, "hours", **query)

    assert (answer.status_code, answer.text) == (400, words)


async def test_addresses_that_lead_nowhere_are_not_found(scene: Scene, browsers: Browsers):
    browser = browsers()
    await sign_in(browser, scene.manager.email)
    for site in (0, -1, 2**40, "9" * 30, "x", "١"):
        assert (await ask(browser, site, "hours")).status_code == 404, site
    for part in ("salaries", "hours.csv", "%00"):
        assert (await ask(browser, scene.site.id, part)).status_code == 404, part
