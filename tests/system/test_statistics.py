"""The database's planner knows the tables as they are."""

import pytest
from django.db import connection

from guanxi.jobs.registry import plans
from guanxi.system.statistics import refresh_statistics
from tests import cast


def known_tables() -> set[str]:
    sql = {
        "sqlite": "SELECT tbl FROM sqlite_stat1",
        "postgresql": "SELECT relname FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_after_a_refresh_the_planner_knows_the_tables():
    cast.make_user("owner", "customers.view_customer")
    refresh_statistics()
    assert "accounts_user" in known_tables()


def test_statistics_are_refreshed_by_themselves():
    assert "system.statistics" in {plan.task for plan in plans()}
