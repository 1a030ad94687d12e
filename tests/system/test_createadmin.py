import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from guanxi.accounts.models import User
from guanxi.history.models import ChangeSet
from tests.system.door import knock

pytestmark = pytest.mark.django_db


def password_of(said: str) -> str:
    found = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", said)
    assert found
    return found[0]


def test_it_prints_a_password_that_lets_in_once_and_must_be_changed(capsys):
    call_command("createadmin")
    client = Client()
    assert knock(client, "admin", password_of(capsys.readouterr().out)).status_code == 303
    assert client.get("/")["Location"] == "/account/password/"
    assert ChangeSet.objects.get(verb="createadmin").way == "command"


def test_it_recovers_somebody_with_a_new_password(capsys):
    call_command("createadmin", username="boss")
    first = password_of(capsys.readouterr().out)
    call_command("createadmin", username="Boss")
    second = password_of(capsys.readouterr().out)
    assert first != second
    assert knock(Client(), "boss", first).status_code == 422
    assert knock(Client(), "boss", second).status_code == 303
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb"])
def test_a_bad_name_is_one_sentence(name):
    with pytest.raises(CommandError):
        call_command("createadmin", username=name)
    assert not User.objects.exists()
