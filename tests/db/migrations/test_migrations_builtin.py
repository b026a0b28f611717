"""pytest-alembic's four tests: one head, it can be reached, models agree with it, and every step can be undone."""

import pytest
from pytest_alembic import tests
from pytest_alembic.runner import MigrationContext

BUILT_IN = [
    tests.test_single_head_revision,
    tests.test_upgrade,
    tests.test_model_definitions_match_ddl,
    tests.test_up_down_consistency,
]


@pytest.mark.parametrize("check", BUILT_IN, ids=lambda check: check.__name__.removeprefix("test_"))
def test_migrations_hold(alembic_runner: MigrationContext, check):
    check(alembic_runner)
