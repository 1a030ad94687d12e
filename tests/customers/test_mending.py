"""The nightly recount: every derived column that differs from the truth is mended, and reported."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import Notice
from guanxi.accounts.notices import said
from guanxi.customers.actions.mending import differences, mend_sums
from guanxi.customers.models import Customer
from guanxi.customers.tasks import recount
from guanxi.history.models import Change
from guanxi.jobs.models import Job, Schedule
from guanxi.jobs.schedules import make_declared
from guanxi.jobs.worker import work_off
from tests import cast
from tests.customers.company import make_customer, make_interaction, make_order, pay

pytestmark = pytest.mark.django_db

WRONG = {
    "order_count": 9,
    "last_ordered_at": None,
    "outstanding": Decimal(5),
    "paid_count": 7,
    "paid_total": Decimal("1.00"),
    "last_paid_at": None,
    "received_total": Decimal(2),
    "last_interaction_at": None,
    "last_touched_at": cast.NOW.replace(year=2020),
    "satisfaction": Decimal("1.50"),
}


@pytest.fixture
def customer():
    made = make_customer()
    pay(make_order(made), "60")
    pay(make_order(made), "100")
    make_interaction(made)
    return made


def stands(customer):
    return Customer.objects.filter(pk=customer.pk).values(*sorted(Customer.derived)).get()


def test_what_is_true_differs_in_nothing(customer):
    assert differences([customer.pk]) == []
    assert mend_sums([customer.pk]) == []


def test_every_derived_column_is_compared_and_mended(customer):
    true = stands(customer)
    changes = Change.objects.count()
    Customer.objects.filter(pk=customer.pk).derive(**WRONG)
    found = mend_sums([customer.pk])
    assert {one.field for one in found} == set(WRONG)
    assert {one.field: (one.was, one.now) for one in found} == {name: (WRONG[name], true[name]) for name in WRONG}
    assert stands(customer) == true
    assert Change.objects.count() == changes, "derived columns are not logged"


def test_no_derived_column_is_forgotten():
    known = {*WRONG, "next_follow_up"}
    assert known >= Customer.derived, "say in WRONG what the recount must find"


def test_a_night_reports_every_difference_and_tells_who_watches(customer):
    watcher = cast.make_user("watcher", "jobs.view_job", "customers.view_customer", scope="all")
    cast.make_user("seller", "customers.view_customer")
    Customer.objects.filter(pk=customer.pk).derive(paid_total=Decimal("1.00"))
    recount.enqueue()
    work_off()
    job = Job.objects.get(task="customers.recount")
    assert (job.state, job.result["customers"], job.result["differences"]) == ("done", 1, 1)
    notice = Notice.objects.get()
    assert (notice.user, notice.model, notice.record_id) == (watcher, "jobs.job", job.pk)
    assert "1" in said(notice)
    client = Client()
    client.force_login(watcher)
    page = client.get(f"/system/jobs/{job.pk}/tab/report/").content.decode()
    assert "<del>¥1.00</del>" in page
    assert "<ins>¥100.00</ins>" in page
    assert f'href="/customers/{customer.pk}/"' in page


def test_what_the_readers_role_hides_stays_hidden_in_the_report(customer):
    Customer.objects.filter(pk=customer.pk).derive(paid_total=Decimal("98765432.10"))
    recount.enqueue()
    work_off()
    client = Client()
    client.force_login(cast.make_user("watcher", "jobs.view_job", masks=["amount"]))
    page = client.get(f"/system/jobs/{Job.objects.get(task='customers.recount').pk}/tab/report/").content.decode()
    assert "98,765,432" not in page
    assert "98765432" not in page


def test_a_quiet_night_tells_nobody(customer):
    cast.make_user("watcher", "jobs.view_job")
    recount.enqueue()
    work_off()
    assert not Notice.objects.exists()


def test_it_runs_by_itself_every_night():
    make_declared(at=timezone.now())
    assert Schedule.objects.get(name="customers.recount").daily_at is not None
