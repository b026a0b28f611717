"""People by a few letters."""

import pytest

from schedule_app.db.engine import read_session
from schedule_app.queries.finding import find_people
from tests.db.queries.crowd import make_crowd
from tests.db.services.scene import execute, writing
from tests.support.builders import build_employee, build_site
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")


async def names(site_id: int, wanted: str) -> list[str]:
    async with read_session() as session:
        return [person["name"] for person in await find_people(session, site_id, wanted, limit=8)]


async def test_people_are_found_without_case_and_accents_the_best_first():
    async with writing() as session:
        site = await build_site(session)
        for name in ("Élodie Müller", "Emil Delod", "Muriel Eloy", "Zoe Quick"):
            await build_employee(session, site, name=name)

    assert await names(site.id, "elod") == ["Élodie Müller", "Emil Delod"]
    assert await names(site.id, "MÜLLER") == ["Élodie Müller"]
    assert await names(site.id, "   ") == []


async def test_people_of_other_sites_and_people_who_have_left_are_not_found():
    async with writing() as session:
        site, other = await build_site(session), await build_site(session)
        here = await build_employee(session, site, name="Robin Here")
        await build_employee(session, other, name="Robin Elsewhere")
        await build_employee(session, site, name="Robin Gone")
    await execute("UPDATE employees SET is_active = false WHERE name = 'Robin Gone'")

    assert await names(site.id, "robin") == [here.name]


async def test_a_thousand_people_are_looked_through_in_one_statement():
    scene, _ = await make_crowd(1000)
    async with read_session() as session:
        with count_statements() as statements:
            found = await find_people(session, scene.site.id, "perso", limit=8)
    assert (len(found), len(statements)) == (8, 1)
