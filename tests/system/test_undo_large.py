"""The undo of a large act: a job, batch by batch, all of it or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.customers import actions
from guanxi.customers.models import Customer
from guanxi.history import undo
from guanxi.history.models import ChangeSet
from guanxi.history.writer import close_change_set, continuing, open_change_set
from guanxi.jobs.models import Job
from guanxi.jobs.worker import work_off
from guanxi.system import undoing as system_undoing
from guanxi.system.undoing import undo_in_batches
from tests import cast
from tests.system.company import client_of, prepare

pytestmark = pytest.mark.django_db

BATCH = 50
"""Rows of one transaction here, so that a large act is one of more than 50 rows."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    for module in (undo, system_undoing):
        monkeypatch.setattr(module, "BATCH", BATCH)


@pytest.fixture
def admin():
    return prepare()


@pytest.fixture
def client(admin):
    return client_of(admin)


def page_of(act, verb="undo"):
    return f"/system/log/{act.pk}/{verb}/" if verb else f"/system/log/{act.pk}/"


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def latest(verb):
    return ChangeSet.objects.filter(verb=verb).order_by("-pk").first()


def rows():
    return list(Customer.objects.order_by("pk").values())


@pytest.mark.django_db(transaction=True)
def test_previewed_and_carried_out_where_no_transaction_stands_around(admin, client):
    """As on a server: what locks a row brings its own transaction."""
    act = long_act(admin, 51)
    assert "客户50" in text_of(client.get(page_of(act)))
    assert client.post(page_of(act)).status_code == 303
    run_jobs()
    act.refresh_from_db()
    assert act.state == ChangeSet.State.UNDONE


def long_act(admin, count, verb="import"):
    """An act of many transactions that created so many customers."""
    act = open_change_set(verb, by=admin, at=cast.NOW, way="import")
    for start in range(0, count, BATCH):
        with continuing(act) as change:
            numbers = range(start, min(start + BATCH, count))
            born = [
                {"name": f"客户{one}", "name_key": f"客户{one}", "number": f"K{one}", "last_touched_at": cast.NOW}
                for one in numbers
            ]
            change.create_many(Customer, born)
    close_change_set(act)
    return act


def run_jobs():
    work_off(lambda: timezone.now() + timedelta(seconds=1))
    return Job.objects.filter(task="system.undo").order_by("-pk").first()


class TestALargeOne:
    def test_it_is_undone_by_a_job_as_one(self, admin, client):
        act = long_act(admin, 110)
        assert "后台" in text_of(client.get(page_of(act)))
        assert client.post(page_of(act)).status_code == 303
        undoing = latest("undo")
        assert (undoing.state, undoing.undoes) == ("open", act)
        assert "正在撤销" in text_of(client.post(page_of(act)), 422)
        assert 'id="undoing"' in text_of(client.get(page_of(undoing, "")))
        job = run_jobs()
        assert (job.state, job.done, job.total) == ("done", 110, 110)
        act.refresh_from_db()
        undoing.refresh_from_db()
        assert (act.state, undoing.state) == ("undone", "done")
        assert not Customer.objects.in_use().exists()

    def test_a_conflict_keeps_all_of_it_as_it_is(self, admin, client):
        act = long_act(admin, 60)
        first = Customer.objects.order_by("pk").first()
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(first, change=change, address="杭州")
        before = rows()
        assert client.post(page_of(act)).status_code == 303
        run_jobs()
        act.refresh_from_db()
        assert act.state == "done"
        undoing = latest("undo")
        assert (undoing.state, undoing.changes.count()) == ("stopped", 0)
        assert first.name in text_of(client.get(page_of(undoing, "")))
        assert rows() == before

    def test_a_conflict_that_comes_in_between_takes_all_of_it_back_again(self, admin, client):
        act = long_act(admin, 60)
        first = Customer.objects.order_by("pk").first()
        assert client.post(page_of(act)).status_code == 303
        undoing = latest("undo")

        def interrupt(done, total):
            with cast.change("edit", by=admin) as change:
                actions.edit_customer(first, change=change, address="杭州")

        assert first.name in undo_in_batches(undoing, done=0, report=interrupt)
        assert Customer.objects.in_use().count() == 60
        undoing.refresh_from_db()
        act.refresh_from_db()
        assert (undoing.state, act.state) == ("stopped", "done")
        assert client.post(page_of(act)).status_code == 303, "it may be asked for again"

    def test_a_worker_that_died_is_followed_by_one_that_goes_on(self, admin, client):
        act = long_act(admin, 110)
        assert client.post(page_of(act)).status_code == 303
        undoing = latest("undo")

        class Died(Exception):
            pass

        def die_after_one(done, total):
            Job.objects.filter(task="system.undo").update(done=done)
            if done > BATCH:
                raise Died

        with pytest.raises(Died):
            undo_in_batches(undoing, done=0, report=die_after_one)
        assert Customer.objects.in_use().count() == 60
        assert Job.objects.get(task="system.undo").done == BATCH
        run_jobs()
        assert not Customer.objects.in_use().exists()
        act.refresh_from_db()
        assert act.state == "undone"

    def test_who_lost_the_right_meanwhile_undoes_nothing(self, admin):
        user = cast.make_user(
            "li.ming",
            "customers.view_customer",
            "customers.edit_customer",
            "history.view_changeset",
            "history.undo_changeset",
            scope="all",
        )
        act = long_act(admin, 60)
        assert client_of(user).post(page_of(act)).status_code == 303
        with cast.change() as change:
            change.relate(user, "roles", [])
        run_jobs()
        assert latest("undo").state == "stopped"
        assert Customer.objects.in_use().count() == 60
