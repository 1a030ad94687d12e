"""What is refused before anybody reads it: bodies that are too large, characters that no text has."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from guanxi.config.middleware import Measured
from tests.cast import make_user

pytestmark = pytest.mark.django_db
LARGE = {"CONTENT_LENGTH": "300000000"}


@pytest.mark.parametrize("length", ["300000000", "-1", "x", "²"])
def test_a_body_that_is_too_large_or_of_no_length_is_refused(client, length):
    assert client.post("/login/", CONTENT_LENGTH=length).status_code == 413


def asked(path: str, length: str, key: str = "") -> int:
    """The status of a request whose body nobody reads."""
    request = RequestFactory().post(path)
    request.META["CONTENT_LENGTH"] = length
    request.COOKIES[settings.SESSION_COOKIE_NAME] = key
    return Measured(lambda _request: HttpResponse())(request).status_code


def test_only_people_signed_in_send_large_files_and_only_there(client):
    page = "/transfer/imports/new/"
    client.force_login(make_user("li"))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert page in settings.UPLOADS
    assert reverse("transfer:import-new") == page
    assert asked(page, "300000000") == 413
    assert asked(page, "300000000", "made-up-made-up-made-up-made-up-") == 413
    assert asked("/customers/new/", "300000000", key) == 413
    assert asked(page, "300000000", key) == 200
    assert asked(page, "99000000000", key) == 413


def test_every_answer_of_this_kind_has_the_safe_headers(client):
    answer = client.post("/login/", **LARGE)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("where", ["query", "name", "field"])
def test_the_character_nul_is_refused(where):
    client = Client()
    client.force_login(make_user("li", "customers.view_customer", "customers.create_customer"))
    answer = {
        "query": lambda: client.get("/customers/?q=a%00"),
        "name": lambda: client.get("/customers/?a%00=1"),
        "field": lambda: client.post("/customers/new/", {"name": "a\0", "submit_key": "k"}),
    }[where]()
    assert answer.status_code == 400
