"""The page of the working calendar."""

from datetime import date

import pytest

from guanxi.service import actions
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_calendar_says_in_words_whether_the_company_works(client):
    client.force_login(cast.make_user("owner", holds_all=True))
    with cast.change() as change:
        actions.create_day(day=date(2026, 10, 1), works=False, change=change)
        actions.create_day(day=date(2026, 10, 10), works=True, change=change)
    rows = client.get("/service/calendar/").content.decode().split('id="row-')[1:]
    assert ["上班" in row for row in rows] == [True, False]
    assert ["放假" in row for row in rows] == [False, True]
