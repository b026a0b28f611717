"""Tuning what breaking rules weighs at a site."""

import json
from collections.abc import Mapping

from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import NotFound, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.weights import tuned_from, weights_of
from schedule_app.queries.changes import last_change
from schedule_app.services.access import require_on
from schedule_app.services.audit import record

_HOLD = text("SELECT version, time_zone, weights FROM sites WHERE id = :site_id FOR UPDATE")

_UPDATE = text("UPDATE sites SET weights = CAST(:weights AS jsonb) WHERE id = :site_id")


@retrying
async def tune_weights(actor: Actor, site_id: int, weights: Mapping[str, int], *, expected_version: int) -> None:
    """Set what each type of rule weighs; what is not given has its default.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor does not manage rules.
        StaleVersion: The site was changed since.
        InvalidInput: A weight out of bounds; `problems` says which.
    """
    require(actor, Permission.MANAGE_RULES)
    tuned = tuned_from(weights)
    async with unit_of_work() as session:
        async with before_writing(session):
            site = (await session.execute(_HOLD, {"site_id": site_id})).one_or_none()
            if site is None:
                raise NotFound
            require_on(actor, Permission.MANAGE_RULES, site_id)
            if site.version != expected_version:
                raise StaleVersion(await last_change(session, "site", site_id, site.time_zone))
        if tuned == site.weights:
            return
        await session.execute(_UPDATE, {"site_id": site_id, "weights": json.dumps(tuned)})
        before, after = weights_of(site.weights), weights_of(tuned)
        changed = [name for name in after if after[name] != before[name]]
        await record(
            session,
            actor,
            "edit",
            "site",
            site_id,
            site_id=site_id,
            before={"weights": {name: before[name] for name in changed}},
            after={"weights": {name: after[name] for name in changed}},
        )
