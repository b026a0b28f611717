"""The weights of a site: tuned by who manages its rules, kept where they differ, refused when somebody was first."""

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotAllowed, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.weights import weights_of
from schedule_app.queries.weights import get_weights
from schedule_app.services.weights import tune_weights
from tests.db.services.scene import Scene, execute, make_scene, rows
from tests.support.refusals import refused

pytestmark = pytest.mark.usefixtures("database")


async def stored(scene: Scene) -> dict[str, int]:
    [row] = await rows("SELECT weights FROM sites WHERE id = :id", id=scene.site.id)
    return row.weights


async def test_weights_are_kept_where_they_differ_and_recorded():
    scene = await make_scene()
    manager = scene.actor("manager")
    await tune_weights(manager, scene.site.id, weights_of({"cost": 9}), expected_version=1)
    assert await stored(scene) == {"cost": 9}
    async with read_session() as session:
        found = await get_weights(session, manager, scene.site.id)
    assert (found.version, found.weights) == (2, weights_of({"cost": 9}))
    [entry] = await rows("SELECT before, after FROM audit_entries WHERE site_id = :id", id=scene.site.id)
    assert (entry.before, entry.after) == ({"weights": {"cost": 1}}, {"weights": {"cost": 9}})

    await tune_weights(manager, scene.site.id, weights_of({}), expected_version=2)
    assert await stored(scene) == {}


async def test_saving_weights_as_they_are_changes_nothing():
    scene = await make_scene()
    await tune_weights(scene.actor("manager"), scene.site.id, weights_of({}), expected_version=1)
    assert await rows("SELECT 1 FROM audit_entries WHERE site_id = :id", id=scene.site.id) == []


async def test_weights_of_a_site_changed_since_are_refused():
    scene = await make_scene()
    await execute("UPDATE sites SET name = 'Elsewhere' WHERE id = :id", id=scene.site.id)
    with pytest.raises(StaleVersion):
        await tune_weights(scene.actor("manager"), scene.site.id, {"cost": 9}, expected_version=1)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("stranger", NotFound), ("supervisor", NotAllowed), ("bob", NotAllowed)],
)
async def test_only_who_manages_rules_tunes_weights(who: str, refusal: type[ScheduleError]):
    scene = await make_scene()
    with pytest.raises(refusal):
        await tune_weights(scene.actor(who), scene.site.id, {"cost": 9}, expected_version=1)
    assert await stored(scene) == {}


@pytest.mark.parametrize("weights", ['{"cost": -1}', '{"cost": 101}', '{"cost": "many"}', "[]"])
async def test_the_database_refuses_weights_out_of_bounds(weights: str):
    scene = await make_scene()
    with refused("ck_sites_weights"):
        await execute(
            "UPDATE sites SET weights = CAST(:weights AS jsonb) WHERE id = :id", weights=weights, id=scene.site.id
        )
