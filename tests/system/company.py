"""An administrator, a clerk and a small company, for the tests of the administration's pages."""

from django.core.management import call_command
from django.test import Client

from guanxi.access.models import MenuItem
from tests import cast


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def prepare():
    """The built-in tree, and somebody who holds all of it."""
    call_command("sync", verbosity=0)
    return cast.make_user("admin", holds_all=True, real_name="系统管理员")


def nodes(*permissions):
    return list(MenuItem.objects.filter(permission__in=permissions, kind="button").values_list("pk", flat=True))
