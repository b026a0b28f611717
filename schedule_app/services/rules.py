"""The rules of a site: made, changed, switched on and off, removed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import Difference, InvalidInput, NotFound, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.rules import LIMITS, describe, is_for_one
from schedule_app.domain.rules.limit import BadLimit
from schedule_app.domain.rules.restriction import people_named
from schedule_app.domain.time import EARLIEST_DAY, LATEST_DAY, day_label
from schedule_app.models.rule import limits_json, parse_limits
from schedule_app.queries.changes import last_change
from schedule_app.queries.rules import names_of
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.text import clean_name

CHOOSE: Final = "Please choose one from the list."

_WORDS: Final = {"missing": "Please fill this in."}

_COLUMNS: Final = (
    "rule_type",
    "name",
    "department_id",
    "employee_id",
    "priority",
    "strict",
    "is_active",
    "effective_from",
    "effective_until",
)

_PLACE = text("""
    SELECT sites.id, sites.time_zone,
           CAST(:department_id AS bigint) IS NULL
               OR EXISTS (SELECT 1 FROM departments WHERE site_id = sites.id AND id = :department_id) AS has_department,
           CAST(:employee_id AS bigint) IS NULL
               OR EXISTS (SELECT 1 FROM employees WHERE site_id = sites.id AND id = :employee_id AND deleted_at IS NULL)
               AS has_employee
    FROM sites
    WHERE sites.id = :site_id
""")

_HOLD = text("""
    SELECT rules.id, rules.version, rules.site_id, rules.rule_type, rules.name, rules.constraints, rules.department_id,
           rules.employee_id, rules.priority, rules.strict, rules.is_active, rules.effective_from,
           rules.effective_until, sites.time_zone
    FROM rules
    JOIN sites ON sites.id = rules.site_id
    WHERE rules.id = :rule_id
    FOR UPDATE OF rules
""")

_NAMES = text("""
    SELECT 'department' AS kind, id, name FROM departments WHERE id = ANY(CAST(:department_ids AS bigint[]))
    UNION ALL
    SELECT 'person', id, name FROM employees WHERE id = ANY(CAST(:employee_ids AS bigint[]))
""")

_INSERT = text("""
    INSERT INTO rules
        (site_id, rule_type, name, constraints, department_id, employee_id, priority, strict, is_active,
         effective_from, effective_until, created_by_id, updated_by_id)
    VALUES (:site_id, :rule_type, :name, CAST(:constraints AS jsonb), :department_id, :employee_id, :priority, :strict,
            :is_active, :effective_from, :effective_until, :actor_id, :actor_id)
    RETURNING id
""")

_UPDATE = text("""
    UPDATE rules
    SET name = :name, constraints = CAST(:constraints AS jsonb), department_id = :department_id,
        employee_id = :employee_id, priority = :priority, strict = :strict, is_active = :is_active,
        effective_from = :effective_from, effective_until = :effective_until, updated_by_id = :actor_id
    WHERE id = :rule_id
""")

_SWITCH = text("UPDATE rules SET is_active = :is_active, updated_by_id = :actor_id WHERE id = :rule_id")

_DELETE = text("DELETE FROM rules WHERE id = :rule_id")


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """A rule as it is entered.

    Attributes:
        rule_type: One of `domain.rules.RULE_TYPES`; that of a rule which there is does not change.
        name: 1 to 200 characters on one line.
        limits: The limits dataclass of the type, as `parse_limits` reads it.
        department_id: Only this department of the site; not together with a person.
        employee_id: Only this person of the site.
        priority: 1 to 10, 10 the most important; the weight where the rule only warns.
        strict: Whether breaking it refuses an assignment.
        is_active: Whether it holds.
        effective_from: The first date it holds on.
        effective_until: The last date it holds on.
    """

    rule_type: str
    name: str
    limits: object
    department_id: int | None = None
    employee_id: int | None = None
    priority: int = 5
    strict: bool = True
    is_active: bool = False
    effective_from: date | None = None
    effective_until: date | None = None


def read_limits(rule_type: str, constraints: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one dataclass per rule type
    """Read limits as a form sends them.

    Raises:
        InvalidInput: They cannot be accepted; `problems` says why, by field, as "forbidden_successions.0.before".
    """
    try:
        return parse_limits(rule_type, constraints)
    except KeyError:
        raise InvalidInput("There is no such kind of rule.", "rule_type") from None
    except ValidationError as error:
        problems: dict[str, str] = {}
        for detail in error.errors(include_url=False):
            for field, words in _problems(detail):
                problems.setdefault(field, words)
        field, message = next(iter(problems.items()))
        raise InvalidInput(message, field, problems) from error


def _problems(detail: ErrorDetails) -> Iterator[tuple[str, str]]:
    place = [str(part) for part in detail["loc"]]
    if detail["type"] == "unexpected_keyword_argument":
        # Its name is the sender's, and may be anything.
        yield "", "There is a field that does not belong here."
    elif isinstance(bad := detail.get("ctx", {}).get("error"), BadLimit):
        for field, words in bad.problems.items():
            yield ".".join([*place, field]), words
    else:
        yield ".".join(place), _WORDS.get(detail["type"], "This could not be read.")


@retrying
async def create_rule(actor: Actor, site_id: int, details: RuleDetails) -> int:
    """Give a site a rule.

    Returns:
        The id of the rule.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor does not manage rules.
        InvalidInput: A value that cannot be accepted; `field` names the one of `details`.
    """
    require(actor, Permission.MANAGE_RULES)
    details = cleaned(details)
    async with unit_of_work() as session:
        async with before_writing(session):
            await _require_place(session, actor, site_id, details)
        values = {**_values(details), "site_id": site_id, "actor_id": actor.employee_id}
        rule_id = (await session.execute(_INSERT, values)).scalar_one()
        await record(session, actor, "create", "rule", rule_id, site_id=site_id, after=_facts(details))
    return rule_id


@retrying
async def edit_rule(actor: Actor, rule_id: int, details: RuleDetails, *, expected_version: int) -> None:
    """Change a rule. What was assigned under it stays; what it now finds is listed as broken.

    Args:
        actor: Who acts.
        rule_id: The rule.
        details: The rule as it shall be, whole.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such rule, or of another site.
        NotAllowed: The actor does not manage rules.
        StaleVersion: It was changed since, which tells where what is stored now differs.
        InvalidInput: A value that cannot be accepted; `field` names the one of `details`.
    """
    require(actor, Permission.MANAGE_RULES)
    details = cleaned(details)
    async with unit_of_work() as session:
        async with before_writing(session):
            rule = await _hold(session, actor, rule_id, expected_version, details)
            if rule.rule_type != details.rule_type:
                raise InvalidInput("A rule stays of its kind. Please make a new one.", "rule_type")
            await _require_place(session, actor, rule.site_id, details)
        old, new = _facts_of_row(rule), _facts(details)
        changed = [name for name in new if new[name] != old[name]]
        if not changed:
            return
        values = {**_values(details), "rule_id": rule_id, "actor_id": actor.employee_id}
        await session.execute(_UPDATE, values)
        before, after = ({name: side[name] for name in changed} for side in (old, new))
        await record(session, actor, "edit", "rule", rule_id, site_id=rule.site_id, before=before, after=after)


@retrying
async def switch_rule(actor: Actor, rule_id: int, *, is_active: bool, expected_version: int) -> None:
    """Let a rule hold, or no longer.

    Raises:
        NotFound: No such rule, or of another site.
        NotAllowed: The actor does not manage rules.
        StaleVersion: It was changed since.
    """
    require(actor, Permission.MANAGE_RULES)
    async with unit_of_work() as session:
        async with before_writing(session):
            rule = await _hold(session, actor, rule_id, expected_version)
        if rule.is_active == is_active:
            return
        await session.execute(_SWITCH, {"rule_id": rule_id, "is_active": is_active, "actor_id": actor.employee_id})
        before, after = {"is_active": rule.is_active}, {"is_active": is_active}
        await record(session, actor, "edit", "rule", rule_id, site_id=rule.site_id, before=before, after=after)


@retrying
async def delete_rule(actor: Actor, rule_id: int, *, expected_version: int) -> None:
    """Remove a rule. What was once found against it stays with the assignments, as history.

    Raises:
        NotFound: No such rule, or of another site.
        NotAllowed: The actor does not manage rules.
        StaleVersion: It was changed since.
    """
    require(actor, Permission.MANAGE_RULES)
    async with unit_of_work() as session:
        async with before_writing(session):
            rule = await _hold(session, actor, rule_id, expected_version)
        await session.execute(_DELETE, {"rule_id": rule_id})
        await record(session, actor, "delete", "rule", rule_id, site_id=rule.site_id, before=_facts_of_row(rule))


async def _hold(
    session: AsyncSession, actor: Actor, rule_id: int, expected_version: int, details: RuleDetails | None = None
) -> Row[Any]:
    rule = (await session.execute(_HOLD, {"rule_id": rule_id})).one_or_none()
    if rule is None:
        raise NotFound
    require_on(actor, Permission.MANAGE_RULES, rule.site_id)
    if rule.version != expected_version:
        words = await last_change(session, "rule", rule_id, rule.time_zone)
        raise StaleVersion(words, rule.version, await _differences(session, rule, details) if details else ())
    return rule


async def _differences(session: AsyncSession, rule: Row[Any], details: RuleDetails) -> list[Difference]:
    """Where a rule as entered differs from what is stored, in words."""
    values = {"department_ids": [], "employee_ids": []}
    for each in (rule, details):
        values["department_ids"].append(each.department_id)
        values["employee_ids"].append(each.employee_id)
    names = {(row.kind, row.id): row.name for row in await session.execute(_NAMES, values)}
    entered, stored = [
        _said(each, limits, names, await names_of(session, rule.site_id, limits))
        for each, limits in ((details, details.limits), (rule, _limits(rule)))
    ]
    return [Difference(label, entered[label], stored[label]) for label in entered if entered[label] != stored[label]]


def _limits(rule: Row[Any]) -> object | None:
    """The stored limits; None where they cannot be understood."""
    try:
        return parse_limits(rule.rule_type, rule.constraints)
    except ValidationError:
        return None


def _said(
    rule: RuleDetails | Row[Any],
    limits: object | None,
    names: Mapping[tuple[str, int], str],
    named: Mapping[int, str],
) -> dict[str, str]:
    scope = "Everyone"
    if rule.employee_id is not None:
        scope = names.get(("person", rule.employee_id), "another person")
    elif rule.department_id is not None:
        scope = names.get(("department", rule.department_id), "another department")
    return {
        "Name": rule.name,
        "What it asks for": describe(rule.rule_type, limits, named) if limits else "cannot be understood",
        "Applies to": scope,
        "From": day_label(rule.effective_from) if rule.effective_from else "nothing",
        "Until": day_label(rule.effective_until) if rule.effective_until else "nothing",
        "When it is broken": "It blocks" if rule.strict else "It warns",
        "Priority": str(rule.priority),
        "Switched on": "yes" if rule.is_active else "no",
    }


async def _require_place(session: AsyncSession, actor: Actor, site_id: int, details: RuleDetails) -> None:
    values = {"site_id": site_id, "department_id": details.department_id, "employee_id": details.employee_id}
    place = (await session.execute(_PLACE, values)).one_or_none()
    if place is None:
        raise NotFound
    require_on(actor, Permission.MANAGE_RULES, site_id)
    for field, is_there in (("department_id", place.has_department), ("employee_id", place.has_employee)):
        if not is_there:
            raise InvalidInput(CHOOSE, field)
    named = people_named(details.limits)
    if named - (await names_of(session, site_id, details.limits)).keys():
        raise InvalidInput("One of the people in the pairs does not work at this site.", "apart")


def cleaned(details: RuleDetails) -> RuleDetails:
    """A rule as it would be stored, checked as far as that can be done without the database.

    Raises:
        InvalidInput: A value that cannot be accepted; `field` names the one of `details`.
    """
    if details.rule_type not in LIMITS:
        raise InvalidInput("There is no such kind of rule.", "rule_type")
    if type(details.limits) is not LIMITS[details.rule_type]:
        raise InvalidInput("These limits belong to another kind of rule.", "rule_type")
    name = clean_name(details.name, "name")
    if details.employee_id is not None and not is_for_one(details.limits):
        raise InvalidInput("This is told of everybody together: it is for the site or a department.", "employee_id")
    if details.department_id is not None and details.employee_id is not None:
        raise InvalidInput("A rule is for a department or for a person, not both.", "employee_id")
    if not 1 <= details.priority <= 10:
        raise InvalidInput("Please enter a whole number from 1 to 10.", "priority")
    for field in ("effective_from", "effective_until"):
        day: date | None = getattr(details, field)
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            raise InvalidInput(f"Dates must lie between {EARLIEST_DAY.year} and {LATEST_DAY.year}.", field)
    first, last = details.effective_from, details.effective_until
    if first is not None and last is not None and last < first:
        raise InvalidInput("The last day comes before the first.", "effective_until")
    return replace(details, name=name)


def _values(details: RuleDetails) -> dict[str, Any]:
    limits = json.dumps(limits_json(details.rule_type, details.limits))
    columns = {name: getattr(details, name) for name in _COLUMNS}
    return {**columns, "constraints": limits}


def _facts(details: RuleDetails) -> dict[str, Any]:
    """What the record of changes says of a rule, in plain JSON values."""
    limits = limits_json(details.rule_type, details.limits)
    return {**{name: _plain(getattr(details, name)) for name in _COLUMNS}, "constraints": limits}


def _facts_of_row(rule: Row[Any]) -> dict[str, Any]:
    return {**{name: _plain(getattr(rule, name)) for name in _COLUMNS}, "constraints": rule.constraints}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
