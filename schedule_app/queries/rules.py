"""The rules of a site, as lists and forms have them."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.rules.kinds import DAY_PARTS
from schedule_app.domain.rules.restriction import people_named
from schedule_app.domain.rules.wording import blocks, sentence
from schedule_app.models.shift import SHIFT_TYPES
from schedule_app.queries.facts import NAMES_IN_RULE, rule_facts

_COLUMNS: Final = f"""
    SELECT rules.id, rules.version, rules.site_id, rules.rule_type, rules.name, rules.constraints::text AS constraints,
           rules.strict, rules.priority, rules.department_id, rules.employee_id, rules.is_active,
           rules.effective_from::text, rules.effective_until::text,
           COALESCE(departments.name, employees.name, '') AS who, {NAMES_IN_RULE} AS names
    FROM rules
    LEFT JOIN departments ON departments.id = rules.department_id
    LEFT JOIN employees ON employees.id = rules.employee_id
"""  # noqa: S608 - constants

_ALL = text(f"{_COLUMNS} WHERE rules.site_id = :site_id ORDER BY lower(rules.name), rules.id")

_ONE = text(f"{_COLUMNS} WHERE rules.id = :rule_id")

_WHO = text("""
    SELECT name FROM departments WHERE id = :department_id AND site_id = :site_id
    UNION ALL
    SELECT name FROM employees WHERE id = :employee_id AND site_id = :site_id AND deleted_at IS NULL
""")

_NAMED = text("""
    SELECT id, name FROM employees
    WHERE site_id = :site_id AND deleted_at IS NULL AND id = ANY(:employee_ids)
""")

_CHOICES = text("""
    SELECT COALESCE((
               SELECT json_agg(json_build_array(departments.id, departments.name)
                               ORDER BY lower(departments.name), departments.id)
               FROM departments WHERE departments.site_id = sites.id
           ), '[]') AS departments,
           COALESCE((
               SELECT json_agg(json_build_array(employees.id, employees.name)
                               ORDER BY lower(employees.name), employees.id)
               FROM employees
               WHERE employees.site_id = sites.id AND employees.is_active AND employees.deleted_at IS NULL
           ), '[]') AS people,
           ARRAY(
               SELECT DISTINCT held ->> 'name'
               FROM employees, jsonb_array_elements(employees.qualifications) AS held
               WHERE employees.site_id = sites.id AND employees.deleted_at IS NULL
               UNION
               SELECT DISTINCT needed
               FROM shifts, jsonb_array_elements_text(shifts.requirements -> 'qualifications') AS needed
               WHERE shifts.site_id = sites.id
           ) AS qualifications
    FROM sites
    WHERE sites.id = :site_id
""")


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule.

    Attributes:
        facts: As it is judged by; None when its limits are stored in a form that cannot be understood.
        who: The name of its department or person, when it is for one alone.
        sentence: What it means.
        blocks: Whether it refuses, or only warns.
    """

    id: int
    version: int
    site_id: int
    rule_type: str
    name: str
    strict: bool
    priority: int
    department_id: int | None
    employee_id: int | None
    is_active: bool
    effective_from: str
    effective_until: str
    who: str
    facts: RuleFacts[Any] | None
    sentence: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """What a rule of a site can name: departments and people as (id, name), qualifications, and kinds of shift."""

    departments: list[tuple[int, str]]
    people: list[tuple[int, str]]
    qualifications: list[str]
    shift_types: list[str]


async def list_rules(session: AsyncSession, actor: Actor, site_id: int) -> list[StoredRule]:
    """The rules of a site by name.

    Raises:
        NotFound: Not the actor's site.
        NotAllowed: The actor does not manage rules.
    """
    _require(actor, site_id)
    return [_stored(row) for row in await session.execute(_ALL, {"site_id": site_id})]


async def get_rule(session: AsyncSession, actor: Actor, rule_id: int) -> StoredRule:
    """One rule.

    Raises:
        NotFound: Missing, or of another site.
        NotAllowed: The actor does not manage rules.
    """
    row = (await session.execute(_ONE, {"rule_id": rule_id})).one_or_none()
    if row is None:
        raise NotFound
    _require(actor, row.site_id)
    return _stored(row)


async def rule_choices(session: AsyncSession, actor: Actor, site_id: int) -> RuleChoices:
    """What a rule of the site can name.

    Raises:
        NotFound: Missing, or not the actor's.
        NotAllowed: The actor does not manage rules.
    """
    _require(actor, site_id)
    row = (await session.execute(_CHOICES, {"site_id": site_id})).one_or_none()
    if row is None:
        raise NotFound
    names: dict[str, str] = {}
    for name in sorted(row.qualifications, key=lambda each: (each.casefold(), each)):
        names.setdefault(name.strip().casefold(), name.strip())
    return RuleChoices(
        departments=[(number, name) for number, name in row.departments],
        people=[(number, name) for number, name in row.people],
        qualifications=list(names.values()),
        shift_types=[*SHIFT_TYPES, *DAY_PARTS],
    )


async def name_in_scope(
    session: AsyncSession, actor: Actor, site_id: int, *, department_id: int | None, employee_id: int | None
) -> str | None:
    """The name of the department or the person that a rule is for; None when the site does not have them.

    Raises:
        NotFound: Not the actor's site.
        NotAllowed: The actor does not manage rules.
    """
    _require(actor, site_id)
    values = {"site_id": site_id, "department_id": department_id, "employee_id": employee_id}
    return await session.scalar(_WHO, values)


async def names_of(session: AsyncSession, site_id: int, limits: object) -> dict[int, str]:
    """What the people are called whom limits name in pairs; who is not of the site is left out."""
    named = people_named(limits)
    if not named:
        return {}
    values = {"site_id": site_id, "employee_ids": sorted(named)}
    return {row.id: row.name for row in await session.execute(_NAMED, values)}


def _require(actor: Actor, site_id: int) -> None:
    if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    require(actor, Permission.MANAGE_RULES, site_id=site_id)


def _stored(row: Row[Any]) -> StoredRule:
    try:
        facts = rule_facts(
            row.site_id,
            row.id,
            row.rule_type,
            row.name,
            row.constraints,
            row.strict,
            row.priority,
            row.department_id,
            row.employee_id,
            row.effective_from,
            row.effective_until,
            row.names,
        )
        said = sentence(facts, row.who)
    except InvalidInput as error:
        facts, said = None, error.message
    return StoredRule(
        id=row.id,
        version=row.version,
        site_id=row.site_id,
        rule_type=row.rule_type,
        name=row.name,
        strict=row.strict,
        priority=row.priority,
        department_id=row.department_id,
        employee_id=row.employee_id,
        is_active=row.is_active,
        effective_from=row.effective_from or "",
        effective_until=row.effective_until or "",
        who=row.who,
        facts=facts,
        sentence=said,
        blocks=blocks(row.rule_type, row.strict),
    )
