from datetime import timedelta

import pytest

from guanxi.jobs.worker import work_off
from guanxi.web.models import SubmitKey
from guanxi.web.tasks import KEPT, tidy
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db


def test_old_keys_are_forgotten_and_young_ones_kept():
    user = make_user("owner")
    for key, age in [("old", KEPT + timedelta(minutes=1)), ("young", KEPT - timedelta(minutes=1))]:
        SubmitKey.objects.create(key=key, user=user, at=NOW - age)
    tidy.enqueue(run_at=NOW)
    assert work_off(lambda: NOW) == 1
    assert list(SubmitKey.objects.values_list("key", flat=True)) == ["young"]
