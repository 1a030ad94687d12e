import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory

from guanxi.config import errors


@pytest.fixture
def request_(rf: RequestFactory):
    request = rf.get("/")
    request.id = "feed"
    return request


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404), (errors.server_error, 500)],
)
def test_error_page_has_its_status_without_a_database(request_, view, status):
    answer = view(request_)
    assert answer.status_code == status
    assert answer.content


def test_server_error_shows_the_id_of_the_request(request_):
    assert b"feed" in errors.server_error(request_).content


def test_page_that_cannot_be_rendered_is_replaced_by_a_bare_one(request_, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(errors, "render_to_string", broken)
    answer = errors.forbidden(request_, PermissionError("<b>not yours</b>"))
    assert answer.status_code == 403
    assert b"&lt;b&gt;not yours&lt;/b&gt;" in answer.content
    assert b"feed" in answer.content


def test_browsers_that_guess_find_the_icon(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")


@pytest.mark.django_db
def test_healthz_says_that_it_serves(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json().keys() == {"status", "database", "version"}
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_healthz_says_that_the_database_is_away(client, monkeypatch):
    def away():
        raise DatabaseError("secret address")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert b"secret" not in answer.content
