import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import translation

from guanxi.config import errors
from tests import cast
from tests.system.company import client_of, prepare


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
    request_.id = "<b>feed</b>"
    answer = errors.stale_form(request_)
    assert answer.status_code == 403
    assert "此页面打开太久" in answer.content.decode()
    assert b"&lt;b&gt;feed&lt;/b&gt;" in answer.content
    for language in ("zh-hans", "en"):
        with translation.override(language):
            bare = errors.server_error(request_).content.decode()
        assert "出了点问题。请再试一次" in bare
        assert "Something went wrong. Please try again" in bare


@pytest.fixture
def admin(db):
    return prepare()


class TestRefusals:
    def test_a_refusal_names_the_right_and_whom_to_ask(self, admin):
        cast.make_user("gone", "access.grant_role", real_name="离职者", is_active=False)
        cast.make_user("clerk", real_name="旁人")
        text = refused("/marketing/chances/7/assign/")
        assert "“营销机会 · 分配”" in text
        assert "系统管理员" in text
        assert "marketing.assign_salechance" not in text
        assert "离职者" not in text
        assert "旁人" not in text

    def test_a_refusal_speaks_the_language_of_the_reader(self, admin):
        assert "“Sale chances · Assign”" in refused("/marketing/chances/7/assign/", language="en")

    def test_a_right_that_the_tree_does_not_know_is_not_shown_raw(self, request_, db):
        with translation.override("zh-hans"):
            text = errors.forbidden(request_, PermissionDenied("nothing.of_this")).content.decode()
        assert "nothing.of_this" not in text
        assert "您的角色没有这一权限。" in text

    def test_a_database_that_fails_leaves_the_refusal(self, request_, db, monkeypatch):
        def away(*args):
            raise DatabaseError("gone")

        with monkeypatch.context() as patch, translation.override("zh-hans"):
            patch.setattr(connection, "cursor", away)
            answer = errors.forbidden(request_, PermissionDenied("marketing.assign_salechance"))
        assert "您没有权限打开这个页面" in answer.content.decode()
        assert answer.status_code == 403
        assert "feed" in answer.content.decode()
        assert "marketing.assign_salechance" not in answer.content.decode()


def refused(path: str, language: str = "") -> str:
    answer = client_of(cast.make_user("stranger", language=language)).get(path)
    assert answer.status_code == 403
    return answer.content.decode()


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
