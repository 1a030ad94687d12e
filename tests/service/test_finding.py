"""Finding tickets: by their customer's name, and those whose time limit has passed."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from guanxi.customers import actions as customers
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.jobs.models import Job
from guanxi.kernel.records import writing
from guanxi.search import queries as search
from guanxi.service import actions
from guanxi.service.models import PROCESS, VIEW, ServiceTicket
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    with cast.change() as change:
        fill_dictionary(change=change)
        return customers.create_customer(change=change, name="云栖智造")


@pytest.fixture
def clerk():
    return cast.make_user("clerk", VIEW, PROCESS)


def do(action, *args, by=None, **fields):
    with cast.change(by=by) as change:
        return action(*args, change=change, **fields)


def record(customer, by=None, **fields):
    kind = DictionaryEntry.objects.of("service_type").first()
    fields = {"overview": "网关离线", "request_text": "昨晚起离线"} | fields
    return do(actions.create_ticket, customer=customer, kind=kind, by=by, **fields)


def test_a_ticket_is_found_by_its_customers_name_whatever_that_becomes(customer, clerk):
    ticket = record(customer, by=clerk, overview="网关离线")
    assert list(search.narrow(ServiceTicket.objects.all(), "云栖智造")) == [ticket]
    do(customers.edit_customer, customer, name="远山医疗")
    assert list(search.narrow(ServiceTicket.objects.all(), "远山")) == [ticket]
    assert not search.narrow(ServiceTicket.objects.all(), "云栖").exists()


def test_tickets_of_before_are_indexed_anew_for_that(customer):
    index_anew = import_module("guanxi.service.migrations.0003_find_by_customer").index_anew
    index_anew(apps, None)
    assert not Job.objects.filter(task="search.rebuild").exists()
    record(customer)
    index_anew(apps, None)
    assert Job.objects.get(task="search.rebuild").state == "queued"


def test_the_list_and_the_board_mark_a_limit_that_passed_while_the_ticket_waits(customer, clerk, client):
    reader = cast.make_user("reader", VIEW, scope="all")
    client.force_login(reader)

    def marked(address):
        return '<span class="tag bad"><time' in client.get(address).content.decode()

    ticket = record(customer)
    do(actions.assign_ticket, ticket, to=clerk)
    now = timezone.now()
    for limit, late in ((now + timedelta(hours=1), False), (now - timedelta(hours=1), True)):
        with writing():
            ServiceTicket.objects.filter(pk=ticket.pk).update(handle_by=limit)
        for address in ("/service/tickets/", "/service/tickets/?as=board"):
            assert marked(address) is late, address
    with writing():
        ServiceTicket.objects.filter(pk=ticket.pk).update(assign_by=now - timedelta(hours=1), handle_by=None)
    assert not marked("/service/tickets/"), "it was assigned"
    waiting = record(customer)
    with writing():
        ServiceTicket.objects.filter(pk=waiting.pk).update(assign_by=now - timedelta(hours=1))
    assert marked("/service/tickets/")
    with writing():
        ServiceTicket.objects.filter(pk=waiting.pk).update(assign_by=now + timedelta(hours=1))
    do(actions.process_ticket, ServiceTicket.objects.get(pk=ticket.pk), by=clerk, handling="已换电源")
    assert not marked("/service/tickets/")


def test_the_card_of_a_ticket_on_a_phone_says_its_step(customer, clerk, client):
    """Of a list's tags a phone shows two: where the record stands is one of them, before what it is of."""
    record(customer, by=clerk)
    client.force_login(clerk)
    text = client.get("/service/tickets/").content.decode()
    assert '<td class="c-tag"><span class="tag' in text
    assert re.search(r'<td class="c-tag"><span class="tag [a-z]+[^>]*>已创建</span>', text)
