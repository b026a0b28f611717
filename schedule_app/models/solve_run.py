"""Runs of the optimiser: what was asked, how far it is, and the plan it found."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from schedule_app.domain.solve_run import UNDER_WAY, SolveRunStatus
from schedule_app.models.base import Model, id_field, is_one_of, json_field, one_of, reference


class SolveRun(Model, table=True):
    """One run of the optimiser over one schedule.

    `problem` is everything the plan depends on, its weights, seed, limits and the solver's version included, so that
    the run can be repeated; `problem_hash` tells whether anything of it has changed since. `progress` has one
    [seconds, score, bound, places filled] for each better plan. `plan` is the best so far, as [shift, employee] pairs,
    and `result` what it comes to. `reasons` is its account, see `optimizer.reasons`; it comes a little after the plan.
    """

    __tablename__ = "solve_runs"
    __table_args__ = (
        one_of("status", SolveRunStatus, "ck_solve_runs_status"),
        CheckConstraint("jsonb_typeof(problem) = 'object'", name="ck_solve_runs_problem"),
        CheckConstraint("jsonb_typeof(progress) = 'array'", name="ck_solve_runs_progress"),
        CheckConstraint("status <> 'proposed' OR plan IS NOT NULL", name="ck_solve_runs_proposed"),
        CheckConstraint("(plan IS NULL) = (result = '{}'::jsonb)", name="ck_solve_runs_result"),
        CheckConstraint("jsonb_typeof(reasons) = 'object'", name="ck_solve_runs_reasons"),
        CheckConstraint("char_length(message) <= 2000", name="ck_solve_runs_message"),
        Index(
            "uq_solve_runs_one_under_way",
            "schedule_id",
            unique=True,
            postgresql_where=text(is_one_of("status", UNDER_WAY)),
        ),
        Index("ix_solve_runs_schedule_id", "schedule_id"),
    )

    id: int = id_field()
    created_at: datetime = Field(default=None, nullable=False, sa_column_kwargs={"server_default": text("now()")})
    site_id: int = reference("sites.id")
    schedule_id: int = reference("schedules.id", ondelete="CASCADE")
    requested_by_id: int = reference("employees.id")
    status: str = Field(default="queued", sa_column_kwargs={"server_default": "queued"})
    request: dict[str, Any] = json_field("{}")
    problem: dict[str, Any] = json_field("{}")
    problem_hash: str
    progress: list[list[float]] = json_field("[]")
    plan: list[list[int]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))  # pyright: ignore[reportArgumentType]
    result: dict[str, Any] = json_field("{}")
    reasons: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))  # pyright: ignore[reportArgumentType]
    message: str | None = None
    started_at: datetime | None = None
    heard_at: datetime | None = None
    stop_asked_at: datetime | None = None
    ended_at: datetime | None = None
