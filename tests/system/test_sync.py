"""`guanxi sync`."""

import pytest
from django.core.management import call_command

from guanxi.access.models import MenuItem
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import ChangeSet, Way
from guanxi.web.menu import menu_of
from tests import cast

pytestmark = pytest.mark.django_db


def test_syncing_fills_tree_and_dictionary_in_one_change_set():
    call_command("sync", verbosity=0)
    assert MenuItem.objects.filter(key="marketing.salechance", built_in=True).exists()
    assert DictionaryEntry.objects.of("customer_level").count() == 5
    assert [(one.verb, one.way) for one in ChangeSet.objects.all()] == [("sync", Way.COMMAND)]


def test_syncing_again_writes_nothing(django_assert_max_num_queries):
    call_command("sync", verbosity=0)
    with django_assert_max_num_queries(6):
        call_command("sync", verbosity=0)
    assert ChangeSet.objects.count() == 1


def test_the_menu_shows_only_what_is_granted(rf):
    call_command("sync", verbosity=0)
    request = rf.get("/marketing/chances/")
    request.user = cast.make_user("sales", "marketing.view_salechance", "marketing.create_salechance")
    (group,) = menu_of(request)
    assert [(item["url"], item["current"]) for item in group["items"]] == [("/marketing/chances/", True)]


def test_a_menu_that_is_hidden_is_not_shown(rf):
    call_command("sync", verbosity=0)
    with cast.change() as change:
        change.update(MenuItem.objects.get(key="marketing.salechance"), hidden=True)
    request = rf.get("/")
    request.user = cast.make_user("sales", "marketing.view_salechance")
    assert menu_of(request) == []


def test_the_directories_stand_in_their_order(rf):
    call_command("sync", verbosity=0)
    request = rf.get("/")
    request.user = cast.make_user("admin", holds_all=True)
    icons = [group["icon"] for group in menu_of(request)]
    assert icons[:2] == ["target", "users-group"]
