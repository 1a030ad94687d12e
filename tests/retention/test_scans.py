"""The page of the scan, and the job behind it."""

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from guanxi.customers import actions as customers
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import Job
from guanxi.jobs.worker import work_off
from guanxi.retention.models import SCAN, LossCase, LossScan
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def faded():
    with cast.change() as change:
        return customers.create_customer(change=change, name="云栖智造", since=date(2020, 1, 1))


@pytest.fixture
def boss(client):
    user = cast.make_user("boss", SCAN, "retention.view_losscase", scope="all")
    client.force_login(user)
    return user


def test_a_scan_is_asked_for_followed_and_reported(client, boss, faded):
    page = reverse("retention:scans")
    assert client.get(page).status_code == 200
    client.post(page, {})
    assert Job.objects.get().owner == boss
    assert "every 1s" in client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert work_off() == 1
    report = LossScan.objects.get()
    assert (report.opened, report.by, report.dry_run) == (1, boss, False)
    assert LossCase.objects.get().customer == faded
    assert "every 1s" not in client.get(page).content.decode()


def test_a_dry_run_only_counts(client, boss, faded):
    client.post(reverse("retention:scans"), {"dry_run": "on"})
    work_off()
    assert LossScan.objects.get().opened == 1
    assert not LossCase.objects.exists()


def test_a_second_scan_waits_for_the_first(client, boss):
    for _ in range(2):
        client.post(reverse("retention:scans"), {})
    assert Job.objects.count() == 1


def test_a_stranger_may_neither_look_nor_scan(client, faded):
    client.force_login(cast.make_user("stranger", "retention.view_losscase"))
    for ask in (client.get, client.post):
        assert ask(reverse("retention:scans")).status_code == 403
    assert not Job.objects.exists()
    assert ChangeSet.objects.filter(state="refused", verb=SCAN).count() == 2


def test_the_command_scans_once_and_says_what_came_of_it(faded, capsys):
    call_command("scan", "--dry-run")
    assert not LossCase.objects.exists()
    call_command("scan")
    call_command("scan")
    said = capsys.readouterr().out.splitlines()
    assert [re.findall(r"\d+", line)[0] for line in said] == ["1", "1", "0"]
    assert LossCase.objects.get().customer == faded
    assert ChangeSet.objects.get(verb="scan").way == "command"
