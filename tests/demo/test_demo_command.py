"""`guanxi demo`: for empty databases only; it says who can sign in."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from guanxi.accounts.models import User
from guanxi.customers.models import Customer
from guanxi.demo.people import PASSWORD, STAFF
from guanxi.history.models import ChangeSet
from guanxi.parameters.actions import set_parameter
from guanxi.web.context import IS_DEMO
from tests import cast
from tests.cast import make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def demo(**options: Any) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **{"share": 0.01, **options})
    return out.getvalue()


def test_it_says_who_can_sign_in_and_that_this_is_a_demo():
    text = demo()
    for username, real_name, _department, role, _leads in STAFF:
        [line] = [line for line in text.splitlines() if username in line]
        assert {PASSWORD, real_name, role} <= set(line.split())
    assert IS_DEMO.read()
    assert demo(sign_ins=True).count(PASSWORD) == len(STAFF)


def test_a_database_with_users_is_refused_untouched():
    somebody = make_user("somebody")
    before = ChangeSet.objects.count()
    with pytest.raises(CommandError):
        demo()
    assert list(User.objects.all()) == [somebody]
    assert ChangeSet.objects.count() == before
    assert not Customer.objects.exists()
    assert not IS_DEMO.read()


def test_a_database_that_is_no_demo_gives_no_sign_ins_away():
    make_user("somebody")
    with pytest.raises(CommandError):
        demo(sign_ins=True)


def test_a_demo_company_says_so_on_every_page():
    client, stranger = Client(headers={"Accept-Language": "en"}), Client(headers={"Accept-Language": "en"})
    client.force_login(make_user("somebody", "customers.view_customer"))
    pages = [(client, "/"), (client, "/customers/"), (client, "/account/profile/"), (stranger, "/login/")]
    for demo_company in (False, True):
        with cast.change() as change:
            set_parameter(IS_DEMO, value=demo_company, change=change)
        for who, address in pages:
            said = b"everything here is invented" in who.get(address).content
            assert said is demo_company, address
